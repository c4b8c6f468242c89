"""`monitor demo`: the whole job against the sample web, through the ordinary pipeline and real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from monitor import app as application
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.pipeline import PassReport
from monitor.publish import Published, publish, today
from monitor.sample.web import SampleWeb
from monitor.store import search


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo did, and where to look."""

    figures: dict[str, int]
    digest: Published
    database: Path
    #: the story with the most outlets, and one of its copies, to look at next
    story_id: int
    item_id: int


def run_demo(
    folder: Path,
    *,
    fresh: bool,
    advance: Callable[[int, int | None], None],
    clock: application.Clock = application.utc_now,
    threads: int = 8,
) -> DemoReport:
    """Fetch the sample web into a state, write the digest of today, and return what came of it.

    Args:
        folder: where the state goes.
        fresh: forget the state of an earlier demo there; the sample news are dated relative to today.
        advance: told how far the work is, for a progress bar.
        clock: gives the present moment; the sample news are dated relative to it.
        threads: addresses asked at the same time; with one, items and stories always get the same ids.

    """
    with application.exclusive(folder):
        if fresh:
            _forget(folder)
        now = clock()
        with SampleWeb(today(now, "UTC")) as web:
            config = _config(folder, threads)
            with application.build(
                config, connect_to=web.connect_to, watch=(web.outlets, web.sources), clock=clock
            ) as built:
                report = built.pipeline.run_pass(advance=advance)
                written = publish(built.storage, today(now, "UTC"), built.digest, now=clock())
                return _report(built, report, written, len(web.requests))


def _config(folder: Path, threads: int) -> Config:
    """Return the default configuration, but for the gap between requests: the sample web is ours."""
    fetch = FetchSettings(host_gap_s=0, per_host=8, threads=threads)
    return Config(state=folder.absolute(), fetch=fetch, extract=ExtractSettings(workers=2))


def _forget(folder: Path) -> None:
    """Remove the database and the digests of an earlier demo."""
    for path in (*folder.glob("monitor.db*"), *(folder / "digests").glob("*.*")):
        path.unlink()


def _report(built: application.App, report: PassReport, written: Published, requests: int) -> DemoReport:
    """Collect the figures that the demo shows."""
    totals = search.totals(built.storage.db)
    busiest, copy = search.showpieces(built.storage.db)
    figures = {
        "sources polled": report.polled,
        "of them with trouble": report.failed,
        "HTTP requests": requests,
        "items stored": totals["items"],
        "not about customs": totals["dropped"],
        "copies recognised": totals["copies"],
        "stories": totals["stories"],
        "series of editions": totals["series"],
    }
    return DemoReport(figures, written, built.storage.path, busiest, copy)
