"""Scrapy wiring and the command line."""

from importlib import import_module


def __getattr__(name: str) -> str:
    """`__version__`, looked up when it is asked for: processes that read pages need none."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    metadata = import_module("importlib.metadata")
    try:
        return str(metadata.version("campuswarc"))
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "0.0.0+checkout"
