"""What persons said, which story follows which, and whom a copy names."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_CORRECTIONS = """
create table corrections (        -- what a person said about two items; what was taken back stays as a row
  id integer primary key autoincrement, said text not null, item_id integer not null references items(id),
  other_item_id integer not null references items(id), because text, said_at text not null, undone_at text) strict;
create index corrections_by_item on corrections (item_id) where undone_at is null;
create index corrections_by_other on corrections (other_item_id) where undone_at is null;

create table story_relations (    -- an act that answers another one: two stories, the later one first
  story_id integer not null references stories(id), follows_story_id integer not null references stories(id),
  item_id integer not null references items(id), follows_item_id integer not null references items(id),
  probability real not null, reason text not null, found_at text not null,
  primary key (story_id, follows_story_id)) strict, without rowid;
create index story_relations_by_follows on story_relations (follows_story_id);

create table weighings (          -- how many items the term counts were made of when all items were last weighed
  id integer primary key check (id = 1), items integer not null) strict;

alter table reprints add column attribution text;

create view v_corrections as
  select c.id as correction_id, c.said, c.item_id, c.other_item_id, i.title, o.title as other_title, c.because,
    c.said_at, c.undone_at
  from corrections c join items i on i.id = c.item_id join items o on o.id = c.other_item_id;

create view v_follow_ups as
  select r.story_id, r.follows_story_id, l.title as headline, f.title as follows_headline, r.probability, r.reason,
    r.item_id, r.follows_item_id, r.found_at
  from story_relations r join stories s on s.id = r.story_id join items l on l.id = s.lead_item_id
    join stories e on e.id = r.follows_story_id join items f on f.id = e.lead_item_id;

drop view v_reprints;
create view v_reprints as
  select r.item_id, i.external_id, r.original_item_id, o.external_id as original_external_id, r.kind, r.jaccard,
    r.containment, r.reason, i.title, o.title as original_title, r.attribution
  from reprints r join items i on i.id = r.item_id join items o on o.id = r.original_item_id;
"""


@migrations()
def m006_corrections(db: Database) -> None:
    """Keep what persons said about items, which story follows which, and whom a copy names as its origin."""
    for statement in statements(_CORRECTIONS):
        db.execute(statement)
