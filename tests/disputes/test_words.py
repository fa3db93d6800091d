"""Everything a person may read of a dispute has words."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice import words
from disputes import vocabulary
from disputes.deadlines import TimerKind
from disputes.routing import Route
from disputes.threads import Audience

LISTS = [
    vocabulary.Action,
    vocabulary.DecidedBy,
    vocabulary.Fault,
    vocabulary.FundedBy,
    vocabulary.OfferState,
    vocabulary.Outcome,
    vocabulary.Party,
    vocabulary.Reason,
    vocabulary.Remedy,
    vocabulary.ReturnState,
    vocabulary.Stage,
    vocabulary.Status,
    vocabulary.Turn,
    vocabulary.Wish,
    Audience,
    Route,
    TimerKind,
]


@pytest.mark.parametrize("states", LISTS, ids=lambda states: states.__name__)
def test_every_member_has_words(app: Flask, states: type) -> None:
    assert words.missing(states) == []


def test_every_act_has_words_in_the_history(app: Flask) -> None:
    assert {f"dispute.{action}" for action in vocabulary.Action} <= words.known_verbs()
