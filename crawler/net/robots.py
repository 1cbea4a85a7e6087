"""robots.txt, read as RFC 9309 says; what it says about pace is read too, since campus files say it."""

from __future__ import annotations

import math

from protego import Protego

MOST_BYTES = 512_000  # RFC 9309 section 2.5: at least 500 KiB
# bytes taken off the wire, and out of a compressed one: with one more it shows that there is more
TAKEN = MOST_BYTES + 1
MOST_REDIRECTS = 5  # section 2.3.1.2
DAY, HOUR = 86_400.0, 3_600.0


class Rules:
    """What one host allows us, and for how many seconds (`valid_s`) that may be relied on.

    `for_now`: the host could not say what it allows, so nothing is fetched until it can; `cause` is why, in one word.
    """

    def __init__(
        self, reason: str, *, for_now: bool = False, cause: str = "", parsed: Protego | None = None, agent: str = ""
    ) -> None:
        self.reason = reason
        self.for_now, self.cause = for_now, cause
        self.valid_s = HOUR if for_now else DAY
        self._parsed, self._agent = parsed, agent
        self.delay = _pace(parsed, agent) if parsed is not None else None
        self.sitemaps = tuple(dict.fromkeys(parsed.sitemaps)) if parsed is not None else ()

    def allows(self, url: str) -> bool:
        """Whether `url`, of this host, may be fetched."""
        return not self.for_now if self._parsed is None else self._parsed.can_fetch(url, self._agent)


def rules(status: int | None, content: bytes, user_agent: str, cause: str = "no_answer") -> Rules:
    """The rules that an answer to /robots.txt makes; `status` None when there was no answer, `content` is why.

    `content` is decoded from its content-coding, `user_agent` is the whole header: its first product name is matched.
    `cause` is the same in one word. A redirect that comes here was followed far enough (MOST_REDIRECTS)
    and counts as no robots.txt.
    """
    agent = user_agent.partition("/")[0].strip()
    if status is None:
        return Rules(f"robots.txt: {content.decode('utf-8', 'replace') or 'no answer'}", for_now=True, cause=cause)
    if status >= 500 or status == 429:  # 429: the server is there and asks for less, not for everything
        return Rules(f"robots.txt: status {status}", for_now=True, cause=f"http_{status}")
    if not 200 <= status < 300:
        return Rules(f"robots.txt: status {status}")
    return Rules("robots.txt", parsed=Protego.parse(_text(content)), agent=agent)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:  # the last line may be half a rule
        content = content[:MOST_BYTES].rpartition(b"\n")[0]
    return content.decode("utf-8-sig", "replace").replace("\x00", "")


def _pace(parsed: Protego, agent: str) -> float | None:
    """Seconds between two requests that Crawl-delay or Request-rate asks for, the slower of the two."""
    paces = []
    if (delay := parsed.crawl_delay(agent)) is not None:
        paces.append(float(delay))
    if (rate := parsed.request_rate(agent)) is not None and rate.requests > 0:
        paces.append(rate.seconds / rate.requests)
    return max((pace for pace in paces if math.isfinite(pace) and pace > 0), default=None)
