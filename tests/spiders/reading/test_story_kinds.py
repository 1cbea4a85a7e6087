"""Kinds of pages on which what stands beside the story was taken for it, or a part of it was left out."""

from __future__ import annotations

import pytest

from spiders.read import UNKNOWN, read_article, read_raw
from tests.spiders.reading.test_body import ALL, HEAD, ONE, TEASER, THREE, TWO, body, page, story

OTHERS = [f"{n}. {TEASER} It was told by the {n}th reporter of the paper, who had it from a friend." for n in range(5)]
BOXES = "".join(f"<div class=box><h3><a href=/{n}>Other {n}</a></h3><p>{one}</p></div>" for n, one in enumerate(OTHERS))
UNLINKED = BOXES.replace("<a href=", "<i class=").replace("</a>", "</i>")


@pytest.mark.parametrize(
    "beside",
    [
        f"<aside class=x>{UNLINKED}</aside>",
        f"<div class=side>{UNLINKED}</div>",
        f"<div class='right-sidebar'>{UNLINKED}</div>",
        f"<div class=related-news>{UNLINKED}</div>",
    ],
)
def test_what_stands_beside_goes_however_long_it_is(beside: str) -> None:
    assert body(f"<div class=x><h1>{HEAD}</h1>{story(ONE, TWO, THREE)}</div>{beside}") == ALL


def test_an_aside_goes_from_beside_a_notice() -> None:
    shown = f"<h3>{HEAD} of the College</h3>{story(ONE)}"
    assert body(f"<section><article>{shown}</article><aside>{UNLINKED}</aside></section>") == ONE


@pytest.mark.parametrize(
    "word", ["widget", "accordion-item", "tab-pane", "subscriber-only", "collapse hidden", "teaser"]
)
def test_parts_of_one_make_are_the_layout_of_the_story(word: str) -> None:
    parts = "".join(f"<div class='{word}' id=part-{n}>{story(one)}</div>" for n, one in enumerate((ONE, TWO, THREE)))
    assert body(f"<article><h1>{HEAD}</h1><div class=entry>{parts}</div></article>") == ALL


def test_parts_that_wait_behind_a_wall_are_the_story() -> None:
    waiting = "".join(f"<div class=premium style='display: none'>{story(one)}</div>" for one in (TWO, THREE))
    assert body(f"<article><h1>{HEAD}</h1><div class=text>{story(ONE)}{waiting}</div></article>") == ALL


def test_an_article_in_the_headlines_own_is_its_story() -> None:
    outer = (
        f"<article><h1>{HEAD}</h1><p class=lead></p><article class=text>{story(ONE, TWO, THREE)}</article></article>"
    )
    assert body(f"<main>{outer}<article>{story(*OTHERS[:2])}</article></main>") == ALL


@pytest.mark.parametrize(
    "kicker", ["<div>News</div>{}", "<span class=k>Campus</span> {}", "<small>Part 2</small><br>{}"]
)
def test_a_kicker_in_the_heading_hides_no_headline(kicker: str) -> None:
    head = f"<title>{HEAD} - Example College</title>"
    shown = f"<div><h1>{kicker.format(HEAD)}</h1></div><div class=meat>{story(ONE, TWO, THREE)}</div>"
    assert body(f"<div class=news>{shown}</div><div class=boxes>{UNLINKED}</div>", head).startswith(ONE)


def test_the_heading_of_the_comments_is_no_headline() -> None:
    comments = f"<div id=respond><h2>Three thoughts on <span>{HEAD}</span></h2>{story(*OTHERS)}</div>"
    head = f'<title>{HEAD}</title><meta property="og:title" content="{HEAD}">'
    assert body(f"<h1>{HEAD}</h1><div class=text>{story(ONE, TWO, THREE)}</div>{comments}", head) == ALL


@pytest.mark.parametrize(
    "make", ["<section class=s{n}>{}</section>", "<div class=row><div class=col{n}>{}</div></div>"]
)
def test_sections_each_in_a_wrapper_of_its_own_are_one_story(make: str) -> None:
    parts = [
        make.format(f"<h2>Part {n}</h2><div class=c{n}>{story(one)}</div>", n=n) for n, one in enumerate((ONE, TWO))
    ]
    items = "".join(f"<li>{one}</li>" for one in OTHERS)
    parts.append(make.format(f"<h2>Sources</h2><ul>{items}</ul>", n=3))
    found = body(f"<main><h1>{HEAD}</h1>{''.join(parts)}</main>")
    assert all(one in found for one in (ONE, TWO, *OTHERS))


def test_a_story_printed_twice_is_read_once() -> None:
    twice = f"<div class=wide>{story(ONE, TWO, THREE)}</div><div class=narrow>{story(ONE, TWO, THREE)}</div>"
    assert body(f"<h1>{HEAD}</h1><div>{twice}</div>") == ALL
    again = story(ONE, TWO, "Lunch.", ONE, THREE)  # what is said again within a story stays
    assert body(f"<h1>{HEAD}</h1><div>{again}</div>").count(ONE) == 2


@pytest.mark.parametrize(
    "end",
    [
        "【免责声明】本文仅代表作者本人观点，与本网无关。",
        "声明：转载此文是出于传递更多信息之目的。",
        "Disclaimer: the text is its author's.",
    ],
)
def test_a_disclaimer_behind_the_story_is_none_of_it(end: str) -> None:
    assert (
        body(f"<h1>{HEAD}</h1><div>{story(ONE, TWO, THREE)}<div class=st>{end}{end if '文' in end else ''}</div></div>")
        == ALL
    )


@pytest.mark.parametrize("shown", [f"{HEAD} in Autumn", "Trustees Approve a Plan for the Library"])
def test_the_heading_shown_is_the_headline_where_it_shares_half_its_words(shown: str) -> None:
    assert read_raw(page(f"<h1>{shown}</h1><div>{story(ONE, TWO, THREE)}</div>"), UNKNOWN).title == shown
    shared = f'<title>{HEAD}</title><meta property="og:title" content="{HEAD}">'
    other = page(f"<h1>Welcome to the pages of our paper</h1><div>{story(ONE, TWO, THREE)}</div>", shared)
    assert read_raw(other, UNKNOWN).title == HEAD


LINK = "<a href=/other>{}</a>"


@pytest.mark.parametrize(
    "among",
    [
        "<p>Lees ook: " + LINK.format("Vissers vinden een anker") + "</p>",
        "<p><b>Baca juga:</b> " + LINK.format("Kapal baru untuk nelayan") + "</p>",
        "<h3>相关阅读</h3><ul><li>"
        + LINK.format("渔民发现沉船")
        + "</li><li>"
        + LINK.format("新船下水")
        + "</li></ul>",
        "<div class=x><div>You may like</div><ul><li>"
        + LINK.format("Fishermen find an old anchor")
        + "<i>2 hours ago Ann Lee</i></li></ul></div>",
    ],
)
def test_what_leads_to_other_stories_goes_from_among_the_paragraphs(among: str) -> None:
    assert body(f"<h1>{HEAD}</h1><div>{story(ONE)}{among}{story(TWO, THREE)}</div>") == ALL


def test_a_sentence_that_is_a_link_stays_and_a_linked_headline_goes() -> None:
    linked = f"<p>{LINK.format(f'<b>{TWO}</b>')}</p>"
    headline = (
        f"<p>{LINK.format('Fishermen of the northern coast find an anchor that is older than the town itself')}</p>"
    )
    assert body(f"<h1>{HEAD}</h1><div>{story(ONE)}{linked}{headline}{story(THREE)}</div>") == ALL


def test_a_sentence_about_related_things_stays() -> None:
    said = "Related work on the northern coast began in May, and its results are on show in the hall of the museum."
    assert said in body(f"<h1>{HEAD}</h1><div>{story(ONE, said, TWO, THREE)}</div>")


ALL_OF_IT = story(ONE, TWO, THREE)
CONSENT = "We and our partners store cookies on your device to measure our audience and to show you what you may like. "


def test_a_request_for_consent_is_no_story_however_short_the_story_is() -> None:
    banner = f"<div class=cookie-choices-info><div><span>{CONSENT * 4}</span></div></div>"
    assert body(f"{banner}<div class=post><h3>{HEAD}</h3><div class=entry>{ONE}</div></div>") == ONE


def test_comments_longer_than_a_short_story_are_none_of_it() -> None:
    said = f"<div class=comments><dl><dt>Ann</dt><dd><p>{TWO}</p></dd><dt>Bob</dt><dd><p>{THREE}</p></dd></dl></div>"
    assert body(f"<div class=post><h3>{HEAD}</h3><div class=entry>{ONE}</div>{said}</div>") == ONE


@pytest.mark.parametrize(
    "tag", ["div class=pullquote", "blockquote", "aside class=pull-quote", "figure class=x-pullquote"]
)
def test_a_pull_quote_repeats_and_a_quotation_does_not(tag: str) -> None:
    pulled = f"<{tag}><p>{TWO[:60]}</p><cite>Ann Lee</cite></{tag.split()[0]}>"
    assert body(f"<h1>{HEAD}</h1><div>{story(ONE)}{pulled}{story(TWO, THREE)}</div>") == ALL
    own = pulled.replace(TWO[:60], "I have waited for this library all my life.")
    assert ("I have waited" in body(f"<h1>{HEAD}</h1><div>{story(ONE)}{own}{story(TWO, THREE)}</div>")) is (
        not tag.startswith("aside")
    )


def test_numbers_of_footnotes_are_no_words() -> None:
    noted = ONE.replace(", officials", "<sup><a href='#n1'>1</a></sup>, officials")
    assert ONE in body(f"<h1>{HEAD}</h1><div>{story(noted, TWO, 'The room has 12 m<sup>2</sup>.')}</div>")


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("<div class=hero><img src=/lib.jpg width=900></div>", ["lib.jpg"]),
        (
            "<figure><amp-img src=/lib.jpg width=900><noscript><img src=/lib.jpg></noscript></amp-img></figure>",
            ["lib.jpg"],
        ),
        ("<article class=media><img src=/lib.jpg><div>The library.</div></article>", ["lib.jpg"]),
        ("<div class=author><img src=/ann.jpg></div>", []),
        ("<div><a href=/other><img src=/other.jpg></a></div>", []),
        ("<img src=/sign.png width=40>", []),
    ],
)
def test_pictures_between_headline_and_text_are_the_storys(shown: str, found: list[str]) -> None:
    inner = f"<main><div><article><h1>{HEAD}</h1>{shown}</article></div><div class=text>{ALL_OF_IT}</div></main>"
    article = read_article(page(inner), UNKNOWN)
    assert article.body == ALL
    assert [image.url.rpartition("/")[2] for image in article.images] == found


def test_documents_beside_the_story_are_its_own_where_their_place_says_so() -> None:
    files = "<div class=mptattach><ul><li><a href=/f.pdf>Plan.pdf</a></li></ul></div><div><a href=/m.pdf>Map</a></div>"
    inner = (
        f"<div><section><div><h2>{HEAD}</h2><div class=text>{story(ONE, TWO, THREE)}</div></div></section>{files}</div>"
    )
    article = read_article(page(f"<main><div>{inner}</div></main>"), UNKNOWN)
    assert [one.filename for one in article.attachments] == ["Plan.pdf"]


@pytest.mark.parametrize(
    "shown",
    [
        f"<span class=haberbaslik>{HEAD}</span><br>",
        f"<span id=lblTitle>{HEAD}</span><br>",
        f"<center><font size=5><b>{HEAD}</b></font></center>",
        f"<p style='font-size: 24px'>{HEAD}</p><p style='font-size:18px'>The plan of the trustees for May</p>",
    ],
)
def test_a_headline_that_only_its_name_or_size_tells(shown: str) -> None:
    inner = f"<table><tr><td><a href=/>Home</a><td>{shown}{'<br><br>'.join((ONE, TWO, THREE))}</table>"
    article = read_article(page(inner, "<title>Example College - News Detail</title>"), UNKNOWN)
    assert (article.title, article.body.endswith(THREE)) == (HEAD, True)
