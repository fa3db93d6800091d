"""The catalogue: from a vendor's file to a product that a customer finds.

    vendor file → rows → mapped sheet → harmonized sheet → matched product → reviewed → published → indexed → found
      intake      mapping      harmonization      matching        review     publishing    search
                        every arrow leaves evidence: what changed, by which rule, from which source cell

Promise: every line of a file is accounted for; nothing is changed without a reason that can be read and undone; a
person is asked only where there is doubt; the database is the truth and the index follows it. Not here: vendors and
their vetting (`backoffice.vendors`), disputes (they speak to us through `backoffice.events`).

Read in this order: `sheets`, `intake`, `mapping`, `harmonization`, `keywords`, `quality`, `categories`, `assembly` (all
of these pure), then `models`, `pipeline`, `lifecycle`, `publishing`, `review`, `judgements`, `search`, `views`.
"""
