"""The two queues of a pool: what is wanted first goes before what can wait; nothing is lost, done twice or waited for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.workers import Pool, WorkersGone, started


def noted(path: Path, word: str) -> str:
    """Write a word down."""
    with path.open("a") as notes:
        notes.write(f"{word}\n")
    return word


def behind(gate: Path) -> None:
    """Say that it is there, and wait until somebody opens the gate."""
    gate.with_suffix(".bell").open("wb").close()
    gate.open("rb").close()


def ended() -> None:
    """End the process that is asked."""
    os._exit(1)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Return a pool of one worker."""
    with started(1, "monitor.workers") as pool:
        assert pool
        yield pool


@pytest.fixture
def gate(pool: Pool, tmp_path: Path) -> Path:
    """Return a pipe behind which the worker waits, until it is opened to write."""
    os.mkfifo(tmp_path / "gate")
    os.mkfifo(tmp_path / "gate.bell")
    pool.later(behind, tmp_path / "gate")
    (tmp_path / "gate.bell").open("rb").close()
    return tmp_path / "gate"


def test_what_is_wanted_first_goes_before_what_can_wait(pool: Pool, tmp_path: Path, gate: Path) -> None:
    """What can wait and was not begun yet keeps its order behind it; everything is done once."""
    notes = tmp_path / "notes"
    later = [pool.later(noted, notes, str(n)) for n in range(9)]
    first = [pool.first(noted, notes, word) for word in "ab"]
    gate.open("wb").close()
    assert [future.result() for future in (*first, *later)] == [*"ab", *"012345678"]
    assert notes.read_text().split() == [*"0ab", *"12345678"]  # one call was in the pipe to the worker


def test_what_is_taken_back_in_time_is_not_done(pool: Pool, tmp_path: Path, gate: Path) -> None:
    """A call that nobody has begun can be cancelled, one in the pipe to the worker cannot."""
    notes = tmp_path / "notes"
    calls = [*(pool.later(noted, notes, str(n)) for n in range(3)), pool.first(noted, notes, "a")]
    assert [call.cancel() for call in calls] == [False, True, True, True]
    last = pool.later(noted, notes, "z")
    gate.open("wb").close()
    assert (calls[0].result(), last.result()) == ("0", "z")
    assert notes.read_text().split() == ["0", "z"]


def test_what_is_held_back_goes_on_when_it_may(pool: Pool, tmp_path: Path, gate: Path) -> None:
    """Nothing that can wait is begun meanwhile, what is wanted first is."""
    notes = tmp_path / "notes"
    later = [pool.later(noted, notes, str(n)) for n in range(4)]
    pool.hold()
    gate.open("wb").close()
    assert pool.first(noted, notes, "a").result() == "a"
    assert [future.done() for future in later] == [True, False, False, False]
    pool.go_on()
    assert [future.result() for future in later] == [*"0123"]
    assert notes.read_text().split() == [*"0a123"]


def test_error_of_a_call_is_its_own(pool: Pool) -> None:
    """It reaches who asked, and the worker goes on."""
    with pytest.raises(ValueError, match="invalid literal"):
        pool.later(int, "two").result()
    assert pool.later(int, "2").result() == 2


def test_calls_of_a_worker_that_was_killed_are_known_to_be_undone(pool: Pool, gate: Path) -> None:
    """Those that were handed over, those that were taken back, those that wait and those that come: nobody waits for ever."""
    calls = [pool.later(ended), *(pool.later(int) for _ in range(9))]
    assert calls[4].cancel()
    gate.open("wb").close()
    for call in (*calls[:4], *calls[5:], pool.later(int), pool.first(int)):
        with pytest.raises(WorkersGone):
            call.result()
    assert calls[4].cancelled()


def test_pool_that_was_ended_does_nothing(pool: Pool, gate: Path) -> None:
    """What it was doing, what waits and what comes is not done."""
    calls = [pool.later(int) for _ in range(3)]
    pool.end()
    for call in (*calls, pool.first(int)):
        with pytest.raises(WorkersGone):
            call.result()
