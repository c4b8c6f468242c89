"""Fit the pair score, write monitor/stories/weights.json, report each corpus scored with weights fitted on the others.

Reads the labelled corpora (default ../shared/data). Training pairs of a corpus: all same-event pairs and the four times
as many most similar other pairs, each corpus weighing the same. The operating point is one figure for all corpora: the
highest whose mean leave-one-corpus-out B-cubed F1 is within TIE of the best, because to readers two events in one story
are worse than one event in two, and because a low point links everything to everything.

    .venv/bin/python benchmarks/fit_pair_score.py [--data FOLDER] [--write]
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from monitor.stories.features import Features, rarity, read_features, similarities, terms_of, weigh
from monitor.stories.linkage import cluster
from monitor.stories.marks import conflict, read_marks
from monitor.stories.score import COLUMNS, PairModel, gap_feature
from monitor.stories.views import read_views

ROOT = Path(__file__).parent.parent
CORPORA = ("ecbplus", "allsides_2021", "newswcl50", "customs_gold")
#: customs_gold is fitted on its English items: a lexical score cannot learn from pairs of different languages
ENGLISH_ONLY = ("customs_gold",)
#: the columns that get a weight. Without the title, whose words are in lead and body too, the mean F1 is higher: in
#: corpora without titles the first line stands for it, and says no more than the lead
FITTED = ("body", "named", "numbers", "lead")
NEGATIVES_PER_POSITIVE = 4
#: the columns that say which pairs of different events are hard to tell apart
CLOSENESS = ("body", "named", "lead")
#: inverse strength of the penalty on the weights: the views are close to each other, and without it the fit gives
#: nearly everything to one of them (the mean F1 is flat from 0.03 to 0.3)
PENALTY = 0.1
POINTS = np.arange(0.15, 0.71, 0.05)
#: differences of this size come and go with a handful of pieces
TIE = 0.008


@dataclass
class Corpus:
    """A labelled corpus, ready for fitting."""

    name: str
    events: np.ndarray
    views: np.ndarray
    gaps: np.ndarray
    vetoes: list[tuple[int, int]]


def read_corpus(folder: Path, name: str) -> Corpus:
    """Read one corpus and score the views of all its pairs."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [
            row for line in lines if (row := json.loads(line)) and (row["lang"] == "en" or name not in ENGLISH_ONLY)
        ]
    features = weighted(rows)
    days = np.array([day_of(row["published"]) for row in rows])
    _, events = np.unique([row["event"] for row in rows], return_inverse=True)
    return Corpus(name, events, similarities(features, features), gap_feature(days, days), vetoed_pairs(rows))


def weighted(rows: list[dict]) -> list[Features]:
    """Return the vectors of all pieces, weighted by the counts of the whole corpus."""
    read = [read_features(read_views(row["title"] or "", row["text"] or "", row["lang"])) for row in rows]
    counts = Counter(term for features in read for term in terms_of(features))
    idf = rarity(counts, len(rows))
    return [weigh(features, idf) for features in read]


def day_of(published: str | None) -> float:
    """Return a publication time as days since 1970, NaN when unknown."""
    if not published:
        return float("nan")
    at = datetime.fromisoformat(published)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() / 86400


def vetoed_pairs(rows: list[dict]) -> list[tuple[int, int]]:
    """Return the pairs that carry conflicting edition marks."""
    at = [datetime.fromisoformat(row["published"]) if row["published"] else None for row in rows]
    marks = [
        read_marks(row["title"] or "", row["text"] or "", lang=row["lang"], published_at=when)
        for row, when in zip(rows, at, strict=True)
    ]
    marked = [i for i, found in enumerate(marks) if found]
    return [(i, j) for n, i in enumerate(marked) for j in marked[n + 1 :] if conflict(marks[i], marks[j])]


def training_pairs(corpus: Corpus) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return features, labels and weights of a corpus's training pairs."""
    upper = np.triu_indices(len(corpus.events), 1)
    fitted = [COLUMNS.index(column) for column in FITTED]
    views = corpus.views[upper]
    x = np.concatenate([views[:, fitted], corpus.gaps[upper][:, None]], axis=1)
    y = corpus.events[upper[0]] == corpus.events[upper[1]]
    positive, negative = np.flatnonzero(y), np.flatnonzero(~y)
    wanted = min(len(negative), NEGATIVES_PER_POSITIVE * len(positive))
    closeness = views[negative][:, [COLUMNS.index(column) for column in CLOSENESS]].sum(axis=1)
    kept = np.concatenate([positive, negative[np.argpartition(-closeness, wanted - 1)[:wanted]]])
    return x[kept], y[kept], np.full(len(kept), 1 / len(kept))


def fit(corpora: list[Corpus], operating_point: float) -> PairModel:
    """Fit the pair score on some corpora."""
    xs, ys, ws = zip(*map(training_pairs, corpora), strict=True)
    w = np.concatenate(ws)
    model = LogisticRegression(max_iter=5000, C=PENALTY).fit(
        np.concatenate(xs), np.concatenate(ys), sample_weight=w * len(w) / w.sum()
    )
    *weights, gap = (round(float(v), 3) for v in model.coef_[0])
    weight_of = dict(zip(FITTED, weights, strict=True))
    every = tuple(weight_of.get(column, 0.0) for column in COLUMNS)
    return PairModel(every, gap, round(float(model.intercept_[0]), 3), operating_point)


def scores(corpus: Corpus, model: PairModel, points: np.ndarray) -> list[float]:
    """Return B-cubed F1 of the corpus's stories at each operating point."""
    probabilities = model.probabilities(corpus.views, corpus.gaps)
    return [bcubed_f1(corpus.events, cluster(probabilities, corpus.vetoes, point)) for point in points]


def bcubed_f1(gold: np.ndarray, predicted: list[list[int]]) -> float:
    """Return B-cubed F1 (Bagga and Baldwin 1998)."""
    precision = recall = 0.0
    sizes = np.bincount(gold)
    for rows in predicted:
        counts = np.bincount(gold[rows], minlength=len(sizes))
        precision += float((counts**2).sum()) / len(rows)
        recall += float((counts**2 / sizes).sum())
    return 2 * precision * recall / (precision + recall) / len(gold)


def main() -> int:
    """Fit, report, and with --write store the shipped weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--write", action="store_true", help="write monitor/stories/weights.json")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"skipped: no labelled corpora in {args.data}")
        return 0
    corpora = [read_corpus(args.data, name) for name in CORPORA]
    table = np.array([scores(c, fit([o for o in corpora if o is not c], 0.0), POINTS) for c in corpora])
    print("leave-one-corpus-out B-cubed F1 by operating point")
    print("point         " + " ".join(f"{point:5.2f}" for point in POINTS))
    for corpus, row in zip(corpora, table, strict=True):
        print(f"{corpus.name:13} " + " ".join(f"{value:.3f}" for value in row))
    means = table.mean(axis=0)
    best = int(np.flatnonzero(means >= means.max() - TIE)[-1])
    print(f"mean          {' '.join(f'{value:.3f}' for value in means)}")
    model = fit(corpora, round(float(POINTS[best]), 2))
    print(f"shipped: {model}")
    print(
        "fitted on all, scored on all: "
        + ", ".join(f"{c.name} {scores(c, model, POINTS[best : best + 1])[0]:.3f}" for c in corpora)
    )
    if args.write:
        write(model, {c.name: round(float(v), 4) for c, v in zip(corpora, table[:, best], strict=True)})
    return 0


def document(model: PairModel, fitted_on: list[str], left_out: dict[str, float]) -> str:
    """Return a pair score as JSON, with what it was fitted on and the evidence for it."""
    data = {
        "script": "benchmarks/fit_pair_score.py",
        "fitted_on": fitted_on,
        "leave_one_corpus_out_bcubed_f1": left_out,
        "weights": {c: w for c, w in zip(COLUMNS, model.weights, strict=True) if c in FITTED},
        "gap": model.gap,
        "intercept": model.intercept,
        "operating_point": model.operating_point,
    }
    return json.dumps(data, indent=2) + "\n"


def write(model: PairModel, left_out: dict[str, float]) -> None:
    """Write the shipped weights."""
    target = ROOT / "monitor" / "stories" / "weights.json"
    target.write_text(document(model, list(CORPORA), left_out), encoding="utf-8")
    print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
