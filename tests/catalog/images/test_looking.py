"""What is seen of a picture's bytes, and what is none."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from catalog.images.judging import CODES, SAME_WITHIN, Facts, issues_of
from catalog.images.looking import NotAPicture, apart, look
from catalog.issues import ISSUES, message
from tests.factories.pictures import drawing, saved


def _flood(side: int) -> bytes:
    """Return a PNG whose header promises a square of these points, in a hundred bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_known_by_its_content(kind: str) -> None:
    shown = look(saved(drawing(width=600, height=300), kind))
    assert (shown.format, shown.width, shown.height, shown.blank) == (kind, 600, 300, False)
    with Image.open(io.BytesIO(shown.small)) as small:
        assert (small.format, small.size) == ("JPEG", (400, 200))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not found</html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.4",
        saved(drawing())[:2000],
        saved(drawing(), "PNG")[:200],
        saved(drawing(), "TIFF"),
        b"\xff\xd8\xff" + b"\0" * 100,
    ],
    ids=["nothing", "page", "svg", "pdf", "cut-jpeg", "cut-png", "tiff", "junk"],
)
def test_what_shows_nothing_is_no_picture(content: bytes) -> None:
    with pytest.raises(NotAPicture) as caught:
        look(content)
    assert caught.value.code == "image_not_image"


@pytest.mark.parametrize("side", [20_000, 500_000])
def test_a_flood_of_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(NotAPicture) as caught:
        look(_flood(side))
    assert caught.value.code in ("image_too_large", "image_not_image")


def test_the_small_copy_carries_nothing_of_the_original() -> None:
    image = drawing()
    exif = image.getexif()
    exif[0x010E] = "taken at home"
    shown = look(saved(image, exif=exif.tobytes(), comment=b"secret"))
    assert b"taken at home" not in shown.small
    assert b"secret" not in shown.small
    with Image.open(io.BytesIO(shown.small)) as small:
        assert not small.getexif()


def test_a_turned_photo_is_shown_upright() -> None:
    image = drawing(width=600, height=300)
    exif = image.getexif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(look(saved(image, exif=exif.tobytes())).small)) as small:
        assert small.width < small.height


def test_transparency_is_shown_on_white() -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    clear.paste((200, 0, 0, 255), (100, 100, 200, 200))
    with Image.open(io.BytesIO(look(saved(clear, "PNG")).small)) as small:
        assert min(small.getpixel((5, 5))) > 250  # type: ignore[type-var, arg-type]


@pytest.mark.parametrize("colour", ["white", "black", (210, 200, 190)])
def test_one_colour_shows_nothing(colour: object) -> None:
    assert look(saved(Image.new("RGB", (500, 500), colour), quality=50)).blank  # type: ignore[arg-type]


def test_one_picture_saved_otherwise_keeps_its_fingerprint_and_another_has_its_own() -> None:
    first = look(saved(drawing(1), "PNG")).fingerprint
    again = look(saved(drawing(1).resize((300, 300)), quality=40)).fingerprint
    assert apart(first, again) <= SAME_WITHIN
    assert apart(first, look(saved(drawing(2))).fingerprint) > SAME_WITHIN


def _facts(**values: object) -> Facts:
    return Facts(
        **{"address": "https://a.example/1.jpg", "width": 800, "height": 800, "fingerprint": "0" * 16, **values}
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, None),
        ({"width": None, "height": None, "fingerprint": ""}, None),
        ({"fault": "image_unreachable"}, "image_unreachable"),
        ({"blank": True}, "image_blank"),
        ({"width": 200, "height": 200}, "image_too_small"),
        ({"width": 800, "height": 90}, "image_too_small"),
        ({"width": 1600, "height": 500}, "image_ratio"),
        ({"width": 500, "height": 1600}, "image_ratio"),
        ({"shared_by": 5}, "image_shared"),
        ({"shared_by": 4}, None),
    ],
)
def test_a_main_picture_is_judged_by_what_is_known(facts: dict[str, object], code: str | None) -> None:
    found = [one.code for one in issues_of([_facts(**facts)])]
    assert found == ([code] if code else [])


def test_a_further_picture_that_shows_the_same_is_told_at_its_own_address() -> None:
    other = _facts(address="https://a.example/2.jpg", fingerprint="0" * 15 + "1", shared_by=9)
    found = issues_of([_facts(), other, _facts(address="https://a.example/3.jpg", fingerprint="f" * 16)])
    assert [(one.code, one.attribute, one.value) for one in found] == [
        ("image_duplicate", "additional_image_link", "https://a.example/2.jpg")
    ]


def test_every_code_has_words_and_the_numbers_they_name() -> None:
    assert set(ISSUES) >= CODES
    small = issues_of([_facts(width=120, height=110)])[0]
    assert "120 × 110" in message(small, "fr")
    assert "5" in message(issues_of([_facts(shared_by=5)])[0], "en")
