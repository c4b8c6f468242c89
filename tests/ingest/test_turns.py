"""Which request starts when."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.turns import Turns


def test_hosts_take_turns() -> None:
    """A host with many requests does not keep the others waiting."""
    turns = Turns([("a", 1), ("a", 2), ("b", 3)], per_host=2, gap_s=0.0)
    assert [turns.take(0.0), turns.take(0.0), turns.take(0.0), turns.take(0.0)] == [("a", 1), ("b", 3), ("a", 2), None]


def test_place_must_be_free_and_pause_over() -> None:
    """A second request to a host waits for the pause, a third for the end of one before it."""
    turns = Turns([("a", 1), ("a", 2), ("a", 3)], per_host=2, gap_s=1.0)
    assert (turns.take(0.0), turns.take(0.9), turns.wait_s(0.9)) == (("a", 1), None, 1.0 - 0.9)
    assert turns.take(1.0) == ("a", 2)
    assert (turns.take(5.0), turns.wait_s(5.0)) == (None, None)
    turns.done("a")
    assert turns.wait_s(5.0) == 0.0
    assert turns.take(5.0) == ("a", 3)


def test_pause_holds_across_batches() -> None:
    """A host that an earlier batch asked a moment ago is left alone for the rest of the pause."""
    starts = {"a": 10.0}
    turns = Turns([("a", 1)], per_host=1, gap_s=1.0, started_at=starts)
    assert (turns.take(10.5), turns.take(11.0), starts) == (None, ("a", 1), {"a": 11.0})


def test_drain_gives_back_what_never_started() -> None:
    """Nothing that waits is lost, and afterwards nothing waits."""
    turns = Turns([("a", 1), ("b", 2), ("a", 3)], per_host=1, gap_s=0.0)
    turns.take(0.0)
    assert (len(turns), sorted(turns.drain()), len(turns), turns.wait_s(0.0)) == (2, [2, 3], 0, None)


@given(
    jobs=st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=20),
    per_host=st.integers(1, 3),
    gap=st.sampled_from([0.0, 1.0, 2.5]),
)
@settings(max_examples=100)
def test_every_job_starts_once_within_the_limits(jobs: list[tuple[str, int]], per_host: int, gap: float) -> None:
    """Whatever the batch, each job starts exactly once, no host has too many, and starts are a pause apart."""
    turns: Turns[int] = Turns(jobs, per_host=per_host, gap_s=gap)
    started: list[tuple[str, int]] = []
    running: list[str] = []
    last: dict[str, float] = {}
    now = 0.0
    while turns:
        turn = turns.take(now)
        if turn is None:
            wait = turns.wait_s(now)
            if wait is None:
                turns.done(running.pop(0))
            else:
                now += max(wait, 1e-9)
            continue
        host, _ = turn
        assert now - last.get(host, float("-inf")) >= gap - 1e-6
        started.append(turn)
        running.append(host)
        last[host] = now
        assert running.count(host) <= per_host
    assert sorted(started) == sorted(jobs)


def test_longer_pauses_of_some_hosts() -> None:
    """A host that wishes for more than the usual pause gets it, the others do not wait for it."""
    turns = Turns([("a", 1), ("a", 2), ("b", 3), ("b", 4)], per_host=9, gap_s=1, delays={"a": 5, "b": 0.5})
    assert [turns.take(now) for now in (0, 0, 0.5, 1, 1, 4.9, 5)] == [
        ("a", 1), ("b", 3), None, ("b", 4), None, None, ("a", 2),
    ]  # fmt: skip


def test_what_cannot_start_in_time_is_given_back() -> None:
    """As many jobs stay as fit before the end, in their order; a host at rest gives all of them back."""
    turns = Turns([("a", n) for n in range(5)] + [("b", 9)], per_host=1, gap_s=2, started_at={"a": 0.0, "b": 50.0})
    assert turns.too_late(7, now=1) == [("a", 3), ("a", 4), ("b", 9)]
    assert len(turns) == 3
    turns.hold("a", 100)
    assert turns.too_late(7, now=1) == [("a", 0), ("a", 1), ("a", 2)]
    assert (len(turns), turns.wait_s(1)) == (0, None)


def test_without_a_pause_nothing_is_too_late() -> None:
    """Any number of jobs fits when none has to wait."""
    turns = Turns([("a", n) for n in range(500)], per_host=1, gap_s=0)
    assert turns.too_late(5, now=5) == []
    assert len(turns) == 500
