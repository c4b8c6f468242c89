"""The shell of `monitor together`, `apart` and `corrections --undo`: write a person's word down and settle at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.errors import NotFound, UsageError
from monitor.linking import GroupingSettings
from monitor.model import Correction, Said
from monitor.settling import settle_items, settle_queue
from monitor.store import corrections, search, stories
from monitor.stories.corrections import against
from monitor.stories.settle import Change
from monitor.text import clean, squeeze

#: how a story is named where an item is expected; it goes by the item that stands for it
STORY_PREFIX = "story:"
#: a reason is a sentence or two
MAX_BECAUSE = 500
_MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a correction came to."""

    correction: Correction
    #: the stories of its two items before and after, in the order of its items
    before: tuple[int, int]
    after: tuple[int, int]
    #: False when the same had been said already
    is_new: bool = True


def find_end(db: Database, name: str) -> int:
    """Return the item that a name means: `story:12` is the item that stands for story 12.

    Raises:
        NotFound: there is no such item or story.

    """
    if not name.startswith(STORY_PREFIX):
        found = search.find_item(db, name)
        if found is None:
            raise NotFound(f"no item is called {name!r}: give an item id, an imported id, an address or story:ID")
        return found
    number = name.removeprefix(STORY_PREFIX)
    known = number.isascii() and number.isdigit() and int(number) <= _MAX_ID
    story_id = stories.resolve(db, int(number)) if known else None
    if story_id is None:
        raise NotFound(f"there is no story {number!r}: `monitor search` shows the numbers of stories")
    return stories.leads(db, [story_id])[story_id]


def say(
    db: Database, said: Said, names: tuple[str, str], because: str | None, *, settings: GroupingSettings, now: datetime
) -> Outcome:
    """Write down that two items are one event, or never can be, and settle their stories. Called in one transaction.

    Raises:
        NotFound: there is no such item or story.
        UsageError: both names mean one item, the reason is too long, or earlier corrections say the opposite.

    """
    first, second = (find_end(db, name) for name in names)
    if first == second:
        raise UsageError(f"{names[0]!r} and {names[1]!r} are the same item ({first}): name two different ones")
    reason = squeeze(clean(because or "")) or None
    if reason and len(reason) > MAX_BECAUSE:
        raise UsageError(f"--because is {len(reason)} characters long: say it in {MAX_BECAUSE} at most")
    settle_queue(db, settings, now)
    standing = corrections.standing(db)
    same = [c for c in standing if c.said is said and {c.item_id, c.other_item_id} == {first, second}]
    if same:
        places = _places(db, same[0])
        return Outcome(same[0], places, places, is_new=False)
    if earlier := against(standing, said, (first, second)):
        raise UsageError(_refusal(said, (first, second), earlier))
    correction = corrections.add(db, said, (first, second), reason, now)
    change = Change.TOGETHER if said is Said.TOGETHER else Change.APART
    return _settled(db, correction, change, settings, now)


def take_back(db: Database, correction_id: int, *, settings: GroupingSettings, now: datetime) -> Outcome:
    """Take a correction back and settle the stories of its items by the score again. Called in one transaction.

    Raises:
        NotFound: there is no such correction.
        UsageError: it was taken back before.

    """
    found = next((c for c in corrections.every(db) if c.correction_id == correction_id), None)
    if found is None:
        raise NotFound(f"there is no correction {correction_id}: `monitor corrections` lists them")
    if found.undone_at is not None:
        raise UsageError(f"correction {correction_id} was taken back on {found.undone_at:%Y-%m-%d} already")
    settle_queue(db, settings, now)
    corrections.undo(db, correction_id, now)
    return _settled(db, found, Change.UNDONE, settings, now)


def _settled(
    db: Database, correction: Correction, change: Change, settings: GroupingSettings, now: datetime
) -> Outcome:
    """Write a correction into the history of the stories concerned, settle them and tell what came of it."""
    before = _places(db, correction)
    for story_id in sorted(set(before)):
        stories.note(db, story_id, now, change, _in_words(correction, change), item_id=correction.item_id)
    settle_items(db, [correction.item_id, correction.other_item_id], settings, now)
    return Outcome(correction, before, _places(db, correction))


def _in_words(c: Correction, change: Change) -> str:
    """Return a line of history."""
    pair = f"items {c.item_id} and {c.other_item_id}"
    if change is Change.UNDONE:
        return f"correction {c.correction_id} ({pair} {c.said}) was taken back"
    because = f": {c.because}" if c.because else ""
    what = "are one event" if c.said is Said.TOGETHER else "are not one event"
    return f"a person said that {pair} {what} (correction {c.correction_id}){because}"


def _places(db: Database, c: Correction) -> tuple[int, int]:
    """Return the stories of the items of a correction."""
    places = stories.memberships(db, [c.item_id, c.other_item_id])
    return places[c.item_id].story_id, places[c.other_item_id].story_id


def _refusal(said: Said, pair: tuple[int, int], earlier: Sequence[Correction]) -> str:
    """Name the earlier corrections that a new one contradicts, and the way out."""
    named = " and ".join(
        f"correction {c.correction_id} of {c.said_at:%Y-%m-%d} put items {c.item_id} and {c.other_item_id} {c.said}"
        for c in earlier
    )
    undo = f"`monitor corrections --undo {earlier[0].correction_id}`"
    return f"items {pair[0]} and {pair[1]} cannot be {said}: {named}; take that back first with {undo}"
