"""One archive and others: merged into each other."""
