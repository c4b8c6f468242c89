"""Import every labelled corpus through the released command and print one table, with three baselines in the same run.

Baselines: MinHash alone (datasketch, at the one LSH threshold that is best over all corpora), TF-IDF with average
linkage (the threshold that is best on the other corpora, and the one that is best on the gold labels themselves), and
the plain pair score (five views and time gap without marks, furniture or reprints, weights of the other corpora).
The monitor stands there with the shipped weights and with weights fitted on the other corpora; customs_gold also by
language, with weights fitted without the pairs that touch the language.

The floors in benchmarks/floors.json only rise: the script fails when a figure falls below its floor, and --raise
rewrites the floors that are exceeded. Corpora and scorer are read from ../shared; without them it says so and succeeds.

    .venv/bin/python benchmarks/quality.py [CORPUS ...] [--shared FOLDER] [--no-baselines] [--encoder MODEL] [--raise]
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import runpy
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS_FILE = ROOT / "benchmarks" / "floors.json"
CORPORA = ("ecbplus", "allsides_2021", "newswcl50", "customs_gold")
#: the corpus in several languages, and its rows in floors.json with a sentence encoder
SEVERAL = "customs_gold"
WITH_VECTORS, TITLES_WITH_VECTORS = "with vectors", "titles only, with vectors"
#: figures of which less is better
COUNTS_OF_ERRORS = ("wrong_editions", "missing")
COLUMNS = (
    "b3_p", "b3_r", "b3_f1", "ari", "en_f1", "wrong_editions", "reprint_p", "reprint_r", "spun_placed", "spun_found",
)  # fmt: skip

Row = Mapping[str, str]
Scores = dict[str, float]
Pair = tuple[str, str]


def floors() -> dict[str, Scores]:
    """Return the pinned figures, by corpus."""
    pinned: dict[str, Scores] = json.loads(FLOORS_FILE.read_text(encoding="utf-8"))
    return pinned


def read(shared: Path, corpus: str) -> list[Row]:
    """Read a corpus with its gold labels."""
    with gzip.open(shared / "data" / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


@dataclass
class Outcome:
    """What was predicted: the story of each piece, and the copies as pairs of copy and original."""

    stories: Mapping[str, str]
    reprints: list[Pair] = field(default_factory=list)
    spun: list[Pair] = field(default_factory=list)


def monitor(
    shared: Path, corpus: str, folder: Path, weights: Path | None = None, encoder: str | None = None,
    source: Path | None = None,
) -> Outcome:  # fmt: skip
    """Import a corpus into an empty state through the released command, with the shipped weights or others."""
    return imported(source or shared / "data" / f"{corpus}.jsonl.gz", folder, weights, encoder)


def imported(source: Path, folder: Path, weights: Path | None = None, encoder: str | None = None) -> Outcome:
    """Import a file into an empty state through the released command, with the shipped weights or others."""
    command = [sys.executable, "-m", "monitor", "import", str(source), "--no-relevance", "--state", str(folder)]
    if weights or encoder:
        config = folder.with_suffix(".yaml")
        stories = {"weights": str(weights)} if weights else {}
        settings = {"stories": stories, "crosslingual": {"model": encoder}}
        config.write_text(json.dumps(settings) + "\n", encoding="utf-8")
        command += ["--config", str(config)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(f"file:{folder / 'monitor.db'}?mode=ro", uri=True)) as db:
        placed = {
            str(piece): str(story) for piece, story in db.execute("select external_id, story_id from v_story_items")
        }
        copies = db.execute("select kind, external_id, original_external_id from v_reprints").fetchall()
    kinds = {k: [(str(a), str(b)) for kind, a, b in copies if kind == k] for k in ("reprint", "spun")}
    return Outcome(placed, kinds["reprint"], kinds["spun"])


def titles_only(rows: Sequence[Row], path: Path) -> Path:
    """Write a corpus without its texts."""
    lines = (json.dumps({**row, "text": None}, ensure_ascii=False) + "\n" for row in rows if row["title"])
    path.write_text("".join(lines), encoding="utf-8")
    return path


def encoded(shared: Path, rows: Sequence[Row], folder: Path, encoder: str) -> dict[str, Scores]:
    """Return the figures of the corpus in several languages with a sentence encoder, and by titles without and with."""
    rows_with_titles = [row for row in rows if row["title"]]
    titles = titles_only(rows, folder / "titles.jsonl")
    return {
        WITH_VECTORS: score(shared, rows, monitor(shared, SEVERAL, folder / "vectors", encoder=encoder)),
        "titles only": score(shared, rows_with_titles, monitor(shared, SEVERAL, folder / "titles", source=titles)),
        TITLES_WITH_VECTORS: score(
            shared, rows_with_titles, monitor(shared, SEVERAL, folder / "tv", encoder=encoder, source=titles)
        ),
    }


def score(shared: Path, rows: Sequence[Row], found: Outcome) -> Scores:
    """Return every figure that the labels of a corpus allow."""
    scorer = runpy.run_path(str(shared / "eval" / "score_stories.py"))["scores"]

    def scores(some: Sequence[Row]) -> Scores:
        labels = [found.stories.get(str(row["id"]), f"missing:{row['id']}") for row in some]
        return dict(scorer([row["event"] for row in some], labels))

    result = scores(rows) | {"missing": sum(str(row["id"]) not in found.stories for row in rows)}
    if any(row.get("series") for row in rows):
        result["en_f1"] = scores([row for row in rows if row["lang"] == "en"])["b3_f1"]
        result["wrong_editions"] = wrong_editions(rows, found)
        result |= copies(rows, found)
    return result


def wrong_editions(rows: Sequence[Row], found: Outcome) -> int:
    """Count the pairs of different editions of one series that stand in one story or are called copies."""
    called = {frozenset(pair) for pair in (*found.reprints, *found.spun)}
    return sum(
        one["series"] == other["series"]
        and one["edition"] != other["edition"]
        and (
            found.stories.get(one["id"]) == found.stories.get(other["id"], "")
            or frozenset((one["id"], other["id"])) in called
        )
        for one, other in combinations([row for row in rows if row.get("series")], 2)
    )


def copies(rows: Sequence[Row], found: Outcome) -> Scores:
    """Return precision and recall of the reprint pairs, and how many spun copies were placed right and recognised.

    Two copies of one original are a pair as well. Spun copies that are called reprints count as wrong, but for the
    light one, about which the labels do not care.
    """
    event_of = {row["id"]: row["event"] for row in rows}
    spun = [row for row in rows if row.get("spun_of")]
    light = {row["id"] for row in spun if "LIGHT" in row["notes"]}
    gold = set(_pairs([(row["id"], row["reprint_of"]) for row in rows if row.get("reprint_of")]))
    said = {pair for pair in _pairs(found.reprints) if not pair & light}
    same_story = [
        row for row in spun
        if any(found.stories.get(i) == found.stories[row["id"]] and event_of[i] == row["event"]
               for i in event_of if i != row["id"])
    ]  # fmt: skip
    recognised = {piece for piece, _ in found.spun} & {row["id"] for row in spun}
    return {
        "reprint_p": len(said & gold) / len(said) if said else 0.0,
        "reprint_r": len(said & gold) / len(gold) if gold else 0.0,
        "spun_placed": len(same_story),
        "spun_found": len(recognised),
    }


def _pairs(links: Sequence[Pair]) -> Iterator[frozenset[str]]:
    """Yield the pairs within each original and its copies."""
    groups: dict[str, set[str]] = {}
    for copy, original in links:
        groups.setdefault(original, {original}).add(copy)
    for group in groups.values():
        yield from map(frozenset, combinations(sorted(group), 2))


def baselines(shared: Path, corpora: Mapping[str, Sequence[Row]]) -> dict[str, dict[str, Scores]]:
    """Return the figures of each baseline on each corpus."""
    from parts.baselines import minhash, tfidf

    def swept(way: Callable[[Sequence[Row]], Mapping[float, Sequence[int]]]) -> dict[str, dict[float, Scores]]:
        return {
            name: {at: score(shared, rows, _outcome(rows, labels)) for at, labels in way(rows).items()}
            for name, rows in corpora.items()
        }

    alone, linked = swept(minhash), swept(tfidf)
    best = _best(alone, list(corpora))
    return {
        f"MinHash alone, LSH at {best}": {name: table[best] for name, table in alone.items()},
        "TF-IDF, threshold of others": {
            name: table[_best(linked, [other for other in corpora if other != name])] for name, table in linked.items()
        },
        "TF-IDF, best on this gold": {name: table[_best(linked, [name])] for name, table in linked.items()},
    }


def _best(swept: Mapping[str, Mapping[float, Scores]], names: Sequence[str]) -> float:
    """Return the threshold with the best mean F1 over some corpora."""
    thresholds = list(next(iter(swept.values())))
    return max(thresholds, key=lambda at: sum(swept[name][at]["b3_f1"] for name in names))


def _outcome(rows: Sequence[Row], labels: Sequence[int]) -> Outcome:
    """Return labels as predicted stories."""
    return Outcome({str(row["id"]): str(label) for row, label in zip(rows, labels, strict=True)})


def fitted(
    shared: Path, corpora: Mapping[str, Sequence[Row]], folder: Path
) -> tuple[dict[str, Path], dict[str, Scores]]:
    """Fit weights for each corpus on the others; return their files, and the figures of the plain pair score."""
    import fit_pair_score as fitting
    from parts.baselines import average_linkage

    from monitor.stories import score as shipped
    from monitor.stories.features import similarities

    point = shipped.shipped().operating_point
    ready = {name: fitting.read_corpus(shared / "data", name) for name in CORPORA}
    files, plain = {}, {}
    for name, rows in corpora.items():
        others = [other for other in CORPORA if other != name]
        model = fitting.fit([ready[other] for other in others], point)
        files[name] = folder / f"weights-{name}.json"
        files[name].write_text(fitting.document(model, others, {}), encoding="utf-8")
        features, days = (
            fitting.weighted(list(rows)),
            fitting.np.array([fitting.day_of(row["published"]) for row in rows]),
        )
        chances = model.probabilities(similarities(features, features), fitting.gap_feature(days, days))
        labels = average_linkage(chances, point)
        plain[name] = score(shared, rows, _outcome(rows, labels))
    return files, plain


def show_languages(shared: Path) -> None:
    """Print for each language of the corpus in several its B-cubed F1, also with weights that never saw it."""
    import fit_customs_score as customs
    import numpy as np

    rows = customs.read_rows(shared / "data", every_language=True)
    found = customs.by_language(*customs.read_corpus(rows), np.array([row["lang"] for row in rows]))
    print(f"\n{SEVERAL} by language, score alone    pieces  b3_f1  language left out")
    for language, (pieces, own, left_out) in found.items():
        print(f"  {language:34} {pieces:6}  {own:.3f}  {left_out:.3f}")


def show(corpus: str, lines: Mapping[str, Scores]) -> None:
    """Print the figures of one corpus, one way a line."""
    print(f"\n{corpus:32} " + " ".join(f"{name:>{max(6, len(name))}}" for name in COLUMNS))
    for way, scores in lines.items():
        figures = ((name, scores.get(name)) for name in COLUMNS)
        print(f"  {way:30} " + " ".join(f"{_figure(value):>{max(6, len(name))}}" for name, value in figures))


def _figure(value: float | None) -> str:
    """Return a figure with three digits, a count as it is, a dash for what the labels do not allow."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def broken(corpus: str, found: Scores, pinned: Scores) -> list[str]:
    """Return the figures that are worse than their floor."""
    return [
        f"{corpus}: {name} is {_figure(found[name])}, its floor {_figure(floor)}"
        for name, floor in pinned.items()
        if (found[name] > floor if name in COUNTS_OF_ERRORS else found[name] < floor)
    ]


def raised(found: Scores, pinned: Scores) -> Scores:
    """Return floors that no figure falls below, each at least as strict as before."""
    return {
        name: min(floor, found[name]) if name in COUNTS_OF_ERRORS
        else max(floor, found[name] if isinstance(found[name], int) else math.floor(1000 * found[name]) / 1000)
        for name, floor in pinned.items()
    }  # fmt: skip


def main() -> int:
    """Print the table; return 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=CORPORA, metavar="CORPUS")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--no-baselines", action="store_true", help="only the monitor with the shipped weights")
    parser.add_argument("--encoder", metavar="MODEL", help="also with this sentence encoder, such as built-in")
    parser.add_argument("--raise", dest="lift", action="store_true", help="rewrite the floors that are exceeded")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"skipped: no labelled corpora in {args.shared}")
        return 0
    corpora = {name: read(args.shared, name) for name in args.corpora}
    others: dict[str, dict[str, Scores]] = {} if args.no_baselines else baselines(args.shared, corpora)
    files: dict[str, Path] = {}
    pinned, problems = floors(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not args.no_baselines:
            files, others["plain pair score, left out"] = fitted(args.shared, corpora, folder)
        for corpus, rows in corpora.items():
            lines = {way: scores[corpus] for way, scores in others.items()}
            if files:
                found = monitor(args.shared, corpus, folder / f"{corpus}-left-out", files[corpus])
                lines["monitor, corpus left out"] = score(args.shared, rows, found)
            ours = score(args.shared, rows, monitor(args.shared, corpus, folder / corpus))
            more = encoded(args.shared, rows, folder, args.encoder) if args.encoder and corpus == SEVERAL else {}
            show(corpus, lines | {"monitor as shipped": ours, "floor": pinned.get(corpus, {})} | more)
            for way in more.keys() & {WITH_VECTORS, TITLES_WITH_VECTORS}:
                key = f"{corpus}, {way}"
                problems += broken(key, more[way], pinned.get(key, {}))
                pinned[key] = raised(more[way], pinned.get(key, {}))
            if corpus == SEVERAL and not args.no_baselines:
                show_languages(args.shared)
            problems += broken(corpus, ours, pinned.get(corpus, {}))
            pinned[corpus] = raised(ours, pinned.get(corpus, {}))
    if args.lift:
        FLOORS_FILE.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")
    print("\n" + ("\n".join(problems) or "no figure is below its floor"))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
