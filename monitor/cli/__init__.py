"""The `monitor` command: reads arguments, calls the application, prints. Heavy imports wait inside the commands."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import ask, care, correct, notify, query, sources, work
from monitor.cli.plain import harmless
from monitor.errors import MonitorError

__all__ = ["app", "main"]

app = typer.Typer(
    name="monitor",
    epilog="Start with `monitor demo`, then `monitor status`. Exit codes: 0 done, 1 failed, 2 wrong usage or config.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(asked: bool) -> None:
    """Print the version and end, when it was asked for."""
    if asked:
        print(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def _any_command(
    version: Annotated[
        bool, typer.Option("--version", metavar="", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watches outlets for news about customs, groups the pieces into stories, writes a dated, cited digest."""


EXAMPLES: dict[Callable[..., None], str] = {
    work.demo: "monitor demo",
    work.run: "monitor run --config /etc/monitor/config.yaml",
    work.update: "monitor update --source wto-news",
    work.keep: "monitor keep 17",
    work.digest: "monitor digest --date 2026-11-21",
    work.import_: "monitor import archive.jsonl.gz --no-relevance --state archive",
    ask.search: "monitor search '\"rules of origin\" cocaine seiz*'",
    ask.story: "monitor story 12",
    query.series: "monitor series council",
    query.export: "monitor export items.jsonl.gz",
    query.serve: "monitor serve --port 8001",
    ask.explain: "monitor explain 345 351",
    correct.together: "monitor together 345 351 --because 'the same seizure, in kilograms and in pounds'",
    correct.apart: "monitor apart 345 story:12",
    correct.corrections: "monitor corrections --undo 3",
    correct.replay: "monitor replay --operating-point 0.45",
    ask.dropped: "monitor dropped --limit 100",
    ask.status: "monitor status --left-out",
    care.doctor: "monitor doctor",
    care.backup: "monitor backup --to /mnt/usb/monitor",
    care.restore: "monitor restore --replace",
    care.prune: "monitor prune --dry-run --max-age-days 730",
}
for command, example in EXAMPLES.items():
    app.command(name=command.__name__.rstrip("_"), epilog=f"Example: {example}")(command)
sources.register(app)
notify.register(app)


def main() -> None:
    """Run the command line; what a user can mend becomes one line and an exit code, a bug keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that cannot show a letter of a title shows a question mark, and not a traceback
            stream.reconfigure(errors="replace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except MonitorError as error:
        for line in str(error).splitlines():
            # a reason may quote what a server or a file said
            print(f"monitor: {harmless(line)}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        # whoever read our output has seen enough, as in `monitor search x | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
