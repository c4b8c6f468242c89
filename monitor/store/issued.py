"""What the issued digests said: headlines and leads of their stories, and what their watchlists found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlite_utils import Database

from monitor.model import Issued, ToldStory
from monitor.store.storage import moment


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
