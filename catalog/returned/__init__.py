"""A vendor's file given back with its errors: one writer a format, each keeping what else the file holds.

    errors by line + the file as sent ─► lines (CSV) · workbook (XLSX) · opendocument (ODS) · json (JSON, JSON Lines) · xml

Promise: the records, their order and everything beside them stay; the three columns of errors are added after the
vendor's own and replaced where they are there already; files stream, so that a large one needs no more memory than a
small one. Not here: which errors there are (`catalog.reports`), choosing the writer (`catalog.vendor_report`).
"""
