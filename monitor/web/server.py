"""Builds the web application of `monitor serve`: Datasette on the live file, with our questions and front page."""

from __future__ import annotations

from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from monitor.store.backups import connect_to_read
from monitor.store.described import Column, views
from monitor.web.front import Front
from monitor.web.guard import Access, Asgi, guarded, is_loopback
from monitor.web.inert import inert_answers
from monitor.web.questions import questions
from monitor.web.waiting import State, watching

_PLUGIN = "monitor front page"
#: what one can sensibly count by, for each view
_FACETS = {
    "v_items": ["outlet", "lang", "role"],
    "v_story_items": ["role", "outlet"],
    "v_reprints": ["kind"],
    "v_sources": ["state", "outlet"],
    "v_runs": ["result", "source_id"],
    "v_story_history": ["change"],
}
#: more items than these cannot be counted by anything while a reader waits: the columns' menus still offer it
_FACETED_ITEMS = 100_000
#: a page that asks for more than a reader waits for is cut off with a message
_SETTINGS = {
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 300,
    "suggest_facets": False,
    "allow_download": False,
    "default_page_size": 50,
    "max_returned_rows": 5000,
    "num_sql_threads": 2,
}


def metadata(tables: list[str], *, items: int = 0) -> dict[str, object]:
    """Return what Datasette shows beside the data: the meaning of views and columns, and the questions.

    Args:
        tables: the tables that are no interface, which are reachable but not listed.
        items: how many items there are; of very many nothing is counted unasked.

    """
    faceted = {} if items > _FACETED_ITEMS else _FACETS
    shown = {
        name: {
            "description": f"{view.rows} {view.note}".strip(),
            "columns": {column: _meaning(told) for column, told in view.columns.items()},
            "facets": faceted.get(name, []),
        }
        for name, view in views().items()
    }
    hidden = {name: {"hidden": True} for name in tables}
    asked = {
        q.name: {"title": q.title, "sql": q.sql.rstrip(";\n"), "description": q.note, "hide_sql": True}
        for q in questions()
    }
    return {"title": "Customs news", "databases": {"monitor": {"tables": shown | hidden, "queries": asked}}}


def _meaning(column: Column) -> str:
    """Return what a column means and how its values look, in one line."""
    return f"{column.means} ({column.format})".replace("`", "")


def application(folder: Path, access: Access) -> Asgi:
    """Build the application for the state in a folder; it reads the file and never writes it.

    Raises:
        sqlite3.DatabaseError: the file is no state.

    """
    path = folder / "monitor.db"
    if not pm.has_plugin(_PLUGIN):
        pm.register(Front(), _PLUGIN)  # it brings the templates too
    tables, items = _contents(path)
    site = Datasette([str(path)], metadata=metadata(tables, items=items), settings=_SETTINGS, cache_headers=False)
    site.remove_database("monitor")
    site.add_database(State(site, path=str(path), is_mutable=True), name="monitor")
    return guarded(inert_answers(watching(site.app())), access)


def _contents(path: Path) -> tuple[list[str], int]:
    """Return the tables of a state, and about how many items it holds: the highest number of one."""
    connection = connect_to_read(path)
    try:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        (items,) = connection.execute("select coalesce(max(id), 0) from items").fetchone()
    finally:
        connection.close()
    return tables, int(items)


def serve(folder: Path, *, host: str, port: int, token: str | None) -> None:
    """Answer requests until the process is told to stop.

    Args:
        folder: the state folder.
        host: the address to listen on.
        port: the port to listen on.
        token: what readers must bring; None: nothing, as on loopback or behind a proxy that checks them.

    """
    names = frozenset({"localhost", "127.0.0.1", "::1", host.strip("[]").lower()}) if is_loopback(host) else frozenset()
    app = application(folder, Access(names, token))
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
