"""Orders to withhold and releases, as their records hold them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archive.store.withheld import DEPTHS, Depth, Order, Release

MADE: dict[str, Any] = {
    "asked": "https://news.example.edu/1", "kind": "url", "names": ("https://news.example.edu/1",), "depth": "blocked",
    "reason": "asked for by 张三", "by": "editor", "since": "2026-11-01T08:00:00Z", "sites": ("s",),
}  # fmt: skip


@pytest.mark.parametrize("depth", DEPTHS)
def test_an_order_is_read_from_its_record(depth: Depth) -> None:
    order = Order(**MADE | {"depth": depth})
    assert Order.of(order.payload()) == order


@pytest.mark.parametrize(
    "spoilt", [{"depth": "hidden"}, {"kind": "page"}, {"depth": "hidden", "kind": "page"}, {"more": 1}, {"names": 3}]
)
def test_another_record_is_no_order(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not an order"):
        Order.of(json.dumps(MADE | spoilt).encode())


@pytest.mark.parametrize("payload", [b"[]", b"3", b"{}", b"not json"])
def test_what_is_no_record_of_ours_is_refused(payload: bytes) -> None:
    for kind in (Order, Release):
        with pytest.raises(ValueError):
            kind.of(payload)


def test_a_release_is_read_from_its_record() -> None:
    release = Release(asked="s", reason="over", by="editor", at="2026-11-02T08:00:00Z", names=("a", "b"))
    assert Release.of(release.payload()) == release
