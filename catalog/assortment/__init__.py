"""What is sold, what is not, and what goes out: the marketplace's assortment as its staff and its partners see it.

    orders, offers, searches ─► reports: best-sellers · never sold · nobody has it · odd prices · disputed · asked in vain
    published products ─► published ─► merchant: Google Merchant XML, CSV, JSON Lines, in French and English
    a sheet and a date ─► schedule ─► withdrawn or shown again when the date comes

Promise: figures come from what was ordered and asked, never from a guess; exports are streamed. Not here: one sheet's
states (`catalog.lifecycle`), what customers search (`catalog.demand`).
"""
