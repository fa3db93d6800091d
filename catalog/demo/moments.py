"""When the demo's files come in, what the editors decide of the sheets, and what customers search for.

Every file goes the real way: kept, looked at, its mapping confirmed, read, made, matched, published, indexed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from backoffice.demo import papers, people, shops
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from backoffice.vendors import lifecycle
from backoffice.vendors.models import VendorStatus
from catalog import demand, judgements, listings, pipeline, review, uploads
from catalog.demo import finding, vendor_files
from catalog.demo.vendor_files import VendorFile
from catalog.figures import counting, mending
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Import, Listing, Proposal, ProposalState
from catalog.review import Reason
from catalog.search import sync
from catalog.search.queries import Query
from catalog.sheets import Decision
from catalog.steering import active

# Who sends its first file when, in days before today.
FIRST_FILES = {
    "maison-verlaine": 116, "brin-de-fil": 113, "voltamarine": 110, "atelier-du-cap": 108, "kastanje": 97,
}  # fmt: skip
_NOT_A_TABLE = VendorFile("maison-verlaine", "catalogue_printemps.csv", papers.pdf("Catalogue"))


def of_files(calendar: Calendar) -> Iterator[Moment]:
    """Send the vendors' files: the first ones, an update, one that is no table, and one that waits for its vendor."""
    for place, (code, days) in enumerate(FIRST_FILES.items()):
        file = vendor_files.file_of(code)
        yield Moment(calendar.ago(days, 14, place), partial(send, file))
        yield Moment(calendar.ago(days, 14, place + 20), partial(_open_shop, code))
    yield Moment(calendar.ago(9, 11), partial(send, vendor_files.repriced()))
    yield Moment(calendar.ago(4, 16), partial(_upload, _NOT_A_TABLE))
    yield Moment(calendar.ago(0, 8, 40), partial(_upload, vendor_files.renewed()))


def _upload(file: VendorFile) -> Import:
    return uploads.upload(
        finding.vendor(file.vendor), io.BytesIO(file.content), file.name, by=shops.user_of(file.vendor)
    )


def send(file: VendorFile) -> None:
    """Have someone at the vendor's send a file and confirm its columns."""
    run = _upload(file)
    pipeline.confirm(run, by=shops.user_of(file.vendor))


def _open_shop(code: str) -> None:
    """Note that the vendor has its first sheet on sale, where nobody has yet."""
    vendor = finding.vendor(code)
    if vendor.status == VendorStatus.APPROVED:
        lifecycle.go_live(vendor)


def of_nights(calendar: Calendar) -> Iterator[Moment]:
    """Count the sheets' quality on Monday nights and last night, so that its course can be seen."""
    monday = calendar.today.weekday()
    for days in (*range(monday + 112, monday, -7), 0):
        yield Moment(calendar.ago(days, 3), counting.count_quality)
    yield Moment(calendar.ago(0, 3, 10), mending.rank_mending)


def of_desks(calendar: Calendar) -> Iterator[Moment]:
    """Let the editors work: sheets accepted, corrected and sent back, a search term taken, pairs judged."""
    for days, count in ((95, 4), (44, 2), (33, 5), (3, 1)):
        yield Moment(calendar.ago(days, 10, 15), partial(_accept, count))
    for days in (94, 43, 2):
        yield Moment(calendar.ago(days, 11, 5), _send_back)
    yield Moment(calendar.ago(42, 15), _correct)
    yield Moment(calendar.ago(41, 9, 30), partial(_take_keyword, "MV-9002"))
    yield Moment(calendar.ago(40, 14), _judge_pairs)
    yield Moment(calendar.ago(12, 17), partial(_withdraw, "BDF-1134"))


def _queue(count: int) -> list[Listing]:
    query = review.queue().order_by(Listing.priority, Listing.id)
    return list(
        db.session.scalars(
            query.where(Listing.priority > listings.FLAG_PRIORITY, Listing.sku.not_like("%-9___")).limit(count)
        )
    )


def _accept(count: int) -> None:
    for listing in _queue(count):
        review.accept(listing, by=people.find(people.EDITOR))


def _send_back() -> None:
    for listing in _queue(2)[-1:]:
        reasons = [
            Reason("title", "Écrivez le type de produit, la marque puis le modèle."),
            Reason("description", "Dites la matière et les dimensions ; retirez la formule commerciale."),
        ]
        review.send_back(listing, reasons, by=people.find("martin.roche@demo.example"))


def _correct() -> None:
    listing, editor = finding.listing("VM-9002"), people.find(people.EDITOR)
    review.correct(listing, "title", "Adaptateur HDMI vers VGA Tessaria", by=editor)


def _take_keyword(sku: str) -> None:
    listing = finding.listing(sku)
    for keyword in listing.keywords:
        if keyword["term"] == "Nespresso":
            review.decide_keyword(listing, keyword["term"], accepted=True, by=people.find(people.EDITOR))


def _judge_pairs() -> None:
    """Settle the surest and the least sure of the possible duplicates; the others stay on the desk."""
    pending = sa.select(Proposal).where(Proposal.state == ProposalState.PENDING)
    best = db.session.scalars(pending.order_by(Proposal.score.desc(), Proposal.id)).all()
    editor = people.find(people.EDITOR)
    for proposal in best[:4]:
        left, right = proposal.left.product, proposal.right.product
        if left.id != right.id and judgements.merge_refusal(left, right) is None:
            judgements.decide(proposal, Decision.SAME, by=editor)
    for proposal in best[4:][-3:]:
        judgements.decide(proposal, Decision.DIFFERENT, by=editor)


def _withdraw(sku: str) -> None:
    listing = finding.listing(sku)
    if listing.status in (ListingStatus.PUBLISHED, ListingStatus.TO_REVIEW, ListingStatus.PENDING):
        review.act(listing, Action.WITHDRAW, by=shops.user_of("brin-de-fil"), reason="Fin de série.")


# query | times a week; several find nothing, the last two until an editor has said what they mean.
_SEARCHES = (
    ("cafetière nespresso", 41), ("cafetière", 33), ("bouilloire", 21), ("casque bluetooth", 26), ("plaid", 18),
    ("perceuse", 15), ("puzzle 1000 pièces", 11), ("robe rouge", 12), ("sac à dos ordinateur", 9), ("poêle induction", 14),
    ("capsules tassimo", 8), ("trottinette", 13), ("aspirateur", 10), ("friteuse", 17), ("thermomix", 7), ("yaourtière", 4),
    ("doudou", 12), ("sauteuse", 9),
)  # fmt: skip
# How busy each week was, in percent of the table, the last one first; and of what was found, how much was opened.
_BUSY, _OPENED = (100, 96, 108, 91, 103, 88, 94, 79, 85, 72, 80, 66), 35


def of_customers(calendar: Calendar) -> Iterator[Moment]:
    """Count what customers searched for in the last weeks, with what the shop found and which answers were opened."""
    for weeks, percent in enumerate(_BUSY):
        yield Moment(calendar.ago(weeks * 7 + 1, 20, 30), partial(_count_searches, percent))


def _count_searches(percent: int) -> None:
    for query, times in _SEARCHES:
        found = sync.engine().search(active.steered(Query(query, "fr", limit=1))).total
        asked = times * percent // 100
        demand.count(query, found=found, times=asked)
        if found:
            demand.count_click(query, times=asked * _OPENED // 100)
