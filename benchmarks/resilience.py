"""Show what the service survives: each part is a module of parts/resilience/ and has a section in docs/reliability.md.

python benchmarks/resilience.py [PART ...] [--quick] [--write]; without a part all of them. Exits with 1 when a part did
not show what it should.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from pathlib import Path

from parts.figures import Figures, written_into

ROOT = Path(__file__).resolve().parent.parent
PARTS = sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parent / "parts" / "resilience")]))
PAGE = ROOT / "docs" / "reliability.md"


def main() -> None:
    """Run the named parts, print what each came to, and with --write put it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a short run that shows that all of it works")
    parser.add_argument("--write", action="store_true", help="write the figures and plots into docs/")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.parts) - set(PARTS)):
        parser.error(f"there is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}")
    failed = False
    for name in asked.parts or PARTS:
        began = time.monotonic()
        figures: Figures = importlib.import_module(f"parts.resilience.{name}").run(quick=asked.quick)
        print(f"\n## {name} ({time.monotonic() - began:,.0f} s)\n\n{figures.text}\n", flush=True)
        for problem in figures.problems:
            failed = True
            print(f"{name}: {problem}", file=sys.stderr)
        if asked.write:
            _write(name, figures)
    sys.exit(failed)


def _write(name: str, figures: Figures) -> None:
    """Put the figures of a part between its marks in the page, and its plots beside the page."""
    PAGE.write_text(written_into(PAGE.read_text(encoding="utf-8"), name, figures.text), encoding="utf-8")
    for plot, svg in figures.plots.items():
        (PAGE.parent / f"{plot}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
