"""Search: from the words of a customer to products, over either of two engines.

    change → mark → index          sync          the database is the truth, the index follows it
    document → texts → tokens      wording       read once, or ahead in the process that made the sheet
    document → fields              schema        one table of fields
    text → words → ladder          queries, vocabulary, plan     pure; the same clauses for both engines
    clauses → hits                 engine over embedded (tantivy) or elastic (Elasticsearch)
    hits → a page                  highlighting, suggestions, facets

Promise: the same answer from both engines; a product with every word as typed comes first, one with a misspelling
mended after it, one that lacks a word last and only where nothing has them all; every hit can say why it is there.
Not here: the pages (`catalog.views`), what is demanded and not found (`catalog.keywords`).

Ranking is asked of the engines as constants and one BM25 term, never of their analyzers or their fuzziness. Ranking the
first hundred again in Python was tried on paper and left: it costs ten times the search, and scores are equal without.
"""
