"""Relations between stories: which one follows which."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlite_utils import Database

from monitor.model import FollowUp
from monitor.store.items import batched, placeholders
from monitor.store.storage import to_text

_COLUMNS = "story_id, follows_story_id, item_id, follows_item_id, probability, reason"


def replace_of(db: Database, story_ids: Collection[int], found: Iterable[FollowUp], now: datetime) -> None:
    """Make `found` all that some stories follow; what was known already keeps the time at which it was found.

    Links to stories that were merged meanwhile lead to those that took them in.
    """
    before: dict[tuple[int, int], str] = {}
    for batch in batched(sorted(story_ids)):
        where = f"where story_id in ({placeholders(batch)})"
        known = db.execute(f"select story_id, follows_story_id, found_at from story_relations {where}", batch)  # noqa: S608 - placeholders only
        before.update({(story_id, follows): at for story_id, follows, at in known})
        db.execute(f"delete from story_relations {where}", batch)  # noqa: S608 - placeholders only
    rows = [
        (f.story_id, f.follows_story_id, f.item_id, f.follows_item_id, f.probability, f.reason,
         before.get((f.story_id, f.follows_story_id), to_text(now)))
        for f in found
    ]  # fmt: skip
    db.conn.executemany(
        f"insert or replace into story_relations ({_COLUMNS}, found_at) values (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        rows,
    )
    db.execute(
        """update or replace story_relations set follows_story_id =
        (select merged_into from stories where id = follows_story_id)
        where follows_story_id in (select id from stories where merged_into is not null)"""
    )
    db.execute(
        """delete from story_relations where story_id = follows_story_id
        or story_id in (select id from stories where merged_into is not null)"""
    )


def of_story(db: Database, story_id: int) -> list[FollowUp]:
    """Return the relations of one story, the earlier stories first."""
    rows = db.execute(
        f"select {_COLUMNS} from story_relations where story_id = ? or follows_story_id = ? order by 2, 1",  # noqa: S608 - a constant
        [story_id, story_id],
    )
    return [FollowUp(*row) for row in rows]
