"""Pages of a mapping's versions: what each changed, going back, the mapping as a file, an earlier file read again."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.database import key_in
from backoffice.errors import Conflict, Invalid, NotFound
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from catalog import uploads
from catalog.mapping import carrying
from catalog.models import Import, MappingVersion
from catalog.rulebook import replays, versions, words
from catalog.views.blueprint import blueprint, reader_language
from catalog.views.mapping import mapping_page, vendor_or_404

P = Permission


def _version_or_404(vendor_id: int, number: int) -> MappingVersion:
    found = versions.numbered(vendor_or_404(vendor_id).id, number)
    if found is None:
        raise NotFound()
    return found


@blueprint.get("/vendors/<int:vendor_id>/mapping/versions")
@requires(P.IMPORT_SHEETS)
def mapping_versions(vendor_id: int) -> ResponseReturnValue:
    """List the versions of a vendor's mapping, newest first."""
    vendor = vendor_or_404(vendor_id)
    query = select(MappingVersion).options(joinedload(MappingVersion.author))
    page = paginate(query.where(MappingVersion.vendor_id == vendor.id), order=[(MappingVersion.version, "desc")])
    standing = versions.newest(vendor.id)
    return render_template("catalog/mapping_versions.html", vendor=vendor, page=page, standing=standing)


@blueprint.get("/vendors/<int:vendor_id>/mapping/versions/<int:number>")
@requires(P.IMPORT_SHEETS)
def mapping_version(vendor_id: int, number: int) -> ResponseReturnValue:
    """Show one version and what it says otherwise than another: the one before it, or the one that was asked for."""
    version = _version_or_404(vendor_id, number)
    against = key_in(request.args.get("against"))
    base = versions.numbered(vendor_id, number - 1 if against is None else against)
    return render_template(
        "catalog/mapping_version.html",
        vendor=vendor_or_404(vendor_id),
        version=version,
        base=base,
        difference=versions.difference(base, version, reader_language()),
        standing=versions.newest(vendor_id),
        lines=versions.in_words(version, reader_language()),
        labels=dict(uploads.attribute_choices(reader_language())),
    )


@blueprint.post("/vendors/<int:vendor_id>/mapping/versions/<int:number>/revert")
@requires(P.IMPORT_SHEETS)
def revert_mapping(vendor_id: int, number: int) -> ResponseReturnValue:
    """Make an earlier version stand again, as a new one."""
    version = _version_or_404(vendor_id, number)
    base = request.form.get("base", "0")
    try:
        made = versions.revert(vendor_id, version, base=int(base) if base.isdecimal() else 0, by=current_user)
        db.session.commit()
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
        return redirect(url_for("catalog.mapping_version", vendor_id=vendor_id, number=number))
    flash(_("Version %(version)s is saved.", version=made.version) if made else _("Nothing has changed."), "success")
    return redirect(url_for("catalog.mapping", vendor_id=vendor_id))


@blueprint.get("/vendors/<int:vendor_id>/mapping.json")
@requires(P.IMPORT_SHEETS)
def export_mapping(vendor_id: int) -> ResponseReturnValue:
    """Give the mapping as a file that can be kept and brought back."""
    vendor = vendor_or_404(vendor_id)
    standing = versions.newest(vendor.id)
    columns, rules = (standing.columns, standing.rules) if standing else ({}, [])
    number = standing.version if standing else 0
    answer = Response(carrying.written(columns, rules, version=number), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=f"mapping-{number}.json")
    return answer


@blueprint.post("/vendors/<int:vendor_id>/mapping/file")
@requires(P.IMPORT_SHEETS)
def import_mapping(vendor_id: int) -> ResponseReturnValue:
    """Show a file's mapping on the page, tried and not saved yet, or say at its field what is wrong at which place."""
    vendor = vendor_or_404(vendor_id)
    sent = request.files.get("file")
    content = sent.stream.read(carrying.LARGEST_FILE + 1) if sent else b""
    carried = carrying.read(content, versions.known(locale=reader_language()), reader_language())
    refusals = list(carried.refusals) if content else [_("Choose a file.")]
    if refusals:
        return mapping_page(vendor, file_refusals=refusals)
    draft = versions.draft(carried.columns, carried.rules)
    typed = {
        "base": key_in(request.form.get("base")) or 0,
        "columns": draft.columns,
        "rules": "\n".join(versions.in_words(draft, reader_language())),
        "reason": words.from_file((sent.filename or "")[:120] if sent else ""),
    }
    brought = versions.difference(versions.newest(vendor.id), draft, reader_language())
    return mapping_page(vendor, typed=typed, brought=brought)


@blueprint.get("/vendors/<int:vendor_id>/mapping/replay")
@requires(P.IMPORT_SHEETS)
def replay_files(vendor_id: int) -> ResponseReturnValue:
    """List the vendor's earlier files, to choose one that is read again under the newest mapping."""
    vendor = vendor_or_404(vendor_id)
    page = paginate(replays.files(vendor.id), order=[(Import.id, "desc")])
    return render_template("catalog/replay.html", vendor=vendor, page=page, standing=versions.newest(vendor.id))


@blueprint.post("/vendors/<int:vendor_id>/mapping/replay")
@requires(P.IMPORT_SHEETS)
def replay_file(vendor_id: int) -> ResponseReturnValue:
    """Read an earlier file again; its page shows what would change and waits for a word."""
    vendor = vendor_or_404(vendor_id)
    wanted = key_in(request.form.get("import"))
    run = db.session.scalar(replays.files(vendor.id).where(Import.id == wanted))
    if run is None:
        raise NotFound()
    again = replays.replay(run, by=current_user)
    db.session.commit()
    return redirect(url_for("catalog.show_import", import_id=again.id))
