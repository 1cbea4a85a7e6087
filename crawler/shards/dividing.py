"""Dividing: the plan made, followed where sites.toml has changed, and evened out."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.store.db import NoDatabase, open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.shards import derived, plan
from crawler.shards.placing import Placed, even_out, place
from crawler.shards.plan import Plan, Shard
from spiders.tables import ConfigError


@dataclass(slots=True)
class Divided:
    """What a division has come to."""

    plan: Plan
    placed: Placed
    files: dict[str, dict[str, bytes]]  # by shard: what its folder has to hold
    changed: list[str] = field(default_factory=list)  # shards whose files are new
    wrong: list[str] = field(default_factory=list)  # sites that are crawled nowhere, and why


def begin(top: ArchiveFolder, number: int) -> Plan:
    """A plan of so many shards below the archive folder, none of which has a site yet. Raises ConfigError."""
    if plan.path_of(top).exists():
        raise ConfigError(f"{plan.path_of(top)} is there already; `campuswarc shards rebalance` adds shards")
    return Plan({name: Shard(name=name, folder=f"shards/{name}") for name in (f"s{n}" for n in range(number))})


def divide(top: ArchiveFolder, planned: Plan) -> Divided:
    """Place what is new in sites.toml, write the plan and the files of every shard that this machine reaches. Raises
    ConfigError."""
    sites, mistakes = derived.sound_sites(top)
    placed = place(planned, sites)
    done = Divided(planned, placed, derived.texts(top, planned, placed.sites), wrong=list(mistakes.values()))
    done.wrong += [
        f"[{id_}]: its domains are crawled in different shards ({', '.join(shards)}), and one process must ask a"
        f" domain: it is crawled in none; see the entries of [domains] in {plan.path_of(top).name}"
        for id_, shards in placed.torn.items()
    ]
    if placed.domains != planned.domains or not plan.path_of(top).exists():
        planned.domains = placed.domains
        plan.save(top, planned)
    for shard in planned.here:
        if derived.write(shard.home(top).folder, done.files[shard.name]):
            done.changed.append(shard.name)
    return done


def rebalance(top: ArchiveFolder, planned: Plan, number: int) -> dict[str, str]:
    """Have at least so many shards, and move colleges that nobody has crawled yet to those with few; those that moved,
    with their new shards. Nothing is written. Raises ConfigError."""
    names = (f"s{n}" for n in range(number + len(planned.shards)))
    while len(planned.shards) < number:
        name = next(name for name in names if name not in planned.shards)
        planned.shards[name] = Shard(name=name, folder=f"shards/{name}")
    sites, _ = derived.sound_sites(top)
    placed = place(planned, sites)
    unknown = {id_ for shard in planned.elsewhere for id_ in placed.of(shard.name)}
    moved = even_out(planned, sites, unknown | _begun(top, planned))
    planned.domains |= moved
    return moved


def _begun(top: ArchiveFolder, planned: Plan) -> set[str]:
    """Sites of which a shard that this machine reaches has read anything."""
    found: set[str] = set()
    for shard in planned.here:
        try:
            db = open_reader(shard.home(top).database, shown="all")
        except NoDatabase:
            continue
        found |= {site for (site,) in db.execute("select id from sites").fetchall()}
        db.close()
    return found
