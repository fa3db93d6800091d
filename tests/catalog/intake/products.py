"""Invented products, and the feeds made of them: the bytes of a file and the facts that `inspect` must find."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True)
class Feed:
    """A file and what is true of it; `columns` are (header, attribute or None) in order."""

    name: str
    data: bytes
    columns: Sequence[tuple[str, str | None]]
    records: int
    format: str = "csv"
    encoding: str | None = "utf-8"
    delimiter: str | None = ","


NOUNS = ("Cafetière", "Bouilloire", "Lampe", "Chaise", "Montre", "Enceinte", "Sac à dos", "Poêle", "Tapis", "Couette")
BRANDS = ("Velmor", "Kassandre", "Nordlys", "Tambora", "Quintal & Fils")
COLORS = ("noir", "blanc", "bleu nuit", "rouge", "gris")
COLORS_EN = ("black", "white", "navy", "red", "grey")
SIZES = ("S", "M", "L", "XL")


def gtin(number: int) -> str:
    """Return a valid EAN-13 for a number."""
    body = f"{361000000000 + number * 7919:012d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)


def product(i: int) -> dict[str, str]:
    """Return the values of an invented product, in many forms."""
    noun, brand = NOUNS[i % len(NOUNS)], BRANDS[i % len(BRANDS)]
    price = 9.9 + i * 7.35
    return {
        "sku": f"AR-{1000 + i}",
        "number": str(500 + i),
        "title": f"{noun} {brand} modèle {i + 1}",
        "brand": brand,
        "short": f"{noun} simple et solide.",
        "long": f"{noun} de la maison {brand}, pensée pour durer ; livrée avec notice, garantie et pièces n° {i}.",
        "html": f"<p>{noun} <b>{brand}</b>, solide.</p><ul><li>Point {i}</li></ul>",
        "ean": gtin(i),
        "mpn": f"{brand[:3].upper()}{i:04d}X",
        "price": f"{price:.2f}",
        "price_fr": f"{price:.2f}".replace(".", ","),
        "eur": f"{price:.2f} EUR",
        "sale": f"{price * 0.8:.2f}",
        "sale_fr": f"{price * 0.8:.2f}".replace(".", ","),
        "cost": f"{price * 0.5:.2f}",
        "stock": str(i * 3 % 41),
        "weight": f"{0.2 + i * 0.15:.2f}",
        "weight_fr": f"{0.2 + i * 0.15:.2f}".replace(".", ","),
        "grams": str(200 + i * 150),
        "length": str(10 + i),
        "width": str(8 + i),
        "height": str(20 + i),
        "color": COLORS[i % 5],
        "color_en": COLORS_EN[i % 5],
        "size": SIZES[i % 4],
        "material": ("coton", "acier", "bois", "verre")[i % 4],
        "category": f"Maison > Cuisine > {noun}",
        "cat1": "Maison",
        "cat2": "Cuisine",
        "cat3": noun,
        "image": f"https://cdn.exemple.test/img/{i}.jpg",
        "image2": f"https://cdn.exemple.test/img/{i}-b.jpg",
        "image3": f"https://cdn.exemple.test/img/{i}-c.png",
        "link": f"https://boutique.exemple.test/p/{i}",
        "country": ("France", "Portugal", "Chine")[i % 3],
        "date": f"2026-0{i % 9 + 1}-15",
        "flag": str(i % 2),
    }


def table(spec: Sequence[tuple[str, str | None, str]], count: int = 12) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows; a spec line is (header, attribute, key of `product`, or "=text" for a constant)."""
    rows = [[value[1:] if value[:1] == "=" else product(i)[value] for _, _, value in spec] for i in range(count)]
    return [header for header, _, _ in spec], rows


def spec(text: str) -> list[tuple[str, str | None, str]]:
    """Return the lines of a spec written as "header ~ attribute (- for none) ~ value", parted by "¦"."""
    parts = ([piece.strip() for piece in item.split("~")] for item in " ".join(text.split()).split("¦"))
    return [(header, None if attribute == "-" else attribute, value) for header, attribute, value in parts]


def as_csv(
    lines: Sequence[Sequence[Cell]], delimiter: str = ",", encoding: str = "utf-8", newline: str = "\n"
) -> bytes:
    """Return lines as a delimited file."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerows(lines)
    return buffer.getvalue().encode(encoding)


def delimited(
    name: str,
    lines: Sequence[tuple[str, str | None, str]],
    delimiter: str = ",",
    encoding: str = "utf-8",
    newline: str = "\n",
) -> Feed:
    """Return a delimited feed of a spec."""
    headers, rows = table(lines)
    columns = [(header, attribute) for header, attribute, _ in lines]
    data = as_csv([headers, *rows], delimiter, encoding, newline)
    return Feed(name, data, columns, len(rows), encoding=encoding, delimiter=delimiter)
