"""One cell of a reported order at a time: what each column is called, and how its text becomes a value.

Promise: nothing is guessed: an amount that reads in two ways is refused, and a time without zone is the house's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from backoffice.orders.lifecycle import OrderStatus

CURRENCIES = frozenset({"EUR", "GBP", "CHF", "USD"})
# A price above a hundred million is a number in the wrong column.
MOST_MINOR = 10_000_000_000
MOST_PIECES = 100_000
# Below half a percent no VAT rate exists in Europe: such a number is a share ("0.2") in a column of percentages.
LEAST_RATE = Decimal("0.5")


class Misread(Exception):
    """A cell that is not what its column holds; `code` is one of the problems of an order."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its text is read, whether it may be absent, and what stands in where it is."""

    read: Callable[[str, tzinfo], Any]
    needed: bool = True
    default: Any = ""


def _text(most: int) -> Callable[[str, tzinfo], str]:
    def read(text: str, _zone: tzinfo) -> str:
        if len(text) > most:
            raise Misread("too_long", most=most)
        return text

    return read


_DATE_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y")


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written_date(text)
    # Years before the marketplace or far ahead are typing errors, and some zones cannot be computed there.
    if not 2000 <= found.year <= 2100:
        raise Misread("not_a_date")
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _written_date(text: str) -> datetime:
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (the zone is added by the caller)
        except ValueError:
            continue
    raise Misread("not_a_date")


_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>\d{1,3}(?:[ .,']\d{3})+|\d+)(?:(?P<mark>[.,])(?P<decimals>\d+))?")


def _decimal(text: str) -> Decimal:
    plain = re.sub(r"[\u00a0\u202f\u2009]", " ", text).replace("’", "'")
    plain = re.sub(r"^(?:€|EUR|£|\$|CHF)\s*|\s*(?:€|EUR|£|\$|CHF|%)$", "", plain.strip())
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise Misread("not_an_amount")
    whole, decimals = found["whole"], found["decimals"] or ""
    marks = set(re.sub(r"[\d]", "", whole))
    # "1.299" and "1,299" are thousands to some and thousandths to others; two marks of a kind can only be thousands.
    if marks & {".", ","} and not decimals and len(re.findall(r"[.,]", whole)) == 1:
        raise Misread("amount_unclear")
    if len(marks) > 1 or (found["mark"] and found["mark"] in marks):
        raise Misread("not_an_amount")
    return Decimal(found["sign"] + re.sub(r"\D", "", whole) + ("." + decimals if decimals else ""))


def _amount(text: str, _zone: tzinfo) -> int:
    value = _decimal(text)
    if value < 0:
        raise Misread("amount_negative")
    minor = value * 100
    if minor != minor.to_integral_value() or minor > MOST_MINOR:
        raise Misread("not_an_amount")
    return int(minor)


def _quantity(text: str, _zone: tzinfo) -> int:
    if not re.fullmatch(r"[0-9]{1,7}(?:[.,]0+)?", text):
        raise Misread("not_a_quantity")
    number = int(re.split(r"[.,]", text)[0])
    if not 1 <= number <= MOST_PIECES:
        raise Misread("not_a_quantity")
    return number


def _rate(text: str, _zone: tzinfo) -> int:
    try:
        percent = _decimal(text)
    except Misread:
        raise Misread("not_a_rate") from None
    points = percent * 100
    if points != points.to_integral_value() or not (percent == 0 or LEAST_RATE <= percent <= 100):
        raise Misread("not_a_rate")
    return int(points)


def _currency(text: str, _zone: tzinfo) -> str:
    if text.upper() not in CURRENCIES:
        raise Misread("unknown_currency")
    return text.upper()


def _email(text: str, _zone: tzinfo) -> str:
    if len(text) > 254 or not re.fullmatch(r"[^@\s\x00-\x1f<>,;]+@[^@\s\x00-\x1f<>,;]+\.[^@\s.\x00-\x1f<>,;]+", text):
        raise Misread("not_an_email")
    return text.lower()


def _language(text: str, _zone: tzinfo) -> str:
    return "fr" if text[:2].lower() == "fr" else "en"


STATUSES = {status.value: status for status in OrderStatus} | {
    "payee": OrderStatus.PAID,
    "expediee": OrderStatus.SHIPPED,
    "livree": OrderStatus.DELIVERED,
    "annulee": OrderStatus.CANCELLED,
    "canceled": OrderStatus.CANCELLED,
}


def _status(text: str, _zone: tzinfo) -> OrderStatus:
    if folded(text) not in STATUSES:
        raise Misread("unknown_status")
    return STATUSES[folded(text)]


# In the order of the file that we document. Amounts are of the whole line, VAT included; shipping is of the vendor's
# parcel, written on its first line or repeated on each.
COLUMNS: dict[str, Column] = {
    "basket": Column(_text(80)),
    "ordered_at": Column(_moment),
    "vendor": Column(_text(60)),
    "sku": Column(_text(120)),
    "title": Column(_text(300), needed=False),
    "quantity": Column(_quantity),
    "amount": Column(_amount),
    "currency": Column(_currency, needed=False, default="EUR"),
    "vat_rate": Column(_rate, needed=False, default=2000),
    "shipping": Column(_amount, needed=False, default=0),
    "buyer_email": Column(_email),
    "buyer_name": Column(_text(160), needed=False),
    "buyer_locale": Column(_language, needed=False, default="fr"),
    "status": Column(_status, needed=False, default=OrderStatus.PAID),
    "tracking_number": Column(_text(80), needed=False),
    "shipped_at": Column(_moment, needed=False, default=None),
    "delivered_at": Column(_moment, needed=False, default=None),
}

# What storefronts and people call the columns, folded: without accents, marks and case.
ALIASES: dict[str, str] = {
    **dict.fromkeys(("panier", "numero_de_panier", "commande", "numero_de_commande", "no_commande", "order"), "basket"),
    **dict.fromkeys(("date", "date_de_commande", "commande_le", "order_date"), "ordered_at"),
    **dict.fromkeys(("vendeur", "code_vendeur", "seller", "shop"), "vendor"),
    **dict.fromkeys(("reference", "ref", "reference_article", "article", "offer_sku"), "sku"),
    **dict.fromkeys(("titre", "libelle", "designation", "intitule", "product_title"), "title"),
    **dict.fromkeys(("quantite", "qte", "qty"), "quantity"),
    **dict.fromkeys(("montant", "montant_ttc", "prix_ttc", "total_ttc", "total"), "amount"),
    "devise": "currency",
    **dict.fromkeys(("tva", "taux_tva", "taux_de_tva", "vat"), "vat_rate"),
    **dict.fromkeys(("port", "frais_de_port", "livraison", "shipping_price"), "shipping"),
    **dict.fromkeys(
        ("e_mail", "email", "courriel", "email_acheteur", "e_mail_acheteur", "email_client"), "buyer_email"
    ),
    **dict.fromkeys(("acheteur", "nom_acheteur", "client", "nom_client", "buyer"), "buyer_name"),
    **dict.fromkeys(("langue", "langue_acheteur", "locale", "language"), "buyer_locale"),
    **dict.fromkeys(("statut", "etat"), "status"),
    **dict.fromkeys(("suivi", "numero_de_suivi", "no_suivi", "tracking"), "tracking_number"),
    **dict.fromkeys(("expediee_le", "date_expedition", "date_d_expedition"), "shipped_at"),
    **dict.fromkeys(("livree_le", "date_livraison", "date_de_livraison"), "delivered_at"),
}


def folded(text: str) -> str:
    """Return a header or word without accents, case and punctuation: "N° de commande" → "no_de_commande"."""
    plain = unicodedata.normalize("NFKD", text.replace("°", "o")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def column_of(header: str) -> str | None:
    """Return which column a header names, or None."""
    name = folded(header)
    return name if name in COLUMNS else ALIASES.get(name)
