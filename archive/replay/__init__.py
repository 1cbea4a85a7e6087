"""Pages as they were: from the WARC records alone, rewritten to stay inside the archive, never running anything."""
