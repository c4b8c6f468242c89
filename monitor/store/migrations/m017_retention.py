"""What retention took away."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_RETENTION = """
create table pruned (             -- what retention took away: how much of what, of which time, and by which rule
  id integer primary key, at text not null, what text not null, count integer not null, oldest_at text not null,
  newest_at text not null, reason text not null) strict;
create index pruned_by_time on pruned (at);

create index items_with_text_by_listed on items (listed_at) where purged_at is null;

create view v_pruned as
  select p.id as pruned_id, p.at, p.what, p.count, p.oldest_at, p.newest_at, p.reason from pruned p;
"""


@migrations()
def m017_retention(db: Database) -> None:
    """Write down what retention takes away; find the oldest texts at once."""
    for statement in statements(_RETENTION):
        db.execute(statement)
