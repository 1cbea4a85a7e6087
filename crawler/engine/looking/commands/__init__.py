"""Each of Scrapy's commands that looks at a page, set apart from the archive."""
