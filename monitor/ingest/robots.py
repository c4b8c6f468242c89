"""Decides what robots.txt allows (RFC 9309): what an answer means, how long it holds, what may be asked; pure.

protego reads the rules. What cannot be reached forbids everything for a while; what does not exist allows everything.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from monitor.errors import FetchError
from monitor.ingest.headers import LONGEST_WAIT_S, max_age, retry_after
from monitor.model import Response, RobotsFile

#: what the monitor is called in robots.txt
AGENT = "customs-news-monitor"
#: RFC 9309, 2.5: at least so much must be read; the rest is left alone
MAX_BYTES = 500 * 1024
TYPES = "text/plain, */*;q=0.5"
#: RFC 9309, 2.4: not used for longer than a day
HOLDS_S = 86_400.0
_SHORTEST_S = 3600.0
#: a robots.txt that cannot be reached is asked for again so soon
RETRY_S = 1800.0
#: RFC 9309, 2.3.1.4: after so long what cannot be reached may be taken for what does not exist
UNREACHABLE_S = 30 * 86_400.0
#: a publisher's wish is followed up to here, as far as a pass can wait; public customs sites ask for up to 180 s
LONGEST_DELAY_S = 300.0
_TOO_MANY, _SERVER_ERROR, _CLIENT_ERROR, _SUCCESS_END = 429, 500, 400, 300
#: answers that are no answer of the server, and those that say there is nothing there
_NOT_THERE = frozenset({"redirects", "bad_url"})

RULES, ALLOW, DISALLOW = "rules", "allow", "disallow"


@lru_cache(maxsize=4096)
def origin_of(url: str) -> str | None:
    """Return scheme, host and port of an address, which share one robots.txt; None for a broken address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def address_of(origin: str) -> str:
    """Return the address of an origin's robots.txt."""
    return f"{origin}/robots.txt"


def read_answer(
    origin: str, answer: Response | FetchError, *, now: datetime, before: RobotsFile | None = None
) -> RobotsFile:
    """Return what the answer to a request for robots.txt means, and until when.

    `before` is what was known: rules hold on while they cannot be reached (RFC 9309, 2.4).
    """
    if isinstance(answer, FetchError):
        reason = f"{answer.kind}: {answer.message}"
        if answer.kind in _NOT_THERE:
            return RobotsFile(origin, now, now + timedelta(seconds=HOLDS_S), ALLOW, reason=reason)
        return _unreachable(origin, reason, now, before, answer.retry_after_s)
    reason = f"HTTP {answer.status}"
    if answer.status >= _SERVER_ERROR or answer.status == _TOO_MANY:
        return _unreachable(origin, reason, now, before, retry_after(answer.headers, now))
    asked = max_age(answer.headers)
    holds = HOLDS_S if asked is None else min(max(asked, _SHORTEST_S), HOLDS_S)
    expires_at = now + timedelta(seconds=holds)
    if not answer.status < _SUCCESS_END:
        return RobotsFile(origin, now, expires_at, ALLOW, reason=reason)
    text = answer.body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\x00", "")
    return RobotsFile(origin, now, expires_at, RULES, text, reason)


def _unreachable(
    origin: str, reason: str, now: datetime, before: RobotsFile | None, asked_s: float | None
) -> RobotsFile:
    """Return what holds while robots.txt cannot be reached: the old rules if there were any, else all is forbidden."""
    since = (before.unreachable_since_at if before else None) or now
    wait = min(max(RETRY_S, asked_s or 0.0), LONGEST_WAIT_S)
    expires_at = now + timedelta(seconds=wait)
    if before and before.verdict == RULES:
        return RobotsFile(origin, now, expires_at, RULES, before.text, f"{reason}; its old rules hold", since)
    if (now - since).total_seconds() > UNREACHABLE_S:
        return RobotsFile(
            origin, now, expires_at, ALLOW, reason=f"{reason}, for more than 30 days", unreachable_since_at=since
        )
    return RobotsFile(origin, now, expires_at, DISALLOW, reason=reason, unreachable_since_at=since)


def refusal(file: RobotsFile, url: str) -> FetchError | None:
    """Return why an address may not be asked, as an error of kind `robots` (forbidden) or `robots_unread`, or None."""
    if file.verdict == DISALLOW:
        kind, _, trouble = file.reason.partition(": ")
        if trouble:  # the host itself is not there, which says more than the lack of its robots.txt
            return FetchError(url, kind, f"{trouble} (asked for {address_of(file.origin)} first)")
        message = f"{address_of(file.origin)} cannot be read ({file.reason}), so nothing is asked there until it can"
        return FetchError(url, "robots_unread", message)
    if file.verdict == ALLOW or _rules(file.text).can_fetch(url, AGENT):
        return None
    message = (
        f"{address_of(file.origin)} forbids this address: ask the publisher for leave and set `robots: ignore`, "
        "or take the source out"
    )
    return FetchError(url, "robots", message)


def delay_s(file: RobotsFile) -> float:
    """Return the seconds that the publisher wants between two requests (crawl-delay or request-rate), 0 for no wish."""
    if file.verdict != RULES:
        return 0.0
    rules = _rules(file.text)
    wished = float(rules.crawl_delay(AGENT) or 0.0)
    rate = rules.request_rate(AGENT)
    if rate and rate.requests > 0:
        wished = max(wished, rate.seconds / rate.requests)
    return min(max(wished, 0.0), LONGEST_DELAY_S)


@lru_cache(maxsize=256)
def _rules(text: str) -> Protego:
    """Read the rules of a robots.txt."""
    return Protego.parse(text)
