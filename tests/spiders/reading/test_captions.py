"""Words beside a picture are the picture's, and no part of the story."""

from __future__ import annotations

import pytest

from spiders.read import UNKNOWN, read_article
from tests.spiders.reading.test_body import HEAD, ONE, THREE, TWO, page, story

PICTURE = "<img src=/boat.jpg>"
CENTRED = "style='text-align: center'"
CAPTION = "The boat at its berth"


@pytest.mark.parametrize(
    ("shown", "caption"),
    [
        (f"<p>{PICTURE}</p><p>图为下水仪式现场。</p>", "图为下水仪式现场。"),
        (f"<div>{PICTURE}</div><p>{CAPTION} (Foto: Ann Lee)</p>", f"{CAPTION} (Foto: Ann Lee)"),
        (f"<p>{PICTURE}</p><p>Photo: Ann Lee</p>", "Photo: Ann Lee"),
        (f"<p {CENTRED}>{PICTURE}</p><p {CENTRED}>{CAPTION}</p>", CAPTION),
        (f"<div>{PICTURE}<span class=image-text>{CAPTION}</span></div>", CAPTION),
        (f"<div><a href=/big.jpg>{PICTURE}</a></div><div class=bildtext>{CAPTION}</div>", CAPTION),
        (f"<figure>{PICTURE}<figcaption>{CAPTION}</figcaption></figure>", CAPTION),
    ],
)
def test_a_caption_is_kept_with_its_picture_and_not_in_the_text(shown: str, caption: str) -> None:
    article = read_article(page(f"<h1>{HEAD}</h1><div>{story(ONE)}{shown}{story(TWO, THREE)}</div>"), UNKNOWN)
    assert article.body == "\n\n".join((ONE, TWO, THREE))
    assert [(image.url.rpartition("/")[2], image.caption) for image in article.images] == [("boat.jpg", caption)]


@pytest.mark.parametrize(
    "shown",
    [
        f"<p>{PICTURE}</p><p>{CAPTION}</p>",  # nothing says that it is one
        f"<p {CENTRED}>{PICTURE}</p><p {CENTRED}><b>{CAPTION}</b></p>",  # a heading
        f"<p {CENTRED}>{PICTURE}</p><p {CENTRED}>{CAPTION}.</p>",  # a sentence
        f"<p {CENTRED}>{PICTURE}</p><p>It rained.</p><p {CENTRED}>{CAPTION}</p>",  # not beside it
    ],
)
def test_what_only_stands_near_a_picture_is_text(shown: str) -> None:
    article = read_article(page(f"<h1>{HEAD}</h1><div>{story(ONE)}{shown}{story(TWO, THREE)}</div>"), UNKNOWN)
    assert CAPTION in article.body
