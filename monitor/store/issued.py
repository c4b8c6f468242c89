"""What the issued digests said: headlines and leads of their stories, and what their watchlists found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlite_utils import Database

from monitor.model import Issued, LatePiece, StoryChange, ToldStory, Window
from monitor.store.storage import moment, to_text


def keep_told(
    db: Database, digest_date: date, told: Iterable[ToldStory], watchlists: Mapping[str, Sequence[int]]
) -> None:
    """Remember headline and lead of the stories of a recorded digest, and the story ids that each watchlist found."""
    day = digest_date.isoformat()
    db.conn.executemany(
        "update digest_stories set headline = ?, lead_item_id = ? where digest_date = ? and story_id = ?",
        [(story.headline, story.lead_item_id, day, story.story_id) for story in told],
    )
    db.execute("delete from digest_watchlists where digest_date = ?", [day])
    db.conn.executemany(
        "insert into digest_watchlists (digest_date, watchlist, story_id, position) values (?, ?, ?, ?)",
        [(day, name, i, position) for name, ids in watchlists.items() for position, i in enumerate(ids, start=1)],
    )


def keep_spellings(
    db: Database, digest_date: date, told: Mapping[int, Sequence[Sequence[tuple[str, int, str]]]]
) -> None:
    """Remember the names that a recorded digest showed as spelled differently: name, item and sentence, by story."""
    day = digest_date.isoformat()
    db.execute("delete from digest_spellings where digest_date = ?", [day])
    db.conn.executemany(
        "insert into digest_spellings (digest_date, story_id, pair, name, item_id, sentence) values (?, ?, ?, ?, ?, ?)",
        [
            (day, story_id, n, name, item_id, sentence)
            for story_id, names in told.items()
            for n, spelled in enumerate(names, start=1)
            for name, item_id, sentence in spelled
        ],
    )


def installation(db: Database) -> UUID:
    """Return what tells this state from all others."""
    (found,) = db.execute("select uuid from installation").fetchone()
    return UUID(found)


def newest(db: Database, limit: int, watchlist: str | None = None) -> list[Issued]:
    """Return the newest final digests with their stories, the newest first; of a watchlist those that it found."""
    days = db.execute(
        "select digest_date, end_at, items from digests where final order by digest_date desc limit ?", [limit]
    ).fetchall()
    return [
        Issued(date.fromisoformat(day), moment(end), items, tuple(_told(db, day, watchlist)))
        for day, end, items in days
    ]


def _told(db: Database, day: str, watchlist: str | None) -> list[ToldStory]:
    """Return what a digest said of its stories, in its order; nothing of those written before that was kept."""
    rows = db.execute(
        """select s.story_id, s.headline, s.lead_item_id from digest_stories s
        left join digest_watchlists w on w.digest_date = s.digest_date and w.story_id = s.story_id and w.watchlist = ?
        where s.digest_date = ? and s.headline is not null and (? is null or w.story_id is not null)
        order by s.position""",
        [watchlist, day, watchlist],
    )
    return [ToldStory(*row) for row in rows]


def written_since(db: Database, written: datetime, day_end: datetime) -> list[date]:
    """Return the days of the final digests that were written, and ended, since two moments, the first ones first."""
    rows = db.execute(
        "select digest_date from digests where final and written_at >= ? and end_at >= ? order by digest_date",
        [to_text(written), to_text(day_end)],
    )
    return [date.fromisoformat(day) for (day,) in rows]


def week(db: Database, name: str) -> tuple[bool, str] | None:
    """Return whether the roll-up of a week is final and its checksum, None when it was never written."""
    row = db.execute("select final, sha256 from week_digests where week = ?", [name]).fetchone()
    return (bool(row[0]), row[1]) if row else None


def record_week(db: Database, name: str, *, sha256: str, final: bool, now: datetime) -> None:
    """Write the roll-up of a week into its own ledger."""
    db.execute(
        """insert into week_digests (week, written_at, final, sha256) values (?, ?, ?, ?) on conflict (week) do update
        set written_at = excluded.written_at, final = excluded.final, sha256 = excluded.sha256""",
        [name, to_text(now), int(final), sha256],
    )


def changes(db: Database, digest_date: date, window: Window) -> tuple[StoryChange, ...]:
    """Return the changes of a window that concern stories of final digests which had been written by then."""
    rows = db.execute(
        """select h.id, d.digest_date, h.change, h.story_id, s.story_id, s.headline, s.lead_item_id, h.item_id,
        h.other_story_id, h.reason from story_history h
        join digest_stories s on s.story_id = iif(h.change = 'split', h.other_story_id, h.story_id)
        join digests d on d.digest_date = s.digest_date and d.final and d.written_at <= h.at
        where h.at >= ? and h.at < ? and d.digest_date < ? and h.change in ('merged', 'split', 'lead')
        and s.headline is not null order by h.id, d.digest_date""",
        [to_text(window.start_at), to_text(window.end_at), digest_date.isoformat()],
    )
    return tuple(StoryChange(row[0], date.fromisoformat(row[1]), *row[2:]) for row in rows)


def late(db: Database, digest_date: date, window: Window) -> tuple[LatePiece, ...]:
    """Return the items that came in a window but belong to that of a final digest which had been written by then."""
    rows = db.execute(
        """select d.digest_date, i.id, o.name, i.title, i.url, i.lang, s.story_id from items i
        join digests d on d.final and i.listed_at >= d.start_at and i.listed_at < d.end_at
          and i.first_seen_at >= d.written_at
        join outlets o on o.id = i.outlet_id left join story_items s on s.item_id = i.id
        where i.first_seen_at >= ? and i.first_seen_at < ? and d.digest_date < ? order by 1, 2""",
        [to_text(window.start_at), to_text(window.end_at), digest_date.isoformat()],
    )
    return tuple(LatePiece(date.fromisoformat(row[0]), *row[1:]) for row in rows)
