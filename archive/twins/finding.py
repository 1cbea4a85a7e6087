"""Twins among the stories of each college: every Chinese story beside the English ones of the weeks around it."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from archive.photos.likeness import photos
from archive.sqlite import as_json
from archive.twins.colleges import colleges
from archive.twins.evidence import Evidence, compare, share, sure
from archive.twins.lexicon import Lexicon
from archive.twins.links import named
from archive.twins.marks import Chinese, English, chinese, english

if TYPE_CHECKING:
    from sqlite_utils import Database

SURE = 0.8  # under that nothing is claimed
AHEAD = 1.0  # of the next best, on the scale of `Evidence.logit`: where two fit alike, neither is claimed
AFTER, BEFORE = 60, 7  # days by which the English story is the later, or the earlier
_LINKED = {"both": 8.0, "chinese": 6.0, "english": 6.0}
_LEAST = 0.3  # share of words under which nothing else is looked at
_RIVAL = math.log(SURE / (1 - SURE)) - AHEAD  # what is no better is neither claimed nor in the way of what is
_CONTRADICTED, _ENOUGH = 0.2, 20  # share of words under which a link is not believed; English words that it takes
_FEW = 3  # stories of a photo: one that more show is of the house, not of an event
_STORIES = """
select a.id, a.url, a.title, a.body, a.language, a.published, coalesce(a.near_duplicate_of, a.id) from articles a
where a.site in (select value from json_each(?)) and a.language in ('zh', 'en') and a.kind = 'article'
order by substr(a.published, 1, 10), a.url
"""
_ONE = """
select a.id, a.url, a.title, a.body, a.language, a.published, coalesce(a.near_duplicate_of, a.id) from articles a
where a.id = ?
"""
_ADDRESSES = """
select a.language, a.url, a.id from articles a
where a.site in (select value from json_each(?)) and a.language in ('zh', 'en') and a.kind = 'article' order by a.url
"""
_PICTURES = """
select i.article, c.payload_digest from images i cross join captures c on c.url = i.url
where c.status = 200 and c.payload_digest is not null
"""


@dataclass(frozen=True, slots=True)
class Twins:
    """A Chinese story and the English one that tells the same."""

    chinese: Annotated[str, "Address"]
    english: Annotated[str, "Address"]
    confidence: float
    evidence: Evidence


@dataclass(slots=True)
class Found:
    """What a search for twins gave."""

    twins: list[Twins] = field(default_factory=list)
    open: Annotated[int, "Stories that two others fit alike: none is claimed"] = 0
    contradicted: Annotated[int, "Links between pages whose words have nothing in common: not believed"] = 0
    unread: Annotated[int, "Pages that could not be read from the archive"] = 0


@dataclass(frozen=True, slots=True)
class _Story:
    id: int
    url: str
    day: date | None
    marks: Chinese | English
    cluster: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    chinese: _Story
    english: _Story
    evidence: Evidence
    logit: float

    @classmethod
    def of(cls, chinese: _Story, english: _Story, evidence: Evidence) -> _Candidate:
        return cls(chinese, english, evidence, evidence.logit + _LINKED.get(evidence.link, 0.0))


def find(
    db: Database,
    folder: Path,
    lexicon: Lexicon,
    *,
    registrable: Callable[[str], str],
    pictures: Path | None = None,
    told: Callable[[str], object] = lambda text: None,
) -> Found:
    """All twins, decided from the stories as they stand and from their pages below `folder`, in whatever order they
    came. `pictures` is the database of photos compared, where there is one: without it equal files alone are equal."""
    found = Found()
    shared = _photos(db, pictures)
    groups = colleges(db, registrable)
    for number, sites in enumerate(groups, 1):
        _of_college(db, folder, lexicon, sites, shared, found)
        if number % 10 == 0:
            told(f"twins: {number} of {len(groups)} colleges")
    found.twins.sort(key=lambda pair: (pair.chinese, pair.english))
    return found


def _of_college(
    db: Database, folder: Path, lexicon: Lexicon, sites: list[str], shared: dict[int, set[int]], found: Found
) -> None:
    addresses: dict[str, dict[str, int]] = {"zh": {}, "en": {}}
    for language, url, id_ in db.execute(_ADDRESSES, [as_json(sites)]).fetchall():
        addresses[language][url] = id_
    if not all(addresses.values()):
        return
    links = named(db, folder, addresses["zh"], addresses["en"])
    found.unread += links.unread
    candidates = {
        (one.chinese.id, one.english.id): one
        for one in _beside(_stories(db.execute(_STORIES, [as_json(sites)]), lexicon), shared)
    }
    for (one, other), says in links.pairs.items():
        known = candidates.get((one, other)) or _pair(db, one, other, lexicon, shared)
        if known.evidence.words < _CONTRADICTED and len(_english(known.english).stems) >= _ENOUGH:
            found.contradicted += 1
        else:
            evidence = replace(known.evidence, link=says)
            candidates[one, other] = _Candidate.of(known.chinese, known.english, evidence)
    _decide(candidates.values(), found)


def _stories(rows: Iterable[tuple[int, str, str, str, str, str | None, int]], lexicon: Lexicon) -> Iterator[_Story]:
    for id_, url, title, body, language, published, cluster in rows:
        marks = chinese(title, body, lexicon) if language == "zh" else english(title, body, lexicon)
        yield _Story(id_, url, _day(published), marks, cluster)


def _beside(stories: Iterable[_Story], shared: dict[int, set[int]]) -> Iterator[_Candidate]:
    """Pairs whose days lie near enough and whose words have something in common; no more than the stories of some weeks
    are in memory."""
    told, waiting = deque[_Story](), deque[_Story]()  # Chinese ones of AFTER days, English ones of BEFORE days
    for story in stories:
        if story.day is None:
            continue
        own, others, reach = (told, waiting, BEFORE) if isinstance(story.marks, Chinese) else (waiting, told, AFTER)
        own.append(story)
        while others and others[0].day and (story.day - others[0].day).days > reach:
            others.popleft()
        for other in others:
            one, two = (story, other) if isinstance(story.marks, Chinese) else (other, story)
            assert isinstance(one.marks, Chinese)
            if share(one.marks, _english(two)) < _LEAST:
                continue
            candidate = _candidate(one, two, shared)
            if candidate.logit > _RIVAL:
                yield candidate


def _candidate(one: _Story, other: _Story, shared: dict[int, set[int]]) -> _Candidate:
    assert isinstance(one.marks, Chinese)
    days = [story.day for story in (one, other) if story.day]
    evidence = compare(one.marks, _english(other), years=frozenset(day.year for day in days))
    return _Candidate.of(
        one,
        other,
        replace(
            evidence,
            picture=other.id in shared.get(one.id, ()),
            apart=(days[1] - days[0]).days if len(days) == 2 else None,
        ),
    )


def _pair(db: Database, one: int, other: int, lexicon: Lexicon, shared: dict[int, set[int]]) -> _Candidate:
    """Two stories whose days may lie anywhere."""
    first, second = (next(_stories(db.execute(_ONE, [id_]).fetchall(), lexicon)) for id_ in (one, other))
    return _candidate(first, second, shared)


def _decide(candidates: Iterable[_Candidate], found: Found) -> None:
    """Claim those of which each is the best of the other, by far enough."""
    of = defaultdict[int, list[_Candidate]](list)
    for one in candidates:
        of[one.chinese.id].append(one)
        of[one.english.id].append(one)
    for several in of.values():
        several.sort(key=lambda one: (-one.logit, one.chinese.url, one.english.url))
    undecided = set[int]()
    for id_, several in of.items():
        best = several[0]
        if id_ != best.chinese.id or sure(best.logit) < SURE:
            continue
        if of[best.english.id][0] is not best:
            continue
        if _rivalled(best, several) or _rivalled(best, of[best.english.id]):
            undecided.add(id_)
            continue
        found.twins.append(Twins(best.chinese.url, best.english.url, sure(best.logit), best.evidence))
    found.open += len(undecided)


def _rivalled(best: _Candidate, several: list[_Candidate]) -> bool:
    """Whether another story, and not a copy of one of these two, fits nearly as well. What resembles it with other
    numbers, days or names, as notices of one form do, is no copy."""
    return any(
        best.logit - other.logit < AHEAD
        and (
            (other.chinese.cluster, other.english.cluster) != (best.chinese.cluster, best.english.cluster)
            or other.evidence.facts != best.evidence.facts
        )
        for other in several[1:]
    )


def _photos(db: Database, pictures: Path | None) -> dict[int, set[int]]:
    """Of each story the others that show one of its photos, where few do."""
    of = defaultdict[str, set[int]](set)
    if pictures is not None and pictures.exists():
        ids = dict(db.execute("select url, id from articles").fetchall())
        for photo in photos(db, pictures):
            of[photo.id] = {ids[one.url] for one in photo.stories if one.url in ids}
    else:
        for article, digest in db.execute(_PICTURES).fetchall():
            of[digest].add(article)
    found = defaultdict[int, set[int]](set)
    for stories in of.values():
        if 1 < len(stories) <= _FEW:
            for story in stories:
                found[story] |= stories - {story}
    return found


def _english(story: _Story) -> English:
    assert isinstance(story.marks, English)
    return story.marks


def _day(published: str | None) -> date | None:
    """None where the page gives a month or year alone."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
