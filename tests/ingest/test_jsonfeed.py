"""JSON Feed 1.0 and 1.1 become entries of plain text, and whatever else is JSON says what it lacks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.ingest.jsonfeed import MAX_BYTES, parse
from monitor.model import Dated, DateOrigin, Entry, Feed

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://pier.example/feed.json"


def read(*items: Any, version: str = "https://jsonfeed.org/version/1.1", **more: Any) -> Feed:
    """Parse a JSON Feed of some items."""
    document = {"version": version, "title": "Pier", "items": items, **more}
    return parse(json.dumps(document).encode(), url=URL, now=NOW)


def test_everything_an_item_can_have() -> None:
    """An item of version 1.1 gives an entry with all its parts."""
    feed = read(
        {
            "id": "https://pier.example/1", "url": "/1", "title": "Tea &amp; <b>tobacco</b>", "summary": "In short",
            "content_html": "<p>Officers found tea.</p><script>x</script><p>And more.</p>",
            "date_published": "2026-06-01T10:00:00+04:00", "authors": [{"name": "A. Writer"}, {"name": "B. Writer"}],
            "language": "az-AZ",
        },
        language="en",
    )  # fmt: skip
    at = datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert feed == Feed(
        "json11",
        (
            Entry(
                "https://pier.example/1", "https://pier.example/1", "Tea & tobacco", "In short",
                "Officers found tea.\nAnd more.", Dated(at, DateOrigin.FEED, evidence="2026-06-01T10:00:00+04:00"),
                "A. Writer, B. Writer", "az",
            ),
        ),
        lang="en",
    )  # fmt: skip


def test_version_1_0_with_what_publishers_do_to_it() -> None:
    """A single author, a number for an id, a plain text, only a time of change and only an outside link are read."""
    feed = read(
        {
            "id": 7,
            "external_url": "https://elsewhere.example/a",
            "content_text": "1 < 2\n\nyes",
            "date_modified": "2026-05-30",
        },
        version="https://jsonfeed.org/version/1",
        author={"name": "desk@pier.example (The Desk)"},
    )
    (entry,) = feed.entries
    assert (feed.version, entry.guid, entry.url, entry.content, entry.author) == (
        "json10", "7", "https://elsewhere.example/a", "1 < 2\nyes", "The Desk",
    )  # fmt: skip
    assert (entry.published.at, entry.published.has_time) == (datetime(2026, 5, 30, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "value", [None, True, [], {}, ["x"], 1.5, "\ud800", "x" * 9000, "\x00\n", "http://["], ids=repr
)
def test_values_of_another_kind_do_no_harm(value: Any) -> None:
    """Any value may stand in any place."""
    names = ("id", "url", "external_url", "title", "summary", "content_html", "content_text", "date_published", "authors",
             "author", "language")  # fmt: skip
    feed = read(dict.fromkeys(names, value), value, {"id": "1"}, language=value, author=value)
    assert feed.entries[-1].guid == "1"
    assert len(feed.entries) + len(feed.skipped) == 3


def test_what_is_left_out_is_counted() -> None:
    """Items without identity and those over the cap are told with the reason."""
    document = json.dumps({"items": [{}, {"id": "a"}, {"id": "b"}, {"id": "c"}]}).encode()
    feed = parse(document, url=URL, now=NOW, max_entries=3)
    assert ([e.guid for e in feed.entries], [(s.what, s.reason) for s in feed.skipped]) == (
        ["a", "b"],
        [("entry 1", "it has no id, no usable link and no title"), ("1 entries", "the feed has more than 3 entries")],
    )


def test_byte_order_marks_and_other_encodings() -> None:
    """UTF-8 with a mark and UTF-16 are read."""
    document = '{"items": [{"id": "1", "title": "Gömrük"}]}'
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert parse(document.encode(encoding), url=URL, now=NOW).entries[0].title == "Gömrük"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the JSON is broken"),
        (b'{"items": [', "the JSON is broken"),
        (b"[" * 200_000, "the JSON is broken"),
        (b"\xff\xff\xff", "the JSON is broken"),
        (b"[]", "no object with `items`"),
        (b"null", "no object with `items`"),
        (b'{"count": 1, "results": []}', "no list of `items`"),
        (b'{"items": {"a": 1}}', "no list of `items`"),
        (b" " * (MAX_BYTES + 1), "larger than"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_what_is_no_json_feed(body: bytes, problem: str) -> None:
    """The error says in one line what is missing."""
    with pytest.raises(ParseError, match=problem) as caught:
        parse(body, url=URL, now=NOW)
    assert "\n" not in str(caught.value)
