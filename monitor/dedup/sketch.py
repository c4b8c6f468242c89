"""MinHash signatures and the bands that find candidates (Broder 1997; Indyk and Motwani 1998).

Banding is set for recall, 42 bands of 3 rows: a pair of Jaccard 0.5 meets with probability 0.996, of 0.37 (a copy
trimmed to its first paragraphs) with 0.89, of 0.1 with 0.04. What meets is verified exactly afterwards (`verify`), so a
false candidate costs time only. The last two permutations are stored but not banded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import xxhash
from datasketch import MinHash

PERMUTATIONS = 128
BANDS = 42
ROWS = 3
#: stored beside each signature: signatures of different recipes must never be compared
RECIPE = f"affine32/{PERMUTATIONS}/xxh32/word3"

Signature = npt.NDArray[np.uint32]


def signatures(shingle_sets: Sequence[Collection[str]]) -> list[Signature]:
    """Return the signature of each shingle set: `PERMUTATIONS` unsigned 32-bit values."""
    return [_signature(shingle_set) for shingle_set in shingle_sets]


def _signature(shingles: Collection[str]) -> Signature:
    """Return what datasketch's `affine32` scheme makes of a shingle set; an empty one gives the largest values.

    The permutations are datasketch's. They are applied here with one row a permutation, so that each minimum is taken
    over neighbouring values: half the time of `MinHash.bulk`, the same bits.
    """
    if not shingles:
        return np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    hashes = np.array([xxhash.xxh32_intdigest(s.encode("utf-8", "surrogatepass")) for s in shingles], dtype=np.uint32)
    factors, summands = _permutations()
    minima: Signature = (factors * _mixed(hashes) + summands).min(axis=1)
    return minima


@cache
def _permutations() -> tuple[Signature, Signature]:
    """Return factors and summands of the permutations, as columns."""
    a, b = MinHash(num_perm=PERMUTATIONS, scheme="affine32").permutations
    return np.asarray(a, dtype=np.uint32).reshape(-1, 1), np.asarray(b, dtype=np.uint32).reshape(-1, 1)


def _mixed(hashes: Signature) -> Signature:
    """Return hashes through the finalizer of MurmurHash3 (Appleby), which the scheme asks for."""
    mixed = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return mixed ^ (mixed >> np.uint32(16))


def bands(signature: Signature) -> list[int]:
    """Return the band keys of a signature as signed 64-bit integers, the band's number hashed in."""
    rows = np.ascontiguousarray(signature, dtype="<u4")[: BANDS * ROWS].reshape(BANDS, ROWS)
    return [signed64(xxhash.xxh64_intdigest(row.tobytes(), seed=number)) for number, row in enumerate(rows)]


def signed64(value: int) -> int:
    """Return an unsigned 64-bit integer as the signed one of the same bits, which is what SQLite stores."""
    return value - (1 << 64) if value >= 1 << 63 else value


def to_bytes(signature: Signature) -> bytes:
    """Return a signature as stored: little-endian unsigned 32-bit values."""
    return np.ascontiguousarray(signature, dtype="<u4").tobytes()


def from_bytes(stored: bytes) -> Signature:
    """Return the signature that `to_bytes` stored."""
    return np.frombuffer(stored, dtype="<u4").astype(np.uint32)


def estimates(stored: bytes, others: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """Return the estimated Jaccard of a stored signature with each of some others, shape (len(others),)."""
    rows = np.frombuffer(b"".join(others), dtype="<u4").reshape(-1, PERMUTATIONS)
    return np.asarray((rows == np.frombuffer(stored, dtype="<u4")).mean(axis=1), dtype=np.float64)
