"""What a digest is made of, and the ledger of the digests that were written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from monitor.model import (
    DigestInput,
    Edition,
    Role,
    SourceHealth,
    SourceState,
    StatedFigure,
    Story,
    StoryItem,
    Watchlist,
    Window,
)
from monitor.store import figures, issued
from monitor.store.items import batched, placeholders
from monitor.store.storage import moment, to_text, to_time
from monitor.store.watchlists import watched

_STORY_ITEM = """select si.story_id, i.id, i.outlet_id, o.name, o.family,
  exists (select 1 from item_sources x join sources s on s.id = x.source_id where x.item_id = i.id and s.official),
  i.title, i.text, i.url, i.lang, i.published_at, i.published_origin, i.published_has_time, i.first_seen_at,
  i.listed_at, si.role, si.probability, si.reason, i.external_id, i.author, i.relevance,
  coalesce(r.original_item_id, case si.role when 'translation' then (
    select v.item_id from story_items v join items w on w.id = v.item_id where v.story_id = si.story_id
    and v.role <> 'translation' and coalesce(w.version_of, w.id) = i.version_of order by v.item_id limit 1) end),
  r.jaccard, r.containment
from story_items si join items i on i.id = si.item_id join outlets o on o.id = i.outlet_id
  left join reprints r on r.item_id = i.id"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is remembered of a digest that was written."""

    digest_date: date
    #: False while its window was still open when it was written
    final: bool
    sha256: str
    written_at: datetime


def digest_input(
    db: Database, digest_date: date, timezone: str, window: Window, *, max_age_days: int,
    watchlists: Sequence[Watchlist] = (), week: str | None = None,
) -> DigestInput:  # fmt: skip
    """Return everything the digest of a day is a function of: what the state knows as of the window's end.

    With a week it is the roll-up of the seven days that end with `digest_date`: digests of these days are not earlier.
    """
    first_day = digest_date - timedelta(days=6) if week else digest_date
    listed = db.execute(
        "select id, published_at, listed_at from items where listed_at >= ? and listed_at < ?",
        [to_text(window.start_at), to_text(window.end_at)],
    ).fetchall()
    horizon = timedelta(days=max_age_days)
    fresh = [i for i, published, at in listed if not published or moment(published) >= moment(at) - horizon]
    left_out = Counter(_left_out(db, window))
    if old := len(listed) - len(fresh):
        left_out[f"published more than {max_age_days} days before it was first seen"] = old
    told = tuple(stories(db, _stories_of(db, fresh), before=window.end_at, digest_date=first_day))
    return DigestInput(
        digest_date=digest_date,
        timezone=timezone,
        window=window,
        stories=told,
        health=tuple(health(db, window)),
        items=len(fresh),
        left_out=dict(sorted(left_out.items())),
        volume=_volume(db, window, timezone),
        watchlists=watched(db, watchlists, told, today=digest_date),
        changes=issued.changes(db, first_day, window),
        late=issued.late(db, first_day, window),
        week=week,
    )


def _volume(db: Database, window: Window, timezone: str) -> dict[tuple[str, date], int]:
    """Count the items of the week that ends with a window, by outlet name and day in a zone."""
    zone = ZoneInfo(timezone)
    # an hour more than six days: the clocks may have been changed meanwhile
    start = max(window.start_at, datetime.min.replace(tzinfo=UTC) + timedelta(days=7)) - timedelta(days=6, hours=1)
    # by ten minutes, so that a busy week is few rows; in every zone days begin at a quarter of an hour
    rows = db.execute(
        """select o.name, substr(i.listed_at, 1, 15), count(*) from items i join outlets o on o.id = i.outlet_id
        where i.listed_at >= ? and i.listed_at < ? group by 1, 2""",
        [to_text(start), to_text(window.end_at)],
    )
    counts: Counter[tuple[str, date]] = Counter()
    for outlet, ten_minutes, items in rows:
        counts[outlet, moment(f"{ten_minutes}0:00Z").astimezone(zone).date()] += items
    return dict(counts)


def _left_out(db: Database, window: Window) -> dict[str, int]:
    """Count what the window's runs could not take or refused, by kind."""
    span = [to_text(window.start_at), to_text(window.end_at)]
    counts = {}
    (dropped,) = db.execute("select count(*) from dropped where dropped_at >= ? and dropped_at < ?", span).fetchone()
    if dropped:
        counts["not about customs"] = int(dropped)
    (broken,) = db.execute(
        "select count(*) from (select distinct l.source_id, l.what, l.reason from left_out l "
        "join runs r on r.id = l.run_id where r.started_at >= ? and r.started_at < ?)",
        span,
    ).fetchone()
    if broken:
        counts["could not be read"] = int(broken)
    return counts


def _stories_of(db: Database, item_ids: Collection[int]) -> set[int]:
    """Return the stories that hold some items."""
    found: set[int] = set()
    for batch in batched(sorted(item_ids)):
        rows = db.execute(f"select distinct story_id from story_items where item_id in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only
        found |= {story_id for (story_id,) in rows}
    return found


def stories(
    db: Database, story_ids: Collection[int], *, before: datetime | None = None, digest_date: date | None = None
) -> list[Story]:
    """Return stories with their items, by id; `before` leaves out items listed at or after it."""
    limit = to_text(before) or "9999"
    found = []
    for batch in batched(sorted(story_ids)):
        rows = db.execute(
            f"{_STORY_ITEM} where si.story_id in ({placeholders(batch)}) and i.listed_at < ? order by 1, i.id",
            [*batch, limit],
        ).fetchall()
        items: dict[int, list[StoryItem]] = {}
        stated = figures.of_items(db, [row[1] for row in rows])
        for row in rows:
            items.setdefault(row[0], []).append(_story_item(row, stated.get(row[1], ())))
        editions = _editions(db, list(items))
        found += [
            _story(db, story_id, tuple(members), editions.get(story_id), digest_date)
            for story_id, members in items.items()
        ]
    return found


def _story(
    db: Database, story_id: int, items: tuple[StoryItem, ...], edition: Edition | None, digest_date: date | None
) -> Story:
    """Build one story; when its lead is not among the items yet, the earliest item stands for it."""
    (lead,) = db.execute("select lead_item_id from stories where id = ?", [story_id]).fetchone()
    row = db.execute(
        "select max(digest_date) from digest_stories where story_id = ? and digest_date < ?",
        [story_id, digest_date.isoformat() if digest_date else "9999"],
    ).fetchone()
    ids = [item.item_id for item in items]
    return Story(
        story_id=story_id,
        lead_item_id=lead
        if lead in ids
        else min(items, key=lambda i: (i.published_at or i.listed_at, i.item_id)).item_id,
        items=items,
        edition=edition,
        last_digest_date=date.fromisoformat(row[0]) if row[0] else None,
    )


def _editions(db: Database, story_ids: Sequence[int]) -> dict[int, Edition]:
    """Return the places of some stories in their series; a story in none is missing."""
    of_series = db.execute(
        f"select distinct series_id from stories where id in ({placeholders(story_ids)}) and series_id is not null",  # noqa: S608 - placeholders only
        story_ids,
    )
    series = [series_id for (series_id,) in of_series]
    if not series:
        return {}
    # Each series is numbered once, and named by values: SQLite would number the editions of all series for a subquery,
    # and asked story by story the numbering took a quarter of the digest of a large day (benchmarks/serve.py).
    rows = db.execute(
        "select series_id, series, story_id, edition, previous_story_id, next_story_id from v_series "  # noqa: S608 - placeholders only
        f"where series_id in ({placeholders(series)})",
        series,
    ).fetchall()
    of_asked = frozenset(story_ids)
    labels = {story_id: label for _, _, story_id, label, _, _ in rows}
    return {
        story_id: Edition(series_id, name, label, previous, labels.get(previous), following, labels.get(following))
        for series_id, name, story_id, label, previous, following in rows
        if story_id in of_asked
    }


def _story_item(row: Sequence[Any], stated: tuple[StatedFigure, ...]) -> StoryItem:
    """Build one item of a story from its row and figures."""
    (
        _story, item_id, outlet_id, outlet, family, official, title, text, url, lang, published_at, origin, has_time,
        first_seen_at, listed_at, role, probability, reason, external_id, author, relevance, original, jaccard,
        containment,
    ) = row  # fmt: skip
    return StoryItem(
        item_id=item_id, outlet_id=outlet_id, outlet_name=outlet, outlet_family=family, official=bool(official),
        title=title, text=text, url=url, lang=lang, published_at=to_time(published_at), published_origin=origin,
        published_has_time=bool(has_time), first_seen_at=moment(first_seen_at), listed_at=moment(listed_at),
        role=Role(role), probability=probability, reason=reason, external_id=external_id, author=author,
        relevance=relevance or 0.0, original_item_id=original, jaccard=jaccard, containment=containment,
        figures=stated,
    )  # fmt: skip


def health(db: Database, window: Window) -> list[SourceHealth]:
    """Return how each configured source was doing at the window's end, and how many items it brought in the window."""
    start, end = to_text(window.start_at), to_text(window.end_at)
    rows = db.execute(
        """select s.id, o.name, coalesce(p.state, 'new'), p.state_reason, p.since_at, p.last_ok_at, p.last_new_at,
        (select count(*) from item_sources x where x.source_id = s.id and x.first_seen_at >= ? and x.first_seen_at < ?)
        from sources s join outlets o on o.id = s.outlet_id left join polls p on p.id = (
          select max(q.id) from polls q where q.source_id = s.id and q.started_at < ?)
        where s.configured order by s.id""",
        [start, end, end],
    )
    return [
        SourceHealth(i, name, SourceState(state), reason, to_time(since), to_time(ok), to_time(new), items)
        for i, name, state, reason, since, ok, new, items in rows
    ]


def has_news(db: Database, window: Window) -> bool:
    """Tell whether the window can be reported on: a source was polled in it, or an item is listed in it."""
    span = [to_text(window.start_at), to_text(window.end_at)]
    row = db.execute(
        "select exists (select 1 from polls where started_at >= ? and started_at < ?)"
        " or exists (select 1 from items where listed_at >= ? and listed_at < ?)",
        [*span, *span],
    ).fetchone()
    return bool(row[0])


def ledger(db: Database, digest_date: date) -> Ledger | None:
    """Return what is remembered of a day's digest, None when it was never written."""
    row = db.execute(
        "select final, sha256, written_at from digests where digest_date = ?", [digest_date.isoformat()]
    ).fetchone()
    return Ledger(digest_date, bool(row[0]), row[1], moment(row[2])) if row else None


def last_final(db: Database) -> date | None:
    """Return the day of the newest digest whose window was complete, None when there is none."""
    (newest,) = db.execute("select max(digest_date) from digests where final").fetchone()
    return date.fromisoformat(newest) if newest else None


def final_days(db: Database) -> set[date]:
    """Return the days whose digest was written when they were over."""
    return {date.fromisoformat(day) for (day,) in db.execute("select digest_date from digests where final")}


def final_window(db: Database, digest_date: date) -> tuple[str, Window] | None:
    """Return the zone and window of a day's final digest, None when it has none."""
    row = db.execute(
        "select timezone, start_at, end_at from digests where final and digest_date = ?", [digest_date.isoformat()]
    ).fetchone()
    return (row[0], Window(moment(row[1]), moment(row[2]))) if row else None


def pass_under_way(db: Database, window: Window) -> bool:
    """Tell whether the newest pass began before the window's end and has not ended: it may still bring items of it."""
    row = db.execute("select started_at, ended_at from runs where kind = 'pass' order by id desc limit 1").fetchone()
    return row is not None and row[1] is None and moment(row[0]) < window.end_at


def first_listed_at(db: Database) -> datetime | None:
    """Return when the state first saw an item, None in an empty one."""
    (first,) = db.execute("select min(first_seen_at) from items").fetchone()
    return to_time(first)


def record(
    db: Database, source: DigestInput, entries: Sequence[tuple[int, int]], *, sha256: str, final: bool, now: datetime
) -> None:
    """Write a digest into the ledger, with the stories it names as (story id, items) in its order."""
    day = source.digest_date.isoformat()
    db.execute("delete from digest_stories where digest_date = ?", [day])
    db.execute(
        """insert into digests (digest_date, timezone, start_at, end_at, written_at, final, stories, items, sha256)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (digest_date) do update set timezone = excluded.timezone,
        start_at = excluded.start_at, end_at = excluded.end_at, written_at = excluded.written_at,
        final = excluded.final, stories = excluded.stories, items = excluded.items, sha256 = excluded.sha256""",
        [
            day, source.timezone, to_text(source.window.start_at), to_text(source.window.end_at), to_text(now),
            int(final), len(entries), source.items, sha256,
        ],
    )  # fmt: skip
    db.conn.executemany(
        "insert into digest_stories (digest_date, position, story_id, items) values (?, ?, ?, ?)",
        [(day, n, story_id, items) for n, (story_id, items) in enumerate(entries, start=1)],
    )


def days(db: Database) -> list[date]:
    """Return the days that have a digest, the first ones first."""
    return [date.fromisoformat(day) for (day,) in db.execute("select digest_date from digests order by digest_date")]
