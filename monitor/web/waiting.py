"""The state for readers who wait: what a page shows beside its rows must not take longer than the rows."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any

from datasette.database import Database, Results

from monitor.web.guard import Asgi, Receive, Scope, Send

#: how long counting the rows of a page may take: the number is an extra, and reading on does not need it
_COUNT_MS = 60
_VIEW = re.compile(r"/monitor/v_\w+(?:\.\w+)?")
_shows_view: ContextVar[bool] = ContextVar("shows_view", default=False)


class State(Database):  # type: ignore[misc]  # Datasette has no types
    """The live file, as Datasette reads it."""

    async def table_counts(self, limit: int = 10) -> dict[str, None]:  # noqa: ARG002 - Datasette names it
        """Count no table: only views are listed, and counting all tables takes longer than the page."""
        return dict.fromkeys(await self.table_names())

    async def execute(self, sql: str, *arguments: Any, **named: Any) -> Results:  # noqa: ANN401 - handed on
        """Run a query; the count of a view's rows ends early, and its page goes without it."""
        if _shows_view.get() and sql.startswith("select count(*) from "):
            named["custom_time_limit"] = _COUNT_MS
        return await super().execute(sql, *arguments, **named)


def watching(app: Asgi) -> Asgi:
    """Return an application in which `State` knows which requests are for the page of a view."""

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        _shows_view.set(bool(_VIEW.fullmatch(scope.get("path", ""))))
        await app(scope, receive, send)

    return watch
