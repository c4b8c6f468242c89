"""Fetches what sources serve: the document of each, then what it leads to (parts of an index, next pages of a list).

What belongs together is read as one feed. The number of documents is bounded, and what is missing is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.errors import FetchError, ParseError
from monitor.ingest import kinds, pacing, sitemap
from monitor.ingest.shared_dates import without_shared_date
from monitor.ingest.walls import wall_of
from monitor.ingest.wrapped import repaired
from monitor.model import (
    Entry,
    Feed,
    FetchRequest,
    PollResult,
    Response,
    Skipped,
    Source,
    SourceKind,
    SourceRecord,
    Validators,
)

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, */*;q=0.5"
)
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, application/pdf;q=0.8, */*;q=0.5"
#: an index and its parts, one of which may be an index again
MAX_PARTS = 2 * sitemap.MAX_PARTS
_OK = 200

#: before anything was answered
_NOTHING = pacing.Outcome(result=PollResult.FAILED)

Answer = Response | FetchError
#: asks addresses, yields each with its answer in order of arrival; `permission.Web.ask` does it politely
Ask = Callable[[Iterable[FetchRequest]], Iterator[tuple[FetchRequest, Answer]]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one source brought so far."""

    record: SourceRecord
    outcome: pacing.Outcome
    feed: Feed | None = None
    #: documents that are still to be asked for
    wanted: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    #: how many documents were asked for
    documents: int = 1
    #: documents that belong to it and could not be read
    missing: tuple[Skipped, ...] = ()
    #: those that were not asked for, because their host wants to be left in peace for longer: no failure
    late: tuple[Skipped, ...] = ()
    #: the monitor was asked to end before everything was there
    broken_off: bool = False
    #: it was not asked, because its host wants to be left in peace for longer
    waiting: bool = False


def gather(ask: Ask, records: Sequence[SourceRecord], clock: Callable[[], datetime]) -> Iterator[Gathered]:
    """Ask all sources and yield what each brought, in order of arrival, those with several documents last."""
    now, under_way = clock(), {record.source.id: Gathered(record, _NOTHING) for record in records}
    requests = [_request(record, now) for record in records]
    while requests:
        following: list[FetchRequest] = []
        left = Counter(request.tag for request in requests)
        for request, answer in ask(requests):
            gathered = under_way[request.tag] = add(under_way[request.tag], request.url, answer, now=clock())
            left[request.tag] -= 1
            if left[request.tag]:
                continue
            if gathered.wanted and not gathered.broken_off:
                asked = gathered.asked | set(gathered.wanted)
                documents = gathered.documents + len(gathered.wanted)
                under_way[request.tag] = replace(gathered, wanted=(), asked=asked, documents=documents)
                following += [replace(request, url=url, validators=Validators()) for url in gathered.wanted]
            else:
                yield judged(gathered)
        requests = following


def _request(record: SourceRecord, now: datetime) -> FetchRequest:
    """Return the request for the document of a source."""
    types = PAGE_TYPES if record.source.kind is SourceKind.LISTING else FEED_TYPES
    url = record.moved_to or record.source.url
    validators = pacing.validators_to_send(record, now)
    return FetchRequest(url, validators, types, record.source.id, obeys_robots=record.source.obeys_robots)


def is_cancelled(answer: Answer) -> bool:
    """Tell whether an address was not asked because the monitor is to end."""
    return _is(answer, "cancelled")


def _is(answer: Answer, kind: str) -> bool:
    """Tell whether an answer is an error of a kind."""
    return isinstance(answer, FetchError) and answer.kind == kind


def add(gathered: Gathered, url: str, answer: Answer, *, now: datetime) -> Gathered:
    """Return what a source brought with one more answer: its first one decides how it is doing."""
    if is_cancelled(answer) and not gathered.broken_off:
        gathered = replace(gathered, broken_off=True)
    if gathered.feed is not None:
        return _add_part(gathered, url, answer, now)
    outcome = pacing.classify(answer, gathered.record, now=now)
    gathered = replace(gathered, outcome=outcome, waiting=_is(answer, "turn"))
    if outcome.result is not PollResult.OK or isinstance(answer, FetchError):
        return gathered
    try:
        feed = _read(gathered.record.source, answer, now)
    except ParseError as error:
        return replace(gathered, outcome=pacing.parse_failed(outcome, error))
    return _with_more(replace(gathered, feed=feed, asked=frozenset({url, answer.url})), feed)


def _read(source: Source, answer: Response, now: datetime) -> Feed:
    """Read the body of an answer."""
    return without_shared_date(kinds.read(answer.body, url=answer.url, headers=answer.headers, source=source, now=now))


def _add_part(gathered: Gathered, url: str, answer: Answer, now: datetime) -> Gathered:
    """Return what a source brought with one more of its documents, or with the reason why it is missing."""
    if isinstance(answer, FetchError) and answer.kind == "turn":
        return replace(gathered, late=(*gathered.late, Skipped(url, answer.message)))
    try:
        part = _read(gathered.record.source, _readable(url, answer), now)
    except (FetchError, ParseError) as error:
        return replace(gathered, missing=(*gathered.missing, Skipped(url, error.message)))
    whole = gathered.feed or part
    merged = replace(
        whole,
        entries=(*whole.entries, *part.entries),
        skipped=(*whole.skipped, *part.skipped),
        lang=whole.lang or part.lang,
        warning="; ".join(dict.fromkeys(filter(None, (whole.warning, part.warning)))) or None,
        covers_more=whole.covers_more and part.covers_more,
    )
    return _with_more(replace(gathered, feed=merged), part)


def _readable(url: str, answer: Answer) -> Response:
    """Return an answer that has a body to read; raise FetchError for any other."""
    if isinstance(answer, FetchError):
        raise answer
    if wall := wall_of(answer):
        raise FetchError(url, "blocked", f"blocked by {wall}")
    if answer.status != _OK:
        raise FetchError(url, "status", f"HTTP {answer.status}")
    return answer


def _with_more(gathered: Gathered, part: Feed) -> Gathered:
    """Return what a source brought with the documents that one of its documents leads to, as many as may be read."""
    if gathered.feed is None:
        raise AssertionError("only what was read leads on")
    is_list = gathered.feed.version == "listing"
    most = gathered.record.source.pages if is_list else MAX_PARTS + 1
    new = [url for url in part.more if url not in gathered.asked and url not in gathered.wanted]
    room = max(most - gathered.documents - len(gathered.wanted), 0)
    # the pages after those that the configuration wants are not missed
    beyond = (
        () if is_list else tuple(Skipped(url, f"only {MAX_PARTS} parts of an index are read") for url in new[room:])
    )
    feed = replace(gathered.feed, skipped=(*gathered.feed.skipped, *beyond))
    return replace(gathered, feed=feed, wanted=(*gathered.wanted, *new[:room]))


def judged(gathered: Gathered) -> Gathered:
    """Return what a source brought, complete: with the outcome of its poll, and the feed if it holds anything."""
    feed, outcome = gathered.feed, gathered.outcome
    if feed is None:
        return gathered
    if not feed.entries and (reason := _nothing(gathered, feed)):
        failed = pacing.parse_failed(outcome, ParseError(gathered.record.source.url, reason))
        return replace(gathered, outcome=failed, feed=None)
    feed = repaired(_newest(replace(feed, skipped=(*feed.skipped, *gathered.missing, *gathered.late))))
    outcome = pacing.judge_feed(outcome, feed)
    if outcome.result is PollResult.EMPTY and feed.skipped:
        outcome = replace(outcome, reason=f"nothing to take: {feed.skipped[0].what}: {feed.skipped[0].reason}")
    if gathered.missing or gathered.late or not feed.covers_more:
        # the same bytes of the first document would say nothing about the others
        outcome = replace(outcome, body_hash=None, validators=Validators())
    return replace(gathered, outcome=outcome, feed=feed)


def _nothing(gathered: Gathered, feed: Feed) -> str | None:
    """Say why what was read is worth nothing, if that is a failure: what is only not wanted or not recent is none."""
    if gathered.missing:
        return f"none of its documents can be read: {gathered.missing[0].what}: {gathered.missing[0].reason}"
    if not feed.skipped or "sitemap" in feed.version or gathered.record.source.match:
        return None
    reasons = "; ".join(filter(None, (f"{feed.skipped[0].what}: {feed.skipped[0].reason}", feed.warning)))
    return f"none of its entries can be used: {reasons}"


def _newest(feed: Feed) -> Feed:
    """Return a feed of several documents with its newest entries only, the others counted."""
    if "sitemap" not in feed.version or len(feed.entries) <= sitemap.MAX_ENTRIES:
        return feed
    entries = sorted(feed.entries, key=_published_at, reverse=True)
    left = Skipped(
        f"{len(entries) - sitemap.MAX_ENTRIES} addresses", f"only the {sitemap.MAX_ENTRIES} newest are taken"
    )
    return replace(feed, entries=tuple(entries[: sitemap.MAX_ENTRIES]), skipped=(*feed.skipped, left))


def _published_at(entry: Entry) -> float:
    """Return by what entries are ordered: their time, those without one last."""
    return entry.published.at.timestamp() if entry.published.at else 0.0
