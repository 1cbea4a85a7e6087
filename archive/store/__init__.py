"""The tables of news.db as collections, its schema, lock and transactions."""
