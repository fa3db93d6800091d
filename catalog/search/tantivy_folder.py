"""One tantivy index in a folder: its schema, its one writer, its readers.

Promise: one writer at a time over all processes (a file lock); a writer is thrown away after every batch and after any
error, because one that failed goes on succeeding while it indexes nothing; a reader sees another process's commit at
its next question. Not here: which folder is live (`embedded`), clauses (`tantivy_clauses`).
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog
import tantivy
from tantivy import Document
from tantivy import Query as Clause

from backoffice import compact
from catalog.search.port import WriteReport
from catalog.search.schema import FIELDS, SCHEMA_VERSION, ProductDocument, indexed, stored

WRITER_BYTES = 20_000_000
VERSION_FILE = "comptoir-version"
LOCK_FILE = "comptoir-writer.lock"

log = structlog.get_logger(__name__)


def library_version() -> str:
    """Return what an index on disk depends on: our schema and the library that wrote it."""
    return f"schema {SCHEMA_VERSION}, {tantivy.tantivy.__version__}"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("version", fast=True)
    builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
    for name, (kind, fast) in FIELDS.items():
        if kind == "number":
            builder.add_integer_field(name, indexed=True, fast=True)
        elif kind == "keyword":
            builder.add_text_field(name, fast=fast, tokenizer_name="raw", index_option="basic")
        else:
            option = "position" if kind == "tokens" else "basic"
            builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    return builder.build()


def numbers(searcher: tantivy.Searcher, field: str, addresses: list[tantivy.DocAddress]) -> list[int]:
    """Return a whole number that every document has, of these documents."""
    return [int(value or 0) for value in searcher.fast_field_values(field, addresses)]


class Folder:
    """One index on disk: written by whoever holds its lock, read by anybody."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.schema = _schema()
        path.mkdir(parents=True, exist_ok=True)
        version = path / VERSION_FILE
        if not version.exists():
            version.write_text(library_version(), encoding="utf-8")
        self._index = tantivy.Index(self.schema, path=str(path))
        self._index.config_reader("manual")
        self._seen: int | None = None
        self._opening = threading.Lock()

    def commit_seen(self) -> int:
        """Return a number that changes with every commit of any process."""
        return (self.path / "meta.json").stat().st_mtime_ns

    def searcher(self) -> tantivy.Searcher:
        """Return a searcher over the last commit, whichever process made it."""
        with self._opening:
            seen = self.commit_seen()
            if seen != self._seen:
                self._index.reload()
                self._seen = seen
            return self._index.searcher()

    @contextmanager
    def writing(self) -> Iterator[tantivy.IndexWriter]:
        """Hold the folder's lock and give a fresh writer; committed at the end, thrown away on any error.

        What is committed is found at once. Small segments are then made into larger ones beside the caller's work; the
        lock is let go of after that, so that the next writer, whichever process it is in, waits for it.
        """
        with ExitStack() as held:
            lock = held.enter_context((self.path / LOCK_FILE).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
            writer = self._index.writer(WRITER_BYTES, 1)
            try:
                yield writer
                writer.commit()
                merging = [writer]
            finally:
                del writer
            threading.Thread(target=_merge, args=(merging, held.pop_all()), name="search-merge").start()

    def write(self, documents: Sequence[ProductDocument]) -> WriteReport:
        """Write what is newer than the index; a document that cannot be made is reported, the others are written."""
        errors: dict[int, str] = {}
        written = 0
        with self.writing() as writer:
            known = self.known_versions([document.id for document in documents])
            for document in documents:
                if known.get(document.id, -1) > document.version:
                    continue
                try:
                    made = _document(document, self.schema)
                except (ValueError, TypeError, OverflowError) as error:
                    errors[document.id] = str(error)
                    continue
                if document.id in known:
                    writer.delete_documents_by_term("id", document.id)
                writer.add_document(made)
                known[document.id] = document.version
                written += 1
        return WriteReport(written, len(documents) - written - len(errors), errors)

    def known_versions(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the indexed version of those of the ids that are indexed."""
        searcher = self.searcher()
        if not ids or not searcher.num_docs:
            return {}
        found = searcher.search(Clause.term_set_query(self.schema, "id", list(ids)), limit=len(ids), count=False)
        addresses = [address for _, address in found.hits]
        return dict(zip(numbers(searcher, "id", addresses), numbers(searcher, "version", addresses), strict=True))

    def remove(self, ids: Sequence[int]) -> None:
        """Take documents out."""
        with self.writing() as writer:
            for number in ids:
                writer.delete_documents_by_term("id", number)


def _merge(merging: list[tantivy.IndexWriter], held: ExitStack) -> None:
    """Wait until the library's threads have merged what the last commit made mergeable, then let the lock go."""
    with held:
        try:
            merging.pop().wait_merging_threads()
        except (OSError, ValueError) as error:
            # What was committed stays as it is; the next commit's merges take it along.
            log.warning("search segments not merged", error=str(error))


def _document(document: ProductDocument, schema: tantivy.Schema) -> Document:
    """Return the library's document. Without the schema `from_dict` makes unsigned numbers, which are then dropped."""
    fields = indexed(document)
    for name, (kind, _) in FIELDS.items():
        if kind in ("tokens", "marks"):
            fields[name] = " ".join(fields[name])
    kept = compact.text_of(stored(document))
    made = {name: value for name, value in fields.items() if value != []}
    return Document.from_dict({"id": document.id, "version": document.version, "stored": kept, **made}, schema)
