"""The order of tests: what takes long is begun first, so that no worker is left with it when the others have ended."""

from __future__ import annotations

import pytest

LONG = (
    "crawler/shards/test_crawl.py", "crawler/engine/test_crawl_drawn.py", "crawler/engine/test_quiet_runs.py",
    "crawler/history/test_merge.py", "crawler/history/test_rebuild.py", "crawler/adding/test_kept_back.py",
    "crawler/adding/test_add_drawn.py", "crawler/history/test_rebuild_whole.py", "crawler/engine/test_disk_full.py",
    "crawler/engine/test_crawl_interrupted.py", "crawler/workers/test_slow_sites.py",
    "crawler/history/test_merge_hostile.py", "crawler/history/test_ingest.py", "hostile/test_hostile.py",
    "crawler/test_watches.py", "crawler/engine/test_crawl_mischief.py", "crawler/test_plans.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules of LONG first, in its order; a module's tests stay as they are."""
    rank = {f"tests/{name}": number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(LONG)))
