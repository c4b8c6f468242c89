"""Dates in the sample texts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sample.data import load_calendars
from monitor.sample.wording import fill, half_month, shift_month, spell_date, spell_visit

TODAY = date(2026, 11, 22)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "on {day:-2}", "on 20 November"),
        ("en", "{date:+40}", "1 January 2027"),
        ("en", "{weekday:-2} and {weekday:-1}", "Friday and Saturday"),
        ("en", "{month:-1}, {month_year:-11}", "October, December 2025"),
        ("en", "{half:0}", "16-30 November 2026"),
        ("en", "{half:-1}", "1-15 November 2026"),
        ("fr", "le {day:+9}, {weekday:0}", "le 1er décembre, dimanche"),
        ("es", "el {date:-2}", "el 20 de noviembre de 2026"),
        ("ru", "{weekday:-5} {date:-4}", "во вторник 18 ноября 2026 года"),
        ("en", "no {placeholder} here: {}", "no {placeholder} here: {}"),
    ],
)
def test_placeholders_are_written_out(lang: str, text: str, expected: str) -> None:
    """Each kind of placeholder is written as its language writes it, and other braces are left alone."""
    assert fill(text, today=TODAY, lang=lang) == expected


def test_months_are_those_of_the_first_day() -> None:
    """On the second of a month the current month of the texts is still the one in which their events began."""
    assert fill("{month_year:0} {half:0}", today=date(2027, 1, 2), lang="en") == "December 2026 16-31 December 2026"


def test_the_visit_is_written_like_a_page_header() -> None:
    """The day of a visit has weekday, month, day and year."""
    assert spell_visit(TODAY) == "Sunday November 22 2026"


@given(DAYS, st.integers(-30, 30))
def test_months_and_halves_step_evenly(day: date, steps: int) -> None:
    """Months and halves of months follow each other without gap or overlap."""
    assert shift_month(shift_month(day, steps), -steps) == day.replace(day=1)
    start, end = half_month(day, steps)
    assert half_month(start, 0) == half_month(end, 0) == (start, end)
    assert half_month(day, steps + 1)[0] == end + timedelta(days=1)
    assert (half_month(day, 0)[0] <= day <= half_month(day, 0)[1]) is True


@given(DAYS, st.sampled_from(sorted(load_calendars())))
def test_no_placeholder_survives(day: date, lang: str) -> None:
    """Every language can write every kind that its calendar knows."""
    text = fill("{day:-1} {date:1} {weekday:0} {month:2}", today=day, lang=lang)
    assert "{" not in text
    assert str((day + timedelta(days=1)).year) in spell_date(day + timedelta(days=1), lang)
