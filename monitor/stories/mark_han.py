"""Edition marks in Chinese, which has no blanks to cut words at: sessions, operations, acts and periods by pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from monitor.stories import mark_calendar as cal
from monitor.stories.mark_base import Mark, Segment
from monitor.stories.mark_calendar import Period
from monitor.stories.mark_numbers import english_ordinal, roman_value

_HAN = re.compile(r"[\u4e00-\u9fff]")
_DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2}
_NUMBER = r"(?:\d{1,3}|[〇零一二三四五六七八九十百两]{1,7})"

_ORDINAL = re.compile(
    rf"(?<!年)(?<!年内)(?<!本月)(?<!本周)第\s?({_NUMBER})(?:\s?/\s?第?({_NUMBER}))?\s?([届屆次回轮輪期])"
)
#: what follows the counted word, nearest first
_NOUNS = (
    ("package", re.compile(r"制裁")),
    ("round", re.compile(r"谈判|談判|磋商")),
    ("consultation", re.compile(r"磋商|协商")),
    ("forum", re.compile(r"论坛|論壇")),
    ("summit", re.compile(r"峰会|峰會")),
    ("congress", re.compile(r"代表大会|代表大會")),
    ("exhibition", re.compile(r"博览会|博覽會|进博会|广交会|展览会|交易会")),
    ("conference", re.compile(r"大会|大會|研讨会|年会")),
    ("session", re.compile(r"会议|會議|例会|全会|全體會議|理事会|委员会")),
)
_ROUND_COUNTERS = frozenset("轮輪")
_REACH = 16
_BODY = re.compile(r"[\u4e00-\u9fff]{0,10}?(委员会|委員會|理事会|理事會|工作组)")
_BODIES = {"委员会": "commission", "委員會": "commission", "理事会": "council", "理事會": "council", "工作组": "group"}
#: the organisation and the verb before a body are not part of its name
_BEFORE_NAME = re.compile(r"^.*(?:组织|組織|联盟|协会|召开|举行|出席|参加|[的在])")

_OPERATION = re.compile(r'"([^"\d]{1,12}?)[-\u00b7 ]?([IVX]{1,4}|\d{1,4})"[^"\u3002,\uff0c]{0,14}(?:行动|行動)')
#: "“苍鹭”第三期联合行动": the count stands behind the name
_COUNTED_OPERATION = re.compile(
    rf'"([^"\d]{{1,12}})"[^"\u3002,\uff0c]{{0,6}}?第({_NUMBER})[期次轮阶][^"\u3002,\uff0c]{{0,8}}?(?:行动|行動)'
)
_ACTS = (("notice", "公告|通告"), ("order", "令"), ("circular", "通知"), ("decision", "决定"), ("decree", "条例"))
_ACT_KINDS = "|".join(words for _, words in _ACTS)
_ACT = re.compile(
    rf"(?:(?P<before>{_ACT_KINDS})[(\s]{{0,2}})?(?:(?P<year>\d{{4}})年)?第(?P<number>\d{{1,5}})号[)\s]{{0,2}}(?P<after>{_ACT_KINDS})?"
)
_REPORT = re.compile(
    r"税收|关税收入|征税|入库|进出口|出口|进口|外贸|贸易|收入|统计|数据|同比|环比|增长|下降|价格|指数|业绩|利润|成交|货运量|通关量"
)
_YEAR = r"(?:(\d{4})年)?"
_NOT_BEFORE = r"(?<![比较自从至到与和同\d])"
_MONTHS = re.compile(rf"{_YEAR}(?:前({_NUMBER})个?月|1月?\s?[-至到]\s?(\d{{1,2}})月)(?!\d{{0,2}}日)")
_DAYS = re.compile(rf"{_YEAR}(\d{{1,2}})月(\d{{1,2}})日?\s?[-至到]\s?(\d{{1,2}})日")
_HALF_MONTH = re.compile(rf"{_YEAR}(\d{{1,2}})月份?(上半月|下半月|上旬|中旬|下旬)")
_QUARTER = re.compile(rf"{_NOT_BEFORE}{_YEAR}第?([一二三四1-4])季度")
_QUARTERS = re.compile(rf"{_YEAR}前([二两三])个?季度")
_HALF = re.compile(rf"{_NOT_BEFORE}{_YEAR}(上半年|下半年)")
_MONTH = re.compile(rf"{_NOT_BEFORE}{_YEAR}(\d{{1,2}})月份?(?!\d|\s?[-至到]|[上中下]半?[月旬]|以来|起|前|后)")
_PARTS_OF_MONTH = {"上半月": (1, 15), "下半月": (16, 31), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_MONTHS_IN_YEAR = 12


def han_marks(segment: Segment) -> Iterator[Mark]:
    """Yield the marks of a title or sentence in Chinese."""
    if _HAN.search(segment.raw):
        yield from _sessions(segment)
        yield from _operations(segment)
        yield from _acts(segment)


def han_periods(segment: Segment, published: datetime | None) -> Iterator[Mark]:
    """Yield the periods of a title or sentence in Chinese, whether or not it is a report that speaks of them."""
    if _HAN.search(segment.raw):
        yield from _periods(segment, published)


def speaks_of_periods_in_han(segment: Segment) -> bool:
    """Tell whether a title or sentence in Chinese speaks of what is reported by periods."""
    return _REPORT.search(segment.raw) is not None


def han_number(text: str) -> int:
    """Return the value of a number below 1000 in Chinese or Arabic numerals, 0 for what is none."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return total + digit


def _sessions(segment: Segment) -> Iterator[Mark]:
    """Yield "政策委员会第90届会议", "第十五轮制裁"."""
    for match in _ORDINAL.finditer(segment.raw):
        values = [n for n in (han_number(match[1]), han_number(match[2] or "")) if n]
        base = _noun(segment.raw[match.end() : match.end() + _REACH], match[3])
        if base is None or not values or values == [1]:
            continue
        kind, name = _body(segment.raw, match.start(), match.end())
        yield Mark(
            kind="session",
            head=f"{base}:{kind}" if kind else base,
            values=frozenset(map(str, values)),
            label="/".join(map(english_ordinal, values)),
            where=segment.where,
            quote=match[0],
            subject=name,
        )


def _noun(follower: str, counter: str) -> str | None:
    """Return what is counted, the nearest of the nouns that follow."""
    found = [(match.start(), base) for base, pattern in _NOUNS if (match := pattern.search(follower))]
    if counter in _ROUND_COUNTERS:
        return next((base for _, base in sorted(found) if base == "package"), "round")
    return min(found)[1] if found else None


def _body(raw: str, start: int, stop: int) -> tuple[str, str]:
    """Return class and name of the body that stands before a session's number, else behind it."""
    before = list(_BODY.finditer(raw, max(start - _REACH, 0), start))
    match = before[-1] if before else _BODY.search(raw, stop, stop + _REACH)
    return (_BODIES[match[1]], _BEFORE_NAME.sub("", match[0])) if match else ("", "")


def _operations(segment: Segment) -> Iterator[Mark]:
    """Yield "“银网-5”行动"."""
    for match in _OPERATION.finditer(segment.raw):
        value = str(roman_value(match[2]) or int(match[2]))
        yield _operation(segment, match, value)
    for match in _COUNTED_OPERATION.finditer(segment.raw):
        yield _operation(segment, match, str(han_number(match[2])))


def _operation(segment: Segment, match: re.Match[str], value: str) -> Mark:
    """Return the mark of an operation whose name and number were matched."""
    name = match[1].strip()
    return Mark("operation", f"operation {name}", frozenset([value]), match[2], segment.where, match[0], subject=name)


def han_gathering(segment: Segment) -> tuple[str, tuple[str | None, str, str, str]] | None:
    """Return what gathers over several days, and these days as year, month, first and last, None without both."""
    noun = next((base for base, pattern in _NOUNS if base != "session" and pattern.search(segment.raw)), None)
    days = _DAYS.search(segment.raw)
    if days is None or (noun is None and not re.search("会议|會議", segment.raw)):
        return None
    return noun or "session", (days[1], days[2], days[3], days[4])


def _acts(segment: Segment) -> Iterator[Mark]:
    """Yield "公告2026年第12号", "第12号令" of a title or of the very first sentence."""
    for match in _ACT.finditer(segment.raw) if not segment.index else ():
        words = match["after"] or match["before"]
        if words:
            kind = next(kind for kind, alternatives in _ACTS if words in alternatives.split("|"))
            number, year = int(match["number"]), match["year"]
            value = f"{number}-{year}" if year else str(number)
            yield Mark("act", kind, frozenset([value]), f"No. {value.replace('-', '/')}", segment.where, match[0])


def _periods(segment: Segment, published: datetime | None) -> Iterator[Mark]:
    """Yield the periods a report is about, longer forms first, each stretch of text read once."""
    rest = segment.raw
    for pattern, read in _READERS:
        for match in pattern.finditer(rest):
            for period in read(match, published):
                head = f"period:{period.unit}"
                yield Mark("period", head, frozenset([period.value]), period.label, segment.where, match[0])
        rest = pattern.sub(lambda m: "\u3000" * len(m[0]), rest)


def _year(text: str | None) -> int | None:
    """Return the year of a match, when it names one."""
    return int(text) if text else None


def _read_days(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "1月1日至15日"."""
    return _checked(int(match[2]), (int(match[3]), int(match[4])), _year(match[1]), published)


def _read_part_of_month(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "1月上半月"."""
    return _checked(int(match[2]), _PARTS_OF_MONTH[match[3]], _year(match[1]), published)


def _checked(month: int, days: tuple[int, int], year: int | None, published: datetime | None) -> tuple[Period, ...]:
    """Return the days of a month as a period, when they are one."""
    if not 1 <= month <= _MONTHS_IN_YEAR:
        return ()
    period = cal.days_period(*days, month, year, published)
    return (period,) if period else ()


def _read_months(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "前11个月", "1-11月"."""
    last = han_number(match[2] or match[3])
    return cal.months_period(last, _year(match[1]), published) if 1 < last <= _MONTHS_IN_YEAR else ()


def _read_quarters(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "前三季度"."""
    return cal.months_period(3 * han_number(match[2]), _year(match[1]), published)


def _read_quarter(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "第二季度", "2025年二季度"."""
    return cal.quarter_period(han_number(match[2]), _year(match[1]), published)


def _read_half(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "上半年"."""
    return cal.half_period(1 if match[2].startswith("上") else 2, _year(match[1]), published)


def _read_month(match: re.Match[str], published: datetime | None) -> tuple[Period, ...]:
    """Read "1月", "2026年1月份"."""
    month = int(match[2])
    if not 1 <= month <= _MONTHS_IN_YEAR:
        return ()
    period = cal.month_period(month, _year(match[1]), published, ahead=False)
    return (period,) if period else ()


_READERS = (
    (_DAYS, _read_days), (_HALF_MONTH, _read_part_of_month), (_MONTHS, _read_months), (_QUARTERS, _read_quarters),
    (_QUARTER, _read_quarter), (_HALF, _read_half), (_MONTH, _read_month),
)  # fmt: skip
