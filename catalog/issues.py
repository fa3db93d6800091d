"""Every coded fault of a sheet: how grave it is, what it says, and how a vendor mends it, in French and English.

Promise: a code used anywhere in the catalogue stands in `ISSUES`, once; the words a person reads are made here from
an `Issue`'s parameters, so a stored issue can be shown in any language. Codes that are numbers are those that
marketplace vendors already know from other houses (1000, 1001, 1002, 1004, 2006).
Not here: how a fault is found (harmonization, quality, keywords) and where it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency

from catalog.attributes import ATTRIBUTES, Kind
from catalog.sheets import Issue, Locale, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
# A value quoted in a message is cut here: a 4,000-character description would hide the sentence around it.
QUOTED_CHARACTERS = 80
_KEPT_AMOUNT = re.compile(r"-?\d+\.\d\d")


@dataclass(frozen=True, slots=True)
class IssueKind:
    """What is known of one code: severity, the attribute it usually concerns, its words and its remedy by locale."""

    code: str
    severity: Severity
    attribute: str | None
    words: Mapping[Locale, str]
    fix: Mapping[Locale, str]


# code, severity, attribute, words fr, words en, fix fr, fix en. {attribute} and {value} come from the issue itself,
# every other name from its params; a name that is not given reads "?".
# A missing price only warns: a product sheet without an offer is a page to enrich, and nothing can be bought on it.
_TABLE: tuple[tuple[str, Severity, str | None, str, str, str, str], ...] = (
    ("1000", _ERROR, None,
     "L’attribut obligatoire « {attribute} » manque.", "The required attribute “{attribute}” is missing.",
     "Renseignez « {attribute} » dans votre fichier.", "Fill in “{attribute}” in your file."),
    ("1001", _ERROR, "category",
     "La catégorie « {value} » est inconnue.", "The category “{value}” is unknown.",
     "Choisissez une catégorie de l’arborescence de la place de marché.",
     "Choose a category from the marketplace's category tree."),
    ("1002", _ERROR, None,
     "La ligne compte {found} champs au lieu de {expected}.", "The line has {found} fields instead of {expected}.",
     "Vérifiez les séparateurs et les guillemets de cette ligne.", "Check the separators and quotes on this line."),
    ("1004", _WARNING, "category",
     "La catégorie n’a pas pu être reconnue.", "The category could not be identified.",
     "Indiquez la catégorie, ou nommez le type de produit dans le titre.",
     "State the category, or name the kind of product in the title."),
    ("2006", _WARNING, None,
     "La valeur « {value} » n’est pas dans la liste de « {attribute} ».",
     "The value “{value}” is not in the list for “{attribute}”.",
     "Choisissez une valeur de la liste.", "Choose a value from the list."),
    ("invalid_gtin", _ERROR, "gtin",
     "Le code-barres « {value} » est faux.", "The barcode “{value}” is wrong.",
     "Recopiez le code imprimé sous le code-barres, ou laissez la cellule vide.",
     "Copy the number printed under the barcode, or leave the cell empty."),
    ("restricted_gtin", _WARNING, "gtin",
     "Le code « {value} » est réservé à l’usage interne d’un magasin.",
     "The code “{value}” is reserved for use inside a shop.",
     "Donnez le code du fabricant, ou laissez la cellule vide.",
     "Give the manufacturer's code, or leave the cell empty."),
    ("bulk_gtin", _WARNING, "gtin",
     "Le code « {value} » désigne un carton, pas l’article à l’unité.",
     "The code “{value}” stands for a case, not for the single article.",
     "Donnez le code à 13 chiffres de l’article.", "Give the article's own 13-digit code."),
    ("gtin_digits_lost", _ERROR, "gtin",
     "Le tableur a arrondi le code « {value} » : des chiffres sont perdus.",
     "The spreadsheet rounded the code “{value}”: digits are lost.",
     "Mettez la colonne au format texte et recopiez le code.", "Set the column to text and enter the code again."),
    ("gtin_brand_clash", _WARNING, "gtin",
     "Le code « {value} » appartient déjà à un produit d’une autre marque ({brand}).",
     "The code “{value}” already belongs to a product of another brand ({brand}).",
     "Vérifiez le code et la marque.", "Check the code and the brand."),
    ("title_truncated", _WARNING, "title",
     "Le titre est coupé : « {value} ».", "The title is cut off: “{value}”.",
     "Écrivez le titre entier, sans points de suspension.", "Write the whole title, without an ellipsis."),
    ("title_all_caps", _WARNING, "title",
     "Le titre est tout en majuscules.", "The title is all capitals.",
     "Écrivez le titre en minuscules, majuscule au premier mot et aux marques.",
     "Write the title in lower case, with capitals for the first word and brands."),
    ("title_repeated_words", _WARNING, "title",
     "Le titre répète des mots : « {value} ».", "The title repeats words: “{value}”.",
     "Retirez les mots en double.", "Remove the repeated words."),
    ("title_too_short", _WARNING, "title",
     "Le titre est trop court pour reconnaître le produit.", "The title is too short to recognize the product.",
     "Dites le type de produit, la marque, le modèle et la caractéristique principale.",
     "State the kind of product, the brand, the model and its main feature."),
    ("title_too_long", _WARNING, "title",
     "Le titre est trop long.", "The title is too long.",
     "Gardez l’essentiel, 150 caractères au plus, et placez le reste dans la description.",
     "Keep the essentials, at most 150 characters, and move the rest to the description."),
    ("html_in_text", _WARNING, "description",
     "Le texte contient des balises HTML.", "The text contains HTML tags.",
     "Envoyez du texte simple, sans balises.", "Send plain text, without tags."),
    ("mojibake", _WARNING, "description",
     "Des caractères sont abîmés : « {value} ».", "Some characters are garbled: “{value}”.",
     "Enregistrez le fichier en UTF-8.", "Save the file as UTF-8."),
    ("control_characters", _WARNING, "description",
     "Le texte contient des caractères invisibles.", "The text contains invisible characters.",
     "Retapez le texte, ou collez-le sans mise en forme.", "Type the text again, or paste it without formatting."),
    ("boilerplate", _WARNING, "description",
     "Le texte contient une formule sans lien avec le produit : « {value} ».",
     "The text contains a phrase that says nothing of the product: “{value}”.",
     "Retirez les formules commerciales et les renvois.", "Remove sales phrases and pointers."),
    ("emoji_in_text", _WARNING, "title",
     "Le texte contient des émojis ou des symboles décoratifs.", "The text contains emoji or decorative symbols.",
     "Retirez-les.", "Remove them."),
    ("contact_in_text", _WARNING, "description",
     "Le texte donne une adresse, un téléphone ou un site : « {value} ».",
     "The text gives an address, a phone number or a website: “{value}”.",
     "Retirez vos coordonnées : l’acheteur vous écrit par la place de marché.",
     "Remove your contact details: buyers write to you through the marketplace."),
    ("placeholder_value", _WARNING, None,
     "« {value} » n’est pas une valeur pour « {attribute} ».", "“{value}” is not a value for “{attribute}”.",
     "Donnez la vraie valeur, ou laissez la cellule vide.", "Give the real value, or leave the cell empty."),
    ("brand_missing", _WARNING, "brand",
     "La marque manque.", "The brand is missing.",
     "Indiquez la marque. Si l’article n’en a pas, écrivez « Sans marque ».",
     "State the brand. If the article has none, write “Unbranded”."),
    ("brand_conflict", _WARNING, "brand",
     "La marque « {value} » ne s’accorde pas avec le texte, qui nomme « {other} ».",
     "The brand “{value}” does not agree with the text, which names “{other}”.",
     "Corrigez la marque ou le texte.", "Correct the brand or the text."),
    ("category_conflict", _WARNING, "category",
     "Le texte décrit plutôt « {suggested} » que « {value} ».",
     "The text describes “{suggested}” rather than “{value}”.",
     "Corrigez la catégorie, ou précisez le titre.", "Correct the category, or make the title clearer."),
    ("unit_conflict", _WARNING, None,
     "« {attribute} » vaut {value} ici et {other} ailleurs dans la fiche.",
     "“{attribute}” is {value} here and {other} elsewhere in the sheet.",
     "Donnez partout la même mesure.", "Give the same measure everywhere."),
    ("price_missing", _WARNING, "price",
     "Le prix manque.", "The price is missing.",
     "Indiquez le prix toutes taxes comprises, par exemple 19,99 EUR.",
     "State the price including taxes, for example 19.99 EUR."),
    ("price_suspect", _WARNING, "price",
     "Le prix « {value} » paraît faux.", "The price “{value}” looks wrong.",
     "Vérifiez le prix et la place de la virgule.", "Check the price and where its decimal mark stands."),
    ("price_format", _ERROR, "price",
     "Le prix « {value} » n’est pas lisible.", "The price “{value}” cannot be read.",
     "Écrivez un montant et une monnaie, par exemple 19,99 EUR.",
     "Write an amount and a currency, for example 19.99 EUR."),
    ("duplicate_in_file", _ERROR, "id",
     "La ligne {first_row} porte déjà l’identifiant « {value} ».", "Line {first_row} already has the id “{value}”.",
     "Gardez une seule ligne par identifiant.", "Keep a single line for each id."),
    ("image_missing", _WARNING, "image_link",
     "L’image manque.", "The image is missing.",
     "Donnez l’adresse d’une image du produit.", "Give the address of an image of the product."),
    ("image_url_invalid", _WARNING, "image_link",
     "L’adresse de l’image « {value} » n’est pas valable.", "The image address “{value}” is not valid.",
     "Donnez une adresse complète, qui commence par https://.", "Give a full address, starting with https://."),
    ("image_unreachable", _WARNING, "image_link",
     "L’image « {value} » n’a pas pu être chargée.", "The image “{value}” could not be loaded.",
     "Vérifiez que l’adresse s’ouvre dans un navigateur sans être connecté.",
     "Check that the address opens in a browser without logging in."),
    ("image_not_image", _WARNING, "image_link",
     "L’adresse « {value} » ne mène pas à une image.", "The address “{value}” does not lead to an image.",
     "Donnez l’adresse d’un fichier JPEG, PNG ou WebP, pas celle d’une page.",
     "Give the address of a JPEG, PNG or WebP file, not that of a page."),
    ("image_too_large", _WARNING, "image_link",
     "L’image « {value} » est trop lourde ou compte trop de pixels.",
     "The image “{value}” is too heavy or has too many pixels.",
     "Réduisez-la : 2 000 pixels de côté et 15 Mo au plus suffisent.",
     "Make it smaller: 2,000 pixels a side and at most 15 MB are enough."),
    ("image_too_small", _WARNING, "image_link",
     "L’image « {value} » est trop petite : {width} × {height} pixels.",
     "The image “{value}” is too small: {width} × {height} pixels.",
     "Envoyez une image d’au moins 800 pixels de côté.", "Send an image of at least 800 pixels a side."),
    ("image_blank", _WARNING, "image_link",
     "L’image « {value} » ne montre rien.", "The image “{value}” shows nothing.",
     "Remplacez-la par une photo du produit.", "Replace it with a photo of the product."),
    ("image_ratio", _WARNING, "image_link",
     "L’image « {value} » est trop étirée : {width} × {height} pixels.",
     "The image “{value}” is too stretched: {width} × {height} pixels.",
     "Cadrez le produit dans un carré ou presque.", "Frame the product in a square, or nearly so."),
    ("image_duplicate", _WARNING, "additional_image_link",
     "L’image « {value} » montre la même chose qu’une autre image de la fiche.",
     "The image “{value}” shows the same as another image of the sheet.",
     "Retirez-la, ou montrez le produit sous un autre angle.", "Remove it, or show the product from another side."),
    ("image_shared", _WARNING, "image_link",
     "La même image « {value} » sert à {count} de vos produits.",
     "The same image “{value}” serves {count} of your products.",
     "Donnez à chaque produit sa propre photo.", "Give each product a photo of its own."),
    ("description_missing", _WARNING, "description",
     "La description manque.", "The description is missing.",
     "Décrivez le produit en deux ou trois phrases.", "Describe the product in two or three sentences."),
    ("description_equals_title", _WARNING, "description",
     "La description ne fait que répéter le titre.", "The description only repeats the title.",
     "Ajoutez ce que le titre ne dit pas : usage, matière, dimensions, contenu.",
     "Add what the title does not say: use, material, dimensions, contents."),
    ("keyword_contradiction", _WARNING, "title",
     "Le titre dit « {value} », la description dit « {other} ».",
     "The title says “{value}”, the description says “{other}”.",
     "Vérifiez la compatibilité et corrigez le texte faux.", "Check what it fits and correct the wrong text."),
    ("wrong_language", _WARNING, "description",
     "Le texte est en {found} alors que la fiche est en {expected}.",
     "The text is in {found} while the sheet is in {expected}.",
     "Donnez le texte dans la langue de la fiche.", "Give the text in the language of the sheet."),
    ("gpsr_manufacturer_missing", _WARNING, "manufacturer_name",
     "Le fabricant n’est pas identifié : il manque « {attribute} » (règlement (UE) 2023/988, depuis le {since}).",
     "The manufacturer is not identified: “{attribute}” is missing (Regulation (EU) 2023/988, since {since}).",
     "Donnez le nom du fabricant, son adresse postale et son adresse électronique.",
     "Give the manufacturer's name, postal address and electronic address."),
    ("gpsr_responsible_missing", _WARNING, "responsible_person",
     "Le produit vient de « {value} » : la personne responsable dans l’Union manque (depuis le {since}).",
     "The product comes from “{value}”: the responsible person in the Union is missing (since {since}).",
     "Donnez le nom et l’adresse de la personne responsable établie dans l’Union européenne.",
     "Give the name and address of the responsible person established in the European Union."),
    ("gpsr_warnings_missing", _WARNING, "safety_warnings",
     "Les avertissements de sécurité manquent (depuis le {since}).",
     "The safety warnings are missing (since {since}).",
     "Recopiez les avertissements de l’étiquette ; s’il n’y en a pas, écrivez « Aucun ».",
     "Copy the warnings from the label; if there are none, write “None”."),
    ("epr_idu_missing", _WARNING, "epr_idu",
     "L’identifiant unique REP manque pour cette famille de produits (depuis le {since}).",
     "The EPR number is missing for this family of products (since {since}).",
     "Donnez l’identifiant unique (IDU) du producteur, tel que l’ADEME l’a attribué.",
     "Give the producer's unique number (IDU) as ADEME assigned it."),
    ("energy_class_missing", _WARNING, "energy_efficiency_class",
     "La classe énergétique manque pour cet appareil (depuis le {since}).",
     "The energy class is missing for this appliance (since {since}).",
     "Donnez la classe de l’étiquette énergie, de A à G.",
     "Give the class of the energy label, from A to G."),
    ("not_as_described", _WARNING, "description",
     "Un acheteur a signalé un produit non conforme : « {value} ».",
     "A buyer reported a product not as described: “{value}”.",
     "Comparez la fiche au produit livré et corrigez-la.", "Compare the sheet with the product sent and correct it."),
)  # fmt: skip

ISSUES: Mapping[str, IssueKind] = {
    code: IssueKind(code, severity, attribute, {"fr": words_fr, "en": words_en}, {"fr": fix_fr, "en": fix_en})
    for code, severity, attribute, words_fr, words_en, fix_fr, fix_en in _TABLE
}

# Faults whose remedy is to leave the cell empty, too: to an empty cell the value that has one of them gives way.
MENDED_BY_EMPTYING = frozenset({"invalid_gtin", "restricted_gtin", "placeholder_value"})
# A value that no list can hold: the attribute is an amount, and the cell says none.
_UNREAD_AMOUNT = IssueKind(
    "2006",
    _WARNING,
    None,
    {
        "fr": "« {value} » ne se lit pas comme un nombre pour « {attribute} ».",
        "en": "“{value}” cannot be read as a number for “{attribute}”.",
    },
    {
        "fr": "Écrivez un nombre, avec son unité s’il en faut une.",
        "en": "Write a number, with its unit where it has one.",
    },
)
_AMOUNTS = frozenset(name for name, one in ATTRIBUTES.items() if one.kind in (Kind.NUMBER, Kind.MEASURE))

# Languages that a text can be recognized in, as they read after "en" and "in".
_LANGUAGES: Mapping[str, Mapping[Locale, str]] = {
    "fr": {"fr": "français", "en": "French"},
    "en": {"fr": "anglais", "en": "English"},
    "de": {"fr": "allemand", "en": "German"},
    "es": {"fr": "espagnol", "en": "Spanish"},
    "it": {"fr": "italien", "en": "Italian"},
    "nl": {"fr": "néerlandais", "en": "Dutch"},
    "pt": {"fr": "portugais", "en": "Portuguese"},
}

# The one attribute of a harmonized sheet that no column carries as it stands.
_CATEGORY: Mapping[Locale, str] = {"fr": "Catégorie", "en": "Category"}


class _Given(dict[str, Any]):
    """Parameters of a message; one that is not given reads "?" instead of failing the page."""

    def __missing__(self, key: str) -> str:
        return "?"


def attribute_label(attribute: str | None, locale: Locale) -> str:
    """Return the attribute's name as a person reads it; a name that is not in the catalogue is shown as it is."""
    if attribute == "category":
        return _CATEGORY[locale]
    known = ATTRIBUTES.get(attribute or "")
    return known.label(locale) if known else attribute or "?"


def language_name(code: str, locale: Locale) -> str:
    """Return a language's name in the reader's language; a code that is not known is shown as it is."""
    return _LANGUAGES[code][locale] if code in _LANGUAGES else code


def severity_of(code: str) -> Severity:
    """Return whether a code blocks publication; an unknown code is a programming fault (KeyError)."""
    return ISSUES[code].severity


def issue(
    code: str, attribute: str | None = None, value: Any = None, *, row: int | None = None, column: str | None = None,
    **params: Any,
) -> Issue:  # fmt: skip
    """Return an `Issue` of this code with its severity, and its usual attribute where none is given."""
    kind = ISSUES[code]
    return Issue(code, kind.severity, attribute or kind.attribute, value, params, row, column)


def message(found: Issue, locale: Locale) -> str:
    """Return one sentence that says what is wrong, in the reader's language."""
    return _filled(_kind(found).words[locale], found, locale)


def _kind(found: Issue) -> IssueKind:
    unread = found.code == _UNREAD_AMOUNT.code and found.attribute in _AMOUNTS
    return _UNREAD_AMOUNT if unread else ISSUES[found.code]


# A value that a sentence quotes at its end, with the colon before it.
_QUOTED_LAST = re.compile(r"\s?:\s[«“]\s?\{value\}\s?[»”](?=\.)")


def named(code: str, locale: Locale) -> str:
    """Return what is wrong in general, of no sheet in particular."""
    words = _QUOTED_LAST.sub("", ISSUES[code].words[locale])
    return re.sub(r"\{\w+\}", "…", words)


def fix(code: str | Issue, locale: Locale) -> str:
    """Return one sentence that says what to do; given an `Issue` rather than a code, it names the attribute."""
    found = Issue(code, severity_of(code)) if isinstance(code, str) else code
    return _filled(_kind(found).fix[locale], found, locale)


def as_json(found: Issue, locale: Locale) -> dict[str, Any]:
    """Return the shape printed by `catalog harmonize` and kept with a listing."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "attribute": found.attribute,
        "value": found.value,
        "message": message(found, locale),
    }


def _filled(template: str, found: Issue, locale: Locale) -> str:
    attribute = attribute_label(found.attribute or ISSUES[found.code].attribute, locale)
    given = _Given(found.params)
    if found.code == "wrong_language":
        given.update({name: language_name(str(code), locale) for name, code in found.params.items()})
    value = _priced(found.value, locale) if found.code == "price_suspect" else _quoted(found.value)
    given.update(attribute=attribute, value=value)
    return template.format_map(given)


def _priced(value: Any, locale: Locale) -> str:
    """Return an amount that was kept as "19.99 EUR" as the reader writes money."""
    amount, _space, currency = str(value).partition(" ")
    kept = _KEPT_AMOUNT.fullmatch(amount) and currency
    return format_currency(Decimal(amount), currency, locale=locale) if kept else _quoted(value)


def _quoted(value: Any) -> str:
    if value is None:
        return "?"
    if isinstance(value, Mapping):
        value = value.get("raw") or " ".join(str(part) for part in value.values())
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= QUOTED_CHARACTERS else text[: QUOTED_CHARACTERS - 1].rstrip() + "…"
