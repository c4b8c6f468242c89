"""Whatever comes in place of a feed: the parser gives a Feed or a ParseError, in time, and nothing unfit to be stored."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from feedcorpus import FORMATS, MUTATIONS, Sample, corpus
from harness import Clock, opened
from webserver import Web, answer, serving

from monitor.errors import ParseError
from monitor.ingest.dates import EARLIEST, FUTURE_LEEWAY
from monitor.ingest.decide import decide, keys_of
from monitor.ingest.feed import MAX_ENTRIES, parse
from monitor.model import Entry, Feed, Outlet, Source
from monitor.store import search

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTLET = Outlet("quay-news", "Quay News", "quay-news")
URL = "https://quay.example/feed/"
SEED, COUNT = 20261122, 400
#: CPU seconds; the slowest of the corpus takes a tenth of this
LONGEST_S = 5.0
SAMPLES = tuple(corpus(seed=SEED, count=COUNT))


def read(sample: Sample) -> Feed | ParseError:
    """Parse a sample; anything but a feed or a ParseError fails the test that asks."""
    try:
        return parse(sample.body, url=URL, headers=sample.headers, now=NOW)
    except ParseError as error:
        return error


@cache
def outcomes() -> dict[str, tuple[Feed | ParseError, float]]:
    """Return what each sample came to, and the CPU seconds that took."""
    found = {}
    for sample in SAMPLES:
        began = time.process_time()
        found[sample.name] = (read(sample), time.process_time() - began)
    return found


def feeds() -> dict[str, Feed]:
    """Return the samples that could be read."""
    return {name: outcome for name, (outcome, _) in outcomes().items() if isinstance(outcome, Feed)}


def entries() -> list[tuple[str, Entry]]:
    """Return all entries with the name of their sample."""
    return [(name, entry) for name, feed in feeds().items() for entry in feed.entries]


def test_the_corpus_is_large_and_varied() -> None:
    """There are at least 300 samples, no two alike in name, with every format and every way to break one."""
    words = Counter(word for sample in SAMPLES for word in sample.name.split()[1:])
    assert len({sample.name for sample in SAMPLES}) >= 300
    assert {one.__name__ for one in (*FORMATS, *MUTATIONS)} <= set(words)


def test_the_corpus_is_always_the_same() -> None:
    """A seed gives the same bytes each time, and another seed others."""
    again = tuple(corpus(seed=SEED, count=60))
    assert again == SAMPLES[:60]
    assert tuple(corpus(seed=SEED + 1, count=60)) != again


def test_the_corpus_meets_both_outcomes() -> None:
    """Many samples can be read and many cannot, else the corpus would show nothing."""
    assert 100 < len(feeds()) < COUNT - 100
    assert len(entries()) > 500


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name.replace(" ", "+"))
def test_a_feed_or_a_parse_error(sample: Sample) -> None:
    """Each sample gives a Feed or a ParseError of one printable line, within the time."""
    outcome, seconds = outcomes()[sample.name]
    assert seconds < LONGEST_S
    if isinstance(outcome, ParseError):
        assert str(outcome).startswith(URL)
        assert str(outcome).isprintable()


def test_entries_never_exceed_the_cap() -> None:
    """No feed has more entries than the cap, and at least one sample has so many that the rest is counted."""
    assert max(len(feed.entries) for feed in feeds().values()) == MAX_ENTRIES
    assert any("more than" in skipped.reason for feed in feeds().values() for skipped in feed.skipped)


def test_links_are_web_addresses() -> None:
    """Every address is absolute, http or https, and of a length that can be asked for."""
    wrong = [
        (name, entry.url)
        for name, entry in entries()
        if entry.url is not None and not (entry.url.startswith(("http://", "https://")) and len(entry.url) <= 4000)
    ]
    assert wrong == []


def test_every_entry_has_an_identity() -> None:
    """An entry has a GUID, an address or a title, so that it has a key."""
    assert [name for name, entry in entries() if not (entry.guid or entry.url or entry.title)] == []
    assert [name for name, entry in entries() if not all(keys_of(entry))] == []


def test_texts_can_be_stored_and_shown() -> None:
    """No text holds control characters, turned directions or halves of letters; titles are one line."""
    for name, entry in entries():
        line = "".join(filter(None, (entry.title, entry.guid, entry.author, entry.url)))
        text = line + entry.summary + entry.content
        assert "\n" not in line, name
        assert not {c for c in text if c < " " and c not in "\n\t"}, name
        assert not set(text) & set("\x7f\u202e\u202d\ufeff\x00"), name
        text.encode("utf-8")


def test_dates_are_plausible() -> None:
    """Every date is aware, in UTC, and one on which news can have been published."""
    dates = [(name, entry.published.at) for name, entry in entries() if entry.published.at]
    assert len(dates) > 300
    assert [
        (name, at) for name, at in dates if at.utcoffset() != timedelta() or not EARLIEST <= at <= NOW + FUTURE_LEEWAY
    ] == []


def test_reading_is_repeatable() -> None:
    """The same bytes give the same feed, so that nothing is taken for a revision that is none."""
    assert [sample.name for sample in SAMPLES[::7] if str(read(sample)) != str(outcomes()[sample.name][0])] == []


def test_every_batch_can_be_decided_about() -> None:
    """Deciding on the entries of any feed gives one decision each, with keys that the state can hold."""
    for name, feed in feeds().items():
        decisions = decide(feed.entries, {})
        assert len(decisions) == len(feed.entries), name
        "".join(key for decision in decisions for key in decision.keys).encode("utf-8")


def serve(web: Web, samples: Sequence[Sample], tail: bytes) -> None:
    """Let each sample be the feed of a host of its own, with some bytes behind it."""
    for number, sample in enumerate(samples):
        body = sample.body.replace(b"quay.example", b"h%d.example" % number) + tail
        web.pages[f"/feed/{number}"] = answer("200 OK", body, Content_Type=sample.headers["content-type"])


def test_the_corpus_goes_through_the_monitor_twice(tmp_path: Path) -> None:
    """A source for every fourth sample is polled and stored, and the same feeds in other bytes bring nothing new."""
    clock, samples = Clock(), SAMPLES[::4]
    sources = [Source(f"s{n}", "quay-news", f"http://h{n}.example/feed/{n}", trusted=True) for n in range(len(samples))]
    # whatever a broken address names is here: nothing is asked of the real network
    with serving() as web, opened(tmp_path, {"*": ("127.0.0.1", web.port)}, ([OUTLET], sources), clock) as app:
        serve(web, samples, b"")
        first = app.pipeline.run_pass().counts()
        clock.move(days=2)
        serve(web, samples, b"\n")
        second = app.pipeline.run_pass().counts()
        assert {name: found for name, found in search.check(app.storage.db).items() if found} == {}
        states = {row[0] for row in app.storage.db.execute("select state from v_sources")}
    assert states == {"ok", "undated", "empty", "failing", "blocked"}
    assert (first["polled"], first["new"] > 100) == (len(samples), True)
    assert (second["polled"], second["new"], second["revised"]) == (len(samples), 0, 0)
