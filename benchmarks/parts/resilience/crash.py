"""Kill real processes at random instants, restart, look whether all is well, and at the end whether all is there.

The web is the sample web of `monitor demo` on loopback, with time as an argument: its own list of pieces is the ledger
against which the state is held. A life begins with an empty folder and sees four days pass; each process in it works on
the same folder as the one that was killed before it.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from parts.figures import Figures, table

from monitor import app as application
from monitor import backing, checks, importfile, importing, issuing, pipeline, pruning, publish, service
from monitor.config import BackupSettings, Config, ExtractSettings, FetchSettings
from monitor.errors import NotFound
from monitor.files import PART
from monitor.sample.web import SampleWeb
from monitor.sample.world import build_world
from monitor.store import backups, digests, issued_files, stories, vectors
from monitor.store.storage import Storage

TODAY = date(2026, 11, 22)
#: the first and last moment of a life; the last final digest is that of the day before
BEGINS, ENDS = datetime(2026, 11, 18, 12, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
STEP = timedelta(hours=16)
KILLS, QUICK_KILLS = 500, 25
SEED = 7
#: a dump of the first schema, which a migration starts from
IMPORTED_TIMES = 5
DUMPED = datetime(2026, 11, 23, tzinfo=UTC)
OLDEST = Path(__file__).resolve().parents[3] / "tests" / "store" / "dumps" / "m001.sql"
_PRELOADED = ["monitor.service", "monitor.backing", "monitor.issuing", "monitor.sample.world", "parts.resilience.crash"]

# ---------------------------------------------------------------- what the processes do


@dataclass(frozen=True, slots=True)
class Task:
    """What a process is told: its folder, where the web is, what time it is."""

    folder: Path
    port: int
    now: datetime


@contextmanager
def opened(task: Task) -> Iterator[application.App]:
    """Build the monitor as the service does, on a clock that stands still."""
    world = build_world(TODAY)
    config = Config(
        state=task.folder, fetch=FetchSettings(host_gap_s=0, per_host=8), extract=ExtractSettings(workers=0),
        backup=BackupSettings(keep=2),
    )  # fmt: skip
    watch = world.outlets, world.sources
    connect_to = {"*.example": ("127.0.0.1", task.port)}
    with (
        application.exclusive(task.folder),
        application.build(config, connect_to=connect_to, watch=watch, clock=lambda: task.now) as app,
    ):
        yield app


def tick(task: Task) -> None:
    """Do what the service does each minute: settle, digests, poll, fetch, save, settle, back up."""
    pipeline.SAVED_TOGETHER = 10  # the sample web brings too little for a second transaction
    with opened(task) as app:
        service.tick(app)


def settle(task: Task) -> None:
    """Settle all items anew."""
    with opened(task) as app:
        with app.storage.transaction() as db:
            everything = [item_id for (item_id,) in db.execute("select id from items")]
            stories.queue(db, everything)
            stories.advance(db, vectors.weighed(db, everything), stories.Stage.WEIGHED)
        app.pipeline.settle()


def digest(task: Task) -> None:
    """Write the digest of the day so far, and those that are due."""
    with opened(task) as app, suppress(NotFound):  # nothing may have been seen yet
        service.write_due_digests(app)
        publish.publish(app.storage, publish.today(task.now, "UTC"), app.digest, now=task.now)


def backup(task: Task) -> None:
    """Make a copy."""
    with Storage(task.folder) as storage:
        backing.make(storage, backing.backup_folder(task.folder), keep=2, now=task.now)


def prune(task: Task) -> None:
    """Take away texts that are too old, in a copy of the state: the pieces are compared with the web's at the end."""
    with application.exclusive(task.folder / "pruned"), Storage(task.folder / "pruned") as storage:
        pruning.prune(storage, pruning.Retention(30, 10, 30), ENDS + timedelta(days=40))


def vacuum(task: Task) -> None:
    """Make room in the file and give it back, then fold the log away."""
    with Storage(task.folder) as storage:
        with storage.transaction() as db:
            db.execute("drop table if exists room")  # of one that was killed in between
            db.execute("create table room (filled)")
            db.execute("insert into room select randomblob(4000) from items a, items b limit 1500")
        with storage.transaction() as db:
            db.execute("drop table room")
        storage.give_back()
        storage.checkpoint()
        storage.db.execute("vacuum")


def import_(task: Task) -> None:
    """Take pieces in from a file: nearly all the time is spent in saving and settling."""
    config = Config(state=task.folder / "imported")
    found = importfile.read_file(task.folder / "pieces.jsonl", now=task.now)
    with application.exclusive(config.state), Storage(config.state) as storage:
        grouping = application.grouping_settings(config)
        importing.import_file(storage, found, grouping=grouping, judge=None, clock=lambda: task.now)


def migrate(task: Task) -> None:
    """Bring the state of the oldest schema to the newest."""
    Storage(task.folder / "old", create=False).close()


def restore(task: Task) -> None:
    """Put the newest copy in place of a state."""
    with application.exclusive(task.folder / "other"):
        backing.restore(task.folder / "other", None, replace=True, now=task.now)


TICK = "pass of the service"
WORK: dict[str, Callable[[Task], None]] = {
    TICK: tick, "settling": settle, "digest": digest, "backup": backup, "vacuum": vacuum, "import": import_,
    "pruning": prune,
    "migration": migrate, "restore": restore,
}  # fmt: skip

# ---------------------------------------------------------------- before, after and at the end


def prepare(work: str, task: Task) -> None:
    """Make what a piece of work starts from, where that is not the state itself."""
    if work == "migration":
        shutil.rmtree(task.folder / "old", ignore_errors=True)
        (task.folder / "old").mkdir(mode=0o700, parents=True)
        text = OLDEST.read_text(encoding="utf-8")
        middle = text.index("CREATE UNIQUE INDEX")
        for script in (f"{text[:middle]}commit;", f"begin;\n{text[middle:]}"):
            db = sqlite3.connect(task.folder / "old" / "monitor.db")
            db.executescript(script)
            db.close()
        (task.folder / "old" / "monitor.db").chmod(0o600)
    if work == "import" and not (task.folder / "pieces.jsonl").exists():
        task.folder.mkdir(mode=0o700, exist_ok=True)
        (task.folder / "pieces.jsonl").write_text("\n".join(_records()), encoding="utf-8")
    if work == "pruning":
        with Storage(task.folder) as storage:
            backups.save(storage.db, task.folder / "copy.db")
        (task.folder / "pruned").mkdir(mode=0o700, exist_ok=True)
        for path in (task.folder / "pruned").glob("monitor.db*"):
            path.unlink()
        (task.folder / "copy.db").replace(task.folder / "pruned" / "monitor.db")
    if work == "restore":
        other = task.folder / "other"
        shutil.rmtree(other, ignore_errors=True)
        with Storage(other) as storage:
            backing.make(storage, backing.backup_folder(other), keep=1, now=task.now)
            with storage.transaction() as db:
                db.execute("insert into outlets values ('after', 'after the copy', 'after')")


def _records() -> Iterator[str]:
    """Yield the pieces of the sample world as lines to import, each under as many ids as make a long import."""
    for number, piece in enumerate(build_world(TODAY).pieces * IMPORTED_TIMES):
        record = {
            "id": f"p{number}",
            "outlet": piece.site.data.host,
            "title": piece.title,
            "text": "\n".join(piece.paragraphs),
        }
        yield json.dumps(record | {"published": piece.published_at.isoformat()})


def restarted(work: str, task: Task) -> list[str]:
    """Start as the service does after a kill and return everything that the doctor finds then."""
    folder = {
        "migration": task.folder / "old",
        "import": task.folder / "imported",
        "pruning": task.folder / "pruned",
        "restore": task.folder / "other",
    }.get(work, task.folder)
    with application.exclusive(folder), Storage(folder) as storage:
        issuing.hand_out(storage, (), "")
        found = checks.check_all(storage, Config(state=folder), now=max(task.now, DUMPED))
        # a backup is missing where every pass so far was killed before it had made one; and the dump of the first
        # schema has no files beside it, and its digest is from before the state kept them
        passed_over = {"digest files", "backups"} if work in ("migration", "pruning") else {"backups"}
        problems = [f"{f.check}: {problem}" for f in found for problem in f.problems if f.check not in passed_over]
        if work == "migration" and storage.db.execute("select count(*) from items").fetchone() != (3,):
            problems.append("a migration lost items")
        if work == "restore" and not storage.db.execute("select 1 from outlets where id = 'after'").fetchone():
            kept = list(backing.backup_folder(folder).glob("before-restore-*.db"))
            problems += [] if kept else ["what was there before is not kept"]
    return problems + half_written(folder)


def phase(task: Task) -> str:
    """Return how far a pass had come that was killed, as the state tells it."""
    with Storage(task.folder) as storage:
        last = storage.db.execute(
            "select id, ended_at from runs where kind = 'pass' order by id desc limit 1"
        ).fetchone()
        if last is None:
            return "before the run"
        (polls,) = storage.db.execute("select count(*) from polls where run_id = ?", [last[0]]).fetchone()
        (waiting,) = storage.db.execute("select count(*) from settle_queue").fetchone()
    if last[1]:
        return "outside of the run: settling, digest, backup"
    if not polls:
        return "fetching feeds and pages"
    return "saving sources" if waiting else "saving sources that had nothing new, or settling"


def half_written(folder: Path) -> list[str]:
    """Return the files of a state that are not whole: remains, and what is not what the ledger says."""
    found = [f"{path.name} was left behind" for path in folder.rglob(f".*{PART}*")]
    for path in folder.glob("digests/*.json"):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            found.append(f"{path.name} is half written")
    return found


def missing_at_the_end(web: SampleWeb, folder: Path) -> list[str]:
    """Hold the state against the server's list of pieces, and the digests against the calendar."""
    with Storage(folder) as storage:
        db = storage.db
        stored = Counter(url for (url,) in db.execute("select url from items"))
        dropped = Counter(url for (url,) in db.execute("select url from dropped"))
        shown = Counter(list(web.gold))
        others = Counter(piece.url for piece in web.world.pieces if not piece.event)
        compared = (
            (shown - stored, "lost"), (stored - shown, "doubled or unknown"),
            (others - dropped, "neither kept nor dropped"), (dropped - others, "dropped twice"),
        )  # fmt: skip
        problems = [f"{sum(pieces.values())} pieces {what}" for pieces, what in compared if pieces]
        first = digests.first_listed_at(db)
        all_days = (BEGINS.date() + timedelta(days=n) for n in range((ENDS.date() - BEGINS.date()).days))
        watched = [day for day in all_days if first and first.date() <= day]
        days = {day for day in watched if digests.has_news(db, publish.window_of(day, "UTC"))}
        if digests.final_days(db) != days:
            problems.append(f"final digests of {sorted(digests.final_days(db))}")
        names = {path.name for path in (folder / "digests").glob("20*")}
        problems += [f"{name} is missing" for name in sorted(set(issued_files.checksums(db)) - names)]
        (waiting,) = db.execute("select count(*) from settle_queue").fetchone()
        problems += [f"{waiting} items wait for a story"] if waiting else []
    return problems


def not_imported(folder: Path) -> list[str]:
    """Hold what was imported against the file."""
    with Storage(folder / "imported") as storage:
        stored = Counter(name for (name,) in storage.db.execute("select external_id from items"))
        placed = storage.db.execute("select count(*) from story_items").fetchone()
    lines = (folder / "pieces.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = Counter(json.loads(line)["id"] for line in lines)
    return [] if stored == wanted and placed == (len(wanted),) else [f"{len(stored)} of {len(wanted)} records imported"]


# ---------------------------------------------------------------- the killing


@dataclass(slots=True)
class Count:
    """What was done and seen."""

    kills: Counter[str] = field(default_factory=Counter)
    finished: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    usual_s: dict[str, float] = field(default_factory=dict)
    lives: int = 0
    pieces: int = 0
    problems: list[str] = field(default_factory=list)


class Killer:
    """Starts processes that were loaded before, and ends them at a random instant of the time they usually take."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret: the run is to be repeatable
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self.count = Count()

    def work(self, name: str, task: Task, *, kill: bool) -> None:
        """Let a process work and kill it, or wait for it; then restart and look."""
        prepare(name, task)
        process = self._context.Process(target=WORK[name], args=(task,))
        began = time.monotonic()
        process.start()
        process.join(self._random.uniform(0, 1.1 * self.count.usual_s.get(name, 1.0)) if kill else None)
        if process.is_alive():
            process.kill()
            process.join()
        if process.exitcode == -9:
            self.count.kills[name] += 1
            if name == TICK:
                self.count.phases[phase(task)] += 1
        else:
            self.count.finished[name] += 1
            usual = self.count.usual_s.get(name, 0.0)
            self.count.usual_s[name] = (usual + time.monotonic() - began) / (2 if usual else 1)
        if process.exitcode not in (0, -9):
            self.count.problems.append(f"{name} ended with {process.exitcode}")
        self.count.problems += [f"after {name}: {problem}" for problem in restarted(name, task)]

    def live(self, folder: Path, per_step: int, enough: int, extra: tuple[str, ...]) -> None:
        """Let four days pass, some kills in each step of them, then finish the work and compare."""
        with SampleWeb(TODAY, now=BEGINS) as web:
            turns = itertools.cycle([*WORK, *extra])
            now = BEGINS
            while now < ENDS and sum(self.count.kills.values()) < enough:
                web.advance(now)
                task = Task(folder, web.address[1], now)
                for _ in range(per_step):
                    self.work(next(turns), task, kill=True)
                now += STEP
            web.advance(ENDS)
            for moment in (ENDS, ENDS + timedelta(hours=7)):
                self.work(TICK, Task(folder, web.address[1], moment), kill=False)
            self.work("import", Task(folder, web.address[1], ENDS), kill=False)
            self.count.problems += missing_at_the_end(web, folder) + not_imported(folder)
            self.count.pieces += len(web.gold)
        self.count.lives += 1


def run(*, quick: bool = False, seed: int = SEED) -> Figures:
    """Kill until there were enough, and say what was found."""
    enough, per_step, extra = (QUICK_KILLS, 7, ()) if quick else (KILLS, 14, (TICK, TICK))
    killer = Killer(seed)
    with tempfile.TemporaryDirectory() as folder:
        while sum(killer.count.kills.values()) < enough:
            killer.live(Path(folder) / f"life{killer.count.lives}", per_step, enough, extra)
    count = killer.count
    rows = [(name, count.kills[name], count.finished[name], f"{count.usual_s.get(name, 0):.2f}") for name in WORK]
    rows[1:1] = [(f"… {found}", kills, "", "") for found, kills in sorted(count.phases.items())]
    rows.append(("all", sum(count.kills.values()), sum(count.finished.values()), ""))
    text = table(("killed in", "kills", "ended before", "usual time, s"), rows)
    told = (
        f"Seed {seed}, {count.lives} lives of four days, {count.pieces} pieces shown in all. After each of the "
        f"{sum(count.kills.values()) + sum(count.finished.values())} restarts the doctor was asked, and at the end of "
        f"each life the state was held against the server's pieces and the calendar: {len(count.problems)} problems."
    )
    return Figures(f"{text}\n\n{told}", problems=tuple(count.problems))
