"""What was silently changed: stories edited, deleted, back again, moved; each with its words and its weight."""
