"""Search steered by editors: synonyms, boosts and pins, each tried on real queries before it holds.

    synonyms ─ chains: loops refused, chains followed ─┐
    rules: boosts and pins by query, with dates ───────┴─► active: what holds today ─► steers each query
    a change ─► previewing: first ten before and after ─► saved ─► snapshots ─► story: a query's life in weeks

Promise: nothing of it touches the index, so it holds at once and is taken back at once; both engines are asked the same
clauses; what a person saves is in the history with a name. Not here: ranking (`catalog.search.plan`), counting the
searches (`catalog.demand`).
"""
