"""The crawl itself: Scrapy's parts, one session from the first request to the exit status."""
