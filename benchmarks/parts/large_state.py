"""A state of any size, written straight into its tables: for measuring what reads it, not what fills it.

Pieces, stories, copies, figures, polls and digests of invented news; the newest day is a busy one. The same size gives
the same state.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from monitor.store.storage import Storage, to_text

#: the busy day is over at its end
LAST_DAY = date(2026, 11, 20)
OUTLETS = SOURCES = 300
#: pieces of a story, and how many stories and pieces the other days have
PER_STORY, A_DAY = 10 / 3, 1_000
BUSY_ITEMS = 10_000
DIGESTS, SERIES = 60, 50
#: stories of each earlier digest
TOLD = 300
_GOODS = ("cocaine", "cigarettes", "copper wire", "timber", "gold", "phones", "tyres", "medicines", "ivory", "fuel")
_PORTS = ("Maren", "Almar", "Kestria", "Doruk", "Velm", "Tarn", "Oskar", "Lind", "Brava", "Sorin", "Quell", "Haven")
_WHO = ("officers", "inspectors", "a patrol", "the scanner team", "auditors", "port police", "a customs brigade")


def build(folder: Path, items: int, busy: int = BUSY_ITEMS) -> None:
    """Fill a new state with so many items, `busy` of them on the last day."""
    stories = int(items / PER_STORY)
    with Storage(folder) as storage:
        storage.db.conn.execute("pragma synchronous = off")
        with storage.transaction():
            _sources(storage)
            _pieces(storage, items, busy)
            _stories(storage, items, stories, busy)
            _insert(storage, "figures", "item_id, position, quantity, unit, what, sentence", _figures(items))
            _polls(storage)
            _digests(storage, stories)
        storage.db.execute("analyze")


def _pieces(storage: Storage, items: int, busy: int) -> None:
    """Insert the items, where they were seen, and what was dropped beside them."""
    columns = (
        "id, outlet_id, url, title, text, text_hash, text_origin, lang, published_at, published_origin, "
        "published_has_time, first_seen_at, listed_at, entry_hash, page_pending, page_attempts, relevance, "
        "relevance_terms"
    )
    _insert(storage, "items", columns, _items(items, busy))
    seen = ((n, f"source{n % SOURCES}", to_text(_at(n, items, busy)), "") for n in range(1, items + 1))
    _insert(storage, "item_sources", "item_id, source_id, first_seen_at, entry_hash", seen)
    dropped = (
        (f"outlet{n % OUTLETS}", f"Match report {n}", 0.1, "", "no term", to_text(_at(n * 10, items, busy)))
        for n in range(1, items // 10)
    )
    _insert(storage, "dropped", "outlet_id, title, score, terms, reason, dropped_at", dropped)


def _stories(storage: Storage, items: int, stories: int, busy: int) -> None:
    """Insert series, stories, the items' places in them, their beginnings and the copies."""
    _insert(storage, "series", "id, key, name", ((n, f"s{n}", f"Session {n}") for n in range(1, SERIES + 1)))
    leads = {n: _lead(n) for n in range(1, stories + 1)}
    began = {n: to_text(_at(lead, items, busy)) for n, lead in leads.items()}
    told = ((n, lead, began[n], *_edition(n)) for n, lead in leads.items())
    _insert(storage, "stories", "id, lead_item_id, created_at, series_id, edition, edition_sort", told)
    _insert(storage, "story_items", "item_id, story_id, role, probability, reason", _members(items, stories))
    changes = ((n, began[n], "created", lead, "first piece") for n, lead in leads.items())
    _insert(storage, "story_history", "story_id, at, change, item_id, reason", changes)
    copies = (
        (n, leads[_story(n, stories)], "reprint", 0.9, 0.95, "shared triples")
        for n in range(1, items + 1)
        if _is_copy(n, stories)
    )
    _insert(storage, "reprints", "item_id, original_item_id, kind, jaccard, containment, reason", copies)


def _insert(storage: Storage, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    """Insert rows."""
    marks = ", ".join("?" * (columns.count(",") + 1))
    storage.db.conn.executemany(f"insert into {table} ({columns}) values ({marks})", rows)


def _sources(storage: Storage) -> None:
    """Insert outlets, one in four of a family of another one, and a source of each."""
    outlets = ((f"outlet{n}", f"The {_PORTS[n % 12]} Paper {n}", f"outlet{n - n % 4 // 3}") for n in range(OUTLETS))
    _insert(storage, "outlets", "id, name, family", outlets)
    sources = (
        (f"source{n}", f"outlet{n}", f"https://{n}.example/feed", "feed", int(n % 9 == 0), 0, 3600, _state(n))
        for n in range(SOURCES)
    )
    _insert(storage, "sources", "id, outlet_id, url, kind, official, trusted, interval_s, state", sources)


def _state(source: int) -> str:
    """Return how a source is doing; one in forty fails."""
    return "failing" if source % 40 == 7 else "ok"


def _at(n: int, items: int, busy: int) -> datetime:
    """Return when a piece was listed: the last ones on the last day, the others evenly before it."""
    start = datetime.combine(LAST_DAY, datetime.min.time(), UTC)
    early = items - busy
    if n > early:
        return start + timedelta(seconds=86_000 * (n - early) // busy)
    return start - timedelta(seconds=86_400 * (early - n + 1) // A_DAY)


def _items(items: int, busy: int) -> Iterator[tuple[object, ...]]:
    """Yield rows of items of some 90 words, those of one story with much in common."""
    for n in range(1, items + 1):
        at, story = to_text(_at(n, items, busy)), _story(n, items)
        goods, port = _GOODS[story % 10], _PORTS[story % 12]
        text = " ".join(_sentence(story, n, k, goods, port) for k in range(6))
        title = f"{_WHO[n % 7].capitalize()} stop {story % 997} kg of {goods} at {port} gate {story % 89}"
        yield (n, f"outlet{n % OUTLETS}", f"https://{n % OUTLETS}.example/{n}", title, text, str(n), "page",
               ("en", "en", "ru", "es")[story % 4], at, "feed", 1, at, at, "", 0, 0, 3.0, goods)  # fmt: skip


def _sentence(story: int, n: int, k: int, goods: str, port: str) -> str:
    """Return one of the sentences of a piece, half of them as in the other pieces of its story."""
    key = story * 31 + k * 7 if k % 2 else n * 17 + k
    return (
        f"On day {key % 29} {_WHO[key % 7]} of {port} post {story % 89} counted {story % 997 + k * (n % 3)} kg of "
        f"{goods} in bay {key % 613} of warehouse {key % 211}."
    )


def _story(n: int, stories: int) -> int:
    """Return the story of an item."""
    return min(stories, int((n - 1) / PER_STORY) + 1)


def _lead(story: int) -> int:
    """Return the first item of a story."""
    n = max(1, int((story - 1) * PER_STORY))
    while int((n - 1) / PER_STORY) + 1 < story:
        n += 1
    return n


def _is_copy(n: int, stories: int) -> bool:
    """Tell whether an item copies the lead of its story."""
    return n % 5 == 0 and _lead(_story(n, stories)) != n


def _members(items: int, stories: int) -> Iterator[tuple[object, ...]]:
    """Yield the place of each item in its story."""
    for n in range(1, items + 1):
        story = _story(n, stories)
        role = "lead" if _lead(story) == n else "reprint" if _is_copy(n, stories) else "coverage"
        yield n, story, role, 0.8, "words and figures"


def _edition(story: int) -> tuple[int | None, str | None, str | None]:
    """Return series, edition and its sort key of a story; one in thirty has them."""
    return (story % SERIES + 1, f"{story}th", f"{story:09}") if story % 30 == 0 else (None, None, None)


def _figures(items: int) -> Iterator[tuple[object, ...]]:
    """Yield two figures of each item."""
    for n in range(1, items + 1):
        story = int((n - 1) / PER_STORY) + 1
        yield n, 0, float(story % 997 + 2), "kg", _GOODS[story % 10], f"They counted {story % 997 + 2} kg."
        yield n, 1, float(n % 50 + 2), "count", "sacks", f"There were {n % 50 + 2} sacks."


def _polls(storage: Storage) -> None:
    """Insert a pass an hour over thirty days that polled every source."""
    start = datetime.combine(LAST_DAY, datetime.min.time(), UTC) - timedelta(days=29)
    hours = [(n + 1, to_text(start + timedelta(hours=n))) for n in range(30 * 24)]
    _insert(storage, "runs", "id, kind, started_at, ended_at", ((n, "pass", at, at) for n, at in hours))
    columns = "run_id, source_id, result, started_at, ended_at, entries, new, revised, dropped, state"
    polls = ((n, f"source{s}", "ok", at, at, 30, 1, 0, 0, _state(s)) for n, at in hours for s in range(SOURCES))
    _insert(storage, "polls", columns, polls)


def _digests(storage: Storage, stories: int) -> None:
    """Insert the ledger of the digests before the last day, each with so many stories."""
    days = [LAST_DAY - timedelta(days=n) for n in range(1, DIGESTS + 1)]
    columns = "digest_date, timezone, start_at, end_at, written_at, final, stories, items, sha256"
    ends = ((str(day), f"{day}T00:00:00Z", f"{day + timedelta(days=1)}T00:00:00Z") for day in days)
    ledger = ((day, "UTC", start, end, end, 1, TOLD, A_DAY, "") for day, start, end in ends)
    _insert(storage, "digests", columns, ledger)
    newest = int(stories - BUSY_ITEMS / PER_STORY)
    told = (
        (str(day), k + 1, newest - n * TOLD - k, 3, "Told before")
        for n, day in enumerate(days)
        for k in range(TOLD)
        if newest > n * TOLD + k
    )
    _insert(storage, "digest_stories", "digest_date, position, story_id, items, headline", told)
