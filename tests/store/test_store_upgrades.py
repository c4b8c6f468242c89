"""States of earlier versions, as small dumps that those versions wrote: opened today, they are whole and up to date."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database
from store_builders import add

from monitor.errors import StateError
from monitor.store import backups, search
from monitor.store.migrations import migrations
from monitor.store.query import Query, Term
from monitor.store.storage import Storage

DUMPS = sorted((Path(__file__).parent / "dumps").glob("*.sql"))
TITLES = [
    ("quay-1", "Customs seizes 300 kg of cocaine at Port Maren"),
    ("herald-1", "Customs seizes 300 kg of cocaine at Port Maren"),
    ("quay-2", "海关在港口查获走私香烟"),
]


def load(dump: Path, folder: Path) -> Path:
    """Make the state of an earlier version from its dump."""
    folder.mkdir(exist_ok=True)
    text = dump.read_text(encoding="utf-8")
    # tables with their rows come first; a connection opened before knows nothing of the full-text indexes among them
    rest = re.search(r"(?m)^CREATE (?:UNIQUE )?(?:INDEX|TRIGGER|VIEW)", text)
    assert rest is not None
    for script in (f"{text[: rest.start()]}commit;", f"begin;\n{text[rest.start() :]}"):
        with closing(sqlite3.connect(folder / "monitor.db")) as db:
            db.execute("pragma auto_vacuum = incremental")
            db.execute("pragma journal_mode = wal")
            db.executescript(script)
    return folder


def shape(db: Database) -> dict[str, object]:
    """Return what a schema consists of: the columns of tables and views, and how the other things are made."""
    rows = db.execute("select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_autoindex%'")
    found: dict[str, object] = {}
    for kind, name, table, sql in rows.fetchall():
        if kind in ("table", "view"):
            columns = db.execute(f"pragma table_xinfo([{name}])").fetchall()
            found[name] = sorted(column[1:4] for column in columns)
        else:
            found[name] = (kind, table, " ".join(str(sql).split()))
    return found


def names(folder: Path) -> list[str]:
    """Return the copies beside a state."""
    return sorted(path.name for path in (folder / backups.FOLDER).iterdir())


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_earlier_state_becomes_one_of_today(tmp_path: Path, dump: Path) -> None:
    """Pieces, copies, stories, digests and the search are as they were; the schema is that of a new state."""
    with Storage(tmp_path / "new") as new:
        wanted = shape(new.db)
    with Storage(load(dump, tmp_path / "old"), create=False) as storage:
        db = storage.db
        assert shape(db) == wanted
        assert db.execute("select external_id, title from v_items order by item_id").fetchall() == TITLES
        assert db.execute("select external_id from v_reprints").fetchall() == [("herald-1",)]
        assert db.execute("select items, copies from v_stories order by items").fetchall() == [(1, 0), (2, 1)]
        assert db.execute("select digest_date from v_digests").fetchall() == [("2026-11-20",)]
        assert [search.search(db, Query((Term(word),)), limit=9)[1] for word in ("dockers", "香烟")] == [2, 1]
        assert {name: found for name, found in search.check(db).items() if found} == {}
        with storage.transaction():
            add(db, "new")


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_the_way_back_is_a_copy_from_before(tmp_path: Path, dump: Path) -> None:
    """Before a state is changed to a newer schema a verified copy of it is kept, of its own schema; and only then."""
    with closing(sqlite3.connect(load(dump, tmp_path) / "monitor.db")) as db:
        before = shape(Database(db))
        first = migrations.pending(Database(db))[0].name
    for _ in range(2):
        Storage(tmp_path, create=False).close()
    assert names(tmp_path) == [f"before-{first}.db"]
    with closing(sqlite3.connect(tmp_path / backups.FOLDER / f"before-{first}.db")) as copy:
        assert shape(Database(copy)) == before


def test_new_state_needs_no_copy(tmp_path: Path) -> None:
    """A state that is just being made leaves no copy of nothing."""
    Storage(tmp_path).close()
    assert not (tmp_path / backups.FOLDER).exists()


def test_damaged_state_is_not_migrated(tmp_path: Path) -> None:
    """A state whose copy would not be sound keeps its schema, and the message names the doctor."""
    path = load(DUMPS[0], tmp_path) / "monitor.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma foreign_keys = off")
        db.execute("insert into settle_queue (item_id) values (999)")
        db.commit()
    with pytest.raises(StateError, match=r"missing.*monitor doctor"):
        Storage(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        assert [m.name for m in migrations.applied(Database(db))] == ["m001_initial"]
    assert names(tmp_path) == []


def test_failed_migration_leaves_the_earlier_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a later step fails nothing of the earlier ones stays, and the next opening makes them all."""
    path = load(DUMPS[0], tmp_path) / "monitor.db"
    with closing(sqlite3.connect(path)) as db:
        before = shape(Database(db))
    with monkeypatch.context() as patched:
        patched.setattr("monitor.store.migrations.m008_digest._DIGEST", "create nonsense")
        with pytest.raises(sqlite3.OperationalError, match="nonsense"):
            Storage(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        assert shape(Database(db)) == before
    with Storage(tmp_path) as storage:
        assert migrations.pending(storage.db) == []
