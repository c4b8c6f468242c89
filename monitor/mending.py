"""What `monitor doctor --fix` does: what can be made anew is, each kind in a transaction of its own, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlite_utils import Database

from monitor import checks
from monitor.dedup import sketch
from monitor.files import sweep, write_atomically
from monitor.issuing import digest_folder
from monitor.linking import GroupingSettings
from monitor.settling import settle_queue
from monitor.store import issued_files, repairs, search, stories, vectors
from monitor.store.storage import Storage, make_private, mapped_errors
from monitor.store.stories import Stage


def mend(storage: Storage, grouping: GroupingSettings, now: datetime) -> list[str]:
    """Make anew what is made of other rows, and the files; return what was done, one line each.

    Hold the state exclusively. Rows that nobody else has are never removed: what cannot be mended is still found.

    Raises:
        StateError: the database is damaged where nothing can be made anew; restore a backup.

    """
    steps: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _in_the_state(storage, _indexes),
        lambda: _in_the_state(storage, _parts),
        lambda: _in_the_state(storage, _rows),
        lambda: _in_the_state(storage, _search),
        lambda: _in_the_state(storage, lambda db: _stories(db, grouping, now)),
        lambda: digest_files(storage),
        lambda: _remains(storage),
        lambda: _permissions(storage),
    )
    return [told for step in steps for told in step()]


def digest_files(storage: Storage) -> Iterator[str]:
    """Write the files of digests that are gone or not as they were issued."""
    folder = digest_folder(storage)
    for name in checks.wrong_files(storage):
        digest, _, suffix = name.rpartition(".")
        if text := issued_files.texts(storage.db, digest).get(suffix):
            with mapped_errors(folder):
                make_private(folder)
                write_atomically(folder / name, text)
            yield f"wrote {name} as it was issued"


def _in_the_state(storage: Storage, step: Callable[[Database], Iterator[str]]) -> Iterator[str]:
    """Do one step in one transaction, and tell of it when it is kept."""
    with storage.transaction() as db:
        told = list(step(db))
    yield from told


def _indexes(db: Database) -> Iterator[str]:
    """Make all indexes anew when SQLite finds one that is not like its table."""
    if any("index" in problem for problem in search.check_integrity(db)):
        repairs.rebuild_indexes(db)
        yield "made all indexes anew from their tables"


def _parts(db: Database) -> Iterator[str]:
    """Make views, indexes and triggers that are missing."""
    if missing := repairs.missing_parts(db):
        repairs.make_parts(db, missing)
        yield f"made {', '.join(missing)} anew"


def _rows(db: Database) -> Iterator[str]:
    """Remove what belongs to nothing, and make bands from their signatures."""
    if gone := repairs.forget_items_that_are_gone(db):
        yield f"removed {gone} rows of items that are not there"
    if orphans := repairs.drop_orphaned_bands(db):
        yield f"removed {orphans} bands without a signature"
    without = repairs.signatures_without_bands(db)
    for item_id, signature in without:
        repairs.add_bands(db, item_id, sketch.bands(signature))
    if without:
        yield f"made the bands of {len(without)} signatures anew"


def _search(db: Database) -> Iterator[str]:
    """Make the full-text indexes anew when one of them is not sound."""
    if not repairs.search_is_sound(db):
        yield f"made the full-text indexes of {repairs.rebuild_search(db)} items anew"


def _stories(db: Database, grouping: GroupingSettings, now: datetime) -> Iterator[str]:
    """Find every item its story and every story its lead."""
    if lost := repairs.items_without_story(db):
        stories.queue(db, lost)
        # what is weighed already would be weighed twice
        stories.advance(db, vectors.weighed(db, lost), Stage.WEIGHED)
        yield f"put {len(lost)} items into stories that were in none"
    if stories.queued(db):
        settle_queue(db, grouping, now)
    if redirected := repairs.redirect_empty_stories(db):
        yield f"let {redirected} stories without items lead to the one that has their lead"
    if led := repairs.mend_leads(db):
        yield f"gave {led} stories a lead of their own items"


def _remains(storage: Storage) -> Iterator[str]:
    """Remove what killed processes left."""
    if remains := sweep(*checks.folders(storage)):
        yield f"removed the remains of {len(remains)} files that were being written"


def _permissions(storage: Storage) -> Iterator[str]:
    """Take from others what only the owner may read."""
    for path, mode in checks.open_to_others(storage):
        with mapped_errors(path):
            path.chmod(mode)
        yield f"took {path.name} from other users of this machine"
