"""The history: written with the act, in words, and telling when a row was edited behind our back."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.audit import AuditEvent
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.permissions import Role
from tests.factories.accounts import make_user
from tests.factories.vendors import make_vendor


def test_a_row_says_who_did_what_to_what_and_why(app: Flask) -> None:
    actor, thing = make_user(name="Anna"), make_user()
    with app.test_request_context("/"):
        app.preprocess_request()
        changes = {"role": (Role.MEDIATOR, Role.CONTENT_EDITOR), "since": (None, now())}
        event = audit.record("user.change_role", thing, by=actor, changes=changes, reason="new task")
    db.session.commit()
    assert (event.actor_id, event.actor_name) == (actor.id, "Anna")
    assert (event.object_type, event.object_id) == ("user_account", thing.id)
    assert event.changes["role"] == ["mediator", "content_editor"]
    assert event.request_id


def test_a_thing_not_yet_stored_gets_its_number_first(app: Flask) -> None:
    user = User(email="new@house.example", role=Role.MEDIATOR)
    db.session.add(user)
    assert audit.record("user.invite", user).object_id == user.id


def test_the_row_goes_with_the_transaction(app: Flask) -> None:
    thing = make_user()
    audit.record("user.activate", thing)
    db.session.rollback()
    assert audit.timeline(thing) == []


def test_a_row_edited_behind_our_back_no_longer_matches(app: Flask) -> None:
    thing = make_user()
    events = [
        audit.record("user.activate", thing, by=thing, changes={"a": (1, "é"), "b": (None, [1, {"c": 2.5}])}),
        audit.record("user.deactivate", thing),
    ]
    db.session.commit()
    db.session.expire_all()
    assert audit.altered(events) == []
    db.session.execute(sa.update(AuditEvent).where(AuditEvent.id == events[0].id).values(reason="forged"))
    db.session.commit()
    assert audit.altered(events) == [events[0].id]


def test_the_timeline_is_newest_first_in_one_query_of_several_things(app: Flask, queries: list[str]) -> None:
    first, second, stranger = make_user(), make_vendor(), make_user()
    for thing, verb in (
        (first, "user.invite"),
        (second, "vendor.enter"),
        (stranger, "user.invite"),
        (first, "user.join"),
    ):
        audit.record(verb, thing)
    db.session.commit()
    things = (first, second, None)
    _ids = (first.id, second.id)
    queries.clear()
    verbs = [entry.verb for entry in audit.timeline(*things)]
    assert verbs == ["user.join", "vendor.enter", "user.invite"]
    assert len([statement for statement in queries if statement.startswith("SELECT")]) == 1
    assert [entry.verb for entry in audit.timeline(*things, limit=1)] == ["user.join"]
    assert audit.timeline() == []


def test_states_are_shown_in_words_and_other_values_as_they_are(app: Flask) -> None:
    vendor = make_vendor()
    audit.record("vendor.approve", vendor, changes={"status": ("ready_for_review", "approved"), "city": ("", "Lyon")})
    db.session.commit()
    with force_locale("en"):
        (entry,) = audit.timeline(vendor)
        assert entry.verb_label == "approved the vendor"
        # PostgreSQL keeps the keys of a JSON object in an order of its own.
        assert sorted(entry.details) == [("City", "", "Lyon"), ("State", "to be reviewed", "approved")]


def test_a_field_without_words_is_shown_by_its_name(app: Flask) -> None:
    user = make_user()
    audit.record("user.activate", user, changes={"shoe_size": (41, 42)})
    db.session.commit()
    assert audit.timeline(user)[0].details == [("shoe_size", 41, 42)]
