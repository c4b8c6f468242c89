"""Which line of a page is its date of publication."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.datelines import author_of, is_prose, line_date, visible_dates

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TITLE = "Port of Larkhaven opens a second scanner hall"
PROSE = "The new hall halves the time that a lorry waits for its inspection, the customs office said."


@pytest.mark.parametrize(
    "line",
    [
        "23 June 2023",
        "Published: 23 June 2023",
        "Posted on June 23, 2023 by Jane Doe",
        "By Jane Doe on June 23, 2023",
        "By Jane Doe, Larkhaven, 23 June 2023",
        "Jane Doe, 23 June 2023",
        "Larkhaven, 23 June 2023",
        "Jane Doe | 23 June 2023 | 120 views",
        "23.06.2023 / 12:07",
        "23 June 2023 – 12:07",
        "Published 23 June 2023, updated 30 June 2023",
        "23 June 2023 12:07 | Updated: 25 June 2023 10:00",
        "Опубликовано: 23 июня 2023, 12:07",
        "Dərc olunub: 23.06.2023 12:07 | Baxış: 123",
        "发布时间：2023-06-23 12:07 来源：港口快讯",
        "Ngày đăng: 23/06/2023 12:07",
        "Friday, 23 June 2023 12:07 (UTC+04:00)",
    ],
)
def test_lines_that_are_dates(line: str) -> None:
    """A date with its label, weekday, time, zone, byline, counters and note of a change is a date line."""
    found = line_date(line, now=NOW)
    assert found is not None
    assert found.at is not None
    assert (found.at.date(), found.evidence is not None) == (date(2023, 6, 23), True)


@pytest.mark.parametrize(
    "line",
    [
        "On June 23, 2023 the hall was handed over.",
        "Goods that arrive after 30 June 2018 pay the new rate.",
        "Budget approved 22 June 2023",
        "Deadline: 30 June 2024",
        "Updated: 10 December 2019",
        "Last reviewed 10 December 2019 12:00",
        "23-25 June 2023",
        "from 23/09/2023 to 25/09/2023",
        "23 June 2023 | 24 June 2023",
        "23 June 2023 | Minister resigns over scanner affair",
        "Tel. 23 06 2023",
        "Order No. 12 of 23 June 2023",
        "no figure at all",
        "23 June 2023 " * 20,
        "",
    ],
)
def test_lines_that_are_no_dates(line: str) -> None:
    """A date in a sentence, of a change, of a deadline, a range or two dates are not when a piece was published."""
    assert line_date(line, now=NOW) is None


def shown(*lines: str, title: str = TITLE, fetched_at: datetime = NOW) -> str | None:
    """Return the day that the lines of a page show."""
    found = visible_dates(lines, title, now=NOW, fetched_at=fetched_at).at
    return found.date().isoformat() if found else None


def test_date_under_the_title() -> None:
    """The line under the title is the date, with the time of day it has."""
    assert shown("Home", TITLE, "23 June 2023 12:07", PROSE) == "2023-06-23"


def test_date_above_the_title_is_the_day_of_the_visit() -> None:
    """A day in the page's header is no date of publication, with another date or without."""
    assert shown("Monday July 15 2024", TITLE, "9 December 2019 16:52 (UTC+04:00)", TITLE, PROSE) == "2019-12-09"
    assert shown("Monday July 15 2024", TITLE, PROSE) is None


def test_date_at_the_end_of_the_text() -> None:
    """A date after the last sentence, or after the office or author that signed, counts."""
    assert shown(TITLE, TITLE, PROSE, PROSE, "23 June 2023 12:07", "© 2024") == "2023-06-23"
    assert shown(TITLE, PROSE, "Press and Public Relations Department", "20 June 2023 11:52") == "2023-06-20"
    assert shown(TITLE, PROSE, "By Jane Doe", "20 June 2023") == "2023-06-20"


def test_date_of_a_teaser_does_not_count() -> None:
    """A date beside the title of another story is not ours, even when we have none."""
    assert shown(TITLE, PROSE, "Minister visits the fish market", "12 March 2025") is None
    assert shown(TITLE, "9 June 2023", PROSE, "Minister visits the fish market", "12 March 2025 10:00") == "2023-06-09"


def test_contradiction_is_unknown() -> None:
    """Two days that could each be ours are no date."""
    assert shown(TITLE, "23 June 2023", "24 June 2023", PROSE) is None
    assert shown(TITLE, PROSE, "23 June 2023", PROSE, "25 June 2023") is None


def test_time_of_day_speaks_first() -> None:
    """A line with a time of day beats one without in the same place."""
    assert shown(TITLE, "24 June 2023", "23 June 2023 12:07", PROSE) == "2023-06-23"


def test_day_of_the_fetch_loses_to_another() -> None:
    """The day on which the page was fetched counts only when nothing else does, or when it stands there with a time."""
    assert shown(TITLE, "1 July 2026", PROSE, "23 June 2026 12:07") == "2026-06-23"
    assert shown(TITLE, "1 July 2026", PROSE) == "2026-07-01"
    assert shown(TITLE, "1 July 2026 08:00", PROSE, "3 May 2021") == "2026-07-01"


def test_prose_between_title_and_date_ends_the_nearness() -> None:
    """A date behind the first paragraph is not the line under the title."""
    assert shown(TITLE, "23 June 2023", PROSE, "24 June 2023 10:00") == "2023-06-23"


def test_page_without_title_uses_the_end_of_the_text() -> None:
    """Without a title only a date that closes the text counts."""
    assert shown(PROSE, "23 June 2023", title="") == "2023-06-23"
    assert shown("23 June 2023", PROSE, title="") is None


@given(
    st.lists(st.sampled_from([TITLE, PROSE, "23 June 2023", "1 July 2026 09:00", "Menu", "By Jane Doe"]), max_size=9)
)
@settings(max_examples=150)
def test_date_is_always_one_of_the_lines(lines: list[str]) -> None:
    """The answer is one of the dates shown below the first title, or unknown."""
    found = visible_dates(lines, TITLE, now=NOW, fetched_at=NOW)
    below = lines[lines.index(TITLE) :] if TITLE in lines else lines
    assert found.at is None or found.evidence in below


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("By Jane Doe/ John Roe", "Jane Doe, John Roe"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("By the end of the month", None),
        ("By", None),
        ("Jane Doe", None),
        ("By " + "Jane " * 60, None),
    ],
)
def test_bylines(line: str, author: str | None) -> None:
    """A byline is a word such as By and names, nothing else."""
    assert author_of(line) == author


def test_prose_is_told_from_headings() -> None:
    """A sentence ends like one and has some words; a heading does not."""
    assert is_prose(PROSE)
    assert is_prose("海关关员近日在港口查获一批夹藏在集装箱内的走私香烟。")
    assert not is_prose(TITLE)
    assert not is_prose("All rights reserved.")
