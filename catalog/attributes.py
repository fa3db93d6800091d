"""The attributes of a product sheet: name, type, unit, words for people, and the headers vendors write for them.

Promise: one row an attribute; names are Google Merchant's where it has one. A header stands once in the whole table,
in lower case, several parted by ";". A `~` marks a weaker header, which yields where a better column exists.
Not here: how a header is compared (`catalog.mapping`), which attributes a category requires.

To teach the catalogue a header, add it to the row of its attribute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an attribute's value is."""

    TEXT = "text"
    TEXTS = "texts"
    MEASURE = "measure"
    PRICE = "price"
    NUMBER = "number"
    CODE = "code"
    LINK = "link"
    CHOICE = "choice"


# The canonical unit of each family; harmonization turns every measure into it.
CANONICAL_UNITS: Mapping[str, str] = {
    "mass": "g", "length": "cm", "volume": "L", "power": "W", "voltage": "V", "charge": "mAh", "data": "GB",
    "screen": "in",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: `family` names its units, `many` lets several columns feed it, `headers` are parted by ";"."""

    name: str
    kind: Kind
    fr: str
    en: str
    family: str | None = None
    many: bool = False
    headers: str = ""

    @property
    def unit(self) -> str | None:
        """Return the canonical unit, or None for what is no measure."""
        return CANONICAL_UNITS.get(self.family or "")

    def label(self, locale: str) -> str:
        """Return the name a person reads."""
        return self.fr if locale.startswith("fr") else self.en


_T, _M, _C, _L, _N = Kind.TEXT, Kind.MEASURE, Kind.CHOICE, Kind.LINK, Kind.NUMBER

_ROWS = (
    Attribute("id", Kind.CODE, "Référence", "Identifier", headers="""
        contribution sku; ~nummer; ~numero;
        ref shop; refshop;
        refmagasin; ref magasin; ref mag; reference magasin;
        id; sku; item sku; variant sku; seller sku; shop sku; merchant sku; offer sku; product sku; vendor sku; g id;
        item id; product id; produkt id; producto id; offer id; article id; artikel id; identifier; unique id; item
        number; item no; item code; article number; article no; article code; product code; product number; product
        no; product ref; stock code; stock keeping unit; ~part code; listing id; ~code; ~ref; ~reference; ~internal
        id; id produit; id article; id offre; identifiant; identifiant produit; identifiant unique; reference produit;
        reference article; reference interne; reference vendeur; reference boutique; ref produit; ref article; ref
        interne; ref vendeur; code article; code produit; code interne; numero article; numero produit; n article; n
        produit; no article; ugs; sku vendeur; sku du vendeur; reference sku; code sku; ref sku; sku produit; sku
        marchand; artikelnummer; artikelnr; artikel nr; art nr; artnr; art no; artikelcode; produktnummer; produkt nr;
        produktcode; bestellnummer; bestell nr; interne nummer; haendler sku; handler sku; anbieter sku; ~referenz;
        referencia; referencia interna; codigo; codigo articulo; codigo producto; codigo del producto; id articulo; id
        del producto; codigo interno; n articulo; numero de articulo; sku del vendedor; referencia del producto;
        ~reference #; identifiant externe; external id; code externe; ~cle; ~key; ~clave; item #; sku #; article #;
        product #; cod articulo; cod art; cod producto; codigo sku; codigo art; codigo article; sku articulo; sku code;
        skucode; sku number; sku id; sku ref; codarticle; cod article; codart; codearticle; refart; ref art; refarticle;
        codproduit; codeproduit; refproduit; article sku; itemcode; itemno; productcode;
        ~internal reference; ~internal ref; id produit marchand;
        plu; code plu; ~default code; codice; codice articolo; codice prodotto; codice interno; ~riferimento;
        ar ref; itmref; matnr; ga codearticle; materialnummer; ~reference n;
        sku declinaison; reference declinaison; ref declinaison; sku variante; reference variante; ref variante;
        customlabel; custom label sku; custom sku; partner sku; supplier aid;
        supplier pid"""),
    Attribute("title", _T, "Titre", "Title", headers="""
        part description; item desc; partdesc;
        nom cuvee; nom de la cuvee; cuvee; product heading; heading;
        title; name; product name; product title; nom modele; nom du modele; nombre comercial; ~kurzbezeichnung;
        libelle commercial; libelle web; item name; item title; offer title;
        article name; article title; label; product label; short title; listing title; display name; variant title;
        ~short name; ~headline; ~model name; ~product; ~item; titre; nom; libelle; designation; intitule; nom produit;
        nom article; nom du produit; titre produit; titre article; titre annonce; titre de l annonce;
        intitule de l annonce; libelle produit;
        libelle article; libelle long; designation produit; designation article; designation commerciale; nom
        commercial; ~appellation; denomination; denomination commerciale; ~libelle court; ~produit; ~article; ~nom
        court; titel; produktname; produkttitel; produktbezeichnung; artikelname; artikelbezeichnung; artikeltitel;
        bezeichnung; produkt titel; ~produkt; ~artikel; titulo; nombre; nombre producto; nombre articulo; nombre del
        producto; nombre del articulo; titulo producto; titulo del producto; denominacion; ~producto; ~articulo; nome;
        nome prodotto; titolo; libart; ~designation courte;
        ar design; itmdes; itmdes1; maktx; ga libelle; nome articolo; nome del prodotto; titolo prodotto;
        denominazione; nom du titre"""),
    Attribute("description", _T, "Description", "Description", many=True, headers="""
        description; body html; body; long description; product description; item description; full description; long
        desc; desc longue; desc long; detailed description; description html; html description; offer description;
        content; ~details; ~product details; ~text; long text;
        ~short text; ~summary; ~short description; ~description short; description long; description full; ~body text;
        ~short desc; ~abstract;
        ~overview; marketing text; marketing description; ~more info; descricao; omschrijving;
        productomschrijving; ~excerpt; description longue; description produit;
        description article; description detaillee; description complete; descriptif; descriptif produit; descriptif
        long; artikelbeschreibung lang; beschreibung lang;
        texte descriptif; texte marketing; texte commercial; texte vendeur; texte web;
        texte long; description commerciale; presentation; ~description
        courte; ~descriptif court; ~resume; ~recapitulatif; ~detail; ~texte; ~accroche; ~chapo; ~argumentaire;
        beschreibung; produktbeschreibung; artikelbeschreibung; langbeschreibung; langtext; beschreibungstext; lange
        beschreibung; produkttext; ~kurzbeschreibung; ~kurztext; ~zusammenfassung; descripcion; descripcion larga;
        descripcion ampliada; desc ampliada; descripcion articulo;
        descripcion producto; descripcion del producto; descripcion detallada; descripcion completa; ~descripcion
        corta; ~resumen; ~descripcion breve; descrizione; bullet point; bullet points; key product features; bullet;
        point fort; points forts; puce; atout; selling point; feature bullet; caracteristique cle;
        points cles;
        description sale; description de vente;
        descrizione prodotto; descrizione lunga; ~descrizione breve; description sales;
        fulltext; full text"""),
    Attribute("link", _L, "Lien", "Link", headers="""
        webpage; fiche en ligne; shop url; pdp url;
        adresse de la page; page; pagina; adresse page;
        link; url; web link; offers url; offer url;
        weblink; web url; product url; product link; product page; page url; item url; deep link;
        deeplink; website url; canonical url; landing page; lien; lien produit; url produit; url fiche; url article; adresse
        produit; url page produit; lien fiche produit; lien article; lien fiche; lien vers la fiche produit; lien vers
        la fiche; lien vers fiche; lien page; url du produit; lien vers le produit; produkt url; produktlink;
        produktseite; artikel url; enlace; enlace producto; enlace del producto; url producto; url del producto"""),
    Attribute("image_link", _L, "Image", "Image", headers="""
        image link; image; images; image url; image urls; image src; main image; main image url; main image link; base
        image; primary image; product image; product images; product image url; default image; cover image; picture;
        picture url; pictures; photo; photos; photo url; image path; img; img url; featured image; item image; media;
        media url; large image; ~thumbnail; ~small image; lien image; url image; image principale; url image
        principale; lien image principale; photo principale; photo produit; visuel; visuels; visuel principal; url
        photo; lien photo; image produit; url des images; urls images; url images; url de l image; url de la photo;
        bild; bilder; bild url; bildlink; bild link; hauptbild; hauptbild url; produktbild; artikelbild; bildpfad;
        foto; fotos; bildadresse; imagen; imagen url; imagenes; url imagen; url de imagen; imagen principal; url
        imagen principal; enlace imagen; foto principal; image src url; immagine;
        lien vers image; lien vers l image; lien vers photo; lien vers la photo;
        medias; immagini; immagine principale; url immagine;
        image par defaut"""),
    Attribute("additional_image_link", _L, "Images supplémentaires", "More images", many=True, headers="""
        additional image link; additional images; additional image; additional image url; additional image urls;
        additional image links; other image; other image url; other images; extra image; extra images; gallery;
        gallery images; media gallery; image gallery; more images; secondary image; alternate image; alternative
        image; autre image; autres images; images supplementaires; image supplementaire; image secondaire; images
        secondaires; photo secondaire; photos supplementaires; image additionnelle; images additionnelles; autres
        photos; galerie; galerie images; visuel secondaire; visuels secondaires; autre photo; weitere bilder;
        zusatzbild; zusatzbilder; zusaetzliche bilder; zusatzliche bilder; weiteres bild; bildergalerie; imagenes
        adicionales; imagen adicional; otras imagenes; galeria; otra imagen"""),
    Attribute("availability", _C, "Disponibilité", "Availability", headers="""
        availability; in stock; is in stock; stock status; availability status; instock; stock availability;
        available; is available; disponibilite; disponible; en stock; statut stock; statut du stock; etat du stock; etat stock;
        dispo; disponibilite produit; verfuegbarkeit; verfugbarkeit; vorratig; vorraetig; lieferbar; auf lager;
        lagerstatus; verfuegbar;
        verfugbar; disponibilidad; en existencia; estado del stock; estado stock; disponibilita;
        disponibile"""),
    Attribute("price", Kind.PRICE, "Prix", "Price", headers="""
        ~now; ~jetzt; ~ahora; ~ora; price each; each price; purchasable offer our price schedule value with tax;
        preis inkl mwst jetzt; prix ttc net; price now; now price; prix net ttc; prix maintenant;
        ar prixttc ven; ar prix ttc ven; ar prixven;
        ladenpreis; ppi; ppi ttc; prix public indicatif;
        price; pricing; price vat;
        regular price; variant price; standard price; ~unit price; selling price; sell price; retail price;
        sales price; current price; item price; product price; our price; offer price; price tax included; price incl
        tax; price including tax; price incl vat; price inc vat; gross price; ~list price; your price; base price;
        price amount; price ttc; price value; ~price tax excluded; ~price excl tax; ~price ex vat; ~net price; ~price
        excl vat; ~precio s iva; ~precio sin impuestos; ~price ht; ~origin price; prix; prix ttc; prix de vente; prix
        de vente ttc; prix vente; prix vente
        ttc; ~prix unitaire; ~prix unitaire ttc; prix normal; tarif normal; prix regulier; tarif regulier; prix
        produit; prix article; pv ttc; pvttc; pvi; ~pv; pu ttc;
        tarif; tarif ttc; prix public; prix public ttc; prix actuel;
        prix standard; prix boutique; montant; montant ttc; pvc; pvc ttc; ~prix ht; ~prix unitaire net; ~prix de vente
        ht; ~tarif ht; ~prix unitaire ht; ~pv ht; ~prix vente ht; preis; verkaufspreis; vk preis; vk brutto; vk; preis
        brutto eur; ~vk netto; vkpreis; bruttopreis; preis brutto; preis inkl mwst; einzelpreis; stueckpreis;
        stuckpreis; endpreis; artikelpreis; produktpreis; regulaerer preis; regularer preis; ladenpreis; ~nettopreis;
        ~preis netto; ~preis exkl mwst; precio; precio venta; precio de venta; precio con iva; precio normal; precio
        unitario; pvp; p v p; precio venta publico;
        precio de venta al publico; precio iva incluido; pvp con iva; precio final; precio base;
        precio regular; ~precio sin iva;
        prezzo; prezzo ivato;
        prijs; prijs incl btw; tarif public; tarif public ttc; tarif de vente; sells for; ~rrp inc vat;
        selling price inc vat; selling price incl vat; retail price inc vat; retail price incl vat;
        unit price inc vat; prix ttc avec eco part;
        ar prixven; baspri; kbetr; ga pvttc; prix editeur; prix editeur ttc; price default gross; prezzo di
        vendita; prezzo al pubblico; prezzo listino; ~prezzo netto; prix de detail; prix detail ttc; tarif
        detail ttc; tarif detail;
        startprice; buy it now price; brutto vk; vk brutto eur; price tax incl; prix unit ttc;
        bruttoverkaufspreis"""),
    Attribute("sale_price", Kind.PRICE, "Prix promotionnel", "Sale price", headers="""
        sonderangebotspreis; promo amount; pricing promo amount;
        purchasable offer discounted price schedule value with tax; ~sale; sale eur; sale gbp; soldes ttc;
        prix soldes ttc; precio rebajas;
        soldes; prix solde; px solde; pxsolde; pv solde; pv demarque; prix demarque; markdown; markdown price;
        prezzo saldo; prezzo di saldo; prix flash; oferta; pricing offer;
        sale price; special price; discount price; discounted price; promo price; promotional price; promotion price;
        offer special price; reduced price; price sale; price discount; deal price; prix promo; prix promotionnel;
        prix promotion; prix solde; prix remise; prix en promotion; prix en promo; tarif promo; prix reduit; prix
        apres remise; tarif promotionnel; prix discount; prix special; prix de vente promo; prix soldes; prix promo
        ttc; prix promotionnel ttc; aktionspreis; angebotspreis; sonderpreis; reduzierter preis; preis reduziert;
        rabattpreis; sonderangebot; precio oferta; precio de oferta; precio rebajado; precio promocional; precio
        promocion; precio con descuento; precio especial; precio rebaja; precio descuento;
        prezzo scontato; prezzo promozionale; prezzo offerta; prezzo in offerta; prezzo speciale; tarif solde;
        tarif soldes; tarif remise;
        pvp rebajado; pvp oferta"""),
    Attribute("brand", _T, "Marque", "Brand", headers="""
        productor; bodega; producteur; libelle marque; vendeur shopify; productor bodega;
        equipementier; ~domaine; ~chateau; domaine chateau;
        griffe; casa comercial; enseigne; maison de couture;
        brand; brand name; nom marque; vendor; brands; product brand; make; label brand; brand label; brand title;
        ~manufacturer;
        ~manufacturer name; ~maker; ~producer; marque; marques; nom de marque; nom de la marque; marque produit;
        marque commerciale; ~fabricant; ~constructeur; ~nom fabricant; ~nom du fabricant; ~editeur; marke; markenname;
        produktmarke; ~hersteller; ~herstellername; ~produzent; marca; marcas; nombre marca; marca comercial; nombre
        de la marca; ~fabricante; ~nombre fabricante; ~proveedor marca; ~produttore;
        product brand id; product brand id name; marchio;
        c marque; c brand"""),
    Attribute("gtin", Kind.CODE, "Code-barres (GTIN)", "Barcode (GTIN)", headers="""
        gtin; ean; upc; isbn; jan; ean13; ean 13; ean8; ean 8; gtin13; gtin14; gtin12; gtin8; gtin 13; gtin 14; gtin
        12; upc12; upc a; isbn13; isbn 13; barcode; bar code; variant barcode; ean code; gtin code; upc code; code
        ean; code ean13; code ean 13; ean upc; ean gtin; gtin ean; upc ean; ean isbn; gtin upc ean or isbn; gtin upc
        ean isbn; ean or jan; ean 13 or jan barcode; upc barcode; external product id; international article number;
        product barcode; global trade item number; ean number; code barre; code barres; code a barres; code a barre;
        codebarre; codebarres; gencod; gencode; gen cod; code gtin; numero ean; n ean; ean article; ean produit; ean
        unite; gtin ean unite; barcode ean; strichcode; ean nummer; ean nr; gtin nummer; eannummer; gtin nr; codigo de
        barras; codigo barras; codigo ean; ean producto; codigo gtin; codice ean;
        barcode number; barcode no; gtin number; ean barcode; code barres ean;
        ean11; ar codebarre; eancod; ga codebarre; codice a barre; codice gtin"""),
    Attribute("mpn", Kind.CODE, "Référence fabricant", "Manufacturer part number", headers="""
        codigo del fabricante; part number value;
        codice produttore; cod produttore; codigo produttore;
        mpn; manufacturer part number; mfr part; mfr part #; mfg part; mfg part no; mfg part #; manufacturer part;
        manufacturer part #;
        part number; part no; part #; model #; mfr part number; mfr part no; mfg part
        number; manufacturer number; manufacturer reference; manufacturer ref; manufacturer sku; mfr ref; model
        number; model no; modelno; modelnumber; model code; manufacturer code; brand reference; supplier part number;
        manufacturer product number;
        manufacturer aid; manufacturer pid; oem number; mfpn; mfn; ~model; reference fabricant; reference constructeur; ref
        fabricant; ref constructeur; ref fab; ref constr; reference du fabricant; reference marque; ref marque; numero
        de piece; numero piece; numero de modele; numero modele; code fabricant; code constructeur; reference modele;
        ref modele; n modele; n de modele; ~modele; reference usine; ref usine; herstellernummer; hersteller nr;
        herstellernr; herstellerartikelnummer; hersteller artikelnummer; hersteller artikel nr; herstellerteilenummer;
        han; teilenummer; modellnummer; modellnr; hersteller teilenummer; herstellerreferenz; hersteller nummer;
        ~modell; referencia fabricante; referencia del fabricante; ref fabricante; numero de pieza; codigo fabricante;
        numero de modelo; numero modelo; ~modelo;
        oem ref; oem reference; artikel nr hersteller; artikelnummer hersteller;
        sku manufacturer; mfrpn; codes fabricant; codice produttore; codice fornitore produttore; riferimento
        produttore;
        manufact sku; mfr sku"""),
    Attribute("condition", _C, "État", "Condition", headers="""
        condition; item condition; product condition; condition type; state; offer state; offer condition; etat; etat
        produit; etat du produit; etat article; etat de l article; condition produit; etat de l offre; zustand;
        artikelzustand; produktzustand; condicion; estado; estado producto; estado del producto;
        estado del articulo;
        new used; neuf occasion;
        condizione; condizioni; stato prodotto; stato del prodotto;
        conditionid; condition id"""),
    Attribute("color", _C, "Couleur", "Colour", headers="""
        color label; colour label; couleur label;
        tonalita;
        tinta; teinte principale;
        color; colour; colorway; colourway;
        color name; colour name; main color; main colour; product color; item color; ~color map;
        colors; colours; couleur; couleurs; coloris; couleur principale; teinte; nom couleur; couleur produit; nom de
        couleur; ~couleur dominante; farbe; farben; farbname; hauptfarbe; farbton; produktfarbe; color principal;
        colores; nombre del color; colore; shade; shade name; cor; kleur;
        c couleur; c color; c colour"""),
    Attribute("size", _T, "Taille", "Size", headers="""
        misura;
        gabarit; sz;
        size; size name; tamano; clothing size; shoe size; product size; item size; apparel size; sizes; tour de doigt; taille;
        tailles;
        pointure; taille vetement; taille produit; taille article; taille pointure; groesse; grosse;
        konfektionsgroesse; konfektionsgrosse; schuhgroesse; schuhgrosse; kleidergroesse; talla; tallas; talla ropa;
        numero de talla; taglia"""),
    Attribute("size_type", _C, "Type de taille", "Size type", headers="""
        size type; type de taille; groessentyp; tipo de talla"""),
    Attribute("material", _T, "Matière", "Material", headers="""
        metallo;
        tige; tomaia; holzart; essence de bois;
        made of;
        material; materials; material type; material composition; outer material; outer material type; ~lining
        description; fabric; fabric type; fabric composition; main material; composition; matiere; matieres; materiau;
        materiaux; matiere principale; materiau principal; composition matiere; composition textile; tissu; matiere
        exterieure; obermaterial; hauptmaterial; werkstoff; materialzusammensetzung; stoff; materiales; tejido;
        material principal; composicion; materiale;
        materiali; tessuto;
        c matiere; c material"""),
    Attribute("pattern", _T, "Motif", "Pattern", headers="""
        pattern; pattern name; print; motif; motifs; imprime; muster; musterung; estampado; patron; motivo;
        fantasia"""),
    Attribute("gender", _C, "Genre", "Gender", headers="""
        ladies mens; mens ladies; mens womens; womens mens; men women unisex; herren damen; damen herren;
        hombre mujer; ~target;
        gender; target gender; sex; department name; department; genre; sexe; public; genre cible; genre produit;
        geschlecht; zielgruppe geschlecht; genero; sexo; sesso;
        homme femme; men women; geschlecht zielgruppe;
        genere"""),
    Attribute("age_group", _C, "Tranche d’âge", "Age group", headers="""
        suitable for ages; suitable for age; ages; edad rec; edad recomendada; age rec; att age; empfohlenes alter;
        alter ab; a partir de;
        age group; age range; age range description; age; target age; tranche d age; groupe d age; tranche age; age
        conseille; public vise; altersgruppe; alter; altersempfehlung; grupo de edad; edad; rango de edad;
        age minimum; age minimum conseille; age mini; age min; age recommande; recommended age; minimum age; mindestalter"""),
    Attribute("product_type", _T, "Catégorie du vendeur", "Vendor's category", many=True, headers="""
        grupo; sub dept; dept; sub department; product group; produktkategorie ebene; sous dept; grupo de articulos;
        product type; category; categories; category path; category tree; product category; product categories; type;
        category name; item type; merchant category; category label; category full path; main category; primary
        category; feed product type; item type name; shop category; breadcrumb; subcategory; sub category;
        subcategories; department category; categorie; categories produit; rayon; famille; sous famille; univers; sous
        categorie; souscategorie; sous rayon; arborescence; rubrique; sous rubrique; s famille; s categorie; s rayon;
        categorie niveau; categorie n; categorie niv; category level; niveau categorie; categorie level; sous sous
        categorie; sous sous famille; nivel categoria; categoria nivel; kategorie ebene; type produit; type de
        produit; categorie produit; categorie principale; categorie marchand; chemin categorie; fil d ariane; type
        article; type d article; ~gamme; famille produit; famille article; nomenclature; categorie mere; categorie
        parente; chemin de categorie; nom categorie; kategorie; kategorien; produktkategorie; warengruppe; warengr;
        produkttyp;
        produktart; unterkategorie; hauptkategorie; kategoriepfad; produktgruppe; artikelgruppe; artikelart;
        sortiment; categoria; categorias; categoria producto; categoria del producto; subcategoria; tipo de producto;
        tipo producto; tipo; familia; subfamilia; seccion; ruta de categoria; categoria principal;
        rayon niveau; rayon niv; univers niveau; category complete name; product category complete name; fil ariane;
        code famille; code famille article; code famille articles; libelle famille; fa codefamille; ga
        famille; categ id; categ id complete name; categ id name; typologie; typologie produit; matkl; tclcod;
        tipologia; famiglia; reparto; sottocategoria; categoria prodotto;
        taxon; taxons; main taxon; product taxons;
        code categorie; category code; category text; libelle famille article; famille niv; famille niveau"""),
    Attribute("google_product_category", _C, "Catégorie Google", "Google category", headers="""
        google product category; google category; google shopping google product category; google category id; google
        taxonomy; google shopping category; categorie google; categorie google shopping; categorie produit google;
        google produktkategorie; google kategorie; categoria google; categoria de google; taxonomy id;
        taxonomie google"""),
    Attribute("item_group_id", Kind.CODE, "Groupe de variantes", "Variant group", headers="""
        code modele; codice modello; codigo modelo; modellcode;
        item group id; handle; variant group code; variant group; group id; item group; product group id; group code;
        style number; style id; style code; parent group id; groupe de variantes; code groupe; groupe
        variante; id groupe; identifiant groupe; code groupe variante; groupe de variante; reference modele couleur;
        article generique; code generique; variantengruppe; gruppen id; artikelgruppen id; id grupo; grupo de variantes;
        id de grupo;
        config sku; merchant product model id; product model id;
        groupe variante id; groupe variantes; id groupe variante;
        modello padre"""),
    Attribute("shipping", _T, "Livraison", "Shipping", headers="""
        carriage; carriage cost; gastos envio; livraison; ~delivery; p p; postage and packing; frais d envoi;
        costo de envio; spese di spedizione; spedizione;
        fdp; frais de port ttc; shippingservice cost; shipping service cost;
        shipping; shipping cost; shipping price; shipping costs; delivery cost; delivery price; shipping fee;
        ~postage; delivery fee; shipping charge; frais de port; frais de livraison; frais port; frais livraison; cout
        de livraison; ~port; frais d expedition; prix livraison; versand; versandkosten; lieferkosten; versandpreis;
        gastos de envio; coste de envio; envio; costes de envio"""),
    Attribute("shipping_weight", _M, "Poids d’expédition", "Shipping weight", family="mass", headers="""
        brgew; item package weight; poids brut expedition;
        shipping weight; website shipping weight; gw; ~package weight; gross weight; parcel weight; packed weight;
        packaging weight; weight packaged; poids d expedition; poids colis; poids brut; poids emballe; poids du colis;
        poids expedition; poids emballage; versandgewicht; bruttogewicht; paketgewicht; peso de envio; peso bruto;
        peso del paquete; peso paquete; peso envio"""),
    Attribute("shipping_length", _M, "Longueur du colis", "Shipping length", family="length", headers="""
        carton length;
        shipping length; package length; parcel length; packaging length; longueur colis; longueur du colis; longueur
        emballage; longueur expedition; versandlaenge; paketlaenge; paketlange; largo paquete; longitud de envio;
        longitud del paquete"""),
    Attribute("shipping_width", _M, "Largeur du colis", "Shipping width", family="length", headers="""
        carton width;
        shipping width; package width; parcel width; packaging width; largeur colis; largeur du colis; largeur
        emballage; largeur expedition; versandbreite; paketbreite; ancho paquete; ancho del paquete; ancho de envio"""),
    Attribute("shipping_height", _M, "Hauteur du colis", "Shipping height", family="length", headers="""
        carton height;
        shipping height; package height; parcel height; packaging height; hauteur colis; hauteur du colis; hauteur
        emballage; hauteur expedition; versandhoehe; pakethoehe; pakethohe; alto paquete; altura del paquete; altura
        de envio"""),
    Attribute("stock", _N, "Stock", "Stock", headers="""
        lagerbestand gesamt; exist; existencia; quantity on hand; fulfillment availability quantity; bestand gesamt;
        gesamtbestand; stock gesamt;
        btl dispo; units left; unites vendables; ~reste;
        uds; pezzi; pezzi disponibili; bouteilles restantes; restantes; reste en stock;
        stock; quantity; qty; stock quantity; stock qty; inventory; inventory quantity; variant inventory qty;
        available quantity; quantity available; stock level; on hand; soh; units in stock; qty in stock; inventory level;
        inventory qty; quantity in stock; available stock; stock on hand; quantite; quantite stock; quantite en stock;
        quantite disponible; qty avail; stock depot;
        stock disponible; qte; qte stock; qte en stock; stock actuel; nb stock; nombre en stock;
        stock dispo; qte disponible; qte dispo; stock reel; stock total; stock net; stock physique; inventaire;
        bestand; lagerbestand; lagerbest; qtestk; qtestock; stkdispo; menge; verfuegbare menge; verfugbare menge;
        lagermenge; anzahl; stueckzahl; stuckzahl;
        anzahl auf lager; verfuegbarer bestand; cantidad; existencias; stock actual; cantidad disponible; unidades;
        unidades en stock; inventario; cantidad en stock; giacenza;
        unidades disponibles; quantite dispo; ~lager;
        as qtesto; physto; labst; quantita; quantita disponibile; qta; disponibili;
        uds en stock; uds stock; uds disponibles; qoh; qty on hand; exemplaires;
        nb exemplaires; nombre d exemplaires; en reserve; reserve magasin"""),
    Attribute("vat_rate", _N, "Taux de TVA", "VAT rate", headers="""
        vat rate; vat; tax rate; tax; vat percent; productvat; vat percentage; tax percent; tva; taux tva; txtva;
        tx tva; taux de
        tva; tva applicable; code tva; pourcentage tva; taux tva applicable; mwst; mwst satz; mehrwertsteuer; ust;
        steuersatz; umsatzsteuer; iva; tipo iva; tipo de iva; porcentaje iva;
        aliquota; aliquota iva"""),
    Attribute("parent_id", Kind.CODE, "Référence parente", "Parent identifier", headers="""
        variationskombination vaterartikel; vater artikel; child parent sku relationship parent sku;
        parent; parent id; parent sku; parent code; parent product; parent product id; parent reference; master sku;
        master id; parent item; parent item id; sku parent; reference parent; reference parente; ref parent; produit
        parent; id parent; article parent; code parent; sku du parent; ref parente; reference mere; article mere;
        ubergeordnetes produkt;
        elternartikel; vaterartikel; uebergeordnet; ubergeordnet; parent artikelnummer; hauptartikel; vater sku;
        vaterartikelnummer; producto padre; sku padre; id padre; referencia padre; superior; principal;
        parentnumber; parent number; codice padre"""),
    Attribute("weight", _M, "Poids", "Weight", family="mass", headers="""
        weight; item weight; product weight; net weight; nw; variant weight; variant grams; grams; poids; poids net; poids
        produit; poids article; poids unitaire; poids du produit; masse; gewicht; nettogewicht; produktgewicht;
        artikelgewicht; eigengewicht; peso; peso neto; peso producto; peso del producto; peso unitario;
        peso articulo;
        ar poidsnet; itmwei; ntgew; peso netto; peso articolo; peso prodotto"""),
    Attribute("length", _M, "Longueur", "Length", family="length", headers="""
        length; ts dimensions length; dimensions length; item length; product length; longueur; longueur produit;
        longueur article; longueur totale; longueur du produit; laenge; lange; produktlaenge; artikellaenge;
        gesamtlaenge; largo; longitud; largo producto; longitud del producto; lunghezza;
        dims l"""),
    Attribute("width", _M, "Largeur", "Width", family="length", headers="""
        assembled width;
        width; ts dimensions width; dimensions width; item width; product width; largeur; largeur produit; largeur
        article; largeur totale; largeur du produit; breite; produktbreite; artikelbreite; gesamtbreite; ancho;
        anchura; ancho producto; ancho del producto; larghezza;
        dim w; dims w; dimension w"""),
    Attribute("height", _M, "Hauteur", "Height", family="length", headers="""
        assembled height;
        height; ts dimensions height; dimensions height; item height; product height; hauteur; hauteur produit;
        hauteur article; hauteur totale; hauteur du produit; hoehe; hohe; produkthoehe; artikelhoehe; gesamthoehe;
        alto; altura; alto producto; altura del producto; altezza; dim h; dims h; dimension h"""),
    Attribute("depth", _M, "Profondeur", "Depth", family="length", headers="""
        assembled depth;
        depth; item depth; product depth; profondeur; profondeur produit; profondeur totale; profondeur du produit;
        tiefe; produkttiefe; artikeltiefe; fondo; profundidad; fondo producto;
        profondita"""),
    Attribute("capacity", _M, "Contenance", "Capacity", family="volume", headers="""
        capacity; volume; net content; contents; bottle size; storage capacity; item volume; liquid volume; capacite; contenance;
        volume net; capacite de stockage; contenu net; litrage; inhalt; volumen; kapazitaet; kapazitat;
        fassungsvermoegen; fassungsvermogen; fuellmenge; fullmenge; capacidad; contenido; contenido neto;
        volume utile; ~contenu; battery capacity; capacite batterie; capacite de la batterie; akkukapazitaet;
        akkukapazitat"""),
    Attribute("power", _M, "Puissance", "Power", family="power", headers="""
        power; wattage; watts; power consumption; rated power; power watts; puissance; puissance electrique; puissance
        nominale; puissance absorbee; leistung; leistungsaufnahme; nennleistung; wattzahl; potencia; potencia nominal;
        consumo electrico;
        puissance maxi; puissance max; puissance maximale; puissance moteur; motor power; engine power; max power"""),
    Attribute("voltage", _M, "Tension", "Voltage", family="voltage", headers="""
        voltage; rated voltage; input voltage; volts; tension; tension nominale; voltage nominal; tension d
        alimentation; spannung; nennspannung; betriebsspannung; voltaje; tension electrica; voltaje nominal;
        volt"""),
    Attribute("pack_quantity", _N, "Quantité par lot", "Pack quantity", headers="""
        uds caja; unidades caja; pk size; pk qty; cond; case qty; case quantity; stk pro packung; confezione da;
        pezzi per confezione; uds por pack; nb par colis; inner qty;
        unidades por caja; uds por caja; vendu par; vendus par; stuck pro karton;
        uds por paquete;
        pack quantity; multipack; pack size; number of items; item package quantity; units per pack; pack qty; pieces
        per pack; package quantity; unit count; pack; quantity per pack; items per pack; number of pieces; piece
        count; quantite par lot; quantite par paquet; lot; lot de; conditionnement; nb par lot; nb pieces par lot;
        nb de pieces par lot; nombre de pieces par lot; quantite par colis; nombre par lot; nombre
        d unites; nombre de pieces; nb pieces; nb de pieces; qte par lot; unites par lot; pieces par lot; ~pcb; vpe;
        colisage; nombre par paquet; quantite lot; qte lot; packungsgroesse; packungsgrosse; packungsinhalt; stueck
        pro packung; stuck pro packung; verpackungseinheit; ve; packungsmenge; anzahl pro packung; unidades por
        paquete; cantidad por paquete; piezas por paquete; unidades por pack; unidades por lote"""),
    Attribute("locale", _C, "Langue", "Language", headers="""
        locale; language; content language; lang; langue; langue fiche; code langue; langue de la fiche; sprache;
        idioma; lingua"""),
    Attribute("origin_country", _C, "Pays d’origine", "Country of origin", headers="""
        faconne en; confectionne en;
        origin country; ~pays; ~country; coo; ar pays; manufactured in;
        country of origin; origin; made in; country of manufacture; manufacturing country; country
        origin; pays d origine; pays origine; origine; pays de fabrication; fabrique en; fabrication; provenance; pays
        de provenance; pays fabrication; lieu de fabrication; herkunftsland; ursprungsland; urspr land;
        herstellungsland;
        herkunft; hergestellt in; pais de origen; pais origen; origen; pais de fabricacion; fabricado en; pais
        fabricacion; procedencia;
        herkl; paese di origine; paese d origine; paese origine; paese di produzione; prodotto in;
        pays de fab; pays fab"""),
    Attribute("manufacturer_name", _T, "Nom du fabricant", "Manufacturer's name", headers="""
        gpsr manufacturer name; gpsr manufacturer; legal manufacturer; manufacturer legal name; raison sociale
        fabricant; raison sociale du fabricant; fabricant legal; fabricant gpsr; fabricant rgsp; nom fabricant gpsr;
        nome produttore"""),
    Attribute("manufacturer_address", _T, "Adresse du fabricant", "Manufacturer's address", headers="""
        hersteller anschrift; fabricant adresse; manufacturer addr; fabricante direccion; herstelleranschrift;
        indirizzo produttore; adresse producteur;
        manufacturer address; manufacturer postal address; gpsr manufacturer address; manufacturer contact;
        manufacturer email; adresse fabricant; adresse du fabricant; adresse postale du fabricant; adresse postale
        fabricant; contact fabricant; coordonnees fabricant; coordonnees du fabricant; herstelleradresse; adresse
        hersteller; hersteller adresse; anschrift hersteller; direccion fabricante; direccion del fabricante;
        nom et adresse du fabricant; nom et adresse fabricant; nom et adresse de l exploitant; name and address of
        manufacturer; manufacturer name and address"""),
    Attribute("responsible_person", _T, "Personne responsable (UE)", "Responsible person (EU)", headers="""
        dsa responsible party address; responsible person email or url; e mail der verantwortlichen person;
        responsible person; eu responsible person; gpsr responsible person; responsible person name; responsible
        economic operator; eu responsible; personne responsable; responsable ue; personne responsable ue; responsable
        europeen; operateur economique responsable; personne responsable dans l ue; mandataire ue; verantwortliche
        person; eu verantwortlicher; verantwortliche person eu; persona responsable; responsable en la ue; responsable
        en ue; persona responsable ue; responsable mise sur le marche; responsable de la mise sur le marche; metteur sur le
        marche; importer eu; eu importer"""),
    Attribute("epr_idu", Kind.CODE, "Identifiant unique REP", "EPR number", headers="""
        idu code; epr idu code;
        epr idu; epr; idu; epr number; epr registration number; epr id; numero idu; identifiant unique rep; code idu;
        numero rep; identifiant rep; idu rep; n idu; rep; numero d enregistrement rep; epr nummer; epr
        registrierungsnummer; weee reg nr; lucid nummer; numero rap; numero epr"""),
    Attribute("safety_warnings", _T, "Avertissements de sécurité", "Safety warnings", many=True, headers="""
        safety warnings; safety warning; safety information; gpsr safety information; gpsr warnings; product safety
        information; avertissements de securite; avertissement de securite; informations de securite; consignes de
        securite; mises en garde; sicherheitshinweise; advertencias de seguridad"""),
    Attribute("energy_efficiency_class", _C, "Classe énergétique", "Energy class", headers="""
        energy class; energieklasse; clase energia; classe energetica; energy efficiency rating;
        energy label class;
        efficiency class; energy rating; energy label; classe d efficacite energetique; etiquette energie; etiquette
        energetique; clase energetica; clase de eficiencia energetica;
        energieeffizienzklasse;
        classe energie; classe energetique"""),
    Attribute("compatible_with", Kind.TEXTS, "Compatible avec", "Compatible with", headers="""
        vehiculos; vehicules; vehicles; fahrzeuge; vehicules compatibles; vehiculos compatibles; fahrzeug; fitment;
        suitable for models; application vehicule; modele vehicule;
        works with;
        compatible with; compatibility; compatible devices; compatible models; compatible models list; fits;
        compatible brands; compatible phone models; compatible avec; compatibilite; appareils compatibles; modeles
        compatibles; compatibilite modeles; produits compatibles; kompatibel mit; kompatibilitaet; kompatibilitat;
        passend fuer; passend fur; geeignet fuer; geeignet fur; kompatible geraete; kompatible modelle; compatible
        con; compatibilidad; modelos compatibles; dispositivos compatibles;
        compatible avec modeles"""),
)  # fmt: skip

ATTRIBUTES: Mapping[str, Attribute] = {row.name: row for row in _ROWS}

# What an editor may correct by hand: everything but the identifier under which the sheet is found again.
EDITABLE = frozenset(ATTRIBUTES) - {"id"} | {"category"}
