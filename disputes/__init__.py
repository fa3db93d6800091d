"""Disputes: the marketplace as mediator between a vendor and a buyer.

    opened on order lines → routed by rules → messages and offers under deadlines → agreed or decided
    → executed within what was paid → resolved → appeal window → closed → measured

Promise: every move goes through one table (`lifecycle`), is audited with its reason, and loses against a colleague who
was faster instead of overwriting him; whoever may not read a message never receives it from the database.
Not here: moving money (the ledger's work) and the article's sheet (told through signals).

Read in this order: `vocabulary`, `lifecycle`, `routing`, `deadlines`, `masking`, `settlement`, `figures` (pure),
`models`, `access`, `moves`, `opening`, `threads`, `offers`, `resolution`, `timers`, `reporting`, then the views.
"""
