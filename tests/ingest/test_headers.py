"""The headers that say when to come back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.fetch import retry_after
from monitor.ingest.headers import LONGEST_WAIT_S, max_age, validators_of
from monitor.model import Validators

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("316800", LONGEST_WAIT_S),
        ("9" * 400, LONGEST_WAIT_S),
        ("Mon, 01 Jun 2026 12:05:00 GMT", 300.0),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0.0),
        ("Mon, 01 Jun 2026 14:05:00 +0200", 300.0),
        ("Mon, 01 Jun 2026 12:05:00 -0000", 300.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", LONGEST_WAIT_S),
        ("-5", None),
        ("soon", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """Both forms of Retry-After are read, the past is now, and nobody makes us wait longer than a day."""
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_no_header_means_no_wish() -> None:
    """An answer without the headers asks for nothing."""
    assert (retry_after({}, NOW), max_age({}), validators_of({})) == (None, None, Validators())


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_any_retry_after_is_a_wait_or_nothing(value: str) -> None:
    """Whatever a server writes, the wait is between nothing and a day."""
    wait = retry_after({"retry-after": value}, NOW)
    assert wait is None or 0 <= wait <= LONGEST_WAIT_S


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=600", 600.0),
        ("public, MAX-AGE = 600", 600.0),
        ('max-age="600"', 600.0),
        ("max-age=31536000", LONGEST_WAIT_S),
        ("s-maxage=600", None),
        ("no-cache, max-age=600", None),
        ("max-age=600, no-store", None),
        ("max-age=x", None),
    ],
)
def test_max_age(value: str, seconds: float | None) -> None:
    """The age that counts is the one for us, not for shared caches, and only where the answer may be kept."""
    assert max_age({"cache-control": value}) == seconds


def test_validators_that_cannot_be_sent_back_are_dropped() -> None:
    """A validator with strange characters or of absurd length is as good as none."""
    assert validators_of({"etag": 'W/"7"', "last-modified": "x"}) == Validators('W/"7"', "x")
    assert validators_of({"etag": '"é"', "last-modified": "a\nb"}) == Validators()
    assert validators_of({"etag": "x" * 501, "last-modified": ""}) == Validators()
