"""What the service lets go of after a pass."""

from __future__ import annotations

import gc
import weakref
from functools import cache

from monitor.memory import KEPT_ENTRIES, empty_caches, give_back


def test_large_caches_are_emptied_and_small_ones_kept() -> None:
    """A cache with more entries than a pass needs is emptied, any other one stays."""

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
