"""What meanings cost: texts encoded a second, and the nearest pieces abroad beside usearch and sqlite-vec.

Texts are invented, in English and Russian, of the length that the encoder is given. The nearest pieces are looked for
as a settle does it, among the vectors of a window as SQLite gives them; the other two hold the same vectors, and have
to be told everything of the window anew, or keep it up to date. Those that are not installed are left out.

    .venv/bin/python benchmarks/encoding.py [--texts N] [--window N ...]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

from monitor.crosslingual.embedded import Embedded
from monitor.stories.meaning import Located, encoded_text, nearest_meanings

WORDS = [
    "officers",
    "found",
    "hidden",
    "tobacco",
    "containers",
    "inspected",
    "harbour",
    "tariff",
    "ministry",
    "announced",
    "declaration",
    "broker",
    "seized",
    "border",
    "inspection",
    "lorry",
    "scanner",
    "morning",
    "warehouse",
    "duties",
    "importers",
    "session",
    "committee",
    "agreement",
    "delayed",
    "system",
    "outage",
    "таможня",
    "изъяла",
    "партию",
    "сигарет",
    "контейнер",
    "порт",
    "инспекторы",
    "пошлина",
    "грузовик",
    "граница",
    "декларация",
    "склад",
    "задержан",
    "ввоз",
]
#: what a pass brings
ASKED = 200
NEIGHBOURS = 20
DIMENSIONS = 512


def texts(count: int) -> list[str]:
    """Return invented titles with leads."""
    chance = np.random.default_rng(1)
    return [encoded_text(" ".join(chance.choice(WORDS, 9)), " ".join(chance.choice(WORDS, 60))) for _ in range(count)]


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the time on the clock and that of the processor."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - busy


def encoding(count: int) -> None:
    """Print how many texts are encoded a second."""
    encoder, some = Embedded(), texts(count)
    encoder.encode(some[:10])
    wall, busy = seconds(lambda: encoder.encode(some))
    print(f"encoded: {count / wall:.0f} texts/s on the clock, {count / busy:.0f} a second of one core")
    titles = [text.partition(".")[0] for text in some]
    wall, busy = seconds(lambda: encoder.encode(titles))
    print(f"titles only: {count / wall:.0f} texts/s on the clock, {count / busy:.0f} a second of one core")


def nearest(window: int) -> None:
    """Print what looking for the nearest pieces of one pass costs in each way."""
    chance = np.random.default_rng(window)
    vectors = chance.normal(size=(window, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = vectors.astype("<f2").tobytes()

    def product() -> None:
        found = np.frombuffer(packed, dtype="<f2").astype(np.float32).reshape(window, DIMENSIONS)
        held = Located(np.arange(window), np.zeros(window), np.arange(window) % 5, found)
        asked = Located(np.arange(ASKED), np.zeros(ASKED), np.arange(ASKED) % 5, found[:ASKED])
        list(nearest_meanings(asked, held, window_days=14, limit=NEIGHBOURS))

    lines = {"one product (shipped)": product, **usearch_of(vectors), **sqlite_vec_of(vectors)}
    base = None
    for label, work in lines.items():
        _wall, busy = min(seconds(work) for _ in range(2))
        base = base or busy
        print(
            f"  window of {window:,}, {ASKED} asked: {label:38} {busy * 1000:8.0f} ms of one core, {busy / base:.1f}x"
        )


def usearch_of(vectors: np.ndarray) -> dict[str, Callable[[], object]]:
    """Return ways with usearch: building its graph for the window, and asking one that is there."""
    try:
        from usearch.index import Index
    except ImportError:
        return {}

    def built() -> Index:
        index = Index(ndim=DIMENSIONS, metric="cos", dtype="f16")
        index.add(np.arange(len(vectors)), vectors)
        return index

    ready = built()
    return {
        "usearch, graph built for the window": lambda: built().search(vectors[:ASKED], NEIGHBOURS),
        "usearch, graph there already": lambda: ready.search(vectors[:ASKED], NEIGHBOURS),
    }


def sqlite_vec_of(vectors: np.ndarray) -> dict[str, Callable[[], object]]:
    """Return the way with sqlite-vec, its table filled already."""
    try:
        import sqlite3

        import sqlite_vec
    except ImportError:
        return {}
    db = sqlite3.connect(":memory:")
    if not hasattr(db, "enable_load_extension"):
        return {}
    db.enable_load_extension(True)
    sqlite_vec.load(db)
    db.execute(f"create virtual table v using vec0(e float[{DIMENSIONS}])")
    db.executemany("insert into v (rowid, e) values (?, ?)", ((n, v.tobytes()) for n, v in enumerate(vectors)))

    def search() -> None:
        for vector in vectors[:ASKED]:
            db.execute("select rowid from v where e match ? and k = ?", [vector.tobytes(), NEIGHBOURS]).fetchall()

    return {"sqlite-vec, table there already": search}


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=600)
    parser.add_argument("--window", type=int, nargs="+", default=[2_000, 20_000])
    args = parser.parse_args()
    encoding(args.texts)
    for window in args.window:
        nearest(window)
    return 0


if __name__ == "__main__":
    sys.exit(main())
