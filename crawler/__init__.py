"""Scrapy wiring and the command line."""

__version__ = "1.0.0"  # of the distribution, which pyproject.toml reads here


def user_agent(contact: str) -> str:
    """Who we are and whom to write to."""
    return f"campuswarc/{__version__} (news archive; +{contact})"
