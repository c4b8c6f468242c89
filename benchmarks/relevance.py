"""Count which pieces of the labelled corpora the relevance stage keeps, by corpus and language.

customs_gold is about customs throughout, ecbplus and newswcl50 (together) are not: at least 97% of the first are to be
kept in every language, at most 3% of the others. The floors in benchmarks/relevance_floors.json only get stricter.
Titles alone, as an import may have them, have floors of their own. Two thirds of the score would keep 63% of those of
customs_gold and 0.6% of the others, but also 8 of 36 invented headlines on police, fees and prices: it is not so.
allsides_2021 is shown for comparison: general American news, of which some is about tariffs.

    .venv/bin/python benchmarks/relevance.py [--shared FOLDER] [--list]
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from monitor.ingest.relevance import judge_with

ROOT = Path(__file__).resolve().parent.parent
FLOORS = json.loads((ROOT / "benchmarks" / "relevance_floors.json").read_text(encoding="utf-8"))
RELEVANT, OTHERS, SHOWN = "customs_gold", ("ecbplus", "newswcl50"), ("allsides_2021",)

Shares = dict[tuple[str, str], tuple[int, int]]


def judged(shared: Path, corpus: str, *, titles: bool = False) -> Iterator[tuple[dict[str, str], bool, str]]:
    """Yield each piece of a corpus with whether it is kept and why; `titles` takes their texts away."""
    judge = judge_with()
    with gzip.open(shared / "data" / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            piece = json.loads(line)
            if titles and not piece.get("title"):
                continue
            verdict = judge(piece.get("title") or "", "" if titles else piece.get("text") or "")
            yield piece, verdict.keep, verdict.reason


def count(shared: Path, *, listed: bool = False, titles: bool = False) -> Shares:
    """Return how many pieces are kept and how many there are, by corpus and language.

    `listed` prints the misjudged; `titles` judges titles alone.
    """
    kept: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for corpus in (RELEVANT, *OTHERS, *SHOWN):
        for piece, keep, reason in judged(shared, corpus, titles=titles):
            total[corpus, piece["lang"]] += 1
            kept[corpus, piece["lang"]] += keep
            if listed and keep is not (corpus == RELEVANT):
                print(f"  {corpus} {piece['lang']} {'kept' if keep else 'dropped'}: {piece['id']}: {reason}")
    return {key: (kept[key], total[key]) for key in sorted(total)}


def missed(shares: Shares) -> list[str]:
    """Name the floors that are broken."""
    found = [
        f"{RELEVANT} {lang}: {kept} of {total} kept"
        for (corpus, lang), (kept, total) in shares.items()
        if corpus == RELEVANT and kept < FLOORS["kept_of_relevant"] * total
    ]
    others = [share for (corpus, _), share in shares.items() if corpus in OTHERS]
    kept, total = (sum(column) for column in zip(*others, strict=True))
    if kept > FLOORS["kept_of_others"] * total:
        found.append(f"{' and '.join(OTHERS)}: {kept} of {total} kept")
    return found


def of_titles(shares: Shares) -> tuple[float, float]:
    """Return which shares of the relevant titles and of the others are kept, over all languages."""
    kept = [[share for (corpus, _), share in shares.items() if corpus in wanted] for wanted in ((RELEVANT,), OTHERS)]
    relevant, others = (sum(k for k, _ in found) / max(sum(n for _, n in found), 1) for found in kept)
    return relevant, others


def main() -> int:
    """Print the table; return 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--list", action="store_true", help="name the pieces that are misjudged")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"skipped: no labelled corpora in {args.shared}")
        return 0
    shares = count(args.shared, listed=args.list)
    print(f"{'corpus':14} {'lang':4} {'kept':>5} {'of':>5} {'share':>7}")
    for (corpus, lang), (kept, total) in shares.items():
        print(f"{corpus:14} {lang:4} {kept:5} {total:5} {kept / total:7.1%}")
    broken = missed(shares)
    relevant, others = of_titles(count(args.shared, titles=True))
    print(f"titles alone: {relevant:.1%} of {RELEVANT} kept, {others:.1%} of {' and '.join(OTHERS)}")
    if relevant < FLOORS["kept_of_relevant_titles"] or others > FLOORS["kept_of_other_titles"]:
        broken.append("titles alone")
    for problem in broken:
        print(f"below the floor: {problem}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
