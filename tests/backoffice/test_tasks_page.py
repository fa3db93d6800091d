"""Tasks on their page: told in words, failed ones tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backoffice import jobs, words
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import JobState
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user


def test_every_kind_of_job_has_its_words(app: Flask) -> None:
    kinds = {kind for kind in jobs.HANDLERS if not kind.startswith("test.")}
    assert kinds == words.known_tasks()


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "Mettre à jour l’index de recherche"), ("en", "Bring the search index up to date")]
)
def test_a_failed_task_is_told_in_the_readers_language_and_tried_again(app: Flask, locale: str, said: str) -> None:
    job = jobs.enqueue("catalog.drain_index")
    job.state, job.error = JobState.FAILED, "ConnectionError: no answer"
    db.session.commit()
    browser = login(app, make_user(Role.ADMINISTRATOR, locale=locale))
    page = browser.get("/tasks").text
    assert said in page
    assert "ConnectionError: no answer" in page
    assert browser.post(f"/tasks/{job.id}/retry").status_code == 302
    assert db.session.get_one(jobs.Job, job.id).state is JobState.WAITING


def test_failed_tasks_come_first_and_those_of_a_later_day_stand_apart(app: Flask) -> None:
    browser = login(app, make_user(Role.ADMINISTRATOR))
    assert "Everything that is due is done." in browser.get("/tasks").text
    jobs.enqueue("catalog.check_prices")
    jobs.enqueue("disputes.fire_timer", due_at=now() + timedelta(days=3))
    jobs.enqueue("desk.weigh_trust").state = JobState.FAILED
    db.session.commit()
    shown = {tab: browser.get(f"/tasks?tab={tab}").text for tab in ("", "failed", "due", "later", "nonsense")}
    told = {
        tab: [kind for kind in ("check_prices", "fire_timer", "weigh_trust") if kind in text]
        for tab, text in shown.items()
    }
    assert told == {
        "": ["weigh_trust"], "nonsense": ["weigh_trust"], "failed": ["weigh_trust"], "due": ["check_prices"],
        "later": ["fire_timer"],
    }  # fmt: skip
