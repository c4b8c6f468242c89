"""The process in which calls to the file system fail: it loads everything once and forks for each fault.

Arguments: work folder, port of the sample web, every how many-th place is tried (0: two places a fault), kinds of work
(all if none is named). Prints one JSON object a fault.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from monitor import app as application
from monitor import backing, checks, mending, pruning, publish, service
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.errors import MonitorError
from monitor.files import PART
from monitor.sample.world import build_world
from monitor.store import digests
from monitor.store.storage import Storage

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEXT = NOW + timedelta(hours=19)
#: two sources are enough: with more, no other line of the monitor makes a call
SOURCES = ("ioca", "harbour-wire")
DUMP = Path(__file__).resolve().parents[2] / "tests" / "store" / "dumps" / "m001.sql"
#: bits of faultfs.c
ROOM, DEVICE, LOCK = 1, 2, 4
#: what a child ends with
WELL, TOLD, BUG, HUNG = 0, 3, 4, 5
DEADLINE_S = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """A way in which calls fail."""

    name: str
    error: int
    classes: int
    stays: bool


FAULTS = (
    Fault("disk full, once", errno.ENOSPC, ROOM, False),
    Fault("disk full from then on", errno.ENOSPC, ROOM, True),
    Fault("I/O error, once", errno.EIO, ROOM | DEVICE, False),
    Fault("read-only from then on", errno.EROFS, ROOM | DEVICE, True),
    Fault("locked from then on", errno.EAGAIN, LOCK, True),
)


NO_FAULT = Fault("", 0, 0, stays=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a fault came to."""

    work: str
    fault: str
    number: int
    call: str
    ended: int
    told: str
    #: what was wrong after the next start
    after: str


# ---------------------------------------------------------------- the work


def opened(folder: Path, port: int, now: datetime) -> None:
    """Make a tick of the service."""
    world = build_world(TODAY)
    config = Config(
        state=folder, fetch=FetchSettings(host_gap_s=0, per_host=8, threads=2), extract=ExtractSettings(workers=0)
    )
    watched = [source for source in world.sources if source.id in SOURCES] or list(world.sources)[:2]
    with (
        application.exclusive(folder),
        application.build(
            config,
            connect_to={"*.example": ("127.0.0.1", port)},
            watch=(world.outlets, watched),
            clock=lambda: now,
        ) as app,
    ):
        service.tick(app)


def first_pass(folder: Path, port: int) -> None:
    """Make the state and the first pass."""
    opened(folder, port, NOW)


def next_day(folder: Path, port: int) -> None:
    """Write the digest that is due, poll, make the backup of the day."""
    opened(folder, port, NEXT)


def digest(folder: Path, _port: int) -> None:
    """Write the digest of the day so far."""
    with application.open_state(folder) as storage:
        publish.publish(storage, TODAY, application.digest_settings(Config()), now=NOW)


def backup(folder: Path, _port: int) -> None:
    """Make a copy."""
    with application.open_state(folder) as storage:
        backing.make(storage, backing.backup_folder(folder), keep=1, now=NEXT)


def restore(folder: Path, _port: int) -> None:
    """Put the copy in place of the state."""
    with application.exclusive(folder):
        backing.restore(folder, None, replace=True, now=NEXT)


def restore_over_damage(folder: Path, port: int) -> None:
    """Put the copy in place of a state that cannot be read; the damage is done before anything fails."""
    restore(folder, port)


def migrate(folder: Path, _port: int) -> None:
    """Bring the oldest state to the newest schema."""
    with application.exclusive(folder), application.open_state(folder):
        pass


def prune(folder: Path, _port: int) -> None:
    """Take old texts away and give the room back."""
    with application.exclusive(folder), application.open_state(folder) as storage:
        pruning.prune(storage, pruning.Retention(30, 10, 30), NOW + timedelta(days=60))


def mend(folder: Path, _port: int) -> None:
    """Make the search, a view and a file anew."""
    with application.exclusive(folder), application.open_state(folder) as storage:
        mending.mend(storage, application.grouping_settings(Config()), NEXT)


DAILY = "pass, digest and backup of a day"
WORK: dict[str, Callable[[Path, int], None]] = {
    "first pass": first_pass,
    DAILY: next_day,
    "digest": digest,
    "backup": backup,
    "restore": restore,
    "restore over damage": restore_over_damage,
    "migration": migrate,
    "pruning": prune,
    "doctor --fix": mend,
}


def fill(full: Path, port: int) -> None:
    """Make the state that most work starts from, and the one of the eve of its last day.

    In this process, so that what is loaded on the way is there for all that follow.
    """
    full.mkdir(mode=0o700)
    first_pass(full, port)
    digest(full, port)
    shutil.copytree(full, full.with_name("eve"))
    next_day(full, port)


def prepare(work: str, full: Path, folder: Path) -> None:
    """Make what a piece of work starts from, without faults."""
    shutil.rmtree(folder, ignore_errors=True)
    if work == "first pass":
        return
    if work == "migration":
        folder.mkdir(mode=0o700)
        text = DUMP.read_text(encoding="utf-8")
        middle = text.index("CREATE UNIQUE INDEX")
        for script in (f"{text[:middle]}commit;", f"begin;\n{text[middle:]}"):
            db = sqlite3.connect(folder / "monitor.db")
            db.executescript(script)
            db.close()
        (folder / "monitor.db").chmod(0o600)
        return
    shutil.copytree(full.with_name("eve") if work == DAILY else full, folder)
    if work == "restore over damage":
        with (folder / "monitor.db").open("r+b") as file:
            file.write(b"\xff" * 8192)
    if work == "doctor --fix":
        with Storage(folder) as storage:
            storage.db.execute("delete from items_fts_idx")
            storage.db.execute("drop view v_digests")
        next((folder / "digests").glob("*.html")).unlink()


# ---------------------------------------------------------------- one fault


def in_child(call: Callable[[], None]) -> tuple[int, str]:
    """Run something in a fork; return how it ended, and what it said."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        code, told = WELL, ""
        signal.alarm(DEADLINE_S)
        try:
            call()
        except MonitorError as error:
            code, told = TOLD, str(error)
        except BaseException:  # noqa: BLE001 - whatever else it is counts as a bug, and is shown
            code, told = BUG, traceback.format_exc()[-1500:]
        os.write(write, told.encode()[:4000])
        os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return (HUNG if code == -signal.SIGALRM else code), told


def after(work: str, folder: Path, port: int) -> str:
    """Start again without faults, do the work, and return what is wrong then."""

    def again() -> None:
        if work == "first pass" or (folder / "monitor.db").exists():
            WORK[work](folder, port)
        with application.exclusive(folder), application.open_state(folder) as storage:
            found = checks.check_all(storage, Config(state=folder), now=NEXT + timedelta(days=1))
            wrong = [f"{f.check}: {p}" for f in found for p in f.problems if f.check not in ("backups", "disk space")]
            if work == "migration":
                wrong = [one for one in wrong if not one.startswith("digest files")]
            wrong += [path.name for path in folder.rglob(f".*{PART}*")]
            wrong += [] if digests.first_listed_at(storage.db) else ["no items"]
        if wrong:
            raise AssertionError("; ".join(wrong))

    code, told = in_child(again)
    return "" if code == WELL else told or f"ended with {code}"


class Faults:
    """Lets calls fail through the library that was loaded before."""

    def __init__(self) -> None:
        """Find its functions."""
        self._library = ctypes.CDLL(None)
        self._library.fault_hit.restype = ctypes.c_char_p

    def arm(self, number: int, fault: Fault) -> None:
        """Let a call of a kind fail."""
        self._library.fault_arm(ctypes.c_long(number), fault.error, fault.classes, int(fault.stays))

    def hit(self) -> str:
        """Return the call that failed."""
        return str(self._library.fault_hit().decode())


def sites(work: str, fault: Fault, folder: Path, port: int) -> list[int]:
    """Do the work without faults; return the number of the first and the last call from each place in the program.

    A place is the call and the lines of the monitor that led to it: SQLite writes many pages for one line.
    """
    note = folder.with_suffix(".note")

    def call() -> None:
        found: list[str] = []
        telling = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(lambda name: found.append(f"{name!r} {_lines()}"))
        library = ctypes.CDLL(None)
        library.fault_tell(telling)
        Faults().arm(0, fault)
        WORK[work](folder, port)
        Faults().arm(0, NO_FAULT)
        note.write_text(json.dumps(found), encoding="utf-8")

    code, told = in_child(call)
    if code != WELL:
        raise SystemExit(f"{work} without faults: {told}")
    found = json.loads(note.read_text(encoding="utf-8"))
    first = {site: number for number, site in reversed(list(enumerate(found, start=1)))}
    last = {site: number for number, site in enumerate(found, start=1)}
    return sorted({*first.values(), *last.values()})


def _lines() -> str:
    """Return the lines of the monitor that are being executed."""
    frame, lines = sys._getframe(1), []  # noqa: SLF001 - the only way to look at the callers cheaply
    while frame is not None:
        if "/monitor/" in frame.f_code.co_filename:
            lines.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " ".join(lines)


def run(work: str, fault: Fault, number: int, folder: Path, port: int) -> tuple[int, str, str]:
    """Do the work with the fault; return how it ended, what it said, which call failed."""
    faults = Faults()
    note = folder.with_suffix(".note")

    def call() -> None:
        faults.arm(number, fault)
        try:
            WORK[work](folder, port)
        finally:
            name = faults.hit()
            faults.arm(0, NO_FAULT)
            note.write_text(name, encoding="utf-8")

    code, told = in_child(call)
    name = note.read_text(encoding="utf-8") if note.exists() else ""
    note.unlink(missing_ok=True)
    return code, told, name


def limited(work: str, limit: int, folder: Path, port: int) -> tuple[int, str]:
    """Do the work where no file may be larger than so many bytes: the kernel says so, not our library."""

    def call() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            WORK[work](folder, port)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    return in_child(call)


def main(folder: Path, port: int, step: int, works: Sequence[str]) -> None:
    """Try every call of some kinds of work with every fault, or each `step`-th, and print what it came to."""
    # nobody will give back the lock that a fault withholds: waits are cut short, their number stays
    sqlite3.connect = partial(_connected, sqlite3.connect)  # type: ignore[assignment] # the outermost seam
    Storage.checkpoint.__kwdefaults__["wait_ms"] = 50
    full, place = folder / "full", folder / "state"
    fill(full, port)
    # what is loaded stays shared with the forks: their collector would copy all of it, once a piece of work
    gc.collect()
    gc.freeze()
    for turn, (work, fault) in enumerate(_chosen(step, works)):
        prepare(work, full, place)
        numbers = sites(work, fault, place, port)
        tried = numbers[turn % step :: step] if step else numbers[len(numbers) // 3 :: len(numbers) // 3][:2]
        for number in tried:
            prepare(work, full, place)
            code, told, name = run(work, fault, number, place, port)
            show(Seen(work, fault.name, number, name, code, told, after(work, place, port)))
    for work in works if step else ():
        for kilobytes in (0, 4, 64, 256):
            prepare(work, full, place)
            code, told = limited(work, kilobytes * 1000, place, port)
            show(Seen(work, "size limit of the kernel", kilobytes, "", code, told, after(work, place, port)))


def _connected(connect: Callable[..., sqlite3.Connection], *place: object, **options: object) -> sqlite3.Connection:
    """Open a database that waits 50 ms for a lock, whatever is asked for."""
    return connect(*place, **options | {"timeout": 0.05})


def _chosen(step: int, works: Sequence[str]) -> list[tuple[str, Fault]]:
    """Return which work meets which faults: all of them, or nearly each fault once."""
    every = [(work, fault) for work in works for fault in FAULTS]
    # a lock that is never given is waited for, for many seconds
    return every if step else list(zip(list(WORK)[1::2], FAULTS[:4], strict=True))


def show(seen: Seen) -> None:
    """Print what a fault came to."""
    print(json.dumps(asdict(seen)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:] or list(WORK))
