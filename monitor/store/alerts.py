"""Which stories are fresh enough to raise an alert, how many families tell them, and which have raised it already."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlite_utils import Database

from monitor.model import StoryNotice, StoryReport
from monitor.store import query
from monitor.store.storage import moment, to_text
from monitor.store.watchlists import stories_with

#: a story raises an alert once, also under the id it has after it was merged or divided
_KIN = """with recursive kin (root, id) as (
    select value, value from json_each(?)
    union select k.root, s.split_from from kin k join stories s on s.id = k.id where s.split_from is not null
    union select k.root, s.id from kin k join stories s on s.merged_into = k.id)
  select distinct root from kin join alert_stories a on a.story_id = kin.id and a.alert = ?"""


def fresh(db: Database, seen_since: datetime, published_since: datetime) -> dict[int, int]:
    """Return the publisher families of each story with a piece that was first seen and published since two moments."""
    rows = db.execute(
        """select s.story_id, count(distinct o.family) from story_items s join items i on i.id = s.item_id
        join outlets o on o.id = i.outlet_id where s.story_id in (
          select s.story_id from items i join story_items s on s.item_id = i.id
          where i.first_seen_at >= ? and (i.published_at is null or i.published_at >= ?))
        group by s.story_id""",
        [to_text(seen_since), to_text(published_since)],
    )
    return {story_id: families for story_id, families in rows}  # noqa: C416 - the rows are no pairs to mypy


def matching(db: Database, story_ids: Collection[int], queries: Sequence[str], *, today: date) -> frozenset[int]:
    """Return those of some stories that have a piece, of whatever day, which one of the queries finds."""
    if not story_ids:
        return frozenset()
    rows = db.execute(
        "select item_id from story_items where story_id in (select value from json_each(?))", [_json(story_ids)]
    )
    items = json.dumps([item_id for (item_id,) in rows])
    return frozenset().union(*(stories_with(db, query.parse(q, today=today), items) for q in queries))


def raised(db: Database, alert: str, story_ids: Collection[int]) -> frozenset[int]:
    """Return those of some stories that have raised an alert before, under whatever id."""
    return frozenset(story_id for (story_id,) in db.execute(_KIN, [_json(story_ids), alert]))


def raise_(db: Database, alert: str, families: Iterable[tuple[int, int]], now: datetime) -> None:
    """Note that stories raise an alert; each waits to be told."""
    db.conn.executemany(
        "insert or ignore into alert_stories (alert, story_id, families, raised_at) values (?, ?, ?, ?)",
        [(alert, story_id, count, to_text(now)) for story_id, count in families],
    )


def untold(db: Database, alert: str) -> list[int]:
    """Return the stories that wait to be told, those of most families first; of merged ones the one that stayed."""
    rows = db.execute(
        """with recursive now (story_id, id) as (
          select story_id, story_id from alert_stories where alert = ? and told_at is null
          union select n.story_id, s.merged_into from now n join stories s on s.id = n.id
            where s.merged_into is not null)
        select n.id, max(a.families) from now n join stories s on s.id = n.id and s.merged_into is null
        join alert_stories a on a.alert = ? and a.story_id = n.story_id group by n.id order by 2 desc, 1""",
        [alert, alert],
    )
    return [story_id for story_id, _ in rows]


def told(db: Database, alert: str, now: datetime) -> None:
    """Note that all that waited has been put into a notice."""
    db.execute("update alert_stories set told_at = ? where alert = ? and told_at is null", [to_text(now), alert])


def last_told(db: Database, alert: str) -> datetime | None:
    """Return when an alert was last put into a notice."""
    (at,) = db.execute("select max(told_at) from alert_stories where alert = ?", [alert]).fetchone()
    return moment(at) if at else None


def stories(db: Database, story_ids: Sequence[int]) -> tuple[StoryNotice, ...]:
    """Return stories as a notice tells them, in the order asked for: the lead's title, one piece an outlet, in time."""
    return tuple(_story(db, story_id) for story_id in story_ids)


def _story(db: Database, story_id: int) -> StoryNotice:
    """Return one story."""
    rows = db.execute(
        """select i.id = t.lead_item_id, i.title, o.name, o.family, i.url from stories t
        join story_items s on s.story_id = t.id join items i on i.id = s.item_id join outlets o on o.id = i.outlet_id
        where t.id = ? order by coalesce(i.published_at, i.first_seen_at), i.id""",
        [story_id],
    ).fetchall()
    headline = next((title for is_lead, title, *_ in rows if is_lead), "")
    first: dict[str, StoryReport] = {}
    for _, title, name, _, url in rows:
        first.setdefault(name, StoryReport(name, title, url))
    return StoryNotice(story_id, headline, len({row[3] for row in rows}), tuple(first.values()))


def _json(story_ids: Collection[int]) -> str:
    """Return ids as a JSON list."""
    return json.dumps(sorted(story_ids))
