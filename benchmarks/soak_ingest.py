"""Watch hundreds of sources whose servers fail and recover at random, for hundreds of cycles, and compare the books.

python benchmarks/soak_ingest.py [sources] [cycles] [seed]; prints figures and everything that should not be: pieces
lost, doubled or stale against the server's own book, polls too early, faults called by a wrong name, memory that grows.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT / "tests", ROOT / "tests" / "ingest"):
    sys.path.insert(0, str(folder))

from soak import GAP_S, PER_HOST, Plan, Result, soak  # noqa: E402 - it belongs to the tests

SOURCES, CYCLES, SEED = 300, 200, 1


def main() -> None:
    """Run one soak, print what it came to, and fail when something should not have been."""
    given = [int(word) for word in sys.argv[1:]]
    plan = Plan(*(given + [SOURCES, CYCLES, SEED][len(given) :]))
    began = time.monotonic()

    def say(cycle: int, rss_mb: float) -> None:
        """Print a line now and then."""
        if (cycle + 1) % max(1, plan.cycles // 10) == 0:
            print(f"cycle {cycle + 1:4}: {time.monotonic() - began:6.0f} s, {rss_mb:6.0f} MB", flush=True)

    with tempfile.TemporaryDirectory() as state:
        result = soak(plan, Path(state) / "state", say)
    print(figures(plan, result))
    problems = {name: found for name, found in result.problems().items() if found}
    for name, found in problems.items():
        print(f"{name}: {len(found)}, for example {str(found)[:300]}")
    print("nothing lost, doubled, stale, misnamed or asked too early" if not problems else "see above")
    sys.exit(1 if problems else 0)


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
