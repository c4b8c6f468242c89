"""From the ledger to the disk: files of digests and feeds. A digest is issued when the ledger has it, not before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlite_utils import Database

from monitor.digest import feed
from monitor.files import write_atomically
from monitor.model import Watchlist
from monitor.store import digests, issued, issued_files
from monitor.store.storage import Storage, make_private, mapped_errors


def digest_folder(storage: Storage) -> Path:
    """Return where the files of the digests lie."""
    return storage.folder / "digests"


def hand_out(storage: Storage, watchlists: tuple[Watchlist, ...], site: str) -> list[str]:
    """Write the files of digests that the ledger has and the disk has not, and the feeds; return the digests' names.

    It is done under the lock for writing, so that of two processes the later one writes the later text.

    Raises:
        StateError: the folder cannot be written; what is missing waits for the next time.

    """
    if not issued_files.waiting(storage.db):
        return []
    with storage.transaction() as db:
        names = issued_files.waiting(db)
        for name in names:
            write_files(storage, db, name)
        if digests.last_final(db):
            write_feeds(storage, watchlists, site)
        for name in names:
            issued_files.written(db, name)
    return names


def write_files(storage: Storage, db: Database, name: str) -> Mapping[str, str]:
    """Write the files of one digest as they were issued; return their texts, none if the ledger does not have them."""
    texts = issued_files.texts(db, name)
    folder = digest_folder(storage)
    with mapped_errors(folder):
        make_private(folder)
        for suffix, text in texts.items():
            write_atomically(folder / f"{name}.{suffix}", text)
    return texts


def write_feeds(storage: Storage, watchlists: tuple[Watchlist, ...], site: str) -> None:
    """Write the feeds of the final digests and of each watchlist; one that says the same already is left alone."""
    newest = issued.newest(storage.db, feed.NEWEST)
    installation = issued.installation(storage.db)
    texts = {"digests": feed.digest_feed(newest, site=site, installation=installation)}
    for watchlist in watchlists:
        found = issued.newest(storage.db, feed.NEWEST, watchlist.name)
        texts[feed.file_name(watchlist.name)] = feed.watchlist_feed(
            watchlist.name, found, site=site, installation=installation
        )
    for name, text in texts.items():
        path = digest_folder(storage) / f"{name}.atom"
        with mapped_errors(path):
            if not path.exists() or path.read_bytes() != text.encode():
                write_atomically(path, text)
