"""File → rows: whatever a vendor sends becomes a table of text cells, or one clear sentence says why not.

    bytes → out of zip or gzip → kind and encoding → delimiter, sheet or record element → header → rows, in a stream
    content                      detection, encodings   dialects, spreadsheet, xml, json   headers, grid   tables

Promises: no setting is needed and every finding can be overridden; rows stream in bounded memory and can be read
again; one bad row never stops a file; what was repaired is noted; a file from outside is parsed in a child process.
Not here: what a column means (`catalog.mapping`), what a value should be (`catalog.harmonization`).
"""

from catalog.intake.child import safe_open_table
from catalog.intake.limits import DEFAULT, Limits
from catalog.intake.opening import open_table
from catalog.intake.preview import Preview, inspect, preview_of
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Note, Overrides, Table

__all__ = [
    "DEFAULT",
    "Limits",
    "Note",
    "Overrides",
    "Preview",
    "Table",
    "UnreadableFile",
    "inspect",
    "open_table",
    "preview_of",
    "safe_open_table",
]
