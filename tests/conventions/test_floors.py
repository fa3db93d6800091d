"""The house stays as it is drawn: imports point downward, the core is pure, settings are told in the README."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = [path for folder in ("backoffice", "catalog", "disputes") for path in (ROOT / folder).rglob("*.py")]
PRODUCT = [path for path in PRODUCT if "migrations" not in path.parts] + [ROOT / "app.py", ROOT / "config.py"]

# The functional core: values in, values out.
PURE = (
    "catalog/sheets.py",
    "catalog/issues.py",
    "catalog/folding.py",
    "catalog/text.py",
    "catalog/taxonomy.py",
    "catalog/requirements.py",
    "catalog/gates.py",
    "catalog/taxonomies/comparison.py",
    "catalog/attributes.py",
    "catalog/keywords.py",
    "catalog/gap_words.py",
    "catalog/systems.py",
    "catalog/quality.py",
    "catalog/duplicates.py",
    "catalog/harmonized_line.py",
    "catalog/assembly.py",
    "catalog/columns.py",
    "catalog/spill.py",
    "catalog/makers.py",
    "catalog/lifecycle.py",
    "catalog/candidates.py",
    "catalog/vendor_report.py",
    "catalog/returned",
    "catalog/switches/comparing.py",
    "catalog/switches/intervals.py",
    "catalog/intake",
    "catalog/mapping",
    "catalog/harmonization",
    "catalog/categories",
    "catalog/matching",
    "catalog/search/queries.py",
    "catalog/search/schema.py",
    "catalog/search/nodes.py",
    "catalog/search/plan.py",
    "catalog/variants.py",
    "catalog/desk/selection.py",
    "catalog/feeds/schedule.py",
    "catalog/feeds/lifecycle.py",
    "catalog/images/looking.py",
    "catalog/images/judging.py",
    "backoffice/egress",
    "disputes/lifecycle.py",
    "disputes/routing.py",
    "disputes/deadlines.py",
    "disputes/masking.py",
    "backoffice/money.py",
    "backoffice/orders/commissions.py",
    "backoffice/orders/lifecycle.py",
    "backoffice/orders/fields.py",
    "backoffice/orders/problems.py",
    "backoffice/orders/intake.py",
    "backoffice/clock.py",
)
NOT_IN_THE_CORE = {
    "flask",
    "flask_sqlalchemy",
    "flask_login",
    "flask_babel",
    "sqlalchemy",
    "elasticsearch",
    "tantivy",
    "dramatiq",
}

CAPABILITIES = ("accounts", "vendors", "orders", "dashboard", "api", "demo")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _floor(module: str) -> int:
    """Return the floor of a module: the higher, the more it may import."""
    parts = module.split(".")
    if parts[0] == "config":
        return 0
    if parts[0] == "backoffice":
        return 2 if len(parts) > 1 and parts[1] in CAPABILITIES else 1
    return {"catalog": 3, "disputes": 3, "app": 4}.get(parts[0], -1)


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_imports_point_downward_only(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    # The shell of commands stands beside the foundations and speaks of the capabilities.
    if own == "backoffice.commands":
        return
    upward = [name for name in _imports(path) if _floor(name) > _floor(own) and not _only_for_types(path, name)]
    assert upward == []


def _only_for_types(path: Path, name: str) -> bool:
    """Names needed for annotations alone are imported under TYPE_CHECKING."""
    text = path.read_text("utf-8")
    block = text.partition("if TYPE_CHECKING:")[2]
    return bool(re.search(rf"^ +from {re.escape(name.rpartition('.')[0] or name)}", block, re.M)) or bool(
        re.search(rf"^ +from {re.escape(name)} import", block, re.M)
    )


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_the_two_engines_never_import_each_other(path: Path) -> None:
    other = {"catalog": "disputes", "disputes": "catalog"}.get(path.relative_to(ROOT).parts[0])
    assert [name for name in _imports(path) if name.split(".")[0] == other] == []


def _core() -> list[Path]:
    found = []
    for name in PURE:
        place = ROOT / name
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return found


@pytest.mark.parametrize("path", _core(), ids=_name)
def test_the_core_imports_neither_web_nor_database_nor_search_client(path: Path) -> None:
    assert {name.split(".")[0] for name in _imports(path)} & NOT_IN_THE_CORE == set()


def test_only_the_settings_module_reads_the_environment() -> None:
    reads = re.compile(r"os\.(environ|getenv)")
    readers = [_name(path) for path in PRODUCT if reads.search(path.read_text("utf-8")) and path.name != "config.py"]
    assert readers == ["app.py"], "app.py hands the environment to config.py; nobody else looks at it"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_stands_in_the_readme_with_its_sentence(setting: object) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"`{setting.name}`" in readme  # type: ignore[attr-defined]


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils.py", "helpers.py", "services.py", "manager.py", "common.py", "misc.py"}
    assert [_name(path) for path in PRODUCT if path.name in empty] == []


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_nothing_is_left_unfinished(path: Path) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", path.read_text("utf-8"))
