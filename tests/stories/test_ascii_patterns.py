"""The patterns for plain ASCII texts find what the general ones find, and shortcuts leave nothing out."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import text
from monitor.dedup import spun
from monitor.ingest import attribution
from monitor.ingest.phrases import phrases
from monitor.ingest.phrases import plain as matching
from monitor.stories import fact_places, figures, mark_base, mark_periods, mark_slots, sounds, views
from monitor.stories.fact_words import all_plain
from monitor.stories.fact_words import plain as spelled
from monitor.stories.mark_lookup import fold_word, fold_words

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "data"

_PIECES = st.sampled_from(
    ["Hai Phong", "iPhone", "4th", "1,234.5", "1 184 000", "12 34", "$1.7m", "9%", "A.", "No. 7", "Dec. 3", "two",
     "!", "?", ".", ":", ";", "\n", " ", "\x1c", "\t", "'", '"', ")", "citing", "said", "reports", "U.S.", "forty-one",
     "Six", "x two"]
)  # fmt: skip
ASCII = st.lists(_PIECES | st.text(st.characters(max_codepoint=126), max_size=4), max_size=30).map("".join)
#: letters and signs of the scripts that both libraries read alike
COMMON = st.text(st.characters(max_codepoint=0x52F) | st.sampled_from("–—’“”…€№½²❶"), max_size=6)
ANY = st.lists(_PIECES | st.text(max_size=4) | st.sampled_from(["。", "！", "؟ ", "۔ Ж", "№"]), max_size=30).map(
    "".join
)
PAIRS = (
    (views._COMMON_WORD_OR_BREAK, views._WORD_OR_BREAK),
    (spun._COMMON_ANCHOR, spun._ANCHOR),
    (text._COMMON_TOKEN, text._TOKEN),
    (sounds._COMMON_WORD, sounds._WORD),
)
ASCII_PAIRS = (
    *PAIRS,
    (figures._ASCII_END, figures._END),
)


@cache
def corpus() -> tuple[str, ...]:
    """Return some texts of each labelled corpus."""
    found: list[str] = []
    for path in sorted(CORPORA.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found += [json.loads(line)["text"] or "" for line in islice(lines, 150)]
    if not found:
        pytest.skip("the labelled corpora are not beside the project")
    return tuple(found)


def ends_by_the_pattern(line: str) -> list[str]:
    """Cut a line into sentences by trying the pattern at every letter."""
    start, found = 0, []
    for match in mark_base._SENTENCE_END.finditer(line):
        if not mark_base._ABBREVIATED.search(line, max(start, match.start() - 6), match.start()):
            found.append(line[start : match.end()].strip())
            start = match.end()
    return [part for part in [*found, line[start:].strip()] if part]


def spans(pattern: object, content: str) -> list[tuple[int, int]]:
    """Return where a pattern of either library matches."""
    return [match.span() for match in pattern.finditer(content)]  # type: ignore[attr-defined]  # re and regex


@given(ASCII)
def test_ascii_patterns_find_what_the_general_ones_find(found: str) -> None:
    """In a text of ASCII letters only, both patterns of a pair match at the same places."""
    assert all(spans(quick, found) == spans(general, found) for quick, general in ASCII_PAIRS)


@given(st.lists(_PIECES | COMMON, max_size=30).map("".join))
def test_patterns_of_common_scripts_find_what_the_general_ones_find(found: str) -> None:
    """So they do in canonical texts of Latin, Greek and Cyrillic letters without combining marks."""
    content = text.canonical(found)
    assert text.has_uncommon(content) or all(spans(q, content) == spans(g, content) for q, g in PAIRS)


def test_common_characters_are_of_the_same_kinds_for_both_libraries() -> None:
    """No character that counts as common is a mark, or a letter or digit for one of the libraries only."""
    common = [chr(code) for code in range(0x3000) if not text._UNCOMMON.search(chr(code))]
    assert len(common) > 2000
    assert all(bool(text._TOKEN.match(c)) == bool(text._COMMON_TOKEN.match(c)) for c in common)
    assert not any(unicodedata.category(c).startswith("M") for c in common)
    assert text.has_uncommon("\u0301")
    assert text.has_uncommon("海")


def test_ascii_patterns_agree_on_the_corpora() -> None:
    """So they do in the ASCII texts of the labelled corpora."""
    found = [content for content in corpus() if content.isascii()]
    assert all(spans(quick, one) == spans(general, one) for one in found for quick, general in ASCII_PAIRS)
    folded = [one.lower() for one in found]
    assert all(spans(figures._ASCII_TOKEN, one) == spans(figures._TOKEN, one) for one in folded)
    found = [content for content in map(text.canonical, corpus()) if not text.has_uncommon(content)]
    assert all(spans(quick, one) == spans(general, one) for one in found for quick, general in PAIRS)


@given(ANY)
def test_sentences_end_where_the_pattern_says(line: str) -> None:
    """Trying the pattern behind full stops only cuts a line as trying it everywhere does."""
    assert list(mark_base.split_sentences(line)) == ends_by_the_pattern(line)


def test_sentences_of_the_corpora_end_where_the_pattern_says() -> None:
    """So it does on the labelled corpora."""
    for line in (line for content in corpus() for line in content.splitlines()):
        assert list(mark_base.split_sentences(line)) == ends_by_the_pattern(line)


@given(st.lists(st.sampled_from(phrases("citing")) | st.sampled_from(["4", " ", "x", ",", "ж", "'"]), max_size=4))
def test_no_citation_is_passed_over(parts: list[str]) -> None:
    """A line is refused before the pattern is tried only when the pattern would not match."""
    line = matching("".join(parts))
    assert attribution._cites(line) == (attribution._pattern().search(line) is not None)


def test_citations_of_the_corpora_are_found() -> None:
    """So it is on the labelled corpora."""
    for line in (matching(line[:2000]) for content in corpus() for line in content.splitlines()):
        assert attribution._cites(line) == (attribution._pattern().search(line) is not None)


@given(st.lists(st.from_regex(r"[^\W\d_]{1,6}|\d{1,3}", fullmatch=True), max_size=6))
def test_words_are_folded_at_once_as_one_by_one(words: list[str]) -> None:
    """Whatever the script, a list of words is folded like its words."""
    assert fold_words(words) == list(map(fold_word, words))


@given(ASCII)
def test_words_of_ascii_texts_are_cut_for_slots_like_any(content: str) -> None:
    """Small letters and no ends of sentences: the words that the general pattern finds, folded."""
    general = [fold_word(token) for token in mark_slots._TOKEN.findall(content) if token not in mark_slots._ENDS]
    assert mark_slots._ASCII_WORD.findall(content.lower()) == general


@given(st.text(st.sampled_from("fFyYqQhHtT1459/ _xж")))
def test_short_forms_of_periods_are_those_of_the_plain_pattern(raw: str) -> None:
    """The pattern that begins with a set finds a form wherever the one that says what a form is does."""
    plain = re.compile(r"\d{4}|\d/\d|\b(?:[fF][yY]|[1-4][qQhHtT]|[qQhHtT][1-4])(?:\d\d)?(?!\w)")
    assert (mark_periods._SHORT_FORMS.search(raw) is None) == (plain.search(raw) is None)


@given(ASCII)
def test_folded_ascii_texts_have_the_tokens_and_numbers_in_words_of_the_general_patterns(found: str) -> None:
    """In a folded text of ASCII the same tokens are found, and figures may begin at the same places."""
    folded = found.lower()
    assert spans(figures._ASCII_TOKEN, folded) == spans(figures._TOKEN, folded)
    begun = [match.start() for kind in (figures._DIGITS, figures._IN_WORDS) for match in kind.finditer(found)]
    assert figures._starts(folded) == sorted(begun)


@given(ASCII)
def test_ascii_texts_are_cut_at_the_words_and_breaks_of_the_pattern(found: str) -> None:
    """A text of ASCII is cut without the pattern into the same words, with a full stop for whatever ends a sentence."""
    by_pattern = views._WORD_OR_BREAK.findall(found)
    assert views._words_and_breaks(found) == ["." if token in views._BREAKS else token for token in by_pattern]


@given(st.lists(st.from_regex(r"[^\W_]{1,6}|\d{1,3}", fullmatch=True) | st.just("وال"), max_size=6))
def test_words_are_spelled_at_once_as_one_by_one(words: list[str]) -> None:
    """Whatever the script, a list of words is spelled like its words, without those of which nothing is left."""
    assert all_plain(words) == [word for word in map(spelled, words) if word]


@given(st.lists(st.sampled_from(["Hai", "Phong", "hai", "US", "us", "Vietnam", "Бакы", "в", "Баку", "Казахстана", "北京",
                                 "New", "York", "the", "بالصين", "3"]), max_size=8), st.sampled_from(["en", "ru", None]))  # fmt: skip
def test_no_place_is_passed_over(words: list[str], lang: str | None) -> None:
    """No word that is passed over as it opens no name would have begun one."""
    opens = fact_places._OPENS_INFLECTED if lang in fact_places._INFLECTED else fact_places._OPENS
    assert all(opens[word] or fact_places._place_at(words, n, lang) == (1, None) for n, word in enumerate(words))
