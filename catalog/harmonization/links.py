"""Rules of addresses: images and product pages.

Promise: an address is mended only where the fault is plain (a scheme missing or misspelled, spaces); it is never
fetched here. Not here: whether an image exists and what it shows (a job, which must not be led inside the network).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.sheets import Issue

_BAD_SCHEME = re.compile(
    r"^(h?t{1,3}ps?|https?|htpps?|hhtps?|http?s?)\s?(?::/?/?\s?|//:?|;//|:\\\\)\s?(?=[\w-]+\.)", re.IGNORECASE
)
# An address inside markup ("<img src=…>", "![](…)"), and what stands twice or too much before one.
_IN_MARKUP = re.compile(r"^(?:<img\b|!?\[)[^\n]*?(https?://[^\s\"'<>()\[\]]+)[^\n]*$", re.IGNORECASE)
_BEFORE_SCHEME = re.compile(r"^(?:[a-z]|(?:https?:/*)+)(?=https?://)", re.IGNORECASE)
# No scheme, but a host with a path that ends as pictures do.
_BARE_PICTURE = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,24}/\S+\.(?:jpe?g|png|webp|gif|avif)(?:\?\S*)?$", re.IGNORECASE)
_HOST = re.compile(
    r"^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]+)(?::\d{2,5})?$", re.I
)
_NO_ADDRESS = re.compile(r"[\s<>\"{}|\\^`]")
_WHOLE = re.compile(r"https?://\S")
_LISTED = re.compile(r"\s*[|;,\n]\s*|\s+(?=https?://)")
_NO_PICTURES = (
    "/",
    ".html",
    ".htm",
    ".php",
    ".asp",
    ".aspx",
    ".pdf",
    ".doc",
    ".docx",
    ".txt",
    ".zip",
    ".mp4",
    ".avi",
    ".xls",
    ".xlsx",
)
_CUT = re.compile(r"\s*(?:[|\n]|;(?!//))\s*|,\s*(?=http|www|//)|\s+(?=https?://)")


@rule(
    "link.image",
    attribute="image_link",
    fixes="image_url_invalid",
    confidence=0.75,
    fr="Vérifie l’adresse de l’image et rétablit un début d’adresse mal écrit.",
    en="Checks the image's address and mends a misspelled beginning.",
)
def image(value: str, draft: Draft, context: Context) -> Outcome:
    """Check one address; several in the cell give the first here and the others to `additional_image_link`."""
    parts = [part for part in _CUT.split(value.strip()) if part]
    if not parts:
        return fault("image_missing", draft)
    first, *others = parts
    mended = _mended(first)
    outcome: list[Repair | Issue] = []
    if not is_image_address(mended):
        outcome.append(fault("image_url_invalid", draft, value))
    elif mended != value:
        trivial = mended in (value.strip(), first.strip())
        outcome.append(Repair(mended, confidence=0.97 if trivial else None))
    if others and not draft.text("additional_image_link"):
        outcome.append(Repair(others, attribute="additional_image_link", confidence=0.95))
    return tuple(outcome) or None


@rule(
    "link.more_images",
    attribute="additional_image_link",
    fixes="image_url_invalid",
    confidence=0.75,
    on_missing=True,
    fr="Lit la liste des autres images et signale les adresses fausses.",
    en="Reads the list of further images and reports wrong addresses.",
)
def more_images(value: object, draft: Draft, context: Context) -> Outcome:
    """Cut a cell into addresses; the wrong ones are left out and reported."""
    parts = [part for part in _LISTED.split(value) if part] if isinstance(value, str) else value
    if not parts or not isinstance(parts, list):
        return None
    mended = [_mended(part) for part in parts]
    good = list(dict.fromkeys(address for address in mended if is_image_address(address)))
    wrong = [part for part, address in zip(parts, mended, strict=True) if not is_image_address(address)]
    if wrong:
        return Repair(good or None, confidence=0.9), fault("image_url_invalid", draft, wrong[0])
    return Typed(good) if mended == parts else Repair(good)


@rule(
    "image.missing",
    attribute="image_link",
    on_missing=True,
    fr="Signale une image absente.",
    en="Reports a missing image.",
)
def missing(value: object, draft: Draft, context: Context) -> Outcome:
    """Report an empty image of a file that has a column for it."""
    if value or not draft.is_given("image_link") or draft.has_issue("placeholder_value", "image_link"):
        return None
    return fault("image_missing", draft)


def is_image_address(address: str) -> bool:
    """Return whether a text is a full web address whose path is not plainly something else than an image."""
    if not address.lower().startswith(("http://", "https://")) or _NO_ADDRESS.search(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if not _HOST.match(parts.hostname or "") or port == 0 or "@" in parts.netloc:
        return False
    return len(parts.path) > 1 and not parts.path.lower().endswith(_NO_PICTURES)


def _mended(address: str) -> str:
    inside = _IN_MARKUP.match(address.strip()) if address[:1] in "<![" else None
    text = inside[1] if inside else address.strip().strip("\"'<>")
    if "\\" in text and text[:4].lower() == "http":
        text = text.replace("\\", "/")
    if text.startswith("//"):
        text = "https:" + text
    elif text.lower().startswith("www.") or _BARE_PICTURE.match(text):
        text = "https://" + text
    elif "http" in text[1:20].lower() and _BEFORE_SCHEME.match(text):
        text = _BEFORE_SCHEME.sub("", text)
    else:
        found = _BAD_SCHEME.match(text)
        if found and not _WHOLE.match(text):
            text = ("https://" if "s" in found[1].lower() else "http://") + text[found.end() :]
    return text.replace(" ", "%20") if " " in text and text.lower().startswith("http") else text
