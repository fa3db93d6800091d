"""Pictures drawn for tests."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw


def drawing(number: int = 1, *, width: int = 800, height: int = 800) -> Image.Image:
    """Return a drawing of some coloured shapes; another number draws others."""
    chance = random.Random(number)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for _shape in range(5):
        left, top = chance.randrange(width // 2), chance.randrange(height // 2)
        box = (
            left,
            top,
            left + chance.randrange(width // 4, width // 2),
            top + chance.randrange(height // 4, height // 2),
        )
        colour = tuple(chance.randrange(220) for _ in range(3))
        chance.choice((draw.ellipse, draw.rectangle))(box, fill=colour)
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture's bytes."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
