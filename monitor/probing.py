"""Tries sources without storing anything: the configured ones, or all that an outlet may offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import FetchError
from monitor.gathering import PAGE_TYPES, Gathered, gather
from monitor.ingest.discovery import Candidate, Offer, Site, candidates, page_of, ranked, site_of
from monitor.ingest.walls import wall_of
from monitor.model import Entry, FetchRequest, PollResult, Response, Skipped, Source, SourceRecord
from monitor.permission import Web

#: a source whose newest piece is older than this is worth a look
QUIET = timedelta(days=30)
_OK = 200
_USELESS = frozenset({PollResult.FAILED, PollResult.BLOCKED, PollResult.GONE})
_SHOWN_TITLES = 3
_FIRST = 5

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Probe:
    """How one source answered."""

    source_id: str
    url: str
    kind: str
    result: PollResult
    http_status: int | None
    #: the format that came, see `Feed.version`
    version: str | None
    entries: int
    dated: int
    newest_at: datetime | None
    #: what is wrong or worth a look, the most important first
    notes: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    @property
    def is_useless(self) -> bool:
        """Tell whether the source brings nothing as it is."""
        return self.result in _USELESS


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an outlet offers, the best first, and what was asked in vain."""

    url: str
    site: Site
    offers: tuple[Offer, ...]
    useless: tuple[Offer, ...]


def probe(web: Web, sources: Sequence[Source], clock: Clock) -> Iterator[Probe]:
    """Ask every source once and yield how it answered, in order of arrival."""
    for gathered in gather(web.ask, [SourceRecord(source) for source in sources], clock):
        yield _probe(gathered, clock())


def _probe(gathered: Gathered, now: datetime) -> Probe:
    """Return how a source answered, with what is worth a note."""
    source, outcome = gathered.record.source, gathered.outcome
    entries = gathered.feed.entries if gathered.feed else ()
    newest = _newest(entries)
    notes = [outcome.reason] if outcome.reason else []
    if outcome.moved_to:
        notes.append(f"moved for good: write {outcome.moved_to}")
    if newest and newest < now - QUIET:
        notes.append(f"its newest piece is {(now - newest).days} days old")
    return Probe(
        source_id=source.id,
        url=source.url,
        kind=source.kind.value,
        result=outcome.result,
        http_status=outcome.http_status,
        version=gathered.feed.version if gathered.feed else None,
        entries=len(entries),
        dated=sum(entry.published.at is not None for entry in entries),
        newest_at=newest,
        notes=tuple(notes),
        skipped=gathered.feed.skipped if gathered.feed else (),
    )


def _newest(entries: Sequence[Entry]) -> datetime | None:
    """Return the time of the newest entry."""
    return max((entry.published.at for entry in entries if entry.published.at), default=None)


# ---------------------------------------------------------------- discovery


def discover(
    web: Web, url: str, clock: Clock, advance: Callable[[int, int | None], None] = lambda _steps, _total: None
) -> Discovery:
    """Find what an outlet offers: ask its robots.txt and page, then everything that they and custom lead to.

    Raises FetchError when the page itself cannot be read.
    """
    ((_, start),) = web.ask([FetchRequest(url, accept=PAGE_TYPES)])
    if isinstance(start, FetchError):
        raise start
    page = page_of(start) if _is_honest(start) else None
    found = candidates(start.url, page, web.gate.rules_of(start.url))
    advance(0, len(found))
    offers = ranked([*_tried(web, found, clock, advance)])
    return Discovery(
        url,
        site_of(page),
        tuple(offer for offer in offers if not offer.problem and offer.entries),
        tuple(offer for offer in offers if offer.problem or not offer.entries),
    )


def _is_honest(answer: Response) -> bool:
    """Tell whether an answer is the page that was asked for."""
    return answer.status == _OK and wall_of(answer) is None


def _tried(
    web: Web, found: Sequence[Candidate], clock: Clock, advance: Callable[[int, int | None], None]
) -> Iterator[Offer]:
    """Try all candidates and yield what each came to, in their order."""
    records = [SourceRecord(Source(str(n), "", one.url, one.kind)) for n, one in enumerate(found)]
    tried: dict[str, Offer] = {}
    for gathered in gather(web.ask, records, clock):
        advance(1, None)
        number = gathered.record.source.id
        tried[number] = _offer(found[int(number)], gathered)
    yield from (tried[record.source.id] for record in records)


def _offer(candidate: Candidate, gathered: Gathered) -> Offer:
    """Return what a candidate came to."""
    outcome, feed = gathered.outcome, gathered.feed
    if feed is None:
        return Offer(candidate, outcome.reason or outcome.result.value)
    return Offer(
        candidate=candidate,
        problem=None if feed.entries else outcome.reason,
        version=feed.version,
        entries=len(feed.entries),
        dated=sum(entry.published.at is not None for entry in feed.entries),
        newest_at=_newest(feed.entries),
        titles=tuple(entry.title for entry in feed.entries if entry.title)[:_SHOWN_TITLES],
        first_urls=tuple(entry.url or entry.title for entry in feed.entries[:_FIRST]),
    )
