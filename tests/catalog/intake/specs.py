"""The columns of the conventions vendors use: "header ~ attribute (- for none) ~ value", parted by "¦"."""

from __future__ import annotations

from tests.catalog.intake.products import spec

GOOGLE_TSV = spec("""
    id ~ id ~ sku ¦ title ~ title ~ title ¦ description ~ description ~ long ¦ link ~ link ~ link ¦
    image link ~ image_link ~ image ¦ additional image link ~ additional_image_link ~ image2 ¦
    availability ~ availability ~ =in_stock ¦ price ~ price ~ eur ¦ sale price ~ sale_price ~ eur ¦
    sale price effective date ~ - ~ =2026-01-01T00:00+01:00/2026-02-01T00:00+01:00 ¦ brand ~ brand ~ brand ¦
    gtin ~ gtin ~ ean ¦ mpn ~ mpn ~ mpn ¦ condition ~ condition ~ =new ¦
    google product category ~ google_product_category ~ =604 ¦ product type ~ product_type ~ category ¦
    item group id ~ item_group_id ~ sku ¦ color ~ color ~ color ¦ size ~ size ~ size ¦ gender ~ gender ~ =unisex ¦
    age group ~ age_group ~ =adult ¦ material ~ material ~ material ¦ identifier exists ~ - ~ =yes ¦
    shipping ~ shipping ~ =FR:::4.90 EUR ¦ shipping weight ~ shipping_weight ~ =1.2 kg ¦ custom label 0 ~ - ~ =été ¦
    adult ~ - ~ =no ¦ multipack ~ pack_quantity ~ =2 ¦ unit pricing measure ~ - ~ =750 ml ¦
    energy efficiency class ~ energy_efficiency_class ~ =A
""")

WOOCOMMERCE_FR = spec("""
    ID ~ - ~ number ¦ Type ~ - ~ =simple ¦ UGS ~ id ~ sku ¦ GTIN, UPC, EAN ou ISBN ~ gtin ~ ean ¦
    Nom ~ title ~ title ¦ Publié ~ - ~ =1 ¦ Mis en avant ? ~ - ~ =0 ¦ Visibilité dans le catalogue ~ - ~ =visible ¦
    Description courte ~ - ~ short ¦ Description ~ description ~ html ¦ Date de début de promo ~ - ~ = ¦
    Date de fin de promo ~ - ~ = ¦ État de la TVA ~ - ~ =taxable ¦ Classe de TVA ~ - ~ = ¦
    En stock ? ~ availability ~ =1 ¦ Stock ~ stock ~ stock ¦ Montant de stock faible ~ - ~ =2 ¦
    Autoriser les commandes de produits en rupture ? ~ - ~ =0 ¦ Vendre individuellement ? ~ - ~ =0 ¦
    Poids (kg) ~ weight ~ weight ¦ Longueur (cm) ~ length ~ length ¦ Largeur (cm) ~ width ~ width ¦
    Hauteur (cm) ~ height ~ height ¦ Autoriser les avis clients ? ~ - ~ =1 ¦ Note de commande ~ - ~ = ¦
    Tarif promo ~ sale_price ~ sale ¦ Tarif régulier ~ price ~ price ¦ Catégories ~ product_type ~ category ¦
    Étiquettes ~ - ~ =cadeau, maison ¦ Classe d’expédition ~ - ~ = ¦ Images ~ image_link ~ image ¦
    Limite de téléchargement ~ - ~ = ¦ Jours d’expiration du téléchargement ~ - ~ = ¦ Parent ~ parent_id ~ = ¦
    Groupe de produits ~ - ~ = ¦ Produits suggérés ~ - ~ = ¦ Ventes croisées ~ - ~ = ¦ URL externe ~ - ~ = ¦
    Libellé du bouton ~ - ~ = ¦ Position ~ - ~ =0 ¦ Marques ~ brand ~ brand ¦ Nom de l’attribut 1 ~ - ~ =Couleur ¦
    Valeur(s) de l’attribut 1 ~ color ~ color ¦ Attribut 1 visible ~ - ~ =1 ¦ Attribut 1 global ~ - ~ =1
""")

PRESTASHOP_FR = spec("""
    ID ~ id ~ number ¦ Actif (0/1) ~ - ~ =1 ¦ Nom * ~ title ~ title ¦
    Catégories (x,y,z...) ~ product_type ~ =Maison,Cuisine ¦ Prix HT ~ price ~ price ¦ ID règle de taxes ~ - ~ =1 ¦
    Prix de gros ~ - ~ cost ¦ En solde (0/1) ~ - ~ =0 ¦ Montant de la remise ~ - ~ = ¦
    Pourcentage de réduction ~ - ~ = ¦ Réduction de (aaaa-mm-jj) ~ - ~ = ¦ Réduction à (aaaa-mm-jj) ~ - ~ = ¦
    Référence fournisseur ~ - ~ sku ¦ Fournisseur ~ - ~ =Grossiste Duval ¦ Fabricant ~ brand ~ brand ¦
    EAN13 ~ gtin ~ ean ¦ UPC ~ - ~ = ¦ Écotaxe ~ - ~ =0 ¦ Largeur ~ width ~ width ¦ Hauteur ~ height ~ height ¦
    Profondeur ~ depth ~ length ¦ Poids ~ weight ~ weight ¦ Délai de livraison des produits en stock ~ - ~ = ¦
    Quantité ~ stock ~ stock ¦ Quantité minimale ~ - ~ =1 ¦ Niveau de stock bas ~ - ~ = ¦ Visibilité ~ - ~ =both ¦
    Frais de port supplémentaires ~ - ~ =0 ¦ Unité ~ - ~ = ¦ Récapitulatif ~ - ~ short ¦
    Description ~ description ~ html ¦ Mots-clés (x,y,z...) ~ - ~ =maison ¦ Balise titre ~ - ~ title ¦
    Meta mots-clés ~ - ~ = ¦ Meta description ~ - ~ short ¦ URL simplifiée ~ - ~ =cafetiere ¦
    Texte lorsque en stock ~ - ~ =En stock ¦ Texte lorsque réapprovisionnement autorisé ~ - ~ = ¦
    Disponible à la commande (0 = Non, 1 = Oui) ~ - ~ =1 ¦ Date de disponibilité du produit ~ - ~ date ¦
    Date de création du produit ~ - ~ date ¦ Afficher le prix (0 = Non, 1 = Oui) ~ - ~ =1 ¦
    URL des images (x,y,z...) ~ image_link ~ image ¦ Textes alternatifs des images (x,y,z...) ~ - ~ title ¦
    Supprimer les images existantes (0 = Non, 1 = Oui) ~ - ~ =0 ¦
    Caractéristique (Nom:Valeur:Position:Personnalisé) ~ - ~ =Matière:Bois:0 ¦
    Disponible uniquement en ligne (0 = Non, 1 = Oui) ~ - ~ =0 ¦ État ~ condition ~ =new ¦
    Personnalisable (0 = Non, 1 = Oui) ~ - ~ =0 ¦ Action en rupture de stock ~ - ~ =0 ¦
    Accessoires (x,y,z...) ~ - ~ =
""")

MAGENTO = spec("""
    sku ~ id ~ sku ¦ store_view_code ~ - ~ = ¦ attribute_set_code ~ - ~ =Default ¦ product_type ~ - ~ =simple ¦
    categories ~ product_type ~ =Default Category/Maison/Cuisine ¦ product_websites ~ - ~ =base ¦
    name ~ title ~ title ¦ description ~ description ~ html ¦ short_description ~ - ~ short ¦
    weight ~ weight ~ weight ¦ product_online ~ - ~ =1 ¦ tax_class_name ~ - ~ =Taxable Goods ¦
    visibility ~ - ~ =Catalog, Search ¦ price ~ price ~ price ¦ special_price ~ sale_price ~ sale ¦
    special_price_from_date ~ - ~ date ¦ special_price_to_date ~ - ~ date ¦ url_key ~ - ~ sku ¦
    meta_title ~ - ~ title ¦ meta_keywords ~ - ~ =a,b ¦ meta_description ~ - ~ short ¦
    base_image ~ image_link ~ =/c/a/cafetiere.jpg ¦ base_image_label ~ - ~ = ¦ small_image ~ - ~ =/c/a/cafetiere.jpg
    ¦ thumbnail_image ~ - ~ =/c/a/cafetiere.jpg ¦ created_at ~ - ~ date ¦ updated_at ~ - ~ date ¦ map_price ~ - ~ =
    ¦ msrp_price ~ - ~ price ¦ country_of_manufacture ~ origin_country ~ country ¦
    additional_attributes ~ - ~ =brand=Velmor,color=noir ¦ qty ~ stock ~ stock ¦ out_of_stock_qty ~ - ~ =0 ¦
    is_in_stock ~ availability ~ =1 ¦ manage_stock ~ - ~ =1 ¦ related_skus ~ - ~ = ¦ crosssell_skus ~ - ~ = ¦
    upsell_skus ~ - ~ = ¦ additional_images ~ additional_image_link ~ =/c/a/b.jpg,/c/a/c.jpg ¦
    additional_image_labels ~ - ~ = ¦ configurable_variations ~ - ~ = ¦ manufacturer ~ brand ~ brand ¦
    ean ~ gtin ~ ean ¦ color ~ color ~ color ¦ size ~ size ~ size
""")

MIRAKL_OFFERS = spec("""
    sku ~ id ~ sku ¦ product-id ~ gtin ~ ean ¦ product-id-type ~ - ~ =EAN ¦ description ~ description ~ short ¦
    internal-description ~ - ~ = ¦ price ~ price ~ price ¦ price-additional-info ~ - ~ = ¦ quantity ~ stock ~ stock
    ¦ min-quantity-alert ~ - ~ =2 ¦ state ~ condition ~ =11 ¦ available-start-date ~ - ~ date ¦
    available-end-date ~ - ~ = ¦ logistic-class ~ - ~ =S ¦ discount-price ~ sale_price ~ sale ¦
    discount-start-date ~ - ~ date ¦ discount-end-date ~ - ~ date ¦ leadtime-to-ship ~ - ~ =2 ¦
    update-delete ~ - ~ =update ¦ price[channel=FR] ~ price ~ price ¦ price[channel=BE] ~ price ~ price
""")

MIRAKL_PRODUCTS = spec("""
    category ~ product_type ~ =CUI-CAF ¦ shop-sku ~ id ~ sku ¦ label[fr] ~ title ~ title ¦ label[en] ~ title ~ title
    ¦ brand ~ brand ~ brand ¦ ean ~ gtin ~ ean ¦ description[fr] ~ description ~ long ¦
    main-image ~ image_link ~ image ¦ image-2 ~ additional_image_link ~ image2 ¦
    image-3 ~ additional_image_link ~ image3 ¦ variant-group-code ~ item_group_id ~ sku ¦
    color ~ color ~ =noir|blanc ¦ country-of-origin ~ origin_country ~ country ¦ warranty ~ - ~ =24
""")

AKENEO = spec("""
    sku ~ id ~ sku ¦ categories ~ product_type ~ =maison,cuisine ¦ enabled ~ - ~ =1 ¦ family ~ - ~ =cafetieres ¦
    parent ~ parent_id ~ sku ¦ groups ~ - ~ = ¦ name-fr_FR-ecommerce ~ title ~ title ¦
    name-en_US-ecommerce ~ title ~ title ¦ description-fr_FR-ecommerce ~ description ~ long ¦
    description-en_US-ecommerce ~ description ~ long ¦ price-EUR ~ price ~ price ¦ price-USD ~ price ~ price ¦
    ean ~ gtin ~ ean ¦ brand ~ brand ~ brand ¦ weight ~ weight ~ weight ¦ weight-unit ~ - ~ =KILOGRAM ¦
    color ~ color ~ color ¦ size ~ size ~ size ¦ image ~ image_link ~ =files/a/b/image.jpg ¦ X_SELL-products ~ - ~ =
    ¦ PACK-products ~ - ~ = ¦ meta_title-fr_FR ~ - ~ title
""")

AMAZON = spec("""
    feed_product_type ~ product_type ~ =coffeemaker ¦ item_sku ~ id ~ sku ¦ brand_name ~ brand ~ brand ¦
    item_name ~ title ~ title ¦ external_product_id ~ gtin ~ ean ¦ external_product_id_type ~ - ~ =EAN ¦
    manufacturer ~ manufacturer_name ~ brand ¦ part_number ~ mpn ~ mpn ¦ standard_price ~ price ~ price ¦
    quantity ~ stock ~ stock ¦ main_image_url ~ image_link ~ image ¦
    other_image_url1 ~ additional_image_link ~ image2 ¦ other_image_url2 ~ additional_image_link ~ image3 ¦
    parent_child ~ - ~ = ¦ parent_sku ~ parent_id ~ = ¦ relationship_type ~ - ~ = ¦ variation_theme ~ - ~ = ¦
    update_delete ~ - ~ =Update ¦ product_description ~ description ~ long ¦ bullet_point1 ~ description ~ short ¦
    bullet_point2 ~ description ~ short ¦ generic_keywords ~ - ~ =café filtre ¦ color_name ~ color ~ color ¦
    size_name ~ size ~ size ¦ material_type ~ material ~ material ¦ item_weight ~ weight ~ weight ¦
    item_weight_unit_of_measure ~ - ~ =KG ¦ item_length ~ length ~ length ¦ item_width ~ width ~ width ¦
    item_height ~ height ~ height ¦ country_of_origin ~ origin_country ~ country ¦ condition_type ~ condition ~ =New
    ¦ recommended_browse_nodes ~ - ~ =5678 ¦ currency ~ - ~ =EUR ¦ fulfillment_latency ~ - ~ =2 ¦
    number_of_items ~ pack_quantity ~ =1
""")
AMAZON_LABELS = [
    "Product Type",
    "Seller SKU",
    "Brand Name",
    "Product Name",
    "Product ID",
    "Product ID Type",
    "Manufacturer",
    "Manufacturer Part Number",
    "Standard Price",
    "Quantity",
    "Main Image URL",
    "Other Image URL1",
    "Other Image URL2",
    "Parentage",
    "Parent SKU",
    "Relationship Type",
    "Variation Theme",
    "Update Delete",
    "Product Description",
    "Key Product Features",
    "Key Product Features",
    "Search Terms",
    "Color",
    "Size",
    "Material Type",
    "Item Weight",
    "Item Weight Unit Of Measure",
    "Item Length",
    "Item Width",
    "Item Height",
    "Country/Region Of Origin",
    "Condition Type",
    "Recommended Browse Nodes",
    "Currency",
    "Fulfillment Latency",
    "Number of Items",
]

FRENCH = spec("""
    Réf. ~ id ~ sku ¦ Désignation ~ title ~ title ¦ Descriptif ~ description ~ long ¦ Marque ~ brand ~ brand ¦
    Code barre ~ gtin ~ ean ¦ Prix TTC (€) ~ price ~ price_fr ¦ Prix promo ~ sale_price ~ sale_fr ¦
    Prix d'achat HT ~ - ~ cost ¦ Qté ~ stock ~ stock ¦ Poids en kg ~ weight ~ weight_fr ¦
    Longueur (cm) ~ length ~ length ¦ Largeur (cm) ~ width ~ width ¦ Hauteur (cm) ~ height ~ height ¦
    Coloris ~ color ~ color ¦ Matière ~ material ~ material ¦ Pays d'origine ~ origin_country ~ country ¦
    Rayon ~ product_type ~ cat1 ¦ Famille ~ product_type ~ cat2 ¦ Sous-famille ~ product_type ~ cat3 ¦
    Photo 1 ~ image_link ~ image ¦ Photo 2 ~ additional_image_link ~ image2 ¦ Taux de TVA ~ vat_rate ~ =20 ¦
    Délai de livraison ~ - ~ =3 jours ¦ Commentaires ~ - ~ = ¦ Réf. fabricant ~ mpn ~ mpn ¦
    Fournisseur ~ - ~ =Grossiste Duval
""")

FRENCH_TYPOS = spec("""
    Referance ~ id ~ sku ¦ Desciption ~ description ~ long ¦ Libéllé ~ title ~ title ¦ Maruqe ~ brand ~ brand ¦
    Code EAN 13 ~ gtin ~ ean ¦ Prix de vent TTC ~ price ~ price_fr ¦ Quantitée ~ stock ~ stock ¦
    Couleure ~ color ~ color ¦ Catégori ~ product_type ~ cat2 ¦ Hauteur cm ~ height ~ height ¦
    Largueur cm ~ width ~ width ¦ Pds (kg) ~ weight ~ weight_fr ¦ url_imgae ~ image_link ~ image ¦
    Dsiponibilité ~ availability ~ =en stock
""")

ENGLISH = spec("""
    Item No. ~ id ~ sku ¦ Product Name ~ title ~ title ¦ Long Description ~ description ~ long ¦
    Manufacturer ~ brand ~ brand ¦ Barcode ~ gtin ~ ean ¦ Model Number ~ mpn ~ mpn ¦ RRP ~ - ~ price ¦
    Selling Price (GBP) ~ price ~ price ¦ Qty in Stock ~ stock ~ stock ¦ Net Weight (g) ~ weight ~ grams ¦
    Colour ~ color ~ color_en ¦ Category ~ product_type ~ cat1 ¦ Sub Category ~ product_type ~ cat2 ¦
    Image URL ~ image_link ~ image ¦ Product URL ~ link ~ link ¦ Supplier ~ - ~ =Duval Ltd ¦ Date Added ~ - ~ date ¦
    Country of Origin ~ origin_country ~ country ¦ Active ~ - ~ flag ¦ Depth (mm) ~ depth ~ length
""")

GERMAN = spec("""
    Artikelnummer ~ id ~ sku ¦ Bezeichnung ~ title ~ title ¦ Beschreibung ~ description ~ long ¦
    Hersteller ~ brand ~ brand ¦ EAN ~ gtin ~ ean ¦ Preis (EUR) ~ price ~ price_fr ¦
    Aktionspreis ~ sale_price ~ sale_fr ¦ Lagerbestand ~ stock ~ stock ¦ Gewicht (kg) ~ weight ~ weight_fr ¦
    Länge (cm) ~ length ~ length ¦ Breite (cm) ~ width ~ width ¦ Höhe (cm) ~ height ~ height ¦
    Farbe ~ color ~ =schwarz ¦ Größe ~ size ~ size ¦ Kategorie ~ product_type ~ category ¦
    Bild-URL ~ image_link ~ image ¦ Lieferzeit ~ - ~ =3 Tage ¦ UVP ~ - ~ price_fr ¦ Zustand ~ condition ~ =neu ¦
    Herkunftsland ~ origin_country ~ =Deutschland ¦ MwSt ~ vat_rate ~ =19 ¦ Bemerkungen ~ - ~ =
""")

SPANISH = spec("""
    Referencia ~ id ~ sku ¦ Nombre del producto ~ title ~ title ¦ Descripción ~ description ~ long ¦
    Marca ~ brand ~ brand ¦ Código de barras ~ gtin ~ ean ¦ PVP (€) ~ price ~ price_fr ¦
    Precio oferta ~ sale_price ~ sale_fr ¦ Existencias ~ stock ~ stock ¦ Peso (kg) ~ weight ~ weight_fr ¦
    Largo (cm) ~ length ~ length ¦ Ancho (cm) ~ width ~ width ¦ Alto (cm) ~ height ~ height ¦ Color ~ color ~ =negro
    ¦ Talla ~ size ~ size ¦ Categoría ~ product_type ~ cat1 ¦ Subcategoría ~ product_type ~ cat2 ¦
    Imagen ~ image_link ~ image ¦ Proveedor ~ - ~ =Duval SL ¦ Estado ~ condition ~ =nuevo ¦
    País de origen ~ origin_country ~ =España ¦ Observaciones ~ - ~ =
""")

ABBREVIATED = spec("""
    ref_art ~ id ~ sku ¦ lib_art ~ title ~ title ¦ desc_longue ~ description ~ long ¦ mq ~ brand ~ brand ¦
    gencod ~ gtin ~ ean ¦ px_vte_ttc ~ price ~ price_fr ¦ px_ach ~ - ~ cost ¦ qte_stk ~ stock ~ stock ¦
    pds_kg ~ weight ~ weight_fr ¦ larg_cm ~ width ~ width ¦ haut_cm ~ height ~ height ¦ coul ~ color ~ color ¦
    ss_fam ~ product_type ~ cat3 ¦ fam ~ product_type ~ cat2 ¦ img1 ~ image_link ~ image ¦
    img2 ~ additional_image_link ~ image2
""")

RUN_TOGETHER = spec("""
    productID ~ id ~ sku ¦ productName ~ title ~ title ¦ productDescription ~ description ~ long ¦
    brandName ~ brand ~ brand ¦ imageURL ~ image_link ~ image ¦ productURL ~ link ~ link ¦
    categoryPath ~ product_type ~ category ¦ salePrice ~ sale_price ~ sale ¦ price ~ price ~ price ¦
    stockQuantity ~ stock ~ stock ¦ eancode ~ gtin ~ ean ¦ createdAt ~ - ~ date ¦ isActive ~ - ~ flag ¦
    weightKg ~ weight ~ weight
""")

BENCHMARK = spec("""
    id ~ id ~ number ¦ name ~ title ~ title ¦ description ~ description ~ long ¦ manufacturer ~ brand ~ brand ¦
    modelno ~ mpn ~ mpn ¦ category ~ product_type ~ cat2 ¦ price ~ price ~ price
""")
