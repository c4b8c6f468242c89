"""Sharing parts of work with workers: what comes back is the same, in the same order, whoever did it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from sqlite_utils import Database

from monitor.sharing import Hands
from monitor.store.backups import connect_to_read
from monitor.store.storage import DATABASE_NAME, Storage
from monitor.workers import Pool, started

PARTS = list(range(30))


def by_whom(db: Database, part: int, factor: int) -> tuple[int, int, int]:
    """Return a part times a factor, how many items the state has, and the process that was asked."""
    (items,) = db.execute("select count(*) from items").fetchone()
    return part * factor, items, os.getpid()


def ended(_db: Database, _part: int, parent: int) -> int:
    """End the process that is asked, unless it is the one that shares its work."""
    if os.getpid() != parent:
        os._exit(1)
    return parent


def failing(_db: Database, part: int, _settings: None) -> None:
    """Fail as a bug does."""
    raise ValueError(f"part {part}")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Return an empty state."""
    with Storage(tmp_path_factory.mktemp("state")) as storage:
        yield storage


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Return a pool of one worker."""
    with started(1, "monitor.sharing") as pool:
        assert pool
        yield pool


def test_parts_come_back_in_order_whoever_did_them(state: Storage, pool: Pool) -> None:
    """Each part comes back once, in the order in which they were given."""
    found = list(Hands(state.path, pool).each(state.db, by_whom, PARTS * 20, 3))
    assert [value for value, _, _ in found] == [3 * part for part in PARTS * 20]
    assert os.getpid() in {process for _, _, process in found}


def test_worker_asks_the_state_itself(state: Storage, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not taken back from a worker it does with the state that it opened."""
    monkeypatch.setattr(Future, "cancel", lambda _future: False)
    found = list(Hands(state.path, pool).each(state.db, by_whom, PARTS, 2))
    assert [(value, items) for value, items, _ in found] == [(2 * part, 0) for part in PARTS]
    assert os.getpid() not in {process for _, _, process in found}


def test_without_workers_this_process_does_everything(state: Storage) -> None:
    """Nothing is handed over where there is nobody."""
    assert [process for _, _, process in Hands().each(state.db, by_whom, PARTS, 3)] == [os.getpid()] * len(PARTS)


def test_single_part_is_not_worth_a_journey(state: Storage, pool: Pool) -> None:
    """There is nothing to share: it is done at once, here."""
    assert list(Hands(state.path, pool).each(state.db, by_whom, [7], 1)) == [(7, 0, os.getpid())]


def test_what_a_worker_that_was_ended_has_not_done_is_done_here(state: Storage, pool: Pool) -> None:
    """Nothing depends on workers but the time: neither then, nor when the pool is asked again."""
    hands = Hands(state.path, pool)
    assert list(hands.each(state.db, ended, PARTS, os.getpid())) == [os.getpid()] * len(PARTS)
    assert [value for value, _, _ in hands.each(state.db, by_whom, PARTS, 1)] == PARTS


def test_pool_that_has_ended_is_not_asked(state: Storage) -> None:
    """A reader that gave its workers up has ended the pool that it shares with a settle."""
    pool = Pool(1)
    pool.end()
    assert [process for _, _, process in Hands(state.path, pool).each(state.db, by_whom, PARTS, 1)] == [
        os.getpid()
    ] * len(PARTS)


def test_state_that_a_worker_cannot_open_is_read_here(state: Storage, pool: Pool) -> None:
    """What keeps a worker from reading need not keep this process from it."""
    hands = Hands(state.folder / "elsewhere" / DATABASE_NAME, pool)
    assert [value for value, _, _ in hands.each(state.db, by_whom, PARTS, 2)] == [2 * part for part in PARTS]


def test_bug_in_a_part_is_not_hidden(state: Storage, pool: Pool) -> None:
    """An error that is no trouble of workers ends the work, whoever met it."""
    with pytest.raises(ValueError, match=r"part \d"):
        list(Hands(state.path, pool).each(state.db, failing, PARTS, None))


def test_workers_cannot_write(state: Storage) -> None:
    """What opens a state to read it writes nothing, and says so."""
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connect_to_read(state.path).execute("delete from items")
