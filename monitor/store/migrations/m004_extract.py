"""Furniture, attribution, and what was dropped."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements, widen

_EXTRACT = """
create table furniture (          -- blocks that an outlet repeats across pages of different kinds
  outlet_id text not null, block integer not null, text text not null, primary key (outlet_id, block))
  strict, without rowid;

create table sweeps (             -- outlets whose items with an id below still hold furniture that was learnt late
  outlet_id text primary key, below integer not null) strict, without rowid;

-- whom the text cites as its source
alter table items add column attribution text;

-- so that it can be brought back
alter table dropped add column text text not null default '';

create view v_removed_blocks as
  select r.item_id, i.outlet_id, i.title, r.position, r.block
  from removed_blocks r join items i on i.id = r.item_id;

create view v_dropped as
  select d.id as dropped_id, d.source_id, d.outlet_id, d.url, d.title, d.score, d.terms, d.reason, d.dropped_at
  from dropped d;
"""


@migrations()
def m004_extract(db: Database) -> None:
    """Remember furniture for good, with how far it was swept; attribution; what was dropped can come back."""
    for statement in statements(_EXTRACT):
        db.execute(statement)
    widen(db, "v_items", "items i", "i.attribution")
