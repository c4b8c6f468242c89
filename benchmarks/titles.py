"""Import titles without texts through the released command and score the stories: what many feeds carry is no more.

Each labelled corpus of ../shared by its titles alone (items without a title are left out), all of them thrown together,
the same squeezed into a fortnight so that neither days nor common names part the events, titles with the first sentence
of the text as a summary, half of the titles with their texts, and an invented occasion in nine languages
(benchmarks/parts/games.py). B-cubed precision, recall and F1 of all items, and F1 of the English ones. With --floors
the script fails when a figure is below its floor in benchmarks/titles_floors.json; --raise lifts the floors.

    .venv/bin/python benchmarks/titles.py [SET ...] [--shared FOLDER] [--raise]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from parts import games
from quality import CORPORA, ROOT, Row, Scores, imported, raised, read, score

from monitor.text import sentences

FLOORS_FILE = ROOT / "benchmarks" / "titles_floors.json"
COLUMNS = ("b3_p", "b3_r", "b3_f1", "en_f1")
FORTNIGHT = timedelta(days=14)


def titles(rows: Sequence[Row]) -> list[Row]:
    """Return pieces by their titles alone."""
    return [{**row, "text": ""} for row in rows if row["title"]]


def summaries(rows: Sequence[Row]) -> list[Row]:
    """Return pieces by their titles and the first sentence of the text."""
    return [{**row, "text": next(iter(sentences(row["text"], row["lang"])), "")} for row in rows if row["title"]]


def half(rows: Sequence[Row]) -> list[Row]:
    """Return pieces of which every second one has its title only."""
    return [row if n % 2 or not row["title"] else {**row, "text": ""} for n, row in enumerate(rows)]


def squeezed(rows: Sequence[Row]) -> list[Row]:
    """Return pieces whose times of publication are moved into one fortnight, in the same order; undated ones stay."""
    known = {row["id"]: _time(row["published"]) for row in rows if row["published"]}
    first, last = min(known.values()), max(known.values())
    return [
        {**row, "published": (first + (known[row["id"]] - first) / (last - first) * FORTNIGHT).isoformat()}
        if row["id"] in known
        else row
        for row in rows
    ]


def _time(written: str) -> datetime:
    """Return a time of publication."""
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def sets(shared: Path) -> dict[str, Callable[[], list[Row]]]:
    """Return what is scored, by name."""
    ways: dict[str, Callable[[], list[Row]]] = {}
    for name in CORPORA:
        ways[f"{name} titles"] = lambda name=name: titles(read(shared, name))
    ways["all titles"] = lambda: [row for name in CORPORA for row in titles(_named(shared, name))]
    ways["allsides fortnight"] = lambda: squeezed(titles(read(shared, "allsides_2021")))
    ways["all fortnight"] = lambda: [
        row for name in CORPORA if name != "customs_gold" for row in _same_days(titles(_named(shared, name)))
    ]
    ways["ecbplus summaries"] = lambda: summaries(read(shared, "ecbplus"))
    ways["allsides summaries"] = lambda: summaries(read(shared, "allsides_2021"))
    ways["allsides half"] = lambda: half(read(shared, "allsides_2021"))
    ways["customs_gold half"] = lambda: half(read(shared, "customs_gold"))
    ways["games"] = lambda: list(games.titles())
    return ways


def _named(shared: Path, name: str) -> list[Row]:
    """Return a corpus whose ids and events say of which corpus they are."""
    return [{**row, "id": f"{name}:{row['id']}", "event": f"{name}:{row['event']}"} for row in read(shared, name)]


def _same_days(rows: Sequence[Row]) -> list[Row]:
    """Return pieces squeezed into the first fortnight of 2021."""
    found = squeezed(rows)
    moved = datetime(2021, 1, 1, tzinfo=UTC) - min(_time(row["published"]) for row in found if row["published"])
    return [
        {**row, "published": (_time(row["published"]) + moved).isoformat()} if row["published"] else row
        for row in found
    ]


def scored(shared: Path, rows: Sequence[Row], folder: Path) -> Scores:
    """Import pieces into an empty state and score their stories."""
    source = folder.with_suffix(".jsonl")
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    found = imported(source, folder)
    english = [row for row in rows if row["lang"] == "en"]
    return score(shared, rows, found) | {"en_f1": score(shared, english, found)["b3_f1"]}


def main() -> int:
    """Print the table; return 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--raise", dest="lift", action="store_true", help="rewrite the floors that are exceeded")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"skipped: no labelled corpora in {args.shared}")
        return 0
    pinned: dict[str, Scores] = json.loads(FLOORS_FILE.read_text(encoding="utf-8")) if FLOORS_FILE.exists() else {}
    problems = []
    print(f"{'':24} items " + " ".join(f"{name:>6}" for name in COLUMNS))
    with tempfile.TemporaryDirectory() as name:
        for number, (label, rows_of) in enumerate(sets(args.shared).items()):
            if args.sets and label not in args.sets:
                continue
            rows = rows_of()
            found = scored(args.shared, rows, Path(name) / str(number))
            print(f"{label:24} {len(rows):5} " + " ".join(f"{found[c]:6.3f}" for c in COLUMNS), flush=True)
            floors: Mapping[str, float] = pinned.get(label, {"b3_f1": 0.0, "en_f1": 0.0})
            # floors have three decimals, as the table has
            problems += [
                f"{label}: {c} is {found[c]:.3f}, its floor {f:.3f}"
                for c, f in floors.items()
                if round(found[c], 3) < f
            ]
            pinned[label] = raised(found, floors)
    if args.lift:
        FLOORS_FILE.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")
    print("\n" + ("\n".join(problems) or "no figure is below its floor"))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
