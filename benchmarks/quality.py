"""Import every labelled corpus through the released command and print B-cubed precision, recall and F1 of the stories.

The floors in benchmarks/floors.json only rise: the script fails when a corpus falls below its floor, and says by how
much a floor could be raised. Corpora and scorer are read from ../shared; without them it says so and succeeds.

    .venv/bin/python benchmarks/quality.py [CORPUS ...] [--shared FOLDER]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = json.loads((ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8"))


def score(shared: Path, corpus: str, folder: Path) -> dict[str, float]:
    """Import one corpus into an empty folder with the shipped settings and return what the scorer prints."""
    source = shared / "data" / f"{corpus}.jsonl.gz"
    command = [sys.executable, "-m", "monitor", "import", str(source), "--no-relevance", "--state", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    scorer = [sys.executable, str(shared / "eval" / "score_stories.py"), str(source), str(folder / "monitor.db")]
    done = subprocess.run(scorer, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> int:
    """Print the table; return 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=list(FLOORS), metavar="CORPUS")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print(f"skipped: no labelled corpora in {args.shared}")
        return 0
    broken = []
    print(
        f"{'corpus':14} {'P':>6} {'R':>6} {'F1':>6} {'ARI':>6} {'floor':>6} {'items':>6} {'events':>6} {'stories':>7}"
    )
    for corpus in args.corpora:
        with tempfile.TemporaryDirectory() as folder:
            s = score(args.shared, corpus, Path(folder))
        floor = FLOORS.get(corpus, 0.0)
        print(
            f"{corpus:14} {s['b3_p']:6.3f} {s['b3_r']:6.3f} {s['b3_f1']:6.3f} {s['ari']:6.3f} {floor:6.3f} "
            f"{s['items']:6} {s['events']:6} {s['stories']:7}"
        )
        if s["b3_f1"] < floor or s["missing"]:
            broken.append(corpus)
    if broken:
        print(f"below the floor, or items missing: {', '.join(broken)}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
