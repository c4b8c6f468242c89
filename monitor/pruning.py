"""Retention: which texts and which history go by age and size, and what is said of it.

A piece stays known, with title, address, dates and its place in its story; an issued digest keeps what it quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlite_utils import Database

from monitor.store import items, retention
from monitor.store.retention import Gone, OldText
from monitor.store.storage import Storage

#: however small the state is to be, texts of the last days stay: stories still grow by them
KEPT_DAYS = 30
#: texts that go in one transaction
BATCH = 500
#: a text costs its bytes in its row and about as many in the full-text index
_COST = 2.0


@dataclass(frozen=True, slots=True)
class Retention:
    """What may stay; None: for ever, however much it is."""

    max_age_days: int | None = None
    max_size_mb: int | None = None
    history_days: int | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went or would go, and how large the state is."""

    gone: tuple[Gone, ...]
    #: texts among it whose stories an issued digest names
    cited: int
    size_bytes: int
    given_back_bytes: int = 0


def would_go(storage: Storage, rules: Retention, now: datetime) -> Pruned:
    """Return what `prune` would take away; by size that is an estimate."""
    db = storage.db
    texts = [
        (old, reason) for reason, found in _too_old(db, rules, now) for old in found
    ] + [(old, reason) for reason, found in _too_much(db, rules, now) for old in found]  # fmt: skip
    unique = {old.item_id: (old, reason) for old, reason in reversed(texts)}
    history = retention.old_history(db, *_history(rules, now)) if rules.history_days else []
    return Pruned(
        (*_summed(list(unique.values())), *history),
        sum(old.cited is not None for old, _ in unique.values()),
        retention.used_bytes(db),
    )


def prune(storage: Storage, rules: Retention, now: datetime) -> Pruned:
    """Take away what is too old or too much, a batch a transaction, write down what went, and give the room back.

    Raises:
        StateError: the state cannot be written.

    """
    gone: list[Gone] = []
    cited = 0
    for choose in (_too_old, _too_much):
        while found := list(choose(storage.db, rules, now)):
            for reason, texts in found:
                gone += _take_away(storage, texts, reason, now)
                cited += sum(old.cited is not None for old in texts)
            if choose is _too_much:
                with storage.transaction() as db:
                    retention.merge_search(db)
    if rules.history_days:
        gone += _forget_history(storage, *_history(rules, now), now)
    freed = 0
    if gone:
        with storage.transaction() as db:
            retention.merge_search(db)
        freed = sum(iter(storage.give_back, 0)) * 4096
        storage.checkpoint()
    return Pruned(tuple(_merged(gone)), cited, retention.used_bytes(storage.db), freed)


def _too_old(db: Database, rules: Retention, now: datetime) -> Iterator[tuple[str, list[OldText]]]:
    """Yield the oldest texts above the age, at most a batch of them, with the rule."""
    if rules.max_age_days and (found := retention.old_texts(db, now - timedelta(days=rules.max_age_days), BATCH)):
        yield f"retention: older than {rules.max_age_days} days", found


def _too_much(db: Database, rules: Retention, now: datetime) -> Iterator[tuple[str, list[OldText]]]:
    """Yield the oldest texts that make up what the state is too large by, at most a batch of them, with the rule."""
    if not rules.max_size_mb:
        return
    over = retention.used_bytes(db) - rules.max_size_mb * 1_000_000
    chosen: list[OldText] = []
    for old in retention.old_texts(db, now - timedelta(days=KEPT_DAYS), BATCH) if over > 0 else ():
        if over <= 0:
            break
        over -= int(old.size_bytes * _COST)
        chosen.append(old)
    if chosen:
        yield f"retention: the state is larger than {rules.max_size_mb} MB", chosen


def _history(rules: Retention, now: datetime) -> tuple[datetime, str]:
    """Return until when history goes, and the rule."""
    return now - timedelta(days=rules.history_days or 0), f"retention: older than {rules.history_days} days"


def _take_away(storage: Storage, texts: Sequence[OldText], reason: str, now: datetime) -> list[Gone]:
    """Take texts away in one transaction; what a digest cites says so in its reason."""
    with storage.transaction() as db:
        for cited, found in groupby(sorted(texts, key=lambda old: old.cited or ""), key=lambda old: old.cited):
            ids = [old.item_id for old in found]
            items.purge(db, ids, now, f"{reason}; cited in the digest of {cited}" if cited else reason)
        retention.forget_comparing(db, [old.item_id for old in texts])
        summed = list(_summed([(old, reason) for old in texts]))
        for one in summed:
            retention.note(db, one, now)
    return summed


def _forget_history(storage: Storage, before: datetime, reason: str, now: datetime) -> list[Gone]:
    """Take old history away in one transaction."""
    with storage.transaction() as db:
        gone = retention.old_history(db, before, reason)
        if gone:
            retention.forget_history(db, before)
        for one in gone:
            retention.note(db, one, now)
    return gone


def _summed(texts: Sequence[tuple[OldText, str]]) -> Iterator[Gone]:
    """Yield how many texts go by each rule, those that a digest cites apart."""
    kinds: dict[tuple[str, bool], list[datetime]] = {}
    for old, reason in texts:
        kinds.setdefault((reason, old.cited is not None), []).append(old.listed_at)
    for (reason, is_cited), times in kinds.items():
        what = "texts that issued digests cite" if is_cited else "texts"
        yield Gone(what, len(times), min(times), max(times), reason)


def _merged(gone: Sequence[Gone]) -> Iterator[Gone]:
    """Yield what went, the batches of one rule together."""
    kinds: dict[tuple[str, str], list[Gone]] = {}
    for one in gone:
        kinds.setdefault((one.what, one.reason), []).append(one)
    for (what, reason), parts in kinds.items():
        times = [part.oldest_at for part in parts], [part.newest_at for part in parts]
        yield Gone(what, sum(part.count for part in parts), min(times[0]), max(times[1]), reason)
