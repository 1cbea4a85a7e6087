"""Headers of an answer as Scrapy components find them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from scrapy.http import Headers

from crawler.engine.download import _by_name

_LATIN = st.text(st.characters(max_codepoint=255), max_size=12)


@given(st.lists(st.tuples(_LATIN, _LATIN), max_size=8))
@example([("SET-COOKIE", "a=1"), ("Set-Cookie", "b=2"), ("x-\xff", "1"), ("\xb5", "2"), ("\xdf", "3"), ("", "4")])
def test_headers_are_those_that_scrapy_would_make(pairs: list[tuple[str, str]]) -> None:
    theirs = Headers()
    for name, value in pairs:
        theirs.appendlist(name.encode("latin-1"), value.encode("latin-1"))
    ours = _by_name(pairs)
    assert ours == theirs
    for name, _ in pairs:
        assert ours.getlist(name.encode("latin-1")) == theirs.getlist(name.encode("latin-1"))
