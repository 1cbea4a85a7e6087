"""Versions of a story: played through, and two of their pages beside each other."""

from __future__ import annotations

import re

from archive.identity import identifier
from tests.archive.web.conftest import Client
from tests.archive.web.sample import ADMISSION


def test_versions_are_played_through_and_end_at_the_current_one(client: Client) -> None:
    place = f"/article/{identifier(ADMISSION)}"
    page = client.get(place).text
    [first] = re.findall(rf'href="({place}/\d{{14}}\?play=1)"', page)
    seen, here = [], first
    while here:
        answer = client.once("GET", here)
        seen.append(here)
        seconds, _, here = answer.headers.get("refresh", "").partition("; url=")
        assert ("Stop here" in answer.text) == bool(here) and seconds in ("5", "")
    assert len(seen) == 3 and len(set(seen)) == 3
    assert "refresh" not in client.once("GET", place).headers


def test_two_versions_stand_beside_each_other_as_they_were(client: Client) -> None:
    page = client.get(f"/article/{identifier(ADMISSION)}?from=1&to=3").text
    frames = re.findall(r'<iframe src="(/replay/\d{14}mp_/[^"]+)"', page)
    assert len(frames) == 2 and all(client.get(frame).text for frame in frames) and frames[0] != frames[1]
    assert "<iframe" not in client.get(f"/article/{identifier(ADMISSION)}?from=2&to=2").text
