"""What tells the ids of this state's feeds from those of others, and names that outlets spelled differently."""

from __future__ import annotations

from uuid import uuid4

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_SPELLINGS = """
create table installation (       -- one row, made once: ids of feeds must be unique in the world (RFC 4287, 4.2.6)
  id integer primary key check (id = 1), uuid text not null) strict;

create table digest_spellings (   -- names that a digest showed as spelled differently; `pair` tells them apart
  digest_date text not null references digests(digest_date), story_id integer not null references stories(id),
  pair integer not null, name text not null, item_id integer not null references items(id), sentence text not null,
  primary key (digest_date, story_id, pair, name)) strict, without rowid;

create view v_spellings as
  select d.digest_date, d.story_id, d.pair, d.name, o.name as outlet, d.item_id, d.sentence
  from digest_spellings d join items i on i.id = d.item_id join outlets o on o.id = i.outlet_id;
"""


@migrations()
def m015_spellings(db: Database) -> None:
    """Name this installation; remember which names the outlets of a told story spelled differently."""
    for statement in statements(_SPELLINGS):
        db.execute(statement)
    db.execute("insert into installation values (1, ?)", [str(uuid4())])
