"""The proof of an archive: verified, cross-checked, compared, repaired."""
