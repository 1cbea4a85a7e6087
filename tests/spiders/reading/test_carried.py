"""Stories that stand in a page's scripts alone."""

from __future__ import annotations

import json

import pytest

from spiders.read import extract

TITLE = "Library of Fenwick opens its observatory"
FIRST = 'The library of Fenwick opened its observatory on Monday, and "everybody" was there to see the first star.'
PARAGRAPHS = [
    FIRST,
    *(f"Sentence {n} tells what the observatory of the library is for and who pays for it." for n in range(6)),
]
HTML = "".join(f'<p class="x">{one}</p>' for one in PARAGRAPHS)
STORY = {"title": TITLE, "body": HTML}
NEXT = json.dumps({"props": {"pageProps": {"a": STORY}}})
BLOCKS = json.dumps({"blocks": [{"type": "paragraph", "text": one} for one in PARAGRAPHS]})
RICH = json.dumps({"content": [{"type": "p", "content": [{"text": one}]} for one in PARAGRAPHS]})
NUXT = f"(function(a,b){{return {{data:[{{title:a,body:b}}]}}}}({json.dumps(TITLE)},{json.dumps(HTML)}))"


def page(script: str) -> bytes:
    return (
        f"<html><head><title>{TITLE}</title><meta property='og:title' content='{TITLE}'></head>"
        f"<body><div id=app></div>{script}</body></html>"
    ).encode()


def flight(text: str) -> str:
    """React's stream: a row of text that is cut into two scripts."""
    row = f"24:T{len(text.encode()):x},"
    parts = ['0:["$","html"]\n' + row, text[:200], text[200:] + '25:["$","div"]\n']
    return "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>".replace("</p>", "\\u003c/p>") for part in parts
    )


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{NEXT}</script>',
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'news': STORY})};</script>",
        f"<script>window.__STATE__ = JSON.parse({json.dumps(json.dumps({'news': STORY}))});</script>",
        f"<script>window.__NUXT__={NUXT};</script>",
        f"<script>var state = {BLOCKS}</script>",
        f"<script>var state = {RICH}</script>",
        flight(HTML),
    ],
    ids=["next_data", "initial_state", "parsed", "nuxt", "blocks", "rich_text", "flight"],
)
def test_a_story_that_a_script_carries(script: str) -> None:
    found = extract(page(script), "https://news.fenwick.example.edu/a/1")
    assert found["text"].split("\n\n") == PARAGRAPHS
    assert 0 < found["confidence"] < 0.9


@pytest.mark.parametrize(
    "said",
    [
        "We use cookies to make our pages better. You may refuse them whenever you like to. " * 8,
        "function () { return 1; } " * 40,
    ],
)
def test_other_long_strings_are_no_story(said: str) -> None:
    script = f"<script>var texts = {json.dumps({'notice': said})};</script>"
    assert said[:30] not in extract(page(script), "https://news.fenwick.example.edu/a/1")["text"]


def test_what_the_page_shows_goes_before_what_it_carries() -> None:
    shown = "".join(f"<p>{one.replace('Sentence', 'Shown')}</p>" for one in PARAGRAPHS)
    found = extract(
        page(f"<main><h1>{TITLE}</h1>{shown}</main><script>var s = {json.dumps(STORY)}</script>"),
        "https://news.fenwick.example.edu/a/1",
    )
    assert "Shown 1" in found["text"]
