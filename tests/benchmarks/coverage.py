"""Any college: pages of listings and whole colleges that this project was not made with, where they lie beside it.

`make bench-coverage` prints how many next pages and rows of single listings are right, then what `add` and `crawl` make
of each college: right, honest, or wrong in silence.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SHARED = Path(os.environ.get("CAMPUSWARC_SHARED") or Path(__file__).parents[3] / "shared")


def main() -> int:
    """Run both; 1 where the material is not there."""
    folder = SHARED / "coverage"
    programs = [folder / "pages.py", folder / "run.py"]
    if not all(program.is_file() for program in programs):
        print(f"no material at {folder}; CAMPUSWARC_SHARED names another place", file=sys.stderr)
        return 1
    return max(subprocess.run([sys.executable, program], check=False).returncode for program in programs)


if __name__ == "__main__":
    sys.exit(main())
