"""Atom feeds: valid, with ids that never change, and inert whatever the outlets wrote."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from xml.etree import ElementTree as ET

import feedparser
import pytest
from digest_builders import at
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.feed import digest_feed, file_name, watchlist_feed
from monitor.model import Issued, ToldStory

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITE = "https://news.example/customs/"
HERE = UUID(int=7)
TWO = (
    Issued(date(2026, 11, 20), at("21 06:00"), 9, (ToldStory(3, "Parcels & <duty>", 5), ToldStory(4, "Tea", 6))),
    Issued(date(2026, 11, 19), at("20 06:00"), 4, ()),
)


def tree(text: str) -> ET.Element:
    """Read a feed as XML."""
    return ET.fromstring(text.encode())  # noqa: S314 - what we wrote


def needed(element: ET.Element) -> bool:
    """Tell whether a feed or entry has exactly one of what RFC 4287 wants once (sections 4.1.1 and 4.1.2)."""
    return all(len(element.findall(f"a:{name}", ATOM)) == 1 for name in ("id", "title", "updated"))


@pytest.mark.parametrize(
    "text", [digest_feed(TWO, site=SITE, installation=HERE), watchlist_feed("Parcels", TWO, site="", installation=HERE)]
)
def test_feeds_are_valid(text: str) -> None:
    """All that the standard asks for is there once, ids are unique, and a feed reader finds nothing wrong."""
    feed = tree(text)
    entries = feed.findall("a:entry", ATOM)
    assert entries
    assert all(map(needed, [feed, *entries]))
    assert feed.find("a:author/a:name", ATOM) is not None
    ids = [element.text or "" for element in feed.iter(f"{{{ATOM['a']}}}id")]
    assert len(set(ids)) == len(ids)
    assert all(found.startswith("urn:uuid:") for found in ids)
    parsed = feedparser.parse(text.encode(), response_headers={"content-type": "application/atom+xml; charset=utf-8"})
    assert not parsed.bozo
    assert parsed.version == "atom10"


def test_digests_are_entries_with_their_headlines() -> None:
    """Each digest is an entry that leads to its page; the headlines are a list."""
    parsed = feedparser.parse(digest_feed(TWO, site=SITE, installation=HERE).encode())
    assert parsed.feed.updated == "2026-11-21T06:00:00Z"
    first, second = parsed.entries
    assert (first.title, first.link) == ("Customs digest, Friday 20 November 2026", f"{SITE}2026-11-20.html")
    assert first.content[0].value == "<ol><li>Parcels &amp; &lt;duty&gt;</li><li>Tea</li></ol>"
    assert first.summary == "2 stories from 9 pieces"
    assert second.summary == "0 stories from 4 pieces"


def test_stories_are_entries_of_a_watchlist() -> None:
    """Each story is an entry that leads to its place in the digest; without an address, to the file beside."""
    first, second = tree(watchlist_feed("Parcels", TWO, site="", installation=HERE)).findall("a:entry", ATOM)
    assert first.findtext("a:title", namespaces=ATOM) == "Parcels & <duty>"
    assert [e.find("a:link", ATOM).get("href") for e in (first, second)] == [  # type: ignore[union-attr]
        "2026-11-20.html#story-3",
        "2026-11-20.html#story-4",
    ]


def test_ids_outlive_a_move() -> None:
    """Another address, or more digests, leave the ids as they are."""

    def ids(text: str) -> list[str]:
        return [element.text or "" for element in tree(text).iter(f"{{{ATOM['a']}}}id")]

    assert ids(digest_feed(TWO, site=SITE, installation=HERE)) == ids(digest_feed(TWO, site="", installation=HERE))
    assert (
        ids(digest_feed(TWO[1:], site="", installation=HERE))[1:]
        == ids(digest_feed(TWO, site="", installation=HERE))[2:]
    )


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_nothing_breaks_a_feed(text: str) -> None:
    """Whatever a headline or name holds, the feed is well-formed and holds no markup of theirs."""
    told = (Issued(date(2026, 11, 20), at("21 06:00"), 1, (ToldStory(3, text, 5),)),)
    for feed in (digest_feed(told, site="", installation=HERE), watchlist_feed(text, told, site="", installation=HERE)):
        names = {element.tag.partition("}")[2] for element in tree(feed).iter()}
        assert names <= {
            "feed",
            "id",
            "title",
            "subtitle",
            "updated",
            "author",
            "name",
            "link",
            "entry",
            "summary",
            "content",
        }


@given(st.text(max_size=40), st.text(max_size=40))
def test_watchlists_have_files_of_their_own(one: str, other: str) -> None:
    """Names become plain file names, and different names different ones."""
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in file_name(one))
    assert (file_name(one) == file_name(other)) == (one == other)
