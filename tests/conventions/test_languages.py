"""French and English are complete: every text of pages, views and mails has its French."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from catalog import issues
from catalog.harmonization import RULES

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "backoffice" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
STRAIGHT = re.compile(r"[^\W\d_]'[^\W\d_]")
# A line may break at a plain space: the sign would begin the next one alone.
BREAKING = re.compile(r"\S (?:[:;?!»](?![\w/])|%(?![(%]))|« ")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _used() -> set[str]:
    found: set[str] = set()
    for folder in ("backoffice", "catalog", "disputes", "templates"):
        methods = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]
        trimmed = {pattern: {"trimmed": "true"} for pattern, _ in methods[1:]}
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=methods, options_map=trimmed, keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def _catalogue() -> dict[str, str]:
    with PO.open("rb") as source:
        messages = read_po(source, locale="fr")
    return {
        (one.id if isinstance(one.id, str) else one.id[0]): (
            one.string if isinstance(one.string, str) else one.string[0]
        )
        for one in messages
        if one.id and not one.fuzzy
    }


def test_every_text_has_its_french() -> None:
    french = _catalogue()
    assert sorted(text for text in _used() if not french.get(text)) == []


def test_no_french_stands_for_a_text_that_is_gone() -> None:
    assert sorted(set(_catalogue()) - _used()) == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [
        english
        for english, french in _catalogue().items()
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(french))
    ]
    assert wrong == []


def _french() -> list[str]:
    """Return what readers meet side by side: texts of the translations, of the tables and of the rules."""
    texts = [*_catalogue().values(), *(rule.text["fr"] for rule in RULES.values()), *_said_in_the_core()]
    for kind in issues.ISSUES.values():
        texts += [kind.words["fr"], kind.fix["fr"]]
    return texts


def _said_in_the_core() -> list[str]:
    """Return the sentences that stand beside their English in a dictionary of the code."""
    found: list[str] = []
    for path in [folder for name in ("backoffice", "catalog", "disputes") for folder in (ROOT / name).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                said = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
                french = said.get("fr")
                if "en" in said and isinstance(french, ast.Constant) and isinstance(french.value, str):
                    found.append(french.value)
    return found


def test_french_has_its_own_apostrophe_everywhere() -> None:
    assert [text for text in _french() if STRAIGHT.search(text)] == []


def test_no_line_of_french_begins_with_a_sign() -> None:
    """A space that does not break stands before the signs of two parts and inside the quotation marks."""
    assert [text for text in _french() if BREAKING.search(text.replace("%%", "%"))] == []


def test_no_template_writes_words_outside_the_translations() -> None:
    """Text between tags that is not an expression would be the same in both languages."""
    bare = re.compile(r">\s*([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ ,.'’]{3,})\s*<")
    found = []
    for page in (ROOT / "templates").rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", page.read_text("utf-8"), flags=re.S)
        words = [match for match in bare.findall(text) if match != "Comptoir"]
        found += [f"{page.name}: {match}" for match in words if page.name != "style.html"]
    assert found == []


def test_tables_of_words_in_the_core_have_both_languages() -> None:
    """A dictionary with a key "fr" has one "en" beside it, and the other way round."""
    lonely = []
    for path in [*(ROOT / "catalog").rglob("*.py"), *(ROOT / "disputes").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
                if len(keys & {"fr", "en"}) == 1 and len(keys) == 1:
                    lonely.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert lonely == []
