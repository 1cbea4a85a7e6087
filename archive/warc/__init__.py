"""WARC/1.1 files: written, read, recovered, verified, indexed. They are the archive; all else can be made from them."""
