"""What `monitor doctor` checks: the database, the ledger against the files, the machine, the configuration in use."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.backing import backup_folder, listing
from monitor.config import Config
from monitor.crosslingual.encoder import Encoder
from monitor.encoding import encoded
from monitor.errors import ConfigError, StateError, StateLocked
from monitor.files import broken_off
from monitor.probing import Probe
from monitor.store import digests, issued_files, repairs, search
from monitor.store.storage import Storage, mapped_errors

#: less free space than this and a day's writes may fail
MIN_FREE_BYTES = 200_000_000

#: a copy of the state should not be older than this
_BACKUP_DAYS = 3
_FIX = "run `monitor doctor --fix`"
_RESTORE = "restore a backup with `monitor restore --replace`; what is there is kept"
_REMEDIES = {"database integrity": f"{_FIX}, which makes indexes anew; if it stays, {_RESTORE}"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check with what it found; without problems it passed."""

    check: str
    problems: tuple[str, ...]
    remedy: str | None = None


def check_all(storage: Storage, config: Config, *, now: datetime, encoder: Encoder | None = None) -> list[Finding]:
    """Run every check; one that damage keeps from running has that as its problem."""
    found = [
        Finding(name, tuple(problems), _REMEDIES.get(name, f"{_FIX}; if it stays, report it"))
        for name, problems in search.check(storage.db).items()
    ]
    read = [
        _tried(storage, "schema", lambda: _schema(storage)),
        _tried(storage, "signatures without bands", lambda: _bands(storage)),
        _tried(storage, "clock", lambda: _clock(storage, now)),
        _tried(storage, "digest files", lambda: _digest_files(storage)),
        _tried(storage, "backups", lambda: _backups(storage, config, now)),
    ]
    return [
        *found, *read, _remains(storage), _permissions(storage), _disk_space(storage), _time_zone(config, now),
        _configuration(config), *_encoder(storage, encoder),
    ]  # fmt: skip


def reachability(probes: Iterable[Probe]) -> Finding:
    """Return which sources cannot be read at present."""
    problems = sorted(f"{probe.source_id}: {'; '.join(probe.notes)}" for probe in probes if probe.is_useless)
    return Finding("reachability", tuple(problems), "look with `monitor sources probe`, and mend config.yaml")


def _tried(storage: Storage, name: str, check: Callable[[], Finding]) -> Finding:
    """Run a check that reads the state: one that cannot be read is a finding, one that is locked an error."""
    try:
        with mapped_errors(storage.path):
            return check()
    except StateLocked:
        raise
    except StateError as error:
        return Finding(name, (f"cannot be checked: {error}",), _RESTORE)


def _clock(storage: Storage, now: datetime) -> Finding:
    """Check that the state knows nothing from the future."""
    newest = search.newest_moment(storage.db)
    problems: tuple[str, ...] = ()
    if newest is not None and newest > now:
        problems = (f"the state was last written at {newest:%Y-%m-%d %H:%M} UTC, which is yet to come",)
    return Finding("clock", problems, "set the clock of this machine")


def _schema(storage: Storage) -> Finding:
    """Check that every view, index and trigger is there."""
    return Finding("schema", tuple(f"{name} is missing" for name in repairs.missing_parts(storage.db)), _FIX)


def _bands(storage: Storage) -> Finding:
    """Check that every signature can be met."""
    found = tuple(f"id {item_id}" for item_id, _ in repairs.signatures_without_bands(storage.db)[:20])
    return Finding("signatures without bands", found, _FIX)


def _digest_files(storage: Storage) -> Finding:
    """Check that every digest of the ledger is on disk as it was issued, but what is about to be written."""
    kept = issued_files.checksums(storage.db)
    lost = [name for name in wrong_files(storage) if name not in kept]
    problems = [f"{name} is missing or not as it was issued" for name in wrong_files(storage)]
    rewrite = "write it again: monitor digest --date DAY (with --rewrite if the state has changed since)"
    return Finding("digest files", tuple(problems), rewrite if lost else _FIX)


def wrong_files(storage: Storage) -> list[str]:
    """Return the files of digests that are gone or not as they were issued; those that wait to be written are not."""
    waiting = set(issued_files.waiting(storage.db))
    wanted: dict[str, str | None] = {
        f"{day}.{suffix}": None for day in digests.days(storage.db) for suffix in ("md", "html", "json")
    }
    wanted |= issued_files.checksums(storage.db)
    folder = storage.folder / "digests"
    return [
        name
        for name, checksum in wanted.items()
        if name.rpartition(".")[0] not in waiting and not _is_as_issued(folder / name, checksum)
    ]


def _is_as_issued(path: Path, checksum: str | None) -> bool:
    """Tell whether a file is there, and as it was issued if that is known."""
    try:
        return checksum in (None, hashlib.sha256(path.read_bytes()).hexdigest())
    except OSError:
        return False


def _backups(storage: Storage, config: Config, now: datetime) -> Finding:
    """Check that the service, which has been running for some days, has made copies."""
    first = search.first_pass_at(storage.db)
    settled_in = first is not None and now - first > timedelta(days=_BACKUP_DAYS)
    folder = config.backup.folder or backup_folder(storage.folder)
    newest = max((copy.made_at for copy in listing(folder)), default=None) if folder.is_dir() else None
    problems: tuple[str, ...] = ()
    if config.backup.daily and settled_in and (newest is None or now - newest > timedelta(days=_BACKUP_DAYS)):
        problems = (f"the newest copy in {folder} is of {newest:%Y-%m-%d}" if newest else f"no copy in {folder} yet",)
    return Finding("backups", problems, "run `monitor backup`, and see in the log of the service why it made none")


def folders(storage: Storage) -> tuple[Path, ...]:
    """Return the folders in which the monitor writes."""
    return storage.folder, storage.folder / "digests", backup_folder(storage.folder)


def _remains(storage: Storage) -> Finding:
    """Check that nothing half-written lies about."""
    problems = tuple(f"{path.name} was left by a killed process" for f in folders(storage) for path in broken_off(f))
    return Finding("remains", problems, f"{_FIX}, or start the service, which removes them")


def open_to_others(storage: Storage) -> list[tuple[Path, int]]:
    """Return what other users of the machine can read or change though only its owner should, with its right mode."""
    files = [path for path in storage.folder.glob("monitor.db*") if path.is_file()]
    files += listing_paths(storage.folder)
    private = [(path, 0o700) for path in folders(storage) if path.is_dir()] + [(path, 0o600) for path in files]
    return [(path, mode) for path, mode in private if path.stat().st_mode & 0o077]


def listing_paths(folder: Path) -> list[Path]:
    """Return the copies beside a state."""
    return [copy.path for copy in listing(backup_folder(folder))]


def _permissions(storage: Storage) -> Finding:
    """Check that only the owner can read the state."""
    problems = tuple(f"{path} can be read or changed by others" for path, _ in open_to_others(storage))
    return Finding("permissions", problems, _FIX)


def _time_zone(config: Config, now: datetime) -> Finding:
    """Check that the zone of the digests is known to this machine."""
    problems: tuple[str, ...] = ()
    try:
        now.astimezone(ZoneInfo(config.digest.timezone))
    except (KeyError, ValueError, OSError) as error:
        problems = (f"{config.digest.timezone} cannot be read ({error})",)
    return Finding("time zone", problems, "install the package tzdata")


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
