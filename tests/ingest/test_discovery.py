"""What a site may offer is found in its page, its robots.txt and by custom; what it does offer is ranked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.discovery import Candidate, Offer, candidates, page_of, ranked, site_of
from monitor.model import Response, SourceKind

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://pier.example/"


def answered(body: str | bytes, url: str = URL) -> Response:
    """Return an answer with a body."""
    return Response(url, url, 200, {}, body.encode() if isinstance(body, str) else body, NOW)


def found(body: str, robots: str = "") -> list[tuple[str, str, str]]:
    """Return path, kind and origin of what a page and a robots.txt lead to, but for the usual paths."""
    all_found = candidates(URL, page_of(answered(body)), robots)
    return [(c.url.removeprefix(URL), c.kind.value, c.why) for c in all_found if c.why != "a usual path"]


def test_everything_that_a_site_names() -> None:
    """Alternates, links that look like feeds, lines of robots.txt, the page and its news are candidates, each once."""
    body = (
        "<html><link rel=alternate type='application/rss+xml' href='/named'><a href='/rss/all'>RSS</a><a href='/named'>x</a>"
        "<a href='/press/newsroom.aspx'>Go</a><a href='/x/1'>Xəbərlər</a><a href='https://other.example/rss'>Other</a>"
        "<a href='/press-team'>Us</a>"
    )
    assert found(body, "User-agent: *\nSITEMAP: /maps/1.xml\n sitemap:https://pier.example/2.xml\nSitemap: javascript:x") == [
        ("named", "feed", "named by the page"), ("rss/all", "feed", "linked on the page"),
        ("maps/1.xml", "sitemap", "named by robots.txt"), ("2.xml", "sitemap", "named by robots.txt"),
        ("", "listing", "the page itself"), ("x/1", "listing", "linked as news"),
        ("press/newsroom.aspx", "listing", "linked as news"),
    ]  # fmt: skip


def test_usual_paths_are_tried_and_all_is_bounded() -> None:
    """A page with hundreds of feeds does not make us ask for all of them."""
    links = "".join(
        f"<link rel=alternate type='application/rss+xml' href='/f{n}'><a href='/rss/{n}'>f</a>" for n in range(300)
    )
    robots = "\n".join(f"Sitemap: /s{n}.xml" for n in range(300))
    urls = [c.url for c in candidates(URL, page_of(answered(f"<html>{links}")), robots)]
    assert {"https://pier.example/feed/", "https://pier.example/sitemap.xml", "https://pier.example/feed.json"} <= set(
        urls
    )
    assert len(urls) == len(set(urls)) <= 40


def test_an_address_that_is_a_feed_itself() -> None:
    """What is no page is a candidate as it stands."""
    assert page_of(answered("<rss version='2.0'/>")) is None
    assert candidates(URL, None, "")[0] == Candidate(URL, SourceKind.FEED, "the address itself")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<meta property='og:site_name' content=' The  Pier '><title>x</title>", "The Pier"),
        ("<title>News | Home - The Pier</title>", "The Pier"),
        ("<title>The Pier</title>", "The Pier"),
        ("<title> </title>", None),
        ("", None),
    ],
)
def test_name_of_the_site(head: str, name: str | None) -> None:
    """A site is called as it calls itself, or as its titles end."""
    site = site_of(page_of(answered(f"<html lang=en><head>{head}</head><body>x")))
    assert (site.name, site.lang) == (name, "en")


def offer(path: str, version: str = "rss20", **more: object) -> Offer:
    """Return an offer that works."""
    values: dict[str, object] = {
        "entries": 5,
        "dated": 5,
        "newest_at": NOW,
        "first_urls": (path,),
        "problem": None,
        **more,
    }
    return Offer(Candidate(URL + path, SourceKind.FEED, "x"), version=version, **values)  # type: ignore[arg-type]


def test_the_best_offer_comes_first() -> None:
    """Feeds before lists before plain sitemaps; undated, empty and broken ones and comments behind."""
    order = [
        offer("rss"), offer("json", "json11"), offer("news", "news sitemap"), offer("list", "listing"), offer("map", "sitemap"),
        offer("comments/feed"), offer("undated", dated=0, newest_at=None), offer("empty", entries=0, dated=0, problem="empty"),
    ]  # fmt: skip
    assert [o.candidate.url for o in ranked(order[::-1])] == [o.candidate.url for o in order]


def test_the_same_pieces_in_the_same_format_are_one_offer() -> None:
    """A feed that answers at several addresses is told once, at the one that was found first."""
    twice = [
        offer("named", first_urls=("a", "b")),
        offer("feed/", first_urls=("a", "b")),
        offer("list", "listing", first_urls=("a", "b")),
    ]
    assert [o.candidate.url for o in ranked(twice)] == [URL + "named", URL + "list"]


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda t: f"<html><a href='{t}'>{t}</a>".encode()),
    st.text(max_size=60),
)
@settings(max_examples=150)
def test_any_page_and_any_robots(body: bytes, robots: str) -> None:
    """Whatever a site answers, its candidates are addresses of the web."""
    page = page_of(answered(body))
    assert all(c.url.startswith("http") for c in candidates(URL, page, f"sitemap: {robots}"))
    site_of(page)
