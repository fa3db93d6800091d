"""Headers and values → attributes, and rows in attributes."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.attributes import ATTRIBUTES
from catalog.intake import open_table
from catalog.mapping import CONTINUED_BY, apply_mapping, map_headers, map_rows, propose_mapping
from catalog.mapping.reading import plain
from catalog.mapping.vocabulary import SYNONYMS
from catalog.sheets import MappedSheet, Row
from tests.catalog.intake.feeds import shopify
from tests.catalog.intake.files import written
from tests.catalog.intake.products import gtin

# attribute (- for none): headers that nobody taught by example
HEADERS = """
width: Assembled width (cm)
shipping_height: Carton height (cm)
compatible_with: Works with
title: Lib. long
price: pricing.amount, PVI, PV, PRICE_VAT
product_type: category-code, CATEGORYTEXT
stock: Qty avail., Stock dépôt
color: Colourway
material: Compo
description: Description de vente
pack_quantity: VPE
origin_country: COO, Pays
id: Référence interne, Code art., N° article, Artikel-Nr, Cód. artículo, Item #, SKU #, ref_produit, Codigo SKU
id: PLU, Codice articolo, AR_Ref, ITMREF, MATNR
title: AR_Design, ITMDES1, MAKTX, Nome articolo
price: AR_PrixVen, BASPRI, Prix éditeur TTC, Tarif détail TTC, Prezzo di vendita, price.DEFAULT.gross
sale_price: Prezzo scontato, Tarif soldes
stock: AS_QteSto, PHYSTO, LABST, Quantità
weight: AR_PoidsNet, ITMWEI, NTGEW, Peso netto
product_type: FA_CodeFamille, Code famille articles, MATKL, Typologie, categ_id/complete_name
brand: product_brand_id/name, fabricant.nom, Marchio, *C:Marque
id: CustomLabel, Custom SKU, Partner SKU
price: *StartPrice, Brutto-VK, price_tax_incl, Prix unit. TTC
sale_price: PVP rebajado
stock: Uds. en stock
condition: *ConditionID
product_type: Code catégorie, Famille niv1
mpn: sku_manufacturer, MFRPN
vat_rate: Aliquota IVA
condition: Condizione
image_link: medias.principal
parent_id: parentNumber
title: Libellé article, LIBART, Désignation courte, Titre de l'annonce, Artikelbezeichnung, Désig., Prodcut Name, Nombre
description: Descriptif détaillé, Argumentaire commercial, Descr., Decription, Langtext, Descripción larga, Desc. ampliada
brand: Nom de la marque, Hersteller, Constructeur, Marke, Brand
gtin: Gencode, Code-barres, GTIN/EAN, N° EAN, Strichcode, EAN13, Barcode (ISBN, UPC, GTIN, etc.)
price: PVTTC, Prix EUR TTC, VK-Preis, Precio (IVA incl.), PVP con IVA, Price incl. VAT, Tarif
sale_price: Prix soldé, Angebotspreis, Precio rebajado, Special price
stock: Qté dispo, Quantitée dispo, Lager, Lagerbestand, Lagerbest., QTESTK, Cantidad, stock_qty, Quantité totale en stock
weight: Poids (g), Gewicht kg, Weight_kg, Pds net
length: Long. (cm), Länge in mm, Length (in)
width: Larg. (cm), Anchura cm
height: Haut. (cm), H (cm), Altura (cm), Dimension hauteur (mm)
depth: Prof. (cm), Tiefe (cm)
color: Coloris, couleur_produit, Farbton, Coleur
size: Pointure, Größe, Talla, Pointure EU, Taille FR
product_type: Rubrique, Catégorie niveau 1, Warengr., Sous catégorie, Warengruppe, Type de produit
image_link: URL photo 1, Lien image, Hauptbild, Bild-URL 1, Image 1 URL
origin_country: Fabriqué en, Herkunftsland, Made in, Urspr.land
vat_rate: TVA %, MwSt-Satz, Taux TVA (%), TXTVA
mpn: Réf fabricant, Herst.-Nr., Part Number, modelno, Mfr Part #, Mfg Part No., OEM ref
power: Puissance (W), Leistung (W), Puissance maxi (W)
capacity: Contenance (ml), Inhalt (ml), Battery capacity (mAh), Contenu (ml)
epr_idu: IDU
gender: Sexe cible, Homme/Femme
age_group: Age minimum conseillé
condition: Etat (neuf/occasion)
pack_quantity: Nb de pièces par lot, Quantité par colis
responsible_person: Responsable UE
manufacturer_address: Adresse du fabricant
parent_id: SKU parent, Parent
-: Prix d'achat, PA HT, P.A. HT, P. achat HT, Fournisseur, Actif, Tags, Meta title, Tax class, Published
-: Note interne, Marge, Slug, Statut
-: Éco-part, Date MAJ, Lieferant, EK-Preis, Prix barré, Saison, Stock mini, Prix au kg, Active (0/1), Diamètre (cm)
-: error-line, error-code, error-message, Prix conseillé, Code fournisseur, Poids palette, Stock fournisseur
-: Type de batterie, Éditeur du site, Hauteur de talon, Date dernière maj
"""
PAIRS = [
    (header.strip(), None if attribute == "-" else attribute)
    for line in HEADERS.strip().splitlines()
    for attribute, _, headers in [line.partition(": ")]
    for header in (
        headers.split(", ")
        if "(ISBN" not in headers
        else [*headers.split(", ")[:-4], "Barcode (ISBN, UPC, GTIN, etc.)"]
    )
]


@pytest.mark.parametrize(("header", "attribute"), PAIRS)
def test_a_header_means_its_attribute_by_its_words_alone(header: str, attribute: str | None) -> None:
    assert map_headers([header]) == {header: attribute}


def test_the_columns_of_the_matching_benchmarks_are_known() -> None:
    headers = ["id", "name", "description", "manufacturer", "modelno", "category", "price"]
    expected = ["id", "title", "description", "brand", "mpn", "product_type", "price"]
    assert list(map_headers(headers).values()) == expected


def test_no_header_word_stands_for_two_attributes() -> None:
    for name, attribute in ATTRIBUTES.items():
        for written_form in attribute.headers.split(";"):
            words = plain(written_form.strip().removeprefix("~"))
            assert not words or SYNONYMS[words][0] == name, words


def test_values_settle_what_a_header_leaves_open() -> None:
    samples = {
        "Type": ["simple", "variable", "variation", "simple"],
        "product-id": [gtin(i) for i in range(4)],
        "Stock": ["En stock", "Rupture", "En stock", "En stock"],
        "Estado": ["publicado", "borrador", "publicado", "publicado"],
    }
    assert list(map_headers(list(samples), samples).values()) == [None, "gtin", "availability", None]


@pytest.mark.parametrize(
    ("header", "values", "attribute"),
    [
        ("art", ["FAC-31", "BOS-12", "MAK-8"], "id"),
        ("art", ["Perceuse", "Scie sauteuse", "Vis à bois"], "title"),
        ("Conditionnement", ["Boîte carton", "Sachet", "Boîte carton"], None),
        ("Conditionnement", ["Boîte de 12", "Sachet de 3", "à l’unité"], "pack_quantity"),
        ("*ConditionID", ["1000", "1000", "3000"], "condition"),
        ("In stok", ["12", "4", "0"], "stock"),
        ("In stok", ["oui", "non", "oui"], "availability"),
        ("Lager", ["Halle A", "Halle B", "Halle A"], None),
        ("¿Existencias?", ["1", "0", "1"], "availability"),
        ("¿Existencias?", ["12", "4", "0"], "stock"),
        ("department_name", ["mens", "womens", "womens"], "gender"),
        ("department_name", ["Kitchen", "Garden", "Toys"], "product_type"),
        ("department_name", ["12", "14", "14"], None),
    ],
)
def test_values_say_which_of_its_meanings_a_header_has(header: str, values: list[str], attribute: str | None) -> None:
    assert map_headers([header], {header: values}) == {header: attribute}


def test_a_product_without_options_leaves_the_names_of_the_others_options_alone() -> None:
    rows = [
        {"Handle": "polo", "Title": "Polo", "Option1 Name": "Taille", "Option1 Value": "S", "Variant SKU": "P-S"},
        {"Handle": "polo", "Title": "", "Option1 Name": "", "Option1 Value": "M", "Variant SKU": "P-M"},
        {
            "Handle": "sac",
            "Title": "Sac",
            "Option1 Name": "Title",
            "Option1 Value": "Default Title",
            "Variant SKU": "S",
        },
    ]
    columns = propose_mapping(list(rows[0]), rows)
    sizes = [sheet.values.get("size") for sheet in map_rows([Row(n, row) for n, row in enumerate(rows, 2)], columns)]
    assert sizes == ["S", "M", None]


def test_an_unknown_header_is_only_told_by_what_values_prove() -> None:
    samples = {
        "Machin A": [gtin(i) for i in range(5)],
        "Machin B": [f"https://x.test/{i}.jpg" for i in range(5)],
        "Machin C": list("abcde"),
    }
    assert list(map_headers(list(samples), samples).values()) == ["gtin", "image_link", None]


def test_a_mistyped_header_is_not_believed_against_its_values() -> None:
    assert map_headers(["Pirx"], {"Pirx": ["rouge", "bleu", "vert"]})["Pirx"] is None
    assert map_headers(["Prxi"], {"Prxi": ["12,50", "3,99", "7,00"]})["Prxi"] == "price"


def test_the_vendors_own_decision_comes_first_and_may_leave_a_column_out() -> None:
    columns = propose_mapping(["Description", "Truc", "Marque"], {}, {"Truc": "title", "Description": None})
    assert [(c.attribute, c.reason_code) for c in columns] == [
        (None, "remembered"),
        ("title", "remembered"),
        ("brand", "exact_header"),
    ]


def test_other_vendors_decisions_help_where_they_agree() -> None:
    dictionary = {"bezeichnungsfeld": {"title": 9, "brand": 1}, "wirrwarr": {"title": 1, "brand": 1}}
    columns = propose_mapping(["Bezeichnungsfeld", "Wirrwarr"], {}, None, dictionary)
    assert [(c.attribute, c.reason_code) for c in columns] == [("title", "dictionary"), (None, "unknown")]
    assert "90" in columns[0].reason("fr")


@pytest.mark.parametrize(
    ("header", "attribute"),
    [("Prix TCC", "price"), ("Prix public TCT", "price"), ("Qté dipso", "stock")],
)
def test_slips_in_an_abbreviation_are_seen_through(header: str, attribute: str) -> None:
    assert map_headers([header], {header: ["12", "3", "7"]}) == {header: attribute}


NAMES = ["Fauteuil pliant Ostara", "Théière en fonte Kyomi", "Parure de lit Velouté"]
TEXTS = [f"{name}, un bel article solide, pensé pour durer longtemps dans toutes les maisons." for name in NAMES]
NAMED_BY_DESCRIPTION = [
    ({"Item Desription": NAMES}, {"Item Desription": "title"}),
    ({"Description": NAMES}, {"Description": "description"}),
    ({"Item Description": TEXTS}, {"Item Description": "description"}),
    (
        {"Item Description": NAMES, "Product Description": TEXTS},
        {"Item Description": "title", "Product Description": "description"},
    ),
    (
        {"Title": NAMES, "Item Description": NAMES, "Long Description": TEXTS},
        {"Title": "title", "Item Description": "description", "Long Description": None},
    ),
    (
        {"description[fr]": NAMES, "description[en]": NAMES},
        {"description[fr]": "description", "description[en]": "description"},
    ),
]


@pytest.mark.parametrize(("columns", "expected"), NAMED_BY_DESCRIPTION)
def test_where_no_column_is_the_title_a_short_description_is(
    columns: dict[str, list[str]], expected: dict[str, str | None]
) -> None:
    assert map_headers(list(columns), columns) == expected


def test_one_column_an_attribute_and_the_loser_says_who_won() -> None:
    columns = propose_mapping(["Prix HT", "Prix TTC", "Fabricant", "Marque"], {})
    assert [c.attribute for c in columns] == [None, "price", "manufacturer_name", "brand"]
    assert "Prix TTC" in columns[0].reason("fr")


def test_a_german_shops_article_number_is_the_vendors_own_beside_the_number_of_a_row() -> None:
    assert map_headers(["ID", "Artikelnummer", "Name"]) == {"ID": None, "Artikelnummer": "id", "Name": "title"}


def test_the_cost_of_an_odoo_export_is_not_its_price_while_amazons_standard_price_is() -> None:
    odoo = map_headers(["id", "default_code", "name", "list_price", "standard_price", "categ_id"])
    assert (odoo["default_code"], odoo["list_price"], odoo["standard_price"]) == ("id", "price", None)
    assert map_headers(["item_sku", "list_price", "standard_price"])["standard_price"] == "price"


def test_a_count_of_pieces_goes_before_what_a_carton_holds() -> None:
    assert map_headers(["PCB", "Nb pièces / lot"]) == {"PCB": None, "Nb pièces / lot": "pack_quantity"}


def test_the_names_of_a_family_go_before_its_codes() -> None:
    columns = {
        "Code famille": ["F01", "F02", "F01"],
        "Libellé famille article": ["Luminaires", "Meubles", "Luminaires"],
    }
    found = map_headers([*columns], columns)
    assert found == {"Code famille": None, "Libellé famille article": "product_type"}
    assert map_headers(["Code famille"], {"Code famille": ["F01", "F02", "F01"]}) == {"Code famille": "product_type"}


def test_a_short_text_is_the_title_where_nothing_else_is_one() -> None:
    short = ["Lampe de bureau", "Chaise pliante", "Banc de jardin"]
    columns = {
        "Short text": short,
        "Long text": [f"{text} en hêtre, livrée montée, garantie deux ans." for text in short],
    }
    assert map_headers([*columns], columns) == {"Short text": "title", "Long text": "description"}
    named = map_headers(["Name", *columns], {"Name": short, **columns})
    assert (named["Name"], named["Short text"]) == ("title", None)


def test_samples_may_be_rows_or_values() -> None:
    rows = [Row(2, {"X": gtin(1)}), Row(3, {"X": gtin(2)}), Row(4, {"X": gtin(3)})]
    assert map_headers(["X", "Y"], rows) == map_headers(["X", "Y"], {"X": [gtin(1), gtin(2), gtin(3)]})


def applied(cells: dict[str, str]) -> MappedSheet:
    return apply_mapping(Row(2, cells), propose_mapping(list(cells), {key: [value] for key, value in cells.items()}))


def test_units_and_currencies_of_headers_go_with_bare_values_only() -> None:
    sheet = applied(
        {"Longueur (cm)": "12", "Largeur (cm)": "12 mm", "Prix (€)": "9,90", "Poids kg": "1,5", "Prix promo USD": "5"}
    )
    assert dict(sheet.values) == {
        "length": "12 cm",
        "width": "12 mm",
        "price": "9,90 EUR",
        "weight": "1,5 kg",
        "sale_price": "5 USD",
    }


def test_a_currency_sign_glued_to_a_header_is_carried_too() -> None:
    mapping = propose_mapping(["PVP€", "sku"], {"PVP€": ["12,50"], "sku": ["A1"]})
    sheet = apply_mapping(Row(2, {"PVP€": "12,50", "sku": "A1"}), mapping)
    assert sheet.values["price"] == "12,50 EUR"


def test_units_and_currencies_of_sister_columns_go_with_their_values() -> None:
    sheet = applied({"price": "5", "currency": "CHF", "weight": "2", "weight-unit": "KILOGRAM"})
    assert dict(sheet.values) == {"price": "5 CHF", "weight": "2 kg"}


def test_levels_are_joined_and_images_parted_and_bullets_follow_the_text() -> None:
    sheet = applied({
        "Catégorie": "Maison", "Sous-catégorie": "Cuisine", "Images": "https://x.test/a,1.jpg, https://x.test/b.jpg",
        "Image 2": "https://x.test/c.jpg", "Description": "Texte", "bullet_point2": "deux", "bullet_point1": "un",
    })  # fmt: skip
    assert sheet.values["product_type"] == "Maison > Cuisine"
    assert sheet.values["image_link"] == "https://x.test/a,1.jpg"
    assert sheet.values["additional_image_link"] == "https://x.test/b.jpg | https://x.test/c.jpg"
    assert sheet.values["description"] == "Texte\nun\ndeux"


def test_of_two_languages_the_french_is_taken_and_the_other_where_it_is_empty() -> None:
    assert applied({"label[en]": "Lamp", "label[fr]": "Lampe"}).values["title"] == "Lampe"
    assert applied({"label[en]": "Lamp", "label[fr]": ""}).values["title"] == "Lamp"


def test_columns_without_attribute_are_kept_and_sources_named() -> None:
    sheet = applied({"Nom": " Lampe ", "Marge": "30 %"})
    assert (sheet.row, dict(sheet.values), dict(sheet.extras), dict(sheet.sources)) == (
        2,
        {"title": "Lampe"},
        {"Marge": "30 %"},
        {"title": "Nom"},
    )


def test_shopify_rows_inherit_from_the_first_of_their_handle_and_images_are_folded(tmp_path: Path) -> None:
    feed = shopify()
    table = open_table(written(tmp_path, feed.name, feed.data))
    rows = list(table.rows())
    sheets = list(map_rows(rows, propose_mapping(table.headers, rows)))
    assert len(rows) == 18
    assert len(sheets) == 12
    first, second = sheets[:2]
    assert second.values["title"] == first.values["title"]
    assert second.values["brand"] == first.values["brand"]
    assert (first.values["size"], second.values["size"], second.values["weight"]) == ("S", "M", "200 g")
    assert first.values["additional_image_link"].endswith("0-b.jpg")
    assert first.extras[CONTINUED_BY] == "4"


def test_a_variant_without_title_or_picture_has_the_picture_of_its_product_and_one_with_a_title_has_not() -> None:
    columns = propose_mapping(["Handle", "Title", "Variant SKU", "Image Src"], {})
    cells = (
        ("Pull", "A", "https://x.example/a.jpg"),
        ("", "B", ""),
        ("", "C", "https://x.example/c.jpg"),
        ("Pull", "D", ""),
    )
    rows = [
        Row(at, {"Handle": "h", "Title": title, "Variant SKU": sku, "Image Src": image})
        for at, (title, sku, image) in enumerate(cells, 2)
    ]
    pictures = [sheet.values.get("image_link", "")[-5:] for sheet in map_rows(rows, columns)]
    assert pictures == ["a.jpg", "a.jpg", "c.jpg", ""]


def test_a_variation_has_of_its_parent_what_its_own_line_leaves_empty() -> None:
    headers = ["SKU", "Name", "Description", "Images", "Parent", "Brands", "Regular price"]
    lines = (
        ("TEE", "T-shirt", "Coton bio, coupe droite.", "https://x.example/tee.jpg", "", "Filomé", ""),
        ("MUG", "Mug", "Grès émaillé.", "", "", "Terrabo", "15"),
        ("TEE-B", "T-shirt - bleu", "", "", "TEE", "", "25"),
        ("TEE-R", "T-shirt - rouge", "Teint deux fois.", "https://x.example/r.jpg", "TEE", "", "27"),
        ("ALONE", "T-shirt - vert", "", "", "GONE", "", "25"),
    )
    rows = [Row(at, dict(zip(headers, cells, strict=True))) for at, cells in enumerate(lines, 2)]
    sheets = {sheet.values["id"]: dict(sheet.values) for sheet in map_rows(rows, propose_mapping(headers, rows))}
    blue, red = sheets["TEE-B"], sheets["TEE-R"]
    assert (blue["title"], blue["description"], blue["brand"]) == (
        "T-shirt - bleu",
        "Coton bio, coupe droite.",
        "Filomé",
    )
    assert (blue["image_link"], blue["price"]) == ("https://x.example/tee.jpg", "25")
    assert (red["description"], red["image_link"]) == ("Teint deux fois.", "https://x.example/r.jpg")
    assert "image_link" not in sheets["MUG"]
    assert "description" not in sheets["ALONE"]


def test_a_shop_without_article_numbers_is_told_apart_by_the_numbers_of_its_pages() -> None:
    headers = ["ID", "Type", "SKU", "Name", "Description", "Parent"]
    lines = (
        ("44", "variable", "", "T-shirt", "Coton bio.", ""),
        ("45", "variation", "", "T-shirt - bleu", "", "id:44"),
    )
    rows = [Row(at, dict(zip(headers, cells, strict=True))) for at, cells in enumerate(lines, 2)]
    first, second = (dict(sheet.values) for sheet in map_rows(rows, propose_mapping(headers, rows)))
    assert (first["id"], second["id"], second["parent_id"], second["description"]) == ("44", "45", "44", "Coton bio.")


def test_pairs_in_one_cell_add_what_no_column_says() -> None:
    headers = ["sku", "name", "color", "additional_attributes"]
    lines = (
        ("A", "Gourde", "", "color=Bleu,manufacturer=Filomé, Frères,climate=Cool|Hot,material=Inox|Silicone"),
        ("B", "Gourde", "rouge", 'color=Bleu,ean=3760001234563,"note=dit ""forte""",size='),
    )
    rows = [Row(at, dict(zip(headers, cells, strict=True))) for at, cells in enumerate(lines, 2)]
    columns = propose_mapping(headers, rows)
    first, second = (dict(sheet.values) for sheet in map_rows(rows, columns))
    assert first == {
        "id": "A",
        "title": "Gourde",
        "color": "Bleu",
        "brand": "Filomé, Frères",
        "material": "Inox, Silicone",
    }
    assert second == {"id": "B", "title": "Gourde", "color": "rouge", "gtin": "3760001234563"}
    assert "name=value" in columns[-1].reason("en")


def test_a_group_without_end_is_not_held_whole_and_still_inherits() -> None:
    columns = propose_mapping(["Handle", "Title", "Variant SKU"], {})
    cells = ({"Handle": "h", "Title": "Pull" if n == 0 else "", "Variant SKU": str(n)} for n in range(5000))
    sheets = list(map_rows((Row(n, row) for n, row in enumerate(cells, 2)), columns))
    assert [sheet.row for sheet in sheets] == list(range(2, 5002))
    assert {sheet.values["title"] for sheet in sheets} == {"Pull"}


def test_applying_the_same_columns_again_does_not_mix_up_two_mappings() -> None:
    left, right = propose_mapping(["Nom"], {}), propose_mapping(["Marque"], {})
    row = Row(2, {"Nom": "a", "Marque": "b"})
    assert [dict(apply_mapping(row, columns).values) for columns in (left, right, left)] == [
        {"title": "a"},
        {"brand": "b"},
        {"title": "a"},
    ]


def test_the_first_column_of_a_file_without_header_is_its_key_though_some_codes_are_letters_alone() -> None:
    keys = ["CH-001", "CH-002", "TS-S-BL", "TS-M-BL", "CF-15", "LP-7", "BD-42", "SC-10"]
    rows = [{"column_1": key, "column_2": f"Chaise pliante numéro {key} en chêne", "column_3": "12,90"} for key in keys]
    found = {one.header: one.attribute for one in propose_mapping(["column_1", "column_2", "column_3"], rows)}
    assert found == {"column_1": "id", "column_2": "title", "column_3": "price"}
