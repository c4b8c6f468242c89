"""Settling in steps: whatever their size, and wherever a process is killed between two, the stories are the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import (
    BOTH,
    COURT,
    GROUPING,
    NOW,
    SEIZURE,
    SEIZURE_AGAIN,
    SEIZURE_AGAIN_TITLE,
    SEIZURE_TITLE,
    SEIZURE_TRIMMED,
    TARIFF,
    TARIFF_TITLE,
    at,
    partition,
    piece,
    record,
    session,
)

from monitor import components, importing, settling
from monitor.model import Said
from monitor.sharing import Hands
from monitor.store import corrections, stories, vectors
from monitor.store.storage import Storage
from monitor.store.stories import Stage
from monitor.workers import started

PIECES = [
    piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00"),
    piece("tiles", TARIFF_TITLE, TARIFF, None),
    session("88th", "Monday", "s88", "14 10:00"),
    piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00"),
    piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 12:00"),
    COURT,
    session("89th", "Monday", "s89", "16 10:00"),
    piece("tiles2", TARIFF_TITLE, TARIFF, "20 16:00"),
    BOTH,
    piece("trimmed", SEIZURE_TITLE, SEIZURE_TRIMMED, "19 11:00"),
]
TABLES = ("features", "index_terms", "links", "reprints", "stories", "story_items", "story_history", "settle_queue")


def content(storage: Storage) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that settling writes."""
    return {name: storage.db.execute(f"select * from {name} order by 1, 2").fetchall() for name in TABLES}


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state in which everything is stored and nothing is settled."""
    folder = tmp_path_factory.mktemp("waiting")
    with Storage(folder) as storage, storage.transaction() as db:
        chunk = [record(n, row) for n, row in enumerate(PIECES)]
        importing._take_chunk(db, importing._sort_out(db, chunk, None, NOW), NOW)
    return folder


@pytest.fixture(scope="module")
def expected(waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """Return what settling in one transaction comes to."""
    folder = shutil.copytree(waiting, tmp_path_factory.mktemp("whole") / "state")
    with Storage(folder) as storage:
        with storage.transaction() as db:
            settling.settle_queue(db, GROUPING, NOW)
        assert len(partition(storage.db)) > 3
        assert not storage.db.execute("select 1 from settle_queue").fetchone()
        return content(storage)


@settings(max_examples=8)
@given(together=st.integers(1, 12), batch=st.integers(1, 12))
def test_size_of_steps_changes_nothing(
    waiting: Path, expected: dict[str, list[tuple[Any, ...]]], together: int, batch: int
) -> None:
    """In steps of any size every row is the one of a single transaction, ids and history included."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(settling, "TOGETHER", together)
        patched.setattr(components, "BATCH", batch)
        with Storage(shutil.copytree(waiting, Path(folder) / "state")) as storage:
            settling.settle_in_steps(storage, GROUPING, NOW)
            assert content(storage) == expected


def test_workers_change_nothing(waiting: Path, expected: dict[str, list[tuple[Any, ...]]], tmp_path: Path) -> None:
    """With a worker that scores every component each row is the same."""
    state = shutil.copytree(waiting, tmp_path / "state")
    scored: list[Future[Any]] = []
    with pytest.MonkeyPatch.context() as patched, Storage(state) as storage, started(1, "monitor.settling") as pool:
        assert pool
        patched.setattr(components, "BATCH", 1)
        patched.setattr(Future, "cancel", lambda _future: False)  # nothing is taken back from the worker
        patched.setattr(pool, "first", lambda *args, first=pool.first: scored.append(first(*args)) or scored[-1])
        settling.settle_in_steps(storage, GROUPING, NOW, together=100, hands=Hands(storage.path, pool))
        assert content(storage) == expected
    assert len(scored) > 2
    assert not any(future.exception() for future in scored)


@settings(max_examples=8)
@given(st.integers(0, 20))
def test_killed_between_two_steps_goes_on_where_it_was(
    waiting: Path, expected: dict[str, list[tuple[Any, ...]]], kept: int
) -> None:
    """Whatever step was the last one that was kept, the next process comes to the same rows."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(settling, "TOGETHER", 3)
        patched.setattr(components, "BATCH", 2)
        state = shutil.copytree(waiting, Path(folder) / "state")
        with Storage(state) as storage:
            for _ in zip(range(kept), _in_transactions(storage), strict=False):
                pass
        with Storage(state) as storage:
            settling.settle_in_steps(storage, GROUPING, NOW)
            assert content(storage) == expected


def _in_transactions(storage: Storage) -> Iterator[int]:
    """Do the steps of settling, each in a transaction."""
    steps = settling._steps(storage.db, GROUPING, NOW, settling.TOGETHER, Hands())
    while True:
        with storage.transaction():
            step = next(steps, None)
        if step is None:
            return
        yield step


def test_word_that_is_said_between_two_steps_is_heeded(waiting: Path, tmp_path: Path) -> None:
    """A person may correct stories while a large queue is settled: what is still to be clustered is looked up anew."""
    state = shutil.copytree(waiting, tmp_path / "state")
    with pytest.MonkeyPatch.context() as patched, Storage(state) as storage, Storage(state) as other:
        patched.setattr(settling, "TOGETHER", 1)
        patched.setattr(components, "BATCH", 1)
        steps = _in_transactions(storage)
        while not stories.queued(storage.db, Stage.PLACED):
            next(steps)
        left = stories.queued(storage.db, Stage.LINKED)
        with other.transaction() as db:
            corrections.add(db, Said.TOGETHER, (left[0], left[-1]), None, at("22 11:00"))
        list(steps)
        places = stories.story_of(storage.db, left)
        assert places[left[0]] == places[left[-1]]


def test_component_beyond_the_bound_is_settled_in_parts(waiting: Path, tmp_path: Path) -> None:
    """Where all is linked with all, no more than so many items are scored together, and all of them get a story."""
    with pytest.MonkeyPatch.context() as patched, Storage(shutil.copytree(waiting, tmp_path / "state")) as storage:
        patched.setattr(components, "LARGEST", 3)
        with storage.transaction() as db:
            ids = stories.queued(db)
            settling.weigh(db, ids)
            vectors.save_links(db, [(ids[0], other, 0.5) for other in ids[1:]])
            batches = list(components.connected(db, ids, ids, GROUPING))
        parts = [part for batch in batches for part in batch]
        copies = max(parts, key=len)
        assert sorted(i for part in parts for i in part) == ids
        assert all(len(part) <= 3 for part in parts if part is not copies)
        # a part that holds nothing new is left as it is
        with storage.transaction() as db:
            some = [part for batch in components.connected(db, ids[1:2], ids, GROUPING) for part in batch]
        assert len(some) == 1
        assert ids[1] in some[0]
