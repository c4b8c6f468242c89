"""The SQL of a replay: a copy of the items to group anew, what would change, and how it is written over.

The scratch state holds the same items under the same ids. `stories_before` in it is the partition of the live state at
the moment of copying, so that the two can be compared while the live one goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from monitor.store import meanings

#: what grouping is a function of
_COPIED = ("outlets", "items", "corrections")
#: what grouping makes of it, apart from the stories; copies of a text come after what they refer to
_DERIVED = ("marks", "terms", "features", "index_terms", "links", "signatures", "bands", "reprints", "weighings")

_CHANGED = """
with edges as (
  select b.story_id as before_id, n.story_id as after_id, count(*) as items
  from stories_before b join story_items n using (item_id) group by 1, 2),
olds as (select story_id, count(*) as items from stories_before group by 1),
news as (select story_id, count(*) as items from story_items group by 1)
select e.before_id, e.after_id, e.items = o.items and e.items = n.items
from edges e join olds o on o.story_id = e.before_id join news n on n.story_id = e.after_id"""


@dataclass(frozen=True, slots=True)
class Place:
    """An item with its story before a replay (None: it had none yet) and after."""

    item_id: int
    before_id: int | None
    after_id: int
    at: str
    original_item_id: int | None


@contextmanager
def attached(db: Database, path: Path, name: str) -> Iterator[None]:
    """Attach another state under a name, outside of any transaction."""
    db.conn.execute(f"attach database ? as {name}", [str(path)])
    try:
        yield
    finally:
        db.conn.execute(f"detach database {name}")


def copy_items(scratch: Database, live: Path) -> list[int]:
    """Copy the items and corrections of a live state into an empty one; return the ids of the items, oldest first."""
    scratch.execute("pragma synchronous = off")
    for trigger in ("items_ad", "items_au"):
        scratch.execute(f"drop trigger if exists {trigger}")  # nobody searches the scratch state
    with attached(scratch, live, "live"):
        scratch.conn.execute("begin immediate")
        for table in _COPIED:
            scratch.execute(f"insert into {table} select * from live.{table}")  # noqa: S608 - constants
        meanings.copy_from(scratch, "live")
        scratch.execute("create table stories_before as select item_id, story_id from live.story_items")
        scratch.execute(
            "create table leads_before as "
            "select id as story_id, lead_item_id from live.stories where merged_into is null"
        )
        scratch.conn.commit()
    scratch.execute("create unique index before_by_item on stories_before (item_id)")
    scratch.execute("create index before_by_story on stories_before (story_id)")
    rows = scratch.execute("select id from items order by coalesce(published_at, listed_at), id")
    return [item_id for (item_id,) in rows]


def edges(scratch: Database) -> Iterator[tuple[int, int, bool]]:
    """Yield each story before with each story after that share items, and whether they are item for item the same."""
    for before_id, after_id, same in scratch.execute(_CHANGED):
        yield int(before_id), int(after_id), bool(same)


def places(scratch: Database) -> Iterator[Place]:
    """Yield the items of all stories that are not item for item the same before and after."""
    rows = scratch.execute(
        """select n.item_id, b.story_id, n.story_id, coalesce(i.published_at, i.listed_at), r.original_item_id
        from story_items n join items i on i.id = n.item_id left join stories_before b using (item_id)
        left join reprints r using (item_id) left join same_stories s on s.after_id = n.story_id
        where s.after_id is null order by n.item_id"""
    )
    for row in rows:
        yield Place(*row)


def keep_same(scratch: Database, same: Mapping[int, int]) -> None:
    """Write down which stories are the same, by their id after the replay, in place of what was written before."""
    scratch.execute("create table if not exists same_stories (after_id integer primary key, live_id integer not null)")
    scratch.execute("delete from same_stories")
    scratch.conn.executemany("insert into same_stories values (?, ?)", same.items())


def leads_before(scratch: Database) -> dict[int, int]:
    """Return the leads of the stories that are not the same, by story id before the replay."""
    rows = scratch.execute(
        "select story_id, lead_item_id from leads_before where story_id not in (select live_id from same_stories)"
    )
    return dict(rows)


def write_over(live: Database) -> None:
    """Put what grouping made of the items in the attached state `replayed` in place of what the live state has."""
    for table in _DERIVED:
        live.execute(f"delete from main.{table}")  # noqa: S608 - constants
        live.execute(f"insert into main.{table} select * from replayed.{table}")  # noqa: S608 - constants
    meanings.copy_from(live, "replayed")
    live.execute("delete from settle_queue")


def write_stories(live: Database) -> None:
    """Put the places, leads, editions and relations of the attached state in place, by `replayed.same_stories`."""
    live.execute(
        """insert or replace into main.story_items select n.item_id, s.live_id, n.role, n.probability, n.reason,
        r.live_id, n.runner_up_probability, n.runner_up_reason from replayed.story_items n
        join replayed.same_stories s on s.after_id = n.story_id
        left join replayed.stories u on u.id = n.runner_up_story_id
        left join replayed.same_stories r on r.after_id = coalesce(u.merged_into, u.id)"""
    )
    live.execute("insert or ignore into main.series (key, name) select key, name from replayed.series")
    live.execute(
        """update main.stories set lead_item_id = n.lead_item_id, edition = n.edition, edition_sort = n.edition_sort,
        series_id = (select m.id from main.series m join replayed.series e on e.key = m.key where e.id = n.series_id)
        from replayed.stories n join replayed.same_stories s on s.after_id = n.id where main.stories.id = s.live_id"""
    )
    live.execute("delete from main.story_relations")
    live.execute(
        """insert or ignore into main.story_relations select a.live_id, b.live_id, r.item_id, r.follows_item_id,
        r.probability, r.reason, r.found_at from replayed.story_relations r
        join replayed.same_stories a on a.after_id = r.story_id
        join replayed.same_stories b on b.after_id = r.follows_story_id"""
    )
