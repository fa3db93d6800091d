"""The files in which the demo's vendors send their sheets, each in the form its own software writes.

Pure: sheets in, bytes out. Promise: one form a vendor (CSV of an old till, a web shop's export, a workbook with titles
and totals, a Merchant feed, JSON lines), the same cells at every call. Not here: what the sheets say (`vendor_sheets`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import openpyxl

from catalog.demo import vendor_sheets
from catalog.demo.vendor_sheets import Sheet


@dataclass(frozen=True, slots=True)
class VendorFile:
    """A file as a vendor sends it."""

    vendor: str
    name: str
    content: bytes


def _table(columns: Sequence[tuple[str, str]], sheets: Sequence[Sheet], *, delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([header for header, _ in columns])
    writer.writerows([[sheet.get(name, name) for _, name in columns] for sheet in sheets])
    return out.getvalue()


_TILL = (
    ("Réf.", "sku"), ("Désignation", "title"), ("Marque", "brand"), ("Famille", "shelf"), ("Descriptif", "text"),
    ("Prix TTC", "price"), ("Code EAN", "gtin"), ("Qté stock", "stock"), ("Couleur", "colour"),
    ("Contenance", "capacity"), ("Puissance", "power"), ("Photo", "image"), ("TVA", "20"),
)  # fmt: skip


def till_csv(sheets: Sequence[Sheet]) -> bytes:
    """Return a semicolon file in Windows' old encoding."""
    return _table(_TILL, sheets, delimiter=";").encode("cp1252", "replace")


_SHOP = (
    ("Handle", "handle"), ("Title", "title"), ("Body (HTML)", "text"), ("Vendor", "brand"), ("Type", "shelf"),
    ("Tags", "nouveautés"), ("Published", "TRUE"), ("Option1 Name", "Color"), ("Option1 Value", "colour"),
    ("Option2 Name", "Size"), ("Option2 Value", "size"), ("Variant SKU", "sku"), ("Variant Inventory Qty", "stock"),
    ("Variant Inventory Policy", "deny"), ("Variant Price", "price"), ("Variant Barcode", "gtin"),
    ("Image Src", "image"), ("Google Shopping / MPN", "mpn"), ("Status", "active"),
)  # fmt: skip
_SAID_ONCE = ("title", "text", "brand", "shelf", "image")


def shop_csv(sheets: Sequence[Sheet]) -> bytes:
    """Return a web shop's export: what a product's first line says is left out of its other variants."""
    seen: set[str] = set()
    lines = []
    for sheet in sheets:
        repeated = sheet["handle"] in seen
        seen.add(sheet["handle"])
        lines.append({**sheet, **dict.fromkeys(_SAID_ONCE, "")} if repeated else sheet)
    return _table(_SHOP, lines, delimiter=",").encode()


_STOCK = (
    ("Réf. article", "sku"), ("Libellé", "title"), ("Marque", "brand"), ("Réf. fabricant", "mpn"), ("EAN13", "gtin"),
    ("PV TTC", "price"), ("Stock", "stock"), ("Rayon", "shelf"), ("Texte descriptif", "text"), ("Visuel", "image"),
)  # fmt: skip
_NUMBERS = {"gtin", "price", "stock"}


def stock_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook: a page of greetings, then the list under title lines and above its totals."""
    book = openpyxl.Workbook()
    greeting = book.active
    greeting.title = "Lisez-moi"
    greeting.append(["Tarif à usage interne. Voir l'onglet suivant."])
    page = book.create_sheet("Tarif")
    for line in (["Voltamarine SAS — état du stock"], [], ["Prix en euros, TVA comprise"], []):
        page.append(line)
    page.append([header for header, _ in _STOCK])
    for sheet in sheets:
        page.append([_cell(name, sheet[name]) for _, name in _STOCK])
    stock = sum(int(sheet["stock"]) for sheet in sheets)
    page.append(["TOTAL", None, None, None, None, None, stock])
    page.append([])
    page.append(["Sauf erreur ou omission"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(name: str, text: str) -> str | int | float | None:
    if not text:
        return None
    if name not in _NUMBERS:
        return text
    return float(text) if "." in text else int(text)


_FEED = (
    ("g:id", "sku"), ("title", "title"), ("description", "text"), ("g:image_link", "image"), ("g:price", "price"),
    ("g:brand", "brand"), ("g:gtin", "gtin"), ("g:mpn", "mpn"), ("g:product_type", "shelf"),
    ("g:google_product_category", "category"), ("g:color", "colour"),
    ("g:size", "size"), ("g:condition", "new"), ("g:availability", "in stock"),
)  # fmt: skip


def merchant_feed(sheets: Sequence[Sheet]) -> bytes:
    """Return a Merchant feed as RSS; empty fields are left out."""
    items = []
    for sheet in sheets:
        fields = [(tag, sheet.get(name, name)) for tag, name in _FEED]
        items.append("<item>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in fields if text) + "</item>")
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
    )
    title = (
        "<title>Atelier du Cap</title><link>https://www.atelier-du-cap.example</link><description>Flux</description>"
    )
    return "\n".join([head, title, *items, "</channel></rss>", ""]).encode()


def json_lines(sheets: Sequence[Sheet]) -> bytes:
    """Return a wholesaler's records, one a line."""
    return "".join(json.dumps(_record(sheet), ensure_ascii=False) + "\n" for sheet in sheets).encode()


def _record(sheet: Sheet) -> Mapping[str, object]:
    return {
        "item_no": sheet["sku"],
        "name": sheet["title"],
        "manufacturer": {"name": sheet["brand"], "part_number": sheet["mpn"]},
        "ean": sheet["gtin"],
        "price": {"amount": sheet["price"], "currency": "EUR"},
        "description": sheet["text"],
        "category": sheet["shelf"],
        "stock": int(sheet["stock"]),
        "images": [sheet["image"]] if sheet["image"] else [],
    }


_FORMS: Mapping[str, tuple[str, Callable[[Sequence[Sheet]], bytes]]] = {
    "maison-verlaine": ("export_caisse_articles.csv", till_csv),
    "brin-de-fil": ("products_export_1.csv", shop_csv),
    "voltamarine": ("TARIF_STOCK.xlsx", stock_workbook),
    "atelier-du-cap": ("google_merchant.xml", merchant_feed),
    "kastanje": ("articles.jsonl", json_lines),
}


def file_of(vendor: str) -> VendorFile:
    """Return the file in which this vendor sends all its sheets."""
    name, write = _FORMS[vendor]
    return VendorFile(vendor, name, write(vendor_sheets.of(vendor)))


def all_files() -> list[VendorFile]:
    """Return every vendor's file."""
    return [file_of(vendor) for vendor in _FORMS]


def repriced(vendor: str = "maison-verlaine") -> VendorFile:
    """Return the vendor's latest file: some prices and stocks changed, one line sent twice."""
    sheets = vendor_sheets.of(vendor)[:40]
    changed = [
        {**sheet, "stock": str(int(sheet["stock"]) + 5)} if place % 4 else sheet for place, sheet in enumerate(sheets)
    ]
    return VendorFile(vendor, "maj_prix_stocks.csv", till_csv([*changed, changed[3]]))


def renewed(vendor: str = "maison-verlaine") -> VendorFile:
    """Return a file of the vendor under headers that it never used before."""
    columns = (("Code interne", "sku"), ("Nom commercial", "title"), ("Fabricant", "brand"), ("Tarif public", "price"),
               ("Gencod", "gtin"), ("Dispo", "stock"), ("Notes magasin", "shelf"), ("Argumentaire", "text"))  # fmt: skip
    text = _table(columns, vendor_sheets.of(vendor)[:25], delimiter="\t")
    return VendorFile(vendor, "nouveau_logiciel_caisse.txt", text.encode("utf-8-sig"))


def signed(vendor: str = "voltamarine") -> VendorFile:
    """Return kettles, toasters and food processors with the vendor's telephone number behind each description."""
    ending = " Une question ? SAV Voltamarine : 02 61 91 03 40."
    sheets = [sheet for sheet in vendor_sheets.of(vendor)[51:64] if sheet["text"]]
    return VendorFile(
        vendor, "TARIF_STOCK_SAV.xlsx", stock_workbook([{**one, "text": one["text"] + ending} for one in sheets])
    )


def untaxed(vendor: str = "kastanje") -> VendorFile:
    """Return some of the vendor's sheets with prices before tax, sent by mistake."""
    sheets = [{**one, "price": f"{float(one['price']) / 1.2:.2f}"} for one in vendor_sheets.of(vendor)[:20]]
    return VendorFile(vendor, "articles_netto.jsonl", json_lines(sheets))
