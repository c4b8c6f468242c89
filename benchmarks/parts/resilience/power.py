"""Cut the power: do real work, build folders as the disk could hold them at any instant of it, and start again on each.

The calls to the file system are written down below Python and SQLite (parts/faultfs.c); see parts/powering.py for what
is taken to survive.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from parts import faulting, powering
from parts.figures import Figures, table
from parts.resilience import faults

from monitor.sample.web import SampleWeb

IMAGES, QUICK_IMAGES = 60, powering.FEW
SEED = 3


def run(*, quick: bool = False, images: int | None = None, seed: int = SEED) -> Figures:
    """Look at so many images of each piece of work, and count what each came to."""
    if missing := faults.lacking():
        return Figures(f"Not run: {missing}.")
    with tempfile.TemporaryDirectory() as folder, SampleWeb(faulting.TODAY) as web:
        seen = _images(Path(folder).resolve(), web.address[1], images or (QUICK_IMAGES if quick else IMAGES), seed)
    problems = [
        f"{one['work']}, power cut after call {one['call']} of {one['of_calls']}, {one['kept']} kept: {one['wrong']}"
        for one in seen
        if one["wrong"]
    ]
    rows = [_row(work, [one for one in seen if one["work"] == work]) for work in faulting.WORK]
    rows.append(_row("all", seen))
    return Figures(table(("work", "calls", *powering.KEPT, "not as it should be"), rows), problems=tuple(problems))


def _images(folder: Path, port: int, images: int, seed: int) -> list[dict[str, Any]]:
    """Build the library and return what each image came to."""
    library = faults.built(folder)
    environment = os.environ | {
        "LD_PRELOAD": str(library), "FAULT_ROOT": str(folder / "place"), "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(faults.PARTS.parent), *sys.path]),
    }  # fmt: skip
    call = [sys.executable, "-m", "parts.powering", str(folder), str(port), str(images), str(seed)]
    done = subprocess.run(call, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _row(work: str, seen: list[dict[str, Any]]) -> tuple[object, ...]:
    """Return the counts of a piece of work."""
    kept = Counter(one["kept"] for one in seen)
    calls = sum({one["work"]: one["of_calls"] for one in seen}.values())
    return (work, f"{calls:,}", *(kept[how] for how in powering.KEPT), sum(bool(one["wrong"]) for one in seen))
