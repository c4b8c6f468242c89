"""What sources serve in several documents is read as one feed, in bounds, and ends in items like any other feed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from harness import NOW, Clock, feed_of, opened, page_of

from monitor.app import App
from monitor.gathering import MAX_PARTS, gather
from monitor.ingest.sitemap import MAX_ENTRIES
from monitor.model import Outlet, Source, SourceKind, SourceRecord

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Web, answer, serving

TEXT = (
    "Customs officers at the port of Aveno seized two tonnes of cocaine in a container of bananas from Lomia on Monday.",
    "The customs service said that the smuggling of drugs through the port has become more frequent since the spring.",
)
OUTLET = Outlet("quay", "Quay News", "quay")
TITLES = (
    "Customs officers seize cocaine at the port of Aveno in bananas",
    "New customs tariff codes come into force next month for tea",
    "Customs opens the border post again after repair in summer",
    "Customs revenue grows by five percent in the month of October",
)


@pytest.fixture
def quay() -> Iterator[Web]:
    """Run a server whose pages each test sets up; pieces are at /n/1 to /n/9."""
    with serving() as running:
        for n in range(10):
            title = TITLES[n % 4]
            running.pages[f"/n/{n}"] = answer("200 OK", page_of(title, *TEXT, f"Case {n}."), Content_Type="text/html")
        yield running


def source(path: str, kind: SourceKind, **more: object) -> Source:
    """Return a source of the server."""
    return replace(Source("quay-news", "quay", f"http://quay.example{path}", kind), **more)  # type: ignore[arg-type]


def sitemap(*paths: str, day: int = 21) -> bytes:
    """Return a sitemap whose addresses were changed on a day of November, one hour apart."""
    urls = "".join(
        f"<url><loc>{p}</loc><lastmod>2026-11-{day}T{n % 24:02}:{n % 60:02}:00Z</lastmod></url>"
        for n, p in enumerate(paths)
    )
    return f"<urlset>{urls}</urlset>".encode()


def index(*parts: str, lastmod: str = "") -> bytes:
    """Return an index of sitemaps."""
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return (
        f"<sitemapindex>{''.join(f'<sitemap><loc>{p}</loc>{changed}</sitemap>' for p in parts)}</sitemapindex>".encode()
    )


def listing(*numbers: int, following: str = "") -> bytes:
    """Return a page that lists pieces."""
    items = "".join(f"<li>{10 + n} November 2026 <a href='/n/{n}'>{TITLES[n % 4]}</a></li>" for n in numbers)
    more = f"<a rel=next href='{following}'>Next</a>" if following else ""
    return f"<html lang=en><body><ul>{items}</ul>{more}</body></html>".encode()


def serve(quay: Web, **bodies: bytes) -> None:
    """Put bodies at paths."""
    quay.pages |= {f"/{name}": answer("200 OK", body) for name, body in bodies.items()}


def polled(quay: Web, folder: Path, one: Source, clock: Clock | None = None) -> tuple[App, dict[str, int]]:
    """Make one pass over a source and return the closed monitor's state and the figures."""
    with opened(folder, quay.connect_to, ([OUTLET], [one]), clock or Clock()) as app:
        counts = app.pipeline.run_pass().counts()
        return app, counts


def rows(folder: Path, quay: Web, one: Source, query: str) -> list[tuple[object, ...]]:
    """Return what a query finds in the state."""
    with opened(folder, quay.connect_to, ([OUTLET], [one]), Clock()) as app:
        return [tuple(row) for row in app.storage.db.execute(query)]


CONDITION = "select state, reason from v_sources"
LEFT_OUT = "select what, reason from left_out order by rowid"


def test_list_page_becomes_items_with_texts_from_their_pages(quay: Web, tmp_path: Path) -> None:
    """The entries of a list get text from their pages and keep the date beside the link."""
    serve(quay, news=listing(1, 2, 3))
    one = source("/news", SourceKind.LISTING)
    assert polled(quay, tmp_path, one)[1]["new"] == 3
    found = rows(
        tmp_path, quay, one, "select url, title, text_origin, published_at, published_origin from v_items order by url"
    )
    assert [(url, title, text, str(at)[:10], origin) for url, title, text, at, origin in found] == [
        (f"http://quay.example/n/{n}", TITLES[n], "page", f"2026-11-1{n}", "visible") for n in (1, 2, 3)
    ]
    assert [head.split("Accept: ")[1].split(",")[0] for head in quay.heads if head.startswith("GET /news ")] == [
        "text/html"
    ]


def test_sitemap_entries_take_title_and_relevance_from_their_pages(quay: Web, tmp_path: Path) -> None:
    """An address without a title is judged by its page: news about customs stays, the rest is dropped with its title."""
    serve(quay, map=sitemap("/n/1", "/n/2", "/about"))
    about = page_of(
        "Our office hours in the winter",
        "We are open from nine to five on all days of the week but Sunday.",
        "Come in and have a cup of coffee with us in the lobby.",
    )
    quay.pages["/about"] = answer("200 OK", about, Content_Type="text/html")
    one = source("/map", SourceKind.SITEMAP)
    counts = polled(quay, tmp_path, one)[1]
    assert (counts["new"], counts["dropped"]) == (2, 1)
    assert rows(tmp_path, quay, one, "select title, published_origin from v_items order by url") == [
        (TITLES[1], "lastmod"), (TITLES[2], "lastmod"),
    ]  # fmt: skip
    assert rows(tmp_path, quay, one, "select title, url from dropped") == [
        ("Our office hours in the winter", "http://quay.example/about")
    ]


def test_several_pages_of_a_list_are_one_feed(quay: Web, tmp_path: Path) -> None:
    """As many pages as are wanted are read, each once, also when they lead in a circle."""
    serve(
        quay,
        news=listing(1, 2, 3, following="/news2"),
        news2=listing(4, 5, 3, following="/news3"),
        news3=listing(6, 7, 8, following="/news"),
    )
    assert polled(quay, tmp_path / "two", source("/news", SourceKind.LISTING, pages=2))[1]["new"] == 5
    assert polled(quay, tmp_path / "all", source("/news", SourceKind.LISTING, pages=9))[1]["new"] == 8
    assert sum(head.startswith("GET /news3 ") for head in quay.heads) == 1


def test_missing_page_of_a_list_is_told_and_asked_again(quay: Web, tmp_path: Path) -> None:
    """What the other pages hold is taken, the missing one is a row, and the same first page does not hide it later."""
    serve(quay, news=listing(1, 2, 3, following="/news2"))
    one, clock = source("/news", SourceKind.LISTING, pages=2), Clock()
    assert polled(quay, tmp_path, one, clock)[1]["new"] == 3
    assert rows(tmp_path, quay, one, LEFT_OUT) == [("http://quay.example/news2", "HTTP 404")]
    serve(quay, news2=listing(4, 5, 6))
    clock.move(hours=2)
    assert polled(quay, tmp_path, one, clock)[1]["new"] == 3


def test_unchanged_list_is_not_read_again(quay: Web, tmp_path: Path) -> None:
    """The same bytes of the first page stand for all pages of a list."""
    serve(quay, news=listing(1, 2, 3, following="/news2"), news2=listing(4, 5, 6))
    one, clock = source("/news", SourceKind.LISTING, pages=2), Clock()
    polled(quay, tmp_path, one, clock)
    clock.move(hours=2)
    polled(quay, tmp_path, one, clock)
    assert sum(head.startswith("GET /news2 ") for head in quay.heads) == 1


@pytest.mark.parametrize(("lastmod", "asked"), [("", 2), ("2026-11-21", 1)])
def test_index_without_times_says_nothing_about_its_parts(quay: Web, tmp_path: Path, lastmod: str, asked: int) -> None:
    """The parts of an unchanged index are read again unless it tells when they changed."""
    serve(quay, index=index("/part", lastmod=lastmod), part=sitemap("/n/1", "/n/2"))
    one, clock = source("/index", SourceKind.SITEMAP), Clock()
    assert polled(quay, tmp_path, one, clock)[1]["new"] == 2
    clock.move(hours=2)
    assert polled(quay, tmp_path, one, clock)[1]["new"] == 0
    assert sum(head.startswith("GET /part ") for head in quay.heads) == asked


def test_endless_indexes_are_bounded(quay: Web, tmp_path: Path) -> None:
    """Indexes that lead to indexes are followed so far and no further, and what is left is counted."""
    for n in range(40):
        quay.pages[f"/i{n}"] = answer("200 OK", index(*(f"/i{n * 3 + m}" for m in (1, 2, 3))))
    one = source("/i0", SourceKind.SITEMAP)
    polled(quay, tmp_path, one)
    assert sum(head.startswith("GET /i") for head in quay.heads) == MAX_PARTS + 1
    reasons = {reason for _, reason in rows(tmp_path, quay, one, LEFT_OUT)}
    assert reasons == {f"only {MAX_PARTS} parts of an index are read"}
    ((state, reason),) = rows(tmp_path, quay, one, CONDITION)
    assert (state, "parts of an index are read" in str(reason)) == ("empty", True)


def test_index_whose_parts_are_all_missing_fails(quay: Web, tmp_path: Path) -> None:
    """When nothing that belongs to a source can be read it is failing, with the first reason."""
    serve(quay, index=index("/a", "/b"))
    one = source("/index", SourceKind.SITEMAP)
    polled(quay, tmp_path, one)
    ((state, reason),) = rows(tmp_path, quay, one, CONDITION)
    assert state == "failing"
    assert str(reason).startswith("none of its documents can be read: http://quay.example/")


def test_quiet_sitemap_is_empty_and_not_broken(quay: Web, tmp_path: Path) -> None:
    """A sitemap that holds only old pages is fine, and says why nothing came."""
    serve(quay, map=b"<urlset><url><loc>/n/1</loc><lastmod>2020-01-01</lastmod></url></urlset>")
    one = source("/map", SourceKind.SITEMAP)
    polled(quay, tmp_path, one)
    assert rows(tmp_path, quay, one, CONDITION) == [
        ("empty", "nothing to take: 1 addresses: published or changed more than 30 days ago")
    ]


def test_match_that_fits_nothing_is_shown(quay: Web, tmp_path: Path) -> None:
    """A feed of which nothing is wanted is empty, with the text that was looked for."""
    serve(quay, feed=feed_of(("/n/1", TITLES[0], "A teaser about customs")))
    one = source("/feed", SourceKind.FEED, match="/az/")
    polled(quay, tmp_path, one)
    ((state, reason),) = rows(tmp_path, quay, one, CONDITION)
    assert (state, "do not contain '/az/'" in str(reason)) == ("empty", True)


def test_an_address_in_a_feed_and_in_a_sitemap_is_one_item(quay: Web, tmp_path: Path) -> None:
    """A piece that comes by two ways is stored once, known through both sources."""
    serve(
        quay,
        feed=feed_of(("/n/1", TITLES[1], "The customs service of Aveno has new codes for tea")),
        map=sitemap("/n/1"),
    )
    both = [source("/feed", SourceKind.FEED), replace(source("/map", SourceKind.SITEMAP), id="quay-map")]
    with opened(tmp_path, quay.connect_to, ([OUTLET], both), Clock()) as app:
        app.pipeline.run_pass()
        assert [
            tuple(r) for r in app.storage.db.execute("select count(*), count(distinct item_id) from item_sources")
        ] == [(2, 1)]


def test_parts_together_keep_the_newest(quay: Web, tmp_path: Path) -> None:
    """Several large parts are cut to the newest addresses, and the others are counted."""
    parts = {f"part{n}": sitemap(*(f"/p{n}/{m}" for m in range(300)), day=18 + n) for n in range(3)}
    serve(quay, index=index(*(f"/{name}" for name in parts)), **parts)
    with opened(tmp_path, quay.connect_to, ([OUTLET], []), Clock()) as app:
        (found,) = gather(app.pipeline.web.ask, [SourceRecord(source("/index", SourceKind.SITEMAP))], lambda: NOW)
    assert found.feed
    assert len(found.feed.entries) == MAX_ENTRIES
    assert sum("/p2/" in str(entry.url) for entry in found.feed.entries) == 300
    assert found.feed.skipped[-1].what == "400 addresses"
