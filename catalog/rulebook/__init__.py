"""A vendor's mapping as the marketplace keeps it: versions, what all vendors decided, suggestions, replay.

    columns + rules ─► version 1, 2, … (never changed; each with author, reason, date)
                    ─► decisions (header, category word, value → what it became), counted over all vendors
    a file's words  ─► suggestions: what other vendors decided, what a list holds, what the words speak of
    an earlier file ─► the same file again under the newest version: counted first, run when a person says so

Promise: nothing of a mapping is ever lost: a later version stands beside the earlier one, and two people who save at
once are told. A vendor sees how many others decided alike, never who. Not here: the rules themselves
(`catalog.mapping`), the run (`catalog.pipeline`).
"""
