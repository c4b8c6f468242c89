"""A stage for one act: a web server whose every answer is told to it, and a whole monitor that watches it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from zlib import crc32

from faults import ok
from harness import NOW, Clock, opened, page_of
from webserver import Answer, Web, answer, serving

from monitor.app import App
from monitor.model import Outlet, Poll, Source

OUTLETS = (Outlet("quay-news", "Quay News", "quay-news"), Outlet("gate-times", "Gate Times", "gate-times"))
#: all pieces are kept, so that what arrives is what was sent
QUAY = Source("quay-news", "quay-news", "http://quay.example/feed", interval_s=60, trusted=True)
#: another outlet at another host, for what is seen through two sources
GATE = Source("gate-times", "gate-times", "http://gate.example/feed2", interval_s=60, trusted=True)
LIMITS = {"timeout_s": 0.3, "deadline_s": 0.8, "max_bytes": 8_000_000}


@dataclass(frozen=True, slots=True)
class News:
    """One piece as the server knows it; the fields are what its entry says, `more` is put in as it is."""

    path: str
    title: str = ""
    teaser: str = "Customs officers at Port Maren opened the container and found what the papers did not mention."
    date: str | None = None
    guid: str | None = None
    link: str | None = None
    more: str = ""

    def entry(self) -> str:
        """Return the entry of an RSS feed."""
        link = f"http://quay.example{self.path}" if self.link is None else self.link
        guid = link if self.guid is None else self.guid
        date = date_of(self.path) if self.date is None else self.date
        return (
            f"<item><title>{self.title or title_of(self.path)}</title>"
            + (f"<link>{escape(link)}</link>" if link else "")
            + (f"<guid>{escape(guid)}</guid>" if guid else "")
            + (f"<pubDate>{date}</pubDate>" if date else "")
            + f"<description>{self.teaser}</description>{self.more}</item>"
        )


def title_of(path: str) -> str:
    """Return a title that no other path has."""
    return f"Customs seizes tea at {path.strip('/').replace('-', ' ').title()}"


def date_of(path: str) -> str:
    """Return a time of the morning that hardly any other path has."""
    return f"Sun, 22 Nov 2026 08:{crc32(path.encode()) % 60:02}:{crc32(path.encode()) // 60 % 60:02} GMT"


def rss(*news: News | str, channel: str = "", spaces: str = "") -> bytes:
    """Return a feed of pieces; a path alone stands for a piece at it."""
    entries = "".join((News(one) if isinstance(one, str) else one).entry() for one in news)
    return f'<?xml version="1.0"?><rss version="2.0"{spaces}><channel>{channel}{entries}</channel></rss>'.encode()


def text_of(path: str) -> str:
    """Return the text of the page at a path, which no other page has."""
    name = path.strip("/").replace("-", " ").title()
    return (
        f"Customs officers at {name} found three hundred kilograms of tea in a container of bananas on Friday. "
        f"The container was selected by the risk analysis unit of {name}, and the importer was fined in {name}."
    )


def html(path: str, *more: str) -> Answer:
    """Return the page of a piece."""
    return answer("200 OK", page_of(title_of(path), text_of(path), *more), Content_Type="text/html; charset=utf-8")


@dataclass(slots=True)
class Stage:
    """What an act needs: set answers with `feed` and `page`, let time pass with `poll`, look with the rest."""

    web: Web
    app: App
    clock: Clock

    def feed(self, what: bytes | Answer, path: str = "/feed", **headers: str) -> None:
        """Let the server answer with a feed, or with something else."""
        self.web.pages[path] = ok(what, **headers) if isinstance(what, bytes) else what

    def page(self, path: str, what: Answer | None = None) -> None:
        """Let the server answer with the page of a piece, or with something else."""
        self.web.pages[path] = what or html(path)

    def pages(self, *paths: str) -> None:
        """Let the server have the pages of some pieces."""
        for path in paths:
            self.page(path)

    def poll(self, source: Source = QUAY, **later: float) -> Poll:
        """Let time pass, ten minutes if nothing else is said, poll a source and return what that came to."""
        self.clock.move(**(later or {"minutes": 10}))
        (poll,) = self.app.pipeline.run_pass(only=[source.id]).polls
        return poll

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        return self.app.storage.db.execute(query, list(values)).fetchall()

    def column(self, query: str, *values: object) -> list[object]:
        """Return the first column of a query."""
        return [row[0] for row in self.rows(query, *values)]

    def urls(self) -> list[object]:
        """Return the addresses of all items, sorted."""
        return self.column("select url from items order by url")

    def state(self) -> str:
        """Return how the source is doing, as `v_sources` shows it."""
        return str(self.column("select state from v_sources where source_id = ?", QUAY.id)[0])

    def reason(self) -> str:
        """Return why, in words."""
        return str(self.column("select reason from v_sources where source_id = ?", QUAY.id)[0])

    def wait_s(self) -> float:
        """Return the seconds until the source is due."""
        (at,) = self.column("select next_check_at from sources where id = ?", QUAY.id)
        return (datetime.fromisoformat(str(at)) - self.clock.now).total_seconds()

    def asked(self, path: str = "/feed") -> int:
        """Count the requests for a path."""
        return sum(head.startswith(f"GET {path} ") for head in self.web.heads)

    def head(self, path: str = "/feed") -> str:
        """Return the last request for a path, in lower case."""
        return [head for head in self.web.heads if head.startswith(f"GET {path} ")][-1].lower()

    def http_date(self, **later: float) -> str:
        """Return a moment from now on as HTTP writes it."""
        clock = Clock(self.clock.now)
        clock.move(**later)
        return format_datetime(clock.now, usegmt=True)


@contextmanager
def staged(folder: Path, **fetch: float) -> Iterator[Stage]:
    """Set a stage up: server, state and monitor, all real, the clock alone is moved by hand."""
    clock = Clock(NOW)
    with serving() as web, opened(folder, web.connect_to, (OUTLETS, [QUAY, GATE]), clock, **LIMITS, **fetch) as app:
        yield Stage(web, app, clock)
