"""Facts and figures of items."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_FACTS = """
-- weighted facts of an item, one sparse vector a view
alter table features add column facts blob;

-- how surely an item is about customs
alter table features add column relevance real;

create table figures (            -- the figures of an item, with comparable units
  item_id integer not null references items(id), position integer not null, quantity real not null,
  unit text not null, what text not null, sentence text not null,
  primary key (item_id, position)) strict, without rowid;

create view v_figures as
  select s.story_id, f.item_id, i.external_id, o.name as outlet, f.quantity, f.unit, f.what, f.sentence
  from figures f join items i on i.id = f.item_id join outlets o on o.id = i.outlet_id
    join story_items s on s.item_id = f.item_id;
"""


@migrations()
def m005_facts(db: Database) -> None:
    """Keep the facts and figures of items; those of items stored before are read when they are revised."""
    for statement in statements(_FACTS):
        db.execute(statement)
