"""Which shard a site is crawled in: by the hash of its registrable domain, and for good once it has been placed.

A registrable domain lies in one shard, so that one process asks its hosts and politeness holds. Sites that share one
lie together; where the domains of a site have been placed apart, it can be crawled nowhere, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from crawler.shards.plan import Plan
from spiders.site import Site, registrable


@dataclass(slots=True)
class Placed:
    """Where every site has its place."""

    domains: dict[str, str]  # by registrable domain
    sites: dict[str, str] = field(default_factory=dict)  # by site
    torn: dict[str, tuple[str, ...]] = field(default_factory=dict)  # sites whose domains are of several shards: these

    def of(self, shard: str) -> list[str]:
        """The sites of a shard, in the order of sites.toml."""
        return [id_ for id_, name in self.sites.items() if name == shard]


def domains_of(site: Site) -> tuple[str, ...]:
    """The registrable domains that a crawl of a site asks."""
    return tuple(sorted({registrable(host) for host in site.hosts}))


def place(plan: Plan, sites: Mapping[str, Site]) -> Placed:
    """Each site's shard. What has its place keeps it; domains of sites that are no more keep theirs too."""
    names = list(plan.shards)
    asked = {id_: domains_of(site) for id_, site in sites.items()}
    domains = dict(plan.domains)
    for group in together(asked.values()):
        owners = {domains[domain] for domain in group if domain in domains}
        if len(owners) < 2:
            owner = owners.pop() if owners else names[_hash(min(group)) % len(names)]
            domains.update(dict.fromkeys(group, owner))
    found = Placed(domains)
    for id_, own in asked.items():
        owners = {domains[domain] for domain in own if domain in domains}
        if len(owners) > 1:
            found.torn[id_] = tuple(sorted(owners))
            continue
        owner = owners.pop() if owners else names[_hash(own[0]) % len(names)]
        domains.update(dict.fromkeys(own, owner))
        found.sites[id_] = owner
    return found


def even_out(plan: Plan, sites: Mapping[str, Site], begun: Collection[str]) -> dict[str, str]:
    """Domains, with the shards they should move to, so that no shard has many more sites than another.

    Those of the sites in `begun` stay: the pages of these, and what is known of their listings, lie where they are.
    """
    placed = place(plan, sites)
    asked = {id_: domains_of(sites[id_]) for id_ in placed.sites}
    members: dict[str, list[str]] = defaultdict(list)
    groups = {domain: group for group in together(asked.values()) for domain in group}
    for id_, own in asked.items():
        members[min(groups[own[0]])].append(id_)
    size = dict.fromkeys(plan.shards, 0)
    free: dict[str, list[str]] = defaultdict(list)  # by shard: groups that may move, each by its first domain
    for first, ids in members.items():
        owner = placed.sites[ids[0]]
        size[owner] += len(ids)
        if not set(ids) & set(begun) and {placed.sites[id_] for id_ in ids} == {owner}:
            free[owner].append(first)
    moved: dict[str, str] = {}
    for group in free.values():
        group.sort(key=lambda first: (len(members[first]), first))
    while size:
        full, empty = max(size, key=lambda name: (size[name], name)), min(size, key=lambda name: (size[name], name))
        fitting = [first for first in free[full] if len(members[first]) < size[full] - size[empty]]
        if not fitting:
            break
        first = fitting[-1]
        free[full].remove(first)
        size[full] -= len(members[first])
        size[empty] += len(members[first])
        moved.update(dict.fromkeys(groups[first], empty))
    return moved


def together(domains: Iterable[Collection[str]]) -> list[tuple[str, ...]]:
    """Domains that some site asks beside each other, in groups; each domain is in one."""
    leader: dict[str, str] = {}

    def lead(domain: str) -> str:
        while leader[domain] != domain:
            leader[domain] = domain = leader[leader[domain]]
        return domain

    for own in domains:
        for domain in own:
            leader.setdefault(domain, domain)
        first, *others = own
        for other in others:
            leader[lead(other)] = lead(first)
    groups: dict[str, list[str]] = defaultdict(list)
    for domain in leader:
        groups[lead(domain)].append(domain)
    return [tuple(sorted(group)) for group in groups.values()]


def _hash(domain: str) -> int:
    return int.from_bytes(blake2b(domain.encode(), digest_size=8).digest(), "big")
