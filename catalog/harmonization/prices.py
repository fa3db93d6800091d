"""Rules of prices: reading what vendors write, and reporting what cannot be right.

Promise: an amount and a currency that are both written are typing, not a change; a currency or a thousands mark that
had to be guessed is a change. Amounts are in minor units. Not here: price against the market (assortment).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.quantities import LONGEST_NUMBER
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule

PRICES = ("price", "sale_price")
_CURRENCIES: Mapping[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "$": "USD", "usd": "USD",
    "us$": "USD", "chf": "CHF", "fr.": "CHF", "cad": "CAD", "c$": "CAD", "aud": "AUD", "jpy": "JPY", "¥": "JPY",
    "pln": "PLN", "zł": "PLN", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "czk": "CZK", "ron": "RON", "huf": "HUF",
    "mad": "MAD", "tnd": "TND", "xof": "XOF", "cny": "CNY", "eu": "EUR",
}  # fmt: skip
_NO_MINOR_UNITS = frozenset(("JPY", "XOF"))
_CURRENCY = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
_NOISE = re.compile(
    (
        r"^=|t\.t\.c\.|/ ?(?:unité|pi[èe]ce|each)\b|"
        r"\b(?:prix|price|ttc|tvac|inc(?:l)?\.?(?: vat)?|vat|tva|only|seulement|net|par unité|/ ?unité|"
        r"l'unité|each|pi[èe]ce)\b\s*:?|:"
    ),
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
_GROUPING = re.compile(r"[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_AROUND_MARK = re.compile(r"(?<=\d)\s+(?=[.,]\s*\d)|(?<=[.,])\s+(?=\d\d?(?!\d))")
# "79,- €": no cents.
_NO_CENTS = re.compile(r"(?<=\d)[.,]\s?[-–—]{1,2}(?=\s|$|€)")
# "41 euros et 90 centimes", "90€95c".
_IN_WORDS = re.compile(r"(?<=\d)\s?(€|euros?)\s?(?:et\s)?(\d\d)\s?(?:c|cts?|cents?|centimes?)\.?$", re.IGNORECASE)
_DECIMALS = re.compile(r"(\d+)(?:[.,](?=\d{1,2}$)|['’](?=\d\d$))(\d{1,2})")
_PRICE = re.compile(
    rf"^(-?)\s*({_CURRENCY})?\s*(-?[\d][\d.,\s\u00a0\u202f'’]*)\s*({_CURRENCY})?\s*(\d{{2}})?$", re.IGNORECASE
)
# Amounts (minor units) that stand for "to be filled in": everything at nines, ones, or counting up.
_FILLERS = frozenset(
    (999900, 9999900, 99999900, 999999, 9999999, 99999999, 123456, 1234500, 12345600, 111111, 1111100, 100000000)
)
LOWEST, HIGHEST = 10, 10_000_000


@rule(
    "price.read",
    attribute=PRICES,
    confidence=0.9,
    fixes="price_format",
    fr="Lit un prix à la française ou à l’anglaise et devine la monnaie absente.",
    en="Reads a price written the French or the English way and guesses a missing currency.",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read an amount and a currency; what had to be guessed is a change, what cannot be read an issue."""
    if not isinstance(value, str):
        return None
    text = _NO_CENTS.sub("", _BLANKS.sub(" ", _NOISE.sub(" ", value)).strip(" *"))
    text = _IN_WORDS.sub(r",\2 \1", text)
    text = _AROUND_MARK.sub("", text) if " ," in text or " ." in text else text
    if text.lower() in _CURRENCIES:
        return Repair(None, confidence=0.9)
    found = _PRICE.match(text)
    amount = _amount(found[3] if not found[5] else f"{found[3].strip()}.{found[5]}", context) if found else None
    if found is None or amount is None or (found[5] and not found[4]):
        return Repair(None, confidence=0.9), fault("price_format", draft, value)
    currency = _CURRENCIES.get((found[2] or found[4] or "").lower())
    minor, doubtful = amount
    minor = -minor if found[1] or found[3].startswith("-") else minor
    if currency in _NO_MINOR_UNITS:
        minor = round(minor / 100)
    price = {"amount": minor, "currency": currency or context.currency}
    if doubtful:
        return Repair(price, confidence=0.6)
    return Typed(price) if currency else Repair(price)


def _amount(written: str, context: Context) -> tuple[int, bool] | None:
    """Return the amount in hundredths and whether its marks are doubtful, or None where it is no number."""
    text = _GROUPING.sub("", written.strip().lstrip("-")).strip()
    if len(text) > LONGEST_NUMBER:
        return None
    if text.isdecimal():
        return int(text) * 100, False
    plain = _DECIMALS.fullmatch(text)
    if plain:
        return int(plain[1]) * 100 + int(plain[2].ljust(2, "0")), False
    grouped = re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?!\2)[.,](\d{1,2})", text)
    if grouped:
        return int(re.sub(r"[.,]", "", grouped[1])) * 100 + int(grouped[3].ljust(2, "0")), False
    if re.fullmatch(r"\d{1,3}([.,])\d{3}(?:\1\d{3})+", text):
        return int(re.sub(r"[.,]", "", text)) * 100, False
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        sure = "," in text and context.locale == "en"
        return int(re.sub(r"[.,]", "", text)) * 100, not sure
    precise = re.fullmatch(r"(\d+)[.,](\d{3,6})", text)
    if precise:
        return round(float(f"{precise[1]}.{precise[2]}") * 100), len(precise[2]) == 3 and precise[1] != "0"
    return None


@rule(
    "price.of_sale",
    attribute="price",
    fixes="price_missing",
    confidence=0.9,
    on_missing=True,
    fr="Prend le prix promotionnel comme prix, là où aucun autre n’est donné.",
    en="Takes the sale price as the price where no other is given.",
)
def of_sale(value: object, draft: Draft, context: Context) -> Outcome:
    """Fill an empty price from the price that is asked: of "Was" and "Now", articles at their usual price have the second."""
    sale = draft.values.get("sale_price")
    if value or not isinstance(sale, dict) or draft.has_issue("price_format", "price"):
        return None
    return Repair(sale, source=draft.sheet.sources.get("sale_price")), Repair(None, attribute="sale_price")


@rule(
    "price.missing",
    attribute="price",
    on_missing=True,
    fr="Signale un prix absent.",
    en="Reports a missing price.",
)
def missing(value: object, draft: Draft, context: Context) -> Outcome:
    """Report an empty price of a file that has a column for it."""
    if value or not draft.is_given("price"):
        return None
    told = ("price_format", "placeholder_value")
    return None if any(draft.has_issue(code, "price") for code in told) else fault("price_missing", draft)


@rule(
    "price.suspect",
    attribute=PRICES,
    fr="Signale un prix nul, négatif, démesuré, ou soldé plus cher qu’avant.",
    en="Reports a price that is zero, negative, huge, or higher on sale.",
)
def suspect(value: object, draft: Draft, context: Context) -> Outcome:
    """Report an amount that no shop means, and a sale price that is not below the price."""
    if not isinstance(value, dict):
        return None
    amount = value["amount"]
    shown = f"{amount / 100:.2f} {value['currency']}"
    if not LOWEST <= amount < HIGHEST or amount in _FILLERS:
        return fault("price_suspect", draft, shown)
    price = draft.values.get("price")
    if draft.attribute == "sale_price" and isinstance(price, dict) and price["currency"] == value["currency"]:
        return (
            fault("price_suspect", draft, shown) if amount > price["amount"] or amount * 20 < price["amount"] else None
        )
    return None
