"""ZIM (openzim.org): the stories with their pictures in one file, read and searched in Kiwix without a network."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from libzim.writer import Creator, Hint, IndexData, Item, StringProvider

from archive.exports.facts import LICENCE
from archive.exports.record_formats import Content
from archive.exports.stories import pictures, stories

ORIGINALS = True
_LANGUAGES = {"zh": "zho", "en": "eng", "fr": "fra", "de": "deu", "es": "spa", "ja": "jpn", "ko": "kor", "ru": "rus"}
_TITLE, _NEWEST = "College news 高校新闻", 200  # stories that the first page lists
_CSS = files("archive.exports") / "static" / "reading.css"


class _Entry(Item):  # type: ignore[misc]
    def __init__(self, path: str, title: str, mime: str, data: str | bytes, *, front: bool) -> None:
        super().__init__()
        self._path, self._title, self._mime, self._data, self._front = path, title, mime, data, front

    def get_path(self) -> str:
        return self._path

    def get_title(self) -> str:
        return self._title

    def get_mimetype(self) -> str:
        return self._mime

    def get_contentprovider(self) -> StringProvider:
        return StringProvider(self._data)

    def get_hints(self) -> dict[Hint, bool]:
        return {Hint.FRONT_ARTICLE: self._front}


class _Nothing(IndexData):  # type: ignore[misc]
    def has_indexdata(self) -> bool:
        return False


class _List(_Entry):
    """A page that is not searched: a list of headlines is no story. Of a story libzim reads the page itself."""

    def get_indexdata(self) -> IndexData:
        return _Nothing()


def write(path: Path, content: Content) -> None:
    """A new ZIM file with an index of titles and of full text, in which Chinese words of two characters are found."""
    facts = content.facts
    languages = [_LANGUAGES[code] for code in facts.languages if code in _LANGUAGES] or ["eng"]
    with Creator(path).config_indexing(True, languages[0]) as zim:
        zim.set_mainpath("index")
        held: dict[str, str] = {}
        for picture in pictures(content.captures, content.selection, content.on_record):
            if picture.name not in held.values():
                zim.add_item(_Entry(f"media/{picture.name}", "", picture.mime, picture.data, front=False))
            held[picture.url] = picture.name
        listed: list[tuple[str, str]] = []
        for story in stories(content.selection, held=held, up="../"):
            place, title = f"story/{story.cited.id}", _plain(story.cited.title)
            zim.add_item(_Entry(place, title, "text/html", _plain(story.page), front=True))
            if len(listed) < _NEWEST:
                listed.append((place, title))
        zim.add_item(_Entry("style.css", "", "text/css", _CSS.read_text(encoding="utf-8"), front=False))
        zim.add_item(_List("index", _TITLE, "text/html", _index(listed), front=False))
        told: dict[str, Any] = {
            "Title": _TITLE,
            "Name": "campuswarc",
            "Description": facts.subject()[:80],
            "Creator": ", ".join(site["name"] or site["id"] for site in facts.sites)[:500] or "campuswarc",
            "Publisher": next((one["operator"] for one in facts.collected if one.get("operator")), "campuswarc"),
            "Date": facts.last_seen[:10],
            "Language": ",".join(languages),
            "License": LICENCE,
            "Scraper": facts.software,
        }
        for name, value in told.items():
            zim.add_metadata(name, _plain(value))


def _index(listed: list[tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="{place}">{escape(title)}</a></li>' for place, title in listed)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{_TITLE}</title><link rel="stylesheet"'
        f' href="style.css"></head><body><main><h1>{_TITLE}</h1><ol>{items}</ol></main></body></html>'
    )


def _plain(text: str) -> str:
    """Without lone surrogates, which UTF-8 cannot spell."""
    return text.encode("utf-8", "replace").decode()
