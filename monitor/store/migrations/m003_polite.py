"""Politeness and identity: robots.txt, rhythms, moves, versions of pieces, purges, edits."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements, widen

_POLITE = """
-- null: the interval is always interval_s
alter table sources add column max_interval_s integer;
alter table sources add column obeys_robots integer not null default 1;
-- its last publications, ascending
alter table sources add column published_times text not null default '[]';
-- what the publisher asks for between two looks
alter table sources add column floor_s real not null default 0;
-- after the last good poll, and why it was chosen
alter table sources add column wait_s real;
alter table sources add column wait_reason text;
-- where permanent redirects lead, not yet trusted
alter table sources add column move_target text;
alter table sources add column move_sightings integer not null default 0;

create table robots (             -- robots.txt of each origin that was asked, until it expires
  origin text primary key, fetched_at text not null, expires_at text not null, verdict text not null,
  text text not null, reason text not null, unreachable_since_at text) strict;

-- what the language versions of a piece have in common
alter table items add column piece_key text;
-- the earliest item among them
alter table items add column version_of integer references items(id);
-- its text was removed for good: it must not come back
alter table items add column purged_at text;
alter table items add column purge_reason text;
create index items_by_piece on items (outlet_id, piece_key) where piece_key is not null;
create index items_by_version on items (version_of) where version_of is not null;
-- what the later text changed, in words
alter table revisions add column changed text not null default 'edited before edits were described';
"""

_REVISIONS_VIEW = """
create view v_revisions as
  select r.item_id, r.revision, r.title, r.text, r.replaced_at, r.changed
  from revisions r"""


@migrations()
def m003_polite(db: Database) -> None:
    """Remember robots.txt, rhythms and moves of sources, versions of pieces, what was purged and what an edit changed.

    Views are widened at their end, so that this does not depend on what else was added to them.
    """
    for statement in statements(_POLITE):
        db.execute(statement)
    learnt = "s.floor_s, s.wait_s, s.wait_reason, s.move_target, s.move_sightings"
    widen(db, "v_sources", "sources s", f"s.obeys_robots, s.interval_s, s.max_interval_s, {learnt}")
    widen(db, "v_runs", "runs r", "p.state")
    widen(db, "v_items", "items i", "i.version_of, i.purged_at, i.purge_reason")
    db.execute(_REVISIONS_VIEW)
