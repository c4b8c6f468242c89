"""The outbox: what is to be sent, to whom, and what became of it; and which stories have raised which alert."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_OUTBOX = """
create table outbox (              -- a message for a target; brief, body and html are null once it was sent or dropped
  id integer primary key, key text not null unique, target text not null, kind text not null, about text not null,
  subject text not null, brief text, body text, html text, message_id text not null, made_at text not null,
  attempts integer not null default 0, next_try_at text, trying_since text, problem text, sent_at text,
  dropped_at text) strict;
create index outbox_waiting on outbox (next_try_at) where next_try_at is not null;
create index outbox_by_kind on outbox (kind, about);

create table outbox_parts (        -- which of several recipients of a message have it; `part` is a hash
  notice_id integer not null references outbox(id), part text not null, sent_at text not null,
  primary key (notice_id, part)) strict, without rowid;

create table alert_stories (       -- a story raises an alert once; `told_at` is null while its message waits
  alert text not null, story_id integer not null references stories(id), families integer not null,
  raised_at text not null, told_at text, primary key (alert, story_id)) strict, without rowid;
create index alert_stories_untold on alert_stories (alert) where told_at is null;

create view v_notices as
  select id as notice_id, target, kind, about, subject,
    case when sent_at is not null then 'sent' when dropped_at is not null then 'dropped'
      when trying_since is not null then 'uncertain' when attempts then 'failing' else 'waiting' end as state,
    attempts, made_at, next_try_at, sent_at, dropped_at, problem, message_id from outbox;

create view v_alerts as
  select alert, story_id, families, raised_at, told_at from alert_stories;
"""


@migrations()
def m012_outbox(db: Database) -> None:
    """Add the outbox and the ledger of alerts, with a view of each."""
    for statement in statements(_OUTBOX):
        db.execute(statement)
