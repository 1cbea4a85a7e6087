"""Processes that read pages, and the messages to them."""
