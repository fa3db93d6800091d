"""What the rules of text leave behind them: no surplus spaces, no empty brackets, no dangling dash.

Promise: line breaks of a description stay. Not here: what is taken out of a text (text_defects, contact, boilerplate).
"""

from __future__ import annotations

import re

# The texts that customers read, and all attributes whose words people typed.
TEXTS = ("title", "description")
NAMED = ("title", "description", "brand", "manufacturer_name", "color", "material")


_RUN_OF_SPACES = re.compile(r"[ \t\r\xa0\u202f]{2,}|[\t\r]")
_SPACES = re.compile(r"  +")
_AROUND_LINE = re.compile(r" ?\n ?")
_MANY_LINES = re.compile(r"\n{3,}")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_EMPTY_BRACKETS = re.compile(r" ?\(\s*\)| ?\[\s*\]")
_BEFORE_STOP = re.compile(r" (?=[.,](?:\s|$))(?<=\w )")


def tidy(text: str) -> str:
    """Return the text without surplus spaces, empty brackets, and what a removal leaves at either end."""
    if "\t" in text or "\r" in text or "\xa0" in text or "\u202f" in text:
        text = _RUN_OF_SPACES.sub(" ", text)
    elif "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        if " \n" in text or "\n " in text:
            text = _AROUND_LINE.sub("\n", text)
        if "\n\n\n" in text:
            text = _MANY_LINES.sub("\n\n", text)
    if ("(" in text or "[" in text) and _EMPTY.search(text):
        text = _EMPTY_BRACKETS.sub("", text)
    if " ." in text or " ," in text:
        text = _BEFORE_STOP.sub("", text)
    text = text.strip().lstrip("|~,;").rstrip("|~").strip()
    if text.startswith(("- ", "– ")):
        text = text[2:].lstrip()
    return text[:-2].rstrip() if text.endswith((" -", " –")) else text
