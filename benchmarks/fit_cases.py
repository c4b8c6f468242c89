"""Fit the pair score of titles without texts and of pieces in different languages; write monitor/stories/cases.json.

What is fitted is the B-cubed F1 of the stories themselves, by a random search with a fixed seed: the likelihood of
pairs is a poor guide here, and weights that are best for it give stories that score .12 lower. Few
weights are looked for, each of what can be evidence of one event, none below zero.
Each family of sets is scored with weights that were fitted on the other ones.

    .venv/bin/python benchmarks/fit_cases.py [--data FOLDER] [--steps N] [--write]
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from fit_pair_score import bcubed_f1, day_of, vetoed_pairs, weighted
from parts import games

from monitor.stories.cases import COLUMNS, CaseModel, Cases
from monitor.stories.facts import fact_features, read_facts
from monitor.stories.features import rarity, similarities, terms_of, weigh
from monitor.stories.figures import read_figures
from monitor.stories.linkage import cluster
from monitor.stories.score import gap_of_pairs, shipped

ROOT = Path(__file__).parent.parent
DAYS = 14.0
START = CaseModel(tuple(5.0 if column == "title" else 0.0 for column in COLUMNS), -3.0, -1.2, 0.0)
#: which weights a case may have, and how far a step of the search goes at first
TITLES = {"title": 1.5, "named": 1.0, "numbers": 1.0}
LANGUAGES = {"sounds": 2.0, "numbers": 2.0, "place": 1.0, "title": 1.0}
GAP, INTERCEPT = 1.5, 0.7


@dataclass
class Set:
    """Labelled pieces, ready for fitting: what may be weighed of all pairs, each a matrix."""

    events: np.ndarray
    columns: dict[str, np.ndarray]
    days: np.ndarray
    across: np.ndarray
    vetoes: list[tuple[int, int]]


def read(folder: Path, corpus: str) -> list[dict]:
    """Read a corpus."""
    with gzip.open(folder / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def titles(rows: list[dict]) -> list[dict]:
    """Return pieces by their titles alone."""
    return [{**row, "text": ""} for row in rows if row["title"]]


def prepare(rows: list[dict], *, fortnight: bool = False) -> Set:
    """Return pieces with all that their pairs are scored by, if wanted as if they were of one fortnight."""
    words = weighted(rows)
    facts = []
    for row in rows:
        title, text = row["title"] or "", row["text"] or ""
        facts.append(fact_features(read_facts(title, text, row["lang"], read_figures(title, text, row["lang"]))))
    idf = rarity(Counter(term for read in facts for term in terms_of(read)), len(rows))
    told = [weigh(read, idf) for read in facts]
    cosines = (*np.moveaxis(similarities(words, words), -1, 0), *np.moveaxis(similarities(told, told), -1, 0))
    kept = {c: np.ascontiguousarray(v) for c, v in zip(COLUMNS, cosines, strict=True) if c in {*TITLES, *LANGUAGES}}
    days = np.array([day_of(row["published"]) for row in rows])
    if fortnight:
        days = (days - np.nanmin(days)) * DAYS / (np.nanmax(days) - np.nanmin(days))
    langs = np.array([row["lang"] for row in rows])
    events = np.unique([row["event"] for row in rows], return_inverse=True)[1]
    return Set(events, kept, days, langs[:, None] != langs[None, :], vetoed_pairs(rows))


def log_odds(found: Set, model: CaseModel) -> np.ndarray:
    """Return the log-odds of all pairs."""
    gaps = gap_of_pairs(found.days[:, None], found.days[None, :], undated_days=model.undated_days)
    odds = model.intercept + model.gap * gaps
    for column, weight in zip(COLUMNS, model.weights, strict=True):
        if weight:
            odds += weight * found.columns[column]
    return odds


def f1(found: Set, cases: Cases) -> float:
    """Return the B-cubed F1 of the stories of a set."""
    odds = log_odds(found, cases.titles)
    if found.across.any():
        odds = np.where(found.across, log_odds(found, cases.languages), odds)
    return bcubed_f1(found.events, cluster(1 / (1 + np.exp(-odds)), found.vetoes, shipped().operating_point))


def mean(families: Sequence[Sequence[Set]], cases: Cases) -> float:
    """Return the mean F1 of families, each the mean of its sets."""
    return float(np.mean([np.mean([f1(one, cases) for one in family]) for family in families]))


def search(score: Callable[[CaseModel], float], start: CaseModel, steps: Mapping[str, float], count: int) -> CaseModel:
    """Return the model with the best score that a random walk finds, rounded."""
    draw = np.random.default_rng(1)
    best, value = start, score(start)
    for n in range(count):
        size = 1 - 0.7 * n / count
        weights = list(best.weights)
        gap, intercept = best.gap, best.intercept
        for name in draw.choice([*steps, "gap", "intercept"], size=draw.integers(1, 4), replace=False):
            if name == "gap":
                gap = min(0.0, gap + draw.normal() * GAP * size)
            elif name == "intercept":
                intercept += draw.normal() * INTERCEPT * size
            else:
                at = COLUMNS.index(name)
                weights[at] = max(0.0, weights[at] + draw.normal() * steps[name] * size)
        tried = replace(
            best, weights=tuple(round(w, 2) for w in weights), gap=round(gap, 2), intercept=round(intercept, 2)
        )
        if (found := score(tried)) > value:
            best, value = tried, found
    return best


def fit_titles(families: Sequence[Sequence[Set]], steps: int) -> CaseModel:
    """Fit the weights of titles in one language."""
    return search(lambda model: mean(families, Cases(model, model)), START, TITLES, steps)


def fit_languages(families: Sequence[Sequence[Set]], alone: CaseModel, steps: int) -> CaseModel:
    """Fit the weights of pieces in different languages, with those of titles given."""
    start = CaseModel(tuple({"sounds": 7.0, "numbers": 5.0}.get(c, 0.0) for c in COLUMNS), -5.0, -1.7, 0.5)
    return search(lambda model: mean(families, Cases(alone, model)), start, LANGUAGES, steps)


def report(names: Sequence[str], families: Sequence[Sequence[Set]], fit: Callable, score: Callable) -> dict[str, float]:
    """Print each family as scored with weights of the other ones, and return the figures."""
    found = {}
    for n, name in enumerate(names):
        model = fit([family for m, family in enumerate(families) if m != n])
        found[name] = [round(score(one, model), 3) for one in families[n]]
        print(f"  {name:14} {found[name]}  {shown(model)}", flush=True)
    return found


def shown(model: CaseModel) -> dict[str, object]:
    """Return a model as it is stored."""
    weights = {column: weight for column, weight in zip(COLUMNS, model.weights, strict=True) if weight}
    return {
        "weights": weights, "gap": model.gap, "intercept": model.intercept, "undated_days": model.undated_days,
    }  # fmt: skip


def main() -> int:
    """Fit, report, and with --write store the shipped weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--write", action="store_true", help="write monitor/stories/cases.json")
    args = parser.parse_args()
    if not args.data.is_dir():
        print(f"skipped: no labelled corpora in {args.data}")
        return 0
    allsides, customs = titles(read(args.data, "allsides_2021")), read(args.data, "customs_gold")
    english = [row for row in games.titles() if row["lang"] == "en"]
    alone = {
        "ecbplus": [prepare(titles(read(args.data, "ecbplus")))],
        "allsides_2021": [prepare(allsides), prepare(allsides, fortnight=True)],
        "games, English": [prepare(english)],
    }
    print("titles in one language, each family with weights of the others")
    out = report([*alone], [*alone.values()], lambda f: fit_titles(f, args.steps), lambda s, m: f1(s, Cases(m, m)))
    one = fit_titles([*alone.values()], args.steps)
    print(f"  all: {shown(one)}", {name: [round(f1(s, Cases(one, one)), 3) for s in f] for name, f in alone.items()})
    across = {
        "games": [prepare(games.titles()), prepare(games.titles(2))],
        "customs_gold": [prepare(titles(customs)), prepare(customs)],
    }
    print("pieces in different languages, each family with weights of the other")
    fit = lambda f: fit_languages(f, one, args.steps)  # noqa: E731 - one argument less
    crossed = report([*across], [*across.values()], fit, lambda s, m: f1(s, Cases(one, m)))
    other = fit([*across.values()])
    print(f"  all: {shown(other)}", {n: [round(f1(s, Cases(one, other)), 3) for s in f] for n, f in across.items()})
    if args.write:
        data = {
            "script": "benchmarks/fit_cases.py",
            "bcubed_f1_with_weights_of_the_other_sets": {"titles": out, "languages": crossed},
            "titles": shown(one),
            "languages": shown(other),
        }
        (ROOT / "monitor" / "stories" / "cases.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
