"""What a poll came to, and when the source is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import FetchError, ParseError
from monitor.ingest.pacing import (
    FULL_FETCH_S,
    Outcome,
    after_poll,
    body_hash,
    classify,
    judge_feed,
    parse_failed,
    validators_to_send,
)
from monitor.model import Dated, Entry, Feed, PollResult, Response, Source, SourceRecord, SourceState, Validators

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
URL = "https://news.example/feed"
BODY = b"<rss/>"
RECORD = SourceRecord(Source("port-news", "port", URL, interval_s=3600))
ETAG = Validators('"7"', "Mon, 01 Jun 2026 10:00:00 GMT")
GOOD = replace(
    RECORD,
    state=SourceState.OK,
    since_at=NOW - timedelta(days=3),
    validators=ETAG,
    body_hash=body_hash(BODY),
    last_polled_at=NOW - timedelta(minutes=1),
    last_ok_at=NOW - timedelta(minutes=1),
)
JITTER = 0.1


def answer(status: int = 200, body: bytes = BODY, moved_to: str | None = None, **headers: str) -> Response:
    """Return an answer; underscores in header names stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, URL, status, named, body, NOW, moved_to)


def poll(record: SourceRecord, got: Response | FetchError, now: datetime = NOW, new: int = 0) -> SourceRecord:
    """Return a source after a poll without a parse."""
    return after_poll(record, classify(got, record, now=now), now=now, new=new)


def waited(record: SourceRecord, now: datetime = NOW) -> float:
    """Return the seconds until the next poll."""
    assert record.next_check_at is not None
    return (record.next_check_at - now).total_seconds()


def feed(*dates: datetime | None, ttl_s: int | None = None, warning: str | None = None) -> Feed:
    """Return a feed with an entry for each date."""
    entries = tuple(Entry(str(n), None, "t", published=Dated(at)) for n, at in enumerate(dates))
    return Feed("rss20", entries, ttl_s=ttl_s, warning=warning)


# ---------------------------------------------------------------- what an answer is


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, PollResult.OK),
        (204, PollResult.FAILED),
        (302, PollResult.FAILED),
        (401, PollResult.BLOCKED),
        (403, PollResult.BLOCKED),
        (404, PollResult.FAILED),
        (410, PollResult.GONE),
        (429, PollResult.FAILED),
        (500, PollResult.FAILED),
        (503, PollResult.FAILED),
    ],
)
def test_statuses(status: int, result: PollResult) -> None:
    """Only 410 is for good, refusals are walls, everything else that is no 200 may pass."""
    outcome = classify(answer(status), RECORD, now=NOW)
    assert (outcome.result, outcome.http_status) == (result, status)
    assert (outcome.reason is None) == (status == 200)


def test_wall_is_blocked_with_its_name() -> None:
    """A wall that answers 200 does not count as a success."""
    outcome = classify(answer(body=b"<html><title>Access denied</title></html>"), GOOD, now=NOW)
    assert outcome.result is PollResult.BLOCKED
    assert "Access denied" in (outcome.reason or "")


def test_fetch_error_keeps_its_kind() -> None:
    """What went wrong on the way is the reason of the failure."""
    outcome = classify(FetchError(URL, "dns", "no such host", retry_after_s=5.0), RECORD, now=NOW)
    assert (outcome.result, outcome.reason, outcome.retry_after_s) == (PollResult.FAILED, "dns: no such host", 5.0)


def test_same_body_is_not_modified() -> None:
    """A 200 with the bytes that were parsed last is not parsed again, one with other bytes is."""
    assert classify(answer(etag='"8"'), GOOD, now=NOW).result is PollResult.NOT_MODIFIED
    assert classify(answer(body=b"<rss></rss>"), GOOD, now=NOW).result is PollResult.OK


def test_success_carries_what_the_next_poll_needs() -> None:
    """Validators, hash, move and age of an answer are kept."""
    outcome = classify(
        answer(etag='"8"', cache_control="max-age=7200", moved_to="https://new.example/"), RECORD, now=NOW
    )
    assert outcome == Outcome(
        result=PollResult.OK, http_status=200, validators=Validators('"8"'), floor_s=7200.0, body_hash=body_hash(BODY),
        moved_to="https://new.example/",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "result"),
    [((), PollResult.EMPTY), ((None, None), PollResult.UNDATED), ((None, NOW), PollResult.OK)],
)
def test_parsed_feed(dates: tuple[datetime | None, ...], result: PollResult) -> None:
    """A feed without entries and one without dates are told apart from a good one."""
    outcome = judge_feed(Outcome(result=PollResult.OK, floor_s=60.0), feed(*dates, ttl_s=1800))
    assert (outcome.result, outcome.floor_s) == (result, 1800.0)
    assert (outcome.reason is None) == (result is PollResult.OK)


def test_warning_of_the_parser_is_the_reason() -> None:
    """A feed that was taken although it is broken says so."""
    assert judge_feed(Outcome(result=PollResult.OK, floor_s=60.0), feed(NOW, warning="cut short")).reason == "cut short"


# ---------------------------------------------------------------- the condition of a source


def test_success_turns_the_source_green() -> None:
    """A good poll resets failures and reason and remembers when."""
    failing = replace(
        RECORD, state=SourceState.FAILING, failures=4, reason="HTTP 500", since_at=NOW - timedelta(days=1)
    )
    after = poll(failing, answer(etag='"8"'), new=2)
    assert (after.state, after.reason, after.failures, after.since_at) == (SourceState.OK, None, 0, NOW)
    assert (after.validators.etag, after.body_hash) == ('"8"', body_hash(BODY))
    assert (after.last_ok_at, after.last_new_at) == (NOW, NOW)
    assert poll(GOOD, answer(body=b"other")).since_at == GOOD.since_at


@pytest.mark.parametrize("state", [SourceState.OK, SourceState.EMPTY, SourceState.UNDATED])
def test_not_modified_keeps_the_state(state: SourceState) -> None:
    """A 304 says that nothing changed, so the source stays what it was, with its validators and reason."""
    before = replace(GOOD, state=state, reason="as before")
    after = poll(before, answer(304))
    assert (after.state, after.reason, after.validators, after.body_hash) == (state, "as before", ETAG, GOOD.body_hash)
    assert (after.last_ok_at, after.since_at) == (NOW, GOOD.since_at)


def test_not_modified_after_a_failed_parse_stays_red() -> None:
    """A body that could not be parsed leaves no hash and no validators, and a 304 then is a failure too."""
    outcome = parse_failed(classify(answer(etag='"8"'), RECORD, now=NOW), ParseError(URL, "an HTML page, not a feed"))
    after = after_poll(RECORD, outcome, now=NOW)
    assert (after.state, after.reason) == (SourceState.FAILING, "an HTML page, not a feed")
    assert (after.body_hash, validators_to_send(after, NOW)) == (None, Validators())
    again = poll(after, answer(304), NOW + timedelta(hours=1))
    assert (again.state, again.failures) == (SourceState.FAILING, 2)
    assert poll(after, answer()).state is SourceState.OK


def test_failure_forgets_the_body() -> None:
    """After any failure the next body is parsed, even when it is the old one, so that the state is known again."""
    after = poll(GOOD, FetchError(URL, "timeout", "too slow"))
    assert (after.state, after.last_ok_at, after.body_hash) == (SourceState.FAILING, GOOD.last_ok_at, None)
    assert classify(answer(), after, now=NOW).result is PollResult.OK


def test_blocked_and_gone() -> None:
    """A wall blocks; 410 retires the source, which is asked again in a month in case it was a mistake."""
    assert poll(GOOD, answer(403)).state is SourceState.BLOCKED
    gone = poll(GOOD, answer(410))
    assert (gone.state, waited(gone), gone.failures) == (SourceState.RETIRED, 30 * 86_400.0, 0)


MOVED = replace(GOOD, moved_to="https://new.example/feed")


@pytest.mark.parametrize("got", [answer(), answer(304), answer(body=b"new")])
def test_move_is_remembered_while_its_target_answers(got: Response) -> None:
    """An answer of the new address itself names no move, and keeps it."""
    assert poll(MOVED, got).moved_to == MOVED.moved_to
    assert poll(GOOD, got).moved_to is None


def test_move_is_believed_once_it_was_seen_often_enough() -> None:
    """Only the third answer in a row with the same permanent redirect changes the address; another one starts anew."""
    there, elsewhere = answer(moved_to="https://third.example/"), answer(moved_to="https://fourth.example/")
    once = poll(GOOD, there)
    assert (once.moved_to, once.move_target, once.move_sightings) == (None, "https://third.example/", 1)
    assert poll(poll(poll(once, elsewhere), there), there).moved_to is None
    assert poll(poll(poll(once, answer()), there), there).moved_to is None
    for record in (GOOD, MOVED):
        third = poll(poll(poll(record, there), answer(304, moved_to="https://third.example/")), there)
        assert (third.moved_to, third.move_target, third.move_sightings) == ("https://third.example/", None, 0)


def test_failures_between_do_not_count_as_sightings() -> None:
    """A failure neither counts nor ends a count; three of them do, as the target may be the trouble."""
    there = answer(moved_to="https://third.example/")
    twice = poll(poll(poll(GOOD, there), answer(500)), there)
    assert (twice.moved_to, twice.move_sightings) == (None, 2)
    for _ in range(3):
        twice = poll(twice, answer(500))
    assert twice.move_sightings == 0


@pytest.mark.parametrize("got", [answer(500), answer(403), FetchError(URL, "dns", "no such host")])
def test_move_is_forgotten_after_three_failures_in_a_row(got: Response | FetchError) -> None:
    """When the new address keeps failing the configured one is asked again; a success in between starts the count."""
    first, second = poll(MOVED, got), poll(poll(MOVED, got), got)
    assert first.moved_to == second.moved_to == MOVED.moved_to
    assert poll(second, got).moved_to is None
    assert poll(poll(second, answer()), got).moved_to == MOVED.moved_to


def test_move_to_an_address_that_is_gone_is_forgotten() -> None:
    """After a 410 of the new address the configured one is asked, when the source is asked again."""
    assert poll(MOVED, answer(410)).moved_to is None


# ---------------------------------------------------------------- silence

DAILY = [NOW - timedelta(days=n) for n in range(10)]


def parsed(record: SourceRecord, *dates: datetime | None, now: datetime = NOW, unknown: int = 0) -> SourceRecord:
    """Return a source after a poll whose feed was parsed."""
    outcome = judge_feed(classify(answer(body=str(dates).encode()), record, now=now), feed(*dates))
    return after_poll(record, outcome, now=now, unknown=unknown)


def test_a_source_that_stops_becomes_silent_and_speaks_again() -> None:
    """A daily source is well after two days without news, silent after four, also on a 304, and well with the next."""
    well = parsed(GOOD, *DAILY)
    later = NOW + timedelta(days=2)
    assert (well.state, poll(well, answer(304), later).state) == (SourceState.OK, SourceState.OK)
    later = NOW + timedelta(days=4)
    silent = poll(well, answer(304), later)
    assert (silent.state, silent.since_at) == (SourceState.SILENT, later)
    assert silent.reason == "nothing new for 4 days (since 2026-06-01); it used to publish at least every 1 day"
    assert poll(silent, answer(304), later + timedelta(hours=1)).since_at == later
    assert parsed(silent, later, *DAILY, now=later).state is SourceState.OK


def test_silence_hides_no_failure() -> None:
    """A silent source that fails is failing, and silent again, not well, when it answers."""
    silent = poll(parsed(GOOD, *DAILY), answer(304), NOW + timedelta(days=5))
    failing = poll(silent, answer(500), NOW + timedelta(days=6))
    assert (silent.state, failing.state) == (SourceState.SILENT, SourceState.FAILING)
    assert parsed(failing, *DAILY, now=NOW + timedelta(days=7)).state is SourceState.SILENT


def test_a_yearly_source_is_not_silent_after_a_week() -> None:
    """Silence is measured by the source's own rhythm."""
    yearly = [NOW - timedelta(days=365 * n + 7) for n in range(5)]
    assert parsed(GOOD, *yearly).state is SourceState.OK
    assert parsed(GOOD, *yearly, now=NOW + timedelta(days=730)).state is SourceState.SILENT


def test_an_undated_source_is_known_by_when_it_brought_something() -> None:
    """Without dates a poll that brings unknown pieces is a publication, any other poll is not."""
    record, now = GOOD, NOW
    for _ in range(5):
        now += timedelta(days=1)
        record = parsed(record, None, now=now, unknown=2)
    assert len(record.published_times) == 5
    assert parsed(record, None, None, now=now + timedelta(days=1)).published_times == record.published_times
    assert parsed(record, None, None, now=now + timedelta(days=4)).state is SourceState.SILENT


# ---------------------------------------------------------------- when to come back


ADAPTIVE = replace(GOOD, source=replace(GOOD.source, interval_s=1800, max_interval_s=86_400))


def test_the_interval_follows_the_rhythm_between_its_bounds() -> None:
    """Twelve pieces a day are asked for every hour, fifty every half hour, one a month once a day, with the reason."""
    waits = {}
    for a_day in (12, 50, 1 / 30):
        after = parsed(ADAPTIVE, *(NOW - timedelta(days=n / a_day) for n in range(1, 31)))
        waits[a_day] = after.wait_s
        assert "so asked every" in (after.wait_reason or "")
    assert waits == {12: pytest.approx(3600), 50: 1800, 1 / 30: 86_400}
    assert "as configured" in (parsed(GOOD, NOW).wait_reason or "")


def test_a_source_that_fails_is_not_asked_more_often_than_before() -> None:
    """The first failure waits as long as the last success did, each further one twice as long."""
    slow = parsed(ADAPTIVE, *(NOW - timedelta(days=n / 2) for n in range(1, 31)))
    first = poll(slow, answer(500))
    assert waited(first) == pytest.approx(waited(slow))
    assert waited(poll(first, answer(404))) == pytest.approx(2 * waited(slow))
    assert "2 failed polls in a row" in (poll(first, answer(404)).wait_reason or "")


def test_what_robots_txt_forbids_is_blocked() -> None:
    """A forbidden address is a wall with a remedy, an unreadable robots.txt a failure."""
    forbidden = classify(FetchError(URL, "robots", "forbidden; ask for leave"), GOOD, now=NOW)
    assert (forbidden.result, forbidden.reason) == (PollResult.BLOCKED, "forbidden; ask for leave")
    assert classify(FetchError(URL, "robots_unread", "HTTP 503"), GOOD, now=NOW).result is PollResult.FAILED


def test_failures_slow_down_and_success_speeds_up() -> None:
    """The wait doubles with each failure in a row up to a day, and is the interval again after a success."""
    record, waits = GOOD, []
    for _ in range(8):
        record = poll(record, answer(500))
        waits.append(waited(record))
    jitter = waits[0] / 3600
    assert 1 <= jitter <= 1 + JITTER
    assert waits == pytest.approx([3600 * jitter * n for n in (1, 2, 4, 8, 16, 24, 24, 24)])
    assert waited(poll(record, answer())) == pytest.approx(3600 * jitter)


def test_wishes_are_followed_for_a_day_at_most() -> None:
    """Retry-After and max-age are floors, not more than a day."""
    assert waited(poll(GOOD, answer(429, retry_after="7200"))) >= 7200
    assert waited(poll(GOOD, answer(503, retry_after="9999999"))) <= 86_400 * (1 + JITTER)
    assert waited(poll(GOOD, answer(429, retry_after="10"))) >= 3600
    assert waited(poll(GOOD, answer(body=b"new", cache_control="max-age=7200"))) >= 7200
    assert waited(poll(GOOD, answer(500, retry_after="7200"))) < 7200


def test_pace_of_the_feed_holds_while_nothing_changes() -> None:
    """The ttl of a feed is known when it is parsed only, and kept over the polls without a parse."""
    outcome = judge_feed(classify(answer(body=b"new"), GOOD, now=NOW), feed(NOW, ttl_s=7200))
    first = after_poll(GOOD, outcome, now=NOW)
    later = first.next_check_at
    assert later is not None
    assert waited(poll(first, answer(304), later), later) == pytest.approx(waited(first))


def test_interval_longer_than_a_day_is_kept() -> None:
    """A source that is asked once a week is asked once a week, also when it fails."""
    weekly = replace(GOOD, source=replace(GOOD.source, interval_s=7 * 86_400))
    assert waited(poll(weekly, answer(500))) == pytest.approx(waited(poll(weekly, answer())))


def test_jitter_is_of_the_source() -> None:
    """Two sources spread out, one source always the same way."""
    other = replace(GOOD, source=replace(GOOD.source, id="river-news"))
    assert waited(poll(GOOD, answer())) == waited(poll(GOOD, answer())) != waited(poll(other, answer()))


@given(
    st.sampled_from(list(PollResult)),
    st.floats(0, 1e9),
    st.floats(0, 1e9) | st.none(),
    st.integers(0, 10_000),
    st.integers(60, 10**6),
    st.text(max_size=9),
)
@settings(max_examples=200)
def test_next_poll_is_always_in_bounds(
    result: PollResult, floor: float, retry: float | None, failures: int, interval: int, name: str
) -> None:
    """Whatever happens, the next poll is not before the interval and not after the longest wait with its jitter."""
    record = replace(GOOD, failures=failures, source=Source(name, "o", URL, interval_s=interval))
    after = after_poll(record, Outcome(result=result, floor_s=floor, retry_after_s=retry), now=NOW)
    longest = max(86_400.0, interval) * (1 + JITTER)
    assert interval <= waited(after) <= (30 * 86_400.0 if result is PollResult.GONE else longest)
    assert after.last_polled_at == NOW


# ---------------------------------------------------------------- validators


def test_validators_are_sent_to_a_healthy_source() -> None:
    """A source that was parsed a moment ago is asked whether it changed."""
    moments = [NOW + timedelta(minutes=30 * n) for n in range(48)]
    sent = [validators_to_send(replace(GOOD, last_polled_at=at), at + timedelta(minutes=1)) for at in moments]
    assert ETAG in sent


@pytest.mark.parametrize("state", [SourceState.NEW, SourceState.BLOCKED, SourceState.FAILING, SourceState.RETIRED])
def test_no_validators_after_trouble(state: SourceState) -> None:
    """A source in trouble is asked for its whole feed."""
    assert validators_to_send(replace(GOOD, state=state), NOW) == Validators()
    assert validators_to_send(replace(GOOD, last_polled_at=None), NOW) == Validators()


@given(st.integers(60, 6 * 3600), st.text(max_size=9))
@settings(max_examples=60)
def test_full_fetch_twice_a_day(interval: int, name: str) -> None:
    """However often a source is polled, no twelve hours pass without a poll that sends no validators."""
    record, now, full = replace(GOOD, source=Source(name, "o", URL)), NOW, NOW
    for _ in range(min(2 * 86_400 // interval, 400)):
        record = replace(record, last_polled_at=now)
        now += timedelta(seconds=interval)
        if validators_to_send(record, now) == Validators():
            full = now
        assert (now - full).total_seconds() <= FULL_FETCH_S + interval
