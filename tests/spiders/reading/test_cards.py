"""Cards of other stories inside what holds the story, and the lists of links that are its own."""

from __future__ import annotations

import pytest

from tests.spiders.reading.test_body import ALL, HEAD, ONE, THREE, TWO, body, story

SUMMARIES = (
    "The varsity eight crossed the line two lengths ahead of its rivals, in the fastest time of the whole spring.",
    "Forty singers visited six towns in nine days and gave concerts in churches, in schools and in a lighthouse.",
)
LINKED = "<div class=t><a href=/{n}>Other story {n}</a></div><time>5 May</time><p class=s>{words}</p>"
ROW = "20.05.2023 <a href=/{n}><b>Other story {n}</b></a><br>{words}"
HEADED = "<a href=/{n}><h4>Other story {n}</h4></a><p>{words}</p>"


def cards(kind: str, tag: str = "li", name: str = "item") -> str:
    return "".join(
        f"<{tag} class='{name}'>{kind.format(n=n, words=words)}</{tag}>" for n, words in enumerate(SUMMARIES)
    )


@pytest.mark.parametrize("kind", [LINKED, HEADED, ROW])
@pytest.mark.parametrize("holder", ["<div class=list><h3>Latest</h3><ul>{}</ul></div>", "<section>{}</section>"])
def test_cards_after_the_story_are_none_of_it(kind: str, holder: str) -> None:
    """In boxes of the same make as its own paragraphs', as builders of pages have it."""
    parts = "".join(f"<div class=component><div>{story(one)}</div></div>" for one in (ONE, TWO, THREE))
    inside = (
        f"<div class=component><div>{holder.format(cards(kind, 'div' if 'section' in holder else 'li'))}</div></div>"
    )
    assert body(f"<div id=content><h1>{HEAD}</h1>{parts}{inside}</div>") == ALL


def test_a_story_made_of_cards_keeps_them() -> None:
    """A letter with news of the week is more of them than of its own words."""
    inside = f"<div class=week>{cards(HEADED, 'div')}</div>"
    found = body(f"<div class=text><h1>{HEAD}</h1>{story(ONE)}{inside}</div>")
    assert all(words in found for words in (ONE, *SUMMARIES))


@pytest.mark.parametrize("lead", ["<h2>The days</h2>", "<p>The days on which the halls will be open are these:</p>"])
def test_a_list_of_short_links_among_its_paragraphs_is_the_storys(lead: str) -> None:
    entries = "<ul><li><a href=/b>Biology, 4 March</a></li><li><a href=/c>Chemistry, 6 March</a></li></ul>"
    found = body(f"<article><h1>{HEAD}</h1>{story(ONE, TWO)}{lead}{entries}{story(THREE)}</article>")
    assert "- Biology, 4 March\n- Chemistry, 6 March" in found


@pytest.mark.parametrize("lead", ["<h2>Related</h2>", "<p>Read more:</p>", "<h2>See also</h2>"])
def test_a_list_of_other_stories_among_its_paragraphs_is_not(lead: str) -> None:
    entries = "<ul><li><a href=/b>Rowers win regatta</a></li><li><a href=/c>Choir tours</a></li></ul>"
    found = body(f"<article><h1>{HEAD}</h1>{story(ONE, TWO)}{lead}{entries}{story(THREE)}</article>")
    assert "Rowers" not in found


@pytest.mark.parametrize("name", ["teaser-text", "teasertext", "teaser-lead"])
def test_the_first_paragraph_set_apart_is_the_storys_whatever_it_is_called(name: str) -> None:
    lead = f"<div class='{name}'>{story(ONE)}</div>"
    assert body(f"<div class=news><h1>{HEAD}</h1>{lead}<div class=text>{story(TWO, THREE)}</div></div>") == ALL


def test_a_summary_cut_from_the_first_paragraph_is_not_said_twice() -> None:
    summary = f"<div class=intro>{ONE[:70]}…</div>"
    assert body(f"<div class=news><h1>{HEAD}</h1>{summary}<div class=text>{story(ONE, TWO, THREE)}</div></div>") == ALL


def test_lines_of_a_korean_board_are_facts() -> None:
    told = "<section><h2>페이지 정보</h2><div>작성자 홍보팀 <b>조회</b> 1,204회 작성일 23-04-05 10:21</div></section>"
    board = f"<article><header><h2>{HEAD}</h2></header>{told}<section>{story(ONE, TWO, THREE)}</section></article>"
    assert body(board) == ALL
