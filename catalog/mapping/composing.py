"""Headers that no table holds, read by the word that heads them: "Poids velo (kg)", "Boxed L (cm)", "Taille cadre".

    words → the one attribute that a word names ─ packing beside it? ─► the parcel's side ─ do the values fit? ─► it

Promise: one word of a header is believed where no word beside it makes another thing of it, and where the values fit;
two words that name two attributes are no proof of either. Not here: headers whose words are all known (`vocabulary`).
Measured, with the columns that stand in (`standing`), on 40 files by someone who had read no code, before their misses
were looked at: of 536 columns 92.2 % right instead of 82.6, 8 wrong of 693 instead of 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.attributes import ATTRIBUTES, Kind
from catalog.mapping.candidates import Candidate, Column
from catalog.mapping.profiles import fits
from catalog.mapping.reading import BRACKET, FAMILY_OF_UNIT, UNITS, plain, words_of
from catalog.mapping.vocabulary import PACKED, SYNONYMS, written_out

CONFIDENCE = 0.66

# What names an attribute inside a longer header, each word plain.
_HEADS: Mapping[str, str] = {
    word: attribute
    for attribute, words in {
        "weight": "poids weight gewicht peso masse wt wgt pds",
        "length": "longueur length leng laenge lange largo longitud lg lgr lunghezza",
        "width": "largeur width breite ancho anchura larg lrg larghezza",
        "height": "hauteur height hoehe hohe alto altura haut altezza",
        "depth": "profondeur depth tiefe fondo profundidad prof profondita",
        "power": "puissance power leistung potencia wattage potenza",
        "voltage": "tension voltage spannung voltaje tensione",
        "capacity": "capacite capacity contenance volume volumen inhalt capacidad kapazitat fassungsvermogen capacita",
        "size": "taille size talla pointure grosse groesse taglia",
        "color": "couleur coloris colour color farbe colore finish finition shade acabado",
        "material": "matiere material metal materiau materiaux tissu fabric",
        "stock": "stock qty qte quantity quantite bestand cantidad inventory existencias instock giacenza",
        "availability": "dispo disponibilite availability verfugbarkeit disponibilidad disponibilita",
        "price": "prix price preis precio tarif pvp retail prezzo",
        "vat_rate": "tva vat mwst iva",
        "title": "titre title titel titulo titolo name nom nombre designation denomination libelle bezeichnung",
        "description": "descriptif description desc beschreibung beschr langbeschr descripcion descrizione spec specs",
        "product_type": "categorie category kategorie categoria rayon",
        "compatible_with": "compatible compatibles compatibilite compatibility fitment fits kompatibel compatibili",
        "gender": "gender gndr genre sexe geschlecht genero",
        "epr_idu": "idu",
        "origin_country": "origin origine origen herkunft fabrique fabricado hecho manufacture fabrication coo",
        "image_link": (
            "image images img photo photos picture pic pics visuel visuels bild bilder foto fotos fotografia fotografias imagen"
        ),
    }.items()
    for word in words.split()
}
# What names an attribute where a unit of its family stands beside it: "Overall W (cm)", "Net (kg)".
_OF_UNIT: Mapping[str, Mapping[str, str]] = {
    "length": {"l": "length", "w": "width", "b": "width", "h": "height", "d": "depth", "t": "depth"},
    "mass": {
        **dict.fromkeys(("net", "netto", "neto"), "weight"),
        **dict.fromkeys(("brut", "brutto", "bruto", "gross"), "shipping_weight"),
    },
}
# Beside an image these speak of further ones.
_FURTHER = words_of(
    """extra additional other more alternate second secondary autre autres supp suppl weitere zusatz otra otras adicional
    adicionales aggiuntive"""
)
# What makes another thing of a word, whichever attribute it names.
_OTHER_THINGS = words_of(
    """min mini max maxi minimum maximum type types unit unite unites uom code codes id ids date debut fin start end
    nombre count status statut meta seo old ancien ancienne previous before avant after apres group groupe guide chart
    system systeme table label flag url link lien par per pro pour for sans without ex rate taux class classe"""
)
# Of these it still is the same: "Metal type".
_STILL: Mapping[str, frozenset[str]] = {"material": words_of("type types"), "vat_rate": words_of("rate taux")}
# What makes another thing of a word that names this attribute.
_NOT_OF: Mapping[str, str] = {
    "weight": "palette pallet volumetrique volumetric supporte supported charge load utilisateur user cuff",
    "length": "cable cordon cord lead palette pallet sleeve manche focal focale branche branches",
    "width": "palette pallet strap bracelet",
    "height": "palette pallet heel talon tacco seat assise",
    "depth": "palette pallet",
    "power": "supply alimentation source adapter cord cable bank sonore",
    "voltage": "frequence frequency",
    "capacity": "palette pallet carton load charge",
    "size": (
        "ecran screen display file fichier image photo batch lot pack font police page paquet tire pneu packet bottle "
        "bouteille case carton"
    ),
    "color": "temperature pages swatch hex rgb picto",
    "material": "number numero safety",
    "stock": (
        "ctn case caisse karton kiste inner outer moq alerte alert securite security safety seuil commande order "
        "ordered reserve reserved reserva incoming "
        "fournisseur supplier proveedor lieferant carton lot pack colis sold vendu vendus vendue vendues level niveau "
        "minima minimale threshold palette box paquete pedido gerer manage management mouvement"
    ),
    "availability": "delai",
    "price": (
        "achat purchase fournisseur supplier proveedor cost ek einkauf compra revient kilo kg litre liter l gros "
        "wholesale mayorista conseille recommended recomendado barre compare livraison shipping delivery port "
        "transport colis emballage carton expedition envio eco flash promo promotion solde sale special remise reduit "
        "discount oferta net netto ht excl hors unverbindliche empf list liste brand comparison tier degressif public"
    ),
    "vat_rate": "number numero intra intracommunautaire inc incl inclus incluse ttc brutto srp rrp prix price preis precio",
    "title": (
        "brand marque manufacturer fabricant fournisseur supplier vendor vendeur category categorie famille file "
        "fichier image collection serie series auteur author option variant attribute court short alternative alt "
        "sub sous contact client customer shop store magasin boutique couleur color colour country pays editeur "
        "publisher gamme range designer artist artiste entreprise company adresse address exploitant importateur "
        "responsable domaine domain appellation latin botanique scientific user first last prenom"
    ),
    "description": "court courte short kurz corta breve couleur color category categorie famille marque brand image",
    "gender": "litteraire musical",
    "product_type": (
        "google age risque risk tax fiscal fiscale fiscales douane customs transport logistique expedition shipping prix "
        "price client customer amazon ebay produits image"
    ),
    "image_link": (
        "position alt text texte nombre count size taille swatch thumb thumbnail small logo marque brand category "
        "categorie name nom video"
    ),
}
_VETOES: Mapping[str, frozenset[str]] = {
    attribute: _OTHER_THINGS.union(_NOT_OF.get(attribute, "").split()) - _STILL.get(attribute, frozenset())
    for attribute in ATTRIBUTES
}
_EACH = words_of("unit unite unites einzel unidad")
# Beside others these are words of their own: "Net HT" is a price without tax.
_NO_ABBREVIATIONS = words_of("ht art long stk")
# A unit that alone says what is measured, in a header of a word that says nothing: "Moteur (W)", "Réservoir (L)".
_BY_UNIT: Mapping[str, str] = {
    **dict.fromkeys(("W", "kW"), "power"),
    "V": "voltage",
    **dict.fromkeys(("L", "cL", "mL"), "capacity"),
}


def compose(candidate: Candidate) -> Candidate:
    """Return the candidate of a header that nothing else knows with what its heading word says, where one does."""
    column, unused = candidate.column, candidate.reason == "known_unused"
    if unused and "alt" in candidate.words.split(" ") and column.profile["image"] >= 0.9:
        # "img_alt1" is a text that tells what is on an image, or the image beside it.
        share = {"share": round(column.profile["image"] * 100)}
        return Candidate(column, "additional_image_link", CONFIDENCE, "values", share)
    if unused and (inside := _in_brackets(column)):
        return inside
    # A header that was only mistyped into one of no counterpart may as well be another.
    if candidate.reason != "unknown" and not (unused and candidate.confidence <= 0.5):
        return candidate
    header = column.reading
    said = (*header.path[-1:], header.words)
    ways = dict.fromkeys((*said, *(written_out(words, but=_NO_ABBREVIATIONS) for words in said)))
    found = (_read(column, words.split(" ")) for words in ways)
    return next((one for one in found if one.attribute), None) or _in_brackets(column) or candidate


def _in_brackets(column: Column) -> Candidate | None:
    """Return what a bracket names: "Dimension 1 (Taille)" is the till's word for it, and then the shop's."""
    for inside in map(plain, BRACKET.findall(column.header)):
        attribute, weak = SYNONYMS.get(inside, ("", True))
        if attribute not in ("", "link") and not weak and fits(attribute, column.profile) and inside not in UNITS:
            return Candidate(column, attribute, CONFIDENCE, "header_words", {"words": inside}, weak=True)
    return None


def _read(column: Column, words: Sequence[str]) -> Candidate:
    # A lone letter is a unit in brackets only: the W of "Ctn W" is a side.
    unit = column.reading.unit or (UNITS.get(words[-1]) if len(words) > 1 and len(words[-1]) > 1 else None)
    named = _named(words, unit)
    if len(named) != 1:
        return _by_unit(column, unit, words) if unit and not named else Candidate(column, None)
    [(attribute, head)] = named.items()
    around = frozenset(words) - {head}
    around |= frozenset(written_out(" ".join(around), but=_NO_ABBREVIATIONS).split())
    # "Unit Wt (kg)" weighs one of them; without its unit, "Unité de poids" names one.
    measured = _EACH if unit and ATTRIBUTES[attribute].family else frozenset()
    if around & _VETOES[attribute] - measured:
        return Candidate(column, None)
    if around & _FURTHER and attribute == "image_link":
        attribute = "additional_image_link"
    elif around & PACKED and ATTRIBUTES[attribute].family:
        attribute = f"shipping_{attribute}"
    return _believed(column, attribute, unit, head) if attribute in ATTRIBUTES else Candidate(column, None)


def _named(words: Sequence[str], unit: str | None) -> dict[str, str]:
    """Return the attributes that words of a header name, each with its word."""
    named = {_HEADS[word]: word for word in reversed(words) if word in _HEADS}
    # A parcel's side needs no unit: "Ctn W".
    family = FAMILY_OF_UNIT.get(unit or "", "length" if PACKED.intersection(words) else "")
    of_unit = _OF_UNIT.get(family, {})
    of_letters = {of_unit[word]: word for word in words if word in of_unit}
    # "Maße L (cm)": the word would be a mass, its unit is a length's.
    strange = bool(unit) and all(ATTRIBUTES[one].family not in (None, FAMILY_OF_UNIT[unit or ""]) for one in named)
    return of_letters if of_letters and strange else named or of_letters


def _believed(column: Column, attribute: str, unit: str | None, head: str) -> Candidate:
    """Return the candidate where unit and values agree with the word, else one that stays unknown."""
    family, kind = ATTRIBUTES[attribute].family, ATTRIBUTES[attribute].kind
    own = unit if family and unit and FAMILY_OF_UNIT[unit] == family else None
    strange = bool(unit and family and not own)
    fitting = fits(attribute, column.profile) or (column.profile.filled == 0 and attribute in _BARE)
    if head in _FINISHES:
        fitting = column.profile["color"] >= 0.5
    if strange or not fitting or not _plausible(attribute, column):
        return Candidate(column, None)
    carried = column.reading.currency if kind is Kind.PRICE else own
    weak = attribute != "image_link"
    return Candidate(column, attribute, CONFIDENCE, "header_words", {"words": head}, carried, weak=weak)


# A finish is a colour only where its values are.
_FINISHES = words_of("finish finition shade acabado")
# The shortest names and texts, and how far they must differ: a column of few short words is a choice, not a name.
_LEAST: Mapping[str, tuple[int, float]] = {"title": (8, 0.2), "description": (25, 0.2), "product_type": (4, 0.0)}
# Of these the header alone is believed where a column is empty so far.
_BARE = words_of("size color material")


def _plausible(attribute: str, column: Column) -> bool:
    length, distinct = _LEAST.get(attribute, (0, 0.0))
    return column.profile.length >= length and column.profile.distinct >= distinct


def _by_unit(column: Column, unit: str, words: Sequence[str]) -> Candidate:
    attribute = _BY_UNIT.get(unit)
    if attribute is None or _VETOES[attribute].intersection(words) or not column.profile["number"] >= 0.8:
        return Candidate(column, None)
    return Candidate(column, attribute, CONFIDENCE - 0.06, "header_words", {"words": unit}, unit, weak=True)
