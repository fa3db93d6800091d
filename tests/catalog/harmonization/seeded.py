"""Seeded defects: clean sheets, one fault put into each, and what the rules make of it.

`python -m tests.catalog.harmonization.seeded` prints, by issue code, precision, recall and the share repaired exactly.
A fault counts as found when its code is raised or a rule that mends it changed the attribute; as repaired exactly when
the attribute is again what it was; anything raised or changed on an attribute that was left clean is a false alarm.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from catalog.harmonization import RULES, Context, harmonize
from catalog.sheets import HarmonizedSheet, Locale, MappedSheet
from tests.catalog.harmonization.golden import SHEETS

Values = dict[str, str]
Seed = Callable[[Values, Locale], Values | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to damage a sheet: the code it stands for, the attribute, and whether the text says how to mend it."""

    code: str
    attribute: str
    seed: Seed
    repairable: bool = False


def clean_sheets() -> list[tuple[Locale, Values, dict[str, str]]]:
    """Return locale, values, and what a reader would note from the texts (attribute → value as shown)."""
    with (SHEETS / "clean.tsv").open(encoding="utf-8", newline="") as file:
        sheets = []
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            locale, noted = row.pop("locale"), row.pop("noted")
            expected = dict(part.strip().split("=", 1) for part in noted.split(";") if part.strip())
            sheets.append((locale, row, expected))
        return sheets  # type: ignore[return-value]


def _set(attribute: str, make: Callable[[str], str | None]) -> Seed:
    def seed(values: Values, locale: Locale) -> Values | None:
        made = make(values[attribute])
        return None if made is None else {**values, attribute: made}

    return seed


def _to(attribute: str, text: str) -> Seed:
    return lambda values, _: {**values, attribute: text}


def _by_locale(attribute: str, texts: Mapping[str, str]) -> Seed:
    return lambda values, locale: {**values, attribute: texts[locale].format(values[attribute])}


def _cut_title(values: Values, locale: Locale, at: float) -> Values:
    title = values["title"]
    return {
        **values,
        "title": title[: int(len(title) * at)].rstrip() + "…",
        "description": f"{title} - {values['description']}",
    }


def _cut_alone(values: Values, locale: Locale) -> Values:
    return {**values, "title": values["title"][:-6].rstrip() + "..."}


def _middle(text: str, put: str) -> str:
    at = text.index(" ", len(text) // 3)
    return text[:at] + put + text[at:]


def _tagged(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"<strong>{first}</strong> {rest}"


def _repeat_word(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"{first} {first} {rest}"


def _other_brand(values: Values, locale: Locale) -> Values | None:
    other = "Siemens" if values["brand"] != "Siemens" else "Bosch"
    return {**values, "brand": other} if values["brand"] in values["title"] else None


def _wrong_capacity(values: Values, locale: Locale) -> Values | None:
    title = values["title"]
    return {**values, "capacity": "7,5 L" if locale == "fr" else "7.5 L"} if re.search(r"\d L", title) else None


def _wrong_weight(values: Values, locale: Locale) -> Values:
    return {**values, "weight": "35 cm"}


def _digit(text: str) -> str:
    return text[:-1] + str((int(text[-1]) + 3) % 10)


def _gtin(start: str) -> Callable[[str], str]:
    def make(text: str) -> str:
        body = (start + text)[: 13 if len(start) == 1 and start == "1" else 12]
        total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
        return body + str(-total % 10)

    return make


def _garbled(text: str) -> str | None:
    return None if text.isascii() else text.encode("utf-8").decode("cp1252", errors="ignore") if _whole(text) else None


def _whole(text: str) -> bool:
    try:
        text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


_FOREIGN = {
    "fr": "This product is made of strong steel and it has a handle that stays cool for you and your family.",
    "en": "Ce produit est fait dans un acier solide et sa poignée reste froide pour vous et votre famille.",
}

FAULTS: tuple[Fault, ...] = (
    Fault("title_truncated", "title", partial(_cut_title, at=0.6), True),
    Fault("title_truncated", "title", partial(_cut_title, at=0.85), True),
    Fault("title_truncated", "title", _cut_alone),
    Fault("title_all_caps", "title", _set("title", str.upper), True),
    Fault("title_repeated_words", "title", _set("title", _repeat_word), True),
    Fault("title_repeated_words", "title", _set("title", lambda text: f"{text} - {text}"), True),
    Fault("html_in_text", "title", _set("title", _tagged), True),
    Fault("html_in_text", "description", _set("description", lambda text: f"<p>{text}</p>"), True),
    Fault("html_in_text", "description", _set("description", lambda text: text.replace(". ", ".<br />")), True),
    Fault("mojibake", "title", _set("title", _garbled), True),
    Fault("mojibake", "description", _set("description", _garbled), True),
    Fault("control_characters", "title", _set("title", lambda text: _middle(text, "\u200b")), True),
    Fault("control_characters", "description", _set("description", lambda text: _middle(text, "\x07")), True),
    Fault("boilerplate", "title",
          _by_locale("title", {"fr": "{} - Livraison gratuite", "en": "{} - Free shipping"}), True),
    Fault("boilerplate", "title", _by_locale("title", {"fr": "PROMO ! {}", "en": "HOT DEAL! {}"}), True),
    Fault("boilerplate", "description",
          _by_locale("description", {"fr": "{} Voir la présentation", "en": "{} Read more"}), True),
    Fault("boilerplate", "description",
          _by_locale("description", {"fr": "{} Satisfait ou remboursé !", "en": "{} Buy now!!!"}), True),
    Fault("emoji_in_text", "title", _set("title", lambda text: f"🔥 {text}"), True),
    Fault("emoji_in_text", "description", _set("description", lambda text: f"{text} ⭐⭐⭐"), True),
    Fault("contact_in_text", "description",
          _by_locale("description", {"fr": "{} Contactez-nous au 06 11 22 33 44.",
                                      "en": "{} Call us at +44 20 7946 0991."}), True),
    Fault("contact_in_text", "description",
          _by_locale("description", {"fr": "{} Plus d'infos : vente@exemple.fr",
                                      "en": "{} Questions? mail shop@example.com"}), True),
    Fault("contact_in_text", "description",
          _by_locale("description", {"fr": "{} Visitez www.exemple-boutique.fr",
                                      "en": "{} Visit www.example-shop.com"}), True),
    Fault("placeholder_value", "description", _to("description", "N/A")),
    Fault("placeholder_value", "description",
          _by_locale("description", {"fr": "à compléter", "en": "to be completed"})),
    Fault("placeholder_value", "description", _to("description", "xxx")),
    Fault("brand_missing", "brand", _to("brand", "")),
    Fault("brand_missing", "brand", _to("brand", "AUCUNE")),
    Fault("brand_conflict", "brand", _other_brand),
    Fault("unit_conflict", "capacity", _wrong_capacity),
    Fault("unit_conflict", "weight", _wrong_weight),
    Fault("price_missing", "price", _to("price", "")),
    Fault("price_suspect", "price", _to("price", "0,01 €")),
    Fault("price_suspect", "price", _to("price", "99999 EUR")),
    Fault("price_format", "price", _to("price", "12,5,0 €")),
    Fault("price_format", "price", _by_locale("price", {"fr": "nous consulter", "en": "call for price"})),
    Fault("image_missing", "image_link", _to("image_link", "")),
    Fault("image_url_invalid", "image_link", _set("image_link", lambda text: text.rsplit("/", 1)[-1])),
    Fault("image_url_invalid", "image_link", _set("image_link", lambda text: text.replace("https://", "htps:/")), True),
    Fault("description_missing", "description", _to("description", "")),
    Fault("description_equals_title", "description", lambda values, _: {**values, "description": values["title"]}),
    Fault("title_too_short", "title", lambda values, _: {**values, "title": values["title"].split()[0]}),
    Fault("title_too_long", "title",
          lambda values, _: {**values, "title": (values["title"] + ", " + 2 * values["description"])[:190]}),
    Fault("wrong_language", "description", lambda values, locale: {**values, "description": _FOREIGN[locale]}),
    Fault("invalid_gtin", "gtin", _set("gtin", _digit)),
    Fault("restricted_gtin", "gtin", _set("gtin", _gtin("20"))),
    Fault("restricted_gtin", "gtin", _set("gtin", _gtin("99"))),
    Fault("bulk_gtin", "gtin", _set("gtin", _gtin("1"))),
    Fault("2006", "color", lambda values, _: {**values, "color": "couleur123"}),
    Fault("2006", "gender", lambda values, _: {**values, "gender": "robot"}),
    Fault("2006", "condition", lambda values, _: {**values, "condition": "presque bien"}),
)  # fmt: skip


@dataclass(slots=True)
class Score:
    """Counts of one code over all its seeded sheets."""

    seeded: int = 0
    found: int = 0
    false_alarms: int = 0
    repairable: int = 0
    repaired: int = 0

    def line(self, code: str) -> str:
        """Return the counts as a line of the printed table, in percent."""
        shares = (self.precision, self.recall, self.exact)
        return f"{code:26s} {self.seeded:5d} " + " ".join(f"{100 * share:6.1f}" for share in shares)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false_alarms)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.seeded)

    @property
    def exact(self) -> float:
        return self.repaired / self.repairable if self.repairable else 1.0


def measure(show: Callable[[str], None] | None = None) -> dict[str, Score]:
    """Seed every fault into every clean sheet and return the scores by code, with "all" for the whole."""
    scores: dict[str, Score] = {"all": Score()}
    for fault in FAULTS:
        for locale, values, _ in clean_sheets():
            seeded = fault.seed(values, locale)
            if seeded is None or seeded == values:
                continue
            result = harmonize(MappedSheet(2, seeded, {name: name for name in seeded}), Context.default(locale))
            for score in (scores["all"], scores.setdefault(fault.code, Score())):
                _count(fault, values, result, score)
            if show and not (_is_found(fault, result) and _is_exact(fault, values, result)):
                show(f"{fault.code}: {seeded.get(fault.attribute)!r} -> {result.values.get(fault.attribute)!r}")
    return scores


def _count(fault: Fault, values: Values, result: HarmonizedSheet, score: Score) -> None:
    score.seeded += 1
    score.found += _is_found(fault, result)
    noise = {found.code for found in result.issues} - {fault.code}
    noise |= {
        c.rule
        for c in result.changes
        if c.before is not None and c.attribute in values and c.attribute != fault.attribute
    }
    score.false_alarms += len(noise - _CONSEQUENCES.get(fault.code, frozenset()))
    if fault.repairable:
        score.repairable += 1
        score.repaired += _is_exact(fault, values, result)


# What follows from the seeded fault itself: a title that is one word may well be said again, a cut one is short.
_CONSEQUENCES = {
    "description_equals_title": frozenset(("wrong_language",)),
    "title_too_long": frozenset(("title_truncated",)),
}


def _is_found(fault: Fault, result: HarmonizedSheet) -> bool:
    if any(found.code == fault.code for found in result.issues):
        return True
    return any(
        change.attribute == fault.attribute and RULES[change.rule].fixes == fault.code for change in result.changes
    )


def _is_exact(fault: Fault, values: Values, result: HarmonizedSheet) -> bool:
    return not fault.repairable or result.values.get(fault.attribute) in (
        values[fault.attribute], values[fault.attribute].replace("https://", "http://")
    )  # fmt: skip


if __name__ == "__main__":
    import sys

    table = measure(print if "-v" in sys.argv else None)
    print(f"{'code':26s} seeded   prec recall  exact")
    for code, score in sorted(table.items()):
        print(score.line(code))
