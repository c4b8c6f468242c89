"""Measure how fast the monitor is on invented news, with a naive assembly (parts/naive.py) beside it in the same run.

Everything goes through `monitor import` in processes of its own; the clock runs from process start, and what an import
of one piece takes is named apart. Writes docs/performance.md and its plots with --write.

    .venv/bin/python benchmarks/throughput.py [--quick] [--sizes N ...] [--archive N] [--window N] [--write]

Filling the states takes longest and is not measured: `--folder DIR --fill` does it beforehand, and a later run with
that folder goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TypeVar

import rensa
from parts import invented, naive
from parts.plots import line_plot

from monitor import importfile, importing
from monitor.dedup import sketch
from monitor.dedup.shingle import compared_shingles
from monitor.grouping import read_again
from monitor.linking import GroupingSettings
from monitor.settling import settle_queue
from monitor.store import stories
from monitor.store.storage import Storage
from monitor.stories import score
from monitor.text import words

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
SIZES = (2_500, 5_000, 10_000)
QUICK_SIZES = (50, 100)
#: pieces that are taken in both ways all lie in one window: 10,000 are what 700 a day come to
WINDOW_DAYS = 14
SMALL_ARCHIVE = 5_000
PROBE, PASS = 1_000, 500
FILLED_AT_ONCE = 10_000
#: of signing, each way in turn
ROUNDS = 9
#: runs of an import, ours and the other in turn, and of what more pieces cost: the middle one is told
RUNS = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took."""

    seconds: float
    cpu_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One number of pieces, both ways."""

    items: int
    ours: Spent
    naive: Spent
    #: the naive assembly with one product of matrices a pass, where it was asked for
    products: Spent | None = None

    @property
    def ratio(self) -> float:
        """Return how many times as long the naive assembly takes."""
        return self.naive.seconds / self.ours.seconds

    @property
    def cpu_ratio(self) -> float:
        """Return how many times as much of a processor it takes, which other work on the machine disturbs less."""
        return self.naive.cpu_s / self.ours.cpu_s


@dataclass(frozen=True, slots=True)
class Stored:
    """What one more piece costs at a size of the archive, and what opening it takes."""

    items: int
    #: of a processor, which other work on the machine disturbs less than the clock
    ms_an_item: float
    first_item_s: float
    peak_mb: float


def spend(command: Sequence[str]) -> Spent:
    """Run a command to its end and return what it took."""
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {child.returncode}")
    return Spent(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def take_in(pieces: Path, state: Path) -> Spent:
    """Import a file through the released command."""
    return spend(["-m", "monitor", "import", str(pieces), "--no-relevance", "--state", str(state)])


def compare(count: int, folder: Path, runs: int = RUNS) -> Compared:
    """Take the same pieces in all ways, each time into an empty database."""
    pieces = folder / f"{count}.jsonl"
    invented.write(pieces, count, a_day=count / WINDOW_DAYS)
    assembly = str(Path(naive.__file__))
    ours, other = [], []
    for run in range(runs):
        ours.append(_told(take_in(pieces, folder / f"state-{count}-{run}")))
        other.append(_told(spend([assembly, str(pieces), str(folder / f"naive-{count}-{run}.db")])))
    products = spend([assembly, str(pieces), str(folder / f"products-{count}.db"), "--products"])
    return Compared(count, middle(ours), middle(other), products)


def middle(runs: Sequence[Spent]) -> Spent:
    """Return the middle one of some runs, by the clock."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def signing(count: int) -> dict[str, float]:
    """Return texts a second from raw text (folded, cut into word triples, signed), median of ROUNDS rounds.

    All fold and cut as the monitor does and sign the same triples, which the others take as texts: each distinct one
    once, as the monitor does, and rensa also as a plain list, which leaves the same signature and saves it the set.
    """
    texts = [row["text"] for row in invented.numbered(count, a_day=count)]
    ways: dict[str, Callable[[], object]] = {
        "monitor": lambda: sketch.signatures([compared_shingles("", text) for text in texts]),
        "update loop": lambda: [naive.sign(set(_triples(text))) for text in texts],
        "rensa": lambda: [_rensa(list(set(_triples(text)))) for text in texts],
        "rensa, doublets left in": lambda: [_rensa(_triples(text)) for text in texts],
        "triples as texts, unsigned": lambda: sum(len(_triples(text)) for text in texts),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            started = time.process_time()
            way()
            taken[name].append(time.process_time() - started)
    return {name: count / median(seconds) for name, seconds in taken.items()}


def _triples(text: str) -> list[str]:
    """Return the word triples of a text as texts, in order."""
    found = words(text)
    return list(map(" ".join, zip(found, found[1:], found[2:], strict=False)))


def _rensa(found: list[str]) -> list[int]:
    """Return rensa's signature of word triples."""
    signature = rensa.RMinHash(num_perm=sketch.PERMUTATIONS, seed=1)
    signature.update(found)
    return signature.digest()


def grow(sizes: Sequence[int], window: int, probe: int, folder: Path) -> Iterator[Stored]:
    """Measure on archives of some sizes, filled at one steady number of pieces a day, what more pieces cost."""
    for size in sizes:
        state = folder / f"archive-{size}"
        news = _fill(state, size, window / WINDOW_DAYS, folder)
        first = _spend_on(news, 1, state, folder)
        more = [_spend_on(news, probe, state, folder) for _ in range(RUNS)]
        cost = median(run.cpu_s for run in more) - first.cpu_s
        yield Stored(size, 1000 * cost / (probe - 1), first.seconds, max(run.peak_mb for run in more))


def _fill(state: Path, size: int, a_day: float, folder: Path) -> Iterator[dict[str, str]]:
    """Import until a state holds so many pieces; return the news that comes after them."""
    held = _held(state)
    news = invented.numbered(None, a_day=a_day, start=held)
    while held < size:
        count = min(FILLED_AT_ONCE, size - held)
        _spend_on(news, count, state, folder)
        held += count
        print(f"{state.name}: {held:,} pieces", file=sys.stderr, flush=True)
    return news


def _held(state: Path) -> int:
    """Count the pieces of a state, none if there is no state yet."""
    if not (state / "monitor.db").exists():
        return 0
    with Storage(state) as storage:
        return int(storage.db.execute("select count(*) from items").fetchone()[0])


def _spend_on(news: Iterator[dict[str, str]], count: int, state: Path, folder: Path) -> Spent:
    """Import the next so many pieces."""
    path = folder / "next.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in islice(news, count))
    return take_in(path, state)


def settling(window: int, arriving: int, folder: Path) -> tuple[float, float]:
    """Return the seconds of settling a pass in a full window, and of re-clustering that window whole."""
    state = folder / f"window-{window}"
    news = _fill(state, window, window / WINDOW_DAYS, folder)
    path = folder / "pass.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in islice(news, arriving)), encoding="utf-8")
    grouping = GroupingSettings(score.shipped(), WINDOW_DAYS)
    now = datetime.now(UTC)
    with Storage(state) as storage:
        # a run that was ended half-way leaves a queue
        _settle(storage, grouping, now)
        for chunk in importing.chunks(importfile.read_file(path, now=now).records, importing.CHUNK):
            with storage.transaction() as db:
                importing._take_chunk(db, importing._sort_out(db, chunk, None, now), now)  # noqa: SLF001 - an import without its settling
        a_pass = _settle(storage, grouping, now)
        with storage.transaction() as db:
            everything = [item_id for (item_id,) in db.execute("select id from items")]
            # settling weighs what was read: what is weighed already would be weighed twice
            read_again(db, everything)
            stories.queue(db, everything)
        return a_pass, _settle(storage, grouping, now)


def _settle(storage: Storage, grouping: GroupingSettings, now: datetime) -> float:
    """Settle what waits; return the seconds."""
    started = time.perf_counter()
    with storage.transaction() as db:
        settle_queue(db, grouping, now)
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that a run found out."""

    compared: list[Compared]
    signed: dict[str, float]
    stored: list[Stored]
    window: int
    arriving: int
    a_pass_s: float
    whole_s: float


def table(m: Measured) -> str:
    """Return the figures as Markdown."""
    signed, base = m.signed, m.signed["update loop"]
    lines = ["| pieces | monitor, s | naive, s | ratio | monitor, CPU s | naive, CPU s | ratio of CPU |"]
    lines[0] += " naive with products, CPU s | monitor, peak MB |"
    lines += ["|---|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {c.items:,} | {c.ours.seconds:.1f} | {c.naive.seconds:.1f} | {c.ratio:.1f} | {c.ours.cpu_s:.1f} | "
        f"{c.naive.cpu_s:.1f} | {c.cpu_ratio:.1f} | {f'{c.products.cpu_s:.1f}' if c.products else '-'} | "
        f"{c.ours.peak_mb:.0f} |"
        for c in m.compared
    ]
    lines += ["", "| signing, from raw text | texts/s | against the loop |", "|---|---|---|"]
    lines += [f"| {name} | {rate:,.0f} | {rate / base:.1f} |" for name, rate in signed.items()]
    lines += ["", "| stored pieces | CPU ms a further piece | first piece, from process start, s | peak MB |"]
    lines += ["|---|---|---|---|"]
    lines += [f"| {s.items:,} | {s.ms_an_item:.1f} | {s.first_item_s:.2f} | {s.peak_mb:.0f} |" for s in m.stored]
    share = m.a_pass_s / m.whole_s
    settled = f"Settling {m.arriving} new pieces in a window of {m.window:,}: {m.a_pass_s:.2f} s, {share:.1%} of the "
    settled += f"{m.whole_s:.1f} s that re-clustering the window whole takes."
    machine = f"Machine: {os.cpu_count()} cores, Python {platform.python_version()}; all work on it, as load over "
    machine += f"fifteen minutes: {os.getloadavg()[2]:.1f}."
    lines += ["", settled, "", machine]
    return "\n".join(lines)


def write(m: Measured) -> None:
    """Put figures and plots into docs/."""
    page = ROOT / "docs" / "performance.md"
    before, _, rest = page.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    after = rest.partition("<!-- end of figures -->")[2]
    page.write_text(f"{before}<!-- figures -->\n{table(m)}\n<!-- end of figures -->{after}", encoding="utf-8")
    a_piece = {
        "monitor": [(c.items, 1000 * c.ours.cpu_s / c.items) for c in m.compared],
        "naive assembly": [(c.items, 1000 * c.naive.cpu_s / c.items) for c in m.compared],
        "naive with products": [(c.items, 1000 * c.products.cpu_s / c.items) for c in m.compared if c.products],
    }
    plot = line_plot("Text to story, durable and searchable", "pieces in 14 days", "CPU ms a piece", a_piece)
    (ROOT / "docs" / "throughput.svg").write_text(plot, encoding="utf-8")
    cost = {"monitor": [(s.items, s.ms_an_item) for s in m.stored]}
    plot = line_plot("A further piece in a growing archive", "stored pieces", "CPU ms a piece", cost)
    (ROOT / "docs" / "archive.svg").write_text(plot, encoding="utf-8")


def measure(args: argparse.Namespace, folder: Path) -> Measured | None:
    """Run everything, or with --fill only build the states that are measured."""
    sizes = QUICK_SIZES if args.quick else args.sizes
    archive, window, probe = (200, 100, 50) if args.quick else (args.archive, args.window, PROBE)
    steps = [archive] if args.quick else sorted({min(SMALL_ARCHIVE, archive // 4), archive // 4, archive})
    if args.fill:
        for size in steps:
            _fill(folder / f"archive-{size}", size, steps[0] / WINDOW_DAYS, folder)
        _fill(folder / f"window-{window}", window, window / WINDOW_DAYS, folder)
        return None
    compared = [_told(compare(size, folder, 1 if args.quick else RUNS)) for size in sizes]
    signed = _told(signing(50 if args.quick else 400))
    stored = [_told(more) for more in grow(steps, steps[0], probe, folder)]
    arriving = 20 if args.quick else PASS
    return Measured(compared, signed, stored, window, arriving, *settling(window, arriving, folder))


def _told(found: T) -> T:
    """Return a figure after printing it: a full run takes half an hour, and what is known should not wait."""
    print(found, file=sys.stderr, flush=True)
    return found


def main() -> int:
    """Measure, print, and with --write put the figures into docs/."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the smallest sizes: shows that the benchmark works")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="pieces taken in, both ways")
    parser.add_argument("--archive", type=int, default=200_000, help="stored pieces at the end of the archive's growth")
    parser.add_argument("--window", type=int, default=50_000, help="pieces of the window that is settled whole")
    parser.add_argument("--folder", type=Path, help="keep the filled states here, and go on from those that are there")
    parser.add_argument("--fill", action="store_true", help="only fill the states of --folder")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its plots")
    args = parser.parse_args()
    with nullcontext(args.folder) if args.folder else tempfile.TemporaryDirectory() as folder:
        measured = measure(args, Path(folder))
    if measured:
        print(table(measured))
        if args.write:
            write(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
