"""Imports point one way: crawler -> spiders -> archive.article, crawler -> archive; and within each from the upper
rooms to the lower ones, never up and never in a circle."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# what a layer may not import; exceptions by module are listed below with their reason
FORBIDDEN = {
    "archive": {"scrapy", "bs4", "click", "rich", "spiders", "crawler"},
    "spiders": {"warcio", "fastwarc", "sqlite_utils", "sqlite3", "click", "rich", "crawler", "scrapy"},
}
ALLOWED = {
    ("spiders/news_spider.py", "scrapy")  # the one scrapy.Spider
}
OF_ARCHIVE = {
    "archive.article",
    "archive.instants",
    "archive.coding",
    "archive.location",
    "archive.address",
    "archive.code_pages",
    "archive.encoding",
    "archive.pictures",
    "archive.refreshes",
    "archive.patterns",
}  # all that spiders/ may see of archive/

# rooms from the ground up; what stands on one floor does not know its neighbours. A module that lies at the top of a
# layer is a room of its own, and has its name here
FLOORS = {
    "archive": [
        {"patterns", "packed_html"},
        {"sqlite"},
        {"code_pages"},
        {
            "article",
            "identity",
            "capture",
            "instants",
            "difference",
            "shadows",
            "guarded",
            "coding",
            "encoding",
            "pictures",
            "refreshes",
            "xml_text",
            "address",
            "rights",
        },
        {"warc", "citing"},
        {"search", "near"},
        {"store"},
        {"history", "doubts", "proof", "replay", "exports", "sharing"},
        {"changes", "numbers", "photos"},
        {"twins", "entities"},
        {"watches", "protocols"},
        {"web"},
    ],
    "crawler": [
        {"config", "exits", "archive_folder", "selection_options"},
        {"net", "workers"},
        {"intake", "adding"},
        {"history", "reporting"},
        {"engine", "shards"},
        {"commands"},
        {"cli"},
        {"__main__"},
    ],
    "spiders": [
        {"formulas", "blanks"},
        {"mending", "tables", "facts", "urls", "countries", "college_ids"},
        {"page", "site", "findings"},
        {"data_pages", "documents", "blocks", "marks", "garble", "refresh", "numbered", "drawn", "scanned"},
        {"place", "generic", "cursors"},
        {"paging", "rows", "normalise", "news_spider"},
        {"listed", "select_by_role"},
        {"families"},
        {"data_listing"},
        {"read", "catalogue", "discover"},
        {"reading"},
    ],
}
LAYERS = {layer: sorted((ROOT / layer).rglob("*.py")) for layer in FLOORS}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


KNOWN = {dotted(path) for paths in LAYERS.values() for path in paths}


def imports(path: Path) -> set[str]:
    """Dotted names a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & KNOWN) | ({str(node.module)} if names - KNOWN else set())
    return found


def room(module: str) -> tuple[str, str]:
    """Layer and room of a module of ours; a layer itself is a room without a name."""
    layer, _, rest = module.partition(".")
    return layer, rest.partition(".")[0]


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_a_layer_keeps_to_its_side(layer: str) -> None:
    wrong = []
    for path in LAYERS[layer]:
        name = path.relative_to(ROOT).as_posix()
        for module in imports(path):
            top = module.partition(".")[0]
            if top in FORBIDDEN[layer] and (name, top) not in ALLOWED:
                wrong.append(f"{name} imports {module}")
            if layer == "spiders" and top == "archive" and module not in OF_ARCHIVE:
                wrong.append(f"{name} imports {module}")
    assert not wrong


@pytest.mark.parametrize("layer", FLOORS)
def test_imports_lead_down(layer: str) -> None:
    floor = {name: level for level, names in enumerate(FLOORS[layer]) for name in names}
    assert {room(dotted(path))[1] for path in LAYERS[layer]} - {""} <= set(floor), "a room without a floor"
    wrong = []
    for path in LAYERS[layer]:
        here = room(dotted(path))
        for module in imports(path) & KNOWN:
            there = room(module)
            if there[0] == layer and there[1] and here[1] and there != here and floor[there[1]] >= floor[here[1]]:
                wrong.append(f"{dotted(path)} imports {module}")
    assert not wrong


@pytest.mark.parametrize("layer", FLOORS)
def test_no_module_imports_itself_by_way_of_others(layer: str) -> None:
    """Inside a room too. What is imported inside a function counts: the circle is there all the same."""
    graph = {dotted(path): sorted(imports(path) & KNOWN - {dotted(path)}) for path in LAYERS[layer]}
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for other in graph.get(module, ()):
                walk(other, (*way, module))
            done.add(module)

    for module in graph:
        walk(module, ())


def test_the_picture_of_rooms_names_each() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("```")[2].partition("```")[0]
    words = set(re.findall(r"[\w]+", picture))
    rooms = {room(dotted(path))[1] for paths in LAYERS.values() for path in paths}
    assert sorted(rooms - words - {"", "__main__"}) == []
