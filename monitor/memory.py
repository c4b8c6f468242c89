"""Keeps the memory of a service flat that runs for months: caches of words are emptied, and the C library gives back.

By itself glibc keeps what was freed: each thread has a heap of its own whose end stays, and large blocks move into
these heaps once one was freed. 60 sources of `soak_ingest` grew from 264 to 403 MB in 60 cycles, nearly all of it free.
Caches of words are made for imports: each is bounded, but together they would grow for the better part of a year.
"""

from __future__ import annotations

import ctypes
import gc
from functools import lru_cache

#: of glibc's malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
#: larger blocks are mapped one by one, so that freeing one gives it back
_MAPPED_BYTES = 1_000_000
#: a pass needs some thousand words, most of which the pass before needed too
KEPT_ENTRIES = 10_000
_Cache = type(lru_cache(str))


def use_one_heap() -> None:
    """Let all threads share a heap, and large blocks stay outside it; without effect where the library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for name, value in ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, _MAPPED_BYTES), (_M_TRIM_THRESHOLD, _MAPPED_BYTES)):
        mallopt(name, value)


def empty_caches() -> None:
    """Empty every `lru_cache` that holds more than `KEPT_ENTRIES`."""
    for one in gc.get_objects():
        if type(one) is _Cache and one.cache_info().currsize > KEPT_ENTRIES:
            one.cache_clear()


def give_back() -> None:
    """Return what is free to the system; takes some hundredths of a second, and reaches the heap of glibc only.

    An error that was kept as a value holds the bodies its frames had in a cycle, until the collector comes by.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
