"""Writes days of other calendars, and of numerals in words, as year-month-day of ours; pure.

Reads the Buddhist years of Thailand and Laos (543 more), the solar calendar of Iran and Afghanistan, the eras of Japan
and Taiwan, Chinese numerals, and months of Indic scripts, whose signs the matching form of `dates` loses. The lunar
calendar of Islam is left alone: it may be off by a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from unicodedata import decimal, normalize

import regex

_BUDDHIST = 543
#: years in which no news of ours are written, but theirs are: 1990 to 2057
_BUDDHIST_YEARS = range(2533, 2601)
_SOLAR_YEARS = range(1369, 1437)
#: the first day of the year 1 in the solar calendar, counted by the rule of 33 years (right from 1178 to 1633)
_SOLAR_EPOCH = date(622, 3, 21)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "中華民國": 1911, "民國": 1911, "民国": 1911}
_NUMERALS = {letter: str(number) for number, letter in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "元": "1",
}
_HAN = regex.compile(r"[〇零○一二三四五六七八九十]+(?=[年月日])")
_MONTHS = {
    "th": (
        "มกราคม|ม.ค.", "กุมภาพันธ์|ก.พ.", "มีนาคม|มี.ค.", "เมษายน|เม.ย.", "พฤษภาคม|พ.ค.", "มิถุนายน|มิ.ย.",
        "กรกฎาคม|ก.ค.", "สิงหาคม|ส.ค.", "กันยายน|ก.ย.", "ตุลาคม|ต.ค.", "พฤศจิกายน|พ.ย.", "ธันวาคม|ธ.ค.",
    ),
    "lo": (
        "ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ", "ກໍລະກົດ", "ສິງຫາ", "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ",
    ),
    "hi": (
        "जनवरी", "फ़रवरी|फरवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर|सितम्बर", "अक्टूबर|अक्तूबर",
        "नवंबर|नवम्बर", "दिसंबर|दिसम्बर",
    ),
    "bn": (
        "জানুয়ারি|জানুয়ারী", "ফেব্রুয়ারি|ফেব্রুয়ারী", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট|অগস্ট", "সেপ্টেম্বর", "অক্টোবর",
        "নভেম্বর", "ডিসেম্বর",
    ),
}  # fmt: skip
_SOLAR_MONTHS = (
    "فروردین|حمل", "اردیبهشت|ثور", "خرداد|جوزا", "تیر|سرطان", "مرداد|اسد", "شهریور|سنبله", "مهر|میزان", "آبان|عقرب",
    "آذر|قوس", "دی|جدی", "بهمن|دلو", "اسفند|حوت",
)  # fmt: skip
#: Arabic keyboards write two letters of Persian another way
_PERSIAN = str.maketrans("يك", "یک")


def gregorian(text: str) -> str:
    """Return a text with its day in our calendar; one that has none in another calendar stays as it is."""
    if text.isascii() and not _foreign_year().search(text):
        return text
    ours = "".join(str(decimal(one)) if one.isdecimal() else one for one in normalize("NFC", text))
    plain: str = _HAN.sub(lambda found: _number(found[0]), ours)
    persian = plain.translate(_PERSIAN)
    for pattern, read in _readers():
        if (found := pattern.search(persian)) and (day := read(found)):
            return f"{plain[: found.start()]} {day:%Y-%m-%d} {plain[found.end() :]}"
    return plain


@cache
def _foreign_year() -> regex.Pattern[str]:
    """Return the pattern of a year that is none of ours."""
    return regex.compile(r"(?<!\d)(?:25[3-9]\d|2600|13[6-9]\d|14[0-3]\d)(?!\d)")


@cache
def _readers() -> tuple[tuple[regex.Pattern[str], Callable[[regex.Match[str]], date | None]], ...]:
    """Return the forms of days with what reads them."""
    named = _alternatives(name for months in _MONTHS.values() for name in months)
    solar, eras = _alternatives(_SOLAR_MONTHS), "|".join(_ERAS)
    between = r"[\s,،]*"
    return (
        (regex.compile(rf"(?P<era>{eras})\s?(?P<y>\d{{1,3}}|元)年\s?(?P<m>\d\d?)月\s?(?P<d>\d\d?)日"), _of_era),
        (regex.compile(rf"(?<!\d)(?P<d>\d\d?){between}(?P<mon>{solar}){between}(?P<y>1[34]\d\d)(?!\d)"), _solar),
        (regex.compile(r"(?<!\d)(?P<y>1[34]\d\d)(?P<s>[/.-])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?!\d)"), _solar),
        (
            regex.compile(
                rf"(?<!\d)(?P<d>\d\d?){between}(?P<mon>{named}){between}(?:[พค]\.ศ\.)?\s*(?P<y>\d{{4}}|\d\d)(?!\d)"
            ),
            _named,
        ),
        (regex.compile(r"(?<!\d)(?P<d>\d\d?)(?P<s>[/.-])(?P<m>\d\d?)(?P=s)(?P<y>2[56]\d\d)(?!\d)"), _buddhist),
        (regex.compile(r"(?<!\d)(?P<y>2[56]\d\d)(?P<s>[/.-])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?!\d)"), _buddhist),
    )


def _alternatives(names: Iterable[str]) -> str:
    """Return the pattern of some names, each with its variants."""
    found = sorted((one for name in names for one in name.split("|")), key=len, reverse=True)
    return "|".join(regex.escape(normalize("NFC", one)) for one in found)


@cache
def _month_of() -> dict[str, int]:
    """Return the month for every name."""
    return {
        normalize("NFC", one): number
        for months in (*_MONTHS.values(), _SOLAR_MONTHS)
        for number, name in enumerate(months, 1)
        for one in name.split("|")
    }


def _number(numerals: str) -> str:
    """Return a Chinese number of up to two places, or the digits of a year, in our digits."""
    if "十" not in numerals:
        return "".join(_NUMERALS[one] for one in numerals)
    tens, _, ones = numerals.partition("十")
    return f"{_NUMERALS.get(tens[-1:], '1')}{_NUMERALS.get(ones[:1], '0')}"


def _of_era(found: regex.Match[str]) -> date | None:
    """Return a day that is counted from the beginning of an era."""
    year = 1 if found["y"] == "元" else int(found["y"])
    return _day(_ERAS[found["era"]] + year, int(found["m"]), int(found["d"]))


def _named(found: regex.Match[str]) -> date | None:
    """Return a day with a month of our calendar, and a year of ours or of Buddha; two digits are of the latter."""
    year = int(found["y"]) + (2500 if len(found["y"]) == len("yy") else 0)
    if len(found["y"]) == len("yy") and found["mon"] not in _thai():
        return None
    return _day(year - _BUDDHIST if year in _BUDDHIST_YEARS else year, _month_of()[found["mon"]], int(found["d"]))


@cache
def _thai() -> frozenset[str]:
    """Return the names of months where years are counted from Buddha."""
    return frozenset(normalize("NFC", one) for name in _MONTHS["th"] for one in name.split("|"))


def _buddhist(found: regex.Match[str]) -> date | None:
    """Return a numeric day of a year of Buddha, whose day comes before its month."""
    year = int(found["y"])
    return _day(year - _BUDDHIST, int(found["m"]), int(found["d"])) if year in _BUDDHIST_YEARS else None


def _solar(found: regex.Match[str]) -> date | None:
    """Return a day of the solar calendar of Iran: six months of 31 days, then five of 30; leap years by 33."""
    parts = found.groupdict()
    year, day = int(parts["y"]), int(parts["d"])
    month = _month_of()[parts["mon"]] if "mon" in parts else int(parts["m"])
    if year not in _SOLAR_YEARS or not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):  # noqa: PLR2004
        return None
    past = 365 * (year - 1) + (8 * year + 21) // 33
    months = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)  # noqa: PLR2004  half of the months are longer
    return _SOLAR_EPOCH + timedelta(days=past + months + day - 1)


def _day(year: int, month: int, day: int) -> date | None:
    """Return a day, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
