"""Scrapy as it comes, for commands that look at a page: no frontier, no recording, no session of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings, default_settings

from crawler import config, user_agent
from crawler.archive_folder import ArchiveFolder

# what ours say of these is for crawls: each opens the archive, or waits for rows of its frontier
_OF_CRAWLS = (
    "ASYNCIO_EVENT_LOOP",
    "DOWNLOADER",
    "DOWNLOADER_MIDDLEWARES",
    "DOWNLOADER_MIDDLEWARES_BASE",
    "DOWNLOAD_HANDLERS",
    "EXTENSIONS",
    "EXTENSIONS_BASE",
    "ITEM_PIPELINES",
    "LOG_FORMATTER",
    "SCHEDULER",
    "SPIDER_MIDDLEWARES_BASE",
    "TWISTED_REACTOR_ENABLED",
)


def set_apart(settings: BaseSettings) -> None:
    """Scrapy's own settings instead of ours, with our name for the servers and robots.txt obeyed."""
    theirs: dict[str, Any] = {name: getattr(default_settings, name) for name in _OF_CRAWLS}
    path = ArchiveFolder(Path(settings.get("CAMPUSWARC_HOME", "."))).config
    contact = config.load(path).operator.contact if path.exists() else ""
    theirs["USER_AGENT"] = user_agent(contact) if contact else default_settings.USER_AGENT
    theirs["ROBOTSTXT_OBEY"] = True
    theirs["SPIDER_LOADER_CLASS"] = "crawler.engine.looking.sites.SitesToLookAt"
    for name, value in theirs.items():
        if settings.getpriority(name) != _CMDLINE:  # what a person set by -s holds
            settings.set(name, value, priority="cmdline")


_CMDLINE = 40  # scrapy.settings.SETTINGS_PRIORITIES
