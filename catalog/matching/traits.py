"""Words that set variants of one product apart, by class: colour, platform, edition, licence, audience.

Promise: a closed table in French and English, abbreviations of vendors included; two records conflict in a class when
both say something of it and nothing in common. Not here: how much that weighs (it is learnt).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

CLASSES: dict[str, dict[str, str]] = {
    "colour": {
        "black": "black blk noir noire graphite ebony onyx",
        "white": "white wht blanc blanche ivory pearl",
        "silver": "silver slv argent argente aluminum aluminium chrome",
        "steel": "stainless inox steel",
        "grey": "grey gray gris grise anthracite charcoal titanium titane gunmetal",
        "red": "red rouge crimson burgundy bordeaux cherry",
        "blue": "blue bleu bleue navy cobalt azure turquoise",
        "green": "green vert verte olive lime kaki khaki",
        "pink": "pink pnk rose fuchsia",
        "purple": "purple violet violette plum lavender",
        "orange": "orange",
        "yellow": "yellow jaune",
        "brown": "brown marron brun chocolate chocolat espresso walnut",
        "beige": "beige cream creme tan sand",
        "gold": "gold or dore doree bronze copper cuivre champagne",
        "clear": "clear transparent transparente",
        "cyan": "cyan",
        "magenta": "magenta",
    },
    "platform": {
        "mac": "mac macintosh osx macos",
        "windows": "win windows pc xp vista",
        "linux": "linux unix",
        "playstation": "ps2 ps3 ps4 ps5 psp playstation",
        "xbox": "xbox",
        "nintendo": "wii ds 3ds gamecube switch nintendo",
    },
    "edition": {
        "standard": "standard std base basic",
        "professional": "professional pro professionnel business",
        "premium": "premium ultimate platinum integrale",
        "home": "home personal familial famille family",
        "deluxe": "deluxe dlx gold collector",
        "enterprise": "enterprise entreprise corporate server serveur",
        "student": "academic student students teacher education edu etudiant school schools",
        "express": "express lite essentials elements starter",
        "extended": "extended advanced expert plus",
    },
    "licence": {
        "upgrade": "upgrade upg upgr upsell pbupgrd upgrd maj",
        "full": "full complete",
        "licence": "license licence lic licenses cal",
        "maintenance": "maintenance assurance support renewal subscription abonnement",
        "oem": "oem bundle",
    },
    "audience": {
        "men": "men mens homme hommes man",
        "women": "women womens femme femmes woman ladies",
        "children": "kids kid children enfant enfants junior boys girls fille garcon baby bebe",
    },
}
NAMES = tuple(CLASSES)
_BY_WORD = {
    word: (name, value) for name, values in CLASSES.items() for value, words in values.items() for word in words.split()
}


def traits(tokens: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (class, value) of the words that have one."""
    yield from (_BY_WORD[token] for token in tokens if token in _BY_WORD)
