"""`scrapy fetch`, `view`, `shell`, `parse`: for a person who looks at a page. Nothing of it goes into the archive."""
