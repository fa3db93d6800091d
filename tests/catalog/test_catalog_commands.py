"""`flask catalog …` as scripts use it: the shapes that stand in the README, and the exit statuses 0, 1 and 2."""

from __future__ import annotations

import csv
import errno
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from backoffice.extensions import db
from catalog.models import Category, Import, ImportStatus, Listing
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from tests.factories.catalog import SHEET, csv_of, import_rows, selling_vendor

FEEDS = Path(__file__).parents[2] / ".." / "shared" / "data" / "feeds"
IMPORT_KEYS = [
    "import", "status", "lines_read", "lines_in_success", "lines_in_error", "lines_with_warning", "unchanged", "seconds",
]  # fmt: skip


def _run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["catalog", *map(str, args)])


def _last(result: Result) -> Any:
    """Return the JSON on the last line of standard output, which must be the only one that is JSON or not."""
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good line, one to look at, and one with a wrong barcode."""
    rows = [
        SHEET,
        {
            **SHEET,
            "sku": "CAF-2",
            "titre": "THEIERE EN FONTE ROUGE !!!",
            "description": "Théière.",
            "marque": "AUCUNE",
            "stock": "x",
        },
        {**SHEET, "sku": "CAF-3", "ean": "3661234567891"},
    ]
    path = tmp_path / "sheets.csv"
    path.write_bytes(csv_of(rows))
    return path


def test_inspect_says_what_the_file_is_and_what_its_columns_mean(app: Flask, file: Path) -> None:
    result = _run(app, "inspect", file)
    assert result.exit_code == 0
    said = _last(result)
    assert list(said) == ["format", "encoding", "delimiter", "records", "columns"]
    assert (said["format"], said["encoding"], said["delimiter"], said["records"]) == ("csv", "utf-8", ";", 3)
    assert [list(column) for column in said["columns"]] == [["header", "attribute", "confidence", "reason"]] * 8
    assert {column["header"]: column["attribute"] for column in said["columns"]}["titre"] == "title"


def test_harmonize_prints_one_line_a_sheet_in_the_published_shape(app: Flask, file: Path) -> None:
    result = _run(app, "harmonize", file)
    assert result.exit_code == 1  # one line has a blocking fault
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["row"] for line in lines] == [2, 3, 4]
    keys = ["row", "mapped", "sheet", "changes", "issues", "keywords", "category", "completeness", "quality"]
    for line in lines:
        assert list(line) == keys
        for part, shape in (
            ("changes", {"attribute", "before", "after", "rule", "confidence", "source"}),
            ("issues", {"code", "severity", "attribute", "value", "message"}),
            ("keywords", {"kind", "term", "evidence"}),
            ("category", {"id", "path", "score"}),
        ):
            assert all(set(entry) == shape for entry in line[part]), part
    second = lines[1]
    assert second["mapped"]["brand"] == "AUCUNE"
    assert second["sheet"]["brand"] is None
    assert second["sheet"]["price"] == {"amount": 8990, "currency": "EUR"}
    assert set(lines[0]["sheet"]["capacity"]) == {"value", "unit", "raw"}
    assert "invalid_gtin" in [issue["code"] for issue in lines[2]["issues"]]


def test_harmonize_tells_an_empty_id_and_keeps_a_sheet_on_one_line(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("sku;titre;prix\nA-1;Théière en\u2028fonte;19,90\n;Bol en grès;4,90\n", "utf-8")
    first, second = (json.loads(line) for line in _run(app, "harmonize", file).stdout.splitlines())
    assert first["mapped"]["title"] == "Théière en\u2028fonte"
    missing = [(one["code"], one["attribute"]) for one in second["issues"] if one["code"] == "1000"]
    assert missing == [("1000", "id")]
    assert "1000" not in [one["code"] for one in first["issues"]]


def test_harmonize_tells_a_line_with_too_many_or_too_few_fields(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "fields.csv"
    lines = [f"A-{number};Théière en fonte émaillée;19,90" for number in range(1, 7)]
    file.write_text("\n".join(["sku;titre;prix", *lines, "A-7;Bol;4,90;6;9", "A-8;Tasse"]), "utf-8")
    told = [json.loads(line) for line in _run(app, "harmonize", file).stdout.splitlines()]
    wrong = {line["row"]: issue for line in told for issue in line["issues"] if issue["code"] == "1002"}
    assert {row: issue["message"] for row, issue in wrong.items()} == {
        8: "La ligne compte 5 champs au lieu de 3.",
        9: "La ligne compte 2 champs au lieu de 3.",
    }


def test_harmonize_needs_no_database_and_writes_where_it_is_told(
    app: Flask, tmp_path: Path, queries: list[str]
) -> None:
    file, output = tmp_path / "good.csv", tmp_path / "out.jsonl"
    file.write_bytes(csv_of([SHEET]))
    result = _run(app, "harmonize", file, "--locale", "en", "--output", output)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith("1 sheets, 0 of them with an error\n")
    assert json.loads(output.read_text("utf-8"))["row"] == 2
    assert queries == []


def test_a_reader_of_the_lines_who_has_enough_is_no_fault_of_the_file(
    app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_args: object, **_more: object) -> str:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("catalog.commands.harmonize_line", closed)
    result = _run(app, "harmonize", file)
    assert result.exit_code == 1
    assert "Broken pipe" not in result.stderr


def test_import_answers_with_its_figures_on_the_last_line(app: Flask, file: Path) -> None:
    vendor = selling_vendor()
    result = _run(app, "import", file, "--vendor", vendor.code, "--wait")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    said = _last(result)
    assert list(said) == IMPORT_KEYS
    assert (said["status"], said["lines_read"], said["lines_in_success"], said["lines_in_error"]) == ("done", 3, 2, 1)
    again = _last(_run(app, "import", file, "--vendor", vendor.code, "--wait"))
    assert again["lines_read"] == 3
    assert again["unchanged"] >= 2


def test_a_faultless_import_ends_with_status_0(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "good.csv"
    file.write_bytes(csv_of([SHEET]))
    result = _run(app, "import", file, "--vendor", selling_vendor().code, "--wait", "--empty-cells", "clear")
    assert result.exit_code == 0
    assert _last(result)["lines_in_error"] == 0


def test_without_wait_the_import_is_only_begun(app: Flask, file: Path) -> None:
    result = _run(app, "import", file, "--vendor", selling_vendor().code)
    assert (result.exit_code, _last(result)["status"]) == (0, "reading")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 0


def test_a_file_without_a_title_waits_for_a_person_s_mapping(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "letter.csv"
    file.write_text("Bonjour,\nVoici le fichier promis.\nCordialement\n" * 5)
    result = _run(app, "import", file, "--vendor", selling_vendor().code, "--wait")
    run = db.session.scalars(sa.select(Import)).one()
    assert (result.exit_code, result.stdout, run.status) == (2, "", ImportStatus.UPLOADED)
    assert f"the page /imports/{run.id}." in result.stderr


def test_a_full_replacement_that_would_withdraw_much_asks_first(app: Flask, tmp_path: Path) -> None:
    vendor, file = selling_vendor(), tmp_path / "less.csv"
    import_rows(vendor, *({"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(10)))
    file.write_bytes(csv_of([{**SHEET, "sku": "S1", "titre": "Théière en fonte n° 1"}]))
    result = _run(app, "import", file, "--vendor", vendor.code, "--wait", "--full-replacement")
    assert (result.exit_code, _last(result)["status"]) == (1, "awaiting_confirmation")


def test_the_report_is_the_vendor_s_file_with_the_errors_beside(app: Flask, file: Path, tmp_path: Path) -> None:
    vendor, output = selling_vendor(), tmp_path / "report.csv"
    number = _last(_run(app, "import", file, "--vendor", vendor.code, "--wait"))["import"]
    result = _run(app, "report", number, "--output", output, "--only-errors", "--locale", "en")
    assert result.exit_code == 1
    (row,) = csv.DictReader(output.read_text("utf-8-sig").splitlines(), delimiter=";")
    assert (row["sku"], row["error-line"], row["error-code"]) == ("CAF-3", "4", "invalid_gtin")
    assert "3661234567891" in row["error-message"]
    whole = tmp_path / "whole.csv"
    _run(app, "report", number, "--output", whole)
    assert len(whole.read_text("utf-8-sig").splitlines()) == 4


def test_a_taxonomy_is_loaded_in_both_forms(app: Flask, tmp_path: Path) -> None:
    google, plain = tmp_path / "google.txt", tmp_path / "own.csv"
    google.write_text("# Google_Product_Taxonomy_Version: 1\n1 - Maison\n2 - Maison > Lampes\n", "utf-8")
    result = _run(app, "taxonomy", "load", google, "--locale", "fr")
    assert (result.exit_code, _last(result)) == (0, {"read": 2, "categories": 2})
    plain.write_text("id,parent,label_fr,label_en\n2,1,Lampes,Lamps\n1,,Maison,Home\n", "utf-8")
    assert _last(_run(app, "taxonomy", "load", plain)) == {"read": 2, "categories": 2}
    labels = {row.code: (row.label_fr, row.label_en) for row in db.session.scalars(sa.select(Category))}
    assert labels == {"1": ("Maison", "Home"), "2": ("Lampes", "Lamps")}


def test_search_answers_with_hits(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    result = _run(app, "search", "cafetière Nespresso", "--limit", "5")
    assert result.exit_code == 0
    said = _last(result)
    assert list(said) == ["total", "engine", "hits"]
    assert (said["total"], said["engine"]) == (1, "embedded")
    assert [list(hit) for hit in said["hits"]] == [["product", "title", "brand", "score"]]
    assert _last(_run(app, "search", "trombone"))["hits"] == []


def test_the_index_is_checked_and_rebuilt(app: Flask) -> None:
    import_rows(selling_vendor())
    even = _run(app, "index", "check")
    assert (even.exit_code, _last(even)) == (0, {"database": 1, "index": 1, "missing": 0, "stale": 0, "surplus": 0})
    sync.engine().delete([number for number, _ in sync.engine().versions()])
    behind = _run(app, "index", "check")
    assert (behind.exit_code, _last(behind)["missing"]) == (1, 1)
    rebuilt = _run(app, "index", "rebuild")
    assert (rebuilt.exit_code, _last(rebuilt)) == (0, {"documents": 1})
    assert _run(app, "index", "check").exit_code == 0


def test_training_says_what_it_lacks(app: Flask, tmp_path: Path) -> None:
    categories = _run(app, "train-categories")
    assert (categories.exit_code, _last(categories)["live"]) == (1, False)
    assert "fewer than" in _last(categories)["reason"]
    matcher = _run(app, "train-matcher", "--output", tmp_path / "matcher")
    assert matcher.exit_code == 1
    assert _last(matcher) == {"live": False, "pairs": 0, "reason": _last(matcher)["reason"]}
    assert not (tmp_path / "matcher").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("inspect", "no-such-file.csv"),
        ("harmonize", "no-such-file.csv"),
        ("import", "no-such-file.csv", "--vendor", "nobody"),
        ("import", "no-such-file.csv", "--vendor", "VENDOR"),
        ("import", "FILE", "--vendor", "nobody"),
        ("import", "IMAGE", "--vendor", "VENDOR"),
        ("inspect", "IMAGE"),
        ("harmonize", "IMAGE"),
        ("harmonize", "FILE", "--output", "/no/such/folder/out.jsonl"),
        ("report", "999", "--output", "out.csv"),
        ("report", "9" * 30, "--output", "out.csv"),
        ("taxonomy", "load", "no-such-file.txt"),
        ("taxonomy", "load", "IMAGE"),
        ("taxonomy", "load", "FILE"),
        ("search",),
        ("search", "x", "--limit", "0"),
        ("train-categories", "--folds", "1"),
        ("no-such-command",),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_status_2_and_one_sentence(
    app: Flask, file: Path, tmp_path: Path, args: tuple[str, ...]
) -> None:
    image = tmp_path / "image.csv"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    given = {"FILE": str(file), "IMAGE": str(image), "VENDOR": selling_vendor().code}
    result = _run(app, *(given.get(word, word) for word in args))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr


def test_an_engine_that_is_down_is_a_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: object, **_more: object) -> None:
        raise EngineUnavailable("refused")

    monkeypatch.setattr(type(sync.engine()), "search", down)
    result = _run(app, "search", "lampe")
    assert result.exit_code == 2
    assert result.stderr == "The search engine does not answer: refused.\n"


@pytest.mark.parametrize(
    "command", [(), ("taxonomy",), ("index",), ("inspect",), ("harmonize",), ("import",), ("report",)]
)
def test_every_command_has_help(app: Flask, command: tuple[str, ...]) -> None:
    result = _run(app, *command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the sample feeds are not here (../shared/data/feeds)")
def test_every_sample_feed_is_read_or_refused_with_a_sentence(app: Flask) -> None:
    for feed in sorted(FEEDS.iterdir()):
        result = _run(app, "inspect", feed)
        assert result.exit_code in (0, 2), feed.name
        assert result.stdout or result.stderr.strip(), feed.name
        if result.exit_code == 0:
            assert "title" in {column["attribute"] for column in _last(result)["columns"]}, feed.name
