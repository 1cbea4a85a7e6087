"""One module a page: `show(db, visit)` gives the answer to a request; it reads, it never writes."""
