"""Pictures from an import to a sheet's issues, against a server of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from backoffice import clock, jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.images import checking, noting
from catalog.images.models import ListingPicture, Picture
from catalog.lifecycle import ListingStatus
from catalog.models import ImportLine, ImportStatus
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.feeds import shop_in_reach
from tests.factories.pictures import drawing, saved
from tests.factories.web import Shop

pytestmark = pytest.mark.usefixtures("quick_reading")


@pytest.fixture
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The server of a vendor's pictures, in a house that looks at them."""
    monkeypatch.setitem(app.config, "IMAGES_CHECKED", True)
    monkeypatch.setattr(checking, "PAUSE_SECONDS", 0)
    # An address of a sheet has a name with a dot, and this machine answers under numbers of that form too.
    with shop_in_reach(app) as made:
        monkeypatch.setattr(checking, "rules_of", lambda config: _here(config))
        yield made


def _here(config: object) -> object:
    from dataclasses import replace

    from backoffice.egress import rules_of

    return replace(rules_of(config), resolve=lambda _host, _port: ["127.0.0.1"])  # type: ignore[arg-type]


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor who may sell."""
    return selling_vendor()


def _codes(vendor: Vendor, sku: str = "CAF-1") -> list[str]:
    return [one["code"] for one in listing_of(vendor, sku).issues if one["code"].startswith("image_")]


def _pictures() -> list[Picture]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Picture).order_by(Picture.id)))


def test_a_good_picture_is_kept_small_and_shown_on_the_pages(app: Flask, vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", saved(drawing()), Content_Type="image/jpeg", ETag='"1"')
    import_rows(vendor, {"image": shop.url("/a.jpg")})
    picture = _pictures()[0]
    assert (picture.fault, picture.width, picture.format, picture.etag) == (None, 800, "JPEG", '"1"')
    assert _codes(vendor) == []
    listing = listing_of(vendor)
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    address = f"/pictures/{picture.id}?v={picture.small_id}"
    assert address in browser.get(f"/sheets/{listing.id}").text
    assert address in browser.get(f"/products/{listing.product_id}").text
    answer = browser.get(address)
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "max-age" in answer.headers["Cache-Control"]


def test_a_page_without_a_picture_shows_the_empty_frame(app: Flask, vendor: Vendor) -> None:
    import_rows(vendor)
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    assert "No picture of" in browser.get(f"/products/{listing_of(vendor).product_id}").text


def test_nothing_is_fetched_and_nothing_told_where_the_setting_is_off(app: Flask, vendor: Vendor, shop: Shop) -> None:
    app.config["IMAGES_CHECKED"] = False
    import_rows(vendor, {"image": shop.url("/gone.jpg")})
    noting.note_pictures(1)
    checking.check_pictures()
    checking.recheck_pictures()
    assert (shop.seen, _pictures(), _codes(vendor)) == ([], [], [])


@pytest.mark.parametrize(
    ("content", "headers", "code"),
    [
        (saved(Image.new("RGB", (600, 600), "white")), {}, "image_blank"),
        (saved(drawing(width=120, height=120)), {}, "image_too_small"),
        (saved(drawing(width=1200, height=300)), {}, "image_ratio"),
        (b"<html>", {"Content_Type": "text/html"}, "image_not_image"),
        (b"<svg/>", {"Content_Type": "image/svg+xml"}, "image_not_image"),
        (b"\0" * 100, {"Content_Type": "image/jpeg"}, "image_not_image"),
        (b"", {"status": 404}, "image_unreachable"),
    ],
)
def test_a_bad_picture_is_told_on_the_sheet_its_quality_and_the_report(
    app: Flask, vendor: Vendor, shop: Shop, content: bytes, headers: dict[str, object], code: str
) -> None:
    good = import_rows(vendor, {"sku": "GOOD", "image": ""})
    shop.gives("/a.jpg", saved(drawing()))
    import_rows(vendor, {"image": shop.url("/a.jpg")})
    before = listing_of(vendor).quality
    shop.gives("/bad.jpg", content, **headers)  # type: ignore[arg-type]
    run = import_rows(vendor, {"image": shop.url("/bad.jpg")})
    listing = listing_of(vendor)
    assert (_codes(vendor), listing.quality < before) == ([code], True)
    assert listing.status == ListingStatus.PUBLISHED, "a picture keeps nothing from being shown"
    line = db.session.get_one(ImportLine, (run.id, listing.row))
    assert code in [one["code"] for one in line.issues]
    assert next(entry[1:] for entry in run.faults or [] if entry[0] == code) == [1, 2]
    assert run.lines_with_warning == 1
    assert good.status == ImportStatus.DONE


def test_a_picture_that_is_mended_is_no_longer_told(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", b"", status=404)
    run = import_rows(vendor, {"image": shop.url("/a.jpg")})
    assert _codes(vendor) == ["image_unreachable"]
    shop.gives("/a.jpg", saved(drawing()))
    with clock.frozen(clock.now() + timedelta(days=31)):
        checking.recheck_pictures()
        db.session.commit()
        jobs.drain()
    assert _codes(vendor) == []
    db.session.refresh(run)
    assert [entry for entry in run.faults or [] if entry[0] == "image_unreachable"] == []
    assert run.lines_with_warning == 0


def test_an_address_that_many_sheets_name_is_fetched_once(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", saved(drawing()))
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}", "image": shop.url("/a.jpg")} for n in range(6)]
    import_rows(vendor, *rows)
    assert len(shop.seen) == 1
    assert len(_pictures()) == 1
    assert _codes(vendor, "S3") == ["image_shared"]
    import_rows(vendor, *({**row, "prix": "12,00 €"} for row in rows))
    assert len(shop.seen) == 1
    assert _codes(vendor, "S3") == ["image_shared"], "made again, a sheet is told again"


def test_the_same_picture_under_two_addresses_of_a_sheet_is_told(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", saved(drawing()))
    shop.gives("/b.png", saved(drawing().resize((500, 500)), "PNG"))
    shop.gives("/c.jpg", saved(drawing(7)))
    more = ",".join(shop.url(path) for path in ("/b.png", "/c.jpg"))
    import_rows(vendor, {"image": shop.url("/a.jpg"), "additional_image_link": more})
    assert _codes(vendor) == ["image_duplicate"]
    assert sorted(db.session.scalars(sa.select(ListingPicture.place))) == [0, 1, 2]


def test_a_server_in_trouble_is_tried_again_before_anything_is_said(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", b"", status=503)
    import_rows(vendor, {"image": shop.url("/a.jpg")})
    moment = clock.now()
    for failures, wait in enumerate(checking.WAITS, 1):
        picture = _pictures()[0]
        assert (picture.failures, picture.fault, _codes(vendor)) == (failures, None, [])
        moment += wait + timedelta(minutes=1)
        with clock.frozen(moment):
            checking.check_pictures()
            db.session.commit()
            jobs.drain()
    assert (_pictures()[0].fault, _codes(vendor)) == ("image_unreachable", ["image_unreachable"])


def test_a_host_that_fails_is_left_in_peace(vendor: Vendor, shop: Shop) -> None:
    for number in range(20):
        shop.gives(f"/{number}.jpg", b"", status=503)
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}", "image": shop.url(f"/{n}.jpg")} for n in range(20)]
    import_rows(vendor, *rows)
    assert len(shop.seen) <= checking.STRIKES + checking.AT_ONE_HOST
    assert {picture.fault for picture in _pictures()} == {None}


def test_a_host_is_asked_two_things_at_a_time(vendor: Vendor, shop: Shop) -> None:
    import threading
    import time
    from http.server import BaseHTTPRequestHandler

    now, most, lock = [0], [0], threading.Lock()

    def act(asked: BaseHTTPRequestHandler) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.03)
        with lock:
            now[0] -= 1
        asked.send_response(404)
        asked.send_header("Content-Length", "0")
        asked.end_headers()

    rows = []
    for number in range(8):
        shop.acts[f"/{number}.jpg"] = act
        rows.append({"sku": f"S{number}", "titre": f"Théière n° {number}", "image": shop.url(f"/{number}.jpg")})
    import_rows(vendor, *rows)
    assert most[0] == checking.AT_ONE_HOST


def test_a_month_later_an_unchanged_picture_is_believed(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", saved(drawing()), ETag='"1"')
    import_rows(vendor, {"image": shop.url("/a.jpg")})
    shop.gives("/a.jpg", b"", status=304)
    with clock.frozen(clock.now() + timedelta(days=31)):
        checking.recheck_pictures()
        db.session.commit()
        jobs.drain()
        picture = _pictures()[0]
        assert (picture.fault, picture.width) == (None, 800)
        assert picture.checked_at == clock.now()
    assert shop.seen[-1][1]["if-none-match"] == '"1"'


def test_a_picture_inside_the_network_is_not_fetched(app: Flask, vendor: Vendor, shop: Shop) -> None:
    app.config["EGRESS_NETWORKS"] = ()
    import_rows(vendor, {"image": shop.url("/a.jpg")})
    assert (shop.seen, _codes(vendor)) == ([], ["image_unreachable"])


def test_a_vendor_sees_the_pictures_of_its_own_and_of_published_sheets(app: Flask, vendor: Vendor, shop: Shop) -> None:
    shop.gives("/a.jpg", saved(drawing()))
    import_rows(vendor, {"image": shop.url("/a.jpg")})
    picture, other = _pictures()[0], selling_vendor()
    stranger = login(app, make_user(Role.VENDOR_USER, vendor_id=other.id))
    owner = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id))
    assert stranger.get(f"/pictures/{picture.id}").status_code == 200
    listing_of(vendor).status = ListingStatus.TO_REVIEW
    db.session.commit()
    assert stranger.get(f"/pictures/{picture.id}").status_code == 404
    assert owner.get(f"/pictures/{picture.id}").status_code == 200
    assert owner.get("/pictures/999").status_code == 404
