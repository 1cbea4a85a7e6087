"""What we know about sites and pages: bytes in, facts out."""
