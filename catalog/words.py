"""The catalogue's words: labels and tones of states, verbs of the timeline, and the sentences of refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import formatting, things, words
from backoffice.files import StoredFile
from backoffice.things import Kind
from backoffice.vendors.models import Vendor
from catalog.attributes import ATTRIBUTES
from catalog.lifecycle import Action, ListingStatus, actions
from catalog.models import Category, Import, ImportStatus, LineOutcome, Listing, MappingVersion, Proposal, ProposalState
from catalog.quality import CHECKS, Check, Standing
from catalog.sheets import Decision, Severity

ACTIONS = {
    Action.ACCEPT: _l("Accept"),
    Action.SEND_BACK: _l("Send back"),
    Action.REJECT: _l("Reject"),
    Action.WITHDRAW: _l("Withdraw"),
    Action.RESTORE: _l("Restore"),
    Action.PUBLISH: _l("Publish"),
    Action.UNPUBLISH: _l("Take down"),
    Action.FLAG: _l("Flag"),
}

# Members of two enums may be equal as texts ("pending"), so each enum has a table of its own: {member: (words, tone)}.
LISTING_STATUSES: dict[ListingStatus, tuple[Any, words.Tone]] = {
    ListingStatus.PENDING: (_l("accepted, not yet shown"), "information"),
    ListingStatus.TO_REVIEW: (_l("to review"), "attention"),
    ListingStatus.CHANGES_REQUESTED: (_l("changes requested"), "attention"),
    ListingStatus.REJECTED: (_l("rejected"), "blocked"),
    ListingStatus.PUBLISHED: (_l("published"), "done"),
    ListingStatus.WITHDRAWN: (_l("withdrawn"), "neutral"),
}
IMPORT_STATUSES: dict[ImportStatus, tuple[Any, words.Tone]] = {
    ImportStatus.UPLOADED: (_l("to confirm"), "attention"),
    ImportStatus.READING: (_l("reading"), "information"),
    ImportStatus.AWAITING_CONFIRMATION: (_l("waiting for your word"), "attention"),
    ImportStatus.RUNNING: (_l("in progress"), "information"),
    ImportStatus.DONE: (_l("finished"), "done"),
    ImportStatus.REFUSED: (_l("refused"), "blocked"),
    ImportStatus.CANCELLED: (_l("cancelled"), "neutral"),
}
LINE_OUTCOMES: dict[LineOutcome, tuple[Any, words.Tone]] = {
    LineOutcome.CREATED: (_l("new"), "done"),
    LineOutcome.UPDATED: (_l("updated"), "done"),
    LineOutcome.UNCHANGED: (_l("unchanged"), "neutral"),
    LineOutcome.ERROR: (_l("in error"), "blocked"),
}
PROPOSAL_STATES: dict[ProposalState, tuple[Any, words.Tone]] = {
    ProposalState.PENDING: (_l("to decide"), "attention"),
    ProposalState.ACCEPTED: (_l("same product"), "done"),
    ProposalState.REJECTED: (_l("different products"), "neutral"),
    ProposalState.SUPERSEDED: (_l("no longer relevant"), "neutral"),
}
DECISIONS: dict[Decision, tuple[Any, words.Tone]] = {
    Decision.SAME: (_l("same product"), "done"),
    Decision.DIFFERENT: (_l("different products"), "neutral"),
    Decision.UNSURE: (_l("unsure"), "attention"),
}
SEVERITIES: dict[Severity, tuple[Any, words.Tone]] = {
    Severity.ERROR: (_l("blocking"), "blocked"),
    Severity.WARNING: (_l("warning"), "attention"),
}
STATES: tuple[Mapping[Any, tuple[Any, words.Tone]], ...] = (
    LISTING_STATUSES,
    IMPORT_STATUSES,
    LINE_OUTCOMES,
    PROPOSAL_STATES,
    DECISIONS,
    SEVERITIES,
)

# Acts on what a rule did; the history keeps the rule's name as their reason.
ABOUT_RULES = frozenset({"listing.undo_change", "listing.redo_change"})
VERBS = {
    "import.upload": _l("sent a file"),
    "import.confirm": _l("started the import"),
    "import.proceed": _l("confirmed what the import would do"),
    "import.cancel": _l("cancelled the import"),
    "mapping.change": _l("changed the mapping"),
    "listing.accept": _l("accepted the sheet"),
    "listing.send_back": _l("sent the sheet back"),
    "listing.reject": _l("rejected the sheet"),
    "listing.withdraw": _l("withdrew the sheet"),
    "listing.restore": _l("restored the sheet"),
    "listing.flag": _l("flagged the sheet"),
    "listing.correct": _l("corrected a value"),
    "listing.undo_change": _l("took a change back"),
    "listing.redo_change": _l("put a change back"),
    "listing.keyword": _l("decided on a missing keyword"),
    "listing.dismiss_check": _l("set a check aside"),
    "listing.restore_check": _l("let a check count again"),
    "match.same": _l("judged: same product"),
    "match.different": _l("judged: different products"),
    "match.unsure": _l("left the pair undecided"),
    "match.undo": _l("took the judgement back"),
    "category.load": _l("loaded a category tree"),
}

NOTIFICATIONS = {
    "import_done": _l("Your file %(file)s was imported: %(success)s lines taken, %(errors)s in error."),
    "import_refused": _l("Your file %(file)s could not be imported."),
    "sheet_sent_back": _l("Your sheet “%(title)s” was sent back. Reasons to read: %(count)s."),
}

TASKS = {
    "catalog.begin_import": _l("Begin an import that waited"),
    "catalog.check_pictures": _l("Check pictures"),
    "catalog.check_prices": _l("Compare prices within products"),
    "catalog.count_all_lessons": _l("Count what each vendor can learn from"),
    "catalog.count_import": _l("Count the lines of a large file"),
    "catalog.count_lessons": _l("Count what a vendor can learn from"),
    "catalog.count_quality": _l("Count quality by day, vendor and category"),
    "catalog.drain_index": _l("Bring the search index up to date"),
    "catalog.fetch_feed": _l("Fetch a vendor's feed"),
    "catalog.finish_import": _l("Finish an import and write its report"),
    "catalog.finish_snapshots": _l("Look at a query again, some days after it was steered"),
    "catalog.follow_category": _l("Have sheets follow their category"),
    "catalog.follow_vendor": _l("Show or hide a vendor's sheets"),
    "catalog.forget_looks": _l("Forget looks at rules' effects"),
    "catalog.forget_searches": _l("Forget searches counted long ago"),
    "catalog.forget_traces": _l("Forget the traces of old imports"),
    "catalog.import_chunk": _l("Import a part of a file"),
    "catalog.judge_branches": _l("Judge sheets again by what their category asks for"),
    "catalog.keep_plans": _l("Do what was planned for sheets"),
    "catalog.learn_categories": _l("Learn categories from decisions"),
    "catalog.learn_matcher": _l("Learn duplicates from decisions"),
    "catalog.link_listings": _l("Look for the same product among vendors"),
    "catalog.look_at_effect": _l("Look at what a rule's switch would change"),
    "catalog.look_import": _l("Look at a file that was sent"),
    "catalog.merge_found": _l("Merge listings of the same product"),
    "catalog.note_listing_pictures": _l("Note the pictures of some sheets"),
    "catalog.note_pictures": _l("Note the pictures of an import"),
    "catalog.open_feeds": _l("Open the feeds that are due"),
    "catalog.rank_mending": _l("Rank what to mend first"),
    "catalog.read_import": _l("Read an import's file"),
    "catalog.recheck_pictures": _l("Choose pictures to check again"),
    "catalog.reconcile_index": _l("Compare the search index with the database"),
    "catalog.remake_sheets": _l("Make sheets again after a rule was switched"),
    "catalog.show_branch": _l("Show a category under its new name or place"),
    "catalog.start_import": _l("Look at a large file and start its import"),
    "catalog.take_back": _l("Take an import back"),
    "catalog.tell_pictures": _l("Tell sheets what was seen of their pictures"),
    "catalog.unfollow_category": _l("Have sheets return to their former category"),
    "catalog.weigh_gaps": _l("Weigh missing keywords by demand"),
    "desk.decide_group": _l("Decide a group of sheets"),
    "desk.note_waiting": _l("Note what each sheet waits for"),
    "desk.undo_group": _l("Undo a group's decision"),
    "desk.weigh_all_trust": _l("Weigh how far each vendor can be trusted"),
    "desk.weigh_pairs": _l("Weigh possible duplicates"),
    "desk.weigh_pairs_again": _l("Weigh all possible duplicates again"),
    "desk.weigh_trust": _l("Weigh how far a vendor can be trusted"),
}


def register() -> None:
    """Give the catalogue's words to the house."""
    for table in STATES:
        words.register(
            {member: label for member, (label, _tone) in table.items()},
            {member: tone for member, (_label, tone) in table.items()},
        )
    words.register(ACTIONS)
    words.register({Standing.SET_ASIDE: _l("set aside")})
    words.register_fields(
        "listing", {"status": (_l("status"), ListingStatus), **_attribute_fields(), **_check_fields()}
    )
    # The field of a plan is what will be done.
    words.register_fields("listing", {str(act): (ACTIONS[act], None) for act in (Action.WITHDRAW, Action.RESTORE)})
    words.register_fields("catalog_import", {"file": (_l("file"), None)})
    words.register_fields("match_proposal", {"score": (_l("likelihood"), None)})
    words.register_verbs(VERBS)
    words.register_notifications(NOTIFICATIONS)
    words.register_tasks(TASKS)
    _register_things()


def _register_things() -> None:
    """Say what the things of the catalogue's history are called and where they are."""
    title = sa.case((Listing.title == "", Listing.sku), else_=Listing.title).label("name")
    files = sa.select(Import.id, StoredFile.name).join(StoredFile, Import.file_id == StoredFile.id)
    pairs = sa.select(Proposal.id, title).join(Listing, Proposal.left_id == Listing.id)
    mappings = sa.select(MappingVersion.id, Vendor.name).join(Vendor, MappingVersion.vendor_id == Vendor.id)
    kinds = {
        Listing: Kind(_l("product sheet"), sa.select(Listing.id, title), "catalog.sheet", "listing_id"),
        Import: Kind(_l("import"), files, "catalog.show_import", "import_id"),
        Proposal: Kind(_l("possible duplicate"), pairs, "catalog.duplicate", "proposal_id"),
        MappingVersion: Kind(_l("mapping"), mappings, "catalog.mappings"),
        Category: Kind(_l("category"), _category_names(), "taxonomies.index"),
    }
    for model, kind in kinds.items():
        things.register(model.__tablename__, kind)


def _category_names() -> sa.Select[Any]:
    """Name categories by their own words, those without any by their number."""
    name = sa.case((Category.label_fr != "", Category.label_fr), (Category.label_en != "", Category.label_en))
    return sa.select(Category.id, sa.func.coalesce(name, Category.code).label("name"))


def _attribute_fields() -> dict[str, tuple[Any, None]]:
    """Name every attribute in the history as it is named elsewhere, in the reader's language."""
    return {name: (LazyString(_attribute_label, name), None) for name in ATTRIBUTES}


def _check_fields() -> dict[str, tuple[Any, type[Standing]]]:
    """Name every check of quality in the history by its sentence, as the sheet's page does."""
    return {check.id: (LazyString(_check_sentence, check), Standing) for check in CHECKS}


def _check_sentence(check: Check) -> str:
    return check.text["fr" if str(get_locale()).startswith("fr") else "en"]


def _attribute_label(name: str) -> str:
    return ATTRIBUTES[name].label("fr" if str(get_locale()).startswith("fr") else "en")


def cannot(action: Action, status: ListingStatus) -> str:
    """Return the refusal of a move that the table does not have, with what is possible instead."""
    return _(
        "“%(action)s” is not possible for a sheet that is %(status)s. Possible now: %(possible)s.",
        action=ACTIONS[action],
        status=LISTING_STATUSES[status][0],
        possible=_possible(status),
    )


# The values of closed lists that are codes, as people say them.
VALUES = {
    ("condition", "new"): _l("in new condition"),
    ("condition", "refurbished"): _l("refurbished"),
    ("condition", "used"): _l("second-hand"),
    ("availability", "in_stock"): _l("in stock"),
    ("availability", "out_of_stock"): _l("out of stock"),
    ("availability", "preorder"): _l("for preorder"),
    ("availability", "backorder"): _l("on backorder"),
    ("gender", "female"): _l("women"),
    ("gender", "male"): _l("men"),
    ("gender", "unisex"): _l("unisex"),
    ("age_group", "newborn"): _l("newborn"),
    ("age_group", "infant"): _l("infant"),
    ("age_group", "toddler"): _l("toddler"),
    ("age_group", "kids"): _l("kids"),
    ("age_group", "adult"): _l("adult"),
}


def _possible(status: ListingStatus) -> str:
    return ", ".join(formatting.quoted(ACTIONS[legal]) for legal in actions(status)) or _("nothing")


def still_blocked() -> str:
    """Return the refusal to accept a sheet with blocking problems."""
    return _("This sheet still has blocking problems. Correct them, or send it back to the vendor.")


def already_decided() -> str:
    """Return the refusal of a second decision on a pair."""
    return _("Someone has already decided on this pair. Take that decision back first.")


def already_undone() -> str:
    """Return the refusal to take a judgement back twice."""
    return _("This decision has already been taken back.")


def one_offer_per_vendor(vendor: str) -> str:
    """Return the refusal of a merge that would give a vendor two offers on one page."""
    return _("%(vendor)s has an offer on both pages; a vendor has one offer on a page.", vendor=vendor)


def judged_different(left: str, right: str) -> str:
    """Return the refusal of a merge that would join what was judged different."""
    return _("“%(left)s” and “%(right)s” were judged different; these pages cannot become one.", left=left, right=right)


def moved_since() -> str:
    """Return the refusal to undo a merge whose listings have moved again."""
    return _("These sheets were merged again since. Take the later merge back first.")


def moved_meanwhile() -> str:
    """Return the refusal of a merge whose pages were merged by someone else in the same moment."""
    return _("These sheets were merged with others meanwhile. Look at the pair again.")


def on_one_page() -> str:
    """Return the refusal to call two sheets different that other decisions brought onto one page."""
    return _("Other decisions brought these sheets onto one page. Take those back first, on the product's page.")


def changed_meanwhile(status: ListingStatus) -> str:
    """Return the refusal of a decision on a sheet that is no longer the one shown, with what is possible instead."""
    return _(
        "Someone changed this sheet while you were reading it; it is now: %(status)s. Look at it again, then decide. "
        "Possible now: %(possible)s.",
        status=LISTING_STATUSES[status][0],
        possible=_possible(status),
    )


def unknown_attribute(name: str) -> str:
    """Return the refusal to correct what is not an attribute."""
    return _("“%(name)s” is not an attribute that can be corrected.", name=name)


def unreadable_value(name: str, text: str) -> str:
    """Return the refusal of a correction that cannot be read as that attribute's kind of value."""
    return _("“%(text)s” cannot be read as a value of “%(name)s”.", text=text, name=_attribute_label(name))


def which_category(text: str, near: list[str]) -> str:
    """Return the refusal of a category that cannot be told from its words, with the nearest ones."""
    if not near:
        return _("No category is called “%(text)s”.", text=text)
    return _("Which “%(text)s”? Give the number of one: %(near)s.", text=text, near=" · ".join(near))


def reason_for_vendor() -> str:
    """Return the refusal to reject a sheet without a word."""
    return _("Say why: the vendor reads it.")


def incomplete_form() -> str:
    """Return the refusal of a form that lacks what its page would have sent."""
    return _("The form is not complete. Reload the page and try again.")


def reasons_needed() -> str:
    """Return the refusal to send a sheet back without a word."""
    return _("Give at least one reason: the vendor must know what to mend.")


def no_such_keyword(term: str) -> str:
    """Return the refusal to decide on a term that was not suggested, or contradicts the sheet."""
    return _("“%(term)s” was not suggested for this sheet, or contradicts it.", term=term)


def import_started() -> str:
    """Return the refusal to change an import that is under way or over."""
    return _("This import has started or is over; send the file again to change its settings.")


def reason_for_check() -> str:
    """Return the refusal to set a check aside without a word."""
    return _("Say why this check does not matter here.")


def check_blocks() -> str:
    """Return the refusal to set aside what keeps a sheet from being published."""
    return _("This keeps the sheet from being published. Correct it, or send the sheet back.")


def check_passes() -> str:
    """Return the refusal to set aside a check that found nothing."""
    return _("This check finds nothing on the sheet; there is nothing to set aside.")


def not_set_aside() -> str:
    """Return the refusal to take back what was not set aside."""
    return _("This check is not set aside.")


KEYWORD_KINDS = {
    "missing_brand_in_title": _l("brand missing in the title"),
    "missing_compatibility_term": _l("compatibility missing in the title"),
    "missing_category_noun": _l("kind of product not named"),
    "truncated_title": _l("title cut short"),
    "contradictory_term": _l("contradiction"),
    "added_by_editor": _l("word added by an editor"),
}


def keyword_kind(kind: str) -> str:
    """Return the words for a kind of missing keyword."""
    return str(KEYWORD_KINDS.get(kind, kind))
