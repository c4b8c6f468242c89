"""The process whose power fails: it does real work, and then starts again on what the disk could hold of it.

The calls to the file system are written down by faultfs.c. A disk keeps what was synced. Of all else it keeps anything:
writes and cuts since the last sync of a file come through, are missing, or are torn between two sectors, in any order;
names that were made, changed or removed since the last sync of their folder are the old or the new ones, the later only
with the earlier. Arguments: work folder, port of the sample web, images of each piece of work, seed. Prints one JSON
object an image.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from parts import faulting
from sqlite_utils import Database

from monitor import app as application
from monitor import checks, issuing
from monitor.config import Config
from monitor.files import PART
from monitor.store import backups, issued_files
from monitor.store.storage import DATABASE_NAME, Storage

SECTOR = 512
#: how the disk deals with what was not synced
KEPT = ("nothing", "everything", "any sector", "the latest only")
#: with so few images it is a short run, of the first piece of work only
FEW = 8
#: these put other rows in place of those that were there
REPLACING = ("restore", "restore over damage")
#: these mend something, and are done again after a power cut
MENDING = ("restore over damage", "doctor --fix")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was written down: what, of which file (an inode), at which place, with which bytes."""

    what: str
    file: int
    place: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What an image came to."""

    work: str
    kept: str
    call: int
    of_calls: int
    wrong: str


# ---------------------------------------------------------------- what is acknowledged


def acknowledged(db: Database) -> dict[str, list[object]]:
    """Return what must not get lost any more: the pieces, and the files of digests with their sums."""
    return {
        "items": [item_id for (item_id,) in db.execute("select id from items order by id")],
        "files": [[name, total] for name, total in sorted(issued_files.checksums(db).items())],
    }


@contextmanager
def marking(library: ctypes.CDLL) -> Iterator[None]:
    """Note in the journal after each transaction what it acknowledged."""
    transaction = Storage.transaction

    @contextmanager
    def marked(storage: Storage) -> Iterator[Database]:
        """Do a transaction, then note."""
        with transaction(storage) as db:
            yield db
        library.fault_mark(json.dumps(acknowledged(storage.db)).encode())

    Storage.transaction = marked  # type: ignore[method-assign,assignment] # the outermost seam of a benchmark
    try:
        yield
    finally:
        Storage.transaction = transaction  # type: ignore[method-assign]


def recorded(work: str, place: Path, state: Path, port: int) -> list[Call]:
    """Do a piece of work in a fork and return its calls."""
    journal = place.with_suffix(".journal")

    def call() -> None:
        library = ctypes.CDLL(None)
        library.fault_record(os.fsencode(journal))
        with marking(library):
            faulting.WORK[work](state, port)
        with Storage(state) as storage:
            done = acknowledged(storage.db) | {"backups": sorted(p.name for p in (state / "backups").glob("*.db"))}
        library.fault_mark(json.dumps(done).encode())

    code, told = faulting.in_child(call)
    if code != faulting.WELL:
        raise SystemExit(f"{work}: {told}")
    return list(_calls(journal.read_bytes()))


def _calls(journal: bytes) -> Iterator[Call]:
    """Yield the records of a journal."""
    at = 0
    while at < len(journal):
        end = journal.index(b"\n", at)
        what, file, place, size = journal[at:end].split(b" ")
        at = end + 1 + int(size)
        yield Call(what.decode(), int(file), int(place), journal[end + 1 : at])


# ---------------------------------------------------------------- the disk


@dataclass(slots=True)
class File:
    """A file: what the disk has for certain, and what was done with it since."""

    data: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Put all that is pending onto the disk."""
        for change in self.pending:
            _apply(self.data, *change)
        self.pending.clear()

    def image(self, kept: str, chance: random.Random) -> bytes:
        """Return what the disk could hold after a power cut."""
        data = bytearray(self.data)
        for place, new in _surviving(self.pending, kept, chance):
            _apply(data, place, new)
        return bytes(data)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: nothing but its name."""


#: what a name stands for; nothing: it was removed
Named = File | Folder | None


def _apply(data: bytearray, place: int, new: bytes | None) -> None:
    """Write some bytes, or without any cut a file (or fill it with zeros) to a length."""
    if new is None:
        del data[place:]
        data.extend(bytes(place - len(data)))
    else:
        data.extend(bytes(max(0, place - len(data))))
        data[place : place + len(new)] = new


def _surviving(
    pending: list[tuple[int, bytes | None]], kept: str, chance: random.Random
) -> Iterator[tuple[int, bytes | None]]:
    """Yield what comes through of pending changes."""
    if kept == "everything":
        yield from pending
    elif kept == "the latest only":
        yield from pending[-chance.randint(1, 3) :]
    elif kept == "any sector":
        share = chance.random()
        for place, new in pending:
            if new is None or len(new) < SECTOR:
                yield from [(place, new)] * (chance.random() < share)
                continue
            yield from ((place + n, new[n : n + SECTOR]) for n in range(0, len(new), SECTOR) if chance.random() < share)


class Disk:
    """Files and names, some for certain and some not yet."""

    def __init__(self, root: Path) -> None:
        """Begin with a folder as it is, all of it for certain."""
        self.root = root
        self.notes: list[dict[str, list[object]]] = []
        self._files: dict[int, File] = {}
        #: names that have changed since the last sync of their folder, in order
        self._changes: list[tuple[str, Named]] = []
        self._now: dict[str, Named] = {}
        self._certain: dict[str, Named] = {}
        for path in sorted(root.rglob("*")):
            found: File | Folder = Folder()
            if path.is_file():
                found = self._files[path.stat().st_ino] = File(bytearray(path.read_bytes()))
            self._now[str(path)] = self._certain[str(path)] = found

    def do(self, call: Call) -> None:
        """Do a call."""
        if call.what == "M":
            self.notes.append(json.loads(call.data))
        elif call.what == "W":
            self._file(call).pending.append((call.place, call.data))
        elif call.what == "T":
            self._file(call).pending.append((call.place, None))
        elif call.what == "S":
            self._file(call).sync()
        elif call.what == "D":
            self._sync_folder(os.fsdecode(call.data))
        else:
            self._rename(call)

    def _file(self, call: Call) -> File:
        """Return the file of a call; one that was opened before and has no name any more is a file all the same."""
        return self._files.setdefault(call.file, File())

    def _rename(self, call: Call) -> None:
        """Make, change or remove a name."""
        one, _, other = os.fsdecode(call.data).partition("\0")
        if call.what == "C":
            self._files[call.file] = File()
            self._name(one, self._files[call.file])
        elif call.what == "F":
            self._name(one, Folder())
        elif call.what == "U":
            self._name(one, None)
        else:
            self._name(other, self._now.get(one))
            if call.what == "R":
                self._name(one, None)

    def _name(self, path: str, found: Named) -> None:
        """Let a name stand for something, as long as nobody cuts the power."""
        self._now[path] = found
        self._changes.append((path, found))

    def _sync_folder(self, folder: str) -> None:
        """Put the names in a folder onto the disk."""
        left = []
        for path, found in self._changes:
            if str(Path(path).parent) == folder:
                self._certain[path] = found
            else:
                left.append((path, found))
        self._changes = left

    def image(self, target: Path, kept: str, chance: random.Random) -> None:
        """Write a folder as the disk could hold it after a power cut."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        names = dict(self._certain)
        count = {"nothing": 0, "everything": len(self._changes)}.get(kept, chance.randint(0, len(self._changes)))
        names.update(self._changes[:count])
        written: dict[int, Path] = {}
        for name in sorted(names):
            found, path = names[name], target / Path(name).relative_to(self.root)
            if found is None or name.endswith("-shm") or not path.parent.is_dir():
                continue
            if isinstance(found, Folder):
                path.mkdir(mode=0o700)
            elif id(found) in written:
                path.hardlink_to(written[id(found)])
            else:
                path.write_bytes(found.image(kept, chance))
                path.chmod(0o600)
                written[id(found)] = path


# ---------------------------------------------------------------- one image


def wrong_with(state: Path, work: str, port: int, notes: list[dict[str, list[object]]]) -> str:
    """Start again on an image, as the service does, and return what is wrong."""

    def again() -> None:
        due = notes[-1] if notes else {}
        wrong = [f"{path.name} is no whole copy" for path in state.glob("backups/*.db") if _is_broken(path)]
        names = {path.name for path in state.glob("backups/*.db")}
        wrong += [f"the copy {name} is gone" for name in due.get("backups", ()) if name not in names]
        if work in MENDING:
            faulting.WORK[work](state, port)
        with application.exclusive(state), _opened(state, due) as storage:
            issuing.hand_out(storage, (), "")
            found = checks.check_all(storage, Config(state=state), now=faulting.NEXT + timedelta(days=61))
            passed_over = ("backups", "disk space", *(("digest files",) if work == "migration" else ()))
            wrong += [f"{f.check}: {p}" for f in found for p in f.problems if f.check not in passed_over]
            have = acknowledged(storage.db)
            wrong += [f"{what} {one} is gone" for what in have for one in due.get(what, ()) if one not in have[what]]
            wrong += [path.name for path in state.rglob(f".*{PART}*")]
        if wrong:
            raise AssertionError("; ".join(wrong[:5]))

    code, told = faulting.in_child(again)
    return "" if code == faulting.WELL else told.strip().splitlines()[-1] if told else f"ended with {code}"


def _opened(state: Path, due: dict[str, list[object]]) -> Storage:
    """Open a state; one of which nothing was acknowledged may not be there yet."""
    return Storage(state, create=not due.get("items"))


def _is_broken(path: Path) -> bool:
    """Tell whether a copy that has its name cannot be used."""
    try:
        backups.verify(path)
    except Exception:  # noqa: BLE001 - whatever it is, it is no copy
        return True
    return False


def moments(calls: list[Call], count: int, chance: random.Random) -> list[int]:
    """Return so many numbers of calls after which the power fails: half of them beside syncs and changes of names."""
    telling = [n for n, call in enumerate(calls) if call.what in "SDRLUFCM"]
    beside = [min(len(calls), n + chance.randint(0, 1)) for n in _some(telling, count // 2, chance)]
    return sorted([*beside, *_some(list(range(len(calls) + 1)), count - len(beside), chance)])


def _some(numbers: list[int], count: int, chance: random.Random) -> list[int]:
    """Return so many of some numbers, the last one among them, spread over all of them."""
    if not numbers or not count:
        return []
    step = len(numbers) / count
    found = [numbers[min(len(numbers) - 1, int(n * step + chance.random() * step))] for n in range(count - 1)]
    return [*found, numbers[-1]]


def main(folder: Path, port: int, images: int, seed: int) -> None:
    """Cut the power so many times in each piece of work, and print what each image came to."""
    full, place, image = folder / "full", folder / "place", folder / "image"
    works = list(faulting.WORK)[: None if images > FEW else 1]
    if len(works) > 1:
        faulting.fill(full, port)
    chance = random.Random(seed)  # noqa: S311 - no secret: the run is to be repeatable
    for work in works:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        faulting.prepare(work, full, place / "state")
        disk = Disk(place)
        if work not in REPLACING and (place / "state" / DATABASE_NAME).exists():
            disk.notes.append(_noted(place / "state", work))
        calls = recorded(work, place, place / "state", port)
        done = 0
        for number, moment in enumerate(moments(calls, images, chance)):
            for call in calls[done:moment]:
                disk.do(call)
            done = moment
            kept = KEPT[number % len(KEPT)]
            disk.image(image, kept, chance)
            wrong = wrong_with(image / "state", work, port, disk.notes)
            print(json.dumps(asdict(Seen(work, kept, moment, len(calls), wrong))), flush=True)


def _noted(state: Path, work: str) -> dict[str, list[object]]:
    """Return what was acknowledged before the work began, read from a copy so that nothing is touched."""
    copy = state.with_name("copy.db")
    shutil.copy(state / DATABASE_NAME, copy)
    db = Database(copy)
    try:
        return (
            {"items": [i for (i,) in db.execute("select id from items")], "files": []}
            if work == "migration"
            else (acknowledged(db))
        )
    finally:
        db.close()
        copy.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
