"""Listings found on sites nobody described, and proven by their pages."""
