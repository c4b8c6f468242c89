"""Commands that change the state: demo, run, update, digest, import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import options
from monitor.cli.options import ConfigOption, DemoStateOption, JsonOption, StateOption
from monitor.errors import UsageError

#: an import file of 600 short pieces, and how much smaller it is when it is packed
_LONG_BYTES, _PACKED = 600_000, 3


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that advances a progress bar on the terminal by so many steps of a total; silent elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(label, total=None)

        def advance(steps: int, total: int | None = None) -> None:
            progress.update(task, advance=steps, total=total or progress.tasks[0].total)

        yield advance


def demo(state: DemoStateOption = None, as_json: JsonOption = False) -> None:
    """Do the whole job once against sample outlets on this machine, over real HTTP, and say where the digest is."""
    from monitor.cli import show
    from monitor.cli.demo import run_demo

    folder = state or Path("state") / options.DEMO_FOLDER
    with bar("fetching the sample web") as advance:
        outcome = run_demo(folder, fresh=state is None, advance=advance)
    show.demo(outcome, as_json=as_json)


def run(config: ConfigOption = None, state: StateOption = None) -> None:
    """Run the service: poll the sources when they are due, write the daily digest, until SIGTERM or Ctrl-C.

    A changed configuration is used at once, or on SIGHUP; a wrong one is refused whole, and the old one stays.
    """
    import time

    from monitor import app, service
    from monitor.cli import logs
    from monitor.renewal import Renewal

    logs.configure()
    settings = options.load(config, state)
    stop = service.Stop()
    renewal = Renewal(lambda: options.load(config, state), app.check, lambda: options.version(config), time.monotonic)
    service.catch_signals(stop, renewal)
    service.serve(settings, renewal, stop)


def update(
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="ID", help="Poll this source now; may be repeated.")
    ] = None,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make one pass: poll the sources that are due (or the named ones), store what is new, group it into stories."""
    from monitor import app
    from monitor.cli import show

    settings = options.load(config, state)
    unknown = sorted(set(source or ()) - {s.id for s in settings.sources()})
    if unknown:
        raise UsageError(f"no source is called {', '.join(unknown)}: `monitor sources` lists them")
    with app.exclusive(settings.state), app.build(settings) as built, bar("polling") as advance:
        report = built.pipeline.run_pass(only=tuple(source or ()), advance=advance)
    show.update(report, as_json=as_json)
    if report.polled and report.polled == report.failed:
        raise typer.Exit(1)


def keep(
    number: Annotated[int, typer.Argument(metavar="ID", help="The number that `monitor dropped` shows.")],
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring back a piece that was dropped as not about customs: it is stored like any other, and stays."""
    from monitor import app, keeping
    from monitor.cli import show

    settings = options.load(config, state)
    with app.exclusive(settings.state), app.build(settings) as built:
        item_id = keeping.keep(built.pipeline, number)
    show.kept(number, item_id, as_json=as_json)


def digest(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Today if not given.")
    ] = None,
    week: Annotated[
        bool, typer.Option("--week", metavar="", help="The roll-up of the week, Monday to Sunday, that holds the day.")
    ] = False,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", metavar="", help="Replace an issued digest that has changed.")
    ] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the digest of a day, or of its week, as Markdown, HTML and JSON; today's shows the day so far."""
    from monitor import app, publish
    from monitor.cli import show

    settings = options.load(config, state)
    if state is None:
        settings = settings.model_copy(update={"state": options.readable_state(config, None)})
    chosen = app.digest_settings(settings)
    now = app.utc_now()
    with app.open_state(settings.state) as storage:
        app.settle_waiting(storage, app.grouping_settings(settings), now)
        when: date = day.date() if day else publish.today(now, chosen.timezone)
        write = publish.publish_week if week else publish.publish
        written = write(storage, when, chosen, now=now, rewrite=rewrite)
    show.digest(written, as_json=as_json)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl[.gz]", help="JSON lines, gzipped or not.")],
    no_relevance: Annotated[
        bool, typer.Option("--no-relevance", metavar="", help="Keep everything, about customs or not.")
    ] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in pieces from elsewhere: one JSON object a line with id, outlet, url, title, text, published, lang.

    Any field may be null but id and one of title and text. After an interruption run it again: what is in stays in.
    """
    from monitor.memory import collect_seldom
    from monitor.workers import spare_cores, started

    collect_seldom()
    settings = options.load(config, state)
    workers = spare_cores(settings.extract.workers)
    # a process that reads texts takes a second to start, and this one nearly as long to get there
    with started(workers if _is_long(file) else 0, "monitor.reading") as pool:
        from monitor import app, importfile, importing
        from monitor.cli import show
        from monitor.reading import Reader

        reader = Reader(workers, pool)
        found = importfile.read_file(file, now=app.utc_now())
        with (
            app.exclusive(settings.state),
            app.open_state(settings.state, create=True) as storage,
            bar("import") as advance,
        ):
            advance(0, len(found.records))
            report = importing.import_file(
                storage,
                found,
                grouping=app.grouping_settings(settings),
                judge=None if no_relevance else app.judge_of(settings),
                clock=app.utc_now,
                advance=lambda count: advance(count, None),
                reader=reader,
            )
    show.imported(report, as_json=as_json)


def _is_long(file: Path) -> bool:
    """Tell by the size of an import file whether its texts will be read by processes of their own."""
    return file.is_file() and file.stat().st_size >= _LONG_BYTES / (_PACKED if file.suffix == ".gz" else 1)
