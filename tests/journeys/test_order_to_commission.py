"""From the storefront's report to the vendor's parcel: a mixed basket is split, its commission frozen, its parcel followed."""

from __future__ import annotations

import io

import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.orders.models import CommissionRule, Order
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user
from tests.factories.api import Program, basket
from tests.factories.vendors import make_vendor


def test_a_mixed_basket_from_report_to_delivery(app: Flask) -> None:
    lamps, chairs = make_vendor(name="Lamps"), make_vendor(name="Chairs")
    manager = login(app, make_user(Role.ACCOUNT_MANAGER))
    seller = login(app, make_user(Role.VENDOR_USER, vendor_id=lamps.id))
    stranger = login(app, make_user(Role.VENDOR_USER, vendor_id=chairs.id))
    storefront = Program(app)

    # The account manager agrees 15 % with everyone and 12 % with the lamps' vendor.
    manager.post("/commission-rules", data={"vendor": "", "rate": "15"})
    manager.post("/commission-rules", data={"vendor": str(lamps.id), "rate": "12", "fixed": "0,30"})

    # The storefront reports a basket of both, twice, since its connection broke.
    sent = basket(lamps, chairs, number="CMD-77")
    assert storefront.post("/orders", json=sent, key="basket-77").status_code == 201
    assert storefront.post("/orders", json=sent, key="basket-77").status_code == 201
    of_lamps, of_chairs = db.session.scalars(sa.select(Order).order_by(Order.id)).all()
    assert (of_lamps.lines[0].commission_minor, of_chairs.lines[0].commission_minor) == (270, 300)

    # The vendor finds it on the home page and reads what is kept of it; the other vendor finds only its own.
    assert "Orders to send" in seller.get("/").get_data(as_text=True)
    page = seller.get(f"/orders/{of_lamps.id}").get_data(as_text=True)
    assert "12% + €0.30" in page
    assert "€17.30" in page
    assert stranger.get(f"/orders/{of_lamps.id}").status_code == 404

    # A rule that is retired later changes nothing of what has arrived.
    rule = db.session.scalars(sa.select(CommissionRule).where(CommissionRule.vendor_id == lamps.id)).one()
    manager.post(f"/commission-rules/{rule.id}/retire")
    assert "12% + €0.30" in seller.get(f"/orders/{of_lamps.id}").get_data(as_text=True)

    # The night's export says that the parcel left; the storefront, that it arrived.
    header = "commande;date;vendeur;référence;quantité;montant;email;statut;suivi\n"
    line = f"CMD-77;2026-11-20 10:00;{lamps.code};SKU-1;1;20,00;alix@buyer.example;expédiée;6A123\n"
    data = {"file": (io.BytesIO((header + line).encode("cp1252")), "export.csv")}
    looked_at = manager.post("/orders/imports/new", data=data).location
    manager.post(f"{looked_at}/take")
    assert (of_lamps.status, of_lamps.tracking_number) == ("shipped", "6A123")
    parcels = [{"vendor": lamps.code, "status": "delivered"}, {"vendor": chairs.code}]
    answer = storefront.post("/orders", json=basket(lamps, chairs, number="CMD-77", parcels=parcels), key="arrived")
    assert (answer.get_json()["moved"], answer.get_json()["unchanged"]) == (1, 1)

    # What happened is at the foot of the page, with who said so.
    page = manager.get(f"/orders/{of_lamps.id}").get_data(as_text=True)
    assert storefront.token.name in page
    assert "reported progress of the order" in page
    assert "6A123" in page
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count(Order.id))) == 2
