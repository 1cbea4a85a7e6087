"""Which college a site is of: by its host, from a table that the operator supplies (a dump of ROR), else from the
built-in catalogue."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from spiders import catalogue, college_ids
from spiders.site import Site, registrable
from spiders.tables import ConfigError

# columns of ROR's CSV of versions 2 and 1, then of tables that people keep
_COLUMNS = {
    "ror": ("ror", "ror id", "ror_id", "id"),
    "college": ("names.types.ror_display", "college", "name"),
    "country": ("locations.geonames_details.country_code", "country.country_code", "country_code", "country"),
    "wikidata": ("external_ids.type.wikidata.preferred", "external_ids.wikidata.preferred", "wikidata"),
    "wikidata_all": ("external_ids.type.wikidata.all", "external_ids.wikidata.all"),
    "links": ("links.type.website", "links", "website", "homepage", "url", "link", "网址"),
    "domains": ("domains", "domain", "host"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class College:
    """What is known of one college."""

    college: str
    country: str = ""
    ror: str = ""
    wikidata: str = ""
    hosts: tuple[str, ...] = ()

    def said(self) -> dict[str, str]:
        """Keys of a site that it gives."""
        named = {"college": self.college, "country": self.country, "ror": self.ror, "wikidata": self.wikidata}
        return {key: value for key, value in named.items() if value}


class Colleges:
    """Colleges by the registrable domain of their hosts."""

    def __init__(self, colleges: Iterator[College] | tuple[College, ...] = ()) -> None:
        self._by_domain: dict[str, list[College]] = {}
        for one in colleges:
            for domain in dict.fromkeys(map(registrable, one.hosts)):
                self._by_domain.setdefault(domain, []).append(one)

    def __bool__(self) -> bool:
        return bool(self._by_domain)

    def of(self, host: str) -> list[College]:
        """Those that a host may be of: the ones whose own host is the longest that it stands under, else all of its
        domain. More than one: not known which."""
        host = host.removeprefix("www.")
        near = self._by_domain.get(registrable(host), [])
        under = [(len(own), one) for one in near for own in one.hosts if host == own or host.endswith(f".{own}")]
        longest = max((length for length, _ in under), default=0)
        return [one for length, one in under if length == longest] or near


def read(path: Path) -> Colleges:
    """The colleges of a table: ROR's dump, JSON or CSV, or a CSV with columns such as name, website, country, ror,
    wikidata. Raises ConfigError that says what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise ConfigError(f"{path}: {problem.strerror}") from None
    if content[:2] == b"PK":
        raise ConfigError(f"{path} is a ZIP file: unzip it, and name the .json or .csv that is in it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path} is not UTF-8: {problem.reason} at byte {problem.start}") from None
    found = Colleges(_of_json(text, path) if text.lstrip()[:1] in ("[", "{") else _of_csv(text, path))
    if not found:
        raise ConfigError(f"{path}: no college with a name and an address is in it")
    return found


def named(site: Site, url: str, table: Colleges | None) -> tuple[Site, tuple[str, ...]]:
    """The site with what is known of its college, and notes of what could not be told. Its own name stays."""
    host = urlsplit(url).hostname or ""
    if table is not None:
        meant = table.of(host)
        if len(meant) == 1:
            return replace(site, **meant[0].said()), ()  # type: ignore[arg-type]
        if meant:
            names = "; ".join(f"{one.college} {one.ror}".rstrip() for one in meant[:5])
            return site, (f"college: {host} may be of {len(meant)} in the table, so none is written: {names}",)
        note: tuple[str, ...] = (f"college: the table has none for {host}",)
    else:
        note = ()
    meant = _builtin().of(host)
    return (replace(site, **meant[0].said()) if len(meant) == 1 else site), note  # type: ignore[arg-type]


def _builtin() -> Colleges:
    """Those of the catalogue; one that is named in two ways there is not known by its host."""
    once: dict[tuple[str, str, str, str], set[str]] = {}
    for site in catalogue.builtin().values():
        if site.college:
            once.setdefault((site.college, site.country, site.ror, site.wikidata), set()).update(
                registrable(host) for host in site.hosts
            )
    return Colleges(
        tuple(
            College(college=name, country=country, ror=ror, wikidata=item, hosts=tuple(sorted(hosts)))
            for (name, country, ror, item), hosts in once.items()
        )
    )


def _of_json(text: str, path: Path) -> Iterator[College]:
    """Record by record: a dump has a hundred thousand, and is read in the room of its text."""
    decoder, at = json.JSONDecoder(), text.index("[") + 1 if text.lstrip()[0] == "[" else 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text) or text[at] == "]":
            return
        try:
            record, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as problem:
            raise ConfigError(f"{path}: looks like JSON and is none: {problem}") from None
        if not isinstance(record, dict):
            raise ConfigError(f"{path}: a list of organisations is wanted, as ROR publishes it")
        if (one := _of_record(record)) is not None:
            yield one


def _of_record(record: Mapping[str, Any]) -> College | None:
    """Of ROR's schema 2 or 1."""
    if record.get("status", "active") != "active":
        return None
    names = [name for name in _list(record.get("names")) if isinstance(name, dict)]
    name = next((name.get("value") for name in names if "ror_display" in _list(name.get("types"))), record.get("name"))
    links = [
        link.get("value") if isinstance(link, dict) else link
        for link in _list(record.get("links"))
        if not isinstance(link, dict) or link.get("type") == "website"
    ]
    where = [place.get("geonames_details") or {} for place in _list(record.get("locations")) if isinstance(place, dict)]
    code = where[0].get("country_code") if where else _dict(record.get("country")).get("country_code")
    outside = record.get("external_ids")
    ids = next((one for one in _list(outside) if isinstance(one, dict) and one.get("type") == "wikidata"), None)
    ids = ids or _dict(_dict(outside).get("Wikidata"))
    return _college(
        name,
        code,
        record.get("id"),
        [ids.get("preferred"), *_list(ids.get("all"))],
        [*links, *_list(record.get("domains"))],
    )


def _of_csv(text: str, path: Path) -> Iterator[College]:
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    known = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    column = {key: next((known[name] for name in names if name in known), None) for key, names in _COLUMNS.items()}
    for key, said in (("college", "name"), ("links", "website")):
        if column[key] is None and (key != "links" or column["domains"] is None):
            raise ConfigError(f"{path}: the table has no column {said}; it has {', '.join(map(repr, known)) or 'none'}")
    for row in rows:
        cell = {key: (row.get(name) or "").strip() if name else "" for key, name in column.items()}
        items = [cell["wikidata"], *cell["wikidata_all"].replace(";", " ").split()]
        addresses = f"{cell['links']};{cell['domains']}".replace(";", " ").split()
        if (one := _college(cell["college"], cell["country"], cell["ror"], items, addresses)) is not None:
            yield one


def _college(name: Any, code: Any, ror: Any, items: list[Any], addresses: list[Any]) -> College | None:
    hosts = {_host(address) for address in addresses if isinstance(address, str)} - {""}
    if not (isinstance(name, str) and name.strip() and hosts):
        return None
    code = code.strip().upper() if isinstance(code, str) else ""
    return College(
        college=" ".join(name.split()),
        country=code if len(code) == 2 and code.isascii() and code.isalpha() else "",
        ror=(college_ids.ror(ror) if isinstance(ror, str) else None) or "",
        wikidata=next((item for text in items if isinstance(text, str) and (item := college_ids.wikidata(text))), ""),
        hosts=tuple(sorted(hosts)),
    )


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "://" in address else f"http://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
