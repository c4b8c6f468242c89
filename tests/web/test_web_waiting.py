"""Readers of `monitor serve` do not wait for what a page shows beside its rows, and charts tell what is there."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.database import Database
from test_web_server import ask

from monitor.web import front
from monitor.web.server import metadata
from monitor.web.waiting import State, watching


@pytest.fixture
def limits(demo: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Note which queries reach Datasette, with the time that they may take."""
    noted: list[tuple[str, object]] = []

    async def execute(_self: Database, sql: str, *_arguments: object, **named: object) -> None:
        noted.append((sql, named.get("custom_time_limit")))

    monkeypatch.setattr(Database, "execute", execute)
    return noted


def test_only_the_count_beside_rows_ends_early(demo: Path, limits: list[tuple[str, object]]) -> None:
    """On the page of a view counting has little time; what somebody asks for by SQL has all there is."""
    state = State(Datasette([str(demo / "monitor.db")]), path=str(demo / "monitor.db"), is_mutable=True)

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        await state.execute("select count(*) from v_items ", [])
        await state.execute("select * from v_items", [])

    for path in ("/monitor/v_items", "/monitor/v_items.json", "/monitor", "/monitor/search"):
        asked = watching(app)({"type": "http", "path": path}, None, None)  # type: ignore[arg-type]
        # in a thread of its own: the browser of other tests keeps a loop running in this one
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, asked).result()  # type: ignore[arg-type]
    counted = [limit is not None for sql, limit in limits if sql.startswith("select count")]
    assert counted == [True, True, False, False]
    assert all(limit is None for sql, limit in limits if not sql.startswith("select count"))


def test_tables_are_not_counted(site: Any) -> None:
    """The page of all views lists them without counting tables."""
    status, _, text = ask(site, "/monitor.json")
    assert (status, '"count": null' in text, re.search(r'"count": \d', text)) == (200, True, None)


def test_very_many_items_are_not_faceted_unasked() -> None:
    """With more items than can be counted while somebody waits, facets are there on request only."""
    few, many = (metadata([], items=n)["databases"]["monitor"]["tables"] for n in (100, 1_000_000))  # type: ignore[index]
    assert few["v_items"]["facets"] == ["outlet", "lang", "role"]
    assert not any(view["facets"] for view in many.values())


def test_front_page_draws_what_the_state_holds(site: Any, demo: Path) -> None:
    """The chart has a bar for each day with its items, and the outlets of the week with theirs."""
    page = ask(site)[2]
    with closing(sqlite3.connect(demo / "monitor.db")) as db:
        days = db.execute("select substr(listed_at, 1, 10), count(*) from items group by 1").fetchall()
        (outlet, most) = db.execute(
            "select outlet, count(*) from v_items group by outlet order by 2 desc, 1"
        ).fetchone()
    assert all(f"<title>{day}: {items} items</title>" in page for day, items in days)
    assert page.count("<title>2") >= front._LEAST_DAYS
    assert re.search(rf"<span>{outlet}</span>.*<b>{most}</b>", page)


def test_front_page_follows_a_digest_that_is_written_anew(tmp_path: Path) -> None:
    """What is kept of a digest is read again when its file has changed."""
    path = tmp_path / "2026-11-20.json"
    text = (
        '{"digest_date": "2026-11-20", "counts": {}, "health": {}, "volume": [], "watchlists": [], "timezone": "UTC", '
        '"amends": [], "sections": [{"kind": "top", "entries": [1], "brief": [2]}]}'
    )
    path.write_text(text, encoding="utf-8")
    assert front._read(path)["sections"] == [{"kind": "top", "entries": [1]}]
    path.write_text(text.replace("[1]", "[1, 3]"), encoding="utf-8")
    assert front._read(path)["sections"] == [{"kind": "top", "entries": [1, 3]}]
