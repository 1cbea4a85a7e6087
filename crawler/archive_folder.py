"""The archive folder: where everything of one archive lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shlex import quote

DERIVED = b"# made by `campuswarc shards`"  # as the sites.toml of a shard begins


@dataclass(frozen=True, slots=True)
class ArchiveFolder:
    """Paths of an archive folder, as `campuswarc init` makes it."""

    folder: Path

    def typed(self, command: str) -> str:
        """A command such as `campuswarc status` as a person types it where they are: with -C, where that is another
        folder than this."""
        return command.replace("campuswarc ", _command(self.folder, Path.cwd()), 1)

    @property
    def config(self) -> Path:
        """campuswarc.toml: operator, contact, politeness, storage."""
        return self.folder / "campuswarc.toml"

    @property
    def sites(self) -> Path:
        """sites.toml: the colleges."""
        return self.folder / "sites.toml"

    @property
    def database(self) -> Path:
        """news.db."""
        return self.folder / "news.db"

    @property
    def earlier(self) -> list[Path]:
        """news.db.TIME.old: what rebuilds have replaced, oldest first."""
        return sorted(self.folder.glob("news.db.*.old"))

    @property
    def leftovers(self) -> list[Path]:
        """Databases beside news.db: `earlier`, and the one that a rebuild has begun."""
        return [*self.earlier, *self.folder.glob("news.db.rebuilding")]

    @property
    def warc(self) -> Path:
        """warc/: the archive itself."""
        return self.folder / "warc"

    @property
    def quarantine(self) -> Path:
        """quarantine/: torn tails, kept."""
        return self.folder / "quarantine"

    @property
    def acknowledged(self) -> Path:
        """acknowledged.jsonl: what an operator has seen."""
        return self.folder / "acknowledged.jsonl"

    @property
    def reports(self) -> Path:
        """reports.jsonl: what reports have told."""
        return self.folder / "reports.jsonl"

    @property
    def watches(self) -> Path:
        """watches.toml: saved searches that tell."""
        return self.folder / "watches.toml"

    @property
    def watch_journal(self) -> Path:
        """watches.db: what they have told."""
        return self.folder / "watches.db"

    @property
    def fixity(self) -> Path:
        """fixity.jsonl: the chain of digests of closed WARC files."""
        return self.folder / "fixity.jsonl"


@cache
def _command(folder: Path, here: Path) -> str:
    return "campuswarc " if folder.resolve() == here else f"campuswarc -C {quote(str(folder))} "
