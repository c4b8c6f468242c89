"""Stories in the state: membership, identity for ever, history, series and edition marks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlite_utils import Database

from monitor.model import Role
from monitor.store.items import batched, placeholders
from monitor.store.storage import to_text


@dataclass(frozen=True, slots=True)
class Membership:
    """One item's place in a story, with the reason and the best story it did not join."""

    item_id: int
    story_id: int
    role: Role
    probability: float | None
    reason: str
    runner_up_story_id: int | None = None
    runner_up_probability: float | None = None
    runner_up_reason: str | None = None


def create(db: Database, lead_item_id: int, now: datetime, *, split_from: int | None = None) -> int:
    """Make a story and return its id, which is never used again."""
    cursor = db.execute(
        "insert into stories (lead_item_id, created_at, split_from) values (?, ?, ?)",
        [lead_item_id, to_text(now), split_from],
    )
    return int(cursor.lastrowid or 0)


def place(db: Database, membership: Membership) -> None:
    """Put an item into a story, out of any other."""
    m = membership
    db.execute(
        """insert or replace into story_items (item_id, story_id, role, probability, reason, runner_up_story_id,
        runner_up_probability, runner_up_reason) values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            m.item_id, m.story_id, m.role.value, m.probability, m.reason, m.runner_up_story_id,
            m.runner_up_probability, m.runner_up_reason,
        ],
    )  # fmt: skip


def note(
    db: Database, story_id: int, now: datetime, change: str, reason: str, *, item_id: int | None = None,
    other_story_id: int | None = None,
) -> None:  # fmt: skip
    """Write one change of a story into its history."""
    db.execute(
        "insert into story_history (story_id, at, change, item_id, other_story_id, reason) values (?, ?, ?, ?, ?, ?)",
        [story_id, to_text(now), change, item_id, other_story_id, reason],
    )


def set_lead(db: Database, story_id: int, lead_item_id: int) -> None:
    """Let another item stand for a story."""
    db.execute("update stories set lead_item_id = ? where id = ?", [lead_item_id, story_id])


def merge(db: Database, story_id: int, into: int) -> None:
    """Let a story's id resolve to another one from now on, and those that resolved to it as well."""
    db.execute("update stories set merged_into = ? where id = ? or merged_into = ?", [into, story_id, story_id])


def resolve(db: Database, story_id: int) -> int | None:
    """Return the story that an id stands for now, None when there never was one."""
    row = db.execute("select coalesce(merged_into, id) from stories where id = ?", [story_id]).fetchone()
    return int(row[0]) if row else None


def memberships(db: Database, ids: Collection[int]) -> dict[int, Membership]:
    """Return the places of some items, by item id."""
    found: dict[int, Membership] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(
            f"""select item_id, story_id, role, probability, reason, runner_up_story_id, runner_up_probability,
            runner_up_reason from story_items where item_id in ({placeholders(batch)})""",  # noqa: S608 - placeholders only
            batch,
        )
        found.update({row[0]: Membership(row[0], row[1], Role(row[2]), *row[3:]) for row in rows})
    return found


def items_of(db: Database, story_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the item ids of some stories, by story id."""
    found: dict[int, list[int]] = {story_id: [] for story_id in story_ids}
    for batch in batched(sorted(story_ids)):
        rows = db.execute(
            f"select story_id, item_id from story_items where story_id in ({placeholders(batch)}) order by item_id",  # noqa: S608 - placeholders only
            batch,
        )
        for story_id, item_id in rows:
            found[story_id].append(item_id)
    return found


def story_of(db: Database, ids: Collection[int]) -> dict[int, int]:
    """Return the story of each of some items; items without any are missing."""
    found: dict[int, int] = {}
    for batch in batched(sorted(ids)):
        rows = db.execute(f"select item_id, story_id from story_items where item_id in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only
        found.update(dict(rows))
    return found


def of_items(db: Database, ids: Collection[int]) -> set[int]:
    """Return the stories that some items are in."""
    return set(story_of(db, ids).values())


def spans(db: Database, story_ids: Collection[int]) -> dict[int, tuple[float | None, float | None]]:
    """Return the days of the first and last item of some stories, None and None where one of them is undated.

    What has no day can report on any day, and so can its story.
    """
    found: dict[int, tuple[float | None, float | None]] = {}
    for batch in batched(sorted(story_ids)):
        rows = db.execute(
            f"""select s.story_id, iif(count(f.day) = count(*), min(f.day), null),
            iif(count(f.day) = count(*), max(f.day), null) from story_items s left join features f using (item_id)
            where s.story_id in ({placeholders(batch)}) group by s.story_id""",  # noqa: S608 - placeholders only
            batch,
        )
        found.update({story_id: (first, last) for story_id, first, last in rows})
    return found


def leads(db: Database, story_ids: Collection[int]) -> dict[int, int]:
    """Return the lead item of some stories, by story id."""
    found: dict[int, int] = {}
    for batch in batched(sorted(story_ids)):
        rows = db.execute(f"select id, lead_item_id from stories where id in ({placeholders(batch)})", batch)  # noqa: S608 - placeholders only
        found.update(dict(rows))
    return found


class Stage(IntEnum):
    """How far a queued item has come on its way into a story."""

    READ = 0
    #: weighed and in the index that finds it
    WEIGHED = 1
    LINKED = 2
    #: in a story; what that story follows is looked for once all are
    PLACED = 3


def queue(db: Database, ids: Iterable[int]) -> None:
    """Remember items for the next settle; one that was on its way begins anew."""
    db.conn.executemany(
        "insert into settle_queue (item_id) values (?) on conflict (item_id) do update set stage = 0",
        [(i,) for i in ids],
    )


def queued(db: Database, stage: Stage | None = None) -> list[int]:
    """Return the items stored since the last settle, or those of them that have come to one stage."""
    if stage is None:
        rows = db.execute("select item_id from settle_queue order by item_id")
    else:
        rows = db.execute("select item_id from settle_queue where stage = ? order by item_id", [stage])
    return [item_id for (item_id,) in rows]


def advance(db: Database, ids: Iterable[int], stage: Stage) -> None:
    """Note that queued items have come to a stage."""
    db.conn.executemany("update settle_queue set stage = ? where item_id = ?", [(stage, i) for i in ids])


def clear_queue(db: Database) -> None:
    """Forget the queued items that are in their stories."""
    db.execute("delete from settle_queue where stage = ?", [Stage.PLACED])


def save_marks(db: Database, marks: Mapping[int, Sequence[Mapping[str, str]]]) -> None:
    """Store the edition marks of items, by id, in place of earlier ones."""
    db.conn.executemany("delete from marks where item_id = ?", [(item_id,) for item_id in marks])
    db.conn.executemany(
        """insert into marks (item_id, position, kind, head, value, label, place, quote, subject)
        values (:item_id, :position, :kind, :head, :value, :label, :place, :quote, :subject)""",
        [{**mark, "item_id": item_id, "position": n} for item_id, own in marks.items() for n, mark in enumerate(own)],
    )


def marks_of(db: Database, ids: Collection[int]) -> dict[int, list[dict[str, str]]]:
    """Return the edition marks of some items as written by `save_marks`, by item id."""
    found: dict[int, list[dict[str, str]]] = {}
    names = ("kind", "head", "value", "label", "place", "quote", "subject")
    for batch in batched(sorted(ids)):
        rows = db.execute(
            f"""select item_id, {", ".join(names)} from marks where item_id in ({placeholders(batch)})
            order by item_id, position""",  # noqa: S608 - placeholders only
            batch,
        )
        for item_id, *values in rows:
            found.setdefault(item_id, []).append(dict(zip(names, values, strict=True)))
    return found


def set_edition(db: Database, story_id: int, edition: tuple[str, str, str, str] | None) -> None:
    """File a story as an edition (series key, series name, label, sort key) of a series, or take it out of any."""
    if edition is None:
        db.execute(
            "update stories set series_id = null, edition = null, edition_sort = null where id = ?",
            [story_id],
        )
        return
    key, name, label, sort = edition
    db.execute("insert or ignore into series (key, name) values (?, ?)", [key, name])
    db.execute(
        """update stories set series_id = (select id from series where key = ?), edition = ?, edition_sort = ?
        where id = ?""",
        [key, label, sort, story_id],
    )
