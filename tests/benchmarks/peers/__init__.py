"""The programs that campuswarc is measured beside."""
