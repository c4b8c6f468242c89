"""Lists of subscriptions are read whatever program wrote them, and what is written is OPML 2.0."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from monitor.errors import ParseError
from monitor.ingest.opml import MAX_BYTES, MAX_OUTLINES, Subscription, read, write
from monitor.model import SourceKind
from monitor.text import clean

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)


def test_folders_are_flattened() -> None:
    """Subscriptions at any depth are found once, also one that holds others; folders are none."""
    body = (
        b"<?xml version='1.0'?><OPML version='1.0'><body><outline text='A'><outline text='B'>"
        b"<outline text='One' title='First' xmlUrl='https://a.example/f' htmlUrl='https://a.example/' language='de-AT'/>"
        b"<outline text='Two' xmlurl='https://b.example/f'><outline text='In' XMLURL=' https://c.example/f '/></outline>"
        b"<outline text='Again' xmlUrl='https://a.example/f'/></outline></outline><outline text='Empty'/></body></OPML>"
    )
    found = read(body, what="x")
    assert found.found == (
        Subscription("First", "https://a.example/f", SourceKind.FEED, "https://a.example/", "de"),
        Subscription("Two", "https://b.example/f"),
        Subscription("In", "https://c.example/f"),
    )
    assert [s.reason for s in found.skipped] == ["it stands in the list twice", "it has no usable `xmlUrl`"]


def test_entities_are_not_replaced() -> None:
    """A file with entities neither explodes nor reads another file."""
    body = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'><!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><opml><body><outline text='t' xmlUrl='https://a.example/'>&e;&b;</outline></body></opml>"
    try:
        found = read(body, what="x").found
    except ParseError:
        return
    assert "root:" not in str(found)


def test_size_and_number_are_bounded() -> None:
    """A file that is too large is refused, one with too many subscriptions cut, and it is told."""
    with pytest.raises(ParseError, match="larger than"):
        read(b"<opml>" + b" " * MAX_BYTES, what="x")
    many = "".join(f"<outline xmlUrl='https://a.example/{n}'/>" for n in range(MAX_OUTLINES + 5))
    found = read(f"<opml>{many}</opml>".encode(), what="x")
    assert (len(found.found), found.skipped[0].reason) == (MAX_OUTLINES, f"more than {MAX_OUTLINES} subscriptions")


TEXTS = st.text(max_size=15).map(lambda text: " ".join(clean(text).split()))


@given(
    st.lists(
        st.builds(
            Subscription,
            TEXTS,
            st.integers(0, 99).map(lambda n: f"https://a.example/?{n}&<'\">"),
            st.sampled_from([SourceKind.FEED, SourceKind.LISTING, SourceKind.SITEMAP]),
            st.none(),
            st.sampled_from([None, "az"]),
        ),
        max_size=5,
        unique_by=lambda one: one.url,
    ),
    TEXTS,
)
@settings(max_examples=100)
def test_what_is_written_is_read_again(subscriptions: list[Subscription], folder: str) -> None:
    """Every title, address, kind and language survives, and the document has what the standard wants."""
    written = write([(folder, subscriptions)], title="Mine", now=NOW)
    root = etree.fromstring(written)
    assert (root.get("version"), root.findtext("head/dateCreated")) == ("2.0", "Tue, 02 Jun 2026 12:00:00 +0000")
    assert all(outline.get("text") is not None for outline in root.iter("outline"))
    assert [(s.url, s.kind, s.lang) for s in read(written, what="x").found] == [
        (s.url, s.kind, s.lang) for s in subscriptions
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                b"<opml>",
                b"<body>",
                b"<outline xmlUrl='http://['/>",
                b"<outline>",
                b"</outline>",
                b"</opml>",
                b"\x00",
                b"<!DOCTYPE a [",
                b"]>",
                b"&a;",
                b"\xff\xfe",
                b"<outline text='\xc3'",
            ]
        )
        | st.binary(max_size=5),
        max_size=12,
    ).map(b"".join)
)
@settings(max_examples=200)
def test_any_bytes_are_a_list_or_a_parse_error(body: bytes) -> None:
    """Nothing but ParseError escapes."""
    try:
        read(body, what="x")
    except ParseError as error:
        assert "\n" not in str(error)  # noqa: PT017 - most bytes are none
