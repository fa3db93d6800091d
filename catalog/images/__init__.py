"""The pictures of product sheets: looked at once for all sheets that name them, and kept small for our own pages.

    import over ─► noted: sheet ─ picture (one row an address) ─► due ─► fetched through the guard, looked at, kept small
                                                             ─► told: issues of the sheet, its quality, the import's lines
    again a month later, sooner where a server failed

Promise: an import never waits for a picture; no address is fetched twice in a turn; no server is asked more than two
things at once; one that fails is left in peace. A picture that nobody looked at is no fault. Switched by `CHECK_IMAGES`.
Not here: whether an address is well written (`catalog.harmonization`), which picture a storefront shows.
"""
