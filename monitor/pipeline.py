"""One pass, written as a pipe: from the sources that are due to items in stories.

    due | fetch | parse | decide | relevance | fetch pages | extract | strip, store, group     then, once: settle

What a source brought is written in one transaction, with that of a few others, so that a pass killed anywhere leaves
its whole batch or nothing of it, and the next pass repeats only that. Errors of one source are values here; bugs crash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlite_utils import Database

from monitor.arriving import arrivals
from monitor.encoding import encode_waiting
from monitor.errors import FetchError
from monitor.extraction import Extractor, Job
from monitor.gathering import PAGE_TYPES, Gathered, gather, is_cancelled
from monitor.ingest import pacing
from monitor.ingest.pacing import Outcome
from monitor.ingest.walls import wall_of
from monitor.intake import take_in, tidy
from monitor.linking import GroupingSettings
from monitor.model import FetchRequest, Poll, PollResult, Response, SourceRecord
from monitor.permission import Web
from monitor.polling import (
    Batch,
    Finished,
    Judge,
    Page,
    Unread,
    finish,
    keys_of_feed,
    outcome_of,
    sort_out,
)
from monitor.settling import settle_in_steps
from monitor.store import items, sources
from monitor.store.storage import Storage

#: answers to a page that may be better next time
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
#: failures to get a page that no later attempt mends, and those that are no attempt because nobody was asked
FOR_GOOD = frozenset({"cancelled", "robots", "bad_url"})
UNTRIED = frozenset({"cancelled", "turn", "robots_unread"})
#: an item whose page is still missing after so long has left its feed
PENDING_FOR = timedelta(days=7)
#: polls that brought nothing are written together, so many in a transaction: with one for each, syncing took half of
#: the main thread's time in `./run.sh bench ingest`
QUIET_POLLS = 50
#: sources that brought something are written together until they have so many pieces, or the first one waits for so
#: long: bands and counts of terms lie scattered over the file, so that commits of seven pieces wrote 404 KB a piece
#: into the log of a state of 5,000, and commits of 200 pieces write 48 KB
SAVED_TOGETHER = 200
SAVED_WITHIN = timedelta(seconds=5)
_OK = 200
_TROUBLE = frozenset({PollResult.FAILED, PollResult.BLOCKED, PollResult.GONE})

Advance = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class PassReport:
    """What a pass came to, poll by poll."""

    polls: tuple[Poll, ...]
    #: polls that were broken off because the monitor was asked to end; nothing of them was stored
    broken_off: int
    #: items in stories that were looked at when the pass settled
    settled: int
    #: sources that were due but not asked, because their host wants to be left in peace for longer
    waiting: int = 0

    @property
    def polled(self) -> int:
        """Return how many sources were polled."""
        return len(self.polls)

    @property
    def failed(self) -> int:
        """Return how many polls brought nothing because of trouble."""
        return sum(poll.result in _TROUBLE for poll in self.polls)

    def counts(self) -> dict[str, int]:
        """Return the figures of the pass by name."""
        sums = {
            name: sum(getattr(poll, name) for poll in self.polls) for name in ("entries", "new", "revised", "dropped")
        }
        return {
            "polled": self.polled,
            "with_trouble": self.failed,
            **sums,
            "waiting": self.waiting,
            "broken_off": self.broken_off,
        }


@dataclass(slots=True)
class _Reading:
    """A batch whose pages are on their way; `left` counts those that are still to come."""

    batch: Batch
    pages: list[Page | Job]
    broken_off: bool
    left: int = 0
    #: the source was not asked
    waiting: bool = False


@dataclass(slots=True)
class _Complete:
    """Sources of which everything has come, until enough of it is written together."""

    readings: list[_Reading] = field(default_factory=list)
    pieces: int = 0
    since: datetime | None = None

    def add(self, reading: _Reading, now: datetime) -> bool:
        """Take a source in; tell whether it is time to write."""
        self.readings.append(reading)
        self.pieces += len(reading.pages)
        self.since = self.since or now
        return self.pieces >= SAVED_TOGETHER or abs(now - self.since) >= SAVED_WITHIN

    def take(self) -> list[_Reading]:
        """Give all that is waiting."""
        readings = self.readings
        self.readings, self.pieces, self.since = [], 0, None
        return readings


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Binds what a pass needs; one thread at a time may run it, any thread may cancel it."""

    storage: Storage
    web: Web
    extractor: Extractor
    judge: Judge
    grouping: GroupingSettings
    clock: Callable[[], datetime]

    def run_pass(self, *, only: Sequence[str] = (), advance: Advance = lambda _steps, _total: None) -> PassReport:
        """Poll what is due (or the named sources), store what is new, settle the stories.

        Args:
            only: ids of sources to poll whether they are due or not.
            advance: told steps done and the total once it is known, for a progress bar.

        """
        due = sources.due(self.storage.db, self.clock(), only)
        polls: list[Poll] = []
        quiet: list[Poll] = []
        complete = _Complete()
        broken_off = waiting = 0
        if due:
            with self.storage.transaction() as db:
                run_id = sources.start_run(db, "pass", self.clock())
            for reading in self._read_pages(self._poll(due, advance), len(due), advance):
                if reading.broken_off:
                    broken_off += 1
                elif reading.waiting:
                    waiting += 1
                elif reading.batch.is_quiet:
                    quiet.append(_poll_of(reading.batch, reading.batch.outcome, self.clock()))
                    self._save_quiet(run_id, quiet, polls, at_least=QUIET_POLLS)
                elif complete.add(reading, self.clock()):
                    polls += self._save(run_id, complete.take())
            polls += self._save(run_id, complete.take())
            self._save_quiet(run_id, quiet, polls)
        settled = 0 if broken_off else self.settle()
        report = PassReport(tuple(sorted(polls, key=lambda p: p.record.source.id)), broken_off, settled, waiting)
        if due:
            with self.storage.transaction() as db:
                sources.end_run(db, run_id, self.clock(), _note(report))
        return report

    def settle(self) -> int:
        """Put what this pass, or one that was killed or broken off, left in the queue into stories; return how many."""
        encode_waiting(self.storage, self.grouping.encoder, self.grouping.window_days)
        with self.storage.transaction() as db:
            tidy(db)
        return settle_in_steps(self.storage, self.grouping, self.clock())

    def cancel(self) -> None:
        """Break off the pass under way: what is stored stays, what is not is repeated and settled by the next one."""
        self.web.fetcher.cancel()

    def _poll(self, due: Sequence[SourceRecord], advance: Advance) -> Iterator[_Reading]:
        """Fetch all feeds and yield what each brought, in order of arrival."""
        now = self.clock()
        pending = items.sources_with_pending_pages(self.storage.db, now - PENDING_FOR)
        # a feed that has not changed must be read all the same when one of its pages is still missing
        asked = {r.source.id: replace(r, body_hash=None) if r.source.id in pending else r for r in due}
        advance(0, len(asked))
        for gathered in gather(self.web.ask, list(asked.values()), self.clock):
            advance(1, None)
            batch = self._sort_out(gathered, now)
            pages: list[Page | Job] = [None] * len(batch.wanted)
            yield _Reading(batch, pages, broken_off=gathered.broken_off, waiting=gathered.waiting)

    def _sort_out(self, gathered: Gathered, started_at: datetime) -> Batch:
        """Decide on the entries of what a source brought."""
        record, feed = gathered.record, gathered.feed
        batch = Batch(record, gathered.outcome, started_at)
        if feed is None:
            return batch
        keys = keys_of_feed(feed)
        known = items.known(self.storage.db, keys, record.source.id)
        return sort_out(batch, feed, known, items.postponed(self.storage.db, keys), self.judge)

    def _read_pages(self, polled: Iterator[_Reading], polls: int, advance: Advance) -> Iterator[_Reading]:
        """Fetch the wanted pages of all sources together, each once, hosts taking turns; yield what is complete."""
        waiting: dict[str, list[tuple[_Reading, int]]] = {}
        for reading in polled:
            addresses = [(n, wanted.url) for n, wanted in enumerate(reading.batch.wanted) if wanted.url]
            reading.left = len(addresses)
            for number, url in addresses:
                waiting.setdefault(url, []).append((reading, number))
            if not addresses:
                yield reading
        advance(0, polls + len(waiting))
        requests = [
            FetchRequest(
                url, accept=PAGE_TYPES, obeys_robots=all(r.batch.record.source.obeys_robots for r, _ in readings)
            )
            for url, readings in waiting.items()
        ]
        for request, answer in self.web.ask(requests):
            advance(1, None)
            page = self.page(answer)
            # a page is forgotten once its source is written: a pass may bring thousands
            for reading, number in waiting.pop(request.url):
                reading.left -= 1
                reading.broken_off |= is_cancelled(answer)
                reading.pages[number] = page
                if not reading.left:
                    yield reading

    def page(self, answer: Response | FetchError) -> Unread | Job:
        """Hand a page to the extractor, or say why there is none."""
        if isinstance(answer, FetchError):
            return Unread(
                answer.message if answer.kind == "robots" else f"{answer.kind}: {answer.message}",
                pending=answer.kind not in FOR_GOOD,
                tried=answer.kind not in UNTRIED,
                refused=answer.kind == "robots",
            )
        if wall := wall_of(answer):
            return Unread(f"blocked by {wall}", pending=True)
        if answer.status != _OK:
            return Unread(f"HTTP {answer.status}", pending=answer.status in PASSING_STATUS)
        return self.extractor.submit(answer, self.clock())

    def _save(self, run_id: int, readings: Sequence[_Reading]) -> list[Poll]:
        """Wait for the articles of some sources and write everything about their polls in one transaction."""
        if not readings:
            return []
        finished = [(reading.batch, self._finish(reading)) for reading in readings]
        with self.storage.transaction() as db:
            return [self._save_source(db, run_id, batch, found, self.clock()) for batch, found in finished]

    def _finish(self, reading: _Reading) -> Finished:
        """Wait for the articles of a source and decide on its pieces."""
        pages = [self.extractor.result(p) if isinstance(p, Job) else p for p in reading.pages]
        return finish(reading.batch, pages, self.judge, now=self.clock())

    def _save_source(self, db: Database, run_id: int, batch: Batch, finished: Finished, now: datetime) -> Poll:
        """Write everything about the poll of one source."""
        counts = self._write(db, batch, finished, now)
        poll = _poll_of(batch, outcome_of(batch, finished), now, counts, dropped=len(finished.dropped))
        sources.save_poll(db, run_id, poll)
        waiting = (skipped for _, skipped, _ in finished.postponed)
        sources.leave_out(db, run_id, batch.record.source.id, (*batch.skipped, *waiting, *finished.refused))
        return poll

    def _save_quiet(self, run_id: int, quiet: list[Poll], polls: list[Poll], *, at_least: int = 1) -> None:
        """Write polls that brought nothing, once there are enough of them, and move them to those that are saved.

        A pass that is killed before only asks these sources again.
        """
        if len(quiet) < at_least:
            return
        with self.storage.transaction() as db:
            for poll in quiet:
                sources.save_poll(db, run_id, poll)
        polls += quiet
        quiet.clear()

    def _write(self, db: Database, batch: Batch, finished: Finished, now: datetime) -> Counter[str]:
        """Write the pieces of one source; what another source of this pass stored meanwhile is only seen again."""
        source_id = batch.record.source.id
        arrived = arrivals(db, finished.pieces)
        fresh, again = arrived.fresh, arrived.again
        revised = {piece.item_id: piece.data.entry_hash for piece in fresh if piece.item_id is not None}
        refused = [key for _, keys in finished.dropped for key in keys]
        meanwhile = {key for key, item in items.known(db, refused).items() if not item.dropped}
        for data, keys in finished.dropped:
            if not any(key in meanwhile for key in keys):
                items.drop(db, data, keys)
        items.postpone(db, {key: int(tried) for key, _, tried in finished.postponed})
        for item_id, page, is_pending in finished.unread:
            items.page_failed(db, item_id, page.problem, pending=is_pending, attempts=int(page.tried))
        take_in(db, fresh, now)
        for item_id, keys in (*batch.more_keys.items(), *arrived.more_keys.items()):
            items.add_keys(db, item_id, keys)
        items.seen_through(db, source_id, {**batch.same, **again, **revised}, now)
        return Counter("revised" if piece.item_id is not None else "new" for piece in fresh)


def _poll_of(
    batch: Batch, outcome: Outcome, now: datetime, counts: Mapping[str, int] = MappingProxyType({}), *, dropped: int = 0
) -> Poll:
    """Return what a poll came to, and the condition of its source after it."""
    new = counts.get("new", 0)
    return Poll(
        record=pacing.after_poll(batch.record, outcome, now=now, new=new, unknown=new + dropped),
        result=batch.outcome.result,
        started_at=batch.started_at,
        ended_at=now,
        http_status=batch.outcome.http_status,
        reason=batch.outcome.reason,
        entries=batch.entries,
        new=new,
        revised=counts.get("revised", 0),
        dropped=dropped,
    )


def _note(report: PassReport) -> str:
    """Sum a pass up in words."""
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts().items() if count)
