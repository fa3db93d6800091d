"""Pages of imports: send a file, look at it, decide its mapping, follow it, read its report."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, jsonify, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import BackofficeError, Conflict, Invalid, wants_json
from backoffice.extensions import db
from backoffice.jobs import JobState
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import import_turns, issues, pipeline, recognized, replacement, reports, uploads, words
from catalog.forms import UploadForm
from catalog.intake import UnreadableFile
from catalog.models import Import, ImportLine, ImportStatus, LineOutcome
from catalog.rulebook import outlook
from catalog.sheets import Severity
from catalog.views.blueprint import blueprint, import_or_404, reader_language

PREVIEW_ROWS = 8
ENCODINGS = ("utf-8", "cp1252", "utf-16")
DELIMITERS = (",", ";", "\t", "|")


@blueprint.get("/imports")
@requires(Permission.IMPORT_SHEETS)
def imports() -> ResponseReturnValue:
    """List the imports, newest first."""
    query = uploads.of_reader(current_user)
    status = request.args.get("status")
    if status in set(ImportStatus):
        query = query.where(Import.status == ImportStatus(status))
    page = paginate(query, order=[(Import.id, "desc")])
    return render_template("catalog/imports.html", page=page, statuses=list(ImportStatus))


@blueprint.route("/imports/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_SHEETS)
def new_import() -> ResponseReturnValue:
    """Take a vendor's file; staff say for which vendor."""
    form = UploadForm()
    form.offer_vendors(current_user, request.args.get("vendor", ""))
    if form.validate_on_submit():
        vendor = db.session.get_one(Vendor, form.vendor_id(current_user))
        run = uploads.upload(
            vendor, form.file.data.stream, form.file.data.filename, by=current_user, later=uploads.LOOK
        )
        run.full_replacement, run.clear_empty = form.full_replacement.data, form.empty_cells.data == "clear"
        db.session.commit()
        return redirect(url_for("catalog.show_import", import_id=run.id))
    return render_template("catalog/new_import.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/imports/<int:import_id>")
@requires(Permission.IMPORT_SHEETS)
def show_import(import_id: int) -> ResponseReturnValue:
    """Show an import as it stands: preview and mapping, progress, or report."""
    return _shown(import_or_404(import_id))


def _shown(run: Import, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    """Render the page of an import; after a refused act, with the reason and what was chosen."""
    status = refusal.status if refusal else 200
    if run.status == ImportStatus.UPLOADED and not uploads.unseen(run):
        return _preview(run, refusal), status
    context: dict[str, Any] = {"run": run, "timeline": audit.timeline(run), "progress": _progress(run)}
    if run.status == ImportStatus.REFUSED:
        context["unreadable"] = UnreadableFile(run.refusal["code"], run.refusal["params"]).message(reader_language())
    if run.status in (ImportStatus.DONE, ImportStatus.CANCELLED):
        context["faults"] = reports.by_code(run, reader_language())
    if run.status == ImportStatus.AWAITING_CONFIRMATION:
        context["live"] = replacement.live_sheets(run.forecast)
    context |= outlook.of_run(run) | {"labels": dict(uploads.attribute_choices(reader_language()))}
    return render_template("catalog/import.html", **context, refusal=refusal), status


def act(decide: Callable[[Import], ResponseReturnValue]) -> Callable[[int], ResponseReturnValue]:
    """Give a view the reader's import; show its page again, with the reason, where the act is refused."""

    @wraps(decide)
    def view(import_id: int) -> ResponseReturnValue:
        try:
            return decide(import_or_404(import_id, to_decide=True))
        except (Invalid, Conflict) as refusal:
            db.session.rollback()
            if wants_json():
                raise
            return _shown(import_or_404(import_id), refusal)

    return view


def _preview(run: Import, refusal: BackofficeError | None) -> str:
    try:
        # The import's own columns count as the vendor's decisions, with their reasons where they were proposed.
        preview = uploads.preview_for(run)
    except UnreadableFile as error:
        sentence = error.message(reader_language())
        return render_template("catalog/unreadable.html", run=run, unreadable=sentence)
    return render_template(
        "catalog/preview.html",
        run=run,
        preview=preview,
        rows=preview.rows[:PREVIEW_ROWS],
        attributes=uploads.attribute_choices(reader_language()),
        facts=recognized.facts(preview.table, preview.records or run.lines_total),
        column_name=recognized.column_name,
        encoding_name=recognized.encoding_name,
        encodings=ENCODINGS,
        delimiters=DELIMITERS,
        timeline=audit.timeline(run),
        language=reader_language(),
        refusal=refusal,
        typed=request.form,
        **outlook.of_preview(run, preview, reader_language()),
    )


@blueprint.post("/imports/<int:import_id>/reading")
@requires(Permission.IMPORT_SHEETS)
@act
def reread_import(run: Import) -> ResponseReturnValue:
    """Read the file again with the encoding, delimiter or sheet that the person chose."""
    form = request.form
    sheet = form.get("sheet_name", "")[:200]
    encoding = form.get("encoding") if form.get("encoding") in ENCODINGS else None
    delimiter = {"tab": "\t"}.get(form.get("delimiter", ""), form.get("delimiter"))
    uploads.override(run, encoding=encoding, delimiter=delimiter if delimiter in DELIMITERS else None, sheet_name=sheet)
    db.session.commit()
    return redirect(url_for("catalog.show_import", import_id=run.id))


@blueprint.post("/imports/<int:import_id>/start")
@requires(Permission.IMPORT_SHEETS)
@act
def start_import(run: Import) -> ResponseReturnValue:
    """Keep the mapping as decided, remember it for the vendor, and start the run."""
    if run.status != ImportStatus.UPLOADED:
        raise Conflict(words.import_started())
    if uploads.unseen(run):
        raise Conflict(_("The file is still being looked at; its columns appear in a moment."))
    chosen = {header: request.form.get(f"column-{at}") or None for at, header in enumerate(_headers(run))}
    if not pipeline.makes_sheets(run, chosen):
        raise Invalid(_("Choose the column that holds the title: without it a sheet cannot be shown."))
    uploads.choose(run, chosen, by=current_user)
    run.full_replacement = request.form.get("full_replacement") == "1"
    run.clear_empty = request.form.get("empty_cells") == "clear"
    run.ask_first = request.form.get("ask") == "1"
    pipeline.confirm(run, by=current_user)
    db.session.commit()
    return redirect(url_for("catalog.show_import", import_id=run.id))


def _headers(run: Import) -> list[str]:
    """Return the columns in the order in which the page numbers them: the file's own, which a stored mapping has lost."""
    try:
        return [column.header for column in uploads.preview_for(run).columns]
    except UnreadableFile as error:
        raise Invalid(error.message(reader_language())) from None


@blueprint.post("/imports/<int:import_id>/proceed")
@requires(Permission.IMPORT_SHEETS)
@act
def proceed_import(run: Import) -> ResponseReturnValue:
    """Go on with an import that waited because it would withdraw many sheets."""
    if run.status != ImportStatus.AWAITING_CONFIRMATION:
        raise Conflict(words.import_started())
    pipeline.proceed(run)
    audit.record("import.proceed", run, by=current_user)
    db.session.commit()
    return redirect(url_for("catalog.show_import", import_id=run.id))


@blueprint.post("/imports/<int:import_id>/cancel")
@requires(Permission.IMPORT_SHEETS)
@act
def cancel_import(run: Import) -> ResponseReturnValue:
    """Stop an import between two chunks; what was written stays and the report says how far it came."""
    if run.status in (ImportStatus.DONE, ImportStatus.CANCELLED, ImportStatus.REFUSED):
        raise Conflict(words.import_started())
    pipeline.cancel(run, by=current_user)
    db.session.commit()
    flash(
        _("The import was cancelled. Lines already taken stay.")
        if run.lines_read
        else _("The import was cancelled. Nothing was written."),
        "info",
    )
    return redirect(url_for("catalog.show_import", import_id=run.id))


def _progress(run: Import) -> dict[str, Any]:
    end = run.finished_at or now()
    seconds = (end - run.started_at).total_seconds() if run.started_at else 0.0
    rate = run.lines_read / seconds if seconds > 0 else None
    left = (run.lines_total - run.lines_read) / rate if rate else None
    running = uploads.unseen(run) or run.status in import_turns.LIVE
    return {
        "done": run.lines_read,
        "total": run.lines_total,
        "state": JobState.RUNNING if running else JobState.DONE,
        "label": _doing(run),
        "rate": round(rate) if rate and running else None,
        "remaining": round(left) if left and running else None,
    }


def _doing(run: Import) -> str:
    if uploads.unseen(run):
        return _("Looking at the file")
    if import_turns.waits(run):
        return _("Waiting for an earlier import of this vendor to end")
    return _("Reading the file") if run.status == ImportStatus.READING else _("Lines taken")


@blueprint.get("/imports/<int:import_id>/progress")
@requires(Permission.IMPORT_SHEETS)
def import_progress(import_id: int) -> ResponseReturnValue:
    """Say how far an import has come, for the bar on its page."""
    return jsonify(_progress(import_or_404(import_id)))


@blueprint.get("/imports/<int:import_id>/lines")
@requires(Permission.IMPORT_SHEETS)
def import_lines(import_id: int) -> ResponseReturnValue:
    """List the lines of an import with what became of each and its faults in words."""
    run = import_or_404(import_id)
    query = sa.select(ImportLine).where(ImportLine.import_id == run.id)
    outcome = request.args.get("outcome", "")
    if outcome in set(LineOutcome):
        query = query.where(ImportLine.outcome == LineOutcome(outcome))
    page = paginate(query, order=[(ImportLine.row, "asc")])
    said = {
        line.row: [(Severity(one["severity"]), reports.words(one, reader_language())) for one in line.issues]
        for line in page.items
    }
    return render_template(
        "catalog/import_lines.html", run=run, page=page, said=said, outcomes=list(LineOutcome), outcome=outcome
    )


@blueprint.get("/imports/<int:import_id>/report")
@requires(Permission.IMPORT_SHEETS)
def import_report(import_id: int) -> ResponseReturnValue:
    """Give the vendor's own file back with the errors beside each line."""
    run = import_or_404(import_id)
    code = request.args.get("code") or None
    if run.status not in (ImportStatus.DONE, ImportStatus.CANCELLED) or (code and code not in issues.ISSUES):
        abort(404)
    folder = tempfile.TemporaryDirectory()
    output = Path(folder.name) / "report"
    only = request.args.get("only") == "errors" or code is not None
    reports.write(run, output, only_errors=only, locale=reader_language(), code=code)

    def stream() -> Iterator[bytes]:
        with folder, output.open("rb") as source:
            while block := source.read(1 << 16):
                yield block

    name = reports.file_name(run, only_errors=only)
    answer = Response(stream_with_context(stream()), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Length"] = str(output.stat().st_size)
    return answer
