"""Decide what a digest must say about earlier ones: stories that are no longer what was told, pieces that came late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from monitor.digest.composed import Amendment, AmendmentKind, Amends
from monitor.model import LatePiece, StoryChange

#: late pieces that are listed for one digest; an import can bring thousands of old ones
MOST_LISTED = 10


def amends(changes: Iterable[StoryChange], late: Iterable[LatePiece]) -> tuple[Amends, ...]:
    """Return what is to be said of each issued digest, the oldest first.

    A change is said of the last digest that told the story; of several leads the last one counts.
    """
    told: dict[tuple[int, str, int | None], tuple[date, Amendment]] = {}
    for change in sorted(changes, key=lambda c: (c.digest_date, c.history_id)):
        if amendment := _amendment(change):
            other = None if amendment.kind is AmendmentKind.LEAD else amendment.other_story_id
            told[change.told_story_id, amendment.kind, other] = change.digest_date, amendment
    pieces: dict[date, list[LatePiece]] = {}
    for piece in sorted(late, key=lambda p: (p.digest_date, p.item_id)):
        pieces.setdefault(piece.digest_date, []).append(piece)
    days = sorted({day for day, _ in told.values()} | set(pieces))
    return tuple(
        Amends(
            day,
            tuple(sorted((a for at, a in told.values() if at == day), key=lambda a: (a.story_id, a.kind, a.reason))),
            tuple(pieces.get(day, ())[:MOST_LISTED]),
            len(pieces.get(day, ())),
        )
        for day in days
    )


def _amendment(change: StoryChange) -> Amendment | None:
    """Return what a change of a story means for a reader of the digest, None when it is none for him."""
    match change.change:
        case "merged" if change.other_story_id is not None and change.other_story_id < change.told_story_id:
            # the older id stays, so the younger of the two is the one that is gone
            return Amendment(
                AmendmentKind.MERGED, change.told_story_id, change.headline, change.other_story_id, change.reason
            )
        case "split":
            return Amendment(AmendmentKind.SPLIT, change.told_story_id, change.headline, change.story_id, change.reason)
        case "lead" if change.item_id != change.told_lead_item_id:
            return Amendment(AmendmentKind.LEAD, change.told_story_id, change.headline, None, change.reason)
    return None
