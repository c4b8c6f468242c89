"""Commands that hand the state to people and programs: series, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.options import ConfigOption, JsonOption, StateOption
from monitor.errors import NotFound
from monitor.model import Exported, ExportFormat


def series(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show the editions of the series whose names hold this.")
    ] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the series of recurring events, such as the sessions of a commission, or the editions of some."""
    from monitor import app
    from monitor.cli import listing
    from monitor.store import search as reading

    with app.open_state(options.readable_state(config, state)) as storage:
        if name is None:
            listing.all_series(reading.series_rows(storage.db), as_json=as_json)
            return
        rows = reading.editions(storage.db, name)
    if not rows:
        raise NotFound(f"no series has {name!r} in its name: `monitor series` lists them")
    listing.editions(rows, as_json=as_json)


def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A name ending in .jsonl, .csv or .graphml, or with .gz.")
    ] = None,
    what: Annotated[Exported, typer.Option("--what", help="What to write.")] = Exported.ITEMS,
    form: Annotated[
        ExportFormat | None, typer.Option("--format", help="The format; if not given, the file name tells.")
    ] = None,
    config: ConfigOption = None,
    state: StateOption = None,
) -> None:
    """Write items, stories or reprints for other programs; without a file, JSON lines to standard output.

    Items as JSON lines can be imported elsewhere. Reprints as GraphML show who copied whom.
    """
    from monitor import app, exporting
    from monitor.cli import listing
    from monitor.cli.work import bar
    from monitor.store import exports

    chosen = form or exporting.format_of(file)
    with app.open_state(options.readable_state(config, state)) as storage, bar("export") as advance:
        advance(0, exports.count(storage.db, what))
        written = exporting.export(storage.db, file, what, chosen, advance=lambda count: advance(count, None))
    if file is not None:
        listing.exported(file, written, "edges" if chosen is ExportFormat.GRAPHML else what)


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="The port to listen on.")] = 8001,
    token: Annotated[
        str | None,
        typer.Option("--token", metavar="TEXT", envvar="MONITOR_TOKEN", help="What readers elsewhere must bring."),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", metavar="", help="A proxy in front checks who reads, no token is needed.")
    ] = False,
    config: ConfigOption = None,
    state: StateOption = None,
) -> None:
    """Show the digests and the state in a browser, read-only, until Ctrl-C; needs the extra `web`."""
    from monitor import app
    from monitor.errors import UsageError

    try:
        from monitor.web import guard, server
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed: pip install 'customs-news-monitor[web]'") from None
    if not guard.is_loopback(host) and not token and not behind_proxy:
        raise UsageError(
            f"{host} can be reached from other machines: give a --token (or MONITOR_TOKEN) that readers must bring, "
            "or --behind-proxy if a proxy in front checks them"
        )
    folder = options.readable_state(config, state)
    with app.open_state(folder):
        pass  # brings the file to the newest schema, or says why it cannot be read
    print(f"http://{host}:{port}/{'?token=TOKEN' if token else ''}  (Ctrl-C ends it)", flush=True)
    server.serve(folder, host=host, port=port, token=token)
