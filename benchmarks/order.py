"""Measure what the order of arrival does to the stories: one import, shuffled files, and many passes in order of time.

Every corpus goes through `monitor.importing` into a fresh state: as one import, as one import of a shuffled file, and
in 10, 50 and 250 passes in order of time, each settled by itself. B-cubed F1 may differ by 0.01 at most, and shuffled
files must give the very same stories. Corpora and scorer are read from ../shared; without them it says so and succeeds.

    .venv/bin/python benchmarks/order.py [CORPUS ...] [--shared FOLDER]
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import random
import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from monitor import importfile, importing
from monitor.importfile import ImportFile, Record
from monitor.linking import GroupingSettings
from monitor.store.storage import Storage
from monitor.stories import score

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ("customs_gold", "newswcl50", "ecbplus", "allsides_2021")
PASSES = (10, 50, 250)
ALLOWED = 0.01

Partition = dict[str, int]


def grouped(parts: list[tuple[Record, ...]]) -> Partition:
    """Import parts one after the other into a fresh state; return the story of each piece."""
    settings = GroupingSettings(score.shipped())
    with tempfile.TemporaryDirectory() as folder, Storage(Path(folder), create=True) as storage:
        for part in parts:
            found = ImportFile(part, ())
            importing.import_file(storage, found, grouping=settings, judge=None, clock=lambda: datetime.now(UTC))
        return dict(storage.db.execute("select external_id, story_id from v_story_items"))


def shuffled(path: Path, folder: Path) -> tuple[Record, ...]:
    """Return the records of a file whose lines were shuffled."""
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    random.Random(1).shuffle(lines)  # noqa: S311 - any shuffle will do, and the same each time
    copy = folder / "shuffled.jsonl"
    copy.write_bytes(b"".join(lines))
    return importfile.read_file(copy, now=datetime.now(UTC)).records


def in_passes(records: tuple[Record, ...], count: int) -> list[tuple[Record, ...]]:
    """Cut records, the oldest first, into so many parts of like size."""
    cuts = [len(records) * n // count for n in range(count + 1)]
    return [records[a:b] for a, b in pairwise(cuts) if b > a]


def sets(partition: Partition) -> set[frozenset[str]]:
    """Return the stories as sets of pieces."""
    members: dict[int, set[str]] = {}
    for name, story in partition.items():
        members.setdefault(story, set()).add(name)
    return {frozenset(names) for names in members.values()}


def scorer(shared: Path) -> ModuleType:
    """Load the scorer."""
    spec = importlib.util.spec_from_file_location("score_stories", shared / "eval" / "score_stories.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(shared)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(shared: Path, corpus: str) -> bool:
    """Print the line of one corpus; tell whether it keeps what is promised."""
    path = shared / "data" / f"{corpus}.jsonl.gz"
    judge = scorer(shared)
    gold = {row["id"]: row["event"] for row in judge.rows(str(path))}
    records = importfile.read_file(path, now=datetime.now(UTC)).records

    def f1(partition: Partition) -> float:
        return float(judge.scores([gold[i] for i in gold], [partition[i] for i in gold])["b3_f1"])

    once = grouped([records])
    with tempfile.TemporaryDirectory() as folder:
        again = grouped([shuffled(path, Path(folder))])
    several = [grouped(in_passes(records, count)) for count in PASSES]
    figures = [f1(once), *map(f1, several)]
    same = sets(once) == sets(again)
    print(f"{corpus:14} " + " ".join(f"{x:10.4f}" for x in figures) + f" {'yes' if same else 'NO':>9}", flush=True)
    return same and max(figures) - min(figures) <= ALLOWED


def main() -> int:
    """Print the table; return 1 when the order of arrival matters more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=list(CORPORA), metavar="CORPUS")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"skipped: no labelled corpora in {args.shared}")
        return 0
    print(f"{'B-cubed F1':14} {'one import':>10} " + " ".join(f"{n:3} passes" for n in PASSES) + " shuffled")
    kept = [measure(args.shared, corpus) for corpus in args.corpora]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
