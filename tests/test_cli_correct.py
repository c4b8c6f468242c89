"""The commands with which a person corrects the grouping, run as users run them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pieces import SEIZURE, SEIZURE_AGAIN, SEIZURE_AGAIN_TITLE, SEIZURE_TITLE, TARIFF, TARIFF_TITLE, piece, take

from monitor import cli
from monitor.store.storage import Storage

Run = Callable[..., tuple[int, str, str]]

PIECES = [
    piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00"),
    piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00"),
    piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 12:00"),
    piece("tiles", TARIFF_TITLE, TARIFF, "19 15:00"),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Return the command as a function on a small state."""
    with Storage(tmp_path) as storage:
        take(storage, PIECES)
    monkeypatch.delenv("COLUMNS", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["monitor", *arguments, "--state", str(tmp_path)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return call


def test_together_says_what_moved_and_how_to_take_it_back(run: Run) -> None:
    """The new place of both items is printed, and the command that takes the word back works as printed."""
    code, out, _ = run("together", "first", "tiles", "--because", "one raid")
    assert code == 0
    assert "item 4      story 1, before in story 2" in out
    assert "corrections --undo 1" in out
    code, out, _ = run("corrections", "--undo", "1")
    assert code == 0
    assert "before in story 1" in out


def test_apart_is_shown_by_every_command(run: Run) -> None:
    """Story, explain and the list of corrections all tell what a person said and why."""
    assert run("apart", "first", "again", "--because", "two finds")[0] == 0
    assert "two finds" in run("corrections")[1]
    assert "a person said that items 1 and 3 are not one event (correction 1): two finds" in run("story", "1")[1]
    assert "two finds" in run("explain", "first", "again")[1]
    assert "two finds" in run("explain", "again")[1]


def test_contradictions_are_one_line_and_code_2(run: Run) -> None:
    """A word that contradicts an earlier one is refused with its number and the remedy."""
    run("together", "first", "tiles")
    code, out, err = run("apart", "tiles", "1")
    assert (code, out) == (2, "")
    assert "correction 1" in err
    assert "--undo 1" in err
    assert len(err.strip().splitlines()) == 1


def test_corrections_are_listed_with_those_taken_back_on_demand(run: Run) -> None:
    """The list shows what holds; --all what was taken back as well; both as JSON too."""
    assert "no corrections" in run("corrections")[1]
    run("together", "first", "tiles")
    run("corrections", "--undo", "1")
    assert "no corrections" in run("corrections")[1]
    assert "taken back" in run("corrections", "--all")[1]
    (row,) = json.loads(run("corrections", "--all", "--json")[1])
    assert (row["said"], row["item_id"], row["other_item_id"]) == ("together", 1, 4)
    assert run("corrections", "--all", "--undo", "1")[0] == 2
    assert run("corrections", "--undo", "7")[0] == 1


def test_repeating_a_word_is_no_error(run: Run) -> None:
    """Saying it twice tells when it was said, and prints JSON on demand."""
    run("together", "first", "tiles")
    code, out, _ = run("together", "tiles", "first")
    assert code == 0
    assert "says so already" in out
    assert json.loads(run("together", "tiles", "first", "--json")[1])["is_new"] is False


def test_a_replay_is_told_and_written_on_demand(run: Run, tmp_path: Path) -> None:
    """What would change is listed without being written; --apply writes it; JSON names every change."""
    with Storage(tmp_path) as storage, storage.transaction() as db:
        db.execute("update story_items set story_id = 1")
        db.execute("update stories set merged_into = 1 where id = 2")
    code, out, _ = run("replay", "--limit", "0")
    assert code == 0
    assert "split       1" in out
    assert "1 more" in out
    assert "nothing was written" in out
    (parted,) = json.loads(run("replay", "--json")[1])["split"]
    assert (parted["story_id"], parted["item_ids"], parted["new_story_id"]) == (1, [4], None)
    assert "1 item of story 1 becomes story 3: 4" in run("replay", "--apply")[1]
    assert "split from story 1: replay with an operating point" in run("story", "3")[1]


def test_another_operating_point_is_only_tried(run: Run) -> None:
    """To write stories that the next pass would group otherwise is refused, with the remedy."""
    code, _, err = run("replay", "--apply", "--operating-point", "0.9")
    assert code == 2
    assert "stories.operating_point" in err


def test_explain_sets_a_copy_beside_its_original(run: Run) -> None:
    """The longest passage of both texts is shown with what stands around it, and nothing of it controls the terminal."""
    out = run("explain", "copy")[1]
    assert "copied from" in out
    assert "the longest passage in both texts" in out
    assert "both" in out
    found = json.loads(run("explain", "copy", "--json")[1])
    assert found["original"]["excerpt"]["words"] > 50
    assert "\x1b" not in out
