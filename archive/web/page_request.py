"""One request to our pages: who asks in which language for what, and the making of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from datasette.utils.asgi import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from archive.identity import identifier
from archive.replay.captures import stamp
from archive.web import policy, shown
from archive.web.served_archive import ServedArchive
from archive.web.words import LANGUAGES, Language, language_of, word

COOKIE = "campuswarc_lang"
_IN_ADDRESSES = "%/:?&=+,;@!$'()*~[]"  # stand in an address as they are; # would end it for the browser

templates = Environment(
    loader=PackageLoader("archive.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters.update(
    day=shown.day,
    instant=shown.instant,
    number=shown.number,
    host=shown.host,
    stamp=stamp,
    brief=shown.brief,
    bytes=shown.size,
)


@dataclass(slots=True)
class PageRequest:
    """A request, as the pages see it."""

    holding: ServedArchive
    path: str  # as asked for, below Datasette's base_url, still percent-encoded
    query: str  # raw query string
    args: Mapping[str, str]  # the first value of each parameter
    headers: Mapping[str, str]
    base: str  # Datasette's base_url without its last slash
    origin: str  # scheme and host under which the visitor reached us
    language: Language
    foreign: bool = False  # the path ends with the address of an archived page
    notices: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: Any, datasette: Any, holding: ServedArchive, *, foreign: bool = False) -> PageRequest:
        """The visit which a Datasette request makes; a `foreign` query string is part of an archived address, not meant
        for us."""
        base = datasette.setting("base_url").rstrip("/")
        path = request.scope.get("route_path") or (request.scope.get("raw_path") or request.path.encode()).decode(
            "latin-1"
        )
        path = path.partition("?")[0]
        args = {} if foreign else {name: request.args[name] for name in request.args}
        asked = args.get("lang") or request.cookies.get(COOKIE) or ""
        language = next((known for known in LANGUAGES if known == asked), None) or language_of(
            request.headers.get("accept-language") or ""
        )
        return cls(
            holding=holding,
            path=path,
            query=request.query_string,
            args=args,
            headers=dict(request.headers),
            base=base,
            origin=holding.origin or f"{request.scheme}://{request.host}",
            language=language,
            foreign=foreign,
        )

    @property
    def in_json(self) -> bool:
        """Whether a program asks for JSON, and is told in JSON what is wrong."""
        return self.path.startswith("/timemap/json/") if self.foreign else self.path.endswith(".json")

    @property
    def wanted(self) -> str:
        """The query that is asked, `q`, in one line."""
        return " ".join(self.args.get("q", "").replace("\0", " ").split())

    @property
    def host(self) -> str:
        """The host under which the visitor reached us; empty where that is this machine, which names no archive."""
        host = urlsplit(self.origin).hostname or ""
        return "" if host in ("localhost", "::1") or host.startswith("127.") else host

    def word(self, key: str, **values: object) -> str:
        """An interface text in the visitor's language."""
        return word(key, self.language, **values)

    def link(self, path: str, **query: object) -> str:
        """An address of ours; parameters that are None or empty are left out."""
        kept = {name.rstrip("_"): str(value) for name, value in query.items() if value not in (None, "")}
        return f"{self.base}{path}" + (f"?{urlencode(kept)}" if kept else "")

    def article(self, url: str, seen: str = "", suffix: str = "", **query: object) -> str:
        """The permanent address of an article; of the version that was `seen` then."""
        return self.link(f"/article/{identifier(url)}{f'/{stamp(seen)}' if seen else ''}{suffix}", **query)

    def capture(self, record: str) -> str:
        """The permanent address of a capture, by its WARC-Record-ID."""
        return f"{self.base}/capture/{quote(record.strip('<>').removeprefix('urn:uuid:'), safe=':')}"

    def moved(self, path: str, query: Mapping[str, str] | None = None, status: int = 301) -> Response:
        """The answer that what was asked for has its place there, for good unless `status` says otherwise."""
        return Response("", status=status, headers={"Location": self.link(path, **(query or {}))})

    def replay(self, timestamp: str, url: str, mode: str = "") -> str:
        """Where a page or one of its parts (mode `mp_`, `im_`, `cs_`) is shown as it was."""
        return f"{self.base}/replay/{timestamp}{mode}/{quote(url, safe=_IN_ADDRESSES)}"

    def thumbnail(self, seen: str, url: str) -> str:
        """Where a picture is shown small, as it was when that was seen."""
        return f"{self.base}/thumbnail/{stamp(seen)}/{quote(url, safe=_IN_ADDRESSES)}"

    def timemap(self, url: str, form: str = "link") -> str:
        """Where the TimeMap of an address is, in that form."""
        return f"{self.base}/timemap/{form}/{quote(url, safe=_IN_ADDRESSES)}"

    def timegate(self, url: str) -> str:
        """Where the TimeGate of an address is."""
        return f"{self.base}/timegate/{quote(url, safe=_IN_ADDRESSES)}"

    def again(self, **changes: object) -> str:
        """This page with some parameters changed; None takes one away."""
        return self.link(self.path, **{**{k: v for k, v in self.args.items() if k != "lang"}, **changes})

    def number(self, name: str, default: int, least: int = 1, most: int = 10**9) -> int:
        """A whole-number parameter, kept within its bounds; the default where it is none."""
        text = self.args.get(name, "")
        return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 12 else default

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """An HTML answer."""
        other = "zh" if self.language == "en" else "en"
        html = templates.get_template(template).render(
            visit=self,
            t=self.word,
            link=self.link,
            again=self.again,
            language=self.language,
            language_tag="zh-Hans" if self.language == "zh" else "en",
            other_language=other,
            other_language_tag="zh-Hans" if other == "zh" else "en",
            **context,
        )
        answer = Response.html(
            html, status=status, headers={"Content-Security-Policy": policy.PAGE, "Vary": "Accept-Language, Cookie"}
        )
        if self.args.get("lang") == self.language:
            answer.set_cookie(COOKIE, self.language, max_age=365 * 86400, path=f"{self.base}/", httponly=True)
        return answer

    def missing(self, text: str, *, heading: str | None = None, status: int = 404, **context: Any) -> Response:
        """A helpful page where there is nothing to show; for programs the sentence alone."""
        if self.in_json:
            return Response.json({"error": text}, status=status)
        return self.page(
            "message.html",
            status,
            heading=heading or self.word("not_found"),
            text=text,
            **{"details": [], "links_": [], "more": "", "near": [], **context},
        )
