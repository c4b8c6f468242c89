"""Puts a response body together, compressed or not, and never holds more of it than the cap allows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from monitor.errors import FetchError

#: window sizes for zlib: with a gzip header, with a zlib header, and raw (what some servers call deflate)
_GZIP, _ZLIB, _RAW = 31, 15, -15
_GZIP_MAGIC = b"\x1f\x8b"


def read_body(chunks: Iterable[bytes], *, url: str, encoding: str, cap: int, enough: int | None = None) -> bytes:
    """Return the decompressed body, or no more than the first `enough` bytes of it.

    `cap` bounds the bytes on the wire and after decompression alike. Raises FetchError of kind `too_large`, or of kind
    `encoding` when the compressed data are broken, cut short or of a kind we did not ask for.
    """
    wire = _capped(chunks, url=url, cap=cap)
    match encoding.strip().lower():
        case "" | "identity":
            return _joined(wire, enough)
        case "gzip" | "x-gzip":
            plain = _inflated(wire, _GZIP, url=url, cap=cap)
        case "deflate":
            plain = _inflated(wire, _ZLIB, url=url, cap=cap)
        case other:
            raise FetchError(url, "encoding", f"the body has the encoding {other[:40]!r}, which we did not ask for")
    return _joined(_capped(plain, url=url, cap=cap), enough)


def _joined(chunks: Iterable[bytes], enough: int | None) -> bytes:
    """Return all chunks as one, or the first bytes of them without reading on."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if enough is not None and len(body) >= enough:
            return bytes(body[:enough])
    return bytes(body)


def _capped(chunks: Iterable[bytes], *, url: str, cap: int) -> Iterator[bytes]:
    """Pass chunks on until there are more bytes than the cap."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > cap:
            raise FetchError(url, "too_large", f"the body is larger than {cap} bytes")
        yield chunk


def _inflated(chunks: Iterable[bytes], window: int, *, url: str, cap: int) -> Iterator[bytes]:
    """Yield the decompressed parts, each at most one byte over the cap, so that a bomb is noticed in time."""
    stream, started = zlib.decompressobj(window), False
    for chunk in chunks:
        data = chunk
        while data:
            if stream.eof:
                if window != _GZIP or not data.startswith(_GZIP_MAGIC):
                    break  # padding after the end, which browsers ignore as well
                stream = zlib.decompressobj(window)
            try:
                part = stream.decompress(data, cap + 1)
            except zlib.error as error:
                if window == _ZLIB and not started:
                    stream, window = zlib.decompressobj(_RAW), _RAW
                    continue
                raise FetchError(url, "encoding", f"the compressed body is broken ({error})") from error
            started = True
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
            yield part
    if started and not stream.eof:
        raise FetchError(url, "encoding", "the compressed body is cut short")
