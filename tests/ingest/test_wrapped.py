"""Addresses inside aggregators' links, and publishers' names behind titles."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.wrapped import repaired, unwrapped
from monitor.model import Entry, Feed

INNER = "https://port.example/news/7?id=3"


def old_id(url: str, amp: str = "") -> str:
    """Return a Google News id of the kind used until July 2024."""
    size = len(url)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    tail = b"\xd2\x01" + bytes([len(amp)]) + amp.encode() if amp else b"\xd2\x01\x00"
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + length + url.encode() + tail).decode().rstrip("=")


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://news.google.com/rss/articles/{old_id(INNER)}?oc=5",
        f"https://news.google.com/articles/{old_id(INNER, 'https://port.example/amp/7')}",
        f"https://www.google.com/url?rct=j&sa=t&url={quote(INNER, safe='')}&ct=ga",
        f"https://www.google.de/url?q={quote(INNER, safe='')}",
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={quote(INNER, safe='')}&c=1",
        f"https://l.facebook.com/l.php?u={quote(INNER, safe='')}",
        f"https://track.example/click?to={quote(INNER, safe='')}",
        f"https://mail.example/redirect.php?URL={quote(INNER, safe='')}",
        "https://track.example/out?url=" + quote("https://www.google.com/url?q=" + quote(INNER, safe=""), safe=""),
        "https://port-example.cdn.ampproject.org/c/s/port.example/news/7%3Fid=3",
        "https://www.google.com/amp/s/port.example/news/7%3Fid=3",
    ],
)
def test_wrapped_link_is_read_offline(wrapped: str) -> None:
    """Redirectors, the old ids of Google News and AMP caches give the publisher's address away."""
    assert unwrapped(wrapped) == INNER


def test_long_address_in_an_old_id() -> None:
    """A length of more than one byte is read."""
    long = "https://port.example/" + "a" * 300
    assert unwrapped(f"https://news.google.com/rss/articles/{old_id(long)}") == long


@pytest.mark.parametrize(
    "url",
    [
        INNER,
        "https://port.example/share?url=https%3A%2F%2Fother.example%2F1",
        "https://port.example/search?q=https%3A%2F%2Fother.example",
        "https://port.example/click?to=/news/7",
        "https://port.example/click?to=javascript:alert(1)",
        "https://port.example/click?url=https://localhost/admin",
        "https://news.google.com/rss/articles/"
        + base64.urlsafe_b64encode(b"\x08\x13\x22\xd4\x01AU_yqL" + b"x" * 60).decode(),
        "https://news.google.com/rss/articles/"
        + base64.urlsafe_b64encode(b"\x08\x13\x22\xff\xff\xff\xff\xff" + b"x" * 20).decode(),
        "https://news.google.com/rss/articles/CBMi" + "_" * 20,
        "http://[::1",
    ],
)
def test_other_links_stay(url: str) -> None:
    """What is no wrapper, or does not hold an address that can be read, stays as it is."""
    assert unwrapped(url) == url


@given(
    st.text(max_size=80)
    | st.from_regex(r"https://news\.google\.com/rss/articles/[A-Za-z0-9_=-]{16,60}", fullmatch=True)
)
@settings(max_examples=200)
def test_no_link_raises(url: str) -> None:
    """Any text is a link or is not one."""
    assert isinstance(unwrapped(url), str)


def titles(*entries: tuple[str, str]) -> list[str]:
    """Return the titles of a feed of (address, title) once it is repaired."""
    return [e.title for e in repaired(Feed("rss20", tuple(Entry(None, url, title) for url, title in entries))).entries]


def test_publisher_behind_the_titles_of_an_aggregator() -> None:
    """Google News puts a publisher behind each title; what is too long for a name, or all there is, stays."""
    news = f"https://news.google.com/rss/articles/{old_id(INNER)}"
    assert titles((news, "Scanner opens at the port - The Quay Courier"), (news, "Scanner - Quay")) == [
        "Scanner opens at the port", "Scanner - Quay",
    ]  # fmt: skip
    long = "Scanner opens at the port - and the minister says nothing to it"
    assert titles((news, long)) == [long]


def test_name_behind_every_title_of_a_feed() -> None:
    """Only a name that all titles share is the outlet's; otherwise the last part belongs to the title."""
    feed = [(f"{INNER}{n}", f"Customs opens hall {n} | Port News") for n in range(4)]
    assert titles(*feed) == [f"Customs opens hall {n}" for n in range(4)]
    assert titles(*feed[:2]) == [title for _, title in feed[:2]]
    mixed = [*feed, (INNER, "Customs opens another hall - for cars")]
    assert titles(*mixed) == [title for _, title in mixed]
