"""The words of dates in the languages we read: months, weekdays, halves of the day, time zones.

The names come from the locale data of dateparser; no month name means two months in these languages (measured over all
pairs), so a text need not say its language. Its parser is not used: it guesses what a text leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from dateparser.languages.loader import default_loader

from monitor.ingest.phrases import plain

LANGS = (
    "en", "az", "ru", "vi", "fr", "es", "ar", "zh", "tr", "de", "pt", "it", "pl", "uk", "nl", "ro", "id", "kk", "uz",
    "ka", "hy", "fa", "ja", "ko", "bg", "cs", "el", "he", "sv", "fi", "hu",
)  # fmt: skip
#: written numbers first year then month then day, so day/month/year with slashes means nothing there
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "fa"})
_DAY_FIRST_REGIONS = frozenset({"gb", "uk", "ie", "au", "nz", "in", "za", "sg", "hk", "my", "ng", "ke", "gh", "pk"})
_SHORTEST = 3
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: names that the locale data lack: Levantine Arabic months, inflected Azerbaijani is never used in dates
_MORE_MONTHS = {
    "كانون الثاني": 1, "شباط": 2, "اذار": 3, "نيسان": 4, "ايار": 5, "حزيران": 6, "تموز": 7, "اب": 8, "ايلول": 9,
    "تشرين الاول": 10, "تشرين الثاني": 11, "كانون الاول": 12, "sept": 9,
}  # fmt: skip

#: hours from UTC; where an abbreviation has several meanings the usual one in news written in English comes first
_ZONES: dict[str, tuple[float, ...]] = {
    "z": (0,), "utc": (0,), "gmt": (0,), "ut": (0,), "wet": (0,),
    # fixed by RFC 822, but China writes CST too: see `zone_offsets`
    "est": (-5,), "edt": (-4,), "cst": (-6, 8), "cdt": (-5,), "mst": (-7,), "mdt": (-6,), "pst": (-8,), "pdt": (-7,),
    "akst": (-9,), "akdt": (-8,), "hst": (-10,), "brt": (-3,), "clt": (-4,), "pet": (-5,), "cot": (-5,),
    "cet": (1,), "mez": (1,), "cest": (2,), "mesz": (2,), "eet": (2,), "eest": (3,), "west": (1,), "wat": (1,),
    "cat": (2,), "sast": (2,), "eat": (3,), "msk": (3,), "мск": (3,), "trt": (3,), "azt": (4,), "gst": (4,),
    "pkt": (5,), "uzt": (5,), "npt": (5.75,), "ict": (7,), "wib": (7,), "wita": (8,), "wit": (9,), "hkt": (8,),
    "sgt": (8,), "myt": (8,), "pht": (8,), "awst": (8,), "jst": (9,), "kst": (9,), "acst": (9.5,), "acdt": (10.5,),
    "aest": (10,), "aedt": (11,), "nzst": (12,), "nzdt": (13,),
    # India, then Ireland in summer; Israel's own media write their offset
    "ist": (5.5, 1),
    # Britain in summer, then Bangladesh
    "bst": (1, 6),
}  # fmt: skip
#: the meaning that the language of a source decides
_ZONES_OF: dict[tuple[str, str], float] = {
    ("cst", "zh"): 8, ("ist", "he"): 2, ("ist", "ga"): 1, ("bst", "bn"): 6, ("ast", "ar"): 3,
}  # fmt: skip


@cache
def month_words() -> dict[str, int]:
    """Return the month for every name and abbreviation of one, in matching form."""
    return {
        **{word: month for month, word in _named(_MONTHS) if not word[0].isdigit()},
        **{plain(word): month for word, month in _MORE_MONTHS.items()},
    }


@cache
def weekday_words() -> dict[str, int]:
    """Return the weekday (Monday is 0) for every name of one; two-letter forms mean different days and are left out."""
    found = {word: day - 1 for day, word in _named(_WEEKDAYS) if not _is_abbreviation(word)}
    return {word: day for word, day in found.items() if word not in month_words()}


@cache
def weekday_abbreviations() -> frozenset[str]:
    """Return the two-letter forms of weekdays: they say nothing, but may stand beside a date."""
    return frozenset(word for _, word in _named(_WEEKDAYS) if _is_abbreviation(word)) - month_words().keys()


def _is_abbreviation(word: str) -> bool:
    """Tell whether a name of a weekday is one of two letters, as several languages share them."""
    return len(word) < _SHORTEST and word.isascii()


@cache
def meridiem_words() -> dict[str, int]:
    """Return 0 for the names of the first half of the day and 12 for those of the second."""
    return {word: 12 * (half - 1) for half, word in _named(("am", "pm"))} | {"a.m.": 0, "p.m.": 12, "a.m": 0, "p.m": 12}


def zone_words() -> tuple[str, ...]:
    """Return the abbreviations of time zones that are known."""
    return (*_ZONES, "ast")


def zone_offsets(word: str, langs: Sequence[str]) -> tuple[timedelta, ...]:
    """Return the offsets from UTC that an abbreviation may mean, the likeliest first; none when it is unknown."""
    decided = [hours for lang in langs if (hours := _ZONES_OF.get((word, lang[:2].lower()))) is not None]
    return tuple(timedelta(hours=hours) for hours in (*decided, *_ZONES.get(word, ())))


def day_comes_first(separator: str, langs: Sequence[str]) -> bool | None:
    """Tell whether 6/7/2026 is the sixth day of a month; None where it could be either."""
    if separator == ".":
        return True
    for lang in langs:
        language, _, region = lang.lower().replace("_", "-").partition("-")
        if language == "en" and region:
            return region in _DAY_FIRST_REGIONS if region in {*_DAY_FIRST_REGIONS, "us"} else None
        if language != "en" and language not in _YEAR_FIRST:
            return True
    return None


def _named(keys: Sequence[str]) -> list[tuple[int, str]]:
    """Return the number (from 1) and each name of the given locale entries, over all languages."""
    return [
        (number, plain(word).rstrip("."))
        for lang in reversed(LANGS)
        for number, key in enumerate(keys, 1)
        for word in default_loader.get_locale(lang).info.get(key, ())
    ]
