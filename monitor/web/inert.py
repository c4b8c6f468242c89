"""Makes what Datasette sends inert: no formula in a table, nothing in a page that hides or turns what is beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, MutableMapping
from typing import Any

from monitor.exporting import inert
from monitor.text import visible
from monitor.web.guard import Asgi, Receive, Scope, Send


def inert_answers(app: Asgi) -> Asgi:
    """Return an application whose pages and CSV tables hold nothing that acts; tables are passed on row by row."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        mend: Callable[[str], str] | None = None
        waiting = bytearray()

        async def sent(message: MutableMapping[str, Any]) -> None:
            nonlocal mend
            if message["type"] == "http.response.start":
                mend = _mender(str(scope.get("path", "")), dict(message.get("headers", [])))
                if mend:
                    message["headers"] = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
            elif mend:
                waiting.extend(message.get("body", b""))
                is_ready = not message.get("more_body") or (mend is _inert_rows and _is_whole(waiting))
                message["body"] = mend(waiting.decode()).encode() if is_ready else b""
                if is_ready:
                    waiting.clear()
            await send(message)

        await app(scope, receive, sent)

    return answer


def _mender(path: str, headers: dict[bytes, bytes]) -> Callable[[str], str] | None:
    """Return what makes an answer inert, None where it is as it should be."""
    kind = headers.get(b"content-type", b"").partition(b";")[0]
    # what is shown and not saved is sent as plain text
    if kind == b"text/csv" or (kind == b"text/plain" and path.endswith(".csv")):
        return _inert_rows
    return visible if kind == b"text/html" else None


def _is_whole(rows: bytearray) -> bool:
    """Tell whether CSV ends with a row: quotes within cells are doubled, so an even number of them closes all."""
    return rows.endswith(b"\n") and rows.count(b'"') % 2 == 0


def _inert_rows(text: str) -> str:
    """Return rows of CSV with inert cells; figures that begin with a sign stay figures."""
    written = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(written).writerows([cell if _is_figure(cell) else inert(cell) for cell in row] for row in rows)
    return written.getvalue()


def _is_figure(cell: str) -> bool:
    """Tell whether a cell is a number, which no spreadsheet takes for a formula."""
    try:
        float(cell)
    except ValueError:
        return False
    return True
