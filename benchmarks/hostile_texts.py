"""How long the readers take for texts made to stall regular expressions, against plain text of the same length.

Every text goes the whole way of a piece: a feed and a page that hold it as title and in the text, then relevance,
marks, facts and signature. What counts is how the time grows when the text is four times as long: 4 is linear, 16 the
square. Each run has a limit, and what reaches it is named.

    ./run.sh bench hostile_texts
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from types import FrameType

from monitor.ingest import feed, page, relevance
from monitor.reading import Text, read_all

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAIN = "Customs officers at the port found nine crates of tea in a lorry from the north and took them away. "
#: what is repeated: blanks of all kinds, points, digits, brackets, quotes, dashes, marks, letters, beginnings of dates
PUMPS = (
    " ",
    "\u00a0",
    "\u3000",
    ".",
    "...",
    ", ",
    "9",
    "1 ",
    "1,",
    "1.",
    "0:",
    "1/",
    "- ",
    " - ",
    "– ",
    "| ",
    "[",
    "(",
    '" ',
    "' ",
    "a",
    "A",
    "A ",
    "a.",
    "A. ",
    "a-",
    "é",
    "e\u0301",
    "漢",
    "漢,",
    "ا",
    "www.",
    "a@",
    "&#",
    "<a ",
    "</",
    "10,000 ",
    "1 a ",
    "By ",
    "Read also: ",
    "12 May ",
    "Source: ",
    "第1",
    "st ",
    "the ",
    "I",
    "X",
    "88th ",
    "No. ",
    "\u200d",
    "🛃",
)
LENGTH = 8000
LIMIT_S = 60


class OutOfTimeError(Exception):
    """A run took longer than the limit."""


def stop(_number: int, _frame: FrameType | None) -> None:
    """End a run."""
    raise OutOfTimeError


def feed_of(text: str) -> None:
    """Read a feed with the text as title and summary."""
    item = f"<item><title>{escape(text)}</title><link>https://q.example/1</link><description>{escape(text)}</description></item>"
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>{item}</channel></rss>'
    feed.parse(body.encode(), url="https://q.example/feed", headers={}, now=NOW)


def page_of(text: str) -> None:
    """Read a page with the text as title and in a paragraph between plain ones."""
    html = f"<html><head><title>{escape(text)}</title></head><body><h1>{escape(text)}</h1><article><p>{PLAIN * 3}</p>"
    html += f"<p>{escape(text)}</p><p>{PLAIN * 3}</p></article></body></html>"
    page.extract(html.encode(), url="https://q.example/1", content_type="text/html; charset=utf-8", now=NOW)


def relevance_of(text: str) -> None:
    """Judge whether a text is about customs."""
    relevance.judge(text, text, terms=relevance.load_terms())


def facts_of(text: str) -> None:
    """Read terms, marks, facts and signature of a text."""
    read_all([Text(text, text, "en", NOW, NOW)])


READERS: dict[str, Callable[[str], None]] = {
    "feed": feed_of, "page": page_of, "relevance": relevance_of, "marks and facts": facts_of,
}  # fmt: skip


def seconds(reader: Callable[[str], None], text: str) -> float:
    """Return the processor time of one run; that of an endless one is the limit."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_S)
    began = time.process_time()
    try:
        reader(text)
    except OutOfTimeError:
        return float(LIMIT_S)
    except Exception as error:
        if type(error).__name__ != "ParseError":
            raise
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - began


def made_of(pump: str, length: int) -> str:
    """Return a text of one thing again and again, with an end that fits nothing."""
    return pump * (length // len(pump)) + "\u2021"


def main() -> int:
    """Measure and print; return 1 if a text reached the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--length", type=int, default=LENGTH, help="characters of the short texts")
    length = parser.parse_args().length
    signal.signal(signal.SIGVTALRM, stop)
    print(
        f"{'reader':16} {'plain s':>8} {'worst s':>8} {'ratio':>6} {'growth':>6}  text of the worst, and the steepest"
    )
    endless = False
    for name, reader in READERS.items():
        seconds(reader, PLAIN)
        plain = seconds(reader, (PLAIN * (4 * length // len(PLAIN)))[: 4 * length])
        times = {
            pump: (seconds(reader, made_of(pump, length)), seconds(reader, made_of(pump, 4 * length))) for pump in PUMPS
        }
        worst = max(times, key=lambda pump: times[pump][1])
        steepest = max(times, key=lambda pump: times[pump][1] / max(times[pump][0], 0.005))
        growth = times[steepest][1] / max(times[steepest][0], 0.005)
        long = times[worst][1]
        endless = endless or long >= LIMIT_S
        print(
            f"{name:16} {plain:8.3f} {long:8.3f} {long / max(plain, 0.001):6.1f} {growth:6.1f}  {worst!r} {steepest!r}",
            flush=True,
        )
    return int(endless)


if __name__ == "__main__":
    sys.exit(main())
