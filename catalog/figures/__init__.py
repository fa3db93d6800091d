"""How good the sheets are and how they get better: by vendor, category and day, and what each vendor learns of it.

    sheets ─► counting: a night's rows by vendor and category ─► course: figures, curves and tables of the pages
           ─► arrivals: of the sheets of each week, the share accepted at first ─► comparison: the marketplace's median
           ─► lessons: a vendor's recurring faults, each with an example of its own ─► faulty: their lines as a file
    orders and searches ─► mending: the sheets whose mending customers would meet most

Promise: pages read rows counted beforehand, so that they cost the same at a million sheets as at a thousand; a vendor
sees its own figures and the median of at least three, never another's name. Not here: the checks themselves
(`catalog.quality`), one sheet's score (`catalog.set_aside`).
"""
