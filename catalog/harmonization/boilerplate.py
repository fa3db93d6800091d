"""Rules of what says nothing of a product: sales phrases, loud punctuation, surplus spaces.

Promise: a phrase is taken out only where it stands apart from the sentence around it, with the punctuation that held
it; phrases are those of the list and those the vendor repeats. Not here: addresses and telephone numbers (contact).
"""

from __future__ import annotations

import re

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Hit
from catalog.harmonization.registry import Outcome, Repair, rule
from catalog.harmonization.tidying import TEXTS, tidy

_OPENS = frozenset('.!?…-–—|*([/,;:•~+>"»«#\n')
_CLOSES = frozenset('.!?…-–—|*)],;/•~+<"»«#\n')
_END = re.compile(r"\s*(?:%|[!.…?]+)?\s*")
_LOUD_SIGN = re.compile(r"[!*~=_#?<>|•]")
_LOUD = re.compile(r"!{2,}|[*~=_#]{2,}|\?{2,}|(?<!\d)!(?=\s*$)|^\s*[*~#>|•-]+\s+|^\s*!+|>{2,}|<{2,}")
# What a title says of a price cut, at either end: "-50%", "[20% OFF]", "- 30 % de remise !".
_CUT_PRICE = r"(?:-\s?\d{1,2}\s?%|\d{1,2}\s?%\s(?:off|discount|de (?:remise|réduction|rabais)))"
_DISCOUNT = re.compile(rf"^[\[(*]*\s?{_CUT_PRICE}[\])*!\s:–-]+|[\s\[(*!|–-]+{_CUT_PRICE}[\])*!\s]*$", re.IGNORECASE)
# A short sentence with one of these is the shop's: it speaks of carriage, payment, returns, or other articles.
_SHOP_TALK = re.compile(
    r"\b(?:(?:dans|sur|de|par) (?:notre|nos) (?:boutiques?|magasins?|site\b)|nos autres (?:articles|annonces|produits|ventes|"
    r"objets|offres)|ajoute[rz][^.]{0,30} (?:au|à votre) panier|satisfaite?s? (?:ou|et) rembours|frais de port|"
    r"livraisons? (?:gratuite|offerte|express|rapide|soignée|sous \d|en \d)|(?:vendue?s? et )?expédi(?:tion|ons|ée?s?) (?:"
    r"par no(?:s|tre)|sous \d|le jour|rapide|soignée|gratuite|en \d|24|48)|paiements? (?:100 ?% )?sécuris|"
    r"photos? non contractuelle|"
    r"stocks? limité|limite des stocks|prix (?:imbattable|cassé|choc)|commandez (?:dès|maintenant|vite|avant|sans)|"
    r"merci (?:de|pour) votre (?:visite|confiance|achat|commande)|retours? (?:gratuit|accepté|possible|sous \d)|cliquez ici|"
    r"profitez (?:vite )?de (?:nos|notre) (?:promotions?|offres?|prix|soldes?|remises?)|"
    r"offre (?:limitée|valable|exceptionnelle)|(?:in|at|from|by|visit|see|check out) (?:our|my) (?:store|shop|website)|"
    r"(?:our|my) other (?:items|listings|products|auctions|articles)|add (?:it |this |them |yours )?to (?:your )?(?:cart|basket)|"
    r"money[- ]back|free (?:[\w&]+ )?(?:shipping|delivery|postage|returns)|(?:fast|quick|express|next day|same day|tracked) "
    r"(?:\w+ ){0,2}(?:shipping|delivery|dispatch|postage)|(?:ships|dispatched|shipped) (?:and sold |within|in \d|from our|by our|"
    r"the same|today|fast)|secure (?:payment|checkout)|(?:pictures?|photos?|images?) (?:is |are )?(?:only )?for "
    r"(?:illustrat|reference)|limited (?:stock|offer|time)|while (?:stocks?|supplies) last|buy (?:it )?now|"
    r"order (?:now|today|yours)|"
    r"thank(?:s| you) for (?:visiting|your (?:visit|purchase|order|trust)|looking|shopping|viewing|choosing)|"
    r"satisfaction (?:is )?guarantee|(?:unbeatable|best|lowest) prices?|click here|don't miss (?:out|it|this)|"
    r"returns? (?:accepted|policy|within))",
    re.IGNORECASE,
)
_SHOP_CUES = lexicons.mark("shop_talk")
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+(?=\s|$|[A-ZÀ-Ý])\s*|\n+|$)|\n+")
# What a sentence of the shop does not hold: a measure of the article.
_MEASURED = re.compile(r"\d\s?(?:mm|cm|m|kg|g|ml|cl|l|w|v)\b", re.IGNORECASE)
_LONGEST_SHOP_TALK = 14


@rule(
    "text.boilerplate",
    attribute=TEXTS,
    fixes="boilerplate",
    confidence=0.93,
    fr="Retire les formules qui ne disent rien du produit (« Voir la présentation », « Livraison gratuite »).",
    en="Removes phrases that say nothing of the product (“See more”, “Free shipping”).",
)
def boilerplate(value: str, draft: Draft, context: Context) -> Outcome:
    """Take out sales phrases that stand apart from the sentence around them, those of the list and those learned."""
    words = draft.words(draft.attribute)
    text = value
    for hit in reversed(words.phrases()):
        start, end = words.span(hit)
        if _stands_apart(value, start, end, hit, draft.attribute):
            text = _without(text, start, end, draft.attribute)
    text = _without_cut_phrase(text, context)
    if draft.attribute == "title":
        text = (_DISCOUNT.sub("", text) or text) if "%" in text else text
        text = _without_shop_pieces(text) if words.marks & _SHOP_CUES else text
    elif words.marks & _SHOP_CUES:
        text = _without_shop_talk(text)
    if draft.attribute == "title" and (_LOUD_SIGN.search(text) or not text[:1].isalnum()):
        text = _LOUD.sub(" ", text)
    elif "!!" in text:
        text = re.sub(r"\s*!{2,}", " !" if context.locale == "fr" and " !!" in text else "!", text)
    if text == value:
        return None
    return Repair(tidy(text) or None)


def _stands_apart(text: str, start: int, end: int, hit: Hit, attribute: str) -> bool:
    before, after = text[:start].rstrip(), text[end:].lstrip()
    opened = not before or before[-1] in _OPENS
    before = before.rstrip("[(")
    closed = not after or after[0] in _CLOSES
    if opened and closed:
        at_an_end = not before or not after or after[0] in "!-–|*)"
        if len(hit.term.parts) > 1:
            return bool(before or after)
        return bool(before or after) and (not before.endswith(":") if attribute == "description" else at_an_end)
    shouted = text[start:end].isupper() and not text.isupper()
    if attribute == "title":
        return (shouted or len(hit.term.parts) > 1) and (not before or not after)
    return False


def _without(text: str, start: int, end: int, attribute: str) -> str:
    before, after = text[:start].rstrip(), text[end:]
    ended = _END.match(after)
    after = after[ended.end() :] if ended else after
    if before[-1:] in ("(", "[") and after[:1] in (")", "]"):
        before, after = before[:-1].rstrip(), after[1:]
    if attribute == "title" or not before.endswith((".", "!", "?", "…")):
        before = before.rstrip(' -–—|*/,;:•~+>#(["«' if not after or attribute == "title" else " -–—|*•~#")
    after = after.lstrip(" -–—|*/,;:•~+>#")
    joint = (
        " - " if attribute == "title" and before and after and text[start - 2 : start].strip() in ("-", "–") else " "
    )
    return before + joint + after if before and after else before + after


def _without_shop_talk(text: str) -> str:
    """Return a description without the short sentences that speak of the shop; whole if there are no others."""
    sentences = _SENTENCE.findall(text)
    kept = [one for one in sentences if not _is_shop_talk(one)]
    return "".join(kept) if kept and len(kept) < len(sentences) else text


# What parts the pieces of a title: "Poêle 28 cm | Ajoutez-le vite à votre panier".
_PIECE = re.compile(r"\s+[-–—|•*~]+\s+|\s*[!.]\s+")


def _without_shop_pieces(title: str) -> str:
    """Return a title without a first or last piece that speaks of the shop."""
    parted = list(_PIECE.finditer(title))
    if parted and _is_shop_talk(title[parted[-1].end() :]):
        return title[: parted[-1].start()] or title
    if parted and _is_shop_talk(title[: parted[0].start()]):
        return title[parted[0].end() :] or title
    return title


def _is_shop_talk(sentence: str) -> bool:
    if len(sentence.split()) > _LONGEST_SHOP_TALK or _MEASURED.search(sentence):
        return False
    return _SHOP_TALK.search(sentence) is not None


# A last piece of this many characters may be the beginning of a phrase; a shorter one proves nothing.
_CUT_PIECE = range(5, 61)


def _without_cut_phrase(text: str, context: Context) -> str:
    """Return the text without a last phrase that was itself cut ("… Voir la présen")."""
    if "…" not in text and "..." not in text:
        return text
    at = max(text.rfind("…"), text.rfind("..."))
    start = at + (1 if text[at] == "…" else 3)
    cut = text[start:].strip().lower()
    if len(cut) in _CUT_PIECE and any(phrase.startswith(cut) for phrase in context.boilerplate):
        return text[:start].rstrip()
    return text


def _is_neat(text: str) -> bool:
    """Return whether a printable text, which has no space but the common one, needs no mending."""
    return not ("  " in text or "`" in text or "´" in text or text[0] == " " or text[-1] == " ")


_BACKQUOTE = re.compile(r"(?<=[^\W\d_])[`´](?=[^\W\d_])")
_TANGLES = ("  ", "\t", "\r", "`", "´", "\xa0 ", " \xa0", "\xa0\xa0", "\u202f ", " \u202f", "\n\n\n")


@rule(
    "text.spaces",
    attribute=(*TEXTS, "brand", "manufacturer_name", "mpn"),
    confidence=0.99,
    fr="Réduit les espaces en trop et remet les apostrophes droites.",
    en="Collapses surplus spaces and mends apostrophes.",
)
def spaces(value: str, draft: Draft, context: Context) -> Outcome:
    """Collapse runs of spaces; a title is one line; a backquote between letters is an apostrophe."""
    if value.isprintable() and _is_neat(value):
        return None
    one_line = draft.attribute != "description" and "\n" in value
    tangled = one_line or "  " in value or "\t" in value or value[0].isspace() or value[-1].isspace()
    if not tangled and (
        (value.isascii() and "`" not in value and "\n\n\n" not in value) or not any(map(value.__contains__, _TANGLES))
    ):
        return None
    text = _BACKQUOTE.sub("'", value) if "`" in value or "´" in value else value
    if one_line:
        text = text.replace("\n", " ")
    text = tidy(text)
    return Repair(text or None) if text != value else None
