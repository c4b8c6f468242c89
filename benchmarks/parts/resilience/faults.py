"""Let calls to the file system fail, from each place of the program in turn: a clean error, and a clean next start.

The calls fail below Python and SQLite, in a library that is loaded before the C library (parts/faultfs.c), so that no
part of the program knows of it. Needs a C compiler and a system with LD_PRELOAD.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from parts import faulting
from parts.figures import Figures, table

from monitor.sample.web import SampleWeb

PARTS = Path(__file__).resolve().parents[1]
_ENDED = {faulting.WELL: "done all the same", faulting.TOLD: "one line of error"}


def run(*, quick: bool = False, step: int = 1) -> Figures:
    """Try the calls of every place, or of every `step`-th, or two places a fault, and count what it came to."""
    if missing := lacking():
        return Figures(f"Not run: {missing}.")
    with tempfile.TemporaryDirectory() as folder, SampleWeb(faulting.TODAY) as web:
        seen = tried(Path(folder).resolve(), web.address[1], 0 if quick else step)
    return figures(seen)


def figures(seen: list[dict[str, Any]]) -> Figures:
    """Return what all faults came to."""
    problems = [p for one in seen if (p := _problem(one))]
    if not seen:
        problems = ["no fault was tried"]
    kinds = [fault.name for fault in faulting.FAULTS] + ["size limit of the kernel"]
    rows = [_row(work, kinds, [one for one in seen if one["work"] == work]) for work in faulting.WORK]
    rows.append(_row("all", kinds, seen))
    text = table(("work", *kinds, *_ENDED.values(), "anything else", "next start not clean"), rows)
    calls = Counter(one["call"] for one in seen if one["call"])
    names = ", ".join(f"{name} {count}" for name, count in calls.most_common())
    return Figures(f"{text}\n\nCalls that failed: {names}.", problems=tuple(problems))


def lacking() -> str:
    """Return what a run needs and this machine lacks, nothing when it can be run."""
    if sys.platform != "linux":
        return "it needs Linux"
    return "" if shutil.which("cc") else "it needs a C compiler"


def built(folder: Path) -> Path:
    """Build the library that stands before the kernel, and return its path."""
    library = folder / "faultfs.so"
    source = PARTS / "faultfs.c"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"], check=True)
    return library


def tried(folder: Path, port: int, step: int, *works: str) -> list[dict[str, Any]]:
    """Build the library and return what each fault came to, of some kinds of work or all."""
    library = built(folder)
    environment = os.environ | {
        "LD_PRELOAD": str(library), "FAULT_ROOT": str(folder / "state"), "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(PARTS.parent), *sys.path]),
    }  # fmt: skip
    call = [sys.executable, "-m", "parts.faulting", str(folder), str(port), str(step), *works]
    done = subprocess.run(call, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _problem(one: dict[str, Any]) -> str:
    """Return what was not as it should be about a fault."""
    where = f"{one['work']}, {one['fault']} at call {one['number']} ({one['call']})"
    if one["ended"] not in _ENDED:
        return f"{where}: {one['told'].strip().splitlines()[-1:] or one['ended']}"
    if one["ended"] == faulting.TOLD and ("\n" in one["told"] or ": " not in one["told"]):
        return f"{where}: the error is no line with a remedy: {one['told']}"
    return f"{where}: next start: {one['after'].strip().splitlines()[-1]}" if one["after"] else ""


def _row(work: str, kinds: list[str], seen: list[dict[str, Any]]) -> tuple[object, ...]:
    """Return the counts of a piece of work."""
    tried = Counter(one["fault"] for one in seen)
    ended = Counter(one["ended"] for one in seen)
    other = sum(count for code, count in ended.items() if code not in _ENDED)
    return (
        work, *(tried[kind] for kind in kinds), *(ended[code] for code in _ENDED), other,
        sum(bool(one["after"]) for one in seen),
    )  # fmt: skip
