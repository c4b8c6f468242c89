"""What an issued digest said of its stories and watchlists, for feeds and for corrections."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_DIGEST = """
alter table digest_stories add column headline text;

alter table digest_stories add column lead_item_id integer;

create table digest_watchlists (  -- which stories of a digest a watchlist found, in order
  digest_date text not null references digests(digest_date), watchlist text not null, story_id integer not null
  references stories(id), position integer not null, primary key (digest_date, watchlist, story_id))
  strict, without rowid;
create index digest_watchlists_by_name on digest_watchlists (watchlist, digest_date);

create table week_digests (       -- the ledger of the roll-ups; `week` as in 2026-W47 (ISO 8601)
  week text primary key, written_at text not null, final integer not null, sha256 text not null) strict;

create index story_history_by_time on story_history (at);
"""


@migrations()
def m008_digest(db: Database) -> None:
    """Remember headline and lead of every story that a digest names, and what its watchlists found."""
    for statement in statements(_DIGEST):
        db.execute(statement)
