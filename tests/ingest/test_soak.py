"""A short watch over a web in bad weather; the long one is `benchmarks/soak_ingest.py`."""

from __future__ import annotations

import pytest
from soak import GAP_S, GROWTH, PER_HOST, Plan, Result, soak

PLAN = Plan(sources=40, cycles=30, seed=3)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Run the short soak once."""
    return soak(PLAN, tmp_path_factory.mktemp("soak") / "state")


def test_the_weather_was_bad_and_the_watch_was_long(result: Result) -> None:
    """The soak meets many kinds of faults, edits and 304s on about a thousand polls, else it would show nothing."""
    assert (result.polls > 900, result.fault_kinds >= 20, result.revisions >= 5, result.not_modified > 100) == (
        True,
    ) * 4
    assert {"ok", "not_modified", "failed", "blocked"} <= set(result.results)


def test_no_piece_is_lost_doubled_or_stale(result: Result) -> None:
    """The state holds exactly the pieces that the servers have shown, each once, with its latest title."""
    assert (result.lost, result.doubled, result.unknown, result.stale_titles) == ([], [], [], [])
    assert result.items == result.shown == result.pieces


def test_every_fault_is_called_by_its_name(result: Result) -> None:
    """No poll came to anything else than what its server did, and all sources are well when all servers are."""
    assert (result.misnamed, result.not_ok_at_the_end) == ([], [])


def test_no_source_is_asked_before_its_time(result: Result) -> None:
    """No source is asked before its interval, Retry-After, max-age or ttl is over, by the server's own log."""
    assert result.early == []


def test_no_host_is_crowded(result: Result) -> None:
    """No host has more requests at once than allowed, and the pause between two to one host holds on the average."""
    assert result.most_at_once <= PER_HOST
    # the server sees when requests arrive, which on a busy machine is not when they were sent
    assert result.shortest_gap_s >= 0.5 * GAP_S


def test_the_state_is_sound_after_all_that(result: Result) -> None:
    """The doctor finds nothing."""
    assert result.unsound == {}


def test_the_memory_does_not_grow(result: Result) -> None:
    """The monitor's process holds no more after the last cycles than after the early ones, but for what is bounded."""
    assert result.growth_mb <= GROWTH * result.early_mb
