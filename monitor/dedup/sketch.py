"""MinHash signatures and the bands that find candidates (Broder 1997; Indyk and Motwani 1998).

Banding is set for recall, 42 bands of 3 rows: a pair of Jaccard 0.5 meets with probability 0.996, of 0.37 (a copy
trimmed to its first paragraphs) with 0.89, of 0.1 with 0.04. What meets is verified exactly afterwards (`verify`), so a
false candidate costs time only. The last two permutations are stored but not banded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import xxhash

PERMUTATIONS = 128
BANDS = 42
ROWS = 3
#: stored beside each signature: signatures of different recipes must never be compared
RECIPE = f"affine32/{PERMUTATIONS}/xxh3/word3"
#: shingles that are permuted at a time, in 3 MB: twice as fast as a thousand (`./run.sh bench throughput`)
_AT_A_TIME = 6000

Signature = npt.NDArray[np.uint32]


def signatures(shingle_sets: Sequence[npt.NDArray[np.uint64]]) -> list[Signature]:
    """Return the signature of each set of 64-bit shingle hashes: `PERMUTATIONS` unsigned 32-bit values.

    They are what datasketch's `affine32` scheme makes of the upper halves of the hashes; empty sets have the largest
    values. Its permutations are applied to all sets at once, one row a permutation: a third of the time of
    `MinHash.bulk` over the same hashes, the same bits.
    """
    found = np.full((len(shingle_sets), PERMUTATIONS), np.iinfo(np.uint32).max, dtype=np.uint32)
    sizes = np.array([len(shingles) for shingles in shingle_sets], dtype=np.int64)
    if sizes.any():
        hashes = (np.concatenate(shingle_sets) >> np.uint64(32)).astype(np.uint32)
        found[sizes > 0] = _least(_mixed(hashes), sizes[sizes > 0]).T
    return list(found)


def _least(mixed: Signature, sizes: npt.NDArray[np.int64]) -> Signature:
    """Return the least value of each permutation over each run of mixed hashes, shape (PERMUTATIONS, len(sizes))."""
    factors, summands = _permutations()
    ends = np.cumsum(sizes)
    starts = ends - sizes
    least = np.full((PERMUTATIONS, len(sizes)), np.iinfo(np.uint32).max, dtype=np.uint32)
    space = np.empty((PERMUTATIONS, min(_AT_A_TIME, len(mixed))), dtype=np.uint32)
    for at in range(0, len(mixed), _AT_A_TIME):
        part = mixed[at : at + _AT_A_TIME]
        permuted = np.multiply(factors, part, out=space[:, : len(part)])
        permuted += summands
        runs = slice(np.searchsorted(ends, at, side="right"), np.searchsorted(starts, at + len(part)))
        minima = np.minimum.reduceat(permuted, np.maximum(starts[runs] - at, 0), axis=1)
        np.minimum(least[:, runs], minima, out=least[:, runs])
    return least


@cache
def _permutations() -> tuple[Signature, Signature]:
    """Return factors and summands of the permutations of datasketch's `affine32` scheme, as columns."""
    from datasketch import MinHash  # noqa: PLC0415 - brings scipy.integrate: only what signs a text waits for it

    a, b = MinHash(num_perm=PERMUTATIONS, scheme="affine32").permutations
    return np.asarray(a, dtype=np.uint32).reshape(-1, 1), np.asarray(b, dtype=np.uint32).reshape(-1, 1)


def _mixed(hashes: Signature) -> Signature:
    """Return hashes through the finalizer of MurmurHash3 (Appleby), which the scheme asks for."""
    mixed = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return mixed ^ (mixed >> np.uint32(16))


@lru_cache(maxsize=4096)
def bands(stored: bytes) -> tuple[int, ...]:
    """Return the band keys of a stored signature as signed 64-bit integers, the band's number hashed in.

    A signature is asked for them when it is stored, when its neighbours are looked up and when it is compared.
    """
    size = 4 * ROWS
    rows = (stored[at : at + size] for at in range(0, BANDS * size, size))
    return tuple(signed64(xxhash.xxh64_intdigest(row, seed=number)) for number, row in enumerate(rows))


def signed64(value: int) -> int:
    """Return an unsigned 64-bit integer as the signed one of the same bits, which is what SQLite stores."""
    return value - (1 << 64) if value >= 1 << 63 else value


def to_bytes(signature: Signature) -> bytes:
    """Return a signature as stored: little-endian unsigned 32-bit values."""
    return np.ascontiguousarray(signature, dtype="<u4").tobytes()


def estimates(stored: bytes, others: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """Return the estimated Jaccard of a stored signature with each of some others, shape (len(others),)."""
    rows = np.frombuffer(b"".join(others), dtype="<u4").reshape(-1, PERMUTATIONS)
    return np.asarray((rows == np.frombuffer(stored, dtype="<u4")).mean(axis=1), dtype=np.float64)
