"""The parts of the resilience benchmark that need no long run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "benchmarks"))

from parts.figures import table, written_into  # noqa: E402 - benchmarks are no package
from parts.resilience import crash, faults  # noqa: E402


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
