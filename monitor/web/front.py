"""The pages around the data: the front page with the newest digest and charts, and the digest files themselves."""

from __future__ import annotations

import json
import re
import sqlite3
from asyncio import to_thread
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from monitor.digest.outside import cut, safe_url
from monitor.digest.phrases import long_day
from monitor.store.query import fts, parse
from monitor.web.questions import questions

#: ten times the longest text that is taken from a page
MAX_VALUE_BYTES = 100_000_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TYPES = {"html": "text/html", "md": "text/plain", "json": "application/json"}
#: stories that the front page tells; the digest itself has all
_STORIES = 12
#: the digests that the front page links, and the days of its chart
_DAYS = 31
#: days of the chart of a young state
_LEAST_DAYS = 7
#: characters of a cell, as many as Datasette shows
_CELL = 2048
#: outlets of the week that it shows
_OUTLETS = 10


class Front:
    """The pages around the data, as a plugin of Datasette, which asks plugins for the name of their package."""

    __name__ = "monitor.web"

    @hookimpl  # type: ignore[untyped-decorator]  # pluggy's markers have no types
    def register_routes(self) -> list[tuple[str, Any]]:
        """Put our pages before those of Datasette."""
        return [(r"^/$", self.front_page), (r"^/digests/(?P<name>[\w.-]+)$", self.digest_file)]

    @hookimpl  # type: ignore[untyped-decorator]  # pluggy's markers have no types
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        """Give SQL the function that makes a safe full-text query of what somebody types, and bound its values.

        The time limit does not end `zeroblob` or `hex`, which would fill the memory with one value.
        """
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        conn.create_function("fts_query", 1, fts_query, deterministic=True)

    @hookimpl  # type: ignore[untyped-decorator]  # pluggy's markers have no types
    def render_cell(self, value: object) -> str | None:
        """Show an address that may not be followed, such as one that hides where it leads, as text; leave the rest."""
        is_address = isinstance(value, str) and value.startswith(("http://", "https://"))
        return cut(str(value), _CELL) if is_address and safe_url(str(value)) is None else None

    async def front_page(self, datasette: Datasette, request: Request) -> Response:
        """Show the newest digest at a glance, and where to go on."""
        days = await _days(datasette)
        volume = await _volume(datasette, days[0]) if days else []
        page = await datasette.render_template(
            "front.html",
            {
                "days": days,
                "digest": await to_thread(_read, _folder(datasette) / f"{days[0]}.json") if days else None,
                "shown": _STORIES,
                "outlets": _OUTLETS,
                "volume": volume,
                "heading": long_day(date.fromisoformat(days[0])) if days else "",
                "most": max((items for _, items in volume), default=0),
                "questions": questions(),
            },
            request=request,
            view_name="front",
        )
        return Response.html(page)

    async def digest_file(self, datasette: Datasette, request: Request) -> Response:
        """Send a digest as it was written."""
        day, _, suffix = request.url_vars["name"].rpartition(".")
        path = _folder(datasette) / f"{day}.{suffix}"
        if not _DAY.fullmatch(day) or suffix not in _TYPES or not path.is_file():
            raise NotFound("there is no such digest")
        return Response(path.read_text(encoding="utf-8"), content_type=f"{_TYPES[suffix]}; charset=utf-8")


def _folder(datasette: Datasette) -> Path:
    """Return where the digests are: beside the state that is served."""
    return Path(datasette.get_database("monitor").path).parent / "digests"


async def _days(datasette: Datasette) -> list[str]:
    """Return the days that have a digest, the newest first."""
    found = await datasette.get_database("monitor").execute(
        "select digest_date from v_digests order by digest_date desc limit ?", [_DAYS]
    )
    return [day for (day,) in found.rows if (_folder(datasette) / f"{day}.json").is_file()]


async def _volume(datasette: Datasette, last: str) -> list[tuple[str, int]]:
    """Return how many items were listed on each of the days (UTC) that end with one."""
    days = [str(date.fromisoformat(last) - timedelta(days=n)) for n in reversed(range(_DAYS))]
    counting = "select substr(listed_at, 1, 10), count(*) from items where listed_at >= ? and listed_at < ? group by 1"
    found = await datasette.get_database("monitor").execute(counting, [days[0], f"{last}T99"])
    counts = dict(map(tuple, found.rows))
    # a young state has nothing before its first day
    first = min(counts, default=days[-_LEAST_DAYS])
    return [(day, counts.get(day, 0)) for day in days if day >= min(first, days[-_LEAST_DAYS])]


def _read(path: Path) -> Mapping[str, Any]:
    """Return what the front page tells of a digest, from its JSON file."""
    known = path.stat()
    return _told(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=1)
def _told(path: Path, _changed_ns: int, _size: int) -> Mapping[str, Any]:
    """Read a digest, without the stories of one line; the digest of a busy day has many megabytes, so it is kept."""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    sections = [{"kind": section["kind"], "entries": section["entries"]} for section in read["sections"]]
    return {
        key: read[key] for key in ("digest_date", "counts", "health", "volume", "watchlists", "timezone", "amends")
    } | {"sections": sections}


def fts_query(typed: str | None) -> str:
    """Return what somebody typed as an FTS5 query that cannot fail; the filters of `monitor search` are words here."""
    return fts(parse(re.sub(r"(?i)\b(\w+):", r"\1 ", typed or ""), today=date.max).terms) or '""'
