"""Commands that only read the state: search, story, explain, status."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.options import ConfigOption, JsonOption, StateOption
from monitor.errors import NotFound, UsageError

#: the largest number that SQLite takes
_MAX_ID = 2**63 - 1


def search(
    typed: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY...",
            help='Words that must all occur; "a phrase"; begin* for beginnings; outlet:NAME, lang:CODE, series:NAME, '
            "since:DAY and until:DAY narrow the search (DAY: 2026-11-21, 2026-11, 2026, or 7d for seven days ago).",
        ),
    ],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many matches to show.")] = 20,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search the titles and texts of all items, the best matches first; without words, the newest first."""
    from monitor import app
    from monitor.cli import show
    from monitor.store import query as grammar
    from monitor.store import search as reading

    query = grammar.parse(" ".join(typed), today=app.utc_now().date())
    if not query:
        raise UsageError(f"nothing to search for in {' '.join(typed)!r}: give at least one word or figure")
    with app.open_state(options.readable_state(config, state)) as storage:
        hits, total = reading.search(storage.db, query, limit=limit)
    show.hits(hits, total, as_json=as_json)


def story(
    story_id: Annotated[int, typer.Argument(metavar="ID", help="A story's number, as search and digests show it.")],
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one story: its reports in order, the copies under their originals, its series and its history."""
    from monitor import app
    from monitor.cli import detail
    from monitor.store import digests, relations, stories
    from monitor.store import search as reading

    with app.open_state(options.readable_state(config, state)) as storage:
        current = stories.resolve(storage.db, story_id) if abs(story_id) <= _MAX_ID else None
        if current is None:
            raise NotFound(f"there is no story {story_id}: `monitor search` shows the numbers of stories")
        found = digests.stories(storage.db, [current])[0]
        history = reading.history_of(storage.db, current)
        related = relations.of_story(storage.db, current)
    detail.story(found, history, related, asked=story_id, as_json=as_json)


def explain(
    item: Annotated[str, typer.Argument(help="An item id, an imported id or an address.")],
    other: Annotated[str | None, typer.Argument(help="A second item, to explain the pair.")] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain why an item is in its story and not in another one, or why two items are together or apart."""
    from monitor import app, explaining
    from monitor.cli import explained

    settings = options.load(config, state)
    with app.open_state(options.readable_state(config, state)) as storage:
        grouping = app.grouping_settings(settings)
        first = explaining.find_item(storage.db, item)
        if other is None:
            explained.item(explaining.explain_item(storage.db, first, grouping), as_json=as_json)
            return
        second = explaining.find_item(storage.db, other)
        if first == second:
            raise UsageError(f"{item!r} and {other!r} are the same item: name two different ones")
        explained.pair(explaining.explain_pair(storage.db, first, second, grouping), as_json=as_json)


def status(
    left_out: Annotated[
        bool,
        typer.Option("--left-out", metavar="", help="List what was dropped or could not be read, with the reasons."),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", metavar="", help="Print trouble only; exit code 1 if there is any.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=100_000, help="How many rows to list.")] = 50,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell at a glance whether the monitor is well and what to do if not; what it holds, the sources with trouble."""
    from monitor import app
    from monitor.cli import show, wellness
    from monitor.encoding import encoded
    from monitor.health.outside import look
    from monitor.store import search as reading

    folder = options.readable_state(config, state)
    settings = app.digest_settings(options.load(config, state))
    with app.open_state(folder) as storage:
        if left_out:
            show.left_out(reading.left_out(storage.db, limit=limit), as_json=as_json)
            return
        found = look(storage, settings, app.utc_now())
        overview = reading.overview(storage.db)
        encoder = app.encoder(options.load(config, state))
        meaning = encoded(storage.db, encoder) if encoder else None
    if check:
        wellness.trouble(found)
        raise typer.Exit(0 if found.verdict.is_ready else 1)
    show.status(folder, overview, found, meaning, as_json=as_json)


def dropped(
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=100_000, help="How many to list.")] = 50,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the pieces that were dropped as not about customs, with the reasons; `monitor keep` brings one back."""
    from monitor import app
    from monitor.cli import show
    from monitor.store import dropped as reading

    with app.open_state(options.readable_state(config, state)) as storage:
        show.dropped(reading.newest(storage.db, limit=limit), as_json=as_json)
