"""Documents a vendor sends: recognised by their content, never by their name, and kept as they came.

Not here: who may have one back (`portfolio.find_document`).
"""

from __future__ import annotations

import io
from typing import IO

from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from backoffice.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
# A scan of two A4 pages at 600 dpi has 70 million pixels; a pixel flood has thousands of millions.
MAX_PIXELS = 100_000_000
# A PDF says where it ends within its last kilobyte (ISO 32000-1, annex H.3, note 18).
_PDF_TAIL = 1024
_IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


def read(stream: IO[bytes]) -> tuple[bytes, str]:
    """Return the bytes and the media type; raises Invalid with a sentence where it is no PDF, JPEG or PNG we take."""
    content = stream.read(MAX_BYTES + 1)
    if not content:
        raise Invalid(_("This file is empty. Choose the document again."))
    if len(content) > MAX_BYTES:
        raise Invalid(_("This file is larger than %(size)s MB. Send a lighter scan.", size=MAX_BYTES // 1024 // 1024))
    kind = _pdf(content) or _image(content)
    if kind is None:
        raise Invalid(_("This is not a readable PDF, JPEG or PNG. Send the document in one of these forms."))
    return content, kind


def _pdf(content: bytes) -> str | None:
    return "application/pdf" if content.startswith(b"%PDF-") and b"%%EOF" in content[-_PDF_TAIL:] else None


def _image(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_IMAGE_TYPES)) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            kind = _IMAGE_TYPES[str(image.format)]
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None
    return kind
