"""Politeness of whole passes: robots.txt, pauses, moves, silence; real HTTP on loopback, a clock set by hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from harness import Clock, feed_of, opened, page_of

from monitor import app as application
from monitor import probing
from monitor.app import App
from monitor.config import Config, FetchSettings
from monitor.ingest.fetch import Fetcher
from monitor.model import Outlet, Source, SourceKind
from monitor.permission import Gate
from monitor.permission import Web as PoliteWeb

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Answer, Web, answer, serving

OUTLET = Outlet("quay", "Quay News", "quay")
SOURCE = Source("quay-news", "quay", "http://quay.example/feed")
SEIZURE = (
    "/seizure",
    "Customs officers seize 300 kg of cocaine at the port",
    "Customs officers at Port Maren found the cocaine in a container of bananas.",
)
PAGE = page_of(
    SEIZURE[1],
    "Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas on Friday evening.",
    "The container was selected for inspection by the risk analysis unit, and two dockers were detained by the police.",
)


@pytest.fixture
def quay() -> Iterator[Web]:
    """Run a server with a feed, a page and no robots.txt."""
    with serving() as web:
        web.pages |= {"/feed": answer("200 OK", feed_of(SEIZURE)), "/seizure": html(PAGE)}
        yield web


@contextmanager
def watching(quay: Web, folder: Path, clock: Clock, *sources: Source, **fetch: Any) -> Iterator[App]:
    """Build the monitor for some sources of the server."""
    with opened(folder, quay.connect_to, ([OUTLET], sources or (SOURCE,)), clock, **fetch) as app:
        yield app


def html(body: bytes) -> Answer:
    """Return the answer of a page."""
    return answer("200 OK", body, Content_Type="text/html; charset=utf-8")


def asked(quay: Web, path: str) -> int:
    """Return how often a path was asked for."""
    return sum(head.startswith(f"GET {path} ") for head in quay.heads)


def row(app: App, columns: str, table: str = "v_sources") -> tuple[object, ...]:
    """Return some columns of the first row of a view."""
    return tuple(app.storage.db.execute(f"select {columns} from {table}").fetchone())


# ---------------------------------------------------------------- robots.txt


def test_robots_txt_is_asked_first_and_once_a_day(quay: Web, tmp_path: Path) -> None:
    """It comes before the feed, holds over restarts, and is asked again after a day."""
    clock = Clock()
    for _ in range(2):
        with watching(quay, tmp_path, clock) as app:
            app.pipeline.run_pass()
        clock.move(hours=2)
    assert quay.heads[0].startswith("GET /robots.txt ")
    assert (asked(quay, "/robots.txt"), asked(quay, "/feed"), asked(quay, "/seizure")) == (1, 2, 1)
    clock.move(hours=23)
    with watching(quay, tmp_path, clock) as app:
        app.pipeline.run_pass()
    assert asked(quay, "/robots.txt") == 2


def test_forbidden_source_is_not_asked_and_says_what_to_do(quay: Web, tmp_path: Path) -> None:
    """What robots.txt forbids is never requested, and the source is blocked with a remedy."""
    quay.pages["/robots.txt"] = answer("200 OK", b"User-agent: *\nDisallow: /feed\n")
    with watching(quay, tmp_path, Clock()) as app:
        report = app.pipeline.run_pass()
        state, reason = row(app, "state, reason")
        assert (state, report.failed) == ("blocked", 1)
        assert "robots.txt forbids this address" in str(reason)
        assert "robots: ignore" in str(reason)
        assert row(app, "result, state", "v_runs") == ("blocked", "blocked")
    assert asked(quay, "/feed") == 0


def test_robots_can_be_left_out_for_one_source(quay: Web, tmp_path: Path) -> None:
    """A source whose publisher allows it is asked, its pages too, and robots.txt not even read."""
    quay.pages["/robots.txt"] = answer("200 OK", b"User-agent: *\nDisallow: /\n")
    with watching(quay, tmp_path, Clock(), replace(SOURCE, obeys_robots=False)) as app:
        assert app.pipeline.run_pass().counts()["new"] == 1
    assert (asked(quay, "/robots.txt"), asked(quay, "/seizure")) == (0, 1)


def test_forbidden_page_leaves_the_feed_text_and_is_listed(quay: Web, tmp_path: Path) -> None:
    """The item has the teaser, says why, is counted among what was left out, and the page is not tried again."""
    quay.pages["/robots.txt"] = answer("200 OK", b"User-agent: *\nDisallow: /seizure\n")
    clock = Clock()
    with watching(quay, tmp_path, clock) as app:
        for _ in range(2):
            app.pipeline.run_pass()
            clock.move(hours=2)
        text, problem = row(app, "text, page_problem", "v_items")
        assert text == SEIZURE[2]
        assert "robots.txt forbids" in str(problem)
        assert row(app, "count(*)", "left_out where reason like '%robots.txt forbids%'") == (1,)
    assert asked(quay, "/seizure") == 0


def test_unreadable_robots_txt_stops_everything_for_a_while(quay: Web, tmp_path: Path) -> None:
    """With a 503 nothing else is asked; once it can be read the source is well."""
    quay.pages["/robots.txt"] = answer("503 Service Unavailable")
    clock = Clock()
    with watching(quay, tmp_path, clock) as app:
        app.pipeline.run_pass()
        state, reason = row(app, "state, reason")
        assert (state, asked(quay, "/feed")) == ("failing", 0)
        assert "HTTP 503" in str(reason)
        quay.pages["/robots.txt"] = answer("404 Not Found")
        clock.move(hours=2)
        app.pipeline.run_pass()
        assert row(app, "state") == ("ok",)


def test_robots_txt_of_the_host_that_a_redirect_leads_to(quay: Web, tmp_path: Path) -> None:
    """A redirect does not lead past the robots.txt of another host."""

    def robots(head: str, connection: Any) -> None:
        rules = b"User-agent: *\nDisallow: /\n" if "Host: closed.example" in head else b""
        answer("200 OK", rules)(head, connection)

    quay.pages["/robots.txt"] = robots
    quay.pages["/seizure"] = answer("302 Found", Location="http://closed.example/copy")
    quay.pages["/copy"] = html(PAGE)
    with watching(quay, tmp_path, Clock()) as app:
        app.pipeline.run_pass()
        assert "http://closed.example/robots.txt forbids" in str(row(app, "page_problem", "v_items")[0])
        assert row(app, "count(*)", "robots") == (2,)
    assert asked(quay, "/copy") == 0


def test_endless_robots_txt_is_cut(quay: Web, tmp_path: Path) -> None:
    """More than 500 KiB are not read, though the answer would be larger than anything that is fetched."""
    quay.pages["/robots.txt"] = answer("200 OK", b"User-agent: *\n" + b"# x\n" * 600_000)
    with watching(quay, tmp_path, Clock(), max_bytes=1_000_000) as app:
        assert app.pipeline.run_pass().counts()["new"] == 1
        assert row(app, "length(text) <= 512000, verdict", "robots") == (1, "rules")


# ---------------------------------------------------------------- pauses


def test_a_long_crawl_delay_puts_pages_off_without_losing_them(quay: Web, tmp_path: Path) -> None:
    """What would wait too long is read on later polls, each page once; waiting is no failed attempt."""
    quay.pages["/robots.txt"] = answer("200 OK", b"User-agent: *\nCrawl-delay: 200\n")
    entries = [(f"/p{n}", f"Customs officers seize {n} kg of cocaine", SEIZURE[2]) for n in range(4)]
    quay.pages |= {path: html(PAGE.replace(b"300", b"%d" % n)) for n, (path, *_) in enumerate(entries)}
    quay.pages["/feed"] = answer("200 OK", feed_of(*entries))
    clock, seconds, waiting = Clock(), count(0, 20), []
    with (
        watching(quay, tmp_path, clock) as app,
        patch("monitor.ingest.fetch.time", SimpleNamespace(monotonic=lambda: float(next(seconds)))),
    ):
        for _ in range(8):
            app.pipeline.run_pass()
            waiting += app.storage.db.execute("select count(*) from items where page_pending").fetchone()
            clock.move(minutes=61)
        assert row(app, "max(page_attempts), count(page_problem), count(*)", "items") == (0, 0, 4)
    assert waiting[0] > 0
    assert waiting[-1] == 0
    assert [asked(quay, path) for path, *_ in entries] == [1] * 4


def test_a_host_that_is_asked_too_often_gets_a_rest(quay: Web, tmp_path: Path) -> None:
    """After a 429 the other pages of the host wait for the next pass, as the server wants."""
    entries = [(f"/p{n}", f"Customs officers seize {n} kg of cocaine", SEIZURE[2]) for n in range(20)]
    quay.pages |= {path: answer("429 Too Many Requests", Retry_After="86400") for path, *_ in entries}
    quay.pages["/feed"] = answer("200 OK", feed_of(*entries))
    with watching(quay, tmp_path, Clock(), per_host=1) as app:
        app.pipeline.run_pass()
        assert row(app, "count(*)", "items where page_pending") == (20,)
    assert sum(asked(quay, path) for path, *_ in entries) <= 2


# ---------------------------------------------------------------- moves, silence, the end


def test_a_move_is_remembered_and_shown(quay: Web, tmp_path: Path) -> None:
    """The third permanent redirect in a row makes the new address the one that is asked."""
    quay.pages |= {
        "/feed": answer("301 Moved Permanently", Location="http://quay.example/new"),
        "/new": quay.pages["/feed"],
    }
    clock = Clock()
    with watching(quay, tmp_path, clock) as app:
        for sightings in (1, 2):
            app.pipeline.run_pass()
            assert row(app, "move_target, move_sightings, moved_to") == ("http://quay.example/new", sightings, None)
            clock.move(hours=2)
        for _ in range(2):
            app.pipeline.run_pass()
            assert row(app, "moved_to") == ("http://quay.example/new",)
            clock.move(hours=2)
    assert (asked(quay, "/feed"), asked(quay, "/new")) == (3, 4)


def test_a_feed_that_is_gone_is_retired_with_a_notice(quay: Web, tmp_path: Path) -> None:
    """410 ends the polls, and the state says so; 404 only slows them down."""
    clock = Clock()
    quay.pages["/feed"] = answer("404 Not Found")
    with watching(quay, tmp_path, clock) as app:
        app.pipeline.run_pass()
        assert row(app, "state, reason") == ("failing", "HTTP 404")
        quay.pages["/feed"] = answer("410 Gone")
        clock.move(hours=2)
        app.pipeline.run_pass()
        assert row(app, "state, reason") == ("retired", "HTTP 410: the feed is gone for good")
        clock.move(days=2)
        assert app.pipeline.run_pass().polled == 0


def test_silence_is_shown(quay: Web, tmp_path: Path) -> None:
    """A daily source that stops is silent in the state and in the history of its polls."""
    clock = Clock()
    days = b"".join(
        b"<item><title>Customs note %d</title><link>http://quay.example/n%d</link><guid>n%d</guid>"
        b"<pubDate>%d Nov 2026 08:00:00 GMT</pubDate></item>" % (n, n, n, n)
        for n in range(15, 22)
    )
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Q</title>' + days + b"</channel></rss>"
    quay.pages["/feed"] = answer("200 OK", feed)
    with watching(quay, tmp_path, clock) as app:
        app.pipeline.run_pass()
        assert row(app, "state") == ("ok",)
        clock.move(days=4)
        app.pipeline.run_pass()
        state, reason = row(app, "state, reason")
        assert state == "silent"
        assert "used to publish at least every 1 day" in str(reason)
        assert row(app, "result, state", "v_runs where run_id = 2") == ("not_modified", "silent")


# ---------------------------------------------------------------- documents that a document leads to


def index_of(*paths: str) -> bytes:
    """Return an index of sitemaps."""
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{path}</loc></sitemap>' for path in paths)}</sitemapindex>".encode()


MAP = b"<urlset><url><loc>/seizure</loc><lastmod>2026-11-22T08:00:00Z</lastmod></url></urlset>"


def test_parts_of_an_index_obey_robots(quay: Web, tmp_path: Path) -> None:
    """A part that robots.txt forbids is not asked for and is told, the others are read; with `ignore` all are."""
    quay.pages |= {
        "/robots.txt": answer("200 OK", b"User-agent: *\nDisallow: /b\n"),
        "/index": answer("200 OK", index_of("/a", "/b")),
        "/a": answer("200 OK", MAP),
        "/b": answer("200 OK", MAP),
    }
    index = Source("quay-map", "quay", "http://quay.example/index", SourceKind.SITEMAP)
    with watching(quay, tmp_path, Clock(), index) as app:
        app.pipeline.run_pass()
        ((what, reason),) = app.storage.db.execute("select what, reason from left_out")
    assert (asked(quay, "/a"), asked(quay, "/b"), asked(quay, "/robots.txt")) == (1, 0, 1)
    assert (what, "robots.txt forbids" in reason) == ("http://quay.example/b", True)
    with watching(quay, tmp_path / "leave", Clock(), replace(index, obeys_robots=False)) as app:
        app.pipeline.run_pass()
    assert (asked(quay, "/b"), asked(quay, "/robots.txt")) == (1, 1)


def test_a_part_whose_turn_does_not_come_is_told_and_is_no_failure(quay: Web, tmp_path: Path) -> None:
    """A host that wants long pauses gets them between the parts of an index too, and what that costs is told."""
    quay.pages |= {
        "/robots.txt": answer("200 OK", b"User-agent: *\nCrawl-delay: 250\n"),
        "/index": answer("200 OK", index_of("/a", "/b")),
        "/a": answer("200 OK", b"<urlset/>"),
        "/b": answer("200 OK", MAP),
    }
    clock, seconds = Clock(), count(0, 20)
    with (
        watching(quay, tmp_path, clock, Source("m", "quay", "http://quay.example/index", SourceKind.SITEMAP)) as app,
        patch("monitor.ingest.fetch.time", SimpleNamespace(monotonic=lambda: float(next(seconds)))),
    ):
        app.pipeline.run_pass()
        assert (asked(quay, "/index"), asked(quay, "/a"), asked(quay, "/b")) == (1, 1, 0)
        ((what, reason),) = app.storage.db.execute("select what, reason from left_out")
        assert (what, "its turn has not come" in reason) == ("http://quay.example/b", True)
        assert row(app, "state, failures, body_hash", "sources") == ("empty", 0, None)


def test_trying_a_source_obeys_robots_and_stores_nothing(quay: Web, tmp_path: Path) -> None:
    """`monitor sources probe` and `discover` ask as a pass does, robots.txt first and once."""
    quay.pages["/robots.txt"] = answer("200 OK", b"User-agent: *\nDisallow: /feed\nSitemap: http://quay.example/map\n")
    quay.pages |= {"/": html(b"<html><body><a href='/feed' rel='alternate'>Feed</a></body></html>")}
    quay.pages["/map"] = answer("200 OK", MAP)
    gate = Gate(None, Clock())
    settings = application.fetch_settings(Config(fetch=FetchSettings(host_gap_s=0)), quay.connect_to)
    with Fetcher(settings, clock=Clock(), permit=gate.permit) as fetcher:
        web = PoliteWeb(fetcher, gate)
        (probed,) = probing.probe(web, [SOURCE], Clock())
        found = probing.discover(web, "http://quay.example/", Clock())
    assert (probed.result.value, "forbids" in probed.notes[0]) == ("blocked", True)
    assert [offer.candidate.url for offer in found.offers] == ["http://quay.example/map"]
    assert (asked(quay, "/feed"), asked(quay, "/robots.txt")) == (0, 1)
