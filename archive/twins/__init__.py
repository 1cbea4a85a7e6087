"""Twins: a Chinese story and the English one that tells the same event, found by what both pages hold."""
