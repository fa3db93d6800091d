"""Synonyms that follow from others, go round in circles, or drift too far."""

from __future__ import annotations

import pytest

from catalog.search.queries import Synonym
from catalog.steering.chains import Fault, Graph

ENTRIES = [Synonym("tv", "télé"), Synonym("télé", "téléviseur"), Synonym("frigo", "réfrigérateur", True)]


@pytest.mark.parametrize(
    ("entry", "fault", "way"),
    [
        (Synonym("téléviseur", "tv"), Fault.LOOP, ("téléviseur", "tv", "télé", "téléviseur")),
        (Synonym("tv", "téléviseurs"), Fault.FOLLOWS, ("tv", "télé", "téléviseur")),
        (Synonym("réfrigérateurs", "frigo"), Fault.FOLLOWS, ("réfrigérateur", "frigo")),
        (Synonym("Télés", "télé"), Fault.SAME, ("Télés", "télé")),
        (Synonym("!!", "la"), Fault.NOTHING, ()),
        (Synonym("tv", "télé", True), Fault.FOLLOWS, ("tv", "télé")),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_way_that_shows_it(
    entry: Synonym, fault: Fault, way: tuple[str, ...]
) -> None:
    refusal = Graph(ENTRIES, "fr").refusal(entry)
    assert refusal is not None
    assert (refusal.fault, refusal.way) == (fault, way)


def test_a_chain_of_three_steps_holds_and_a_longer_one_is_refused() -> None:
    graph = Graph(ENTRIES, "fr")
    assert graph.refusal(Synonym("écran", "tv")) is None
    graph.add(Synonym("écran", "tv"))
    refusal = graph.refusal(Synonym("moniteur", "écran"))
    assert refusal is not None
    assert refusal.fault == Fault.TOO_FAR
    assert refusal.way == ("moniteur", "écran", "tv", "télé", "téléviseur")


def test_what_follows_from_others_holds_too() -> None:
    found = {(one.term, one.means) for one in Graph(ENTRIES, "fr").closed()}
    assert ("tv", "téléviseur") in found
    assert ("téléviseur", "tv") not in found
    assert {("frigo", "réfrigérateur"), ("réfrigérateur", "frigo")} <= found
