"""Furniture, attribution, and what was dropped."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

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

drop view v_items;

create view v_items as
  select i.id as item_id, i.external_id, i.outlet_id, o.name as outlet, o.family, i.url, i.title, i.text, i.author,
    i.lang, i.published_at, i.published_origin, i.first_seen_at, i.listed_at, i.text_origin, i.page_problem,
    i.relevance, i.relevance_terms, i.revision, s.story_id, s.role, i.attribution
  from items i join outlets o on o.id = i.outlet_id left join story_items s on s.item_id = i.id;
"""


@migrations()
def m004_extract(db: Database) -> None:
    """Remember furniture for good, with how far it was swept; attribution; what was dropped can come back."""
    for statement in statements(_EXTRACT):
        db.execute(statement)
