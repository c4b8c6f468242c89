"""Makes the C library's allocator give memory back: the service runs for months, and its threads read large bodies.

By itself glibc keeps what was freed: each thread has a heap of its own whose end stays, and large blocks move into
these heaps once one was freed. 60 sources of `soak_ingest` grew from 264 to 403 MB in 60 cycles, nearly all of it free.
"""

from __future__ import annotations

import ctypes

#: of glibc's malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
#: larger blocks are mapped one by one, so that freeing one gives it back
_MAPPED_BYTES = 1_000_000


def use_one_heap() -> None:
    """Let all threads share a heap, and large blocks stay outside it; without effect where the library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for name, value in ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, _MAPPED_BYTES), (_M_TRIM_THRESHOLD, _MAPPED_BYTES)):
        mallopt(name, value)


def give_back() -> None:
    """Return the free pages inside the heap to the system; takes some milliseconds, and has no effect without glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
