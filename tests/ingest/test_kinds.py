"""What an address answers is told by its bytes, and whatever it is ends as a feed or as one line that says why not."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.ingest.kinds import kind_of, read
from monitor.model import Feed, Selectors, Source, SourceKind

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://wharf.example/news"
RSS = b"<rss version='2.0'><channel><item><title>Tea</title><link>/en/1</link></item></channel></rss>"
ATOM = (
    b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><id>1</id></entry></feed>"
)
RDF = b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item/></rdf:RDF>"
JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/en/1", "title": "Tea"}]}'
SITEMAP = b"<urlset><url><loc>/en/1</loc><lastmod>2026-06-01</lastmod></url></urlset>"
PAGE = b"<!doctype html><html lang='en'><head><title>News</title></head><body><ul>" + b"".join(
    b"<li>%d May 2026 <a href='/en/%d'>Customs officers find tea for the %dth time</a></li>" % (n, n, n)
    for n in (4, 5, 6, 7)
)


def source(kind: SourceKind = SourceKind.FEED, **more: object) -> Source:
    """Return a source of a kind."""
    return replace(Source("wharf", "wharf", URL, kind), **more)  # type: ignore[arg-type]


def answered(body: bytes, asked: Source, kind: str = "") -> Feed:
    """Read an answer of the wharf."""
    return read(body, url=URL, headers={"content-type": kind}, source=asked, now=NOW)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, SourceKind.FEED),
        (ATOM, SourceKind.FEED),
        (RDF, SourceKind.FEED),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- <html> --><rss/>", SourceKind.FEED),
        ("<?xml version='1.0' encoding='utf-16'?><rss/>".encode("utf-16"), SourceKind.FEED),
        (JSON, SourceKind.JSON),
        (b"\n[1]", SourceKind.JSON),
        (SITEMAP, SourceKind.SITEMAP),
        (b"<?xml version='1.0'?><?xml-stylesheet href='x'?><sm:sitemapindex xmlns:sm='x'/>", SourceKind.SITEMAP),
        (PAGE, SourceKind.LISTING),
        (b"<HTML><p>", SourceKind.LISTING),
        (b"<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><p>", SourceKind.LISTING),
        (b"<!doctype rss><rss/>", SourceKind.FEED),
        (b"<opml/>", None),
        (b"Service unavailable <html>", None),
        (b"", None),
    ],
)
def test_bytes_tell_the_kind(body: bytes, kind: SourceKind | None) -> None:
    """The first element, or the first bracket, says what a body is."""
    assert kind_of(body) is kind


@pytest.mark.parametrize(
    ("body", "version"), [(RSS, "rss20"), (ATOM, "atom10"), (JSON, "json11"), (SITEMAP, "sitemap")]
)
def test_formats_for_programs_are_read_where_a_feed_is_expected(body: bytes, version: str) -> None:
    """A source that is simply a feed takes whatever programs can read, also compressed as a file, and says nothing."""
    for sent in (body, gzip.compress(body)):
        feed = answered(sent, source())
        assert (feed.version, len(feed.entries), feed.warning) == (version, 1, None)


@pytest.mark.parametrize("kind", [SourceKind.JSON, SourceKind.SITEMAP, SourceKind.LISTING])
def test_wrong_kind_is_read_and_told(kind: SourceKind) -> None:
    """A feed where something else is configured is read, with a note on what to write."""
    feed = answered(RSS, source(kind))
    assert (len(feed.entries), feed.warning) == (
        1, f"configured as `kind: {kind}`, but this is rss20: write `kind: feed`"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("page", "remedy"),
    [
        (PAGE, "if it lists news, write `kind: listing`, else look with `monitor sources discover`"),
        (
            b"<html><link rel='alternate' type='application/rss+xml' href='/feed.xml'><p>Hello",
            "it names a feed: https://wharf.example/feed.xml",
        ),
    ],
)
def test_page_in_place_of_a_feed_says_what_to_do(page: bytes, remedy: str) -> None:
    """A page where a feed is expected is not read as a list: the error names the remedy, best the feed itself."""
    with pytest.raises(ParseError, match=r"this is an HTML page .*, not a feed") as caught:
        answered(page, source())
    assert str(caught.value).endswith(remedy)


def test_list_page_is_read_where_one_is_expected() -> None:
    """Only the configuration makes a page a list."""
    assert len(answered(PAGE, source(SourceKind.LISTING)).entries) == 4


@pytest.mark.parametrize("body", [RSS, JSON, SITEMAP])
def test_only_matching_addresses_are_taken(body: bytes) -> None:
    """What the configuration does not want is counted, whatever the kind."""
    assert len(answered(body, source(match="/en/")).entries) == 1
    feed = answered(body, source(match="/az/"))
    assert (feed.entries, "do not contain '/az/'" in feed.skipped[0].reason) == ((), True)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (gzip.compress(RSS, mtime=0)[:-9], "the compressed file is cut short"),
        (b"\x1f\x8bnot gzip at all", "the compressed file is broken"),
        (gzip.compress(b" " * 20_000_001, mtime=0), "holds more than 20000000 bytes"),
    ],
)
def test_broken_and_endless_archives_are_refused(body: bytes, problem: str) -> None:
    """A file that cannot be unpacked, or would fill the memory, is an error."""
    with pytest.raises(ParseError, match=problem):
        answered(body, source())


MARKS = [
    b"<rss version='2.0'>", b"<channel>", b"<item>", b"<link>http://[</link>", b"<urlset>", b"<url>", b"<loc>/a</loc>",
    b"<lastmod>2026-06-01</lastmod>", b"<sitemapindex>", b"<sitemap>", b"</url>", b"</urlset>", b"<html>", b"<ul>",
    b"<li>", b"<a href='/n/1'>One two three four</a>", b"<a href='/n/2'>Two three four five</a>", b"<a href='//['>x</a>",
    b"<a href='/n/3'>3 May 2026</a>", b"</ul>", b"<table><tr><td>", b"<nav>", b"<time datetime='2026-06-01'>", b"<!--",
    b"<base href='http://['>", b"<a rel=next href='?p=2'>next</a>", b"<div class=pager>", b"<b>1</b>", b"&nbsp;", b"<!DOCTYPE x [",
    b'<!ENTITY a "b">]>', b"&a;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b'{"items": [', b'{"id": ', b"1e999",
    b'"title": ', b'"\\ud800"', b"]", b"}", b",", b"null", b"12.05.2026", b"<?xml version='1.0' encoding='utf-16'?>",
    b"<meta charset=punycode>", b"<![CDATA[", b"<frameset>", b"<a", b" ",
]  # fmt: skip
BODIES = st.lists(st.sampled_from(MARKS) | st.binary(max_size=6), max_size=30).map(b"".join)
SELECTORS = Selectors("li", "a", "a", "time", "p", "a")


@given(BODIES, st.sampled_from(SourceKind), st.sampled_from([None, SELECTORS]), st.booleans())
@example(b"[" * 100_000, SourceKind.JSON, None, False)
@example(b"<div>" * 3000 + b"<a href='/x/1'>a b c</a>" * 5, SourceKind.LISTING, None, False)
@example(json.dumps({"items": [{"id": 10**400}]}).encode(), SourceKind.JSON, None, False)
@example(b'{"items": [{"id": ' + b"9" * 5000 + b"}]}", SourceKind.JSON, None, False)
@example(b"<html><meta charset=idna><p>\xff", SourceKind.LISTING, None, False)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_a_feed_or_a_parse_error(
    body: bytes, kind: SourceKind, selectors: Selectors | None, zipped: bool
) -> None:
    """Whatever comes, from wherever, nothing but ParseError escapes, and what is read can be stored."""
    asked = source(kind, selectors=selectors if kind is SourceKind.LISTING else None, pages=3)
    try:
        feed = answered(gzip.compress(body) if zipped else body, asked)
    except ParseError:
        return
    for entry in feed.entries:
        assert entry.guid or entry.url or entry.title
        assert "\n" not in entry.title
        f"{entry.title}{entry.summary}{entry.content}{entry.url}{entry.author}".encode()
