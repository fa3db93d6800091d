"""Rules of harmonization switched off and on again, per category and vendor, and what became of their changes.

    a person picks a rule and a scope ─► effect: a sample of sheets made with and without it, before anything is kept
        ─► switching: the switch kept with author and reason ─► remaking: the sheets of the scope made again in turns
    an editor accepts a sheet or takes a change back ─► record: how often each rule was right, with its interval

Promise: a switch is never changed, only lifted, so that its history stays; sheets that come in while others are still
being made again follow the new switches already; what editors decided stays. Not here: the rules (`harmonization`), and
how a switched-off rule is passed over (`Context.disabled`, `catalog.assembly`).
"""
