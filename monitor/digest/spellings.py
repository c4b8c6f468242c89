"""Find the names that the outlets of one story spell differently: few and right ones, each beside its sentence.

Two names are one when they have as many words, of which all but one are equal and that one is nearly so; no family of
outlets writes both. Names are words that the story writes with a capital in the midst of sentences, and never without.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

import regex

from monitor.digest.composed import NamedDifferently, OutletLine, Spelled
from monitor.digest.sentences import base_lang, opening
from monitor.model import StoryItem
from monitor.text import canonical

#: shorter words are a letter apart too often: Iran and Iraq, Mali and Bali
_LEAST_LETTERS, _LEAST_ALONE = 5, 6
#: letters that may differ, and the length from which two may
_LONG = 7
#: most words of a name, and most names of a story that are compared: each with each
_MOST_WORDS, _MOST_NAMES = 5, 400
#: letters at the end that are no other name in a language that declines names, which English does not
_ENDING = 3
_SHOUT = 0.75
#: languages that write every noun with a capital: a word alone is no name there
_CAPITAL_NOUNS = frozenset(["de", "lb"])

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*")
_CAPITAL = regex.compile(r"\p{Lu}")
#: what stands between the words of one name
_WITHIN = regex.compile(r"\s")


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a sentence."""

    written: str
    #: in lower case, without accents and possessive ending
    plain: str
    is_capital: bool
    #: follows another word of its sentence, with nothing between them but a blank
    is_joined: bool
    is_first: bool


@dataclass(frozen=True, slots=True)
class _Use:
    """A name in a sentence of a piece."""

    written: str
    sentence: str
    line: OutletLine


def named_differently(items: Iterable[StoryItem], reports: Sequence[OutletLine]) -> tuple[NamedDifferently, ...]:
    """Return the names that families of outlets spell differently in one language, in the order of their spellings."""
    lines = {line.item_id: line for line in reports if line.copied_item_id is None}
    by_lang: dict[str | None, list[StoryItem]] = {}
    for item in items:
        if item.item_id in lines:
            by_lang.setdefault(base_lang(item.lang), []).append(item)
    found = [one for lang, told in by_lang.items() if lang for one in _of_language(told, lines, lang)]
    return tuple(sorted(found, key=lambda one: [spelled.name for spelled in one.spelled]))


def _of_language(items: Sequence[StoryItem], lines: Mapping[int, OutletLine], lang: str) -> Iterator[NamedDifferently]:
    """Yield the names that the pieces of one language spell differently."""
    if len({lines[item.item_id].family for item in items}) < 2:  # noqa: PLR2004 - who could differ
        return
    uses = _uses(items, lines)
    families = {name: {use.line.family for use in told} for name, told in uses.items()}
    names = sorted(uses, key=lambda name: (-len(families[name]), name))[:_MOST_NAMES]
    taken: set[tuple[str, ...]] = set()
    for one, other in combinations(names, 2):
        if not {one, other} & taken and not families[one] & families[other] and _is_near(one, other, lang):
            taken |= {one, other}
            yield NamedDifferently(tuple(_spelled(uses[name]) for name in sorted((one, other))))


def _uses(items: Sequence[StoryItem], lines: Mapping[int, OutletLine]) -> dict[tuple[str, ...], list[_Use]]:
    """Return where each name is used, by its plain words; the pieces in order of publication."""
    told = [
        (item, sentence, list(_tokens(sentence)))
        for item in sorted(items, key=lambda item: lines[item.item_id].number)
        for sentence in opening(item)
    ]
    # a title in capitals would make a name of every word
    tokens = [token for _, _, words in told if not _shouts(words) for token in words]
    common = {token.plain for token in tokens if not token.is_capital}
    proper = {token.plain for token in tokens if token.is_capital and not token.is_first} - common
    uses: dict[tuple[str, ...], list[_Use]] = {}
    for item, sentence, words in told:
        for run in _runs(words, proper):
            use = _Use(" ".join(token.written for token in run), sentence, lines[item.item_id])
            uses.setdefault(tuple(token.plain for token in run), []).append(use)
    return uses


def _tokens(sentence: str) -> Iterator[_Token]:
    """Yield the words of a sentence; after a quotation mark or a colon a word counts as its first."""
    end, starts = 0, True
    plain = canonical(sentence)
    for found in _WORD.finditer(plain):
        between = plain[end : found.start()]
        starts = starts or between.strip(" ,-") != ""
        joined = end > 0 and bool(_WITHIN.fullmatch(between))
        yield _Token(found[0], _plain(found[0]), bool(_CAPITAL.match(found[0])), joined, starts)
        end, starts = found.end(), False


def _plain(word: str) -> str:
    """Return a word in lower case, without accents and without the possessive ending."""
    bare: str = regex.sub(r"\p{M}", "", unicodedata.normalize("NFKD", word)).casefold()
    return bare.removesuffix("'s").removesuffix("'").replace("'", "").replace("-", "")


def _shouts(words: Sequence[_Token]) -> bool:
    """Tell whether nearly all words of a line begin with a capital, as in headlines."""
    return sum(token.is_capital for token in words) > _SHOUT * len(words)


def _runs(words: Sequence[_Token], proper: Collection[str]) -> Iterator[list[_Token]]:
    """Yield the names of a sentence: proper words in a row."""
    run: list[_Token] = []
    for token in words:
        is_part = token.is_capital and token.plain in proper
        if run and not (is_part and token.is_joined):
            yield run
            run = []
        if is_part:
            run.append(token)
            if len(run) > _MOST_WORDS:
                run = []
    if run:
        yield run


def _is_near(one: Sequence[str], other: Sequence[str], lang: str) -> bool:
    """Tell whether two names are nearly equal: one word of them is spelled differently."""
    if len(one) != len(other):
        return False
    unlike = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(unlike) != 1 or (len(one) == 1 and lang in _CAPITAL_NOUNS):
        return False
    (a, b) = unlike[0]
    shortest = min(len(a), len(b))
    if shortest < (_LEAST_ALONE if len(one) == 1 else _LEAST_LETTERS) or not (a + b).isalpha():
        return False
    most = 2 if shortest >= _LONG and len(one) > 1 else 1
    return not _is_inflected(a, b, lang) and _letters_apart(a, b) <= most


def _is_inflected(one: str, other: str, lang: str) -> bool:
    """Tell whether one word continues the other, or in a language that declines names only their endings differ."""
    if one.startswith(other) or other.startswith(one):
        return True
    same = next(n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return lang != "en" and max(len(one), len(other)) - same <= _ENDING


def _letters_apart(one: str, other: str) -> int:
    """Return about how many letters must be changed, put in or taken out to make one word the other."""
    if abs(len(one) - len(other)) > 2 or not (one[0] == other[0] or one[-3:] == other[-3:]):  # noqa: PLR2004 - the most that counts
        return len(one)
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for step, i1, i2, j1, j2 in steps if step != "equal")


def _spelled(uses: Sequence[_Use]) -> Spelled:
    """Return a spelling with the sentence of the first piece that has it, and the numbers of the others."""
    first = uses[0]
    also = tuple(sorted({use.line.number for use in uses} - {first.line.number}))
    return Spelled(first.written, first.sentence, first.line.item_id, first.line.number, first.line.outlet, also)
