"""The path that the README shows a newcomer: the demo, its page, and three questions in SQL."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def commands() -> list[list[str]]:
    """Return the commands with which the README asks the state, as words."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- ask -->")[1].split("<!-- /ask -->")[0]
    return [shlex.split(block) for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)]


def test_there_are_three_questions() -> None:
    """The README asks three questions of the demo's state, which is where the demo puts it."""
    assert [words[:4] for words in commands()] == [
        [".venv/bin/sqlite-utils", "query", "--table", "state/demo/monitor.db"]
    ] * 3


@pytest.mark.parametrize("words", commands(), ids=["widest", "spread", "figures"])
def test_question_of_the_readme_is_answered(demo: Path, words: list[str]) -> None:
    """Each question of the README, asked as it stands there, has rows for an answer."""
    asked = [sys.executable, "-m", "sqlite_utils", "query", "--table", str(demo / "monitor.db"), words[4]]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 2


def test_page_that_the_readme_opens_is_there(demo: Path) -> None:
    """The demo leaves a digest as a page and as text, as the README says."""
    assert {path.suffix for path in (demo / "digests").iterdir()} >= {".html", ".md", ".json"}
