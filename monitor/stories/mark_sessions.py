"""Session marks: which numbered gathering of which kind of body a title or sentence speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.stories.mark_base import BREAKS, Mark, Segment
from monitor.stories.mark_numbers import Number, english_ordinal, read_number, roman_value

#: how far an ordinal reaches to its noun: "13th ASEAN - World Customs Organization (WCO) Consultation"
_REACH = 8
#: of the words in between, so many may be small: "88th regular plenary session"
_SMALL_WORDS = 2
#: "Hội nghị Tổng cục trưởng Hải quan ASEAN lần thứ 33"
_REACH_BACK = 12
_BODY_REACH = 12
#: the six main committees of the United Nations are names, not editions
_LOWEST_OF_A_BODY = 7
_ARTICLES = frozenset(["the", "its", "this"])
_COUNTED_ONE_BY_ONE = frozenset(["session", "meeting", "assembly", "conference", "forum", "congress", "summit"])
_VIETNAMESE_MARKERS = frozenset(["thứ", "lần"])
_FORMAL_SITTINGS = frozenset(["kỳ", "phiên", "khóa", "khoá", "cuộc"])
_SATURDAY = 7
_ARABIC_DEFINITE = ("ال", "لل", "بال", "وال", "دورت", "اجتماعه")
#: editions of ten and more are counted from the founding, fewer may be counted within the year
_FORMAL = 10
#: the 117th Congress is a parliament, which is cited in news of all kinds
_LEGISLATURE = 100
_TIME_REACH = 3
_YEARS = range(1950, 2100)
_YEARLY = frozenset(["conference", "forum", "congress", "summit", "exhibition"])
_BODY_FIRST = frozenset(["fr", "es", "pt", "it", "vi", "ar"])
_NAME_WORDS = 3
_ACRONYM = 2


def session_marks(segment: Segment) -> Iterator[Mark]:
    """Yield the marks of numbered sessions, conferences, rounds and the like in one segment."""
    if not segment.categories & {"noun", "body"}:
        return
    i = 0
    while i < len(segment.words):
        number = read_number(segment, i)
        if number is not None and (noun := _noun_of(segment, i, number)) is not None:
            yield _mark(segment, i, number, noun)
        elif number is None:
            yield from _year_mark(segment, i)
        i = number.stop if number else i + 1


def _noun_of(segment: Segment, i: int, number: Number) -> int | None:
    """Return which word a number counts, if it counts editions."""
    found = _counted_noun(segment, i, number)
    if found is None or (number.values[0] < _FORMAL and _counts_within_a_time(segment, max(found + 1, number.stop))):
        return None
    base = segment.senses[found].get("noun")
    is_legislature = base == "congress" and number.values[0] >= _LEGISLATURE
    return None if is_legislature or (base == "round" and "talks" not in segment.categories) else found


def _counts_within_a_time(segment: Segment, stop: int) -> bool:
    """Tell whether what follows a gathering shows that it is counted by the way: "third meeting in a month"."""
    return any(segment.has(k, "no_edition") for k in range(stop, min(stop + _TIME_REACH, len(segment.words))))


def _counted_noun(segment: Segment, i: int, number: Number) -> int | None:
    """Return the noun of a number, behind it or ahead of it."""
    if segment.has(i - 1, "no_edition") or (number.values == (1,) and number.form in {"word", "plain"}):
        return None
    if (behind := _noun_behind(segment, i, number)) is not None:
        return behind
    if number.form == "plain" and not _plain_edition(segment, i, number):
        return None
    if number.form == "roman" and len(segment.written(i)) == 1 and segment.lang in {"en", ""}:
        return None
    return _noun_ahead(segment, number)


def _plain_edition(segment: Segment, i: int, number: Number) -> bool:
    """Tell whether a bare number before a noun counts editions: "its 90 assembly", "141/142 session"."""
    if len(number.values) > 1:
        return True
    follower = segment.words[number.stop] if number.stop < len(segment.words) else ""
    return follower in _COUNTED_ONE_BY_ONE and i > 0 and segment.words[i - 1] in _ARTICLES


def _noun_ahead(segment: Segment, number: Number) -> int | None:
    """Return the noun that an ordinal stands before; a body only when no gathering follows."""
    small, body = 0, None
    for k in range(number.stop, min(number.stop + _REACH, len(segment.words))):
        if BREAKS & set(segment.gap(k - 1)) and not (k == number.stop and number.form == "dotted"):
            break
        if segment.has(k, "noun"):
            return k
        if segment.has(k, "function") or segment.has(k, "no_edition"):
            break
        if segment.has(k, "body") and number.values[0] >= _LOWEST_OF_A_BODY:
            body = k
        small += not segment.written(k)[0].isupper()
        if small > _SMALL_WORDS:
            break
    return body


def _noun_behind(segment: Segment, i: int, number: Number) -> int | None:
    """Return the noun that a number stands after: "Khóa họp lần thứ 90", "الدورة 90", "Session No. 90"."""
    last = i - 1
    if segment.words[i] in _VIETNAMESE_MARKERS or (last >= 0 and segment.words[last] in _VIETNAMESE_MARKERS):
        return _vietnamese_noun(segment, i, number)
    if segment.has(last, "number"):
        return _last_noun(segment, last - 1, 1)
    if last < 0 or BREAKS & set(segment.gap(last)) or segment.has(number.stop, "month"):
        return None
    if _is_arabic(segment.words[last]):
        found = _last_noun(segment, last, 2)
        # "اجتماع 12 وزيرا" is a meeting of twelve, only "الدورة 90" is a number
        definite = found is not None and segment.written(found).startswith(_ARABIC_DEFINITE)
        return found if definite or number.form != "plain" else None
    if number.form in {"ordinal", "word", "roman"} and number.values[0] > 1 and segment.lang in _BODY_FIRST:
        return _last_noun(segment, last, 1)
    return None


def _vietnamese_noun(segment: Segment, i: int, number: Number) -> int | None:
    """Return the noun of "lần thứ 90" and "thứ 90"; "thứ hai" to "thứ bảy" alone are days of the week."""
    markers = segment.words[max(i - 2, 0) : i + 1]
    found = _last_noun(segment, i - 1, _REACH_BACK)
    if found is None or (segment.words[found] == "họp" and segment.words[found - 1] not in _FORMAL_SITTINGS):
        return None
    adjacent = found >= i - 1 - (segment.words[i] not in _VIETNAMESE_MARKERS)
    return found if "lần" in markers or adjacent or number.values[0] > _SATURDAY else None


def _last_noun(segment: Segment, last: int, reach: int) -> int | None:
    """Return the nearest noun at or before a word, within reach and the same clause."""
    for k in range(last, max(last - reach, -1), -1):
        if segment.has(k, "noun"):
            return k
        if k and BREAKS & set(segment.gap(k - 1)):
            return None
    return None


def _is_arabic(word: str) -> bool:
    """Tell whether a word is in Arabic script."""
    return "\u0621" <= word[0] <= "\u064a"


def _mark(segment: Segment, i: int, number: Number, noun: int) -> Mark:
    """Return the mark of a number and the noun it counts."""
    body = _body_of(segment, i, number, noun)
    base = segment.senses[noun].get("noun", "session")
    start, stop = min(i, noun), max(number.stop, noun + 1)
    return Mark(
        kind="session",
        head=f"{base}:{segment.senses[body]['body']}" if body is not None else base,
        values=frozenset(map(str, number.values)),
        label="/".join(map(english_ordinal, number.values)),
        where=segment.where,
        quote=segment.quote(start, stop),
        subject=(_body_name(segment, body) if body is not None else "") or _between(segment, number.stop, noun),
    )


def _between(segment: Segment, start: int, noun: int) -> str:
    """Return the words between an ordinal and its noun, which name a gathering that has no body: "ASEAN-WCO"."""
    return " ".join(segment.written(k) for k in range(start, noun))


def _body_of(segment: Segment, i: int, number: Number, noun: int) -> int | None:
    """Return the body that meets: named with the noun, else the next one after it, else the last one before."""
    start, stop = min(i, noun), max(number.stop, noun + 1)
    places = (
        range(start, stop),
        range(stop, min(stop + _BODY_REACH, len(segment.words))),
        range(start - 1, max(start - 1 - _BODY_REACH, -1), -1),
    )
    return next((k for place in places for k in place if segment.has(k, "body")), None)


def _body_name(segment: Segment, body: int) -> str:
    """Return the name of a body as it is written, without its organisation; empty when it has only its class."""
    step = 1 if segment.lang in _BODY_FIRST else -1
    names: list[str] = []
    k = body + step
    while len(names) < _NAME_WORDS and 0 <= k < len(segment.words) and not BREAKS & set(segment.gap(min(k, k - step))):
        if step > 0 and not names and segment.has(k, "function"):
            k += step
            continue
        if not _names_a_body(segment, k):
            break
        names.append(segment.written(k))
        k += step
    ordered = [*names[::-1], segment.written(body)] if step < 0 else [segment.written(body), *names]
    return " ".join(ordered).replace("_", " ").replace("Co operation", "Cooperation") if names else ""


def _names_a_body(segment: Segment, k: int) -> bool:
    """Tell whether a word may be part of a body's own name."""
    written = segment.written(k)
    acronym = written.isupper() and len(written) >= _ACRONYM
    barred = any(segment.has(k, category) for category in ("function", "noun", "no_edition", "month"))
    return not (acronym or barred or len(written) == 1 or written[0].isdigit() or roman_value(written))


def _year_mark(segment: Segment, i: int) -> Iterator[Mark]:
    """Yield the mark of a yearly gathering that is told apart by its year: "Technology Conference 2024"."""
    if not (segment.words[i].isdecimal() and len(segment.words[i]) == len("2024") and int(segment.words[i]) in _YEARS):
        return
    noun = i - 1 if segment.has(i - 1, "noun") and segment.gap(i - 1) == " " else _capitalised_noun(segment, i + 1)
    if noun is None or segment.senses[noun].get("noun") not in _YEARLY or not segment.written(noun)[0].isupper():
        return
    year = segment.words[i]
    base = f"{segment.senses[noun]['noun']} of the year"
    quote = segment.quote(min(i, noun), max(i, noun) + 1)
    yield Mark("session", base, frozenset([year]), year, segment.where, quote, subject=_full_name(segment, noun))


def _full_name(segment: Segment, noun: int) -> str:
    """Return the run of capitalised words that ends with a noun."""
    start = noun
    while start and noun - start < _NAME_WORDS and segment.written(start - 1)[0].isupper():
        if BREAKS & set(segment.gap(start - 1)) or segment.has(start - 1, "function"):
            break
        start -= 1
    return segment.quote(start, noun + 1)


def _capitalised_noun(segment: Segment, start: int) -> int | None:
    """Return the noun that ends a run of capitalised words, in a title only."""
    if segment.where != "title":
        return None
    for k in range(start, min(start + _REACH, len(segment.words))):
        if not segment.written(k)[0].isupper() or BREAKS & set(segment.gap(k - 1)):
            return None
        if segment.has(k, "noun"):
            return k
    return None
