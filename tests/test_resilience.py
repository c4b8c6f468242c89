"""The parts of the resilience benchmark that need no long run."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "benchmarks"))

from parts.figures import table, written_into  # noqa: E402 - benchmarks are no package
from parts.powering import Call, Disk  # noqa: E402
from parts.resilience import crash, faults, power  # noqa: E402


def test_figures_stand_between_their_marks() -> None:
    """The figures of a part replace the earlier ones, and nothing else of the page; a page without marks is refused."""
    page = "a\n<!-- load -->\nold\n<!-- /load -->\nb\n<!-- soak -->\n<!-- /soak -->\n"
    once = written_into(page, "load", table(("x",), [(1,)]))
    assert once == page.replace("old", "| x |\n| --- |\n| 1 |")
    assert written_into(once, "load", "old") == page
    with pytest.raises(ValueError, match="crash"):
        written_into(page, "crash", "")


def test_every_part_has_its_place_in_the_page() -> None:
    """What a part comes to is described where users read it."""
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    parts = sorted(path.stem for path in (ROOT / "benchmarks" / "parts" / "resilience").glob("*.py"))
    assert [name for name in parts if f"<!-- {name} -->" not in page] == []


def test_killed_processes_lose_nothing() -> None:
    """After 25 kills at random instants the doctor finds nothing, and all pieces and digests are there once."""
    assert crash.run(quick=True).problems == ()


@pytest.mark.skipif(bool(faults.lacking()), reason=faults.lacking())
def test_failing_calls_end_in_a_line_and_a_clean_start() -> None:
    """A full, a failing and a read-only disk are said in one line, and the next start has all that was saved."""
    assert faults.run(quick=True).problems == ()


@pytest.mark.skipif(bool(faults.lacking()), reason=faults.lacking())
def test_power_cuts_take_nothing_that_was_acknowledged() -> None:
    """On folders as a disk could hold them after a cut, the doctor is content and nothing acknowledged is missing."""
    assert power.run(quick=True).problems == ()


def after(root: Path, calls: list[Call], kept: str, seed: int = 1) -> dict[str, bytes]:
    """Return the files that a disk could hold after some calls and a power cut."""
    disk = Disk(root)
    for call in calls:
        disk.do(call)
    target = root.with_name("image")
    disk.image(target, kept, random.Random(seed))
    return {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()}


def test_disk_keeps_what_was_synced_and_nothing_else_for_certain(tmp_path: Path) -> None:
    """A write counts with its sync, a name with that of its folder; what comes later may be lost, torn or kept."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "old").write_bytes(b"a" * 1024)
    inode = (root / "old").stat().st_ino
    folder, new = os.fsencode(root), os.fsencode(root / "new")
    write, sync = Call("W", inode, 0, b"b" * 1024), Call("S", inode, 0, b"")
    assert after(root, [write], "nothing") == {"old": b"a" * 1024}
    assert after(root, [write, sync], "nothing") == {"old": b"b" * 1024}
    assert {after(root, [write], "any sector", n)["old"][::512] for n in range(40)} == {b"aa", b"ab", b"ba", b"bb"}
    made = [Call("C", 7, 0, new), Call("W", 7, 0, b"text"), Call("S", 7, 0, b"")]
    assert "new" not in after(root, made, "nothing")
    assert after(root, [*made, Call("D", 0, 0, folder)], "nothing")["new"] == b"text"
    moved = Call("R", 0, 0, os.fsencode(root / "old") + b"\0" + new)
    assert after(root, [*made, Call("D", 0, 0, folder), moved], "nothing") == {"old": b"a" * 1024, "new": b"text"}
    assert after(root, [*made, moved], "everything") == {"new": b"a" * 1024}
    assert after(root, [Call("T", inode, 100, b""), sync], "nothing") == {"old": b"a" * 100}
