"""`make mutants N=20`: turns a comparison, a `not` or an `and` at random in the modules where correctness lives, and
says which mutants the tests beside them let live. Works in a copy; the same seed makes the same mutants."""

from __future__ import annotations

import ast
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
# module or folder -> the tests beside it
BESIDE = {
    "archive/store": "tests/archive/store",
    "archive/warc": "tests/archive/warc",
    "archive/proof": "tests/archive/proof",
    "archive/address.py": "tests/archive/test_address.py",
    "crawler/net": "tests/crawler/net",
    "crawler/intake": "tests/crawler/intake",
    "spiders/urls.py": "tests/spiders",
    "spiders/generic/dates.py": "tests/spiders/reading",
    "spiders/generic/pager.py": "tests/spiders/discover",
}
SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SECONDS = 600  # for the tests beside a module; what takes longer is not told


def places(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes that can be turned."""
    for node in ast.walk(tree):
        turns = isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        if turns or (isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS):
            yield node


def turn(node: ast.AST) -> None:
    """The other way round, in the tree."""
    if isinstance(node, ast.BoolOp):
        node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    elif isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.UnaryOp):
        node.op, node.operand = ast.Not(), ast.UnaryOp(op=ast.Not(), operand=node.operand)


def judged(copy: Path, tests: str, module: str) -> str:
    """Whether the tests beside it notice, those named after the module first: killed, ALIVE, or not told."""
    named = sorted(str(path.relative_to(copy)) for path in (copy / tests).glob(f"test_{module}*.py"))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--timeout", "120", *named, tests]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return "not told"
    return {0: "ALIVE", 1: "killed"}.get(done.returncode, "not told")


def main(number: int, seed: int) -> None:
    """Make and judge so many."""
    chance, found = random.Random(seed), Counter[str]()
    modules = sorted(
        (path, tests)
        for place, tests in BESIDE.items()
        for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).glob("*.py"))
    )
    every = [(path, tests, n) for path, tests in modules for n, _ in enumerate(places(ast.parse(path.read_text())))]
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__"))
        for path, tests, n in chance.sample(every, number):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            node = list(places(tree))[n]
            turn(node)
            mutated = copy / path.relative_to(ROOT)
            mutated.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")
            found[verdict := judged(copy, tests, path.stem)] += 1
            line = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            print(f"{verdict:8}  {line}  now {ast.unparse(node)}", flush=True)
            shutil.copyfile(path, mutated)
    print(", ".join(f"{n} {verdict}" for verdict, n in found.most_common()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6))
