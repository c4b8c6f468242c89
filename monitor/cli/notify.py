"""`monitor notify`: what was sent and what waits, trying the targets, sending by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer
from rich.text import Text

from monitor.cli import options
from monitor.cli.groups import add_group
from monitor.cli.layout import Column, Row, table, wrapped
from monitor.cli.options import ConfigOption, JsonOption, StateOption
from monitor.cli.plain import console, counted, harmless, moment, print_json
from monitor.errors import NotFound, UsageError

_COLOURS = {"sent": "green", "failing": "red", "uncertain": "yellow", "waiting": "yellow"}


def list_(
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="How many to show.")] = 20,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the notices: what waits first, with the reason, then what was sent."""
    from monitor import app
    from monitor.store import outbox

    with app.open_state(options.readable_state(config, state)) as storage:
        rows = outbox.newest_first(storage.db, limit=limit)
    if as_json:
        print_json(rows)
        return
    _table(rows)


def try_(
    target: Annotated[list[str] | None, typer.Argument(metavar="[TARGET]...", help="Only these targets.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Only read the addresses, and send nothing.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a test notice to each target, past the outbox; the exit code is 1 if one failed."""
    from monitor import app, courier, notifying

    plan = app.notify_plan(options.load(config, None))
    known = {one.name for one in plan.targets}
    if unknown := sorted(set(target or ()) - known):
        raise UsageError(
            f"no target is called {unknown[0]!r}: the configuration has {', '.join(sorted(known)) or 'none'}"
        )
    if not known:
        raise UsageError("the configuration has no targets: add one under `notify`, as config.yaml shows")
    send = notifying.checker(os.environ) if dry_run else notifying.sender(os.environ, app.utc_now)
    outcome = {
        one.name: courier.send_directly(notifying.trial_notice(one, plan, app.utc_now()), plan, send)
        for one in plan.targets
        if not target or one.name in target
    }
    if as_json:
        print_json([{"target": name, "problem": problem} for name, problem in outcome.items()])
    else:
        out = console()
        for name, problem in outcome.items():
            done = "its address can be read" if dry_run else "sent"
            mark = Text("bad " if problem else "ok  ", style="red" if problem else "green")
            wrapped(out, f"{harmless(name)}: {harmless(problem or done)}", mark)
    if any(outcome.values()):
        raise typer.Exit(1)


def send(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Show what would be sent, and send and store nothing.")
    ] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Queue what is to be told and send all that waits, now; the service does the same by itself.

    The exit code is 1 if something could not be sent; it stays in the outbox.
    """
    from monitor import app, notifying
    from monitor.store import outbox

    settings = options.load(config, state)
    plan = app.notify_plan(settings)
    with app.open_state(settings.state) as storage:
        if dry_run:
            rows = notifying.preview(storage, plan, app.utc_now())
        else:
            notifying.prepare(storage, plan, app.utc_now())
            done = notifying.deliver(storage, plan, notifying.sender(os.environ, app.utc_now), app.utc_now, early=True)
            rows = outbox.listed(storage.db, [one.notice_id for one in done])
    if as_json:
        print_json(rows)
    else:
        _table(rows)
    if not dry_run and any(row["state"] != "sent" for row in rows):
        raise typer.Exit(1)


def drop(
    notice: Annotated[int, typer.Argument(metavar="ID", help="A notice that waits, as `monitor notify` lists it.")],
    config: ConfigOption = None,
    state: StateOption = None,
) -> None:
    """Give up a notice that waits, for example for a target that is gone; it is never sent."""
    from monitor import app
    from monitor.store import outbox

    with app.open_state(options.readable_state(config, state)) as storage:
        with storage.transaction() as db:
            found = outbox.drop(db, notice, app.utc_now())
        if not found:
            raise NotFound(f"no notice {notice} waits: `{options.program()} notify` lists them")
    console().print(f"notice {notice} is dropped")


def _table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print notices."""
    out = console()
    if not rows:
        out.print("no notices")
        return
    names = (Column("id", right=True), Column("made (UTC)"), Column("target"), Column("state"))
    columns = (*names, Column("subject", flexible=True))
    lines = [
        Row(
            (
                str(row["notice_id"]), moment(row["made_at"]), harmless(row["target"]),
                Text(str(row["state"]), style=_COLOURS.get(str(row["state"]), "")), harmless(row["subject"]),
            ),
            _further(row),
        )
        for row in rows
    ]  # fmt: skip
    table(out, columns, lines)


def _further(row: Mapping[str, object]) -> str:
    """Return why a notice waits and until when."""
    if not row["problem"] or row["sent_at"]:
        return ""
    tried = counted(int(str(row["attempts"])), "try", "tries")
    following = f"; next try {moment(row['next_try_at'])} UTC" if row["next_try_at"] else ""
    return f"{harmless(row['problem'])} ({tried}{following})"


COMMANDS: dict[Callable[..., None], tuple[str, str]] = {
    list_: ("list", "monitor notify"),
    try_: ("test", "monitor notify test office --dry-run"),
    send: ("send", "monitor notify send"),
    drop: ("drop", "monitor notify drop 17"),
}


def register(app: typer.Typer) -> None:
    """Add the group of commands to the program."""
    add_group(
        app,
        COMMANDS,
        name="notify",
        about="List what was sent and what waits, try the targets, send by hand.",
        epilog="Example: monitor notify test --dry-run",
    )
