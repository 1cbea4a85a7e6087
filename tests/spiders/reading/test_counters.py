"""What counts visits is no picture of a page, and is not asked for beside one."""

import pytest
from lxml.html import fromstring

from spiders.generic.media import counts


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/_visitcount?siteId=1&type=3">',
        '<img src="/x.gif" width="1" height="1">',
        '<img src="/x.gif" width=0>',
        '<img src="/a?b=1" style="display: none">',
        '<img src="/api/hitCount.do?id=9">',
        '<img src="https://s.example.com/pixel.gif?u=1">',
    ],
)
def test_counters(image: str) -> None:
    assert counts(fromstring(image))


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/uploads/photo.jpg">',
        '<img src="/uploads/photo.jpg" width="100%" height="auto">',
        '<img src="/country/discount.png" style="display:block">',
        '<img src="/pixel-art-show.jpg" width="600">',
    ],
)
def test_pictures(image: str) -> None:
    assert not counts(fromstring(image))
