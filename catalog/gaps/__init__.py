"""Missing keywords across all sheets: weighed by what customers search, decided one by one or many at once.

    sheets with open suggestions ─ weighing ─► open gaps by volume ─► deciding: taken · refused · made a synonym ─► undone
                                   trademarks: what may be added to which sheet, and why

Promise: a trademark is never added by itself; what contradicts a sheet is never added; every decision can be taken back
while nobody decided otherwise since. Not here: finding the gaps of one sheet (`catalog.keywords`), counting searches
(`catalog.demand`).
"""
