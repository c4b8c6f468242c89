"""Commands that keep the state well: doctor, backup, restore, prune."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import options
from monitor.cli.options import ConfigOption, JsonOption, StateOption

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.probing import Probe


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
    from monitor import app, backing, mending
    from monitor.cli import cared
    from monitor.store import search

    settings = options.load(config, state)
    if file is None and settings.backup.folder is not None:
        file = backing.newest(settings.backup.folder)
    with app.exclusive(settings.state):
        restored = backing.restore(settings.state, file, replace=replace, now=app.utc_now())
        with app.open_state(settings.state) as storage:
            files = list(mending.digest_files(storage))
            totals = search.totals(storage.db)
    cared.restored(restored, totals, files, as_json=as_json)


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", metavar="", help="Make anew what can be: indexes, views, bands, stories, files.")
    ] = False,
    online: Annotated[bool, typer.Option("--online", metavar="", help="Ask every source, too.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the state, the machine and the configuration, say what to do, and with --fix do what can be done."""
    from monitor import app, checks, mending
    from monitor.cli import cared

    settings = options.load(config, state)
    folder = options.readable_state(config, state)
    mended: list[str] = []
    if fix:
        with app.exclusive(folder), app.open_state(folder) as storage:
            mended = mending.mend(storage, app.grouping_settings(settings), app.utc_now())
    with app.open_state(folder) as storage:
        findings = checks.check_all(storage, settings, now=app.utc_now(), encoder=app.encoder(settings))
    if online:
        findings.append(checks.reachability(_probes(settings)))
    cared.doctor(folder, findings, mended if fix else None, as_json=as_json)
    if any(f.problems for f in findings):
        raise typer.Exit(1)


def _probes(settings: Config) -> list[Probe]:
    """Ask every configured source once."""
    from monitor import app, probing

    with app.open_web(settings) as web:
        return list(probing.probe(web, settings.sources(), app.utc_now))


def prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Say what would go, and change nothing.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", metavar="", help="List what went so far.")] = False,
    max_age_days: Annotated[
        int | None, typer.Option("--max-age-days", metavar="N", min=30, help="In place of the configured age.")
    ] = None,
    max_size_mb: Annotated[
        int | None, typer.Option("--max-size-mb", metavar="N", min=10, help="In place of the configured size.")
    ] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take away texts and history that are too old or too much, as the service does once a day; say what went."""
    from dataclasses import replace

    from monitor import app, housekeeping, pruning
    from monitor.cli import cared
    from monitor.store import retention

    settings = options.load(config, state)
    folder = options.readable_state(config, state)
    rules = housekeeping.rules_of(settings)
    rules = replace(
        rules, max_age_days=max_age_days or rules.max_age_days, max_size_mb=max_size_mb or rules.max_size_mb
    )
    if listed or dry_run:
        with app.open_state(folder) as storage:
            if listed:
                cared.went(retention.pruned(storage.db, limit=1000), as_json=as_json)
            else:
                cared.pruned(pruning.would_go(storage, rules, app.utc_now()), dry_run=True, as_json=as_json)
        return
    with app.exclusive(folder), app.open_state(folder) as storage:
        found = pruning.prune(storage, rules, app.utc_now())
    cared.pruned(found, dry_run=False, as_json=as_json)
