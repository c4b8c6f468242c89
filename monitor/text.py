"""Text as every stage sees it: normal form, words, sentences, blocks. No rule that only English satisfies.

Word characters follow Unicode (letters, marks, digits); scripts written without spaces between words fall back to
overlapping pairs of characters, which keeps shingles and term statistics meaningful for Chinese, Japanese or Thai.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

import regex
from sentencex import segment

#: words of which each cache keeps what was found out: twelve caches of these hold about 60 MB when they are full. With
#: 262,144 and less they went on growing in 30 minutes of `./run.sh bench resilience soak`, by 20 MB in the last twelve;
#: reading takes 1% more CPU time (allsides_2021), 7% where words are invented
WORDS_KEPT = 1 << 14
#: words of a table that is asked for every word of a text: with 16,384 an import of 10,000 invented pieces, whose
#: vocabulary is 46,000 words, took a third more CPU time (`./run.sh bench throughput`)
TABLE_WORDS = 1 << 16

_T = TypeVar("_T")

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\uff07`\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02"), '"'),
}
#: soft hyphen, zero-width characters, direction marks and overrides, variation selectors, byte order mark, NUL
_INVISIBLE = dict.fromkeys(
    [0, 0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A),
     *range(0xFE00, 0xFE10), 0xFEFF], ""
)  # fmt: skip
#: as NFKC writes them; in most English texts nothing else is left for it to do
_COMPATIBLE = {0x2026: "...", 0xA0: " "}
_CANONICAL = {chr(code): plain for code, plain in {**_DASHES, **_QUOTES, **_INVISIBLE, **_COMPATIBLE}.items()}
#: a search for few characters: `str.translate` looks up every one, at seven times the time
_REPLACED = re.compile(f"[{''.join(_CANONICAL)}]")
#: variation selectors beyond the basic plane; within the class above they would make it forty times as slow
_SELECTORS = re.compile("[\U000e0100-\U000e01ef]")
#: the time of normalising grows with the square of a run of marks; Unicode's stream-safe format ends it at 30 too
_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
_DOTTED_I = regex.compile("i\u0307+")

#: controls that are no white space; invisible format characters with the direction marks and overrides but without the
#: joiners; non-characters, which XML forbids
_UNSEEN = regex.compile(r"(?V1)[[\p{Cc}--[\t\n\v\f\r\x85]][\p{Cf}&&\p{DI}--[\u200c\u200d]]\p{NChar}\ufff9-\ufffb]")
_SURROGATE = regex.compile(r"\p{Cs}")

#: letters of the scripts written without spaces, with the signs for a long vowel and for "closed" that scripts share
SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\u3006\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_SPACELESS_RUN = regex.compile(rf"([{SPACELESS}][{SPACELESS}\p{{M}}]*)")
#: characters up to which a text is taken for one line
_LINE = 2000
#: makes every ASCII character that is no letter or digit a blank, so that `split` finds the words
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
#: the same in bytes, and folds as well
_FOLDED = bytes(range(128)).decode().translate(_BLANKS).lower().encode().ljust(256)
_TOKEN = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*")
#: any character beyond Latin, Greek, Cyrillic and punctuation, or a combining mark; without one, words are runs of what
#: `re` takes for letters and digits, which it finds in a fifth of the time of `regex`
_UNCOMMON = re.compile(
    "[^\0-\u02ff\u0370-\u0482\u048a-\u052f\u2000-\u206f\u20a0-\u20bf\u2190-\u23ff\u2500-\u2775\u2794-\u2bff]"
)
_COMMON_TOKEN = re.compile(r"[^\W_]+")


def canonical(text: str) -> str:
    """Return the text in NFKC with one kind of dash and quote and without invisible characters; case is kept."""
    if text.isascii():
        return _plain(text) if "`" in text or "\0" in text else text
    # first as well: NFKC takes some quotes apart, and composes across what is invisible only once that is gone
    plain = _plain(text)
    return plain if plain.isascii() else _plain(unicodedata.normalize("NFKC", _MARKS.sub(r"\1", plain)))


def _plain(text: str) -> str:
    """Return the text with one kind of dash and quote, plain dots and blanks, and without invisible characters."""
    return _SELECTORS.sub("", _REPLACED.sub(lambda found: _CANONICAL[found[0]], text))


def fold(text: str) -> str:
    """Return the canonical text in folded case, as used for comparing."""
    return casefold(canonical(text))


def casefold(plain: str) -> str:
    """Return a text that is canonical already in folded case."""
    folded = plain.casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFC", _DOTTED_I.sub("i", folded))


def squeeze(text: str) -> str:
    """Return the text on one line, each run of white space as one blank."""
    # most lines are that already, and no white space but a blank is printable
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """Return the folded words of a text in order; runs of a spaceless script become character pairs."""
    return cut_words(fold(text))


def cut_words(folded: str) -> list[str]:
    """Cut a text that is already folded or canonical into words."""
    if folded.isascii():
        return folded.translate(_BLANKS).split()
    if not has_uncommon(folded):
        return _COMMON_TOKEN.findall(folded)
    found: list[str] = []
    for token in _TOKEN.findall(folded):
        if token.isascii():
            found.append(token)
        else:
            for part, spaceless in _parts(token):
                found.extend(character_pairs(part) if spaceless else [part])
    return found


def encoded_words(text: str) -> list[bytes]:
    """Return the words of `words` in UTF-8, for hashing; plain ASCII is folded and cut as bytes, in half the time."""
    folded = text if text.isascii() else fold(text)
    if folded.isascii():
        return folded.encode().translate(_FOLDED, delete=b"\0").split()
    return [word.encode() for word in cut_words(folded)]


def has_uncommon(text: str) -> bool:
    """Tell whether a text has combining marks, or letters of other scripts than Latin, Greek and Cyrillic."""
    return not text.isascii() and _UNCOMMON.search(text) is not None


def _parts(token: str) -> Iterator[tuple[str, bool]]:
    """Yield the runs of a spaceless script within a token and what stands between them, and which of both each is."""
    for number, part in enumerate(_SPACELESS_RUN.split(token)):
        if part:
            yield part, number % 2 == 1


def character_pairs(run: str) -> list[str]:
    """Return the overlapping pairs of characters of a run, or the run itself when it is a single character."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def word_count(text: str) -> int:
    """Count the words of a text; two characters of a spaceless script count as about one word."""
    return _count_line(text) if len(text) <= _LINE else _count(text)


def _count(text: str) -> int:
    """Count the words of a text."""
    if text.isascii():
        return len(text.translate(_BLANKS).split())
    if not has_uncommon(text):
        return len(_COMMON_TOKEN.findall(text))
    tokens = _TOKEN.findall(text)
    if not _SPACELESS_RUN.search(text):
        return len(tokens)
    return sum(1 if token.isascii() else _count_parts(token) for token in tokens)


#: a line of a page is counted by every stage that looks at it
_count_line = lru_cache(maxsize=4096)(_count)


def _count_parts(token: str) -> int:
    """Count the words of a token that may hold spaceless script."""
    return sum(max(1, len(part) // 2) if spaceless else 1 for part, spaceless in _parts(token))


def paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a text, each squeezed."""
    return [line for raw in text.splitlines() if (line := squeeze(raw))]


@lru_cache(maxsize=4096)
def sentences(text: str, lang: str | None = None) -> tuple[str, ...]:
    """Return the sentences of a text in order, cleaned; a line break always ends one."""
    return tuple(s for line in paragraphs(clean(text)) for raw in segment(lang or "en", line) if (s := squeeze(raw)))


class ByWord(dict[str, _T], Generic[_T]):
    """What a function gives for words, kept: asking again is no call of Python, and takes a third of `lru_cache`."""

    def __init__(self, made: Callable[[str], _T], most: int = TABLE_WORDS) -> None:
        """Know nothing yet; when it knows so many words, all are let go: the common ones are soon back."""
        super().__init__()
        self._made = made
        self._most = most

    def __missing__(self, word: str) -> _T:
        """Make what a word stands for."""
        if len(self) >= self._most:
            self.clear()
        self[word] = found = self._made(word)
        return found


def text_hash(*parts: str) -> str:
    """Return a short stable hash of texts (BLAKE2b, 128 bits, hexadecimal)."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()


def clean(text: str) -> str:
    """Return a text that can be stored and shown: no control characters but tab and newline, no lone surrogates."""
    # one call for most texts; asking character by character costs as much as all other reading of a piece
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else _replacement(c) for c in text)


def visible(text: str) -> str:
    """Return a text that shows what it says: no controls, overrides of direction, invisible or forbidden characters.

    Tabs, line ends and the joiners of Persian and Indic scripts stay; a lone surrogate is marked. Unicode TR 36, 2.3.
    """
    return text if text.isascii() and text.isprintable() else _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))


def escaped_unseen(json_text: str) -> str:
    """Return JSON in which what `visible` takes out is written as an escape: the same values, nothing that acts."""
    return json_text if json_text.isascii() else _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], json_text)


def _replacement(character: str) -> str:
    """Return what stands for a character that cannot be shown: white space stays white space, surrogates are marked."""
    if character.isspace():
        return "\n" if character in "\r\x0b\x0c\x85\u2028\u2029" else " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return "" if category == "Cc" else character
