"""Stand-ins for the extraction of a page, which worker processes can import by name."""

from __future__ import annotations

import os
import threading
from datetime import datetime

from monitor.model import Article


def read(html: bytes, _url: str, _content_type: str | None, _now: datetime) -> Article:
    """Return the body as text; `deadly` ends the process and `endless` never comes back."""
    if html == b"deadly":
        os._exit(3)
    if html == b"endless":
        threading.Event().wait()
    return Article(html.decode())
