"""Decides what a poll came to, how the source is doing, when to ask it again and with which validators; pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import FetchError, ParseError
from monitor.ingest import rhythm
from monitor.ingest.headers import LONGEST_WAIT_S, max_age, retry_after, validators_of
from monitor.ingest.walls import wall_of
from monitor.model import Feed, PollResult, Response, SourceRecord, SourceState, Validators

#: validators lie (some feeds keep their ETag although they change), so each half day one poll goes without
FULL_FETCH_S = 12 * 3600
#: 410 Gone is meant to be final, but has been sent by mistake
GONE_RECHECK_S = 30 * 86_400
#: so many failures in a row make us ask the configured address again instead of the one that it moved to
_MOVE_FAILURES = 3
#: so many answers in a row must be redirected for good to one address before that is polled in place of the configured
#: one: a misconfigured server has sent 301 for a day
MOVE_SIGHTINGS = 3
#: the part of the waiting time that is added to spread the sources out
_JITTER = 0.1
_DOUBLINGS = 10

_STATES = {
    PollResult.OK: SourceState.OK,
    PollResult.EMPTY: SourceState.EMPTY,
    PollResult.UNDATED: SourceState.UNDATED,
    PollResult.BLOCKED: SourceState.BLOCKED,
    PollResult.FAILED: SourceState.FAILING,
    PollResult.GONE: SourceState.RETIRED,
}
_GOOD = frozenset({PollResult.OK, PollResult.EMPTY, PollResult.UNDATED, PollResult.NOT_MODIFIED})
_PARSED = frozenset({SourceState.OK, SourceState.EMPTY, SourceState.UNDATED, SourceState.SILENT})
#: states of a source that answers well, which silence outranks
_SPEAKING = frozenset({SourceState.OK, SourceState.UNDATED, SourceState.SILENT})
_OK, _NOT_MODIFIED, _GONE = 200, 304, 410
_REFUSALS = frozenset({401, 402, 403, 406, 407, 451})
_BUSY = frozenset({429, 503})
_NONE = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one poll came to, as far as it is known: after the fetch, then after the parse."""

    result: PollResult
    reason: str | None = None
    http_status: int | None = None
    #: what the server asked for after a refusal
    retry_after_s: float | None = None
    #: what publisher and server ask for in general
    floor_s: float = 0.0
    validators: Validators = _NONE
    body_hash: str | None = None
    moved_to: str | None = None
    #: when the entries of a parsed feed were published
    published_times: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pace:
    """What decides how long to wait: failures in a row, the publisher's wish, the last publications."""

    failures: int
    floor_s: float
    times: tuple[datetime, ...]


def body_hash(body: bytes) -> str:
    """Return the hash by which a body is known again."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def validators_to_send(record: SourceRecord, now: datetime) -> Validators:
    """Return the validators for the next poll: none after a failure, and none once in each half day."""
    if record.body_hash is None or record.state not in _PARSED or record.last_polled_at is None:
        return Validators()
    offset = _fraction(record.source.id) * FULL_FETCH_S
    slots = {int((at.timestamp() + offset) // FULL_FETCH_S) for at in (record.last_polled_at, now)}
    return record.validators if len(slots) == 1 else Validators()


def classify(answer: Response | FetchError, record: SourceRecord, *, now: datetime) -> Outcome:
    """Return what an answer is before anybody parses it; OK means that its body is to be parsed.

    404, 429 and 5xx are failures that pass (live feeds do answer 404 and come back); 410 is for good.
    """
    if isinstance(answer, FetchError):
        return _unanswered(answer)
    status = answer.status
    if status == _NOT_MODIFIED:
        return _unchanged(answer, record)
    digest = body_hash(answer.body) if status == _OK else None
    same = digest is not None and digest == record.body_hash and record.state in _PARSED
    if not same and (wall := wall_of(answer)):  # what was parsed before is no wall
        return Outcome(
            result=PollResult.BLOCKED, reason=wall, http_status=status, retry_after_s=_asked_to_wait(answer, now)
        )
    if digest:
        return _answered(answer, digest, same=same)
    if status == _GONE:
        return Outcome(result=PollResult.GONE, reason="HTTP 410: the feed is gone for good", http_status=status)
    result = PollResult.BLOCKED if status in _REFUSALS else PollResult.FAILED
    return Outcome(
        result=result, reason=f"HTTP {status}", http_status=status, retry_after_s=_asked_to_wait(answer, now)
    )


def judge_feed(outcome: Outcome, feed: Feed) -> Outcome:
    """Return the outcome of a poll whose body was parsed."""
    floor = max(outcome.floor_s, float(feed.ttl_s or 0))
    times = tuple(entry.published.at for entry in feed.entries if entry.published.at is not None)
    if not feed.entries:
        return replace(outcome, result=PollResult.EMPTY, reason="a valid feed without entries", floor_s=floor)
    if not times:
        reason = f"none of the {len(feed.entries)} entries has a date"
        return replace(outcome, result=PollResult.UNDATED, reason=feed.warning or reason, floor_s=floor)
    return replace(outcome, reason=feed.warning, floor_s=floor, published_times=times)


def parse_failed(outcome: Outcome, error: ParseError) -> Outcome:
    """Return the outcome of a poll whose body could not be parsed: nothing that could hide it next time."""
    return replace(
        outcome, result=PollResult.FAILED, reason=error.message, body_hash=None, validators=Validators(), floor_s=0.0
    )


def after_poll(
    record: SourceRecord, outcome: Outcome, *, now: datetime, new: int = 0, unknown: int = 0
) -> SourceRecord:
    """Return the condition of a source after a poll.

    `new` counts the items that it brought, `unknown` these and the pieces that were dropped: what a source without
    dates published is known by the poll on which it was first seen.
    """
    good = outcome.result in _GOOD
    failures = 0 if good or outcome.result is PollResult.GONE else record.failures + 1
    undated = (now,) if outcome.result is PollResult.UNDATED and unknown else ()
    times = rhythm.remembered(record.published_times, (*outcome.published_times, *undated), now)
    state, reason = _condition(record, outcome, times, now)
    floor = _floor_s(record, outcome)
    wait, why = _wait(record, outcome, _Pace(failures, floor, times), now)
    moved_to, move_target, move_sightings = _moved(record, outcome, failures)
    return replace(
        record,
        published_times=times,
        floor_s=floor,
        moved_to=moved_to,
        move_target=move_target,
        move_sightings=move_sightings,
        state=state,
        reason=reason,
        since_at=now if state is not record.state or record.since_at is None else record.since_at,
        next_check_at=now + timedelta(seconds=wait * _spread(record, outcome)),
        validators=outcome.validators if good else Validators(),
        body_hash=outcome.body_hash if good else None,
        failures=failures,
        last_polled_at=now,
        last_ok_at=now if good else record.last_ok_at,
        last_new_at=now if new else record.last_new_at,
        wait_s=wait if good else record.wait_s,
        wait_reason=why,
    )


def _condition(
    record: SourceRecord, outcome: Outcome, times: tuple[datetime, ...], now: datetime
) -> tuple[SourceState, str | None]:
    """Return the state of a source after a poll, and why; what answers well may still be silent."""
    unchanged = outcome.result is PollResult.NOT_MODIFIED
    state = _STATES.get(outcome.result, record.state)
    if state in _SPEAKING and (silent := rhythm.silence(times, now)):
        return SourceState.SILENT, silent
    return state, record.reason if unchanged else outcome.reason


def _moved(record: SourceRecord, outcome: Outcome, failures: int) -> tuple[str | None, str | None, int]:
    """Return where a source has moved to, where it seems to move to and how often that was seen.

    The target of a permanent redirect is polled once there were enough sightings; a move ends when its target is gone
    or fails on.
    """
    if outcome.result not in _GOOD:
        lost = outcome.result is PollResult.GONE or failures >= _MOVE_FAILURES
        return (None, None, 0) if lost else (record.moved_to, record.move_target, record.move_sightings)
    if outcome.moved_to is None:
        # the target itself answers without a redirect, so no news of a move does not end it
        return record.moved_to, None, 0
    sightings = record.move_sightings + 1 if outcome.moved_to == record.move_target else 1
    if sightings < MOVE_SIGHTINGS:
        return record.moved_to, outcome.moved_to, sightings
    return outcome.moved_to, None, 0


def _unanswered(error: FetchError) -> Outcome:
    """Return the outcome of a poll that got no answer."""
    forbidden = error.kind == "robots"
    return Outcome(
        result=PollResult.BLOCKED if forbidden else PollResult.FAILED,
        reason=error.message if forbidden else f"{error.kind}: {error.message}",
        retry_after_s=error.retry_after_s,
    )


def _answered(answer: Response, digest: str, *, same: bool) -> Outcome:
    """Return the outcome of a 200: not modified when the body, of that hash, is the last one parsed, byte for byte."""
    return Outcome(
        result=PollResult.NOT_MODIFIED if same else PollResult.OK,
        reason="the same bytes as last time" if same else None,
        http_status=answer.status,
        floor_s=max_age(answer.headers) or 0.0,
        validators=validators_of(answer.headers),
        body_hash=digest,
        moved_to=answer.moved_to,
    )


def _unchanged(answer: Response, record: SourceRecord) -> Outcome:
    """Return the outcome of a 304, which counts only when there is a parsed body that it can mean."""
    if record.body_hash is None or record.state not in _PARSED:
        reason = "HTTP 304 although nothing was parsed before"
        return Outcome(result=PollResult.FAILED, reason=reason, http_status=answer.status)
    fresh = validators_of(answer.headers)
    return Outcome(
        result=PollResult.NOT_MODIFIED,
        reason="HTTP 304",
        http_status=answer.status,
        floor_s=max_age(answer.headers) or 0.0,
        validators=Validators(
            fresh.etag or record.validators.etag, fresh.last_modified or record.validators.last_modified
        ),
        body_hash=record.body_hash,
        moved_to=answer.moved_to,
    )


def _asked_to_wait(answer: Response, now: datetime) -> float | None:
    """Return what a busy or refusing server asks us to wait."""
    return retry_after(answer.headers, now) if answer.status in _BUSY | _REFUSALS else None


def _floor_s(record: SourceRecord, outcome: Outcome) -> float:
    """Return the publisher's wish: what the last feed that was parsed asked for, or this answer if that is more."""
    if outcome.result is PollResult.NOT_MODIFIED:
        return max(record.floor_s, outcome.floor_s)
    return outcome.floor_s if outcome.result in _GOOD else record.floor_s


def _wait(record: SourceRecord, outcome: Outcome, pace: _Pace, now: datetime) -> tuple[float, str]:
    """Return how many seconds to wait and why: by rhythm, slower with each failure in a row, at least as asked for."""
    if outcome.result is PollResult.GONE:
        return GONE_RECHECK_S, f"gone for good; looked after once in {rhythm.spoken(GONE_RECHECK_S)}"
    if pace.failures:
        return _slowed(record, outcome, pace.failures)
    wait, why = rhythm.wait_of(record.source, pace.times, now)
    floor = min(pace.floor_s, LONGEST_WAIT_S)
    if floor > wait:
        return floor, f"the publisher asks for {rhythm.spoken(floor)} between two looks (max-age or ttl)"
    return wait, why


def _slowed(record: SourceRecord, outcome: Outcome, failures: int) -> tuple[float, str]:
    """Return the wait after a failure: the last good one, doubled with each further failure, never for ever."""
    usual = max(float(record.source.interval_s), record.wait_s or 0.0)
    slowed = min(usual * 2.0 ** min(failures - 1, _DOUBLINGS), max(LONGEST_WAIT_S, usual))
    asked = min(outcome.retry_after_s or 0.0, LONGEST_WAIT_S)
    if asked > slowed:
        return asked, f"the server asks to wait for {rhythm.spoken(asked)} (Retry-After)"
    return slowed, f"slowed down after {failures} failed poll{'' if failures == 1 else 's'} in a row"


def _spread(record: SourceRecord, outcome: Outcome) -> float:
    """Return the factor that keeps sources from being asked in step, always the same for a source."""
    return 1.0 if outcome.result is PollResult.GONE else 1 + _JITTER * _fraction(record.source.id)


def _fraction(text: str) -> float:
    """Return a number from 0 to 1 that is always the same for a text."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
