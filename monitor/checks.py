"""What `monitor doctor` checks: the database, the ledger against the files, disk space, the configuration in use."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.config import Config
from monitor.crosslingual.encoder import Encoder
from monitor.encoding import encoded
from monitor.errors import ConfigError, StateError, StateLocked
from monitor.store import digests, search
from monitor.store.storage import Storage, mapped_errors

#: less free space than this and a day's writes may fail
MIN_FREE_BYTES = 200_000_000

_REMEDIES = {
    "database integrity": "restore a backup; what is readable can be saved with `sqlite3 monitor.db .recover`",
    "full-text index": "rebuild it: sqlite-utils rebuild-fts monitor.db items",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check with what it found; without problems it passed."""

    check: str
    problems: tuple[str, ...]
    remedy: str | None = None


def check_all(storage: Storage, config: Config, *, now: datetime, encoder: Encoder | None = None) -> list[Finding]:
    """Run every check; one that damage keeps from running has that as its problem."""
    found = [
        Finding(name, tuple(problems), _REMEDIES.get(name, "run `monitor update`; if it stays, report it"))
        for name, problems in search.check(storage.db).items()
    ]
    read = [
        _tried(storage, "clock", lambda: _clock(storage, now)),
        _tried(storage, "digest files", lambda: _digest_files(storage)),
    ]
    return [*found, *read, _disk_space(storage), _configuration(config), *_encoder(storage, encoder)]


def _tried(storage: Storage, name: str, check: Callable[[], Finding]) -> Finding:
    """Run a check that reads the state: one that cannot be read is a finding, one that is locked an error."""
    try:
        with mapped_errors(storage.path):
            return check()
    except StateLocked:
        raise
    except StateError as error:
        return Finding(name, (f"cannot be checked: {error}",), _REMEDIES["database integrity"])


def _clock(storage: Storage, now: datetime) -> Finding:
    """Check that the state knows nothing from the future."""
    newest = search.newest_moment(storage.db)
    problems: tuple[str, ...] = ()
    if newest is not None and newest > now:
        problems = (f"the state was last written at {newest:%Y-%m-%d %H:%M} UTC, which is yet to come",)
    return Finding("clock", problems, "set the clock of this machine")


def _digest_files(storage: Storage) -> Finding:
    """Check that every digest of the ledger is on disk in all formats."""
    missing = [
        f"{day}.{suffix} is missing"
        for day in digests.days(storage.db)
        for suffix in ("md", "html", "json")
        if not (storage.folder / "digests" / f"{day}.{suffix}").exists()
    ]
    return Finding(
        "digest files",
        tuple(missing),
        "write it again: monitor digest --date DAY (with --rewrite if the state has changed since)",
    )


def _encoder(storage: Storage, encoder: Encoder | None) -> Iterator[Finding]:
    """Check that a configured sentence encoder can be loaded, and that what it may encode is encoded."""
    if encoder is None:
        return
    found = encoded(storage.db, encoder)
    problems = [f"{found.waiting:,} items are not encoded by {encoder.name}"] if found.waiting else []
    try:
        encoder.encode(["customs"])
    except ConfigError as error:
        problems = error.problems
    remedy = "run `monitor replay --apply`, which encodes all, or mend crosslingual.model"
    yield Finding("sentence encoder", tuple(problems), remedy)


def _disk_space(storage: Storage) -> Finding:
    """Check that there is room to write."""
    free = shutil.disk_usage(storage.folder).free
    problems = (f"only {free / 1e6:.0f} MB are free",)
    return Finding("disk space", problems if free < MIN_FREE_BYTES else (), "free some space")


def _configuration(config: Config) -> Finding:
    """Check that there is something to watch."""
    problems = []
    if config.outlet_settings and not config.sources():
        problems.append("no source is enabled, so nothing is watched")
    return Finding("configuration", tuple(problems), "add a source to config.yaml")
