"""What an entry is to the store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.decide import canonical_url, decide, entry_hash, keys_of
from monitor.model import DecisionKind, Entry, KnownItem

ENTRY = Entry(
    guid="https://port.example/?p=7", url="https://port.example/news/7", title="Scanner opens", summary="A hall."
)


def known(entry: Entry = ENTRY, **more: object) -> dict[str, KnownItem]:
    """Return what the store remembers of an entry, under its first key."""
    item = KnownItem(item_id=1, entry_hash=entry_hash(entry), **more)  # type: ignore[arg-type]
    return {keys_of(entry)[0]: item}


def kinds(entries: list[Entry], remembered: dict[str, KnownItem] | None = None) -> list[str]:
    """Return the kinds of the decisions on some entries."""
    return [decision.kind.value for decision in decide(entries, remembered or {})]


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (ENTRY, "guid:https://port.example/?p=7"),
        (replace(ENTRY, guid="77"), "guid:port.example:77"),
        (replace(ENTRY, guid="77", url=None), "guid::77"),
        (replace(ENTRY, guid="urn:uuid:1"), "guid:urn:uuid:1"),
        (replace(ENTRY, guid=None, url="https://www.port.example/a/?utm_source=x#top"), "url:port.example/a"),
        (replace(ENTRY, guid=None, url="http://port.example/a"), "url:port.example/a"),
    ],
)
def test_identity_is_guid_then_url(entry: Entry, key: str) -> None:
    """A GUID names an entry, a bare number only on its site; else the address without scheme, www and trackers."""
    assert keys_of(entry)[0] == key


def test_identity_by_title_is_the_last_resort() -> None:
    """Entries without GUID and address are the same when their titles are, whatever the case."""
    first, second = Entry(None, None, "Scanner  OPENS"), Entry(None, None, "scanner opens")
    assert keys_of(first)[0] == keys_of(second)[0] != keys_of(Entry(None, None, "Scanner closes"))[0]
    assert keys_of(first) == (keys_of(first)[0],)


def test_an_item_may_be_known_by_guid_or_url() -> None:
    """Both keys are offered, the GUID first."""
    assert keys_of(ENTRY) == ("guid:https://port.example/?p=7", "url:port.example/news/7")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Port.Example:443/a//b/../c?utm_source=rss&id=5&fbclid=x#frag", "https://port.example/a/b/../c?id=5"),
        ("https://port.example/a?eid=55", "https://port.example/a?eid=55"),
        ("https://port.example/a?ref=rss&gclid=Cj0abc", "https://port.example/a"),
        ("https://port.example/a?utm_id=55", "https://port.example/a"),
        ("https://port.example/a?1234", "https://port.example/a?1234"),
        ("https://port.example/a?page=2&lang=en", "https://port.example/a?page=2&lang=en"),
        ("https://port.example/#!/news/7", "https://port.example/#!/news/7"),
        ("http://[::1", "http://[::1"),
        (" https://port.example/a ", "https://port.example/a"),
    ],
)
def test_canonical_address(url: str, canonical: str) -> None:
    """Trackers and fragments go, parameters that may name the article stay."""
    assert canonical_url(url) == canonical


@given(st.text(max_size=40) | st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z0-9/?&=#%.:-]{0,30}", fullmatch=True))
@settings(max_examples=300)
def test_canonical_address_is_stable(url: str) -> None:
    """No address raises, and making it canonical twice changes nothing more."""
    once = canonical_url(url)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, DecisionKind.SAME),
        ({"tombstone": True, "dropped": True}, DecisionKind.GONE),
        ({"dropped": True, "page_pending": True}, DecisionKind.SAME),
        ({"page_pending": True, "page_attempts": 2}, DecisionKind.RETRY),
        ({"page_pending": True, "page_attempts": 3}, DecisionKind.SAME),
    ],
)
def test_unchanged_entry(more: dict[str, object], kind: DecisionKind) -> None:
    """What the store remembers decides: gone stays gone, dropped stays dropped, a pending page is tried again."""
    (decision,) = decide([ENTRY], known(**more))
    assert (decision.kind, decision.known and decision.known.item_id) == (kind, 1)
    assert decision.reason


@pytest.mark.parametrize("change", [{"title": "Scanner shuts"}, {"summary": "No hall."}, {"content": "More."}])
def test_changed_entry_is_a_revision(change: dict[str, str]) -> None:
    """A change of title, teaser or text is a revision, also while the page is pending; a tombstone outranks it."""
    changed = replace(ENTRY, **change)
    assert kinds([changed], known(page_pending=True)) == ["revised"]
    assert kinds([changed], known(tombstone=True)) == ["gone"]
    assert kinds([changed], known(dropped=True)) == ["same"]


def test_spacing_and_other_fields_are_no_revision() -> None:
    """Spacing, author and address changes leave the hash as it is."""
    assert entry_hash(replace(ENTRY, title="Scanner\n opens", author="X", url=None)) == entry_hash(ENTRY)
    assert entry_hash(replace(ENTRY, title="Scanner", summary="opens A hall.")) != entry_hash(ENTRY)


def test_new_entry() -> None:
    """An entry nobody knows is new, with its key and hash for the store."""
    (decision,) = decide([ENTRY], {})
    assert (decision.kind, decision.key, decision.entry_hash) == (
        DecisionKind.NEW,
        keys_of(ENTRY)[0],
        entry_hash(ENTRY),
    )


def test_known_by_its_second_key() -> None:
    """An entry that got another GUID is found by its address."""
    item = KnownItem(5, entry_hash(ENTRY))
    (decision,) = decide([replace(ENTRY, guid="other:1")], {"url:port.example/news/7": item})
    assert (decision.kind, decision.known) == (DecisionKind.SAME, item)


def test_entry_that_stands_twice_in_the_feed() -> None:
    """The first of two is decided on, the second is the same, by GUID or by address."""
    twin = replace(ENTRY, guid=None)
    decisions = decide([ENTRY, ENTRY, twin], {})
    assert [d.kind.value for d in decisions] == ["new", "same", "same"]
    assert "twice" in decisions[1].reason


def test_repeated_guid_with_other_addresses_is_ignored() -> None:
    """A feed that gives all its entries one GUID still brings each of them, now and on the next poll."""
    entries = [Entry("1", f"https://port.example/{n}", f"Title {n}") for n in range(3)]
    decisions = decide(entries, {})
    assert [d.kind.value for d in decisions] == ["new"] * 3
    assert [d.key for d in decisions] == [f"url:port.example/{n}" for n in range(3)]
    remembered = {d.key: KnownItem(n, d.entry_hash) for n, d in enumerate(decisions)}
    assert kinds(entries, remembered) == ["same"] * 3


def test_guid_repeated_by_an_entry_without_address() -> None:
    """An entry that shares a useless GUID and has no address keeps it as its only key."""
    entries = [
        Entry("1", "https://port.example/1", "A"),
        Entry("1", "https://port.example/2", "B"),
        Entry("1", None, "C"),
    ]
    assert kinds(entries) == ["new", "new", "new"]


@given(
    st.lists(
        st.builds(
            Entry,
            guid=st.sampled_from([None, "1", "urn:x:1", "urn:x:2"]),
            url=st.sampled_from([None, "https://a.example/1", "https://a.example/2", "http://www.a.example/2/"]),
            title=st.sampled_from(["A", "B"]),
        ),
        max_size=8,
    )
)
@settings(max_examples=150)
def test_no_key_is_decided_on_twice(entries: list[Entry]) -> None:
    """Each entry gets one decision in order, and no two new items share a key."""
    decisions = decide(entries, {})
    assert [d.entry for d in decisions] == entries
    new = [d.key for d in decisions if d.kind is DecisionKind.NEW]
    assert len(new) == len(set(new))


@pytest.mark.parametrize(
    ("title", "url", "kind"),
    [
        ("Scanner opens", "https://quay.example/scanner", DecisionKind.SAME),
        ("Scanner opens at last", "https://quay.example/scanner", DecisionKind.REVISED),
        ("Scanner opens", "https://quay.example/scanner-2", DecisionKind.SAME),
        ("Ferry moves", "https://quay.example/ferry", DecisionKind.NEW),
    ],
)
def test_a_guid_alone_does_not_make_two_pieces_one(title: str, url: str, kind: DecisionKind) -> None:
    """Another address or another title is a mended piece; both at once are another piece with a borrowed GUID."""
    entry = Entry(guid="https://quay.example/", url=url, title=title)
    before = Entry(guid="https://quay.example/", url="https://quay.example/scanner", title="Scanner opens")
    item = KnownItem(7, entry_hash(before), title=before.title, url=before.url)
    (decision,) = decide([entry], dict.fromkeys(keys_of(before), item))
    assert decision.kind is kind
    assert (decision.known is None) == (kind is DecisionKind.NEW)
    assert (decision.keys == (keys_of(entry)[1],)) == (kind is DecisionKind.NEW)
