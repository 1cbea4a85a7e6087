"""The command as such."""

import re

from click.testing import CliRunner

from crawler import __version__
from crawler.cli import main


def test_the_version_names_reader_and_schema() -> None:
    """What a report of trouble has to say: which program, which reader, which tables."""
    done = CliRunner().invoke(main, ["--version"])
    assert done.exit_code == 0
    assert re.fullmatch(rf"campuswarc {re.escape(__version__)} \(reader \d+, schema m\d{{3}}\)\n", done.output)
