"""Saved searches that tell: what is new, was changed or deleted and meets a query, told once."""
