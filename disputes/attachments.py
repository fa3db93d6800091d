"""Pictures and documents that people send in a dispute: checked by what they are, not by what they are called.

Pictures are drawn anew, which drops their metadata (place, camera) and whatever else was hidden in them. SVG and all
that a browser could run are refused. Not here: who may have a file (`threads`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from backoffice import files
from backoffice.errors import Invalid
from backoffice.extensions import db
from disputes.models import DisputeAttachment, DisputeMessage

MAX_FILES = 6
MAX_BYTES = 10 * 1024 * 1024
# 50 million pixels: more than a telephone's camera makes, far less than what fills the memory.
MAX_PIXELS = 50_000_000
# Larger pictures are made smaller: nobody needs more to see a scratch.
LONGEST_SIDE = 2400
_PICTURES = {"JPEG": ("JPEG", ".jpg", "image/jpeg"), "PNG": ("PNG", ".png", "image/png"),
             "WEBP": ("PNG", ".png", "image/png"), "GIF": ("PNG", ".png", "image/png"),
             "MPO": ("JPEG", ".jpg", "image/jpeg")}  # fmt: skip


def attach(message: DisputeMessage, uploads: Iterable[FileStorage], *, by: Any) -> None:
    """Keep the uploads with the message; raises Invalid, naming the file, where one cannot be taken."""
    sent = [upload for upload in uploads if upload and upload.filename]
    if len(sent) > MAX_FILES:
        raise Invalid(
            _("Send at most %(number)s files with one message.", number=MAX_FILES),
            details={"files": _("Send at most %(number)s files with one message.", number=MAX_FILES)},
        )
    for upload in sent:
        name = files.safe_name(upload.filename or "")
        content, name, media_type = checked(upload.stream.read(MAX_BYTES + 1), name)
        row = files.store(io.BytesIO(content), name, media_type=media_type, by=by)
        db.session.add(DisputeAttachment(message=message, file=row))


def checked(content: bytes, name: str) -> tuple[bytes, str, str]:
    """Return what is kept of a sent file: its bytes, name and type; raises Invalid where it is none of ours."""
    if len(content) > MAX_BYTES:
        raise _refused(_("“%(name)s” is larger than %(megabytes)s MB.", name=name, megabytes=MAX_BYTES // 1024 // 1024))
    if not content:
        raise _refused(_("“%(name)s” is empty.", name=name))
    if content.startswith(b"%PDF-"):
        return content, _ending(name, ".pdf"), "application/pdf"
    return _drawn_anew(content, name)


def _drawn_anew(content: bytes, name: str) -> tuple[bytes, str, str]:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise _refused(_("“%(name)s” has too many pixels. Send a smaller picture.", name=name))
            form, ending, media_type = _PICTURES[picture.format or "PNG"]
            plain = ImageOps.exif_transpose(picture).convert("RGB" if form == "JPEG" else "RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        words = _("“%(name)s” cannot be taken. Send a picture (JPEG, PNG, WebP, GIF) or a PDF.", name=name)
        raise _refused(words) from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new image of the same pixels: what was attached to the old one stays behind.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, form, **({"quality": 88} if form == "JPEG" else {}))
    return out.getvalue(), _ending(name, ending), media_type


def _ending(name: str, ending: str) -> str:
    return f"{PurePath(name).stem or 'file'}{ending}"


def _refused(words: str) -> Invalid:
    return Invalid(words, details={"files": words})
