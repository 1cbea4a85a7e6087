"""Imports point one way: crawler -> spiders -> archive.article, crawler -> archive."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# what a layer may not import; exceptions by module are listed below with their reason
FORBIDDEN = {
    "archive": {"scrapy", "bs4", "click", "rich", "spiders", "crawler"},
    "spiders": {"warcio", "fastwarc", "sqlite_utils", "sqlite3", "click", "rich", "crawler", "scrapy"},
}
ALLOWED = {
    ("spiders/news_spider.py", "scrapy"),  # the one scrapy.Spider
}
OF_ARCHIVE = {"archive.address", "archive.article", "archive.coding", "archive.instants"}  # all that spiders/ may see of archive/
MODULES = [path for layer in FORBIDDEN for path in sorted((ROOT / layer).rglob("*.py"))]


def imports(path: Path) -> set[str]:
    """Dotted names a module imports, relative ones resolved."""
    found: set[str] = set()
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            prefix = ".".join(parts[: len(parts) - node.level + 1]) + "." if node.level else ""
            module = f"{prefix}{node.module or ''}".strip(".")
            found |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_layer_keeps_to_its_side(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    layer = name.split("/")[0]
    wrong = {
        top
        for top in {dotted.split(".")[0] for dotted in imports(path)} & FORBIDDEN[layer]
        if (name, top) not in ALLOWED
    }
    assert not wrong, f"{name} imports {wrong}"
    if layer == "spiders":
        seen = {dotted for dotted in imports(path) if dotted.startswith("archive.")}
        outside = {d for d in seen if not any(d == ok or d.startswith(ok + ".") for ok in OF_ARCHIVE)}
        assert not outside, f"{name} imports {outside}"
