"""Scrapy wiring and the command line."""

__version__ = "0.1.0"  # of the distribution, which pyproject.toml reads here
