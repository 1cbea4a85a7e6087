"""Articles and captures as files for others: one module a format, and what goes with every one of them."""
