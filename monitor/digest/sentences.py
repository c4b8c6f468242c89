"""Decide which sentences of an item may be quoted alone: whole, clear without the one before, not furniture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import regex
from stopwordsiso import stopwords

from monitor.digest.wordlists import CONTACT, FURNITURE, OPENERS, SPACELESS_OPENERS, TAILS
from monitor.model import Story, StoryItem
from monitor.text import canonical, fold, sentences, word_count, words

#: news puts what matters first, and a text of any size must cost about the same
_TEXT_LENGTH = 20_000
_SENTENCES = 60
_MIN_WORDS, _MAX_WORDS = 6, 55
_MAX_LENGTH = 500
#: fewer words than these beside a quotation do not tell who speaks
_SPEAKER_WORDS = 4
#: a line that is mostly figures is a date, a table row or a telephone number
_MIN_LETTERS = 0.6
#: inflected forms share their first letters: truncation is nearly as good as stemming for European languages
#: (McNamee and Mayfield, Character N-Gram Tokenization for European Language Text Retrieval, 2004)
_STEM = 6
#: when the language is unknown
_COMMON_LANGS = ("en", "ru", "ar")

_SPACELESS_OPENER = regex.compile(SPACELESS_OPENERS)
_FURNITURE = regex.compile(FURNITURE, regex.IGNORECASE)
_CONTACT = regex.compile(CONTACT)
#: sentences in which a dateline may stand: below a title that is repeated, or first
_DATELINES = 2
_MONTH_DAY = r"(?:(?:le|el|ngày|den)\s)?\d{1,2}(?:st|nd|rd|th|er)?\.?\s(?:de\s)?\p{L}{3,12}\.?|\p{L}{3,12}\.?\s\d{1,2}"
_DATELINE = regex.compile(
    rf"^(?:\p{{Lu}}[\p{{L}}\p{{M}}'’.\s-]{{1,30}},\s(?:{_MONTH_DAY})(?:,?\s(?:de\s)?\d{{4}})?(?:\s?\([^()]{{2,40}}\))?"
    r"|\p{Lu}{2}[\p{Lu}\p{M}'’.\s-]{1,30}\s\([^()]{2,40}\))\s?[-–—]{1,2}\s+(?=[\x22\x27\p{Pi}]?[\p{Lu}\p{Lo}\p{N}])"
    r"|^\p{Han}{2,12}\d{1,2}月\d{1,2}日[电電讯訊]\s?(?:[(（][^()（）]{1,30}[)）])?\s?"
)
_BEGIN = regex.compile(r"""^[\p{L}\p{N}"'($€£¥]""")
_END = regex.compile(r"""[.!。！।۔]["')\]]*$""")
_CUT_OFF = regex.compile(r"""(?:\.\.|…|\[…\])\W*$""")
_FIRST = regex.compile(r"[\p{L}\p{N}]")
_QUOTED = regex.compile(r'"[^"]*"')
_NOT_LETTER = regex.compile(r"[^\p{L}\p{M}]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted."""

    item_id: int
    #: among the sentences of its item, from 0
    position: int
    text: str
    stems: frozenset[str]
    #: in words
    length: int


def candidates(item: StoryItem, furniture: frozenset[str]) -> tuple[Candidate, ...]:
    """Return the sentences of an item that may be quoted, in order and each once."""
    lang, found, seen = base_lang(item.lang), [], set()
    for position, sentence in enumerate(opening(item)):
        key = fold(sentence)
        if key in furniture or key in seen or not stands_alone(sentence, lang):
            continue
        seen.add(key)
        found.append(Candidate(item.item_id, position, sentence, stems(sentence, lang), word_count(sentence)))
    return tuple(found)


def opening(item: StoryItem) -> tuple[str, ...]:
    """Return the first sentences of an item's text, as many as are ever looked at."""
    # the sentence cutter takes UTF-8, which has no lone surrogates
    text = item.text[:_TEXT_LENGTH].encode("utf-8", "replace").decode()
    found = sentences(text, base_lang(item.lang))[:_SENTENCES]
    return (*map(without_dateline, found[:_DATELINES]), *found[_DATELINES:])


def without_dateline(sentence: str) -> str:
    """Return a sentence without the place, date and agency that it opens with: "GENEVA, 19 June (Harbour Wire) - ".

    What names neither a date nor, behind a place in capitals, an agency may be a subject: "EU – Vietnam trade pact".
    """
    return str(_DATELINE.sub("", sentence, count=1))


def furniture_of(stories: Iterable[Story]) -> frozenset[str]:
    """Return the folded sentences that several stories share: slogans and teasers, told by no single story."""
    counts = Counter(
        key for story in stories for key in {fold(sentence) for item in story.items for sentence in opening(item)}
    )
    return frozenset(key for key, count in counts.items() if count > 1)


def stands_alone(sentence: str, lang: str | None) -> bool:
    """Tell whether a sentence is whole, has a sane size and needs no neighbour to be understood."""
    plain = canonical(sentence)
    return (
        len(sentence) <= _MAX_LENGTH
        and _MIN_WORDS <= word_count(sentence) <= _MAX_WORDS
        and _is_whole(plain)
        and not _is_furniture(plain)
        and not _leans(plain, lang)
    )


def stems(text: str, lang: str | None) -> frozenset[str]:
    """Return the words of a text that carry meaning, cut to their first letters; figures stay whole."""
    stop = _stop_words(lang)
    return frozenset(
        word if word[0].isdigit() else word[:_STEM]
        for word in words(text)
        if word not in stop and (len(word) > 1 or word[0].isdigit())
    )


def base_lang(lang: str | None) -> str | None:
    """Return the language of a tag without script and region, in lower case; None when it is none."""
    base = regex.match(r"[a-zA-Z]{2,3}(?=[-_]|$)", lang or "")
    return base[0].lower() if base else None


def _is_whole(plain: str) -> bool:
    """Tell whether a sentence begins and ends as one and closes what it opens."""
    first = _FIRST.search(plain)
    return (
        bool(_BEGIN.search(plain) and _END.search(plain))
        and not _CUT_OFF.search(plain)
        and not (first and first[0].islower())
        and plain.count('"') % 2 == 0
        and plain.count("(") == plain.count(")")
    )


def _is_furniture(plain: str) -> bool:
    """Tell whether a line invites, credits or counts rather than tells."""
    dense = regex.sub(r"\s", "", plain)
    letters = len(_NOT_LETTER.sub("", dense))
    return bool(_FURNITURE.search(plain) or _CONTACT.search(plain)) or letters < _MIN_LETTERS * len(dense)


def _leans(plain: str, lang: str | None) -> bool:
    """Tell whether a sentence points to its neighbour: by its first words, or by a speaker who is not named."""
    folded = plain.casefold().lstrip("( ")
    if _SPACELESS_OPENER.match(folded) or _openers(lang).match(folded):
        return True
    tail = TAILS.get(lang or "en")
    return _has_no_speaker(plain) or bool(tail and regex.search(tail, folded))


def _has_no_speaker(plain: str) -> bool:
    """Tell whether a sentence is a quotation and hardly anything else; single marks cannot be told from apostrophes."""
    return plain.startswith("'") or ('"' in plain and word_count(_QUOTED.sub(" ", plain)) < _SPEAKER_WORDS)


@cache
def _openers(lang: str | None) -> regex.Pattern[str]:
    """Return the pattern of the first words that point back."""
    choices = "|".join(OPENERS[code] for code in ((lang,) if lang else _COMMON_LANGS) if code in OPENERS)
    return regex.compile(rf"(?:{choices or '(?!)'})(?![\p{{L}}\p{{M}}\p{{N}}])")


@cache
def _stop_words(lang: str | None) -> frozenset[str]:
    """Return the folded stop words of a language, none when the library has no list for it."""
    return frozenset(word for entry in stopwords(lang or "en") for word in words(entry))
