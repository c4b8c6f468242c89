"""What robots.txt allows, and for how long that is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import FetchError
from monitor.ingest import robots
from monitor.ingest.robots import ALLOW, DISALLOW, RULES, address_of, delay_s, origin_of, read_answer, refusal
from monitor.model import Response, RobotsFile

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORIGIN = "https://port.example"
TEXT = b"User-agent: *\nDisallow: /private\nAllow: /private/news\nCrawl-delay: 5\n"


def answer(status: int = 200, body: bytes = TEXT, **headers: str) -> Response:
    """Return an answer; underscores in header names stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(address_of(ORIGIN), address_of(ORIGIN), status, named, body, NOW)


def read(got: Response | FetchError, before: RobotsFile | None = None, now: datetime = NOW) -> RobotsFile:
    """Return what an answer means."""
    return read_answer(ORIGIN, got, now=now, before=before)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Port.Example/a/b?c", ORIGIN),
        ("https://port.example:443/", ORIGIN),
        ("http://port.example:8080/x", "http://port.example:8080"),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81"),
        ("ftp://port.example/", None),
        ("https:///x", None),
        ("https://port.example:99999999/", None),
        ("http://[::1", None),
    ],
)
def test_origin(url: str, origin: str | None) -> None:
    """Scheme, host and port share one robots.txt; the usual port is not named."""
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, RULES), (204, RULES), (302, ALLOW), (401, ALLOW), (403, ALLOW), (404, ALLOW), (410, ALLOW), (429, DISALLOW),
     (500, DISALLOW), (503, DISALLOW)],
)  # fmt: skip
def test_statuses(status: int, verdict: str) -> None:
    """4xx means that there is none, 5xx that it cannot be reached (RFC 9309, 2.3.1); 429 is no "not found" either."""
    file = read(answer(status))
    assert (file.verdict, file.reason) == (verdict, f"HTTP {status}")
    assert (file.unreachable_since_at is not None) == (verdict == DISALLOW)


@pytest.mark.parametrize(("kind", "verdict"), [("dns", DISALLOW), ("timeout", DISALLOW), ("redirects", ALLOW)])
def test_failures(kind: str, verdict: str) -> None:
    """What cannot be reached forbids, a chain of redirects without end is no robots.txt."""
    assert read(FetchError(ORIGIN, kind, "trouble")).verdict == verdict


def test_rules_decide() -> None:
    """The longest rule wins, and a refusal names the file and the remedy."""
    file = read(answer())
    assert refusal(file, f"{ORIGIN}/news") is None
    assert refusal(file, f"{ORIGIN}/private/news/1") is None
    refused = refusal(file, f"{ORIGIN}/private/1")
    assert refused is not None
    assert (refused.kind, refused.url) == ("robots", f"{ORIGIN}/private/1")
    assert "https://port.example/robots.txt forbids" in refused.message
    assert "robots: ignore" in refused.message


def test_our_own_name_outranks_the_star() -> None:
    """Rules for this monitor hold in place of those for everybody."""
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: Customs-News-Monitor\nDisallow: /tenders\n"
    file = read(answer(body=text))
    assert refusal(file, f"{ORIGIN}/news") is None
    assert refusal(file, f"{ORIGIN}/tenders/1") is not None


def test_unreachable_forbids_for_a_while_only() -> None:
    """Nothing is asked for half an hour, or as long as the server wants; after 30 days it counts as missing."""
    first = read(answer(503))
    assert first.expires_at == NOW + timedelta(minutes=30)
    refused = refusal(first, f"{ORIGIN}/news")
    assert refused is not None
    assert refused.kind == "robots_unread"
    assert read(answer(503, retry_after="7200")).expires_at == NOW + timedelta(hours=2)
    assert read(answer(500), first, NOW + timedelta(days=29)).verdict == DISALLOW
    late = read(answer(500), first, NOW + timedelta(days=31))
    assert (late.verdict, late.unreachable_since_at) == (ALLOW, NOW)


def test_old_rules_hold_while_new_ones_cannot_be_reached() -> None:
    """A server in trouble neither opens nor closes what it had said before."""
    file = read(FetchError(ORIGIN, "timeout", "too slow"), read(answer()), NOW + timedelta(days=2))
    assert refusal(file, f"{ORIGIN}/news") is None
    assert refusal(file, f"{ORIGIN}/private/1") is not None
    assert "its old rules hold" in file.reason


@pytest.mark.parametrize(
    ("control", "hours"), [(None, 24), ("max-age=60", 1), ("max-age=7200", 2), ("max-age=999999", 24)]
)
def test_rules_are_remembered_for_a_day_at_most(control: str | None, hours: int) -> None:
    """The server may say how long, within an hour and a day."""
    got = answer(cache_control=control) if control else answer()
    assert read(got).expires_at == NOW + timedelta(hours=hours)


def test_only_the_first_500_kib_count() -> None:
    """What stands behind them is not read."""
    long = b"User-agent: *\n" + b"# padding\n" * 60_000 + b"Disallow: /\n"
    assert refusal(read(answer(body=long)), f"{ORIGIN}/news") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("Crawl-delay: 2.5", 2.5), ("Request-rate: 1/30", 30), ("Crawl-delay: 999999", 300), ("Crawl-delay: -5", 0),
     ("Crawl-delay: soon", 0), ("Disallow: /x", 0), ("Request-rate: 0/5", 0)],
)  # fmt: skip
def test_pauses(text: str, seconds: float) -> None:
    """Crawl-delay and request-rate are the same wish; nonsense is none, and an hour is the most."""
    assert delay_s(read(answer(body=f"User-agent: *\n{text}\n".encode()))) == seconds
    assert delay_s(replace(read(answer(404)), text="")) == 0


@given(st.binary(max_size=300), st.text(max_size=60))
@settings(max_examples=150)
def test_no_file_and_no_address_raises(body: bytes, path: str) -> None:
    """Whatever stands in robots.txt, it is read, and decides about any address."""
    file = read(answer(body=b"User-agent: *\n" + body))
    refused = refusal(file, f"{ORIGIN}/{path}")
    assert refused is None or refused.kind == "robots"
    assert 0 <= delay_s(file) <= robots.LONGEST_DELAY_S
