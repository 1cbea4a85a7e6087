"""What we keep: WARC files, the SQLite store, search, exports, replay. Knows nothing of scrapy, bs4 or click."""
