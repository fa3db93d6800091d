"""Vendors' files fetched from where the vendors keep them, instead of sent.

    schedule ─► due ─► fetched through the guard (`backoffice.egress`) ─► unchanged: noted, nothing imported
                                                                     └─► changed: the same import as of a file sent
             a failure waits longer each time; after some in a row the feed stops and tells the vendor and its manager

Promise: a feed's report is an import's report; its credential goes to the server it was given for and is never shown
again; what is fetched twice is imported once. Not here: what an import does (`catalog.pipeline`), the mapping of
columns, which is the vendor's own (`catalog.uploads`).
"""
