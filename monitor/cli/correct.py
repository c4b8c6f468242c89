"""Commands with which a person corrects the grouping: together, apart, corrections, replay."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.options import ConfigOption, JsonOption, StateOption
from monitor.errors import UsageError
from monitor.model import Said

_ITEM_HELP = "An item id, an imported id, an address, or story:ID for the item that stands for a story."
FirstArgument = Annotated[str, typer.Argument(metavar="A", help=_ITEM_HELP)]
SecondArgument = Annotated[str, typer.Argument(metavar="B", help="The other one.")]
BecauseOption = Annotated[
    str | None, typer.Option("--because", metavar="TEXT", help="Why, for those who read it later.")
]


def together(
    a: FirstArgument,
    b: SecondArgument,
    because: BecauseOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two items report one event: their stories become one, for ever, whatever the score says."""
    _say(Said.TOGETHER, (a, b), because, (config, state), as_json=as_json)


def apart(
    a: FirstArgument,
    b: SecondArgument,
    because: BecauseOption = None,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two items report different events: they are never in one story again, not even as copies."""
    _say(Said.APART, (a, b), because, (config, state), as_json=as_json)


def _say(
    said: Said,
    names: tuple[str, str],
    because: str | None,
    where: tuple[ConfigOption, StateOption],
    *,
    as_json: bool,
) -> None:
    """Write a correction down and print what came of it."""
    from monitor import app, correcting
    from monitor.cli import corrected

    settings, folder = options.load(*where), options.readable_state(*where)
    with app.exclusive(folder), app.open_state(folder) as storage, storage.transaction() as db:
        grouping = app.grouping_settings(settings)
        outcome = correcting.say(db, said, names, because, settings=grouping, now=app.utc_now())
    corrected.outcome(outcome, as_json=as_json)


def corrections(
    undo: Annotated[int | None, typer.Option("--undo", metavar="N", min=1, help="Take correction N back.")] = None,
    every: Annotated[bool, typer.Option("--all", metavar="", help="List those that were taken back as well.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what persons said about items, or take one of these corrections back."""
    from monitor import app, correcting
    from monitor.cli import corrected
    from monitor.store import search as reading

    folder = options.readable_state(config, state)
    if undo is None:
        with app.open_state(folder) as storage:
            rows = reading.correction_rows(storage.db)
        corrected.listing([row for row in rows if every or row["undone_at"] is None], as_json=as_json)
        return
    if every:
        raise UsageError("--all lists corrections and --undo takes one back: give one of them")
    settings = options.load(config, state)
    with app.exclusive(folder), app.open_state(folder) as storage, storage.transaction() as db:
        grouping = app.grouping_settings(settings)
        outcome = correcting.take_back(db, undo, settings=grouping, now=app.utc_now())
    corrected.undone(outcome, as_json=as_json)


def replay(
    operating_point: Annotated[
        float | None,
        typer.Option("--operating-point", metavar="P", min=0.01, max=0.99, help="Try another one than the configured."),
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", metavar="", help="Write what would change, in one go.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=100_000, help="How many changes to list.")
    ] = 20,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Group all stored items anew with the present weights and settings, and say what would change.

    Nothing is written without --apply. Story ids stay, corrections hold, and every change goes into the history.
    """
    from contextlib import nullcontext
    from dataclasses import replace

    from monitor import app
    from monitor.cli import corrected
    from monitor.cli.work import bar

    if apply and operating_point is not None:
        raise UsageError(
            "--operating-point only tries one: to apply it, set stories.operating_point in the configuration, "
            "or the next pass would group with another one"
        )
    settings, folder = options.load(config, state), options.readable_state(config, state)
    grouping = app.grouping_settings(settings)
    if operating_point is not None:
        grouping = replace(grouping, model=replace(grouping.model, operating_point=operating_point))
    with (
        app.exclusive(folder) if apply else nullcontext(),
        app.open_state(folder) as storage,
        bar("grouping anew") as advance,
    ):
        found = app.replay(storage, grouping, app.utc_now(), write=apply, advance=advance)
    corrected.replayed(found, limit=limit, as_json=as_json)
