"""Fetching: connections, framing, TLS, what may be connected to, robots.txt, politeness."""
