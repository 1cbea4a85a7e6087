"""Finding articles: the query language, the full-text index, passages and suggestions."""
