"""Watch hundreds of sources whose servers fail and recover at random, for hundreds of cycles, and compare the books.

python benchmarks/soak_ingest.py [sources] [cycles] [seed] [--draw FILE]; prints figures and what should not be: pieces
lost, doubled or stale against the server's own book, polls too early, faults called by a wrong name, memory that grows.
`--draw` writes the memory of the monitor's process, cycle by cycle, as a picture.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from parts.plots import line_plot

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT / "tests", ROOT / "tests" / "ingest"):
    sys.path.insert(0, str(folder))

from soak import GAP_S, PER_HOST, Plan, Result, soak  # noqa: E402 - it belongs to the tests

SOURCES, CYCLES, SEED = 300, 200, 1


def main() -> None:
    """Run one soak, print what it came to, and fail when something should not have been."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("sources", SOURCES), ("cycles", CYCLES), ("seed", SEED)):
        parser.add_argument(name, type=int, nargs="?", default=usual)
    parser.add_argument("--draw", type=Path)
    args = parser.parse_args()
    plan = Plan(args.sources, args.cycles, args.seed)
    began = time.monotonic()

    def say(cycle: int, rss_mb: float) -> None:
        """Print a line now and then."""
        if (cycle + 1) % max(1, plan.cycles // 10) == 0:
            print(f"cycle {cycle + 1:4}: {time.monotonic() - began:6.0f} s, {rss_mb:6.0f} MB", flush=True)

    with tempfile.TemporaryDirectory() as state:
        result = soak(plan, Path(state) / "state", say)
    print(figures(plan, result))
    if args.draw:
        args.draw.write_text(drawn(plan, result.rss_mb), encoding="utf-8")
    problems = {name: found for name, found in result.problems().items() if found}
    for name, found in problems.items():
        print(f"{name}: {len(found)}, for example {str(found)[:300]}")
    print("nothing lost, doubled, stale, misnamed or asked too early" if not problems else "see above")
    sys.exit(1 if problems else 0)


def drawn(plan: Plan, rss_mb: Sequence[float]) -> str:
    """Return the memory after each cycle as a picture."""
    points = list(enumerate(rss_mb, 1))
    return line_plot(f"Memory of the monitor with {plan.sources} sources", "cycles", "MB", {"resident": points})


def figures(plan: Plan, result: Result) -> str:
    """Return the figures of a soak, one a line."""
    lines = [f"{plan.sources} sources, {plan.cycles} cycles, seed {plan.seed}"]
    for one in fields(Result):
        value = getattr(result, one.name)
        if isinstance(value, int | float):
            lines.append(f"  {one.name}: {value:,.4g}" if isinstance(value, float) else f"  {one.name}: {value:,}")
    lines.append(f"  polls by result: {', '.join(f'{n:,} {name}' for name, n in sorted(result.results.items()))}")
    lines.append(f"  requests of one host at once: {result.most_at_once} of {PER_HOST}; gap asked for {GAP_S} s")
    growth = f"{result.growth_mb:+.1f} MB or {result.growth_mb / result.early_mb:+.1%}"
    lines.append(f"  memory: {min(result.rss_mb):.0f} to {max(result.rss_mb):.0f} MB, second quarter to last {growth}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
