"""Short ways to write the input of a digest; everything not named gets a plain value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from monitor.model import (
    DigestInput,
    Role,
    SourceHealth,
    SourceState,
    Story,
    StoryItem,
    Window,
)

#: 06:00 in Baku on 19 and 20 November 2026
WINDOW = Window(datetime(2026, 11, 19, 2, tzinfo=UTC), datetime(2026, 11, 20, 2, tzinfo=UTC))
DAY = date(2026, 11, 20)


def at(text: str) -> datetime:
    """Return a time of November 2026 in UTC, written as "19 14:30"."""
    return datetime.strptime(f"2026-11-{text} +0000", "%Y-%m-%d %H:%M %z")


def item(item_id: int, outlet: str = "Caspian Ledger", **changes: object) -> StoryItem:
    """Return an item of an outlet, published within the window unless told otherwise."""
    slug = outlet.lower().replace(" ", "-")
    published_at = changes.get("published_at", at("19 08:00") + timedelta(minutes=item_id))
    seen_at = published_at if isinstance(published_at, datetime) else at("19 09:00")
    values: dict[str, object] = {
        "item_id": item_id,
        "outlet_id": slug,
        "outlet_name": outlet,
        "outlet_family": slug,
        "official": False,
        "title": f"Title number {item_id} of the {outlet}",
        "text": "",
        "url": f"https://{slug}.example/news/{item_id}",
        "lang": "en",
        "published_at": published_at,
        "published_origin": "feed",
        "published_has_time": True,
        "first_seen_at": seen_at,
        "listed_at": seen_at,
        "role": Role.COVERAGE,
        "probability": None,
        "reason": "",
    }
    return StoryItem(**{**values, **changes})  # type: ignore[arg-type]


def copy(item_id: int, original: int, outlet: str, *, spun: bool = False, **changes: object) -> StoryItem:
    """Return a reprint or spun copy of another item."""
    likeness = {"jaccard": 0.412, "containment": 0.63} if spun else {"jaccard": 0.974, "containment": 0.996}
    role = Role.SPUN if spun else Role.REPRINT
    return item(item_id, outlet, **{"role": role, "original_item_id": original, **likeness, **changes})


def story(story_id: int, *items: StoryItem, **changes: object) -> Story:
    """Return a story whose lead is its first item, unless told otherwise."""
    return Story(**{"story_id": story_id, "lead_item_id": items[0].item_id, "items": items, **changes})  # type: ignore[arg-type]


def health(outlet: str, state: SourceState = SourceState.OK, **changes: object) -> SourceHealth:
    """Return the health line of a source, well unless told otherwise."""
    values: dict[str, object] = {
        "source_id": outlet.lower().replace(" ", "-"),
        "outlet_name": outlet,
        "state": state,
        "reason": None,
        "since_at": at("01 00:00"),
        "last_ok_at": at("20 01:50"),
        "last_new_at": at("19 20:00"),
        "items": 0,
    }
    return SourceHealth(**{**values, **changes})  # type: ignore[arg-type]


def digest_input(
    stories: Iterable[Story] = (),
    sources: Iterable[SourceHealth] = (),
    *,
    items: int | None = None,
    left_out: Mapping[str, int] | None = None,
    timezone: str = "Asia/Baku",
    **further: object,
) -> DigestInput:
    """Return the input of the digest of 20 November 2026; further fields are taken over as they are."""
    told = tuple(stories)
    listed = sum(piece.listed_at in WINDOW for one in told for piece in one.items)
    return DigestInput(
        digest_date=DAY,
        timezone=timezone,
        window=WINDOW,
        stories=told,
        health=tuple(sources),
        items=listed + sum((left_out or {}).values()) if items is None else items,
        left_out=left_out or {},
        **further,  # type: ignore[arg-type]
    )
