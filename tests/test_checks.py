"""The checks of the doctor: damage that keeps one from running is its finding, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.checks import Finding, check_all
from monitor.config import Config
from monitor.errors import StateLocked
from monitor.store import digests, search
from monitor.store.storage import Storage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open an empty state."""
    with Storage(tmp_path) as opened:
        yield opened


def findings(storage: Storage, now: datetime = NOW) -> dict[str, Finding]:
    """Return what the checks find, by name."""
    return {found.check: found for found in check_all(storage, Config(), now=now)}


def overwrite(path: Path, pages: list[int]) -> None:
    """Fill pages of a closed file with nonsense."""
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)


def test_sound_state_has_no_problems(storage: Storage) -> None:
    """An empty state passes every check."""
    assert {name: found.problems for name, found in findings(storage).items() if found.problems} == {}


@pytest.mark.parametrize(("table", "check"), [("runs", "clock"), ("digests", "digest files")])
def test_damage_is_the_finding_of_the_check_that_meets_it(tmp_path: Path, table: str, check: str) -> None:
    """A check that cannot read its table says so and names the remedy; all others have their turn."""
    with Storage(tmp_path) as storage:
        query = "select rootpage from sqlite_master where tbl_name = ? and rootpage > 0"
        pages = [page for (page,) in storage.db.execute(query, [table])]
        names = set(findings(storage))
    overwrite(storage.path, pages)
    with Storage(tmp_path) as storage:
        found = findings(storage)
    (problem,) = found[check].problems
    assert problem.startswith("cannot be checked: ")
    assert "restore a backup" in str(found[check].remedy)
    assert set(found) == names
    assert found["database integrity"].problems
    assert not found["disk space"].problems


def test_lock_is_no_finding(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that another process holds is not damaged: the doctor cannot work on it and says why."""

    def locked(_db: object) -> list[object]:
        raise StateLocked("another process is writing to it")

    monkeypatch.setattr(digests, "days", locked)
    with pytest.raises(StateLocked):
        findings(storage)


def test_state_from_the_future_is_found(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that was written later than now tells of a wrong clock."""
    monkeypatch.setattr(search, "newest_moment", lambda _db: NOW)
    assert findings(storage)["clock"].problems == ()
    (problem,) = findings(storage, NOW - timedelta(seconds=1))["clock"].problems
    assert "2026-11-22 12:00 UTC" in problem
