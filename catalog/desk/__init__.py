"""The desks beside the single decision: who has a sheet in hand, decisions on many, how right the machine and people are.

    queue ─► leases: a sheet in an editor's hands is skipped by the others' queues
          ─► reasons: what each waiting sheet waits for ─► groups ─► bulk: one decision on all of a group, taken back whole
          ─► opinions: a colleague's word on a sheet, both decisions kept
    accepted by the machine ─► sampling: one at random, an editor's verdict, the precision with its interval
    possible duplicates ─► worth: which pair's decision is worth most, how many are left to find
    a vendor's past ─► trust: which doubts its sheets skip, which share of its sound ones a person sees
    an editor's own acts ─► pace: shown to that editor alone

Promise: every decision of a group is the single decision (`catalog.review`) sheet by sheet, checked against the version
that was seen; nothing here lets a blocked sheet through. Not here: the decisions themselves, the desks' own pages.
"""
