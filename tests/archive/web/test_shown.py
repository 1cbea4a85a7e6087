"""How facts are shown to a reader."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from archive.web.shown import brief


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_an_address_is_shown_as_its_site_writes_it(codec: str) -> None:
    assert brief(f"https://x.edu.cn/{quote('新闻'.encode(codec))}/{quote('校庆 通知'.encode(codec))}.htm") == (
        "x.edu.cn/新闻/校庆 通知.htm"
    )


@pytest.mark.parametrize("escaped", ["%00", "%0A", "%E2%80%AE", "%81%8D", "%"])
def test_what_is_no_text_for_the_eye_stays_escaped(escaped: str) -> None:
    assert brief(f"https://x.edu/a{escaped}b") == f"x.edu/a{escaped}b"
