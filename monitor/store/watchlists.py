"""Which stories of a digest match the saved searches of the configuration."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from monitor.model import Story, Watched, Watchlist
from monitor.store import query, spaceless
from monitor.store.query import Query, Term
from monitor.store.search import conditions

_MATCHING = """i.id in (select rowid from items_fts where items_fts match ?
  union all select rowid from items_spaceless_fts where items_spaceless_fts match ?)"""


def watched(
    db: Database, watchlists: Sequence[Watchlist], stories: Sequence[Story], *, today: date
) -> tuple[Watched, ...]:
    """Return for each watchlist the stories that have a piece which one of its queries finds.

    Days back in a query are counted from `today`. Raises UsageError for a query that `query.parse` refuses.
    """
    ids = json.dumps([item.item_id for story in stories for item in story.items])
    return tuple(
        Watched(
            watchlist.name,
            watchlist.queries,
            frozenset().union(*(stories_with(db, query.parse(q, today=today), ids) for q in watchlist.queries)),
        )
        for watchlist in watchlists
    )


def stories_with(db: Database, wanted: Query, ids: str) -> frozenset[int]:
    """Return the stories of those items of a JSON list that a query finds; a query of nothing finds nothing."""
    if not wanted:
        return frozenset()
    where, values = conditions(db, wanted)
    apart = [Term(spaceless.apart(term.text), term.prefix) for term in wanted.terms]
    matches = [query.fts(wanted.terms), query.fts(apart)] if wanted.terms else []
    rows = db.execute(
        f"""select distinct s.story_id from items i join story_items s on s.item_id = i.id
        join stories x on x.id = s.story_id
        where i.id in (select value from json_each(?)) and {where} and {_MATCHING if matches else "true"}""",  # noqa: S608 - own constants
        [ids, *values, *matches],
    )
    return frozenset(story_id for (story_id,) in rows)
