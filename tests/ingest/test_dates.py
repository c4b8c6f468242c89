"""One text, one date; and several dates, one decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.ingest import dates
from monitor.ingest.dates import EARLIEST, FUTURE_LEEWAY, decide_date, parse_date, plausible, url_date
from monitor.ingest.datewords import LANGS, month_words, weekday_words, zone_offsets
from monitor.model import Dated, DateOrigin

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = datetime(2026, 6, 29, tzinfo=UTC)


def read(text: str, *langs: str) -> datetime | None:
    """Return the moment that a text is."""
    dated = parse_date(text, now=NOW, langs=langs)
    return dated.at if dated else None


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 29 Jun 2026 15:07:41 +0000",
        "Mon, 29 Jun 2026 15:07:41 GMT",
        "Mon, 29 Jun 2026 15:07:41 UT",
        "Mon, 29 Jun 2026 15:07:41 Z",
        "29 Jun 26 15:07:41 GMT",
        "Mon, 29 Jun 2026 20:37:41 IST",
        "Tue, 30 Jun 2026 01:07:41 AEST",
        "Mon, 29 Jun 2026 16:07:41 BST",
        "Mon, 29 Jun 2026 09:07:41 CST",
        "Mon, 29 Jun 2026 11:07:41 EDT",
        "Mon, 29 Jun 2026 18:07:41 +0300 (MSK)",
        "Monday, June 29, 2026 3:07:41 PM",
        "Mon Jun 29 15:07:41 2026",
        "Mon Jun 29 15:07:41 UTC 2026",
        "2026-06-29T15:07:41Z",
        "2026-06-29T15:07:41.123456Z",
        "2026-06-29T20:37:41+05:30",
        "2026-06-29T19:07:41+04",
        "20260629T150741Z",
        "2026-06-29 15:07:41",
        "2026/6/29 15:07:41",
        "1782745661",
        "1782745661.25",
        "1782745661000",
        "29.06.2026 15:07:41",
        "2026年6月29日 15:07:41",
        "2026年6月29日 下午3:07:41",
    ],
)
def test_moments_to_the_second(text: str) -> None:
    """RFC 822, ISO 8601, zone names, epoch numbers and local forms give the same moment."""
    assert read(text) == datetime(2026, 6, 29, 15, 7, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "9 December 2019 16:52 (UTC+04:00)",
        "9 December 2019, 16:52 GMT+4",
        "09.12.2019 16:52 AZT",
        "9 dekabr 2019 16:52 +0400",
        "9 декабря 2019 г., 15:52 МСК",
        "9 décembre 2019 à 13h52 CET",
        "9. Dezember 2019, 13:52 Uhr MEZ",
        "Thứ Hai, 9/12/2019, 19:52 (GMT+7)",
        "9 de dezembro de 2019 às 12h52",
        "December 9, 2019 at 7:52 a.m. EST",
        "٩ ديسمبر ٢٠١٩ 12:52",
        "9 Aralık 2019 Pazartesi 15:52 TRT",
    ],
)
def test_moments_in_many_languages(text: str) -> None:
    """Local month names, clocks and zones give the same moment."""
    assert read(text, "vi" if "Thứ" in text else "en") == datetime(2019, 12, 9, 12, 52, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-29", "20260629", "29/06/2026", "06/29/2026", "29.06.2026", "29-06-2026", "29-Jun-2026", "2026-Jun-29",
        "29 June 2026", "29th June, 2026", "June 29th, 2026", "Jun. 29 2026", "lun. 29 juin 2026", "29 июня 2026 года",
        "понедельник, 29 июня 2026", "29 iyun 2026", "29 Haziran 2026", "29. Juni 2026", "29 de junio de 2026",
        "29 de junho de 2026", "ngày 29 tháng 6 năm 2026", "29 tháng Sáu 2026", "2026年6月29日", "٢٩ يونيو ٢٠٢٦",
        "29 حزيران 2026", "Senin, 29 Juni 2026", "2026년 6월 29일", "2026. június 29.", "29 HAZİRAN 2026",
    ],
)  # fmt: skip
def test_days_without_a_time(text: str) -> None:
    """A day alone is read as its midnight and says that it has no time."""
    assert parse_date(text, now=NOW, origin=DateOrigin.META) == Dated(
        DAY, DateOrigin.META, has_time=False, evidence=text
    )


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "soon", "yesterday", "3 hours ago", "June 2026", "29 June", "2026", "15:07", "29 Feb 2025", "31.04.2026",
        "2026-13-01", "2026-06-31", "0001-01-01", "0001-01-01T00:00:00+05:00", "1970-01-01", "1 Jan 1989", "2026-07-04",
        "2030-01-01", "9999999999999", "24-26 June 2026", "On 29 June 2026 the hall was handed over", "29 June 2026, 30 June 2026",
        "29 June 2026 25:07", "29 June 2026 15:77", "Mon, 29 Jun 2026 15:07:41 XYZ", "29 Jun 26", "version 1.2.3",
        "12345678", "99/99/2026", "x" * 500, "29 June 2026 " + "x" * 200,
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    """Relative, partial, impossible, ancient, future and doubtful texts are no dates."""
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "langs", "day"),
    [
        ("06/07/2025", (), None),
        ("06/07/2025", ("en",), None),
        ("06/07/2025", ("zh",), None),
        ("06/07/2025", ("en-CA",), None),
        ("06/06/2025", (), datetime(2025, 6, 6, tzinfo=UTC)),
        ("06/07/2025", ("vi",), datetime(2025, 7, 6, tzinfo=UTC)),
        ("06-07-2025", ("fr",), datetime(2025, 7, 6, tzinfo=UTC)),
        ("06/07/2025", ("en_GB",), datetime(2025, 7, 6, tzinfo=UTC)),
        ("06/07/2025", ("en-US",), datetime(2025, 6, 7, tzinfo=UTC)),
        ("06.07.2025", ("en-US",), datetime(2025, 7, 6, tzinfo=UTC)),
        ("13/07/2025", ("en-US",), datetime(2025, 7, 13, tzinfo=UTC)),
        ("Sunday 06/07/2025", (), datetime(2025, 7, 6, tzinfo=UTC)),
        ("Saturday 06/07/2025", (), datetime(2025, 6, 7, tzinfo=UTC)),
        ("Friday 06/07/2025", (), None),
    ],
)
def test_order_of_day_and_month(text: str, langs: tuple[str, ...], day: datetime | None) -> None:
    """Six slash seven is a date only where separator, size, language or weekday say which is the month."""
    assert read(text, *langs) == day


def test_zone_that_means_two_things() -> None:
    """CST is American by RFC 822, Chinese in Chinese, and Chinese where the American one would be in the future."""
    assert read("29 Jun 2026 09:07 CST") == datetime(2026, 6, 29, 15, 7, tzinfo=UTC)
    assert read("29 Jun 2026 09:07 CST", "zh") == datetime(2026, 6, 29, 1, 7, tzinfo=UTC)
    assert read("1 Jul 2026 15:07 CST") == datetime(2026, 7, 1, 7, 7, tzinfo=UTC)
    assert read("29 Jun 2026 09:07 AST", "ar") == datetime(2026, 6, 29, 6, 7, tzinfo=UTC)
    assert read("29 Jun 2026 09:07 IST", "he") == datetime(2026, 6, 29, 7, 7, tzinfo=UTC)
    assert zone_offsets("nosuch", ()) == ()


@given(st.datetimes(EARLIEST.replace(tzinfo=None), NOW.replace(tzinfo=None)), st.integers(-14 * 4, 14 * 4))
@settings(max_examples=200)
def test_written_moments_come_back(moment: datetime, quarters: int) -> None:
    """ISO 8601 and RFC 822 texts with any offset are read as the moment they were written from."""
    offset = timedelta(minutes=15 * quarters)
    exact = moment.replace(microsecond=0, tzinfo=UTC)
    local = exact + offset
    sign, minutes = "-" if quarters < 0 else "+", abs(quarters) * 15
    zone = f"{sign}{minutes // 60:02}{minutes % 60:02}"
    if local >= EARLIEST and plausible(exact, NOW):
        assert read(f"{local:%Y-%m-%dT%H:%M:%S}{zone[:3]}:{zone[3:]}") == exact
        assert read(f"{local:%a, %d %b %Y %H:%M:%S} {zone}") == exact


@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{1,4}[-/. ]\w{1,6}[-/. ]\d{1,4}( \d\d:\d\d)?( [A-Z+:\d]{1,6})?", fullmatch=True)
)
@settings(max_examples=300)
def test_any_text_is_a_plausible_date_or_none(text: str) -> None:
    """No text raises, and no date lies before all news or after tomorrow."""
    dated = parse_date(text, now=NOW)
    assert dated is None or (dated.at is not None and EARLIEST <= dated.at <= NOW + FUTURE_LEEWAY)


@pytest.mark.parametrize(
    "text",
    [
        "31 Dec 9999 23:59:59 -0500",
        "9999-12-31T23:59:59-14:00",
        "31.12.9999 23:59 EST",
        "31 Dec 9999 23:59 CST",
        "9999年12月31日 23:59 GMT-5",
        "99991231T235959-0100",
        "0001-01-01T00:00:00+14:00",
        "1 Jan 0001 00:00 AEST",
        "999999999999.9",
        "9" * 13,
    ],
)
def test_ends_of_the_calendar_are_no_dates(text: str) -> None:
    """A moment that an offset pushes out of the years that can be counted is no date, in any language."""
    assert [read(text, *langs) for langs in ((), ("en-US",), ("zh",))] == [None] * 3


#: the days at and beyond the ends of the calendar and of all news
ENDS = [(0, 1, 1), (1, 1, 1), (1989, 12, 31), (1990, 1, 1), (9999, 12, 31)]


def days_like(year: int, month: int, day: int, word: str) -> list[str]:
    """Return a day, possible or not, in all forms; the word stands for a month."""
    return [
        f"{year:04}-{month:02}-{day:02}", f"{year:04}/{month}/{day}", f"{day:02}.{month:02}.{year:04}",
        f"{month}/{day}/{year:04}", f"{year:04}{month:02}{day:02}", f"{year:04}年{month}月{day}日",
        f"Fri, {day} {word} {year:04}", f"{word} {day}, {year:04}", f"{year:04} {word} {day}", f"{day} {word} {year % 100:02}",
    ]  # fmt: skip


def clocks_like(hour: int, rest: int) -> list[str]:
    """Return a time of day, possible or not, in all forms."""
    return [
        "", f" {hour:02}:{rest:02}:{rest:02}", f"T{hour:02}:{rest:02}", f"T{hour:02}{rest:02}{rest:02}",
        f" {hour % 13}:{rest:02} pm", f" {hour}时{rest}分", f", {hour}h{rest:02}",
    ]  # fmt: skip


def zones_like(quarters: int) -> list[str]:
    """Return an offset of so many quarters of an hour in all forms, and names of zones."""
    sign, hours, minutes = "-" if quarters < 0 else "+", abs(quarters) // 4, abs(quarters) % 4 * 15
    offsets = [f" {sign}{hours:02}{minutes:02}", f"{sign}{hours:02}:{minutes:02}", f" (GMT{sign}{hours})"]
    return ["", "Z", *offsets, " CST", " EST", " AEST", " IST", " MSK"]


@st.composite
def date_like(draw: st.DrawFn) -> str:
    """Return a text in the form of a date, with numbers at and beyond the ends of their ranges."""
    inside = st.tuples(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
    word = draw(st.sampled_from(["Dec", "January", "декабря", "décembre", "ديسمبر", "tháng 12"]))
    year, month, day = draw(st.sampled_from(ENDS) | inside)
    hour, rest = draw(st.sampled_from([0, 12, 23]) | st.integers(0, 24)), draw(st.sampled_from([0, 30, 59, 60]))
    forms = days_like(year, month, day, word), clocks_like(hour, rest), zones_like(draw(st.integers(-14 * 4, 14 * 4)))
    return "".join(draw(st.sampled_from(form)) for form in forms)


@given(
    date_like() | st.integers(0, 10**13).map(str),
    st.sampled_from([(), ("en-US",), ("en-GB",), ("zh",), ("vi",), ("ar",)]),
)
@example("31 Dec 9999 23:59:59 -0500", ())
@settings(max_examples=500)
def test_date_like_text_is_a_plausible_date_or_none(text: str, langs: tuple[str, ...]) -> None:
    """Whatever year, offset and form a text has, nothing escapes, and no date is out of bounds."""
    at = read(text, *langs)
    assert at is None or EARLIEST <= at <= NOW + FUTURE_LEEWAY


def test_words_of_dates_mean_one_thing() -> None:
    """All twelve months and seven days are known, and no word is both a month and a weekday."""
    assert set(month_words().values()) == set(range(1, 13))
    assert set(weekday_words().values()) == set(range(7))
    assert not set(month_words()) & set(weekday_words())
    assert {"en", "az", "ru", "vi", "fr", "es", "ar", "zh", "tr", "de", "pt"} <= set(LANGS)


def dated(origin: DateOrigin, at: datetime | None = DAY, *, has_time: bool = True) -> Dated:
    """Return a date of some origin."""
    return Dated(at, origin, has_time)


def test_the_most_trusted_origin_decides() -> None:
    """The feed is believed before the page's data, those before its lines, those before the address."""
    options = [dated(origin, DAY - timedelta(days=3 * number)) for number, origin in enumerate(DateOrigin)]
    for start in range(len(options)):
        assert decide_date(reversed(options[start:]), now=NOW) == options[start]


def test_implausible_dates_do_not_decide() -> None:
    """A date in the future or before all news gives way to a less trusted one, and alone it is unknown."""
    late = dated(DateOrigin.FEED, NOW + timedelta(days=3))
    early = dated(DateOrigin.META, EARLIEST - timedelta(seconds=1))
    url = dated(DateOrigin.URL)
    assert decide_date([late, early, url], now=NOW) == url
    assert decide_date([late, early, dated(DateOrigin.VISIBLE, None)], now=NOW) == Dated()
    assert decide_date([], now=NOW) == Dated()


def test_time_of_day_is_taken_from_the_same_day() -> None:
    """A trusted day without a time takes the time of a less trusted date of that day, not of another."""
    day = dated(DateOrigin.FEED, has_time=False)
    same = dated(DateOrigin.META, DAY + timedelta(hours=9))
    other = dated(DateOrigin.META, DAY + timedelta(days=1, hours=9))
    assert decide_date([day, same], now=NOW) == same
    assert decide_date([day, other], now=NOW) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2026/06/29/seizure", DAY),
        ("https://a.example/news/2026-06-29-seizure", DAY),
        ("https://a.example/2026/06/", None),
        ("https://a.example/2026/13/29/x", None),
        ("https://a.example/2031/01/01/x", None),
        ("https://a.example/20260629/x", None),
        ("https://a.example/a?d=/2026/06-29/", None),
    ],
)
def test_day_in_an_address(url: str, day: datetime | None) -> None:
    """An address gives a day only as year, month and day in a row."""
    found = url_date(url, now=NOW)
    assert (found.at, found.has_time if day else False) == (day, False)
    assert found.evidence == (url if day else None)


@pytest.mark.parametrize("half", ["am", "am.", "a.m", "a.m.", "pm", "pm.", "p.m", "p.m."])
def test_halves_of_the_day_are_read_with_any_dots(half: str) -> None:
    """However the half of the day is abbreviated, an hour of the clock face is read."""
    read = parse_date(f"June 5, 2026, 9 {half}", now=datetime(2026, 11, 22, tzinfo=UTC))
    assert read
    assert read.at
    assert read.at.hour == (9 if half[0] == "a" else 21)


@given(
    st.datetimes(EARLIEST.replace(tzinfo=None) + timedelta(1), NOW.replace(tzinfo=None) - timedelta(1)),
    st.sampled_from(["Z", "+00:00", "-00:00", "+05:30", "-11:45", "+12:00"]),
)
@settings(max_examples=60)
def test_the_shortcut_reads_what_the_grammar_reads(moment: datetime, zone: str) -> None:
    """The commonest form of ISO 8601 gives the same moment with and without the grammar."""
    written = f"{moment:%Y-%m-%dT%H:%M:%S}{zone}"
    quick = parse_date(written, now=NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_instant", lambda _text: None)
        assert parse_date(written, now=NOW) == quick
    assert quick is not None
    assert dates._instant(written.casefold()) == quick.at
    assert dates._instant(f"{moment:%Y-%m-%d}t24:00:00z") is None
