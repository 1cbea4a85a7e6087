"""Scrapy settings; each that differs from Scrapy's default says why on its line."""

import os

BOT_NAME = "campuswarc"
CAMPUSWARC_HOME = os.environ.get("CAMPUSWARC_HOME", ".")  # the archive folder
SPIDER_LOADER_CLASS = "crawler.engine.spider_loader.SiteLoader"  # each site of the archive folder is a spider

TWISTED_REACTOR_ENABLED = False  # all of ours is asyncio: 0.9x the CPU without a reactor around the loop
ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # 0.85x the CPU of the default loop
COMMANDS_MODULE = "crawler.engine.looking.commands"  # fetch, view, shell, parse leave the archive alone
SCHEDULER = "crawler.engine.scheduler.FrontierScheduler"  # the durable frontier is the database
DOWNLOADER = (
    "crawler.engine.downloader.Downloader"  # Scrapy's queues every request once more, for a delay that the gate keeps
)
DOWNLOAD_HANDLERS = {
    "http": "crawler.engine.download.RecordingHandler",  # what is handed on was recorded first
    "https": "crawler.engine.download.RecordingHandler",
    "file": None,  # pages must not reach the operator's files
    "ftp": None,
    "s3": None,
    "data": None,
}
ITEM_PIPELINES = {"crawler.engine.pipelines.IntakePipeline": 100}
# Scrapy's own components: what they do is done by the handler, the frontier, our politeness and our rows. Each left in
# costs CPU on every page, and Scrapy loads even those that are switched off one by one: hence no base to begin with.
# RemoteControl and TelnetConsole, on by default, would be doors into an unattended crawl
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.engine.middlewares.RobotsMiddleware": 100,
    "crawler.engine.middlewares.PolitenessMiddleware": 900,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE = {"scrapy.extensions.closespider.CloseSpider": 0}  # for who sets its limits in `scrapy crawl`
EXTENSIONS = {"crawler.engine.extensions.RunExtension": 0}
CONCURRENT_ITEMS = (
    1  # Scrapy starts this many tasks for every response, which has one finding: 100 are a third of a plain crawl's CPU
)
ROBOTSTXT_OBEY = False  # our own middleware does, with RFC 9309's rules for errors
COOKIES_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it parses our one spider's source on every crawl
STATS_DUMP = False
LOG_LEVEL = "WARNING"  # cron mails what is printed
LOG_FORMATTER = "crawler.engine.extensions.QuietFormatter"
