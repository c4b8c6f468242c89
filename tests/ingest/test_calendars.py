"""Days of other calendars become those of ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.calendars import gregorian
from monitor.ingest.dates import parse_date

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)


def read(text: str) -> datetime | None:
    """Return the moment that a text is read as."""
    found = parse_date(text, now=NOW)
    return found.at if found else None


@pytest.mark.parametrize(
    "text",
    [
        "1 มิถุนายน 2569",
        "๑ มิถุนายน พ.ศ. ๒๕๖๙",
        "1 มิ.ย. 69",
        "1 มิ.ย. 2026",
        "01/06/2569",
        "2569-06-01",
        "1 ມິຖຸນາ 2026",
        "۱۱ خرداد ۱۴۰۵",
        "11 خرداد، 1405",
        "۱۴۰۵/۰۳/۱۱",
        "1405-03-11",
        "11 جوزا 1405",
        "令和8年6月1日",
        "民國115年6月1日",
        "二〇二六年六月一日",
        "1 जून 2026",
        "১ জুন, ২০২৬",
        "الإثنين، 1 يونيو 2026",
        "Mo, 01 Jun 2026",
    ],
)
def test_one_day_in_many_calendars(text: str) -> None:
    """The first of June 2026, as it is written elsewhere."""
    assert read(text) == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("12 มี.ค. 2569 10:30", datetime(2026, 3, 12, 10, 30, tzinfo=UTC)),
        ("12 ม.ค. 2569 10:30", datetime(2026, 1, 12, 10, 30, tzinfo=UTC)),
        ("二〇二五年十二月三十一日 18:30", datetime(2025, 12, 31, 18, 30, tzinfo=UTC)),
        ("令和元年五月十日", datetime(2019, 5, 10, tzinfo=UTC)),
        ("/Date(1780308000000)/", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("/Date(1780308000000+0300)/", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("Mon Jun 01 2026 10:00:00 GMT+0300 (Moscow Standard Time)", datetime(2026, 6, 1, 7, tzinfo=UTC)),
        ("Mon Jun 01 2026 10:00:00 GMT+0800 (中国标准时间)", datetime(2026, 6, 1, 2, tzinfo=UTC)),
    ],
)
def test_moments(text: str, at: datetime) -> None:
    """Short Thai months that share a letter are told apart, and a time of day stays."""
    assert read(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "1447/12/15",
        "15 ذو الحجة 1447",
        "31/02/2569",
        "1 خرداد 1500",
        "32 خرداد 1405",
        "1 जून 69",
        "令和99年6月1日",
        "二〇二六年",
    ],
)
def test_in_doubt_there_is_none(text: str) -> None:
    """Days of the lunar calendar, and days that do not exist, are no dates."""
    assert read(text) is None


@pytest.mark.parametrize(
    ("year", "begins"),
    [
        (1370, "1991-03-21"),
        (1375, "1996-03-20"),
        (1379, "2000-03-20"),
        (1399, "2020-03-20"),
        (1400, "2021-03-21"),
        (1403, "2024-03-20"),
        (1404, "2025-03-21"),
        (1408, "2029-03-20"),
        (1409, "2030-03-21"),
    ],
)
def test_new_years_of_iran(year: int, begins: str) -> None:
    """New year of the solar calendar falls on the day that almanacs give."""
    assert gregorian(f"1 فروردین {year}").strip() == begins


@settings(max_examples=200)
@given(st.integers(1370, 1435), st.integers(1, 12), st.integers(1, 28))
def test_solar_days_follow_one_another(year: int, month: int, day: int) -> None:
    """The day after a day is the next one in both calendars."""
    one, following = (date.fromisoformat(gregorian(f"{year}/{month}/{d}").strip()) for d in (day, day + 1))
    assert following - one == timedelta(days=1)


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_passes(text: str) -> None:
    """No text makes it fail, and one in ASCII without such a year stays as it is."""
    found = gregorian(text)
    assert isinstance(found, str)
    plain = text.encode("ascii", "ignore").decode().replace("1", "").replace("2", "")
    assert gregorian(plain) == plain
