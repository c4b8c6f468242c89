"""Reads the response headers that say when to come back; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.model import Validators

#: some server once asked for 88 hours; a publisher's wish is followed for a day at most
LONGEST_WAIT_S = 86_400.0

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})")
_MAX_VALIDATOR = 500


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a server asks us to wait, given as seconds or as a date, at most a day (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_WAIT_S)
    at = _http_date(text)
    return None if at is None else min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT_S)


def max_age(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds the answer may be kept, at most a day, or None (RFC 9111, 5.2.2.1)."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    found = _MAX_AGE.search(control)
    return min(float(found[1]), LONGEST_WAIT_S) if found else None


def validators_of(headers: Mapping[str, str]) -> Validators:
    """Return the validators of an answer, without those that could not be sent back as they are."""
    return Validators(etag=_sendable(headers.get("etag")), last_modified=_sendable(headers.get("last-modified")))


def _sendable(value: str | None) -> str | None:
    """Return a header value that is short, printable ASCII, or None."""
    usable = value and len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable()
    return value if usable else None


def _http_date(text: str) -> datetime | None:
    """Read an HTTP date; a zone that is missing means UTC."""
    try:
        at = parsedate_to_datetime(text)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
