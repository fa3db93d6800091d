"""Rules of identifiers: barcodes (GTIN) and manufacturers' part numbers.

Promise: a wrong barcode is worse than none, so it is taken out and shown; digits are never invented except the zeros a
spreadsheet dropped, and only where the check digit then agrees. Not here: which products share a barcode (matching).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.harmonization import lexicons
from catalog.harmonization.compatibility import is_fitted, names_accessory
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Hit, Words
from catalog.harmonization.lexicons import Term, acronyms
from catalog.harmonization.quantities import NUMBER
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.text import fold, units

_LENGTHS = (8, 12, 13, 14)
_BESIDE_DIGITS = re.compile(r"[\s\u00a0.-]|^(?:ean|gtin|upc|isbn)[-\s]?(?:8|12|13|14)?\s*:?\s*|\.0+$|^'", re.IGNORECASE)
# A barcode that a spreadsheet kept as a number.
_NUMBER = re.compile(r"(\d{8,14})[.,]0{1,2}")
_ISBN10 = re.compile(r"\d{9}[\dXx]")
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?e\+?\d{1,2}$", re.IGNORECASE)
# GS1's general specifications: 02 and 2x are weighed in the shop, 04 the shop's own, 05 and 98-99 coupons.
_RESTRICTED = ("02", "04", "05", "2", "98", "99")


def has_check_digit(digits: str) -> bool:
    """Return whether the last digit is the GS1 check digit of the others."""
    return (sum(map(int, digits[-1::-2])) + 3 * sum(map(int, digits[-2::-2]))) % 10 == 0


@rule(
    "gtin.read",
    attribute="gtin",
    fixes="invalid_gtin",
    confidence=0.9,
    fr="Vérifie le code-barres : chiffre de contrôle, préfixes réservés, cartons.",
    en="Checks the barcode: check digit, restricted prefixes, cases.",
)
def gtin(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a barcode; a wrong one is taken out with an issue, dropped zeros are put back where they make it right."""
    written = value.strip()
    if _SCIENTIFIC.match(written):
        return Repair(None), fault("gtin_digits_lost", draft, value)
    digits = written
    if not written.isdecimal():
        number = _NUMBER.fullmatch(written)
        digits = number[1] if number else _BESIDE_DIGITS.sub("", written)
    if _ISBN10.fullmatch(digits) and _is_isbn10(digits):
        return Repair(_isbn13(digits), confidence=0.95)
    if not digits.isdecimal() or len(set(digits)) == 1:
        return Repair(None), fault("invalid_gtin", draft, value)
    if len(digits) in _LENGTHS and has_check_digit(digits):
        return _plausible(digits, value, draft)
    padded = digits.zfill(next((size for size in _LENGTHS[1:] if size >= len(digits)), 14))
    if len(digits) in (9, 10, 11) and has_check_digit(padded):
        return Repair(padded, confidence=0.85)
    return Repair(None), fault("invalid_gtin", draft, value)


def _plausible(digits: str, value: str, draft: Draft) -> Outcome:
    if digits in ("1234567890128", "0123456789012", "12345670"):
        return Repair(None), fault("invalid_gtin", draft, value)
    if len(digits) == 14 and digits[0] != "0":
        return Typed(digits), fault("bulk_gtin", draft, value)
    as13 = digits[-13:].zfill(13)
    prefix = digits if len(digits) == 8 else as13
    if len(digits) == 8:
        restricted = prefix[0] in "02"
    else:
        restricted = prefix.startswith(_RESTRICTED) or (prefix[0] == "0" and prefix[1] in "245")
    return (Typed(digits), fault("restricted_gtin", draft, value)) if restricted else Typed(digits)


def _is_isbn10(digits: str) -> bool:
    values = [10 if digit in "Xx" else int(digit) for digit in digits]
    return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0


def _isbn13(digits: str) -> str:
    stem = "978" + digits[:9]
    return next(stem + str(check) for check in range(10) if has_check_digit(stem + str(check)))


_CODE_LABEL = re.compile(
    r"^(?:r[ée]f(?:[ée]rence)?|ref|mpn|mod[èe]le|model|sku|p/?n|part n(?:umber|o)|n°)(?!-)\s*[.:#°]*\s*", re.I
)


@rule(
    "mpn.label",
    attribute="mpn",
    confidence=0.97,
    fr="Retire « Réf. » devant la référence fabricant.",
    en="Removes “Ref.” before the part number.",
)
def label(value: str, draft: Draft, context: Context) -> Outcome:
    """Keep the part number alone."""
    plain = _CODE_LABEL.sub("", value).strip()
    return Repair(plain) if plain and plain != value and any(map(str.isdigit, plain)) else None


# The letter comes first, so that the search skips to it; what may not stand before it is looked at afterwards.
_LABELLED = re.compile(
    r"(?-i:[rmpsinRMPSIN])(?<!\w.)(?:(?<=r)[ée]f(?:[ée]rence)?s?(?: (?:fabricant|constructeur|produit))?|(?<=m)pn|"
    r"(?<=m)od[èe]le|(?<=m)odel(?: (?:no|number|name))?|(?<=p)art (?:no|number)|(?<=p)/n"
    r"|(?<=s)ku|(?<=i)tem (?:no|number|model number)|(?<=n)° (?:de )?(?:pi[èe]ce|mod[èe]le|s[ée]rie))\s*(?:n°|"
    r"no\b)?(?:\s*[.:#°]|-(?=\s))*\s*"
    r"((?=[\w./-]*\d)[A-Z0-9][A-Za-z0-9]*(?:[-/.][A-Za-z0-9]+)*)",
    re.IGNORECASE,
)
_LABEL_CUES = lexicons.mark("label_cues")
_CODE = re.compile(
    r"(?:[A-Z](?<![\w.,/+-].)(?=[A-Z0-9./-]*\d)|[0-9](?<![\w.,/+-].)(?=[A-Z0-9./-]*[A-Z]))"
    r"[A-Z0-9]+(?:[-/.][A-Z0-9]+)*(?![\w²³]|,\S|-\w)"
)
_LOOKS_MEASURED = re.compile(rf"^(?:{NUMBER}|\d+[X/-]\d+(?:X\d+)?)(?:[A-Z]{{0,3}})$")
_STANDARDS = re.compile(
    r"^(?:USB\d?|MP\d|H26\d|\d{3,4}[PI]|A\d|[2-8]K|[2-5]G|3D|2D|CR\d{4}|LR\d{1,2}|IP[X\d]\d|RJ\d{2}|E\d{2}|GU\d+|G\d{1,2}|"
    r"B\d{2}|PS\d|DDR\d|WIFI\d|CAT\d[AE]?|\d{3,5}MAH|HB\d|M\d{1,2}|UPF?\d+|SPF\d+|\d+EN\d|\d+IN\d|\d+X|\d{1,2}[A-Z]|T\d{2}|W\d{2}|L\d{2}|R\d{2}|"
    r"\d+[-/]\d+(?:ANS|MOIS)?|F\d|S\d{1,2}|V\d|\d+(?:ER|EME|ND|RD|TH|ST|PCS|PC|CT|PK|P|W|V|A|L|G|KG|CM|MM|M|ML|CL|GB|GO|TB|TO|HZ|K|D|MP|FT|IN|OZ|LB|BTU|CV|HP)|"
    r"18/10|100%|N\d|[A-Z]{1,2}\d/[A-Z]{1,2}\d|C\d{1,2}|AC\d{3,4}|AX\d{3,4}|HDMI\d|DIN\d+|EN\d+|ISO\d+|UHF\d*|\d{2,4}S|I[3579]|I[3579]-\d+\w*|TYPE-?C|USB-C|RTX\d+|GTX?\d+|A\d{1,2}-\d{4}\w?|FX-\d{4}\w?)$"
)
SHORTEST_CODE = 5
# Sellers sign technical titles with the part number after a dash.
_SIGNED = re.compile(r"\s[-–]\s((?=[A-Z-]*\d)[A-Z0-9]{2,}(?:[-/.][A-Z0-9]+)*)\s*$(?<=[A-Z0-9/.-]{4})")
# In a title without capitals a code shows by its place: first, last after a dash, or in brackets.
_PLACED = re.compile(
    r"^((?=[\w./-]*\d)[a-z0-9]+(?:[-/.][a-z0-9]+)*)=?(?=\s)|[(]\s?((?=[\w./-]*\d)[a-z0-9]+(?:[-/.][a-z0-9]+)*)\s?[)]"
    r"|(?:\s[-–]\s|\s(?=\w+$))((?=[\w./-]*\d)[a-z0-9]+(?:[-/.][a-z0-9]+)*)=?$"
)
# What such a place holds besides: a word with its year or version, a network's standard.
_WORDED_CODE = re.compile(
    r"[a-z]{4,}\d{1,4}|\d{1,4}[a-z]{4,}|(?:802|10/100|1080|720)\S*|v?\d+(?:\.\d+)+|\d+[a-z]?/\d+[a-z]?"
)
# Makers who number their articles ("Lego 60215", "Schleich 13746") are followed by the number.
_NUMBERED = re.compile(
    r"\s(\d{5,12})(?![\w.,/²-]|\s?(?:mm|cm|m|g|kg|ml|l|w|v|mah|lm|rpm|tr|btu|pi[èe]ces|pcs|pages)\b|\s\d)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(\d{5,12}[A-Za-z]{0,3})\s")
_SHORTEST_UNSIGNED = 6


@rule(
    "mpn.found",
    attribute="mpn",
    confidence=0.85,
    on_missing=True,
    needs="digits",
    fr="Relève dans le texte la référence du fabricant.",
    en="Notes the manufacturer's part number from the text.",
)
def found(value: str | None, draft: Draft, context: Context) -> Outcome:
    """Take a number that the text calls a reference, or a title's one model code of an article with a brand."""
    if value:
        return None
    for attribute, words in draft.texts():
        if words.digits and words.marks & _LABEL_CUES:
            labelled = next((m[1] for m in _LABELLED.finditer(words.text) if _is_reference(m[1])), None)
            if labelled:
                return Repair(labelled.rstrip(".-/"), confidence=0.93, source=draft.sheet.sources.get(attribute))
    code = _titled(draft, context) if draft.words("title").digits else None
    return Repair(code, source=draft.sheet.sources.get("title")) if code else None


def _titled(draft: Draft, context: Context) -> str | None:
    """Return the model code of a title, by its place or as its only one."""
    words, branded = draft.words("title"), bool(draft.text("brand"))
    given = str(draft.sheet.values.get("title") or words.text)
    # Without a brand a code counts after a dash, or in a title without capitals.
    if not branded and " - " not in words.text and " – " not in words.text and not given.islower():
        return None
    brands = words.hits("brand")
    others = names_accessory(words) and any(context.brands.by_key[hit.term.parts].fitted for hit in brands)
    # The maker stands first in its own title; a seller of others' articles names the device last, or after "for".
    signed = _SIGNED.search(words.text) if not others or _leads(words, brands) else None
    if signed and _is_code(signed[1]) and (branded or _is_long(signed[1])):
        return signed[1]
    if others:
        return None
    numbered = _numbered(words, brands, draft.text("brand")) if branded and words.digits >= _FEWEST_DIGITS else None
    if numbered:
        return numbered
    if given.islower():
        return _placed(given) or _repeated(given, str(draft.sheet.values.get("description") or ""))
    codes = _title_codes(draft) if branded else []
    return codes[0] if len(codes) == 1 else None


# Years ("2005-2013", "1998-NC"), a diameter, the size of glasses ("52-17-130").
_NO_CODE = re.compile(r"(?:19|20)\d\d(?:[-/](?:\d{2,4}|[A-Z]{1,4}))?|D\d{2,3}|\d{2}[-/]\d{2}[-/]\d{3}")
_FEWEST_DIGITS = 5


def _is_code(code: str) -> bool:
    """Return whether a title's last word is a part number: many digits, or neither a standard nor a measure."""
    plain = re.sub(r"[-/.]", "", code)
    if _NO_CODE.fullmatch(code):
        return False
    return len(plain) >= _FEWEST_DIGITS if plain.isdigit() else not (_STANDARDS.match(code) or _is_measure(code))


def _is_long(code: str) -> bool:
    """Return whether a code of letters and digits is long enough to be one without a brand beside it."""
    plain = re.sub(r"[-/.]", "", code)
    return len(plain) >= _SHORTEST_UNSIGNED and not plain.isdigit() and not plain.isalpha()


def _leads(words: Words, brands: Sequence[Hit]) -> bool:
    """Return whether a brand opens the title of an article that names no maker's line and nothing it fits."""
    return bool(brands) and brands[0].start == 0 and not words.marks & (_CUES | _LINES)


_CUES, _LINES = lexicons.mark("fitting_words"), lexicons.mark("product_lines")


def _placed(title: str) -> str | None:
    """Return the code of a title without capitals, where one stands where codes stand."""
    found = [next(filter(None, match.groups())) for match in _PLACED.finditer(title.strip())]
    codes = {
        code for code in found
        if _is_long(code) and not _WORDED_CODE.fullmatch(code) and _is_code(code.upper())
        and (sum(map(str.isdigit, code)) >= 2 or f"({code})" in title.replace(" ", ""))
    }  # fmt: skip
    return codes.pop() if len(codes) == 1 else None


# A code of a title without capitals, with a hyphen as words with numbers seldom have.
_HYPHENED = re.compile(r"(?<![\w./-])(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z0-9]{2,}(?:-[a-z0-9]+)+(?![\w./-])")


def _repeated(title: str, description: str) -> str | None:
    """Return the one hyphened code of a title without capitals that the description repeats."""
    codes = {code for code in _HYPHENED.findall(title) if code in description and _is_code(code.upper())}
    codes = {code for code in codes if sum(map(str.isdigit, code)) >= 2}
    return codes.pop() if len(codes) == 1 else None


def _numbered(words: Words, brands: Sequence[Hit], brand: str) -> str | None:
    """Return the number that follows the brand in a title, or opens the title before the brand."""
    at = words.text.lower().find(brand.lower())
    after = _NUMBERED.match(words.text, at + len(brand)) if at >= 0 else None
    if after:
        return after[1]
    if not brands or brands[0].start > 1:
        return None
    start, end = words.span(brands[0])
    found = _NUMBERED.match(words.text, end) if not brands[0].start else _OPENING.fullmatch(words.text[:start])
    return found[1] if found else None


def _is_reference(code: str) -> bool:
    return len(code) >= 3 and not _STANDARDS.match(code.upper()) and sum(map(str.isdigit, code)) >= 2


def _title_codes(draft: Draft) -> list[str]:
    """Return the title's model codes that are neither measures nor standards nor what the article fits."""
    words = draft.words("title")
    brand, brands = fold(draft.text("brand")), words.hits("brand")
    codes = []
    for match in _CODE.finditer(words.text):
        code = match[0]
        plain = re.sub(r"[-/.]", "", code)
        at = next((place for place, span in enumerate(words.spans()) if span[0] >= match.start()), 0)
        before = [hit for hit in brands if hit.end == at]
        # Right after its maker a shorter one is a model too: "Yamaha F310".
        signed = any(_is_same(hit.term.value, brand) for hit in before) and sum(map(str.isdigit, plain)) >= 3
        if (
            plain.lower() in brand
            or len(plain) < SHORTEST_CODE - signed
            or _STANDARDS.match(code)
            or _NO_CODE.fullmatch(code)
            or code in acronyms()
            or _is_measure(code)
        ):
            continue
        others = any(hit.term.anywhere and not _is_own(hit, brands, brand) for hit in before)
        if not others and not is_fitted(words, Hit(Term((code,), "code", code), at, at + 1)):
            codes.append(code)
    return list(dict.fromkeys(codes))


def _is_own(hit: Hit, brands: Sequence[Hit], brand: str) -> bool:
    """Return whether a brand found in a title is the sheet's, or a line that follows it ("Casio G-Shock")."""
    return _is_same(hit.term.value, brand) or any(
        other.end == hit.start and _is_same(other.term.value, brand) for other in brands
    )


def _is_same(name: str, brand: str) -> bool:
    """Return whether a brand found in a title is the sheet's, whole or in part ("Emporio Armani", "Armani")."""
    found, own = "".join(lexicons.key(name)), "".join(lexicons.key(brand))
    return found in own or own in found


def _is_measure(code: str) -> bool:
    if _LOOKS_MEASURED.match(code) or re.fullmatch(r"\d+[A-Z]{1,3}(?:[-/]\d+[A-Z]{0,3})+", code):
        return True
    parts = re.fullmatch(r"(?:\d+(?:[.,]\d+)?[X/-])*\d+(?:[.,]\d+)?([A-Z]+)", code)
    return bool(parts) and parts is not None and parts[1].lower() in units()
