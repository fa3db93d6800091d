"""Which category a sheet belongs to: three best with a score that means what it says.

    labelled sheets → features → networks + memory → evidence → ranker = Suggester      (training, model)
    a new sheet     → features → scores + nearest sheets + names → evidence → three best  (model)
    no labels yet   → words of the sheet among the names of the categories                (names)

Promise: pure; learns in minutes on a laptop; a stored model holds no code. Not here: the tree (`catalog.taxonomy`),
the editors' desk, and when a new model replaces the old.
"""

from catalog.categories.calibration import CoveragePoint, coverage_at, coverage_curve
from catalog.categories.conflict import category_conflict, category_unknown, names_conflict
from catalog.categories.model import LearnedCategories, UnreadableModel
from catalog.categories.names import NameSuggester
from catalog.categories.suggester import NothingToSave, Suggester
from catalog.categories.training import TooFewSheets, train

__all__ = [
    "CoveragePoint",
    "LearnedCategories",
    "NameSuggester",
    "NothingToSave",
    "Suggester",
    "TooFewSheets",
    "UnreadableModel",
    "category_conflict",
    "category_unknown",
    "coverage_at",
    "coverage_curve",
    "names_conflict",
    "train",
]
