"""The files of issued digests in the ledger: the state is what was issued, the files on disk are copies of it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping

from sqlite_utils import Database


def keep(db: Database, name: str, files: Mapping[str, str]) -> None:
    """Keep the texts of a digest by suffix, in place of earlier ones; they wait to be written to the disk."""
    db.execute("delete from issued_files where name = ?", [name])
    db.conn.executemany(
        "insert into issued_files (name, suffix, sha256, body, on_disk) values (?, ?, ?, ?, 0)",
        [
            (name, suffix, hashlib.sha256(text.encode()).hexdigest(), zlib.compress(text.encode()))
            for suffix, text in files.items()
        ],
    )


def texts(db: Database, name: str) -> dict[str, str]:
    """Return the texts of a digest by suffix; nothing of one that was issued before they were kept."""
    rows = db.execute("select suffix, body from issued_files where name = ?", [name])
    return {suffix: zlib.decompress(body).decode() for suffix, body in rows}


def waiting(db: Database) -> list[str]:
    """Return the digests whose files are not on the disk as they were issued."""
    return [name for (name,) in db.execute("select distinct name from issued_files where not on_disk order by name")]


def written(db: Database, name: str) -> None:
    """Note that the files of a digest are on the disk."""
    db.execute("update issued_files set on_disk = 1 where name = ?", [name])


def checksums(db: Database) -> dict[str, str]:
    """Return the SHA-256 of every issued file, by its name."""
    rows = db.execute("select name || '.' || suffix, sha256 from issued_files order by 1")
    return dict(rows.fetchall())
