"""A package of somebody else, installed beside ours: what entry points find."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE


def install(folder: Path, module: str, source: str, *, group: str, name: str) -> None:
    """Lay a package of one module there as pip does, with the metadata that names its entry point."""
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n", encoding="utf-8")


def python(folder: Path, code: str, *given: str) -> str:
    """What a program prints that has those packages; a process of its own, since ours has looked for them already."""
    ours = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", code, *given],
        capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([ours, str(folder)]), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
