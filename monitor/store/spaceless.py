"""The second full-text index: scripts written without spaces, in which every character counts as a word.

FTS5 takes a run of Chinese, Japanese or Thai for one word, so that nothing within it would be found. Here characters
stand apart, and a word of the query is a phrase of them, found wherever it stands. Only items with such characters
are held, with all their words. The store writes this index, not a trigger: that would need a function of ours, which
other programs lack.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from sqlite_utils import Database

from monitor.text import cut_words, fold

#: characters that a passage shows on either side of its match
_AROUND = 40


def index(db: Database, item_id: int, title: str, text: str) -> None:
    """Index an item anew, or forget it when no character of it belongs to a spaceless script."""
    db.execute("delete from items_spaceless_fts where rowid = ?", [item_id])
    index_new(db, item_id, title, text)


def index_new(db: Database, item_id: int, title: str, text: str) -> None:
    """Index an item that is not in the index, unless no character of it belongs to a spaceless script."""
    if _holds_any(title) or _holds_any(text):
        db.execute(
            "insert into items_spaceless_fts (rowid, title, text) values (?, ?, ?)",
            [item_id, apart(title), apart(text)],
        )


def apart(text: str) -> str:
    """Return the folded text with a blank on both sides of each spaceless character; marks stay with their letter."""
    found, after = [], False
    for character in fold(text):
        here = _is_spaceless(character)
        joins = after and not unicodedata.category(character).startswith("M")
        found.append(f" {character}" if here or joins else character)
        after = here or (after and not joins)
    return "".join(found)


def passage(texts: tuple[str, ...], words: list[str]) -> str:
    """Return the first place in some texts at which one of the words stands as it was typed, the word in brackets.

    Without one, as when a text is written in wide letters, the beginning of the last text is shown.
    """
    for text in texts:
        for word in words:
            before, found, after = text.partition(word)
            if found:
                cut = "… " if len(before) > _AROUND else ""
                rest = " …" if len(after) > _AROUND else ""
                return f"{cut}{before[-_AROUND:]}[{found}]{after[:_AROUND]}{rest}"
    return texts[-1][: 2 * _AROUND]


def _holds_any(text: str) -> bool:
    """Tell whether a text holds a character of a spaceless script."""
    return not text.isascii() and any(map(_is_spaceless, set(fold(text))))


@lru_cache(maxsize=65_536)
def _is_spaceless(character: str) -> bool:
    """Tell whether a letter is of a spaceless script, by the rule of monitor.text: it cuts a run of them into pairs."""
    return not character.isascii() and len(cut_words(character * 3)) > 1
