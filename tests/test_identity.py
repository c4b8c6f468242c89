"""One piece under many names, through whole passes: real HTTP on loopback, a clock set by hand."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from harness import Clock, feed_of, opened, page_of

from monitor import app as application
from monitor import explaining
from monitor.app import App
from monitor.model import Outlet, Source
from monitor.store import items

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Answer, Web, answer, serving

OUTLET = Outlet("quay", "Quay News", "quay")
SOURCE = Source("quay-news", "quay", "http://quay.example/feed", trusted=True)
TITLE = "Customs officers seize 300 kg of cocaine at the port"
TEASER = "Customs officers at Port Maren found the cocaine in a container of bananas."
TEXT = (
    "Customs officers at Port Maren found 300 kilograms of cocaine in a container of bananas on Friday evening.",
    "The container was selected for inspection by the risk analysis unit, and two dockers were detained by the police.",
)
RUSSIAN = (
    "Таможенники порта Марен нашли 300 килограммов кокаина в контейнере с бананами в пятницу вечером.",
    "Контейнер был выбран для досмотра отделом анализа рисков, полиция задержала двух докеров из порта.",
)
RUSSIAN_TITLE = "Таможня изъяла 300 кг кокаина в порту Марен"


@pytest.fixture
def quay() -> Iterator[Web]:
    """Run a server whose pages each test sets up."""
    with serving() as web:
        yield web


@contextmanager
def watching(quay: Web, folder: Path, clock: Clock, *sources: Source) -> Iterator[App]:
    """Build the monitor for some sources of the server."""
    with opened(folder, quay.connect_to, ([OUTLET], sources or (SOURCE,)), clock) as app:
        yield app


def html(*paragraphs: str, title: str = TITLE, head: str = "") -> Answer:
    """Return the answer of a page, with elements in its head."""
    body = page_of(title, *paragraphs).replace(b"</head>", head.encode() + b"</head>")
    return answer("200 OK", body, Content_Type="text/html; charset=utf-8")


def feed(*entries: tuple[str, str], guids: bool = True, teaser: str = TEASER) -> Answer:
    """Return a feed of (path, title); without GUIDs if told so."""
    body = feed_of(*((path, title, teaser) for path, title in entries))
    return answer("200 OK", body if guids else re.sub(rb"<guid>[^<]*</guid>", b"", body))


def passes(app: App, clock: Clock, number: int = 1) -> dict[str, int]:
    """Make some passes two hours apart and return the figures of the last one."""
    for _ in range(number):
        clock.move(hours=2)
        counts = app.pipeline.run_pass().counts()
    return counts


def rows(app: App, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    return list(app.storage.db.execute(query).fetchall())


def test_guid_and_address_may_change_one_after_the_other(quay: Web, tmp_path: Path) -> None:
    """Each name that a piece was seen under is remembered, so that a chain of changes is followed."""
    quay.pages |= {path: html(*TEXT) for path in ("/a", "/b")}
    clock = Clock()

    def named(guid: str, path: str) -> Answer:
        body = re.sub(rb"<guid>[^<]*</guid>", f"<guid>{guid}</guid>".encode(), feed_of((path, TITLE, TEASER)))
        return answer("200 OK", re.sub(rb"<pubDate>[^<]*</pubDate>", b"", body))

    with watching(quay, tmp_path, clock) as app:
        for guid, path in (("one", "/a"), ("two", "/a"), ("two", "/b"), ("three", "/b")):
            quay.pages["/feed"] = named(guid, path)
            passes(app, clock)
        assert rows(app, "select count(*), max(revision) from items") == [(1, 1)]
        assert len(rows(app, "select key from item_keys")) == 5


def test_guid_and_address_may_change_together(quay: Web, tmp_path: Path) -> None:
    """Title and second of publication know a piece whose other names are new on every poll."""
    clock = Clock()
    with watching(quay, tmp_path, clock) as app:
        for n in range(3):
            quay.pages |= {"/feed": feed((f"/s{n}/a", TITLE)), f"/s{n}/a": html(*TEXT)}
            passes(app, clock)
        assert rows(app, "select count(*) from items") == [(1,)]


def test_same_title_and_time_in_one_feed_are_two_pieces(quay: Web, tmp_path: Path) -> None:
    """Within one feed different addresses are different pieces, whatever their titles."""
    quay.pages |= {"/feed": feed(("/a", TITLE), ("/b", TITLE)), "/a": html(*TEXT), "/b": html(*RUSSIAN)}
    with watching(quay, tmp_path, clock := Clock()) as app:
        passes(app, clock, 2)
        assert rows(app, "select count(*) from items") == [(2,)]


def test_amp_mobile_and_tracked_addresses_are_one(quay: Web, tmp_path: Path) -> None:
    """Several sources bring one piece under addresses for phones and trackers; it is stored once with all of them."""
    sources = [replace(SOURCE, id=f"quay-{n}", url=f"http://quay.example/feed{n}") for n in range(3)]
    paths = ("/a", "/a/amp", "/a?utm_source=rss")
    quay.pages |= {f"/feed{n}": feed((path, TITLE), guids=False) for n, path in enumerate(paths)}
    quay.pages |= {path: html(*TEXT) for path in paths}
    with watching(quay, tmp_path, clock := Clock(), *sources) as app:
        passes(app, clock, 2)
        assert rows(app, "select count(*) from items") == [(1,)]
        assert rows(app, "select source_id from item_sources order by 1") == [("quay-0",), ("quay-1",), ("quay-2",)]


@pytest.mark.parametrize("title", [TITLE, "Another title altogether of another find"])
def test_canonical_address_is_believed_with_the_title_only(quay: Web, tmp_path: Path, title: str) -> None:
    """Two addresses that name one canonical address are one piece if title agrees, else the site is mistaken."""
    head = "<link rel='canonical' href='http://quay.example/piece'>"
    quay.pages |= {"/feed": feed(("/x1", TITLE), guids=False), "/x1": html(*TEXT, head=head)}
    quay.pages["/x2"] = html(*(t.replace("Friday", "Sunday") for t in TEXT), title=title, head=head)
    quay.pages["/piece"] = html("A third piece stands at the canonical address of all the others and must not be lost.")
    with watching(quay, tmp_path, clock := Clock()) as app:
        passes(app, clock)
        later = (("/x2", title), ("/piece", "A third piece about customs in the harbour"))
        quay.pages["/feed"] = feed(*later, guids=False)
        for _ in range(2):
            passes(app, clock)
        wanted = 2 if title == TITLE else 3
        assert rows(app, "select count(*) from items") == [(wanted,)]


def test_one_batch_with_one_canonical_address(quay: Web, tmp_path: Path) -> None:
    """Two entries of one feed whose pages are one page are one item."""
    head = "<link rel='canonical' href='http://quay.example/piece'>"
    quay.pages |= {"/feed": feed(("/x1", TITLE), ("/x2", TITLE), guids=False)}
    quay.pages |= {path: html(*TEXT, head=head) for path in ("/x1", "/x2")}
    with watching(quay, tmp_path, clock := Clock()) as app:
        assert passes(app, clock)["new"] == 1
        assert passes(app, clock)["new"] == 0
        assert rows(app, "select count(*) from items") == [(1,)]


def test_versions_in_two_languages_are_two_items_of_one_piece(quay: Web, tmp_path: Path) -> None:
    """A translation is kept with its own text, and known as a version; the same text under /ru/ is the same item."""
    quay.pages |= {
        "/feed": feed(("/en/7", TITLE), ("/ru/7", RUSSIAN_TITLE), ("/az/7", TITLE), ("/en/8", "Customs opens a new hall")),
        "/en/7": html(*TEXT), "/ru/7": html(*RUSSIAN, title=RUSSIAN_TITLE), "/az/7": html(*TEXT),
        "/en/8": html("The customs service of Maren opened a new hall for parcels at the port on Friday morning."),
    }  # fmt: skip
    with watching(quay, tmp_path, clock := Clock()) as app:
        passes(app, clock)
        found = rows(app, "select lang, url, version_of from v_items where url like '%/7' order by item_id")
        assert found == [("en", "http://quay.example/en/7", None), ("ru", "http://quay.example/ru/7", 1)]
        shown = explaining.explain_item(app.storage.db, 1, application.grouping_settings(app.config))
        assert [version["lang"] for version in shown.versions] == ["ru"]


def test_versions_named_by_the_page(quay: Web, tmp_path: Path) -> None:
    """Where addresses have nothing in common, hreflang tells the versions."""
    head = "<link rel='alternate' hreflang='en' href='/news/cocaine-found'>"
    quay.pages |= {
        "/feed": feed(("/news/cocaine-found", TITLE), ("/novosti/kokain", RUSSIAN_TITLE)),
        "/news/cocaine-found": html(*TEXT), "/novosti/kokain": html(*RUSSIAN, title=RUSSIAN_TITLE, head=head),
    }  # fmt: skip
    with watching(quay, tmp_path, clock := Clock()) as app:
        passes(app, clock)
        assert len(rows(app, "select 1 from v_items where version_of is not null")) == 1


def test_wrapped_links_lead_to_the_publisher(quay: Web, tmp_path: Path) -> None:
    """An aggregator's link is read offline, or followed; the item has the publisher's address and title."""
    body = feed_of(("/wrapped", f"{TITLE} - Quay News", TEASER), ("/other", "Customs opens hall 7 - Quay News", TEASER))
    body = body.replace(b"http://quay.example/wrapped", b"http://go.example/click?url=http%3A%2F%2Fquay.example%2Fa")
    body = body.replace(b"http://quay.example/other", b"http://go.example/xyz")
    quay.pages |= {
        "/feed": answer("200 OK", re.sub(rb"<guid>[^<]*</guid>", b"", body)), "/a": html(*TEXT),
        "/xyz": answer("302 Found", Location="http://quay.example/b"),
        "/b": html("The customs service of Maren opened hall 7 for parcels at the port on Friday morning.",
                   title="Customs opens hall 7"),
    }  # fmt: skip
    with watching(quay, tmp_path, clock := Clock()) as app:
        passes(app, clock)
        found = dict(app.storage.db.execute("select url, title from items"))
        assert found["http://quay.example/a"] == TITLE
        assert "http://quay.example/b" in found
        direct = feed(("/a", TITLE), ("/b", "Customs opens hall 7"), guids=False)
        quay.pages["/feed"] = direct
        assert passes(app, clock)["new"] == 0


def test_an_edit_is_a_revision_with_what_changed(quay: Web, tmp_path: Path) -> None:
    """An edited piece stays one item in one story, is no reprint of itself, and tells what the edit changed."""
    quay.pages |= {"/feed": feed(("/a", TITLE)), "/a": html(*TEXT)}
    with watching(quay, tmp_path, clock := Clock()) as app:
        passes(app, clock)
        quay.pages |= {"/feed": feed(("/a", f"UPDATE: {TITLE}")), "/a": html(TEXT[0].replace("300", "350"), TEXT[1])}
        assert passes(app, clock)["revised"] == 1
        assert rows(app, "select count(*) from items union all select count(*) from reprints") == [(1,), (0,)]
        ((changed,),) = rows(app, "select changed from v_revisions")
        assert str(changed).startswith("title was “Customs officers")
        assert str(changed).endswith("1 sentence changed; figures 300 -> 350")
        (edit,) = explaining.explain_item(app.storage.db, 1, application.grouping_settings(app.config)).revisions
        assert [change.sign for change in edit.changes] == ["-", "+"]


def test_a_purged_piece_does_not_come_back(quay: Web, tmp_path: Path) -> None:
    """A tombstone is honoured while the entry stays in the feed, edited or under a new GUID, and through other sources."""
    quay.pages |= {"/feed": feed(("/a", TITLE)), "/a": html(*TEXT)}
    second = replace(SOURCE, id="quay-more", url="http://quay.example/more")
    quay.pages["/more"] = feed()
    with watching(quay, tmp_path, clock := Clock(), SOURCE, second) as app:
        passes(app, clock)
        with app.storage.transaction() as db:
            assert items.purge(db, [1], clock(), "asked for by the publisher") == 1
            assert items.purge(db, [1], clock(), "again") == 0
        edited = feed(("/a", f"{TITLE} again"), guids=False)
        quay.pages |= {"/feed": edited, "/more": edited}
        for _ in range(2):
            counts = passes(app, clock)
            assert (counts["new"], counts["revised"]) == (0, 0)
        stored = rows(app, "select title, text, purge_reason from v_items")
        assert stored == [(TITLE, "", "asked for by the publisher")]
        assert rows(app, "select rowid from items_fts where items_fts match 'dockers'") == []
        assert rows(app, "pragma foreign_key_check") == []
