"""The files of issued digests, kept in the ledger."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations

_ISSUED = """
create table issued_files (       -- what was issued, byte for byte: the files on disk are copies of it
  name text not null,             -- 2026-11-22, or 2026-W47 for a week
  suffix text not null, sha256 text not null, body blob not null,
  on_disk integer not null,       -- 0: still to be written, whoever was killed or found the disk full
  primary key (name, suffix)) strict"""


@migrations()
def m010_issued(db: Database) -> None:
    """Keep what was issued with the ledger, so that its files come back byte for byte whatever becomes of them."""
    db.execute(_ISSUED)
    db.execute("create index issued_files_waiting on issued_files (name) where not on_disk")
