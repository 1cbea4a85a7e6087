"""What is wrong with the sites: a fact each, with its cause in full and the likely remedy as a command."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from archive.instants import iso
from archive.store.held import held_back
from archive.store.runs import OWN_NETWORK

if TYPE_CHECKING:
    from sqlite_utils import Database

HOST_FAILED = "host_failed"  # a failure's kind: none of the stories on that host could be read in a run
CERTIFICATE = "certificate"  # a failure's kind: a server was asked though its certificate cannot be trusted
RESTING = "resting"  # a remark: sites that fell silent together
STALLED = "stalled"  # a remark: a listing has stopped, and others of its site go on
UNDRAWN = "undrawn"  # a remark: what a browser was to draw is in the page as sent
_REMEMBERED = timedelta(days=30)  # a host that is not asked for stories any more is forgotten after that
_ELSEWHERE = ("redirect_off_site", "redirect_to_home", "redirect_nowhere", "http_404", "http_410", "no_items")
_PASSING = ("http_5", "http_429", "timeout", "refused", "connect", "disconnect", "host_closed", "protocol")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a site."""

    site: Annotated[str, "Id of the site"]
    url: Annotated[str, "Address it is about: of a listing, a host or a page; empty if of the site as a whole"]
    state: Annotated[
        str,
        "failed, blocked, empty, unanswered, suspect, incomplete, host_failed, silent, or certificate, undrawn, stalled"
        " or resting, which are remarks",
    ]
    reason: Annotated[str, "Cause in one word, such as dns, http_500, redirect_off_site"]
    detail: Annotated[str, "Cause in full"]
    since: Annotated[str | None, "When it was first found so, UTC"]
    action: Annotated[str, "Command that is likely to help"]
    line: Annotated[str, "All of it in one line"]
    runs: Annotated[int, "Runs in a row that found it so; 0 where that is not counted"] = 0

    @property
    def counts(self) -> bool:
        """Whether it is a problem; else a remark, which makes no exit status."""
        return self.state not in (CERTIFICATE, UNDRAWN, RESTING, STALLED)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def unread_listings(db: Database) -> dict[str, list[Problem]]:
    """Listings that could not be read when they were last asked for, by site."""
    found: dict[str, list[Problem]] = {}
    failures = (
        "from failures f where f.site = l.site and f.at > coalesce(l.last_ok, '') and f.url = l.url"
        f" and f.kind != '{OWN_NETWORK}'"
    )
    listings = db.execute(
        "select site, url, state, reason, last_ok, last_tried,"
        f" (select min(at) {failures}), (select count(distinct run) {failures}),"
        f" coalesce((select detail {failures} order by at desc, id desc limit 1), '') from listings l"
        " where state in ('failed', 'blocked', 'empty') or state = 'new' and last_tried is not null order by rowid"
    )
    for site, url, state, reason, last_ok, last_tried, since, runs, detail in listings.fetchall():
        well = f"last read well {last_ok[:10]}" if last_ok else "never read"
        line = f"{url}: asked for, {well}" if state == "new" else f"{url}: {state} ({reason}), {well}"
        problem = Problem(
            site=site,
            url=url,
            state="unanswered" if state == "new" else state,
            reason=reason or "",
            detail=detail,
            since=since or last_tried,
            action=_remedy(site, state, reason or ""),
            line=f"{line}: {detail}" if detail else line,
            runs=max(1, runs),
        )
        found.setdefault(site, []).append(problem)
    return found


# of a row `l` of listings
INCOMPLETE = (
    "l.state != 'retired' and (l.unfollowed is not null or l.doubt is not null or l.loops or l.gap is not null)"
)
_ACCEPTED = {"unfollowed": "all there is"}  # what a person says who accepts it


def incomplete_listings(db: Database) -> dict[str, list[Problem]]:
    """What is known to be missing of the listings of each site, and what has become worse, as long as it is so."""
    found: dict[str, list[Problem]] = {}
    listings = db.execute(
        f"select site, url, unfollowed, doubt, loops, gap, lacking_since from listings l where {INCOMPLETE}"
        " order by rowid"
    )
    for site, url, unfollowed, doubt, loops, gap, since in listings.fetchall():
        said = {
            "unfollowed": unfollowed and f"there is more than can be followed: {unfollowed}",
            "worse": doubt,
            "gap": gap,
            "pager_round": loops and "its pager turns in circles: a walk ended before it",
        }
        found.setdefault(site, []).extend(
            Problem(
                site=site,
                url=url,
                state="incomplete",
                reason=reason,
                detail=detail,
                since=since,
                # what was there and is no longer is the reader's fault or right: a person sees which, at a glance
                action=f"campuswarc accept {url}" if reason in ("worse", "gap") else f"campuswarc check {site}",
                line=f"{url}: {detail}; campuswarc accept {url}, if that is {_ACCEPTED.get(reason, 'right')}",
            )
            for reason, detail in said.items()
            if detail
        )
    return found


def failing_hosts(db: Database, at: datetime) -> dict[str, list[Problem]]:
    """Hosts on which no story could be read in a run, nor has been since, by site."""
    failed = db.execute(
        f"select site, url, detail, max(at), min(at) from failures where kind = '{HOST_FAILED}' and at > ?"
        " group by site, url",
        [iso(at - _REMEMBERED)],
    )
    read_since = (
        "select 1 from frontier where url >= ? and url < ? and site = ? and kind = 'article' and state in ('done',"
        " 'moved', 'gone') and done_at > ? limit 1"
    )
    found: dict[str, list[Problem]] = {}
    for site, url, detail, last, first in failed.fetchall():
        # 0 is what follows / in the order of addresses
        if db.execute(read_since, [url, url[:-1] + "0", site, last]).fetchone() is None:
            problem = Problem(
                site=site,
                url=url,
                state=HOST_FAILED,
                reason=detail.partition("; ")[2].partition(":")[0],
                detail=detail,
                since=first,
                action=f"campuswarc crawl {site}",
                line=f"{url}: {detail} ({last[:10]})",
            )
            found.setdefault(site, []).append(problem)
    return found


def untrusted_listings(db: Database) -> dict[str, list[Problem]]:
    """Listings that are read from servers whose certificate cannot be trusted, as it was when they last answered."""
    found: dict[str, list[Problem]] = {}
    listings = db.execute(
        "select l.site, l.url, c.fetched_at, (select detail from failures f where f.site = l.site and"
        f" f.kind = '{CERTIFICATE}' and l.url >= f.url and l.url < f.url || '~' order by f.at desc limit 1)"
        " from listings l join captures c on c.id ="
        " (select id from captures where url = l.url order by fetched_at desc limit 1)"
        " where l.state != 'retired' and l.url >= 'https://' and l.url < 'https:0' and c.tls = 'unverified'"
        " and coalesce(c.run, 0) not in (select id from runs where network is not null)"
    )
    for site, url, at, said in listings.fetchall():
        detail = said or "the server's certificate cannot be trusted"
        problem = Problem(
            site=site,
            url=url,
            state=CERTIFICATE,
            reason="expired" if "expired" in detail else "untrusted",
            detail=detail,
            since=at,
            action=f"campuswarc check {site}",
            line=f"{url}: read all the same, though its certificate is not to be trusted: {detail}",
        )
        found.setdefault(site, []).append(problem)
    return found


def undrawn_sites(db: Database) -> dict[str, list[Problem]]:
    """Sites whose configuration names a browser, and whose newest lists and stories were all read as they were sent."""
    found: dict[str, list[Problem]] = {}
    sites = db.execute(
        "select s.id, json_extract(s.config, '$.browser'), max(l.last_ok) from sites s join listings l on l.site = s.id"
        " where s.state = 'active' and json_extract(s.config, '$.browser') in ('listing', 'page')"
        " and l.state != 'retired' group by s.id having min(l.state = 'ok') and not max(coalesce((select record_type ="
        " 'conversion' from captures where url = l.url order by fetched_at desc limit 1), 0))"
    )
    for site, browser, at in sites.fetchall():
        drawn = "select 1 from ({}) where record_type = 'conversion' limit 1".format(
            "select c.record_type from articles a join versions v on v.id = a.current_version join captures c on c.id ="
            " v.capture where a.site = ? order by a.published desc limit 20"
        )
        if browser == "page" and db.execute(drawn, [site]).fetchone() is not None:
            continue
        detail = f'the pages as sent hold what a browser was to draw: `browser = "{browser}"` may be dropped'
        found[site] = [
            Problem(
                site=site,
                url="",
                state=UNDRAWN,
                reason="needs_no_browser",
                detail=detail,
                since=at,
                action=f"campuswarc check {site}",
                line=detail,
            )
        ]
    return found


def held(db: Database) -> dict[str, list[Problem]]:
    """What is held back of each site."""
    return {
        site: [
            Problem(
                site=site,
                url=one.what if "/" in one.what else "",
                state="suspect",
                reason=one.reason,
                detail=one.said,
                since=one.since,
                action=f"campuswarc accept {one.what}",
                line=one.line,
            )
            for one in groups
        ]
        for site, groups in held_back(db).items()
    }


def silent(site: str, last_new: str, days: int) -> Problem:
    """A site without a new article for longer than it may be."""
    said = f"no new article since {last_new[:10]}, more than {days} days"
    return Problem(
        site=site,
        url="",
        state="silent",
        reason="silent",
        detail=said,
        since=last_new,
        action=f"campuswarc check {site}",
        line=f"silent: {said}",
    )


def _remedy(site: str, state: str, reason: str) -> str:
    """What is likely to help: to ask again what passes, to find again what has gone elsewhere, to look at what has
    changed."""
    if reason in _ELSEWHERE:
        return f"campuswarc fix {site}"
    return f"campuswarc crawl {site}" if reason.startswith(_PASSING) or state == "new" else f"campuswarc check {site}"
