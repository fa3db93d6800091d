"""Rules of measures: weight, capacity, power, voltage and lengths in canonical units, and their contradictions.

Promise: the written text stays beside the number; a number without a unit is a guess and said to be one.
Not here: how a measure is read from characters (quantities), dimensions "30 x 40 cm" (dimensions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Words
from catalog.harmonization.quantities import Measure, measures_in, number, read_measure, tidy, unit_of
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.text import fold, units

# attribute → families it may hold, and the unit guessed for a bare number.
_KINDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "weight": (("mass",), "kg"),
    "shipping_weight": (("mass",), "kg"),
    "length": (("length",), "cm"),
    "width": (("length",), "cm"),
    "height": (("length",), "cm"),
    "depth": (("length",), "cm"),
    "shipping_length": (("length",), "cm"),
    "shipping_width": (("length",), "cm"),
    "shipping_height": (("length",), "cm"),
    "capacity": (("volume", "charge", "storage"), "L"),
    "power": (("power",), "W"),
    "voltage": (("voltage",), "V"),
}
# Two readings of one measure agree within this share: "1,75 L" and "1.8 L" are the same bottle rounded.
SAME_MEASURE = 0.03


@rule(
    "measure.read",
    attribute=tuple(_KINDS),
    confidence=0.7,
    fr="Lit une mesure et la convertit dans l’unité de l’attribut ; devine l’unité absente.",
    en="Reads a measure and converts it to the attribute's unit; guesses a missing unit.",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a cell as a measure; a unit of another kind is a conflict, a bare number gets the usual unit."""
    if not isinstance(value, str):
        return None
    families, usual = _KINDS[draft.attribute]
    measure = read_measure(value, context.locale)
    if measure is not None and measure.family in families:
        return Typed({"value": tidy(measure.value), "unit": measure.unit, "raw": value.strip()})
    if measure is not None:
        kind = f"{tidy(measure.value)} {measure.unit}"
        return Repair(None, confidence=0.6), fault("unit_conflict", draft, value, other=kind)
    bare = re.fullmatch(r"\s*([\d.,\s\u00a0]+?)\s*", value)
    amount = number(bare[1], context.locale) if bare else None
    unit = unit_of(usual)
    if amount is None or unit is None:
        return Repair(None, confidence=0.6), fault("2006", draft, value)
    if draft.attribute.endswith("weight") and amount > 60 and amount == int(amount):
        unit = unit_of("g") or unit
    return Repair({"value": tidy(amount * unit.factor), "unit": unit.canonical, "raw": value.strip()})


# Words just before a measure that make it a limit, an equivalence or another's, not the article's own.
_NOT_OWN = lexicons.words("not_own_measure")
_JOINTS = frozenset(("de", "of", "d", "a", "au", "aux", "to", "l"))
_LAST_WORDS = re.compile(r"[^\W_]+")
_RANGE_BEFORE = re.compile(r"\d\s?[-–]\s?$")
# Memory beside the storage, a rate, or what another lamp would take ("60 W équivalent"; "9,5 W équivalent 60 W" says
# first what this one takes).
_NOT_OWN_AFTER = re.compile(
    r"\s*(?:de |of )?(?:ram|ddr|m[ée]moire vive|de m[ée]moire|memory|/\s?\d|/m|/h|/min|par |per |"
    r"\(?(?:[ée]quiv[\w.]*+|eq\b\.?)(?!\s?(?:à |to |a )?\d+\s?W\b))",
    re.IGNORECASE,
)
# "Pied en céramique. Ampoule 40 W maximum non fournie": the bulb's, where it does not begin the text.
_OF_A_BULB = re.compile(r"(?<=[^\n])(?:ampoules?|bulbs?)[^.;]{0,20}$", re.IGNORECASE)
# "Équivaut à 2 flacons de 250 ml": another article's measure.
_LIKENED = re.compile(r"(?:[ée]quiva|remplace|replaces|as much as|autant que)[^.;]{0,30}$", re.IGNORECASE)
_RANGE = re.compile(r"\d\s?(?:V|W)?\s?(?:[-–/~]|à|to)\s?$", re.IGNORECASE)
_LABELS: Mapping[str, re.Pattern[str]] = {
    "mass": re.compile(r"(?:poids(?: net)?|weight|p[èe]se|weighs|masse|l[ée]g[èe]re? de)[^.\d]{0,25}$", re.IGNORECASE),
    "volume": re.compile(
        r"(?:capacit[ée]|contenance|volume|capacity|r[ée]servoir|bac|cuve|tank|holds|contient)[^.\d]{0,25}$", re.I
    ),
    "charge": re.compile(r"(?:capacit|batterie|battery)[^.\d]{0,25}$", re.IGNORECASE),
    "storage": re.compile(r"(?:capacit|stockage|storage|m[ée]moire|disque|ssd|drive)[^.\d]{0,25}$", re.IGNORECASE),
    "power": re.compile(r"(?:puissance|power|wattage|moteur|motor|r[ée]sistance)[^.\d]{0,25}$", re.IGNORECASE),
    "voltage": re.compile(r"(?:tension|voltage|alimentation|batterie|battery|input)[^.\d]{0,25}$", re.IGNORECASE),
}
_GROUPS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("capacity", ("volume", "storage", "charge")), ("weight", ("mass",)), ("power", ("power",)),
    ("voltage", ("voltage",)),
)  # fmt: skip
_NOTED = frozenset(family for _, families in _GROUPS for family in families)


@rule(
    "measure.found",
    attribute="capacity",
    confidence=0.9,
    on_missing=True,
    needs="digits",
    fr="Relève dans le texte la contenance, le poids, la puissance ou la tension.",
    en="Notes capacity, weight, power or voltage from the text.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take the title's measure of a kind, else the description's labelled or only one."""
    told = {each.family for _, words in draft.texts() for each in _own(words, context)}
    if not told:
        return None
    return tuple(
        repair for attribute, families in _GROUPS
        if not told.isdisjoint(families) and not draft.values.get(attribute)
        and (repair := _noted(attribute, families, draft, context))
    )  # fmt: skip


def _noted(target: str, families: tuple[str, ...], draft: Draft, context: Context) -> Repair | None:
    """Return the change that fills one attribute from the texts, or None."""
    for attribute, words in draft.texts():
        own = _of(families, words, context)
        if own and own[0].family == "mass" and not _PAPERS.isdisjoint(words.folded):
            own = [each for each in own if each.value > HEAVIEST_PAPER or _is_labelled(each, words.text)]
        if own and own[0].family == "mass" and not _LOADS.isdisjoint(words.folded):
            own = [each for each in own if not _is_load(each, words.text)]
        if not own:
            continue
        if attribute == "title" or len({round(each.value, 3) for each in own}) == 1:
            best = max(own, key=lambda each: each.value) if own[0].family == "storage" else own[0]
            if attribute == "title" or own[0].family != "mass":
                return Repair(best.as_value(), attribute=target, source=draft.sheet.sources.get(attribute))
        labelled = [each for each in own if _is_labelled(each, words.text) or _is_alone(each, words)]
        if labelled:
            return Repair(
                labelled[0].as_value(), attribute=target, confidence=0.85, source=draft.sheet.sources.get(attribute)
            )
    return None


_LABELS_AFTER: Mapping[str, re.Pattern[str]] = {
    "mass": re.compile(r"\.?\s?(?:net (?:weight|wt)|de poids|poids net|in weight)\b", re.IGNORECASE),
    "power": re.compile(r"\s*(?:rms |max |de |of )?(?:total |max |output )?(?:power|output|puissance)", re.IGNORECASE),
    "volume": re.compile(r"\s*(?:total |de |of )?(?:capacity|capacit[ée]|contenance)", re.IGNORECASE),
    "storage": re.compile(r"\s*(?:de |of )?(?:hard drive|hdd|ssd|flash|disque|stockage|storage)", re.IGNORECASE),
}


def _is_labelled(each: Measure, text: str) -> bool:
    """Return whether a word before a measure, or just after it, says what it is of."""
    after = _LABELS_AFTER.get(each.family)
    told = after is not None and after.match(text, each.end) is not None
    return told or _LABELS[each.family].search(text[max(0, each.start - 40) : each.start]) is not None


# A description says the weight between two stops as well: "Toile cirée, 300 g.", "- 450 g -".
_BEFORE_ALONE = re.compile(r"(?:[.,;|•\n]|\s[-–])\s?$")
_AFTER_ALONE = re.compile(r"\s?(?:$|[.,;|•\n]|[-–]\s)")


def _is_alone(each: Measure, words: Words) -> bool:
    """Return whether a mass is all that stands between two stops, and the only one of the text."""
    return (
        each.family == "mass" and _AFTER_ALONE.match(words.text, each.end) is not None
        and _BEFORE_ALONE.search(words.text[max(0, each.start - 3) : each.start]) is not None
        and sum(other.family == "mass" for other in words.measures or ()) == 1
    )  # fmt: skip


def _own(words: Words, context: Context) -> list[Measure]:
    """Return the measures that are the article's own, of the kinds that are noted here."""
    if words.own is None:
        found = [_fluid(each, words) for each in measures_in(words, context.locale) if each.family in _NOTED]
        words.own = [each for each in found if _is_own(each, words.text)]
    return words.own


def _of(families: tuple[str, ...], words: Words, context: Context) -> list[Measure]:
    """Return the article's own measures of these families, in the order of the families."""
    own = [each for each in _own(words, context) if each.family in families]
    return sorted(own, key=lambda each: families.index(each.family)) if len(own) > 1 else own


def _is_own(each: Measure, text: str) -> bool:
    """Return whether a measure is neither a limit ("max 150 kg"), nor an equivalence, nor memory, nor a displacement."""
    if each.raw.lower().endswith(("cc", "cm3", "cm³")) or _NOT_OWN_AFTER.match(text, each.end):
        return False
    if each.family == "storage" and _asks_for(each, text):
        return False
    if each.family == "storage" and _LABELS_AFTER["storage"].match(text, each.end):
        return True
    before = text[max(0, each.start - 24) : each.start]
    if before.rstrip().endswith(("-", "–")) and _RANGE_BEFORE.search(before):
        return False
    if each.family == "voltage" and _RANGE.search(before):
        return False
    if each.family == "power" and "max" in text[each.end : each.end + 9].lower() and _OF_A_BULB.search(before):
        return False
    if each.family == "volume" and each.raw.rstrip(".").endswith(("m³", "m3")) and _ROOMS.search(before):
        return False
    if _is_likened(text[max(0, each.start - 40) : each.start]):
        return False
    near = _LAST_WORDS.findall(fold(before))[:-4:-1]
    # "plus de 5 kg" is a limit, "970 EVO Plus 1 TB" a name.
    named = near[:1] == ["plus"]
    return named or next((word for word in near if word not in _JOINTS), "") not in _NOT_OWN


# "Pour les pièces de 60 m³": what it heats.
_ROOMS = re.compile(
    r"(?:pi[èe]ces?|rooms?|volumes?|surfaces?|chauff\w*|jusqu['’][àa]) (?:de |d['’]|of |up to |à )?$", re.I
)
# What a machine takes in, not what it weighs: "lave-linge 8 kg", "1,2 kg de frites".
_TAKES_IN = re.compile(
    r"lave[- ]linge|lavante|s[èe]che[- ]linge|machine à laver|washing machine|washer|tumble dryer|essoreuse|friteuse|fryer",
    re.IGNORECASE,
)
# "Ramette 80 g": the grams of a square metre.
_PAPERS = lexicons.words("papers")
HEAVIEST_PAPER = 400
_LOADS = lexicons.words("loads")
_TAKEN_IN = re.compile(r"\s(?:de|of) (?:linge|frites|laundry|washing|fries|chips)\b", re.IGNORECASE)


def _is_load(each: Measure, text: str) -> bool:
    """Return whether a mass is what the machine takes in, where nothing says that it is its weight."""
    if _is_labelled(each, text):
        return False
    return _TAKEN_IN.match(text, each.end) is not None or _TAKES_IN.search(text) is not None


def _is_likened(before: str) -> bool:
    # A quick look first: the search costs more than all else that is asked of a measure.
    if "quiva" in before or "emplace" in before or "eplaces" in before or "much as" in before or "utant que" in before:
        return _LIKENED.search(before) is not None
    return False


# What software asks of a computer, before the measure up to the end of the text, or just after it.
_REQUIRES = re.compile(
    r"system requirements?|requires|configuration (?:requise|minimale)|minimum requirements", re.IGNORECASE
)
_ASKED = re.compile(
    r"\s*(?:\w+ )?(?:free|of free|hard (?:drive|disk)|disk space|d'espace|libres?|vram|video|\(\d+ ?mb)", re.IGNORECASE
)


def _asks_for(each: Measure, text: str) -> bool:
    """Return whether a storage is what the article needs, not what it has ("requires 500 MB of disk space")."""
    return bool(_ASKED.match(text, each.end) and each.value < 20) or bool(_REQUIRES.search(text, 0, each.start))


_VESSELS = lexicons.words("vessels")


def _fluid(each: Measure, words: Words) -> Measure:
    """Return the ounces of what holds or is a liquid as a volume; other measures as they are."""
    if each.family != "mass" or not _OUNCES.search(each.raw) or _VESSELS.isdisjoint(words.folded):
        return each
    return replace(each, value=each.value / units()["oz"].factor * units()["fl oz"].factor, unit="L", family="volume")


_OUNCES = re.compile(r"\b(?:oz|ounces?)\.?$|\d(?:oz)$", re.IGNORECASE)


@rule(
    "measure.conflict",
    attribute="capacity",
    fixes="unit_conflict",
    on_missing=True,
    needs="digits",
    fr="Signale une mesure que le titre ou la description contredit.",
    en="Reports a measure that the title or the description contradicts.",
)
def conflict(value: object, draft: Draft, context: Context) -> Outcome:
    """Compare each measure of the vendor's column, or of the title, with what the texts say."""
    values = draft.values
    known = [(name, families, measure) for name, families in _GROUPS if isinstance(measure := values.get(name), dict)]
    if not known:
        return None
    texts = [words for _, words in draft.texts() if _own(words, context)]
    return tuple(
        fault("unit_conflict", draft, measure["raw"], attribute=name, other=other.raw)
        for name, families, measure in known
        if not draft.has_issue("unit_conflict", name)
        and (other := _other_measure(measure, families, texts, draft, context))
    )  # fmt: skip


def _other_measure(
    known: Mapping[str, Any], families: tuple[str, ...], texts: Sequence[Words], draft: Draft, context: Context
) -> Measure | None:
    """Return the measure that a text gives instead of the known one, if none of its measures agrees with it."""
    for words in texts:
        others = [
            each for each in _of(families, words, context)
            if each.unit == known["unit"] and (words is draft.words("title") or _is_told(each, words))
        ]  # fmt: skip
        if others and not any(_agree(value, float(known["value"])) for each in others for value in _values(each)):
            return others[0]
    return None


# "Series 2 750 ml": a number before three digits may be their thousands, or a name's.
_GROUPED = re.compile(r"(\d{1,3})[ \u00a0\u202f](\d{3})(?!\d)")


def _values(each: Measure) -> Iterator[float]:
    """Yield what a measure may say: its value, and that of its last three digits where blanks group them."""
    yield each.value
    grouped = _GROUPED.match(each.raw)
    if grouped:
        yield each.value * float(grouped[2]) / float(grouped[1] + grouped[2])


def _is_told(each: Measure, words: Words) -> bool:
    """Return whether a description gives the measure as the article's: labelled, or its only one of the kind."""
    label = _LABELS[each.family].search(words.text[max(0, each.start - 40) : each.start])
    alone = sum(other.family == each.family for other in words.measures or ()) == 1
    return bool(label) or (alone and each.family not in ("mass", "voltage"))


def _agree(left: float, right: float) -> bool:
    return abs(left - right) <= SAME_MEASURE * max(abs(left), abs(right))
