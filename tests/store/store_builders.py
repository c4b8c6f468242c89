"""Short ways to fill a state; everything not named gets a plain value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlite_utils import Database

from monitor.model import (
    Dated,
    DateOrigin,
    DroppedData,
    ItemData,
    Outlet,
    Poll,
    PollResult,
    Role,
    Source,
    SourceRecord,
    SourceState,
    TextOrigin,
    Verdict,
)
from monitor.store import items, sources, stories
from monitor.store.stories import Membership

REFUSED = Verdict(keep=False, score=0.5, terms=("garden",), reason="score 0.5 of 3 needed: garden")


def at(text: str) -> datetime:
    """Return a time of November 2026 in UTC, written as "19 14:30"."""
    return datetime.strptime(f"2026-11-{text} +0000", "%Y-%m-%d %H:%M %z")


NOW = at("22 12:00")


def utc(text: str) -> datetime:
    """Return a time in UTC, written as "2026-11-19 14:30"."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def outlet(db: Database, *names: str) -> None:
    """Store outlets that are known by name only."""
    sources.add_unknown_outlets(db, names)


def watch(db: Database, *ids: str, outlet_id: str = "Quay Courier", **changes: object) -> list[Source]:
    """Configure sources of one outlet, and no others."""
    made = [
        replace(Source(i, outlet_id, f"https://quay.example/{i}.xml"), **changes)  # type: ignore[arg-type]
        for i in ids
    ]
    sources.sync(db, [Outlet(outlet_id, outlet_id, outlet_id)], made)
    return made


def piece(key: str, **changes: object) -> ItemData:
    """Return a piece of the Quay Courier that was seen on 20 November at noon."""
    published = changes.pop("published_at", at("20 10:00"))
    plain = ItemData(
        key=key,
        outlet_id="Quay Courier",
        title=f"Title of {key}",
        text=f"Text of {key}.",
        published=Dated(published, DateOrigin.FEED) if isinstance(published, datetime) else Dated(),
        first_seen_at=at("20 12:00"),
        listed_at=at("20 12:00"),
        text_origin=TextOrigin.PAGE,
        entry_hash=f"hash of {key}",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def add(db: Database, key: str, *further_keys: str, **changes: object) -> int:
    """Store a piece and return its id."""
    data = piece(key, **changes)
    outlet(db, data.outlet_id)
    return items.insert(db, data, [key, *further_keys])


def refuse(db: Database, key: str, **changes: object) -> None:
    """Store a piece that the relevance stage refused."""
    plain = DroppedData(None, "Quay Courier", None, None, f"Title of {key}", REFUSED, at("20 12:00"))
    items.drop(db, replace(plain, **changes), [key])  # type: ignore[arg-type]


def story(db: Database, lead: int, *others: int, roles: tuple[Role, ...] = ()) -> int:
    """Store a story of some items, coverage unless told otherwise."""
    story_id = stories.create(db, lead, NOW)
    stories.place(db, Membership(lead, story_id, Role.LEAD, None, "the earliest"))
    for number, item_id in enumerate(others):
        role = roles[number] if number < len(roles) else Role.COVERAGE
        stories.place(db, Membership(item_id, story_id, role, 0.8, "close"))
    return story_id


def poll(db: Database, source: Source, when: datetime, **changes: object) -> None:
    """Store a poll of a source, a good one unless told otherwise."""
    state = changes.pop("state", SourceState.OK)
    condition = {
        name: changes.pop(name) for name in ("next_check_at", "body_hash", "reason", "failures") if name in changes
    }
    record = replace(
        SourceRecord(source, since_at=when, last_polled_at=when, last_ok_at=when),
        state=state,  # type: ignore[arg-type]
        **condition,  # type: ignore[arg-type]
    )
    run_id = sources.start_run(db, "pass", when)
    sources.save_poll(db, run_id, replace(Poll(record, PollResult.OK, when, when), **changes))  # type: ignore[arg-type]
    sources.end_run(db, run_id, when)
