"""An import taken back: every listing that it made, changed or withdrew is again what it was before.

    run ─► traces (what it did to each listing, and what the listing said before where that differs)
    take back ─► job, 200 traces a turn ─► made: deleted, or withdrawn where something stands on it
                                        ─► changed: the earlier words made again, editors' decisions kept
                                        ─► withdrawn: shown again
                                        ─► changed since by an editor or another file: left, and told why

Promise: each listing once, whatever is killed; what editors decided is never lost; the newest import can be taken back,
then the one before it. Traces are kept `traces.KEPT_FOR` and for the last `traces.KEPT_RUNS` imports of a vendor. Not
here: what a file taught of the vendor (its brands, the lines it repeats), which stays learned.
"""
