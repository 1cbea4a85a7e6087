"""The archive as an OAI-PMH 2.0 repository: stories that are listed, in Dublin Core and MODS, sets by site.

Written here and not taken from `oai-repo`: that one pages by number, so a list that changes meanwhile has holes, and it
brings five libraries for what is a few questions of our tables.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from archive.citing.cited import Cited, find
from archive.identity import identifier
from archive.instants import iso, now
from archive.patterns import deferred
from archive.protocols import oai_formats
from archive.sqlite import is_text
from archive.store.identifiers import addresses
from archive.store.withheld import everything

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 100  # records of a list that is not yet at its end
NAMESPACE = "http://www.openarchives.org/OAI/2.0/"

_DAY, _SECOND = deferred(r"\d{4}-\d\d-\d\d"), deferred(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ID = deferred(r"oai:[^:]+:([a-z2-7]{12,52})")
_LIST = {"metadataPrefix", "from", "until", "set", "resumptionToken"}
_ALLOWED: dict[str, set[str]] = {
    "Identify": set(),
    "ListMetadataFormats": {"identifier"},
    "ListSets": {"resumptionToken"},
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": {"identifier", "metadataPrefix"},
}
# in the order of addresses, which a rebuild, a merge and whatever a crawl writes leave as it is
_STORIES = """
select a.id, a.url, a.site, substr(v.seen_from, 1, 19) || 'Z' as stamp
from articles a join version_rows v on v.id = a.current_version
where a.url > :after and substr(v.seen_from, 1, 19) || 'Z' between :begin and :end and (:site = '' or a.site = :site)
order by a.url limit :most
"""
_ONE = """
select a.id, a.url, a.site, substr(v.seen_from, 1, 19) || 'Z' as stamp
from articles a join version_rows v on v.id = a.current_version where a.url = ?
"""


class Refused(Exception):
    """An error of the protocol: its code and a sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Where the archive answers, and what it is called."""

    name: str
    base: Annotated[str, "Address under which it is asked"]
    host: Annotated[str, "Of the records' identifiers"]
    contact: Annotated[str, "Mail address of the operator"]
    page: Annotated[Callable[[str], str], "Address of the page of a story here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    id: str
    stamp: Annotated[str, "When it became what it is, UTC"]
    site: str
    row: Annotated[int | None, "Its row; None where it is withheld"]
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a list is of, and after which of its records it goes on: a resumption token is all of it."""

    prefix: str
    begin: str = ""
    end: str = ""
    set: str = ""
    withheld: Annotated[str, "Identifier of the last withheld record that was told of"] = ""
    after: Annotated[str, "Address of the last story that was"] = ""
    told: Annotated[int, "Records before"] = 0

    @property
    def token(self) -> str:
        values = [self.prefix, self.begin, self.end, self.set, self.withheld, self.after, self.told]
        return urlsafe_b64encode(json.dumps(values).encode()).decode()

    @classmethod
    def of(cls, token: str) -> _Asked:
        try:
            *texts, told = json.loads(urlsafe_b64decode(token))
            prefix, begin, end, set_, withheld, after = values = [*map(str, texts)]
            if prefix not in oai_formats.FORMATS or not all(map(is_text, values)):
                raise ValueError(prefix)
            return cls(prefix=prefix, begin=begin, end=end, set=set_, withheld=withheld, after=after, told=int(told))
        except (ValueError, TypeError, OverflowError, RecursionError) as problem:
            raise Refused("badResumptionToken", f"{token[:80]}: not one of ours") from problem


def answer(db: Database, asked: Sequence[tuple[str, str]], here: Repository) -> bytes:
    """The answer to a request's arguments, errors of the protocol included."""
    root = Element("OAI-PMH", {"xmlns": NAMESPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"})
    root.set("xsi:schemaLocation", f"{NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", iso(now())[:19].removesuffix("Z") + "Z")
    request = _add(root, "request", here.base)
    try:
        verb, arguments = _checked(asked)
        for name, value in asked:
            request.set(name, oai_formats.legal(value))
        root.append(_VERBS[verb](db, arguments, here))
    except Refused as problem:
        if problem.code in ("badVerb", "badArgument"):
            request.attrib.clear()  # section 3.2 of the protocol
        _add(root, "error", str(problem)).set("code", problem.code)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _checked(asked: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    verbs = [value for name, value in asked if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _ALLOWED:
        raise Refused("badVerb", f"verb is one of {', '.join(_ALLOWED)}")
    arguments = {name: value for name, value in asked if name != "verb"}
    if unknown := sorted(set(arguments) - _ALLOWED[verbs[0]]):
        raise Refused("badArgument", f"{verbs[0]} knows no argument {unknown[0]!r}")
    if len(arguments) != len(asked) - 1:
        raise Refused("badArgument", "an argument is repeated")
    if "resumptionToken" in arguments and len(arguments) > 1:
        raise Refused("badArgument", "resumptionToken stands alone")
    return verbs[0], arguments


def _identify(db: Database, arguments: dict[str, str], here: Repository) -> Element:
    first = db.execute("select min(first_seen) from articles").fetchone()[0]
    found = Element("Identify")
    for name, text in (
        ("repositoryName", here.name),
        ("baseURL", here.base),
        ("protocolVersion", "2.0"),
        ("adminEmail", here.contact),
        ("earliestDatestamp", f"{(first or iso(now()))[:19].removesuffix('Z')}Z"),
        ("deletedRecord", "transient"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _add(found, name, text)
    return found


def _formats(db: Database, arguments: dict[str, str], here: Repository) -> Element:
    if "identifier" in arguments:
        _one(db, arguments["identifier"])
    found = Element("ListMetadataFormats")
    for prefix, form in oai_formats.FORMATS.items():
        described = _add(found, "metadataFormat")
        _add(described, "metadataPrefix", prefix)
        _add(described, "schema", form.schema)
        _add(described, "metadataNamespace", form.namespace)
    return found


def _sets(db: Database, arguments: dict[str, str], here: Repository) -> Element:
    if "resumptionToken" in arguments:
        raise Refused("badResumptionToken", "all sets are told at once")
    found = Element("ListSets")
    for id_, name in db.execute("select id, coalesce(nullif(name, ''), id) from sites order by id").fetchall():
        described = _add(found, "set")
        _add(described, "setSpec", id_)
        _add(described, "setName", name)
    if not len(found):
        raise Refused("noSetHierarchy", "there are no sites yet")
    return found


def _get(db: Database, arguments: dict[str, str], here: Repository) -> Element:
    if set(arguments) != {"identifier", "metadataPrefix"}:
        raise Refused("badArgument", "GetRecord needs identifier and metadataPrefix")
    record = _one(db, arguments["identifier"])
    _known(arguments["metadataPrefix"])
    found = Element("GetRecord")
    found.append(_record(db, record, arguments["metadataPrefix"], here))
    return found


def _list(db: Database, arguments: dict[str, str], here: Repository, name: str) -> Element:
    token = arguments.get("resumptionToken")
    asked = _Asked.of(token) if token is not None else _first(arguments)
    records = [one for one, _ in zip(_records(db, asked), range(PAGE + 1), strict=False)]
    if not records:
        raise Refused("noRecordsMatch", "no record meets these arguments")
    found = Element(name)
    for one in records[:PAGE]:
        whole = name == "ListRecords"
        found.append(_record(db, one, asked.prefix, here) if whole else _header(one, here))
    if len(records) > PAGE or token is not None:
        more = _add(found, "resumptionToken", _next(asked, records[PAGE - 1]).token if len(records) > PAGE else "")
        more.set("cursor", str(asked.told))
    return found


def _first(arguments: dict[str, str]) -> _Asked:
    if "metadataPrefix" not in arguments:
        raise Refused("badArgument", "metadataPrefix is missing")
    _known(arguments["metadataPrefix"])
    begin, end = arguments.get("from", ""), arguments.get("until", "")
    for text in filter(None, (begin, end)):
        if not (_DAY.fullmatch(text) or _SECOND.fullmatch(text)):
            raise Refused("badArgument", f"{text[:40]!r} is no date: 2024-05-01 or 2024-05-01T12:00:00Z")
    if begin and end and (len(begin) != len(end) or begin > end):
        raise Refused("badArgument", "from and until have one form, and from is not behind until")
    return _Asked(prefix=arguments["metadataPrefix"], begin=begin, end=end, set=arguments.get("set", ""))


def _next(asked: _Asked, last: _Record) -> _Asked:
    return _Asked(
        prefix=asked.prefix,
        begin=asked.begin,
        end=asked.end,
        set=asked.set,
        withheld=last.id if last.row is None else "~",
        after=last.url,
        told=asked.told + PAGE,
    )


def _records(db: Database, asked: _Asked) -> Iterator[_Record]:
    """From where the list goes on: what is withheld, then the stories."""
    begin, end = asked.begin, asked.end + "T23:59:59Z" if len(asked.end) == 10 else asked.end or "~"
    for one in sorted(_withheld(db), key=lambda one: one.id) if asked.withheld != "~" else ():
        if one.id > asked.withheld and begin <= one.stamp <= end and asked.set in ("", one.site):
            yield one
    values = {"after": asked.after, "begin": begin, "end": end, "site": asked.set, "most": PAGE + 1}
    for id_, url, site, stamp in db.execute(_STORIES, values):
        yield _Record(id=identifier(url), stamp=stamp, site=site, row=id_, url=url)


def _withheld(db: Database) -> Iterator[_Record]:
    """What is withheld now, by identifiers alone. Once it is released it is a story again: deletions are transient."""
    for one in everything(db):
        stories = []
        if one.kind == "url":
            [(site,)] = db.execute(
                "select coalesce((select site from main.frontier where url = ?), '')", [one.asked]
            ).fetchall()
            stories = [(one.asked, site)]
        elif one.kind == "site":
            stories = db.execute("select url, site from main.articles where site = ?", [one.asked]).fetchall()
        for url, site in stories:
            yield _Record(id=identifier(url), stamp=f"{one.since[:19].removesuffix('Z')}Z", site=site, row=None)


def _one(db: Database, name: str) -> _Record:
    named = _ID.fullmatch(name)
    for url in addresses(db, named[1]) if named else []:
        for id_, url_, site, stamp in db.execute(_ONE, [url]).fetchall():
            return _Record(id=identifier(url_), stamp=stamp, site=site, row=id_, url=url_)
    hidden = next((one for one in _withheld(db) if named and one.id == named[1]), None)
    if hidden is None:
        raise Refused("idDoesNotExist", f"{name[:100]}: no such record")
    return hidden


def _known(prefix: str) -> None:
    if prefix not in oai_formats.FORMATS:
        raise Refused("cannotDisseminateFormat", f"formats are {', '.join(oai_formats.FORMATS)}")


def _header(one: _Record, here: Repository) -> Element:
    header = Element("header", {"status": "deleted"} if one.row is None else {})
    _add(header, "identifier", f"oai:{here.host}:{one.id}")
    _add(header, "datestamp", one.stamp)
    if one.site:
        _add(header, "setSpec", one.site)
    return header


def _record(db: Database, one: _Record, prefix: str, here: Repository) -> Element:
    record = Element("record")
    record.append(_header(one, here))
    cited: Cited | None = find(db, one.row) if one.row is not None else None
    if cited is not None:
        [(subtitle, body)] = db.execute("select subtitle, substr(body, 1, 1000) from articles where id = ?", [one.row])
        told = oai_formats.Told(
            cited=cited, subtitle=subtitle or "", opening=(body or "").split("\n\n")[0], page=here.page(one.url)
        )
        _add(record, "metadata").append(oai_formats.FORMATS[prefix].write(told))
    return record


def _add(parent: Element, name: str, text: str = "") -> Element:
    child = SubElement(parent, name)
    child.text = oai_formats.legal(text) or None
    return child


_VERBS: dict[str, Callable[[Any, dict[str, str], Repository], Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListIdentifiers": lambda db, asked, here: _list(db, asked, here, "ListIdentifiers"),
    "ListRecords": lambda db, asked, here: _list(db, asked, here, "ListRecords"),
}
