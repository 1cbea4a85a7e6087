"""Citing: what is cited of an article as it was archived, in the forms that people and their tools read."""
