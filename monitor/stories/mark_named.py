"""Marks of numbered operations ("Silver Net IV") and legal acts ("Decision 135/QD-TCHQ", "Notice No. 741")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.stories.mark_base import BREAKS, Mark, Segment
from monitor.stories.mark_lookup import plain_word
from monitor.stories.mark_numbers import read_number, roman_value
from monitor.stories.mark_words import CARDINALS

_NAME_WORDS = 4
_OPERATION_NUMBER = re.compile(r"\d{1,2}|(?:19|20)\d\d")
_INSTALMENT_REACH = 10
#: an ordinal in words has up to so many
_PHASE_REACH = 4
#: what stands behind a number that ends a name and does not begin a count, as it does in "Operation Venetic 746 held"
_NAME_ENDS = frozenset(",.:;)!?\"'")

#: how far a number may stand from its act: "приказ ФТС России от 12 января 2026 г. № 15"
_ACT_REACH = 12
_CITED_REACH = 3
_ISSUED_REACH = 8
_AT_THE_START = 3
_ACT_NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{3})+|\d{1,5})(?:[/-](\d{1,5}))?(?:\s?/\s?([^\W\d_][\w]*(?:[-/][^\W\d_]\w*)*))?(?![%\d]|[.,]\d)"
)
_NUMBER_IN_WORD = re.compile(r"no(?=\d)")
_YEARS = range(1950, 2100)
_CENTURY = 100


def operation_marks(segment: Segment) -> Iterator[Mark]:
    """Yield the marks of operations that carry a number in or beside their name."""
    for i in range(len(segment.words)) if "operation" in segment.categories else ():
        if segment.has(i, "operation"):
            found = _named_ahead(segment, i) or _named_behind(segment, i) or _counted(segment, i) or _phase(segment, i)
            if found is not None:
                yield found


def _named_ahead(segment: Segment, i: int) -> Mark | None:
    """Read "Operation Silver Net IV", "операция «Сеть-5»"."""
    stop = _name_stop(segment, i)
    if stop == i + 1 or stop >= len(segment.words) or not _is_edition(segment, stop):
        return None
    return _operation(segment, (i + 1, stop), stop, (i, stop + 1))


def _name_stop(segment: Segment, i: int) -> int:
    """Return where the name that follows an operation's noun ends."""
    k, quoted = i + 1, i + 1 < len(segment.words) and segment.gap(i).endswith('"') and segment.gap(i) != '"'
    while k < len(segment.words) and k - i <= _NAME_WORDS:
        gap, named = segment.gap(k - 1), k > i + 1
        if BREAKS & set(gap) or (named and (_is_numeral(segment, k) or (quoted and '"' in gap))):
            break
        if not quoted and not segment.written(k)[0].isupper():
            break
        k += 1
    return k


def _named_behind(segment: Segment, i: int) -> Mark | None:
    """Read "Silver Net V exercise", "«Gümüş Ağ-5» əməliyyatı"."""
    if i < 1 or not _is_numeral(segment, i - 1) or BREAKS & set(segment.gap(i - 1)):
        return None
    start = _quote_start(segment, i - 1) if segment.gap(i - 1).startswith('"') else _name_start(segment, i - 1)
    return _operation(segment, (start, i - 1), i - 1, (start, i + 1)) if start < i - 1 else None


def _name_start(segment: Segment, stop: int) -> int:
    """Return where the run of capitalised words before a word starts."""
    start = stop
    while start and stop - start < _NAME_WORDS and segment.written(start - 1)[0].isupper():
        if BREAKS & set(segment.gap(start - 1)) or segment.has(start - 1, "function"):
            break
        start -= 1
    return start


def _quote_start(segment: Segment, stop: int) -> int:
    """Return where the quotation that ends behind a word starts; the word itself when it is too long for a name."""
    for start in range(stop - 1, max(stop - 1 - _NAME_WORDS, -1), -1):
        opened = segment.gap(start - 1) if start else segment.raw[: segment.spans[0][0]]
        if opened.endswith('"'):
            return start
    return stop


def _counted(segment: Segment, i: int) -> Mark | None:
    """Read "Operation Silver Net, now in its fifth year", "the Silver Net exercise, whose fourth round"."""
    stop = _name_stop(segment, i)
    start, stop = (i + 1, stop) if stop > i + 1 else (_name_start(segment, i), i)
    k = max(stop, i + 1)
    while start < stop and k < min(max(stop, i) + _INSTALMENT_REACH, len(segment.words)):
        number = read_number(segment, k)
        if number and number.form != "plain" and number.values[0] > 1 and segment.has(number.stop, "instalment"):
            label = f"{number.values[0]}"
            return _operation(segment, (start, stop), k, (min(i, start), number.stop + 1), value=label)
        k += 1
    return None


def _phase(segment: Segment, i: int) -> Mark | None:
    """Read "third phase of Operation Silver Net", "phase two of Operation Silver Net"."""
    stop, last = _name_stop(segment, i), i - 1
    while segment.has(last, "function"):
        last -= 1
    if stop == i + 1 or last < 1:
        return None
    for start in range(last, max(last - _PHASE_REACH, -1), -1):
        number = read_number(segment, start)
        value = number.values[0] if number else CARDINALS.get(segment.words[start], 0)
        end = number.stop if number else start + 1
        ahead = end == last and segment.has(last, "instalment") and number is not None and number.form != "plain"
        if value and (ahead or (end == last + 1 and segment.has(start - 1, "instalment"))):
            return _operation(segment, (i + 1, stop), start, (max(start - 1, 0), stop), value=str(value))
    return None


def _operation(
    segment: Segment, name: tuple[int, int], number: int, span: tuple[int, int], *, value: str | None = None
) -> Mark:
    """Return the mark of an operation: its name, the word of its number, the words that were read."""
    written = segment.written(number)
    called = " ".join(segment.words[slice(*name)])
    return Mark(
        kind="operation",
        head=f"operation {called}",
        values=frozenset([value or str(roman_value(written) or int(written))]),
        label=value or written,
        where=segment.where,
        quote=segment.quote(*span),
        subject=segment.quote(*name),
    )


def _is_numeral(segment: Segment, k: int) -> bool:
    """Tell whether a word is a Roman numeral or a number an operation may carry."""
    written = segment.written(k)
    return roman_value(written) is not None or _OPERATION_NUMBER.fullmatch(written) is not None


def _is_edition(segment: Segment, k: int) -> bool:
    """Tell whether a numeral ends the name before it; a bare number may begin a count instead."""
    written = segment.written(k)
    if not _is_numeral(segment, k):
        return False
    if not written.isdecimal() or int(written) in _YEARS or "-" in segment.gap(k - 1):
        return True
    return k + 1 == len(segment.words) or bool(_NAME_ENDS & set(segment.gap(k)))


def act_marks(segment: Segment) -> Iterator[Mark]:
    """Yield the marks of legal acts that are the subject of a title or of the very first sentence."""
    if "act" not in segment.categories or segment.index:
        return
    for i in range(len(segment.words)):
        if segment.has(i, "act") and _is_subject(segment, i) and (place := _act_number(segment, i)) is not None:
            yield from _act(segment, i, place)


def _is_subject(segment: Segment, i: int) -> bool:
    """Tell whether a piece is about an act, and does not merely cite it as a ground or as what is amended."""
    # "Implementing Regulation (EU) 2026/412" is the name of an act
    named = segment.has(i - 1, "implementing") and segment.written(i - 1)[0] == segment.written(i - 1)[0].upper()
    if any(segment.has(k, "cited") for k in range(i - _CITED_REACH, i - named)):
        return False
    issued = any(segment.has(k, "issued") for k in range(i - _ISSUED_REACH, i))
    return segment.where == "title" or i <= _AT_THE_START or issued


def _act_number(segment: Segment, i: int) -> int | None:
    """Return the word that holds the number of the act at word i."""
    # "12 nömrəli qərar", "2026/5 sayılı Genelge"
    if _is_digit(segment, i - 2) and segment.has(i - 1, "number"):
        return i - 3 if _is_digit(segment, i - 3) and segment.gap(i - 3) == "/" else i - 2
    for k in range(i + 1, min(i + _ACT_REACH, len(segment.words))):
        if ";" in segment.gap(k - 1) or segment.has(k, "act"):
            return None
        if _NUMBER_IN_WORD.match(segment.words[k]):
            return k
        if _is_digit(segment, k) and (_is_marked(segment, k) or _follows_directly(segment, i, k)):
            return k
    return None


def _is_digit(segment: Segment, k: int) -> bool:
    """Tell whether there is a word k that starts with a digit."""
    return 0 <= k < len(segment.words) and segment.words[k][0].isdigit()


def _is_marked(segment: Segment, k: int) -> bool:
    """Tell whether a number sign stands before a number: No., số, رقم."""
    return segment.has(k - 1, "number")


def _follows_directly(segment: Segment, i: int, k: int) -> bool:
    """Tell whether a number stands right behind its act, "Decree 15" or "Regulation (EU) 2026/123"."""
    bracketed = k == i + 2 and "(" in segment.gap(i) and ")" in segment.gap(i + 1)
    return (bracketed or (k == i + 1 and segment.gap(i) == " ")) and segment.written(i)[0].isupper()


def _act(segment: Segment, i: int, place: int) -> Iterator[Mark]:
    """Yield the mark of an act whose number starts in word `place`."""
    offset = len("no") if _NUMBER_IN_WORD.match(segment.words[place]) else 0
    match = _ACT_NUMBER.match(segment.raw, segment.spans[place][0] + offset)
    if match is None or (values := _act_values(match, bare=not _is_marked(segment, place) and not offset)) is None:
        return
    kind = segment.senses[i]["act"]
    style = plain_word((match[3] or "").casefold().replace("đ", "d"))
    start, stop = min(segment.spans[i][0], match.start()), max(segment.spans[i][1], match.end())
    if _is_amended(segment, match.end()):
        return
    yield Mark(
        kind="act",
        head=f"{kind}:{style}" if style else kind,
        values=values,
        label=f"No. {match[0].strip()}",
        where=segment.where,
        quote=segment.raw[start:stop],
    )


def _is_amended(segment: Segment, end: int) -> bool:
    """Tell whether what follows an act, from a place in the text on, says that another one has changed it."""
    following = [k for k, (start, _) in enumerate(segment.spans) if start >= end][:_CITED_REACH]
    return any(segment.has(k, "amended") for k in following)


def _act_values(match: re.Match[str], *, bare: bool) -> frozenset[str] | None:
    """Return number or number-year; None when the digits are a year or a quantity."""
    first, second = int(match[1].replace(".", "")), int(match[2]) if match[2] else None
    if second is None:
        return None if bare and first in _YEARS and not match[3] else frozenset([str(first)])
    if second == first + 1:
        return frozenset([str(first), str(second)])
    if first in _YEARS and second not in _YEARS:
        first, second = second, first
    return frozenset([f"{first}-{second + 2000 if second < _CENTURY else second}"])
