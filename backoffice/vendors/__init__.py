"""Vendors: how one applies, shows who it is, is vetted, approved, and later suspended or let go.

    prospect or application → invitation → checklist (requirements, each with checks and evidence) → review → approved

Reading order: `models`, `requirements` (the checklist as a table), `checks` (pure: what a number says about itself),
`vetting` (results and judgements), `lifecycle` (the state table and its verbs), `views`. Promise: nothing of a vendor
is sold before `lifecycle.can_sell`. Not here: what a vendor sells (`catalog`) and what went wrong with it (`disputes`).
"""
