"""Readers for pages whose maker is not known: they judge by what any reader of the page sees."""
