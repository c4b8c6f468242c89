"""Commands that keep the state well: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.options import ConfigOption, JsonOption, StateOption


def backup(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help="Where the copy goes; that of the configuration if not given."),
    ] = None,
    keep: Annotated[
        int | None, typer.Option("--keep", metavar="N", min=1, help="How many copies stay in the folder.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", metavar="", help="List the copies and make none.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the state while it is in use, verify the copy, and remove the oldest copies."""
    from monitor import app, backing
    from monitor.cli import cared

    settings = options.load(config, state)
    folder = options.readable_state(config, state)
    chosen = to or settings.backup.folder or backing.backup_folder(folder)
    if listed:
        cared.backups(backing.listing(chosen), as_json=as_json)
        return
    with app.open_state(folder) as storage:
        made = backing.make(storage, chosen, keep=keep or settings.backup.keep, now=app.utc_now())
    cared.backup(made, as_json=as_json)


def restore(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A copy; the newest one beside the state if not given.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", metavar="", help="Put it in place of the state that is there, which is kept.")
    ] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a copy of the state back, with the digests it knows; a state that is there is replaced only if told so."""
    from monitor import app, backing
    from monitor.cli import cared
    from monitor.store import search

    settings = options.load(config, state)
    if file is None and settings.backup.folder is not None:
        file = backing.newest(settings.backup.folder)
    with app.exclusive(settings.state):
        restored = backing.restore(settings.state, file, replace=replace, now=app.utc_now())
        with app.open_state(settings.state) as storage:
            totals = search.totals(storage.db)
    cared.restored(restored, totals, as_json=as_json)
