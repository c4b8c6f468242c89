"""What the tests of the whole monitor share: a clock that is set by hand, the sample web, and what a state holds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlite_utils import Database

from monitor import app as application
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.extraction import Extractor, read_page
from monitor.model import Outlet, Source
from monitor.sample.web import SampleWeb
from monitor.store.storage import Storage

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

#: reading a page is a function of its arguments, and the pages of the sample web stay the same from test to test
READ_ONCE = cache(read_page)

#: rows of a state by what they tell
Content = dict[str, list[tuple[object, ...]]]
Watch = tuple[Sequence[Outlet], Sequence[Source]]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = self.began = now

    def __call__(self) -> datetime:
        """Return the time it shows."""
        return self.now

    def monotonic(self) -> float:
        """Return the seconds of the machine's clock and those that this one was moved by."""
        return time.monotonic() + (self.now - self.began).total_seconds()

    def move(self, **by: float) -> None:
        """Move it, for example by `hours=2`."""
        self.now += timedelta(**by)


@contextmanager
def opened(
    folder: Path, connect_to: Mapping[str, tuple[str, int]], watch: Watch, clock: Clock, **fetch: Any
) -> Iterator[application.App]:
    """Build the monitor on a state; pages are read in this process."""
    settings = FetchSettings(**{"host_gap_s": 0, "per_host": 8, **fetch})
    config = Config(state=folder, fetch=settings, extract=ExtractSettings(workers=0))
    with (
        patch("monitor.extraction.Extractor", partial(Extractor, read=READ_ONCE)),
        patch("monitor.ingest.fetch.time", clock),  # pauses between two passes pass with the clock
        application.build(config, connect_to=connect_to, watch=watch, clock=clock) as built,
    ):
        yield built


@contextmanager
def opened_on(web: SampleWeb, folder: Path, clock: Clock) -> Iterator[application.App]:
    """Build the monitor on a state, watching the sample web."""
    with opened(folder, web.connect_to, (web.outlets, web.sources), clock) as built:
        yield built


def feed_of(*entries: tuple[str, str, str], title: str = "Quay News") -> bytes:
    """Return an RSS feed of entries (path, title, teaser), all of the morning of the day."""
    items = "".join(
        f"<item><title>{name}</title><link>http://quay.example{path}</link><guid>http://quay.example{path}</guid>"
        f"<pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate><description>{teaser}</description></item>"
        for path, name, teaser in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def page_of(title: str, *paragraphs: str) -> bytes:
    """Return a page."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    page = f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
    return f"{page}{body}</article></body></html>".encode()


# ---------------------------------------------------------------- an end at the worst moment


class Killed(BaseException):
    """Ends a pass like nothing that anybody catches."""


def hook(storage: Storage, number: int, moment: str, then: Callable[[], object]) -> None:
    """Let something happen `before` the commit of the transaction of a number, or `after` it."""
    original, numbers = storage.transaction, count(1)

    @contextmanager
    def transaction() -> Iterator[Database]:
        """Open a transaction."""
        this = next(numbers)
        with original() as db:
            yield db
            if (this, moment) == (number, "before"):
                then()
        if (this, moment) == (number, "after"):
            then()

    storage.transaction = transaction


def kill() -> None:
    """Raise what nobody catches."""
    raise Killed


# ---------------------------------------------------------------- what a state holds

#: everything a pass leaves behind but the numbers of items and stories, which follow the order of arrival
_CONTENT = {
    "items": """select i.url, i.outlet_id, i.title, i.text, i.author, i.lang, i.published_at, i.published_origin,
        i.first_seen_at, i.page_problem, i.relevance, i.revision from items i""",
    "keys": """select k.key, i.url, d.title from item_keys k left join items i on i.id = k.item_id
        left join dropped d on d.id = k.dropped_id""",
    "seen through": "select i.url, s.source_id, s.first_seen_at from item_sources s join items i on i.id = s.item_id",
    "revisions": "select i.url, r.revision, r.title, r.text from revisions r join items i on i.id = r.item_id",
    "furniture": "select i.url, r.position, r.block from removed_blocks r join items i on i.id = r.item_id",
    "dropped": "select source_id, url, title, score, reason from dropped",
    "left out": "select source_id, what, reason from left_out",
    "blocks": "select outlet_id, block, items from blocks",
    "signatures": "select i.url, s.recipe, s.hash_values from signatures s join items i on i.id = s.item_id",
    "bands": "select b.band, i.url from bands b join items i on i.id = b.item_id",
    "reprints": """select i.url, o.url, r.kind, r.jaccard, r.containment from reprints r
        join items i on i.id = r.item_id join items o on o.id = r.original_item_id""",
    "terms": "select term, items from terms",
    "features": "select i.url, f.day, f.vectors from features f join items i on i.id = f.item_id",
    "index terms": "select t.terms, t.day, i.url from index_terms t join items i on i.id = t.item_id",
    "marks": "select i.url, m.kind, m.head, m.value, m.label from marks m join items i on i.id = m.item_id",
    "links": """select min(a.url, b.url), max(a.url, b.url), round(probability, 9) from links l
        join items a on a.id = l.item_id join items b on b.id = l.other_item_id""",
    "places": """select i.url, l.url, x.role, round(x.probability, 6) from story_items x
        join items i on i.id = x.item_id join stories s on s.id = x.story_id join items l on l.id = s.lead_item_id""",
    "stories": """select l.url, e.key, s.edition, s.edition_sort from stories s
        join items l on l.id = s.lead_item_id left join series e on e.id = s.series_id where s.merged_into is null""",
    "queue": "select item_id from settle_queue",
    "sources": """select id, state, reason, since_at, next_check_at, etag, last_modified, body_hash, failures,
        last_polled_at, last_ok_at, last_new_at from sources""",
    "polls": "select source_id, result, http_status, reason, entries, new, revised, dropped from polls",
}


def content(db: Database) -> Content:
    """Return everything that a state holds, without the numbers that depend on the order of arrival."""
    return {name: sorted(db.execute(query), key=repr) for name, query in _CONTENT.items()}


def differences(one: Content, other: Content) -> dict[str, object]:
    """Return the rows that only one of two contents has, for a failure that can be read."""
    return {
        name: {"missing": [r for r in rows if r not in other[name]], "more": [r for r in other[name] if r not in rows]}
        for name, rows in one.items()
        if rows != other[name]
    }


def b_cubed(gold: Mapping[str, object], found: Mapping[str, object]) -> float:
    """Return the B-cubed F1 of a grouping against the gold one, both from thing to group (Bagga and Baldwin, 1998)."""
    precision = recall = 0.0
    for thing, event in gold.items():
        same_event = {other for other, its in gold.items() if its == event}
        together = {other for other in gold if thing in found and found.get(other) == found[thing]} | {thing}
        precision += len(same_event & together) / len(together)
        recall += len(same_event & together) / len(same_event)
    return 2 * precision * recall / ((precision + recall) * len(gold))


def log_lines(text: str) -> list[dict[str, object]]:
    """Return the structured lines of a log."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
