"""A picture's bytes looked at: what it is by its content, its size, whether it shows anything, and a small copy. Pure.

Promise: the header is read before anything is decoded, so that a small file cannot become a flood of pixels; the copy
is drawn anew and carries nothing of the original but its look (no position, no author, no hidden data). Vector files
(SVG) are programs, not pictures, and are none here.

The fingerprint is a difference hash (Krawetz): is each point of a 9 × 8 grey miniature lighter than its neighbour? Its
ten lines stand here because the library that has them asks for two others, wavelets among them, for hashes we do not use.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# The largest cameras make 60 million; decoded, 40 million are 120 MB.
MOST_PIXELS = 40_000_000
SMALL_SIDE = 400
# Standard deviation of a picture's greys, of 255. Drawn and measured at 800 × 800: one colour under 1, the line "Photo à
# venir" on white 1.6; a pale grey square on white 6, a black line of two points across white 13.
BLANK_BELOW = 3.0
WHITE = (255, 255, 255)
_DAMAGED = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
)


class NotAPicture(Exception):
    """Bytes that show nothing; `code` is the issue's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture is: width and height in pixels, fingerprint of 16 hexadecimal digits, a small JPEG."""

    format: str
    width: int
    height: int
    blank: bool
    fingerprint: str
    small: bytes


def look(content: bytes) -> Look:
    """Return what a picture's bytes show; raises NotAPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            kind, (width, height) = opened.format or "", opened.size
            if width * height > MOST_PIXELS:
                raise NotAPicture("image_too_large")
            # A JPEG can be decoded at a half, a quarter, an eighth, for as much less memory.
            opened.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
            drawn = _flat(ImageOps.exif_transpose(opened))
    except _DAMAGED as error:
        raise NotAPicture("image_not_image") from error
    drawn.thumbnail((SMALL_SIDE, SMALL_SIDE))
    grey = drawn.convert("L")
    return Look(kind, width, height, ImageStat.Stat(grey).stddev[0] < BLANK_BELOW, fingerprint(grey), _saved(drawn))


def _flat(image: Image.Image) -> Image.Image:
    """Return the picture without transparency, on white as pages are."""
    if image.mode in ("RGB", "L"):
        image.load()
        return image.convert("RGB")
    whole = image.convert("RGBA")
    ground = Image.new("RGBA", whole.size, (*WHITE, 255))
    return Image.alpha_composite(ground, whole).convert("RGB")


def _saved(drawn: Image.Image) -> bytes:
    out = io.BytesIO()
    # A new picture of the same points: whatever the original carried beside them stays behind.
    clean = Image.new("RGB", drawn.size, WHITE)
    clean.paste(drawn)
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def fingerprint(grey: Image.Image) -> str:
    """Return the difference hash of a grey picture."""
    points = list(grey.resize((9, 8), Image.Resampling.LANCZOS).tobytes())
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (points[at] > points[at + 1])
    return f"{bits:016x}"


def apart(left: str, right: str) -> int:
    """Return in how many of 64 points two fingerprints differ."""
    return (int(left, 16) ^ int(right, 16)).bit_count()
