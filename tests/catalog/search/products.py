"""A small marketplace in French and English for the tests of search, every sheet of our own writing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from catalog.search.schema import ProductDocument


def product(number: int, title: str, **values: Any) -> ProductDocument:
    """Return a published product in French, with whatever else is said of it."""
    usual: dict[str, Any] = {"version": 1, "published": True, "available": True, "vendor_ids": (1,), "offers": 1}
    return ProductDocument(id=number, title=title, **(usual | values))


PRODUCTS: tuple[ProductDocument, ...] = (
    product(1, "Cafetière à capsules Inissia rouge", brand="Nespresso", price_min_minor=8_900, colours=("rouge",),
            category_ids=(10, 11), category_path="Cuisine > Cafetières",
            description="Pression 19 bars, réservoir 0,7 L."),
    product(2, "Cafetière filtre 12 tasses", brand="Moulinex", price_min_minor=3_490, category_ids=(10, 11),
            category_path="Cuisine > Cafetières", description="Verseuse en verre de 1,5 L, arrêt automatique."),
    product(3, "Détartrant pour machines à café", brand="Durgol", price_min_minor=1_290, category_ids=(10,),
            category_path="Cuisine > Entretien", description="Convient aux cafetières Nespresso et Tassimo."),
    product(4, "Lave-vaisselle encastrable 60 cm", brand="Bosch", price_min_minor=54_900, category_ids=(20,),
            category_path="Électroménager > Lavage", vendor_ids=(2,), gtins=("4242005123456",)),
    product(5, "Tablettes pour lave vaisselle, boîte de 50", brand="Sun", price_min_minor=999,
            category_path="Entretien"),
    product(6, "Taie d'oreiller en lin 65 x 65 cm", brand="Linvosges", colours=("beige",),
            category_path="Linge de lit"),
    product(7, "Housse de couette 240x220 cm", brand="Linvosges", colours=("blanc",), category_path="Linge de lit"),
    product(8, "Coque souple pour téléphone Galaxy S5", brand="Spigen", category_path="Téléphonie > Coques",
            mpns=("SM-G900F",)),
    product(9, "Coques rigides, lot de 2, Galaxy S6", brand="Spigen", category_path="Téléphonie > Coques"),
    product(10, "Bouilloire électrique 1,7 L inox 2200 W", brand="Russell Hobbs",
            category_path="Cuisine > Bouilloires"),
    product(11, "Bouteille isotherme 500 ml", brand="Qwetch", category_path="Cuisine > Bouteilles"),
    product(12, "T-shirt en coton bio", brand="Armor-Lux", category_path="Vêtements > Hauts"),
    product(13, "Chaise de bureau ergonomique noire", brand="Songmics", category_path="Meubles > Chaises",
            available=False),
    product(14, "Perceuse sans fil 18 V", brand="Bosch", category_path="Bricolage > Perceuses", version=4,
            updated_at=datetime(2026, 3, 1, tzinfo=UTC)),
    product(15, "Écouteurs sans fil à réduction de bruit", brand="Sony", category_path="Son > Casques"),
    product(16, "Noise cancelling headphones, black", locale="en", brand="Sony", category_path="Audio > Headphones"),
    product(17, "Stainless steel kettles, pack of 2", locale="en", brand="Russell Hobbs",
            category_path="Kitchen > Kettles"),
    product(18, "Cafetière italienne 6 tasses", brand="Bialetti", published=False, vendor_ids=(3,),
            category_path="Cuisine > Cafetières"),
    product(19, "Batterie 4400 mAhCouleur noire", brand="PowerSmart", category_path="Informatique > Batteries"),
    product(20, "Savon <b>de</b> Marseille à l'huile d'olive", brand="L'Occitane", category_path="Beauté > Savons",
            description="Savon <script>alert(1)</script> doux de 300 g."),
)  # fmt: skip
