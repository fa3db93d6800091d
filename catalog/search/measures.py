"""Numbers and what they count, where `catalog.text` leaves them as plain words: pieces, hours, carats, "1m50", "1/2 L".

What it does: rewrites two notations into the usual one, and gives a token to counts that are written in many ways ("lot
de 2", "2 pièces", "x2"). Promise: pure and the same for sheets and for queries, so that both meet; the words themselves
stay tokens too. Not here: units with a canonical one (`catalog.text` makes "1,5 L" and "150 cl" the same).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# token's ending: how the count is written, folded; {n} stands for the number.
_COUNTED: dict[str, tuple[str, ...]] = {
    "pc": (
        r"(?:lots?|packs?|sets?|boites?|paquets?|jeux?|box|set) (?:de|of) {n}",
        r"{n} ?(?:pieces?|pcs?|pces?|unites?|units?)",
        r"x ?{n}(?! ?(?:x|[a-z0-9°\"%]))",
    ),
    "hour": (r"{n} ?(?:h|heures?|hours?|hrs?)",),
    "minute": (r"{n} ?(?:mn|mins?|minutes?)",),
    "carat": (r"{n} ?(?:k|kt|cts?|carats?)",),
    "kbyte": (r"{n} ?(?:ko|kb)",),
    "degree": (r"{n} ?(?:°|degres?|degrees?)(?! ?c\b)",),
    "ampere": (r"{n}a", r"{n} ?(?:amperes?|amps?)"),
}
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_COUNTS = {
    ending: re.compile("|".join(rf"(?<![\w.,]){way.format(n=_NUMBER)}(?!\w)" for way in ways))
    for ending, ways in _COUNTED.items()
}
# What stands beside a number where one of these counts may be: without it the seven patterns need not be tried.
_BESIDE_NUMBER = re.compile(r"\d ?(?:h|pi|pc|un|mn|mi|k|ct|car|°|deg|a)|(?:de|of|x) ?\d")
_METRES_AND_CENTIMETRES = re.compile(r"(?<![\w.,])(\d{1,2}) ?m ?(\d{2})(?![\w.,])", re.IGNORECASE)
_FRACTION = re.compile(
    r"(?<![\w.,/])([1-3])/([248]) ?(?=l\b|litre|kg|kilo|pouce|inch|in\b|m\b|metre|\")", re.IGNORECASE
)
_GIGAS = re.compile(r"(?<=\d)( ?)gigas?\b", re.IGNORECASE)


def usual(text: str) -> str:
    """Return the text with "1m50" as "1.50 m", "1/2 L" as "0.5 L", "16 gigas" as "16 go", and spaces for underlines."""
    text = text.replace("_", " ")
    if "m" in text or "M" in text:
        text = _METRES_AND_CENTIMETRES.sub(r"\1.\2 m", text)
    if "/" in text:
        text = _FRACTION.sub(lambda found: f"{int(found[1]) / int(found[2]):g} ", text)
    return _GIGAS.sub(r"\1go", text) if "giga" in text.lower() else text


def counts(folded: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, token) of every count in a folded text: "lot de 2" gives "2pc"."""
    if not _BESIDE_NUMBER.search(folded):
        return
    for ending, pattern in _COUNTS.items():
        for found in pattern.finditer(folded):
            number = next(group for group in found.groups() if group)
            yield found.start(), found.end(), f"{float(number.replace(',', '.')):g}{ending}"
