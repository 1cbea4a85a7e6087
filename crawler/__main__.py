"""`python -m crawler` is `campuswarc`."""

from crawler.cli import main

if __name__ == "__main__":
    main(prog_name="campuswarc")
