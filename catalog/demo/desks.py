"""What the editors do beside one sheet at a time: groups, a colleague's word, audits, checks set aside, plans.

    a table of acts, each with its day ─► moments; the verdicts of audits come from the assortment, which is the truth

Promise: an editor's verdict on the machine is never made up: it compares the sheet or the pair with what the article
truly is. Not here: sheets decided one by one (`moments`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from backoffice.demo import people
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from catalog import review, set_aside
from catalog.assortment import schedule
from catalog.demo import assortment, finding, moments, vendor_files
from catalog.demo.assortment import Article
from catalog.desk import bulk, opinions, sampling
from catalog.desk.groups import Group
from catalog.desk.models import BulkAct, BulkDecision
from catalog.lifecycle import Action
from catalog.models import Judgement, Listing
from catalog.review import Reason

COLLEAGUE = "martin.roche@demo.example"
# Days ago and how many verdicts each of the two editors gives.
_AUDITS = ((60, 3), (31, 3), (5, 1))
# sheet | check | why it does not count there
_SET_ASIDE = (
    ("KST-9006", "title.length", "Ce jouet n’a pas d’autre nom ; la marque et la matière le complètent."),
    ("KST-9004", "image.present", "La photo du fabricant est commandée ; les craies se vendent sans elle."),
)
# sheet | act | days from today; what lies behind us has been carried out.
PLANS = (("BDF-1133", Action.WITHDRAW, -3), ("MV-1061", Action.WITHDRAW, 12), ("BDF-1133", Action.RESTORE, 75))


def of_desks(calendar: Calendar) -> Iterator[Moment]:
    """Decide on groups, ask colleagues, audit the machine, set checks aside, plan."""
    yield from _groups(calendar)
    yield from _opinions(calendar)
    for days, count in _AUDITS:
        for place, editor in enumerate((people.EDITOR, COLLEAGUE)):
            yield Moment(calendar.ago(days, 16, 10 * place), partial(_audit, editor, count))
    for place, (sku, check, why) in enumerate(_SET_ASIDE):
        yield Moment(calendar.ago(27 - place * 9, 11, 45), partial(_dismiss, sku, check, why))
    yield Moment(calendar.ago(25, 9, 50), partial(_plan, calendar))
    yield Moment(calendar.ago(3, 6, 1), schedule.keep_plans)


def _groups(calendar: Calendar) -> Iterator[Moment]:
    """A vendor writes its telephone number into a range: settled together. Another's sheets sent back: taken back."""
    yield Moment(calendar.ago(34, 15, 20), partial(moments.send, vendor_files.signed()))
    for minute, code in ((30, "text.contact"), (34, "contact_in_text")):
        group = ("voltamarine", code, "description")
        yield Moment(calendar.ago(33, 10, minute), partial(_decide, group, BulkAct.ACCEPT, ""))
    words = "Please send titles and descriptions in French; these are in English or German."
    group = ("kastanje", "wrong_language", "description")
    yield Moment(calendar.ago(19, 10, 20), partial(_decide, group, BulkAct.SEND_BACK, words))
    # A translator is found: the sheets wait for her at our desk instead.
    yield Moment(calendar.ago(18, 9, 15), _undo_last)


def _decide(named: tuple[str, str, str], act: BulkAct, text: str) -> None:
    code, doubt, attribute = named
    group = Group(doubt, attribute, finding.vendor(code).id)
    bulk.begin(group, act, text=text, seen=group.count(), by=people.find(people.EDITOR))


def _undo_last() -> None:
    last = db.session.scalars(sa.select(BulkDecision).order_by(BulkDecision.id.desc()).limit(1)).one()
    bulk.undo(last, by=people.find(people.EDITOR))


def _opinions(calendar: Calendar) -> Iterator[Moment]:
    doubt = "Le titre dit Senseo, la description Nespresso. Les deux systèmes s’excluent : je renverrais la fiche."
    yield Moment(calendar.ago(30, 10), partial(_ask, "ADC-9001", doubt))
    answer = "Dites lequel des deux systèmes la cafetière accepte : Senseo ou Nespresso."
    yield Moment(calendar.ago(30, 11, 25), partial(_answer, "ADC-9001", [Reason("title", answer)]))
    doubt = "Onyra vend-elle une Duo S pour capsules Tassimo ? Je n’en trouve trace que dans cette description."
    yield Moment(calendar.ago(1, 17, 5), partial(_ask, "MV-9004", doubt))


def _ask(sku: str, why: str) -> None:
    asked, by = people.find(people.EDITOR), people.find(COLLEAGUE)
    opinions.ask(finding.listing(sku), asked, leaning=Action.SEND_BACK, reason=why, by=by)


def _answer(sku: str, reasons: list[Reason]) -> None:
    listing, by = finding.listing(sku), people.find(people.EDITOR)
    review.send_back(listing, reasons, by=by)
    opinions.answer(listing, Action.SEND_BACK, by=by)


def _audit(email: str, count: int) -> None:
    """Judge so many sheets and as many merges as they are drawn."""
    editor = people.find(email)
    for _ in range(count):
        sheet = sampling.draw_sheet(editor.id)
        if sheet is not None:
            listing = db.session.get_one(Listing, sheet)
            wrong = wrong_in(listing)
            sampling.judge_sheet(listing, right=not wrong, attribute=wrong, by=editor)
        merge = sampling.draw_merge(editor.id)
        if merge is not None:
            judgement = db.session.get_one(Judgement, merge)
            sides = (article_of(judgement.proposal.left), article_of(judgement.proposal.right))
            sampling.judge_merge(judgement, right=sides[0] == sides[1], by=editor)
        db.session.flush()


def article_of(listing: Listing) -> Article | None:
    """Return the article that a sheet is truly of, None for those written by hand."""
    number = int(listing.sku.partition("-")[2]) - 1000
    return next((one for one in assortment.articles() if one.number == number), None)


# attribute | whether a sheet says otherwise than the article is
_FAULTS: tuple[tuple[str, Callable[[Listing, Article], bool]], ...] = (
    ("title", lambda listing, _article: listing.title.endswith("…")),
    ("brand", lambda listing, article: str(listing.values.get("brand", "")).casefold() != article.brand.casefold()),
    ("category", lambda listing, article: listing.category not in (None, article.category)),
    ("color", lambda listing, article: article.colour in listing.title.split() and not listing.values.get("color")),
)


def wrong_in(listing: Listing) -> str:
    """Return the first attribute of which the sheet says something else than the article is, "" for none."""
    article = article_of(listing)
    return next((name for name, wrong in _FAULTS if article is not None and wrong(listing, article)), "")


def _dismiss(sku: str, check: str, why: str) -> None:
    set_aside.dismiss(finding.listing(sku), check, why, by=people.find(people.EDITOR))


def _plan(calendar: Calendar) -> None:
    for sku, action, days in PLANS:
        due_at = calendar.ago(0, 0) + timedelta(days=days, hours=6)
        schedule.plan(finding.listing(sku), action, due_at, by=people.find(people.EDITOR))
