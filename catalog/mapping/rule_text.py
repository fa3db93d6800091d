"""Rules as a person reads and types them: one a line, `attribute: verb parts`, in French or in English.

    brand: copy "Fabricant"        marque: si-vide copier "Maker"        color: lookup "Bleu nuit" -> "bleu"

Promise: what is written here is read back as the same rule; a line that is not understood is told with its place and
its remedy, and the others are read all the same. A line that begins with `#` is a note. Not here: whether a rule makes
sense (`rule_checks.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import process

from catalog.attributes import ATTRIBUTES
from catalog.mapping.rule_faults import Fault
from catalog.mapping.verbs import CATEGORY, IF_EMPTY, KEYWORDS, VERBS, Part, Rule, Verb
from catalog.text import fold

# Every value of a long list decided one by one, and more; 5,000 lines are read in 0.1 s.
MOST_LINES = 5_000
# Rules other than lookups are walked through for every line of a file.
MOST_ACTS = 300
LONGEST_LINE = 2_000
CATEGORY_LABELS = ("catégorie", "category")
_NEAR = 70

_TOKEN = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|“([^”]*)”|«[\s\u00a0\u202f]*([^»]*?)[\s\u00a0\u202f]*»|(->|=>|→)|(,)|([^\s",“«]+))"""
)
_ESCAPES = {"n": "\n", "t": "\t"}


class _Refused(Exception):
    """A line that is not understood: the fault's code and params."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a line: a quoted text, a bare word, an arrow or a comma."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """A text of rules as read: the rules, the lines in canonical form (notes among them), and what is wrong."""

    rules: tuple[Rule, ...]
    lines: tuple[str, ...]
    faults: tuple[Fault, ...]


def read_rules(text: str | Iterable[str]) -> Read:
    """Return the rules of a text, or of its lines; blank lines are passed over."""
    given = text.splitlines() if isinstance(text, str) else list(text)
    rules: list[Rule] = []
    lines: list[str] = []
    faults: list[Fault] = []
    for number, raw in enumerate(given[:MOST_LINES], 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            lines += [line[:LONGEST_LINE]] if line else []
            continue
        try:
            rule = _read_line(line, number)
        except _Refused as refused:
            faults.append(Fault(number, refused.code, refused.params))
            lines.append(line[:LONGEST_LINE])
            continue
        rules.append(rule)
        lines.append(write_rule(rule))
    return Read(tuple(rules), tuple(lines), (*faults, *_too_many(given, rules)))


def _too_many(given: Sequence[str], rules: Sequence[Rule]) -> list[Fault]:
    faults = [Fault(MOST_LINES + 1, "too_many_lines", {"most": MOST_LINES})] if len(given) > MOST_LINES else []
    acts = [rule for rule in rules if rule.verb != "lookup"]
    if len(acts) > MOST_ACTS:
        faults.append(Fault(acts[MOST_ACTS].line, "too_many_rules", {"most": MOST_ACTS}))
    return faults


def _read_line(line: str, number: int) -> Rule:
    if len(line) > LONGEST_LINE:
        raise _Refused("line_too_long", most=LONGEST_LINE)
    name, colon, rest = line.partition(":")
    if not colon:
        raise _Refused("no_colon")
    target = attribute_of(name)
    if target is None:
        raise _Refused("unknown_attribute", name=name.strip(), near=nearest_attribute(name))
    tokens = _tokens(rest)
    if_empty = bool(tokens) and tokens[0].kind == "word" and _is(tokens[0].text, IF_EMPTY)
    tokens = tokens[1:] if if_empty else tokens
    if not tokens:
        raise _Refused("no_verb")
    verb = verb_of(tokens[0].text) if tokens[0].kind == "word" else None
    if verb is None:
        raise _Refused("unknown_verb", verb=tokens[0].text)
    parts = _parts(VERBS[verb], tokens[1:])
    return Rule(target, verb, if_empty=if_empty, line=number, **parts)


def _tokens(text: str) -> list[Token]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise _Refused("open_quote", rest=text[at:].strip()[:40])
        straight, curly, angled, arrow, comma, word = found.groups()
        if straight is not None:
            tokens.append(Token("text", re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), straight)))
        elif curly is not None or angled is not None:
            tokens.append(Token("text", curly if curly is not None else angled))
        else:
            tokens.append(Token("arrow" if arrow else "comma" if comma else "word", arrow or comma or word))
        at = found.end()
    return tokens


def _parts(verb: Verb, tokens: Sequence[Token]) -> dict[str, Any]:
    """Return the fields of a rule from the tokens after its verb, by the verb's own table of parts."""
    left = list(tokens)
    parts: dict[str, Any] = {}
    for part in verb.parts:
        found = _READERS[part.field](part, left)
        if found is None or found == ():
            if part.required:
                raise _Refused("part_missing", verb=verb)
            found = part.default
        parts[part.field] = found
    if left:
        raise _Refused("left_over", rest=left[0].text, verb=verb)
    return parts


def _after_keyword(part: Part, left: list[Token]) -> bool:
    """Return whether the part may begin here, its keyword taken away where it has one."""
    if not part.keyword:
        return True
    if left and left[0].kind == "word" and left[0].text.lower() in _understood(part.keyword):
        del left[0]
        return True
    return False


@cache
def _understood(keyword: str) -> frozenset[str]:
    alike = {"with", "by"} if keyword in ("with", "by") else {keyword}
    return frozenset(word for one in alike for word in KEYWORDS[one])


def _begins_text(left: Sequence[Token]) -> bool:
    """Return whether a text comes next: quoted, or a bare word that is no keyword."""
    if not left or left[0].kind not in ("text", "word"):
        return False
    every = frozenset(word for words in KEYWORDS.values() for word in words)
    return left[0].kind == "text" or left[0].text.lower() not in every


def _read_text(part: Part, left: list[Token]) -> str | None:
    if not _after_keyword(part, left) or not _begins_text(left):
        return None
    return left.pop(0).text


def _read_columns(part: Part, left: list[Token]) -> tuple[str, ...]:
    found: list[str] = []
    while _begins_text(left):
        if len(found) == part.most:
            break
        found.append(left.pop(0).text)
        if len(found) < part.most and left and left[0].kind == "comma":
            del left[0]
    return tuple(found)


def _read_number(part: Part, left: list[Token]) -> int | None:
    if not _after_keyword(part, left):
        return None
    token = left.pop(0).text if left else ""
    if not re.fullmatch(r"-?[1-9]\d?", token):
        raise _Refused("bad_number", number=token)
    return int(token)


def _read_pairs(part: Part, left: list[Token]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    while len(left) >= 3 and left[0].kind in ("text", "word") and left[1].kind == "arrow":
        if left[2].kind not in ("text", "word"):
            break
        pairs.append((left[0].text, left[2].text))
        del left[:3]
        if left and left[0].kind == "comma":
            del left[0]
    if left and left[0].kind in ("text", "word"):
        raise _Refused("no_arrow", value=left[0].text)
    return tuple(pairs)


_READERS = {
    "text": _read_text,
    "other": _read_text,
    "columns": _read_columns,
    "number": _read_number,
    "pairs": _read_pairs,
}


def _is(word: str, verb: Verb) -> bool:
    return fold(word) in {fold(said) for said in verb.words.values()}


@cache
def verb_of(word: str) -> str | None:
    """Return the verb that a word names in either language."""
    return next((name for name, verb in VERBS.items() if _is(word, verb)), None)


@cache
def attribute_of(name: str) -> str | None:
    """Return the attribute of a name or label in either language, `category` among them; None for an unknown one."""
    wanted = fold(" ".join(name.split()))
    if wanted in ATTRIBUTES or wanted == CATEGORY:
        return wanted
    return _by_label().get(wanted)


@cache
def _by_label() -> dict[str, str]:
    labels = {fold(label): CATEGORY for label in CATEGORY_LABELS}
    for one in ATTRIBUTES.values():
        for label in (one.fr, one.en):
            labels.setdefault(fold(label), one.name)
    return labels


def nearest_attribute(name: str) -> str:
    """Return the attribute whose name or label resembles this text most, "" where none does."""
    known = {**_by_label(), **{one: one for one in ATTRIBUTES}}
    found = process.extractOne(fold(name.strip()), list(known), score_cutoff=_NEAR)
    return known[found[0]] if found else ""


def write_rule(rule: Rule, locale: str = "en") -> str:
    """Return a rule as a line in canonical form, its attribute, verb and keywords in this language."""
    language = "fr" if locale.startswith("fr") else "en"
    verb = VERBS[rule.verb]
    words = [
        f"{_said(rule.target, language)}:",
        *([IF_EMPTY.words[language]] if rule.if_empty else []),
        verb.words[language],
    ]
    for part in verb.parts:
        value = getattr(rule, part.field)
        if not part.required and value == part.default:
            continue
        words += [KEYWORDS[part.keyword][language == "fr"]] if part.keyword else []
        words.append(_written(value))
    return " ".join(words)


def _said(target: str, language: str) -> str:
    """Return an attribute as a rule's line begins with it: its name, which is English, or its French label."""
    if language == "en":
        return target
    label = CATEGORY_LABELS[0] if target == CATEGORY else ATTRIBUTES[target].fr
    return label[:1].lower() + label[1:]


def _written(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + text.replace("\n", "\\n").replace("\t", "\\t") + '"'
    if value and isinstance(value[0], tuple):
        return ", ".join(f"{_written(left)} -> {_written(right)}" for left, right in value)
    return " ".join(map(_written, value))
