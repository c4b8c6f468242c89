"""What the service lets go of after a pass."""

from __future__ import annotations

import gc
import weakref
from functools import cache, lru_cache

import pytest

from monitor.memory import KEPT_ENTRIES, empty_caches, give_back
from monitor.text import WORDS_KEPT, ByWord


def test_large_caches_are_emptied_and_small_ones_kept() -> None:
    """A cache without a bound is emptied when it holds more than rules do, any other one stays."""

    @cache
    def large(number: int) -> int:
        """Remember a number."""
        return number

    @cache
    def small(number: int) -> int:
        """Remember a number too."""
        return number

    for number in range(KEPT_ENTRIES + 1):
        large(number)
    for number in range(KEPT_ENTRIES):
        small(number)
    empty_caches()
    assert (large.cache_info().currsize, small.cache_info().currsize) == (0, KEPT_ENTRIES)


@pytest.mark.parametrize("bound", [4096, WORDS_KEPT])
def test_a_cache_of_texts_or_words_is_emptied_however_little_it_holds(bound: int) -> None:
    """What outlets need stays, and the texts and words of a pass go: the bounds of the caches tell them apart."""

    @lru_cache(maxsize=bound)
    def of_texts(text: str) -> int:
        """Remember a text."""
        return len(text)

    @lru_cache(maxsize=256)
    def of_outlets(name: str) -> int:
        """Remember an outlet."""
        return len(name)

    of_texts("a whole text")
    of_outlets("harbour-wire")
    empty_caches()
    assert (of_texts.cache_info().currsize, of_outlets.cache_info().currsize) == (0, 1)


def test_tables_of_words_are_emptied_too() -> None:
    """What stands for words in plain tables goes like that in caches, and comes back when it is asked for."""
    table = ByWord(len)
    assert table["harbour"] == len("harbour")
    empty_caches()
    assert (dict(table), table["harbour"]) == ({}, len("harbour"))


def test_what_only_holds_itself_is_let_go() -> None:
    """An error that holds its own frame, and so the body in it, does not outlive a pass."""

    class Body:
        """Stands for some megabytes."""

    def failed() -> weakref.ref[Body]:
        """Keep an error as a value, as the fetcher does."""
        body = Body()
        try:
            int("")
        except ValueError as error:
            kept = error
        assert kept.__traceback__ is not None
        return weakref.ref(body)

    gc.disable()
    try:
        held = failed()
        assert held() is not None
        give_back()
        assert held() is None
    finally:
        gc.enable()
