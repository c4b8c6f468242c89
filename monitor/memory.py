"""Keeps the memory of a service flat that runs for months: caches of words are emptied, and the C library gives back.

By itself glibc keeps what was freed: each thread has a heap of its own whose end stays, and large blocks move into
these heaps once one was freed. 60 sources of `soak_ingest` grew from 264 to 403 MB in 60 cycles, nearly all of it free.
Caches are made for imports: each is bounded, but together those of words would grow for the better part of a year,
and those of whole texts for some days. To fill them anew costs a pass of the soak nothing that could be measured.
"""

from __future__ import annotations

import ctypes
import gc
from functools import _CacheInfo, lru_cache

from monitor.text import ByWord

#: of glibc's malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
#: larger blocks are mapped one by one, so that freeing one gives it back
_MAPPED_BYTES = 1_000_000
#: a cache without a bound that has so many entries holds more than rules and tables
KEPT_ENTRIES = 10_000
_COLLECTED_EVERY = 25_000
#: caches with a lower bound hold what outlets or languages need (rules, patterns): they are full at once, and stay
_LEAST_BOUND = 512
_Cache = type(lru_cache(str))


def use_one_heap() -> None:
    """Let all threads share a heap, and large blocks stay outside it; without effect where the library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for name, value in ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, _MAPPED_BYTES), (_M_TRIM_THRESHOLD, _MAPPED_BYTES)):
        mallopt(name, value)


def collect_seldom() -> None:
    """Let the collector of cycles come by every 25,000 new objects and not every 700.

    It found next to none in an import of 5,000 pieces, and took 1.4 of 17 s of CPU to look for them; 0.2 s so.
    """
    gc.set_threshold(_COLLECTED_EVERY)


def empty_caches() -> None:
    """Empty the caches and tables of words and of whole texts; what holds rules and patterns stays."""
    for one in gc.get_objects():
        if type(one) is ByWord:
            one.clear()
        elif type(one) is _Cache and _is_to_empty(one.cache_info()):
            one.cache_clear()


def _is_to_empty(held: _CacheInfo) -> bool:
    """Tell by its bound whether a cache holds words or texts, or by its entries when it has none."""
    return held.currsize > KEPT_ENTRIES if held.maxsize is None else held.maxsize >= _LEAST_BOUND


def give_back() -> None:
    """Return what is free to the system; takes some hundredths of a second, and reaches the heap of glibc only.

    An error that was kept as a value holds the bodies its frames had in a cycle, until the collector comes by.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
