"""Text as every stage sees it: normal form, words, sentences, blocks. No rule that only English satisfies.

Word characters follow Unicode (letters, marks, digits); scripts written without spaces between words fall back to
overlapping pairs of characters, which keeps shingles and term statistics meaningful for Chinese, Japanese or Thai.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

import regex
from sentencex import segment

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\uff07`\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02"), '"'),
}
#: soft hyphen, zero-width characters, direction marks and overrides, byte order mark, NUL
_INVISIBLE = dict.fromkeys(
    [0, 0xAD, 0x61C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_CANONICAL = {**_DASHES, **_QUOTES, **_INVISIBLE}

_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(rf"(?P<spaceless>[{_SPACELESS}]+)|[\p{{L}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}]*")
_SPACE = regex.compile(r"\s+")


def canonical(text: str) -> str:
    """Return the text in NFKC with one kind of dash and quote and without invisible characters; case is kept."""
    return unicodedata.normalize("NFKC", text).translate(_CANONICAL)


def fold(text: str) -> str:
    """Return the canonical text in folded case, as used for comparing."""
    return canonical(text).casefold().replace("i\u0307", "i")


def squeeze(text: str) -> str:
    """Return the text on one line, each run of white space as one blank."""
    return str(_SPACE.sub(" ", text)).strip()


def words(text: str) -> list[str]:
    """Return the folded words of a text in order; runs of a spaceless script become character pairs."""
    return cut_words(fold(text))


def cut_words(folded: str) -> list[str]:
    """Cut a text that is already folded or canonical into words."""
    found: list[str] = []
    for match in _TOKEN.finditer(folded):
        if match["spaceless"]:
            found.extend(character_pairs(match[0]))
        else:
            found.append(match[0])
    return found


def character_pairs(run: str) -> list[str]:
    """Return the overlapping pairs of characters of a run, or the run itself when it is a single character."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def word_count(text: str) -> int:
    """Count the words of a text; two characters of a spaceless script count as about one word."""
    return sum(max(1, len(m[0]) // 2) if m["spaceless"] else 1 for m in _TOKEN.finditer(text))


def paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a text, each squeezed."""
    return [line for raw in text.splitlines() if (line := squeeze(raw))]


@lru_cache(maxsize=4096)
def sentences(text: str, lang: str | None = None) -> tuple[str, ...]:
    """Return the sentences of a text in order; a line break always ends one."""
    return tuple(s for line in paragraphs(text) for raw in segment(lang or "en", line) if (s := squeeze(raw)))


def text_hash(*parts: str) -> str:
    """Return a short stable hash of texts (BLAKE2b, 128 bits, hexadecimal)."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return digest.hexdigest()


def clean(text: str) -> str:
    """Return a text that can be stored and shown: no control characters but tab and newline, no lone surrogates."""
    return "".join(c if c.isprintable() or c in "\n\t" else _replacement(c) for c in text)


def _replacement(character: str) -> str:
    """Return what stands for a character that cannot be shown: white space stays white space, surrogates are marked."""
    if character.isspace():
        return "\n" if character in "\r\x0b\x0c\x85\u2028\u2029" else " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return "" if category == "Cc" else character
