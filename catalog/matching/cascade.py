"""From a vendor's sheets and their candidates to proposals: identifiers first, then the model, then one to one.

Promise: equal valid GTINs are the same product unless the brands clash (then a person looks); an agreed brand with an
equal maker's number is the same unless the variants differ; everything else is scored among its rivals. Within one
call the sheets are one vendor's: a product takes at most one of them by itself, the others are put to a person.
Not here: retrieval (`catalog/candidates.py`) and what is done with a proposal (review, publishing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from catalog.matching.evidence import evidence_of, variants
from catalog.matching.identifiers import brands_agree, brands_clash, gtin, model_number
from catalog.matching.model import Matcher, Scored, load_shipped
from catalog.matching.records import Record
from catalog.sheets import Decision, MatchProposal

# The route of two sheets with one barcode under two brands.
CLASH = "gtin_clash"


def propose(record: Record, candidates: Sequence[Record], matcher: Matcher | None = None) -> list[MatchProposal]:
    """Return the proposals worth keeping for one sheet, best first; sheets of one file go through `propose_all`."""
    return propose_all([record], [candidates], matcher)[0]


def propose_all(
    records: Sequence[Record], candidates: Sequence[Sequence[Record]], matcher: Matcher | None = None
) -> list[list[MatchProposal]]:
    """Return for each sheet of one vendor its proposals at or above the matcher's review threshold, best first.

    `candidates[i]` are the plausible products of `records[i]`; rejected pairs are left out.
    """
    edges = [(i, other) for i, found in enumerate(candidates) for other in found]
    pairs = [(records[i], other) for i, other in edges]
    matcher = matcher or load_shipped()
    scored = matcher.scored(pairs)
    judged = [
        _judge(left, right, float(p), matcher) for (left, right), p in zip(pairs, scored.probabilities, strict=True)
    ]
    _one_to_one(judged, [i for i, _ in edges], [id(other) for _, other in edges])
    proposals: list[list[MatchProposal]] = [[] for _ in records]
    kept = [k for k, (_, decision, _) in enumerate(judged) if decision is not Decision.DIFFERENT]
    for k, proposal in zip(kept, _with_evidence(pairs, judged, scored, kept), strict=True):
        proposals[edges[k][0]].append(proposal)
    for found in proposals:
        found.sort(key=lambda p: (p.decision is not Decision.SAME, -p.score))
    return proposals


Judged = tuple[float, Decision, str]


def _judge(left: Record, right: Record, score: float, matcher: Matcher) -> Judged:
    """Return score, decision and the step that decided."""
    a, b = gtin(left), gtin(right)
    if a and a == b:
        return (score, Decision.UNSURE, CLASH) if brands_clash(left, right) else (1.0, Decision.SAME, "gtin")
    differing = variants(left, right)
    number = model_number(left)
    if number and number == model_number(right) and brands_agree(left, right):
        return (max(score, matcher.accept), Decision.UNSURE if differing else Decision.SAME, "brand_mpn")
    if score < matcher.review:
        return score, Decision.DIFFERENT, "model"
    contradicted = differing or (a and b) or brands_clash(left, right)
    doubtful = score < matcher.accept or contradicted or not _share_a_name(left, right)
    return score, Decision.UNSURE if doubtful else Decision.SAME, "model"


# Letters of a word, and signs of a code, that can name a thing: "22" and "noir l" do not.
NAMING_WORD, NAMING_CODE = 3, 4
FEWEST_WORDS = 2


def _share_a_name(left: Record, right: Record) -> bool:
    """Return whether the titles have a word in common, or the texts a code: numbers alone never make two sheets one.

    Nor does a title of one word ("T-shirt"), unless the brands agree. Of 1,853 links of two pairs of real catalogues that
    the model was sure of, 8 have neither.
    """
    if min(_words_of(left), _words_of(right)) < FEWEST_WORDS and not brands_agree(left, right):
        return False
    words = {token for token in left.head_tokens if len(token) >= NAMING_WORD and token.isalpha()}
    if not words.isdisjoint(right.head_tokens):
        return True
    codes = {token for token in left.full_tokens if len(token) >= NAMING_CODE and not token.isalpha()}
    return any(not token.isdigit() or len(token) > NAMING_CODE for token in codes.intersection(right.full_tokens))


def _words_of(record: Record) -> int:
    return sum(len(token) > 1 for token in set(record.head_tokens))


def _one_to_one(judged: list[Judged], lefts: Sequence[int], rights: Sequence[int]) -> None:
    """Keep the best decision *same* of each sheet and each product; put the others to a person."""
    taken: set[tuple[str, int]] = set()
    for k in sorted(range(len(judged)), key=lambda k: -judged[k][0]):
        score, decision, route = judged[k]
        if decision is not Decision.SAME:
            continue
        ends = {("left", lefts[k]), ("right", rights[k])}
        if ends & taken:
            judged[k] = (score, Decision.UNSURE, f"{route}_taken")
        else:
            taken |= ends


def _with_evidence(
    pairs: Sequence[tuple[Record, Record]], judged: Sequence[Judged], scored: Scored, kept: Sequence[int]
) -> Iterable[MatchProposal]:
    pushes = scored.pushes(np.array(kept, np.intp))
    for place, k in enumerate(kept):
        left, right = pairs[k]
        score, decision, route = judged[k]
        evidence = evidence_of(left, right, {name: float(values[place]) for name, values in pushes.items()})
        yield MatchProposal(left.key, right.key, round(score, 4), decision, tuple(evidence), route)
