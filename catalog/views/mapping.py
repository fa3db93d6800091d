"""Pages of a vendor's mapping: its columns and rules, tried on the first lines of a file, and its words to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.database import key_in, reading
from backoffice.errors import BackofficeError, Conflict, Invalid, NotFound
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import tree, uploads, workshop
from catalog.harmonization.spellings import values_of
from catalog.intake import Preview
from catalog.mapping.verbs import CATEGORY, IF_EMPTY, VERBS
from catalog.models import Import, MappingVersion
from catalog.rulebook import suggestions, trials, versions
from catalog.views.blueprint import blueprint, reader_language

P = Permission
# Faults of a mapping's file that are told at once; who has mended these sends it again for the others.
MOST_REFUSALS = 100


def vendor_or_404(vendor_id: int) -> Vendor:
    """Return a vendor whose mapping the reader may see: staff every one, a vendor's user their own."""
    found = db.session.get(Vendor, vendor_id)
    if found is None or not (current_user.is_staff or current_user.vendor_id == vendor_id):
        raise NotFound()
    return found


@blueprint.get("/mappings")
@requires(P.IMPORT_SHEETS)
def mappings() -> ResponseReturnValue:
    """List the vendors' mappings as they stand; a vendor's user is led to their own."""
    if not current_user.is_staff:
        return redirect(url_for("catalog.mapping", vendor_id=current_user.vendor_id))
    last = sa.select(sa.func.max(MappingVersion.id)).group_by(MappingVersion.vendor_id)
    query = sa.select(MappingVersion).options(joinedload(MappingVersion.vendor), joinedload(MappingVersion.author))
    page = paginate(query.where(MappingVersion.id.in_(last)), order=[(MappingVersion.id, "desc")])
    return render_template("catalog/mappings.html", page=page)


@blueprint.get("/vendors/<int:vendor_id>/mapping")
@requires(P.IMPORT_SHEETS)
def mapping(vendor_id: int) -> ResponseReturnValue:
    """Show a vendor's mapping: columns, rules, words to decide, versions."""
    return mapping_page(vendor_or_404(vendor_id))


@blueprint.post("/vendors/<int:vendor_id>/mapping")
@requires(P.IMPORT_SHEETS)
def save_mapping(vendor_id: int) -> ResponseReturnValue:
    """Try what was typed, or keep it as a new version."""
    vendor = vendor_or_404(vendor_id)
    typed = _typed()
    if request.form.get("act") == "try":
        return mapping_page(vendor, typed=typed)
    try:
        if request.form.get("anyway") != "1":
            _warn(vendor, typed)
        saved = versions.save(vendor.id, by=current_user, **typed)
        db.session.commit()
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        return mapping_page(vendor_or_404(vendor_id), typed=typed, refusal=refusal)
    flash(_("Version %(version)s is saved.", version=saved.version) if saved else _("Nothing has changed."), "success")
    return redirect(url_for("catalog.mapping", vendor_id=vendor_id, **_chosen_file()))


class Doubtful(Invalid):
    """What was typed can be saved, and would empty what a sheet needs: the person says so once more."""


def _warn(vendor: Vendor, typed: Mapping[str, Any]) -> None:
    seen = trials.preview(_file(vendor))
    tried = trials.attempt(versions.newest(vendor.id), typed["columns"], typed["rules"], seen)
    if tried and tried.lost:
        names = ", ".join(f"{one.label(reader_language())} ({one.emptied})" for one in tried.lost)
        raise Doubtful(
            _(
                "This would leave what a sheet needs empty on some lines: %(names)s. Look at the trial below.",
                names=names,
            )
        )


def _typed() -> dict[str, Any]:
    """Return the mapping as the form sends it: the version it was made on, columns, rules, reason."""
    form = request.form
    headers = form.getlist("header")
    return {
        "base": key_in(form.get("base")) or 0,
        "columns": {header: form.get(f"column-{at}") or None for at, header in enumerate(headers)},
        "rules": form.get("rules", ""),
        "reason": form.get("reason", "").strip()[:300],
    }


def _chosen_file() -> dict[str, Any]:
    number = key_in(request.values.get("import"))
    return {} if number is None else {"import": number}


def _file(vendor: Vendor) -> Import | None:
    """Return the file that the rules are tried on: the one the address names, else the vendor's newest readable one."""
    return trials.file_of(vendor.id, _chosen_file().get("import"))


@blueprint.post("/vendors/<int:vendor_id>/mapping/try")
@requires(P.IMPORT_SHEETS)
def try_mapping(vendor_id: int) -> ResponseReturnValue:
    """Answer with what the typed rules do to the first lines, for the page that asks while one types."""
    # The lock that a POST takes is given back at once: this writes nothing.
    db.session.rollback()
    with reading():
        vendor = vendor_or_404(vendor_id)
        typed = _typed()
        run = _file(vendor)
        trial = _trial(versions.newest(vendor.id), typed, run, trials.preview(run))
        html = render_template("catalog/_trial.html", **trial)
        db.session.rollback()
    return jsonify({"html": html})


def _trial(
    standing: MappingVersion | None, typed: Mapping[str, Any], run: Import | None, seen: Preview | None
) -> dict[str, Any]:
    reader = reader_language()
    tried = trials.attempt(standing, typed["columns"], typed["rules"], seen)
    return {"faults": trials.faults_of(typed["rules"], seen, reader), "tried": tried, "run": run, "language": reader}


def mapping_page(
    vendor: Vendor,
    *,
    typed: Mapping[str, Any] | None = None,
    refusal: BackofficeError | None = None,
    file_refusals: Sequence[str] = (),
    brought: versions.Difference | None = None,
) -> ResponseReturnValue:
    """Return the page of a mapping: as it stands, as it was typed, or as a file that was `brought` says it."""
    standing = versions.newest(vendor.id)
    shown = typed or {
        "base": standing.version if standing else 0,
        "columns": standing.columns if standing else {},
        "rules": "\n".join(versions.in_words(standing, reader_language())),
        "reason": "",
    }
    run = _file(vendor)
    seen = trials.preview(run)
    page = render_template(
        "catalog/mapping.html",
        vendor=vendor,
        standing=standing,
        typed=shown,
        refusal=refusal,
        file_refusals=file_refusals[:MOST_REFUSALS],
        brought=brought,
        doubtful=isinstance(refusal, Doubtful),
        columns=trials.columns_of(seen, shown["columns"]),
        attributes=uploads.attribute_choices(reader_language()),
        labels=dict(uploads.attribute_choices(reader_language())),
        verbs=[*VERBS.values(), IF_EMPTY],
        meanwhile=_meanwhile(vendor, shown, standing),
        broken=versions.usable(standing)[1],
        **_trial(standing, shown, run, seen),
        **({} if typed else _words(vendor, standing, run, seen)),
    )
    return page, refusal.status if refusal else 422 if file_refusals else 200


def _meanwhile(vendor: Vendor, shown: Mapping[str, Any], standing: MappingVersion | None) -> dict[str, Any] | None:
    """Return what was saved since the version that the form was made on, where anything was."""
    if standing is None or shown["base"] == standing.version:
        return None
    base = versions.numbered(vendor.id, shown["base"])
    return {"version": standing, "difference": versions.difference(base, standing, reader_language())}


def _words(vendor: Vendor, standing: MappingVersion | None, run: Import | None, seen: Preview | None) -> dict[str, Any]:
    """Return the vendor's words to decide, with the choices for each."""
    shop = workshop.of_vendor(vendor.id, run.locale if run else vendor.locale or "fr")
    asked = suggestions.suggest(trials.words_of(run, seen), versions.read_of(standing).rules, shop, vendor.id)
    reader = reader_language()
    choices = {one.target: values_of(one.target, shop.context.locale) for one in asked if one.target != CATEGORY}
    return {"asked": asked, "choices": choices, "tree": tree.current(), "reader": reader, "CATEGORY": CATEGORY}


@blueprint.post("/vendors/<int:vendor_id>/mapping/words")
@requires(P.IMPORT_SHEETS)
def decide_words(vendor_id: int) -> ResponseReturnValue:
    """Keep what the vendor's words become, those that were filled in, as a new version."""
    vendor = vendor_or_404(vendor_id)
    form = request.form
    taken = [at for at in form.getlist("take") if at.isdecimal() and form.get(f"value-{at}", "").strip()]
    pairs = {(form.get(f"target-{at}", ""), form.get(f"word-{at}", "")): form[f"value-{at}"].strip() for at in taken}
    try:
        if not pairs:
            raise Invalid(_("Tick at least one word, and say what it becomes."))
        versions.decide(vendor.id, pairs, by=current_user, base=key_in(request.form.get("base")) or 0)
        db.session.commit()
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
    else:
        flash(_("Kept. Read an earlier file again to see it at work on its sheets."), "success")
    return redirect(url_for("catalog.mapping", vendor_id=vendor_id, **_chosen_file()))
