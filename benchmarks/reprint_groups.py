"""Measure how the search for reprints grows: N notices of one template with other figures and dates, each reprinted.

python benchmarks/reprint_groups.py [most notices]; prints seconds by number of notices and of items a transaction, and
the seconds a notice seen from the smallest number: 1.0 throughout is linear growth.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor import intake
from monitor.model import Dated, DateOrigin, ItemData, TextOrigin
from monitor.store.storage import Storage

SIZES = (100, 200, 400, 800)
START = datetime(2026, 1, 1, 8, tzinfo=UTC)
NOTICE = """Notice No. {notice}/2026. The customs office of {port} announces the sale of confiscated \
goods on {day}, as required by the trade act. \
The goods are {number} pallets of tiles, {other} crates of lamps and a lorry that was seized at the northern gate.
Whoever wants to bid has to register at the counter of the office three days before the sale and to leave a deposit of \
{sum} crowns. The goods can be seen in shed {shed} on the morning of the sale, between eight and eleven.
The highest bid wins. The price has to be paid within five working days; after that the goods go to the next bidder. \
Goods that nobody wants are destroyed at the cost of their former owner. The office answers questions by telephone."""


def main() -> None:
    """Print one line for each size and way of arrival."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    for chunk, name in ((200, "transactions of 200 items"), (10, "transactions of 10 items")):
        first = 0.0
        print(f"{name}\n{'notices':>8} {'items':>6} {'reprints':>8} {'seconds':>8} {'a notice':>8}")
        for size in (n for n in SIZES if n <= most):
            seconds, found = measure(size, chunk)
            first = first or seconds / size
            print(f"{size:8d} {2 * size:6d} {found:8d} {seconds:8.2f} {seconds / size / first:8.2f}", flush=True)


def measure(size: int, chunk: int) -> tuple[float, int]:
    """Return the seconds that storing and grouping take, and the reprints found."""
    pieces = [piece(n, copy=copy) for n in range(size) for copy in (False, True)]
    with tempfile.TemporaryDirectory() as folder, Storage(Path(folder) / "state") as storage:
        storage.db.execute("insert into outlets (id, name, family) values ('a', 'A', 'a'), ('b', 'B', 'b')")
        started = time.perf_counter()
        for at in range(0, len(pieces), chunk):
            with storage.transaction() as db:
                intake.take_in(db, pieces[at : at + chunk], START)
        return time.perf_counter() - started, storage.db.table("reprints").count


def piece(number: int, *, copy: bool) -> intake.Piece:
    """Return a notice, or its reprint an hour later by another outlet."""
    dice = random.Random(number)  # noqa: S311 - figures of a sample
    day = START + timedelta(days=number)
    text = NOTICE.format(
        port="Lorne", day=f"{day:%d %B %Y}", notice=1000 + number,
        number=dice.randrange(2, 900), other=dice.randrange(2, 900),
        sum=dice.randrange(100, 9000),
        shed=dice.randrange(1, 40),
    )  # fmt: skip
    at = day - timedelta(days=6) + timedelta(hours=copy)
    data = ItemData(
        outlet_id="b" if copy else "a", source_id=None, key=f"{number} {copy}", external_id=f"{number} {copy}",
        guid=None, url=None, title=f"Notice No. {1000 + number}/2026: sale of confiscated goods",
        text=text, text_origin=TextOrigin.IMPORT, author=None, lang="en", published=Dated(at, DateOrigin.IMPORT),
        first_seen_at=START, listed_at=START, entry_hash="",
    )  # fmt: skip
    return intake.Piece(data, (data.key,))


if __name__ == "__main__":
    main()
