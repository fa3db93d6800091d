"""What the words of a header mean: an attribute, nothing of ours, or unknown.

Promise: exact words first, then without filler, then with abbreviations written out; the headers known to have no
counterpart stand in a table of their own, so that precision does not depend on a threshold.
Not here: values, typos and the conflicts between columns (`proposals.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog.attributes import ATTRIBUTES
from catalog.mapping.reading import FAMILY_OF_UNIT, Header, phrases_of, plain, read_header, split_unit, words_of

# Headers that real systems write and that have no counterpart among the attributes.
_IGNORED = """
    published; status; active; actif; active 0 1; enabled; visibility; visible; visibility in catalog; is featured;
    featured; tags; tag; etiquettes; mots cles; keywords; meta title; meta description; meta keywords; meta keyword;
    balise titre; seo title; seo description; seo; titre seo; description seo; url key; url rewritten; url path; slug;
    permalink; url simplifiee; url reecrite; tax status; tax class; tax class name; tax rules id; tax code; variant
    tax code; variant taxable; taxable; variant requires shipping; requires shipping; variant fulfillment service;
    fulfillment service; variant inventory tracker; variant inventory policy; inventory tracker; inventory policy;
    variant compare at price; compare at price; compare at; compare price; variant image; variant weight unit; weight
    unit; cost per item; cost; cost price; purchase price; buying price; wholesale price; wholesale; prix d achat; pa;
    prix achat; prix de gros; prix de revient; pa ht; p a ht; p achat ht; p a; p achat; prix d achat ht; prix achat ht;
    einkaufspreis; ek; ek preis;
    precio de compra; precio compra; precio de coste; precio mayorista; margin; marge; marge brute; taux de marge;
    margen; marke up; gift card; image position; image alt text; image alt; alt text; image alt texts; texte
    alternatif; base image label; small image label; thumbnail image; thumbnail image label; small image; swatch
    image; swatch image label; additional image labels; image label; image labels; option name; option linked to;
    option1 name; option2 name; option3 name; option1 linked to; option2 linked to; option3 linked to; attribute name;
    attribute visible; attribute global; attribute default; attribute values; attribute value s; option value; option;
    position; sort order; ordre; rang; ordre d affichage; upsells; cross sells; cross sell; crosssells; related;
    related skus; crosssell skus; upsell skus; related products; produits lies; grouped products; external url; button
    text; download limit; download expiry days; download name; download url; purchase note; sold individually;
    backorders allowed; allow backorders; low stock amount; low stock level; allow customer reviews; shipping class;
    date sale price starts; date sale price ends; sale price effective date; sale start date; sale end date; sale from
    date; special price from date; special price to date; special price start date; discount start date; discount end
    date; discount amount; discount percent; discount; discount from; discount to; on sale; remise; rabatt; descuento;
    date debut promo; date fin promo; debut promo; fin promo; start date; end date; date; date de creation; date d
    ajout; date ajout; creation date; created at; updated at; created; updated; modified; last updated; last modified;
    derniere modification; date maj; date modification; date de mise a jour; fecha; fecha de alta; datum; erstellt am;
    geaendert am; pub date; pubdate; guid; new from date; news from date; news to date; new to date; published at;
    publish date; launch date; date de parution; date de sortie; store view code; attribute set code; attribute set;
    product websites; websites; website; store; stores; shop; boutique; product online; page layout; custom design;
    custom design from; custom design to; custom layout update; product options container; options container; display
    product options in; additional attributes; custom options; configurable variations; configurable variation labels;
    bundle values; bundle price type; bundle sku type; associated skus; out of stock qty; use config min qty; use
    config manage stock; manage stock; min qty; max qty; min cart qty; max cart qty; min sale qty; max sale qty; is
    qty decimal; allow backorders; website id; map price; msrp price; msrp; map enabled; msrp display actual price
    type; country of manufacture label; minimal price; hide from product page; is decimal divided; notify on stock
    below; qty increments; enable qty increments; supplier; fournisseur; proveedor; lieferant; supplier name; nom
    fournisseur; supplier reference; supplier reference #; reference fournisseur; ref fournisseur; supplier sku;
    supplier code; code fournisseur; lieferanten nr; lieferantennummer; referencia proveedor; ecotax; ecotaxe; eco
    participation; eco contribution; eco part; deee; d3e; delivery time; delai de livraison; delai livraison; delai;
    delai d expedition; lieferzeit; plazo de entrega; tiempo de entrega; delivery time of in stock products; delivery
    time of out of stock products with allowed orders; lead time; leadtime to ship; handling time; fulfillment
    latency; min handling time; max handling time; minimal quantity; minimum quantity; quantite minimale; quantite
    minimum; qte min; qte mini; stock minimum; stock mini; stock min; seuil alerte; seuil d alerte stock; stock
    alerte; mindestbestellmenge; mindestbestand; cantidad minima; stock minimo; min order quantity; min quantity
    alert; max order quantity; order quantity steps; package quantity steps; send me an email when the quantity is
    under this level; additional shipping cost; frais de port supplementaires; unity; unite; unit; units; einheit;
    unidad; unite de vente; unite de mesure; unit of measure; unite prix; unit price ratio; unit pricing measure; unit
    pricing base measure; unit of measure price; prix au kilo; prix au litre; grundpreis; text when in stock; text
    when backorder allowed; texte en stock; texte quand en stock; available for order; disponible a la commande;
    product available date; availability date; available start date; available end date; date de disponibilite;
    expiration date; date d expiration; product creation date; show price; afficher le prix; delete existing images;
    feature; features; caracteristiques; caracteristique; available online only; customizable; personnalisable;
    uploadable files; text fields; out of stock action; virtual product; file url; number of allowed downloads; number
    of days; id name of shop; advanced stock management; depends on stock; warehouse; entrepot; almacen;
    acessories; accessories; accessoires; identifier exists; adult; is bundle; ads redirect; custom label; custom
    labels; excluded destination; included destination; min energy efficiency
    class; max energy efficiency class; mobile link; promotion id; size system;
    installment; subscription cost; loyalty points; product highlight; product detail; cost of goods sold; shipping
    label; transit time label; ships from country; pause; lifestyle image link; tax category; shipping country;
    shopping ads excluded country; certification; virtual model link; display ads id; short title google; update
    delete; product id type; internal description; price additional info; logistic class; classe logistique; discount
    price start; leadtime; min order qty; warranty; warranty period; garantie; duree de garantie; duree garantie;
    garantia; manufacturer warranty; allow quote requests; offer additional info; channels; channel; currency; devise;
    monnaie; waehrung; wahrung; moneda; currency code; code devise; iso currency; external product id type; gtin type;
    type ean; parent child; parentage; relationship type; variation theme; update type; recommended browse nodes;
    browse node; browse nodes; generic keywords; generic keyword; search terms; target audience; target audience
    keyword; list price with tax; product tax code; offering start date; offering end date; launch; release date;
    merchant shipping group name; merchant shipping group; batteries required; are batteries included; supplier
    declared dg hz regulation; package weight unit of measure; item weight unit of measure; item length unit of
    measure; item width unit of measure; item height unit of measure; fulfillment center id; sale from; sale end;
    season; saison; temporada; style; style name; feature bullets; item type keyword; model year; annee; year; jahr;
    import designation; swatch image url; number of boxes; max order; discontinued; sale date; sale start; sale from
    date; sale end date; closure type; lifestyle; care instructions; entretien; instructions d entretien; conseils d
    entretien; pflegehinweise; family; groups; family variant; x sell products; upsell products; pack products;
    associations; completeness; quality score; collection; coleccion; kollektion; serie; ligne; theme; occasion;
    auteur; author; autor; langue originale; nombre de pages; commentaire; commentaires; comment; comments; note;
    notes; remarque; remarques; remarks; bemerkung; bemerkungen; observaciones; observations; notas; kommentar; infos;
    info; information; informations; divers; statut; etat fiche; etat publication; a publier; publie; publiziert;
    publicado; activo; aktiv; en ligne; online; visible en ligne; veroeffentlicht; veroffentlicht; prix barre; prix
    conseille; prix public conseille; ppc; pvr; prix avant remise; ancien prix; was price; old price; prix d origine;
    uvp; unverbindliche preisempfehlung; rrp; recommended retail price; streichpreis; alter preis; pvp recomendado;
    precio anterior; precio tachado; precio recomendado; list price old; price before discount; suggested retail
    price; diametre; diameter; durchmesser; diametro; epaisseur; thickness; dicke; staerke; espesor; grosor;
    dimensions; dimension; dimensions lxlxh; abmessungen; masse cm; dimensiones; medidas; format; taille ecran; error
    line; error code; error message; rating; ratings; review count; reviews; avis; note moyenne; nb avis; bewertung;
    valoracion; score; rank; sales rank; popularity; ventes; nb ventes; sales; sold; views; emplacement; location;
    bin; zone; lagerplatz; ubicacion; rayonnage; fournisseur principal; acheteur; buyer; responsable; contact;
    responsable produit; saisi par; user; utilisateur; cree par; created by; admin graphql api id; template suffix;
    published scope; old inventory quantity; inventory item id; inventory management; inventory quantity adjustment;
    product type id; tva id; regle de taxe; id regle de taxes; regle taxe; tax rule; marque id; brand id; category id;
    categorie id; id categorie; id category; categories id; id marque; category ids; category code; supplier id;
    vendor id; id fournisseur; id fabricant; manufacturer id; variant id; product type code; video; video url; video
    link; url video; lien video; notice; notice url; manual; manual url; pdf; fiche technique; fiche technique url;
    datasheet; documents; document; certificat; hs code; customs code; code douanier; nomenclature douaniere; code
    douane; tariff code; zolltarifnummer; taric; harmonized system code; code sh; pays de vente; sales country; target country;
    market; marche; nom complementaire; sous titre; subtitle; untertitel; subtitulo; tax description; discountable;
    fragile; stackable; palette; pallet; poids palette; nb par palette; quantite par carton; carton; quantity per
    carton; type de produit virtuel; nature; action; operation; promo; promotion; soldes; en promotion; en promo;
    nouveau; nouveaute; new; neuheit; neu; novedad; coup de coeur; best seller; top; type de code; code type; id type;
    type d identifiant; product identifier type; numero de lot; batch; lot number; serial number; numero de serie;
    seriennummer; externally assigned product identifier type; purchasable offer discounted price schedule start at;
    purchasable offer discounted price schedule end at; statt; was; was price; price was; prix ttc barre; color
    facet; recommended browse nodes; record
    action; included united states; price international; compare at price international; included international;
    google shopping custom product; google shopping adwords grouping; google shopping adwords labels; google shopping
    custom label; custom product; shipping required; free shipping; livraison gratuite; livraison offerte;
    versandkostenfrei; envio gratis; shipping free; ribbon; badge; fb product category; commodity code; commodity;
    track inventory; depot; shipping method; mode de livraison; transporteur; carrier; versandart
"""

# Words that say nothing of which attribute is meant; taken out on the second look.
_FILLER = words_of(
    """du de la le les l d des un une of the a an and et und y el los las del der die das dem den s your notre votre
    produit produits product products article articles artikel item items variant offre offer merchant marketplace
    field dimension champ colonne column col txt str val value valeur wert valor info data donnee %"""
)
# Beside a measure these speak of the parcel.
PACKED = words_of(
    """colis emballage emballe carton caja boxed box packed package packaging parcel packung karton verpackung paket
    versand envio paquete expedition emb shipment shipping gross brut brute bruto brutto imballo collo spedizione"""
)
# Abbreviations by word, written out on the third look.
_ABBREVIATIONS: Mapping[str, str] = {
    "ref": "reference", "refs": "reference", "rf": "reference", "desc": "description", "descr": "description",
    "descript": "description", "qte": "quantite", "qt": "quantite", "qty": "quantity", "quant": "quantite",
    "px": "prix", "vte": "vente", "ach": "achat", "fam": "famille", "sfam": "sous famille", "ssfam": "sous famille",
    "sfamille": "sous famille", "cat": "categorie", "categ": "categorie", "ctg": "categorie",
    "scat": "sous categorie", "sscat": "sous categorie", "ss": "sous", "fab": "fabricant", "fabr": "fabricant",
    "fabt": "fabricant", "mfr": "manufacturer", "mfg": "manufacturer", "manuf": "manufacturer", "lib": "libelle",
    "lbl": "libelle", "libel": "libelle", "desig": "designation", "dsg": "designation", "larg": "largeur",
    "long": "longueur", "lg": "longueur", "haut": "hauteur", "ht": "hauteur", "prof": "profondeur", "pds": "poids",
    "pd": "poids", "art": "article", "prod": "produit", "nb": "nombre", "nbr": "nombre", "nbre": "nombre",
    "no": "numero", "num": "numero", "img": "image", "im": "image", "pic": "picture", "coul": "couleur",
    "col": "couleur", "clr": "color", "mat": "matiere", "dispo": "disponibilite", "cond": "condition",
    "orig": "origine", "puiss": "puissance", "compo": "composition", "cont": "contenance", "mq": "marque", "mrq": "marque",
    "marq": "marque", "px ttc": "prix ttc", "bez": "bezeichnung", "beschr": "beschreibung", "gew": "gewicht",
    "kat": "kategorie", "herst": "hersteller", "vk": "verkaufspreis", "br": "breite", "tit": "titre",
    "ttl": "title", "prc": "price", "wt": "weight", "wght": "weight", "wgt": "weight", "len": "length",
    "wdth": "width", "hght": "height", "hgt": "height", "dpth": "depth", "stk": "stock", "stok": "stock", "cde": "code",
    "cod": "codigo", "cb": "code barre", "avail": "availability", "brnd": "brand", "mdl": "modele", "mod": "modele",
    "dscr": "description", "prec": "precio", "cant": "cantidad", "marc": "marca", "descrip": "descripcion",
    "resp": "responsable", "pers": "personne", "mque": "marque", "htr": "hauteur", "ph": "photo", "recon": "reconditioned",
    "prx": "prix", "rev": "revient", "qtite": "quantite", "lgth": "length", "lng": "longueur", "lngr": "longueur",
    "grs": "gross", "ctry": "country", "hnd": "hand", "sell": "selling", "grp": "group", "dept": "department",
    "epais": "epaisseur",
    "cdt": "conditionnement", "ctn": "carton", "condt": "conditionnement", "fourn": "fournisseur", "frs": "fournisseur",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header was found to be: attribute (None: nothing of ours), how it was found, how strong (0 to 1)."""

    attribute: str | None
    how: str
    strength: float
    header: Header
    unit: str | None = None


def _synonyms() -> dict[str, tuple[str, bool]]:
    table: dict[str, tuple[str, bool]] = {}
    for name, attribute in ATTRIBUTES.items():
        table.setdefault(plain(name), (name, False))
        for written in attribute.headers.split(";"):
            words = written.strip()
            if words:
                table.setdefault(plain(words.removeprefix("~")), (name, words.startswith("~")))
    return table


SYNONYMS: Mapping[str, tuple[str, bool]] = _synonyms()
"""Plain words → (attribute, whether the word is a weaker one)."""
IGNORED = phrases_of(_IGNORED) - set(SYNONYMS)
STRONG, WEAK = 1.0, 0.9


@lru_cache(maxsize=8192)
def meaning_of(raw: str) -> Meaning | None:
    """Return what a header means by its words alone, or None where its words are not known."""
    header = read_header(raw)
    for words in _ways(header):
        found = _exact(words, header) or _with_unit(words, header)
        if found:
            return found
    if header.words in _LETTERS and FAMILY_OF_UNIT.get(header.unit or "") == "length":
        return Meaning(_LETTERS[header.words], "abbreviation", WEAK, header)
    for words in _ways(header):
        found = _without_filler(words, header) or _written_out(words, header)
        if found:
            return found
    agreeing = (_agreeing(written_out(words), header) for words in _ways(header))
    return next(filter(None, agreeing), None) or _run_together(header)


# Letters that stand for one side of a thing where a unit of length follows; "L" is a length or a width, so not here.
_LETTERS: Mapping[str, str] = {"h": "height", "p": "depth", "b": "width", "w": "width"}


def _ways(header: Header) -> list[str]:
    """Return the words to look up: the whole header, and for a nested name its parts from the last."""
    whole = plain(header.raw)
    ways = [whole, header.words]
    if header.path:
        last = header.path[-1]
        ways += [
            " ".join(header.path[-2:]),
            last if last not in _GENERIC else "",
            header.path[-2] if last in _GENERIC else "",
        ]
    return list(dict.fromkeys(filter(None, ways)))


# Last parts of a nested name that say less than the part before: `images.src`, `price.amount`, `brand.name`.
_GENERIC = words_of(
    """src url href value amount name text label image item id content main default path file link 0 1 nom libelle valeur
    montant nome valore wert betrag principal principale"""
)


def _exact(words: str, header: Header) -> Meaning | None:
    if words in SYNONYMS:
        attribute, weak = SYNONYMS[words]
        return Meaning(attribute, "exact_header", WEAK if weak else STRONG, header)
    if words in IGNORED:
        return Meaning(None, "known_unused", STRONG, header)
    return None


def _with_unit(words: str, header: Header) -> Meaning | None:
    """Return the meaning of "poids kg": an attribute whose family the unit is of."""
    parts = split_unit(words)
    found = _exact(parts[0], header) or _without_filler(parts[0], header) if parts else None
    if not parts or not found or not found.attribute:
        return None
    if FAMILY_OF_UNIT[parts[1]] != ATTRIBUTES[found.attribute].family:
        return None
    return Meaning(found.attribute, found.how, found.strength, header, parts[1])


def _without_filler(words: str, header: Header) -> Meaning | None:
    # "Steuersatz in %" is a rate.
    kept = [word for word in re.sub(r" (?:in|en) %$", "", words).split(" ") if word not in _FILLER]
    if not kept or len(kept) == len(words.split(" ")):
        return None
    found = _exact(" ".join(kept), header)
    return Meaning(found.attribute, "header_words", found.strength * 0.97, header) if found else None


# Abbreviations that are words of their own as well: "Long. (cm)" is a length, "Lib. long" a long name.
_WORDS_TOO = words_of("long ht art")


def written_out(words: str, but: Collection[str] = ()) -> str:
    """Return plain words with common abbreviations written out, save those of `but`."""
    return " ".join(part if part in but else _ABBREVIATIONS.get(part, part) for part in words.split(" "))


def _written_out(words: str, header: Header) -> Meaning | None:
    spellings = dict.fromkeys((written_out(words), written_out(words, but=_WORDS_TOO)))
    ways = (_exact, _without_filler, _with_unit)
    found = next((found for full in spellings if full != words for way in ways if (found := way(full, header))), None)
    if not found:
        return None
    return Meaning(found.attribute, "abbreviation", found.strength * 0.96, header, found.unit)


# Headers of eight letters, as older programs have them: "LIBFAM", "QTYONHND", "PDSBRUT".
_RUN_TOGETHER = re.compile(r"[A-Z]{5,18}\d?|[a-z]{5,18}\d?")
_MOST_PARTS = 4
# What the same abbreviation stands for in English.
_ENGLISH: Mapping[str, str] = {
    "orig": "origin", "desc": "description", "cat": "category", "num": "number", "no": "number", "art": "article",
    "col": "color", "mat": "material", "prod": "product", "qt": "quantity", "cond": "condition", "lng": "length",
}  # fmt: skip


def _run_together(header: Header) -> Meaning | None:
    """Return the meaning of abbreviations written as one word, where all of its parts are known ones."""
    if not _RUN_TOGETHER.fullmatch(header.raw.strip()):
        return None
    for parts in _partings(header.words.replace(" ", ""), _MOST_PARTS):
        if len(parts) < 2:
            continue
        for table in (_ABBREVIATIONS, {**_ABBREVIATIONS, **_ENGLISH}):
            words = " ".join(table.get(part, part) for part in parts)
            found = _exact(words, header) or _without_filler(words, header)
            if found and found.attribute:
                return Meaning(found.attribute, "abbreviation", WEAK * found.strength, header)
    return None


def _partings(text: str, most: int) -> Iterator[tuple[str, ...]]:
    """Yield the ways to part a text into known parts, at most so many, longer first parts first."""
    if not text:
        yield ()
    elif most:
        for end in range(len(text), 1, -1):
            if text[:end] in _parts():
                yield from ((text[:end], *rest) for rest in _partings(text[end:], most - 1))


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    """Return the words and abbreviations that headers are made of."""
    words = {word for phrase in SYNONYMS for word in phrase.split(" ") if len(word) >= _SHORTEST_WORD}
    return frozenset(words | _ABBREVIATIONS.keys() | {"on"})


_SHORTEST_WORD = 3

# Words that narrow a header without changing which attribute it is: "pointure eu", "descriptif détaillé", "sexe cible".
_QUALIFIERS = words_of(
    """eu eur fr en uk us de es html texte text txt detaille detaillee detailed complet complete full court long longue
    commercial commerciale marketing principal principale main primary total totale cible target public publique ttc tcc
    tct boutique catalogue catalog officiel official actuel actuelle current hd online web internet 1"""
)
_LONGEST_NAME = 4


def _agreeing(words: str, header: Header) -> Meaning | None:
    """Return the one attribute that all the names in a header mean ("code-barres EAN"), qualifiers aside."""
    kept = " ".join(word for word in words.split(" ") if word not in _QUALIFIERS)
    whole = _exact(kept, header) if kept != words else None
    if whole and whole.attribute:
        return Meaning(whole.attribute, "header_words", WEAK * 0.95, header)
    parts, found, at = [word for word in words.split(" ") if word not in _FILLER], set(), 0
    while at < len(parts):
        names = (" ".join(parts[at : at + size]) for size in range(_LONGEST_NAME, 0, -1))
        name = next((name for name in names if name in SYNONYMS or name in IGNORED), None)
        if parts[at] in _QUALIFIERS and (name is None or " " not in name):
            at += 1
        elif name is not None and name in SYNONYMS:
            found.add(SYNONYMS[name][0])
            at += name.count(" ") + 1
        else:
            return None
    if len(found) == 2:
        found.discard("title")  # "Lib. rayon" is the name of what stands beside it.
    return Meaning(found.pop(), "header_words", WEAK * 0.95, header) if len(found) == 1 else None


def is_known_header(cell: str) -> bool:
    """Tell whether a cell is a header that somebody writes, mapped or not."""
    return 0 < len(cell) <= 80 and meaning_of(cell.strip()) is not None
