"""From an address to a proven entry of sites.toml."""
