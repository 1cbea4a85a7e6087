"""Rows from what lies in WARC files: rebuild, ingest, recovery after a crash, reading again."""
