"""`python -m crawler` is `campuswarc`."""

from crawler.cli import main

main(prog_name="campuswarc")
