"""The archive in a browser: a Datasette plugin with pages, feeds, an API and replay over HTTP. Reads only."""
