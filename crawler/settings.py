"""Scrapy settings; each that differs from Scrapy's default says why on its line."""

import os

BOT_NAME = "campuswarc"
CAMPUSWARC_HOME = os.environ.get("CAMPUSWARC_HOME", ".")  # the archive folder
SPIDER_LOADER_CLASS = "crawler.spider_loader.SiteLoader"  # each site of the archive folder is a spider

ASYNCIO_EVENT_LOOP = "uvloop.Loop"  # 0.85x the CPU of the default loop
SCHEDULER = "crawler.scheduler.FrontierScheduler"  # the durable frontier is the database
DOWNLOAD_HANDLERS = {
    "http": "crawler.download.RecordingHandler",  # what is handed on was recorded first
    "https": "crawler.download.RecordingHandler",
    "file": None,  # pages must not reach the operator's files
    "ftp": None,
    "s3": None,
    "data": None,
}
ITEM_PIPELINES = {"crawler.pipelines.IntakePipeline": 100}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.RobotsMiddleware": 100,
    "crawler.middlewares.PolitenessMiddleware": 900,
    # what these do is done by the handler, the frontier or our own politeness; each left in costs CPU on every page
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,  # no request comes from a spider
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # errors are captures too
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # it looks for mistakes in spiders that make requests
}
EXTENSIONS = {
    "crawler.extensions.RunExtension": 0,
    "scrapy.extensions.telnet.TelnetConsole": None,  # no door into an unattended crawl
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.corestats.CoreStats": None,  # what is counted for every page is counted in rows
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.logstats.LogStats": None,  # our own progress says more
}
REMOTE_CONTROL_ENABLED = False  # it runs code sent over HTTP and is on by default
TELNETCONSOLE_ENABLED = False
CONCURRENT_ITEMS = 1  # Scrapy starts this many tasks for every response, which has one finding: 100 are a third of a plain crawl's CPU
CONCURRENT_REQUESTS = 0  # no limit: the scheduler's window and the gates of the hosts are
CONCURRENT_REQUESTS_PER_DOMAIN = 1000  # the gate lets one in at a time
DOWNLOAD_DELAY = 0  # the gate waits
ROBOTSTXT_OBEY = False  # our own middleware does, with RFC 9309's rules for errors
COOKIES_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it parses our one spider's source on every crawl
STATS_DUMP = False
LOG_LEVEL = "WARNING"  # cron mails what is printed
LOG_FORMATTER = "crawler.extensions.QuietFormatter"
