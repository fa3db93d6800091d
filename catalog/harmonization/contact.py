"""The rule of contact details: addresses, telephone numbers and websites in a text, with the sentence that gives them.

Promise: a reference number is not taken for a telephone number, nor a brand called "name.com" for a website; nothing of
the product goes with a sentence that is long. Not here: masking of messages between people (disputes).
"""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.harmonization.tidying import TEXTS, tidy
from catalog.text import fold

_MAIL = r"[\w.+-]{1,64}\s?(?:@|\[at\]|\(at\)|\(a\)|\(arobase\)|\[arobase\])\s?[\w-]{1,63}(?:\.[\w-]{2,63})+"
# A name on a network counts after the network's own.
_HANDLE = (
    r"\b(?:insta(?:gram)?|facebook|snap(?:chat)?|telegram|tik ?tok|twitter|pinterest|youtube)\s?:?\s?@[\w.]{2,40}\w"
)
# Words that ask a customer to leave the marketplace, whether or not they say how.
_CALL = (
    r"\b(?:contacte[rz][- ]nous|nous (?:contacter|appeler|écrire)|(?:écrivez|appelez|joignez)[- ]nous|"
    r"contacte[rz] (?:le vendeur|notre (?:équipe|service|boutique|sav))|"
    r"(?:contact|message|call|phone|email|e-mail|text|whatsapp|reach out to) us|contact (?:the seller|our (?:team|store)))\b"
)
# A bare name counts in small letters only: "bouton.Info" is a sentence without its space.
_SITE = (
    r"(?:https?://|www\.)[^\s<>\"']+|(?<![\w@.])(?-i:[a-z0-9][A-Za-z0-9-]{2,62}\.(?:com|fr|net|org|eu|co\.uk|shop|"
    r"store|boutique|biz|info))(?:/[^\s<>\"']*)?(?![\w.])"
)
# Ten French digits in pairs, a free call, a British mobile or London number, or a number that begins with "+": reference
# numbers look like any other telephone number, so those count only after a word that announces them.
_PHONE = (
    r"(?<![\w.,/+-])(?:\+\d{2,3}[\s.-]?(?:\(0\)\s?)?(?:\d{1,4}[\s.-]?){3,5}\d{2,4}"
    r"|0[1-9](?:([ .-])\d{2})(?:\1\d{2}){3}|0 8\d\d(?: \d{3}){2}|0 8\d\d(?: \d\d){3}|07\d{3} \d{6}|02\d \d{4} \d{4}"
    r"|\(\d{3}\)\s?\d{3}-\d{4})(?![\w-]|[.,/]\d)"
)
_BARE_PHONE = (
    r"\b(?:t[ée]l(?:[ée]phone)?|phone|appel(?:ez|er)?(?:[- ]nous)?|call(?: us)?|whats ?app|fax|sms|"
    r"contact(?:ez|er)?(?:[- ]nous)?|service (?:client|consommateur)s?|sav|hotline|helpline|num[ée]ro vert|"
    r"customer (?:service|care|support))"
    r"\s?(?:\.|:|n°|au|on|at|par|\s){0,4}\s?\+?\(?\d[\d .()-]{7,16}\d"
)
_MAYBE_SITE = re.compile(r"\.(?:com|fr|net|org|eu|co|shop|store|boutique|biz|info)|://|www\.", re.IGNORECASE)
# Every address of a site and every call has one of these words.
_CUES = lexicons.mark("contact_cues")
_MAYBE_MAIL = re.compile(r"[@\[(](?:[\w-]{2,}\.|at\]|at\)|a\)|arobase)")
_MAYBE_HANDLE = re.compile(r"[a-z]\s?:?\s?@\w")
_AT_SIGN = re.compile(r"@|\[at\]|\(at?\)|[\[(]arobase", re.IGNORECASE)
_MAYBE_CALL = re.compile(_CALL, re.IGNORECASE)
# No telephone number that is looked for has fewer digits.
FEWEST_DIGITS = 8
_MAYBE_PHONE = re.compile(r"\d(?:\d[ .-]\d\d[ .-]\d|\d{6}|\d\d\)?[ .-]\d{3}|\d{4} \d{6}| [\d(]+ \d{3}| 8\d\d \d\d)")
_CONTACT_CUE = re.compile(
    r"contact|\bappel|\bt[ée]l\b|t[ée]l[ée]phone[rz]|mail|courriel|visit|site|boutique|commande|retrouv|question|info|devis|"
    r"call|phone|whats ?app|reach|order|shop|store|website|[ée]criv|rendez-vous|suivez|follow|joign|sms|conseil|"
    r"insta|service client|\bsav\b",
    re.IGNORECASE,
)
_PIECES = re.compile(r"\s(?:(?<=[.!?…;|]\s)\s*|\s*[-–|•]\s+|(?<=\n)\n*)")
# A sentence this short around an address exists for the address alone.
_SHORT_PIECE = 5
# A sentence longer than this holds something of the product too, and keeps it.
_LONG_PIECE = 25


@rule(
    "text.contact",
    attribute=TEXTS,
    fixes="contact_in_text",
    confidence=0.75,
    fr="Retire les coordonnées (adresse électronique, téléphone, site) et la phrase qui les donne.",
    en="Removes contact details (e-mail, phone, website) and the sentence that gives them.",
)
def contact(value: str, draft: Draft, context: Context) -> Outcome:
    """Take contact details out; the threshold usually makes a person look, since a sentence goes with them."""
    words = draft.words(draft.attribute)
    digits, cued = words.digits, words.marks & _CUES != 0
    if not cued and digits < FEWEST_DIGITS and "@" not in value and "(a" not in value and "[a" not in value:
        return None
    site, call = cued and _MAYBE_SITE.search(value) is not None, cued and _MAYBE_CALL.search(value) is not None
    if not (
        site or call or (digits >= FEWEST_DIGITS and _MAYBE_PHONE.search(value))
        or (("@" in value or "(a" in value or "[a" in value) and (_MAYBE_MAIL.search(value) or _MAYBE_HANDLE.search(value)))
    ):  # fmt: skip
        return None
    details = _details(_AT_SIGN.search(value) is not None, site, digits > 0, call)
    found = [match for match in details.finditer(value) if not _is_brand_site(match[0], draft, context)]
    if not found:
        return None
    text, kept_from = value, len(value) + 1
    for match in reversed(found):
        start, end = _piece_around(value, match, draft.attribute)
        if end > kept_from or ((start, end) == match.span() and _BARE_SITE.fullmatch(match[0])):
            continue
        text, kept_from = text[:start].rstrip(" -–|•:,;(") + " " + text[end:].lstrip(), start
    mended = tidy(text) if text != value else ""
    return Repair(mended) if mended else fault("contact_in_text", draft, found[0][0])


@lru_cache
def _details(mail: bool, site: bool, digits: bool, call: bool) -> re.Pattern[str]:
    """Return what to look for in a text that may hold these; the search for mail is slow where there is none."""
    kinds = ((_HANDLE, mail), (_MAIL, mail), (_SITE, site), (_PHONE, digits), (_BARE_PHONE, digits), (_CALL, call))
    return re.compile("|".join(kind for kind, possible in kinds if possible) or "(?!)", re.IGNORECASE)


_BARE_SITE = re.compile(r"(?!www\.)[\w.-]+\.[\w.-]+", re.IGNORECASE)
# What a title says just before a number or an address, which alone it would be left with.
_LEAD_IN = re.compile(
    r"(?:(?:\b(?:t[ée]l(?:[ée]phone)?|whats ?app|contact|e-?mail|mail|sms|appelez|call|phone|sur|au|on)\b|[-–|:.])\s*)+$",
    re.IGNORECASE,
)


def _is_brand_site(found: str, draft: Draft, context: Context) -> bool:
    """Return whether a bare "name.com" is simply the sheet's brand or a brand of the list."""
    return "://" not in found and "@" not in found and (
        fold(found) == fold(draft.text("brand")) or context.brands.get(found.split(".")[0]) is not None
    )  # fmt: skip


def _piece_around(text: str, found: re.Match[str], attribute: str) -> tuple[int, int]:
    start, end = 0, len(text)
    for cut in _PIECES.finditer(text):
        if cut.end() <= found.start():
            start = cut.end()
        elif cut.start() >= found.end():
            end = cut.start()
            break
    around = text[start : found.start()] + text[found.end() : end]
    others = len(around.split())
    short = others <= _SHORT_PIECE and not _BARE_SITE.fullmatch(found[0])
    cued = others <= _LONG_PIECE and (_CONTACT_CUE.search(around) or _CONTACT_CUE.match(found[0]))
    if not (short or cued):
        return found.span()
    if attribute == "title" and (start, end) == (0, len(text)) and others > 1:
        lead = _LEAD_IN.search(text[: found.start()])
        return (lead.start() if lead else found.start(), found.end())
    asked = _QUESTION.search(text[:start]) if text[:start].rstrip().endswith("?") else None
    return (asked.start(1) if asked else start, end)


# "Une question ?", "More info?": words that only lead to the address that follows.
_QUESTION = re.compile(r"(?:^|(?<=[.!?…]\s))((?:[^\s.!?…]+\s?){1,3}\?\s*)$")
