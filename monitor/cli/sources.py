"""`monitor sources`: list the sources, try them, find new ones, exchange them with other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli import options
from monitor.cli.groups import add_group
from monitor.cli.options import ConfigOption, JsonOption, StateOption
from monitor.cli.work import bar
from monitor.errors import NotFound, UsageError

if TYPE_CHECKING:
    from monitor.config import Config


def list_(
    source: Annotated[str | None, typer.Argument(metavar="[ID]", help="Show the polls of this source.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=10_000, help="How many polls to show.")] = 20,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the sources with how they are doing, or the history of one."""
    from monitor import app
    from monitor.cli import watched
    from monitor.store import search as reading

    with app.open_state(options.readable_state(config, state)) as storage:
        rows = reading.source_rows(storage.db)
        if source is None:
            watched.sources(rows, as_json=as_json)
            return
        asked = next((row for row in rows if row["source_id"] == source), None)
        if asked is None:
            raise NotFound(f"no source is called {source!r}: `monitor sources` lists them")
        watched.polls(asked, reading.poll_history(storage.db, source, limit=limit), as_json=as_json)


def probe(
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="ID", help="Try this source only; may be repeated.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try every configured source once and tell how it answers and what is wrong; nothing is stored.

    The exit code is 1 when a source cannot be read.
    """
    from monitor import app, probing
    from monitor.cli import offers

    settings = options.load(config, None)
    watched = {s.id: s for s in settings.sources()}
    if unknown := sorted(set(source or ()) - set(watched)):
        raise UsageError(f"no source is called {', '.join(unknown)}: `{options.program()} sources` lists them")
    chosen = [s for s in watched.values() if not source or s.id in source]
    found = []
    with app.open_web(settings) as web, bar("probing") as advance:
        advance(0, len(chosen))
        for one in probing.probe(web, chosen, app.utc_now):
            advance(1, None)
            found.append(one)
    found.sort(key=lambda one: [s.id for s in chosen].index(one.source_id))
    offers.probes(found, as_json=as_json)
    if any(one.is_useless for one in found):
        raise typer.Exit(1)


def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page of an outlet, best that of its news.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the feeds, sitemaps and lists of news that an outlet offers, and print lines for config.yaml.

    Asks a few dozen addresses at most, as politely as a pass does. The exit code is 1 when nothing is found.
    """
    from monitor import app, probing
    from monitor.cli import offers
    from monitor.configvalues import check_url

    settings = _settings(config)
    try:
        address = check_url(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise UsageError(str(error)) from None
    with app.open_web(settings) as web, bar("looking around") as advance:
        found = probing.discover(web, address, app.utc_now, advance)
    offers.discovery(found, settings, as_json=as_json)
    if not found.offers:
        raise typer.Exit(1)


def import_opml(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A list of subscriptions in OPML.")],
    append: Annotated[
        bool, typer.Option("--append", metavar="", help="Append the lines to the configuration file.")
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn the subscriptions of another feed reader into lines for config.yaml, and append them if told to."""
    from monitor import configlines
    from monitor.cli import offers
    from monitor.errors import ImportFileError
    from monitor.ingest import opml

    settings = _settings(config)
    try:
        with file.open("rb") as opened:
            body = opened.read(opml.MAX_BYTES + 1)
    except OSError as error:
        raise ImportFileError(f"{file}: cannot be read ({error.strerror})") from None
    read = opml.read(body, what=str(file))
    added = configlines.additions(read.found, settings)
    target = (config or options.DEFAULT_CONFIG) if append and added.outlets else None
    if target:
        configlines.append(target, added)
    offers.imported(added, (*read.skipped, *added.skipped), target, as_json=as_json)


def export_opml(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to write; to the terminal if not given.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Write the configured sources as OPML 2.0, for other feed readers, without `match`, `pages` and `selectors`."""
    from monitor import app
    from monitor.ingest import opml

    settings = options.load(config, None)
    outlets = {outlet.id: outlet.name for outlet in settings.outlets()}
    sources = settings.sources()
    folders: dict[str, list[opml.Subscription]] = {}
    for source in sources:
        name = outlets[source.outlet_id]
        is_only_one = sum(other.outlet_id == source.outlet_id for other in sources) == 1
        title = name if is_only_one else f"{name}: {source.id}"
        folders.setdefault(name, []).append(opml.Subscription(title, source.url, source.kind, lang=source.lang))
    written = opml.write(list(folders.items()), title="Sources of the customs-news monitor", now=app.utc_now())
    if file is None:
        print(written.decode(), end="")
        return
    try:
        file.write_bytes(written)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror})") from None


def _settings(config: Path | None) -> Config:
    """Return the configuration, or the default settings when none is named and none is here."""
    from monitor.config import Config

    return Config() if config is None and not options.DEFAULT_CONFIG.exists() else options.load(config, None)


COMMANDS: dict[Callable[..., None], tuple[str, str]] = {
    list_: ("list", "monitor sources wto-news"),
    probe: ("probe", "monitor sources probe --source wto-news"),
    discover: ("discover", "monitor sources discover https://www.wto.org/"),
    import_opml: ("import-opml", "monitor sources import-opml subscriptions.opml --append"),
    export_opml: ("export-opml", "monitor sources export-opml sources.opml"),
}


def register(app: typer.Typer) -> None:
    """Add the group of commands to the program."""
    add_group(
        app,
        COMMANDS,
        name="sources",
        about="List the sources with how they are doing (`monitor sources [ID]` is short for `monitor sources list "
        "[ID]`), try them, find new ones.",
        epilog="Example: monitor sources wto-news. Options of listing, such as --state: monitor sources list --help",
    )
