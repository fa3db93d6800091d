"""Feeds in the conventions vendors really use, written by code, each with what its columns mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.catalog.intake import specs
from tests.catalog.intake.products import COLORS_EN, SIZES, Feed, as_csv, delimited, gtin, product, spec, table

SHOPIFY = """
    Handle ~ item_group_id ¦ Title ~ title ¦ Body (HTML) ~ description ¦ Vendor ~ brand ¦
    Product Category ~ google_product_category ¦ Type ~ product_type ¦ Tags ~ - ¦ Published ~ - ¦ Option1 Name ~ - ¦
    Option1 Value ~ color ¦ Option2 Name ~ - ¦ Option2 Value ~ size ¦ Variant SKU ~ id ¦ Variant Grams ~ weight ¦
    Variant Inventory Tracker ~ - ¦ Variant Inventory Qty ~ stock ¦ Variant Inventory Policy ~ - ¦
    Variant Fulfillment Service ~ - ¦ Variant Price ~ price ¦ Variant Compare At Price ~ - ¦
    Variant Requires Shipping ~ - ¦ Variant Taxable ~ - ¦ Variant Barcode ~ gtin ¦ Image Src ~ image_link ¦
    Image Position ~ - ¦ Image Alt Text ~ - ¦ Gift Card ~ - ¦ SEO Title ~ - ¦ SEO Description ~ - ¦
    Google Shopping / Google Product Category ~ - ¦ Google Shopping / Gender ~ gender ¦
    Google Shopping / Age Group ~ age_group ¦ Google Shopping / MPN ~ mpn ¦ Google Shopping / Condition ~ condition ¦
    Google Shopping / Custom Product ~ - ¦ Variant Image ~ - ¦ Variant Weight Unit ~ - ¦ Cost per item ~ - ¦ Status ~ -
"""


def shopify() -> Feed:
    """Return Shopify's export: two variants a product, and a row that only brings an image."""
    pairs = [[piece.strip() for piece in item.split("~")] for item in " ".join(SHOPIFY.split()).split("¦")]
    columns = [(header, None if attribute == "-" else attribute) for header, attribute in pairs]
    lines = []
    for i in range(6):
        p = product(i)
        first = {
            "Title": p["title"], "Body (HTML)": p["html"], "Vendor": p["brand"], "Product Category": "Home > Kitchen",
            "Type": "Cuisine", "Tags": "maison", "Published": "TRUE", "Option1 Name": "Color", "Option2 Name": "Size",
            "Image Src": p["image"], "Image Position": "1", "Gift Card": "FALSE", "Google Shopping / Gender": "unisex",
            "Google Shopping / Age Group": "adult", "Google Shopping / Condition": "new", "Status": "active",
        }  # fmt: skip
        for turn in range(2):
            variant = {
                "Handle": f"article-{i}", "Option1 Value": COLORS_EN[turn], "Option2 Value": SIZES[turn],
                "Variant SKU": f"{p['sku']}-{turn}", "Variant Grams": p["grams"], "Variant Inventory Qty": p["stock"],
                "Variant Inventory Policy": "deny", "Variant Price": p["price"],
                "Variant Barcode": gtin(100 + i * 2 + turn),
                "Google Shopping / MPN": p["mpn"], "Variant Weight Unit": "kg", "Cost per item": p["cost"],
            }  # fmt: skip
            lines.append({**variant, **(first if turn == 0 else {})})
        lines.append({"Handle": f"article-{i}", "Image Src": p["image2"], "Image Position": "2"})
    rows = [[line.get(header, "") for header, _ in columns] for line in lines]
    return Feed("shopify.csv", as_csv([[header for header, _ in columns], *rows]), columns, len(lines))


def google_rss() -> Feed:
    """Return a Google Merchant feed as RSS."""
    columns = spec("""
        g:id ~ id ~ sku ¦ title ~ title ~ title ¦ description ~ description ~ long ¦ link ~ link ~ link ¦
        g:image_link ~ image_link ~ image ¦ g:additional_image_link ~ additional_image_link ~ image2 ¦
        g:availability ~ availability ~ =in stock ¦ g:price ~ price ~ eur ¦ g:brand ~ brand ~ brand ¦
        g:gtin ~ gtin ~ ean ¦
        g:condition ~ condition ~ =new ¦ g:product_type ~ product_type ~ category ¦
        g:google_product_category ~ google_product_category ~ =604 ¦ g:identifier_exists ~ - ~ =yes
    """)
    extra = "<g:additional_image_link>https://x.test/2.jpg</g:additional_image_link>"
    extra += "<g:shipping><g:country>FR</g:country><g:price>4.90 EUR</g:price></g:shipping>"
    items = "".join(f"<item>{elements(columns, i)}{extra}</item>" for i in range(8))
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
    text = f"{head}<title>Boutique</title><link>https://x.test</link><description>Flux</description>{items}</channel></rss>"
    facts = [(header, attribute) for header, attribute, _ in columns] + [("g:shipping", "shipping")]
    return Feed("google.xml", text.encode(), facts, 8, format="xml", delimiter=None)


def elements(columns: Sequence[tuple[str, str | None, str]], i: int) -> str:
    """Return a product as XML elements named after the headers."""
    values = {header: value[1:] if value[:1] == "=" else product(i)[value] for header, _, value in columns}
    return "".join(f"<{header}>{escape(value)}</{header}>" for header, value in values.items())


def google_atom() -> Feed:
    """Return a Google Merchant feed as Atom, in ISO-8859-1."""
    columns = spec("""
        g:id ~ id ~ sku ¦ title ~ title ~ title ¦ summary ~ description ~ long ¦ updated ~ - ~ =2026-01-01T00:00:00Z ¦
        g:image_link ~ image_link ~ image ¦ g:price ~ price ~ eur ¦ g:mpn ~ mpn ~ mpn
    """)
    entries = "".join(f'<entry>{elements(columns, i)}<link href="{product(i)["link"]}"/></entry>' for i in range(5))
    names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"'
    head = f'<?xml version="1.0" encoding="ISO-8859-1"?><feed {names}><title>Flux</title>'
    text = f'{head}<link rel="self" href="https://x.test"/>{entries}</feed>'
    facts = [(header, attribute) for header, attribute, _ in columns] + [("link", "link")]
    data = text.encode("iso-8859-1")
    return Feed("atom.xml", data, facts, 5, format="xml", encoding="iso-8859-1", delimiter=None)


def plain_xml() -> Feed:
    """Return an XML of a vendor's own names, nested, with attributes."""
    items = ""
    for i in range(9):
        p = {key: escape(value) for key, value in product(i).items()}
        items += f'<produit ref="{p["sku"]}"><libelle>{p["title"]}</libelle><marque>{p["brand"]}</marque>'
        items += f'<prix devise="EUR">{p["price"]}</prix><dimensions><longueur>{p["length"]}</longueur>'
        items += f"<largeur>{p['width']}</largeur></dimensions><images><image>{p['image']}</image>"
        items += f"<image>{p['image2']}</image></images><codeean>{p['ean']}</codeean></produit>"
    text = f"<catalogue><entete><date>2026-01-01</date></entete><produits>{items}</produits></catalogue>"
    columns = [
        ("ref", "id"), ("libelle", "title"), ("marque", "brand"), ("prix", "price"), ("dimensions.longueur", "length"),
        ("dimensions.largeur", "width"), ("images.image", "image_link"), ("codeean", "gtin"),
    ]  # fmt: skip
    return Feed("catalogue.xml", text.encode(), columns, 9, format="xml", delimiter=None)


def json_list() -> Feed:
    """Return a plain JSON list with a nested price and a list of images."""
    items = [
        {
            "sku": p["sku"],
            "name": p["title"],
            "description": p["long"],
            "brand": {"name": p["brand"]},
            "price": {"amount": float(p["price"]), "currency": "EUR"},
            "images": [p["image"], p["image2"]],
            "ean": p["ean"],
            "in_stock": True,
            "updated_at": p["date"],
        }
        for p in map(product, range(7))
    ]
    columns = [
        ("sku", "id"), ("name", "title"), ("description", "description"), ("brand.name", "brand"),
        ("price.amount", "price"), ("price.currency", None), ("images", "image_link"), ("ean", "gtin"),
        ("in_stock", "availability"), ("updated_at", None),
    ]  # fmt: skip
    data = json.dumps(items, ensure_ascii=False).encode()
    return Feed("produits.json", data, columns, 7, format="json", delimiter=None)


def json_shopify() -> Feed:
    """Return Shopify's products.json: variants inside products."""
    items = []
    for i in range(5):
        p = product(i)
        variants = [
            {"id": 90000 + i * 2 + v, "sku": f"{p['sku']}-{v}", "price": p["price"], "option1": ("noir", "blanc")[v],
             "barcode": gtin(i * 2 + v), "grams": 300, "inventory_quantity": 4, "compare_at_price": None,
             "taxable": True}
            for v in range(2)
        ]  # fmt: skip
        items.append({
            "id": 9000 + i, "title": p["title"], "body_html": p["html"], "vendor": p["brand"],
            "product_type": "Cuisine",
            "handle": f"article-{i}", "tags": ["maison"], "variants": variants,
            "options": [{"name": "Color", "position": 1, "values": ["noir", "blanc"]}],
            "images": [{"id": 1, "position": 1, "src": p["image"]}],
        })  # fmt: skip
    columns = [
        ("id", None), ("title", "title"), ("body_html", "description"), ("vendor", "brand"),
        ("product_type", "product_type"),
        ("handle", "item_group_id"), ("tags", None), ("images.id", None), ("images.position", None),
        ("images.src", "image_link"), ("variants.id", None), ("variants.sku", "id"), ("variants.price", "price"),
        ("variants.Color", "color"), ("variants.barcode", "gtin"), ("variants.grams", "weight"),
        ("variants.inventory_quantity", "stock"), ("variants.compare_at_price", None), ("variants.taxable", None),
    ]  # fmt: skip
    data = json.dumps({"products": items}).encode()
    return Feed("products.json", data, columns, 5, format="json", delimiter=None)


def json_lines() -> Feed:
    """Return JSON Lines."""
    columns = [("reference", "id"), ("titre", "title"), ("prix", "price"), ("marque", "brand"), ("stock", "stock")]
    keys = ("sku", "title", "price", "brand", "stock")
    lines = [
        json.dumps(
            {header: product(i)[key] for (header, _), key in zip(columns, keys, strict=True)}, ensure_ascii=False
        )
        for i in range(6)
    ]
    return Feed("produits.jsonl", "\n".join(lines).encode(), columns, 6, format="jsonl", delimiter=None)


def amazon() -> Feed:
    """Return an Amazon flat file: a template line, labels, then the names of the fields."""
    headers, rows = table(specs.AMAZON)
    top = [
        "TemplateType=fptcustom",
        "Version=2021.1014",
        "TemplateSignature=Q09G",
        "The top 3 rows are for Amazon.com use only. Do not modify or delete the top 3 rows.",
    ]
    lines = [top + [""] * (len(headers) - len(top)), specs.AMAZON_LABELS, headers, *rows]
    return Feed("amazon.txt", as_csv(lines, "\t"), [(h, a) for h, a, _ in specs.AMAZON], len(rows), delimiter="\t")


def headless() -> Feed:
    """Return a file without a header."""
    spec: list[tuple[str, str | None, str]] = [
        ("", "id", "sku"),
        ("", "title", "title"),
        ("", "brand", "brand"),
        ("", "gtin", "ean"),
        ("", "price", "price"),
        ("", "image_link", "image"),
    ]
    _, rows = table(spec)
    return Feed(
        "sans_entete.csv",
        as_csv(rows, ";"),
        [(f"column_{n}", a) for n, (_, a, _) in enumerate(spec, 1)],
        len(rows),
        delimiter=";",
    )


def duplicated() -> Feed:
    """Return a file with duplicated and empty headers."""
    headers = ["Référence", "Nom", "Description", "Description", "", "Prix", "Prix", "Image", "Image"]
    rows = [
        [p["sku"], p["title"], p["long"], "", "x", p["price_fr"], p["price_fr"], p["image"], p["image2"]]
        for p in map(product, range(10))
    ]
    columns = [
        ("Référence", "id"),
        ("Nom", "title"),
        ("Description", "description"),
        ("Description (2)", None),
        ("column_5", None),
        ("Prix", "price"),
        ("Prix (2)", None),
        ("Image", "image_link"),
        ("Image (2)", "additional_image_link"),
    ]
    return Feed("doubles.csv", as_csv([headers, *rows], ";"), columns, 10, delimiter=";")


def all_feeds() -> list[Feed]:
    """Return every feed."""
    return [
        delimited("google.tsv", specs.GOOGLE_TSV, "\t"),
        google_rss(),
        google_atom(),
        shopify(),
        delimited("woocommerce_fr.csv", specs.WOOCOMMERCE_FR),
        delimited("prestashop_fr.csv", specs.PRESTASHOP_FR, ";"),
        delimited("magento.csv", specs.MAGENTO),
        delimited("mirakl_offers.csv", specs.MIRAKL_OFFERS, ";"),
        delimited("mirakl_products.csv", specs.MIRAKL_PRODUCTS, ";", "utf-8-sig"),
        delimited("akeneo.csv", specs.AKENEO, ";"),
        amazon(),
        delimited("francais.csv", specs.FRENCH, ";", "cp1252", "\r\n"),
        delimited("fautes.csv", specs.FRENCH_TYPOS, ";", "utf-8-sig"),
        delimited("english.csv", specs.ENGLISH),
        delimited("deutsch.csv", specs.GERMAN, ";", "cp1252", "\r\n"),
        delimited("espanol.csv", specs.SPANISH, ";", "utf-16"),
        delimited("abrege.txt", specs.ABBREVIATED, "|"),
        delimited("camel.csv", specs.RUN_TOGETHER),
        delimited("benchmark.csv", specs.BENCHMARK),
        plain_xml(),
        json_list(),
        json_shopify(),
        json_lines(),
        headless(),
        duplicated(),
        delimited("mac.csv", specs.FRENCH, ";", "mac_roman", "\r"),
        delimited("hash.csv", specs.BENCHMARK, "#"),
    ]
