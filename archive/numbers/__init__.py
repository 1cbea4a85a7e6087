"""Numbers that can be published: shares instead of bare counts, with what each is a share of."""
