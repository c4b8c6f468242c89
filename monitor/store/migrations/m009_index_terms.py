"""The terms by which items are found, one row an item."""

from __future__ import annotations

from array import array
from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_INDEX_TERMS = """
create table index_terms (        -- the rare terms of an item (32-bit hashes), by day of publication (0: undated)
  item_id integer primary key references items(id), day integer not null, terms blob not null) strict;
create index index_terms_by_day on index_terms (day);
"""


@migrations()
def m009_index_terms(db: Database) -> None:
    """Keep the terms that find an item together: a row for each in two trees cost more than all that is read of it."""
    for statement in statements(_INDEX_TERMS):
        db.execute(statement)
    rows = db.execute("select item_id, day, term from postings order by item_id")
    for (item_id, day), found in groupby(rows, itemgetter(0, 1)):
        terms = array("I", sorted(term for _, _, term in found))
        db.execute("insert into index_terms values (?, ?, ?)", [item_id, day, terms.tobytes()])
    db.execute("drop table postings")
