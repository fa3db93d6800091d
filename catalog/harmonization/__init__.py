"""Harmonization: a mapped sheet in the vendor's words → a harmonized sheet, every change explained.

    MappedSheet → Draft → rules of text (encoding, markup, emoji, contact, sales phrases, spaces) and fillers
                        → readers (barcode, price, measure, colour, … typed, or reported as unreadable)
                        → brand, title (completed, recased, said once) → attributes noted from the texts
                        → checks (missing, contradicting, wrong language) → HarmonizedSheet

Promise: pure (no database, no clock, no network), nothing altered without a `Change` that can be undone, nothing
guessed where a lexicon or the sheet itself gives no evidence (`tests.benchmarks.harmonization` says how fast).
To add a rule: write it in the module of its family with `@rule(…)`, and one golden pair in `catalog/data/golden`.
Not here: which column is which attribute (mapping), completeness and scores (quality), keyword gaps (keywords).

Rules run in the order in which their modules are imported below.
"""

# isort: off
from catalog.harmonization import text_defects, contact, boilerplate, placeholders, truncation
from catalog.harmonization import prices, links, value_lists, brands, titles, identifiers
from catalog.harmonization import measures, dimensions, colours, materials, sizes, people, compatibility
from catalog.harmonization import listed, checks

# isort: on
from catalog.harmonization.context import BrandLexicon, Context, learn_boilerplate, learn_brands
from catalog.harmonization.listed import own_values
from catalog.harmonization.registry import RULES, Rule, harmonize, rule, rules_of, undo

FAMILIES = (
    text_defects, contact, boilerplate, placeholders, truncation, prices, links, value_lists, brands, titles,
    identifiers, measures, dimensions, colours, materials, sizes, people, compatibility, listed,
    checks,
)  # fmt: skip

__all__ = [
    "FAMILIES",
    "RULES",
    "BrandLexicon",
    "Context",
    "Rule",
    "harmonize",
    "learn_boilerplate",
    "learn_brands",
    "own_values",
    "rule",
    "rules_of",
    "undo",
]
