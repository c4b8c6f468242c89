"""Finds the address inside an aggregator's link, and takes the publisher's name off a title; offline and pure.

What cannot be read offline (the opaque ids of Google News since July 2024) stays as it is; if fetching the page leads
elsewhere, the final address counts (see `polling`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

import regex

from monitor.model import Entry, Feed
from monitor.text import word_count

#: wrappers around wrappers are taken off so many times
_DEPTH = 3
_MAX_URL = 4000
#: redirectors of large sites: host, path and the parameter that holds the address
_KNOWN = (
    (r"(?:www\.)?google\.[a-z.]{2,6}", r"/url", ("url", "q")),
    (r"(?:www\.)?bing\.com", r"/news/apiclick\.aspx", ("url",)),
    (r"lm?\.facebook\.com", r"/l\.php", ("u",)),
    (r"out\.reddit\.com", r"/.*", ("url",)),
    (r"t\.umblr\.com", r"/redirect", ("z",)),
    (r"(?:www\.)?youtube\.com", r"/redirect", ("q",)),
    (r"(?:www\.)?vk\.com", r"/away\.php", ("to",)),
    (r"(?:www\.)?linkedin\.com", r"/redir/redirect", ("url",)),
)
_REDIRECTORS = tuple(
    (regex.compile(host, regex.IGNORECASE), regex.compile(path), names) for host, path, names in _KNOWN
)
#: any other address whose last step says that it only leads on
_STEP = regex.compile(
    r"(?:api)?click|redirect(?:or)?|redir|out|outgoing|away|track(?:ing)?|link|goto|leave|exit|jump", regex.IGNORECASE
)
_NAMES = ("url", "u", "q", "to", "target", "dest", "destination", "redirect", "link", "goto")
_GOOGLE_NEWS = regex.compile(r"/(?:rss/)?(?:articles|read)/([A-Za-z0-9_=-]{16,2000})/?")
#: what the old kind of id begins with: fields 1 (the number 19) and 4 (the address) of a protocol buffer
_OLD_ID = b"\x08\x13\x22"
_AMP_CACHE = regex.compile(r"/[a-z]{1,3}/(s/)?(.+)", regex.DOTALL)
_GOOGLE_AMP = regex.compile(r"/amp/(s/)?(.+)", regex.DOTALL)
_SUFFIX = regex.compile(r"^(?P<head>.+\S)\s+[-–—|]\s+(?P<tail>[^|–—]{2,60}?)$", regex.DOTALL)
_TAIL_WORDS, _HEAD_WORDS, _SAME_TAIL = 6, 3, 3
_SEVEN_BITS = 0x7F


def unwrapped(url: str) -> str:
    """Return the address that a wrapped link leads to, as far as it stands in the link itself; else the link."""
    for _ in range(_DEPTH):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    return url


def repaired(feed: Feed) -> Feed:
    """Return a feed with the addresses of its entries unwrapped and their titles without the publisher's name."""
    tail = _common_tail([entry.title for entry in feed.entries])
    return replace(feed, entries=tuple(_repaired(entry, tail) for entry in feed.entries))


def _repaired(entry: Entry, tail: str | None) -> Entry:
    """Return one entry as its publisher wrote it."""
    url = unwrapped(entry.url) if entry.url else None
    found = _SUFFIX.match(entry.title)
    named = found and (_tail_key(found["tail"]) == tail or (_is_wrapped(entry.url) and _fits(found)))
    title = str(found["head"]) if found and named else entry.title
    return entry if (url, title) == (entry.url, entry.title) else replace(entry, url=url, title=title)


def _is_wrapped(url: str | None) -> bool:
    """Tell whether an entry comes from an aggregator, which puts the publisher behind each title."""
    return bool(url) and (_host(url or "") == "news.google.com" or _inner(url or "") is not None)


def _fits(found: regex.Match[str]) -> bool:
    """Tell whether what stands behind the last stroke of a title may be a name, and the rest a title."""
    return word_count(found["tail"]) <= _TAIL_WORDS and word_count(found["head"]) >= _HEAD_WORDS


def _common_tail(titles: Sequence[str]) -> str | None:
    """Return what stands behind the last stroke of every title of a feed, which is its name; None if they differ."""
    if len(set(titles)) < _SAME_TAIL:
        return None
    tails = set()
    for title in titles:
        found = _SUFFIX.match(title)
        if found is None or not _fits(found):
            return None
        tails.add(_tail_key(found["tail"]))
    return tails.pop() if len(tails) == 1 else None


def _tail_key(tail: str) -> str:
    """Return the form in which names behind titles are compared."""
    return tail.casefold()


def _host(url: str) -> str:
    """Return the host of an address, or nothing."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _inner(url: str) -> str | None:
    """Return the address inside a wrapped one, or None."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host == "news.google.com" and (found := _GOOGLE_NEWS.fullmatch(parts.path)):
        return _address(_decoded(found[1]))
    if host.endswith("cdn.ampproject.org"):
        return _amp(_AMP_CACHE.fullmatch(parts.path))
    if regex.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host) and (found := _GOOGLE_AMP.fullmatch(parts.path)):
        return _amp(found)
    return _parameter(host, parts.path, parts.query)


def _parameter(host: str, path: str, query: str) -> str | None:
    """Return the address that a redirector carries in its query."""
    names: tuple[str, ...] = ()
    for hosts, paths, known in _REDIRECTORS:
        if hosts.fullmatch(host) and paths.fullmatch(path):
            names = known
    last = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    if not names and _STEP.fullmatch(last):
        names = _NAMES
    if not names:
        return None
    given = {name.lower(): value for name, value in parse_qsl(query, max_num_fields=None)}
    return next((inner for name in names if (inner := _address(given.get(name, "")))), None)


def _decoded(text: str) -> str:
    """Return the address in the old kind of Google News id, an empty text for the new kind."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return ""
    if not raw.startswith(_OLD_ID):
        return ""
    length, shift, at = 0, 0, len(_OLD_ID)
    while at < len(raw) and shift < 28:  # noqa: PLR2004 - four groups of seven bits, far more than any address needs
        length |= (raw[at] & _SEVEN_BITS) << shift
        at, shift = at + 1, shift + 7
        if raw[at - 1] <= _SEVEN_BITS:
            break
    return raw[at : at + length].decode("ascii", "ignore") if at + length <= len(raw) else ""


def _amp(found: regex.Match[str] | None) -> str | None:
    """Return the address of the page behind a copy in an AMP cache."""
    return _address(f"{'https' if found[1] else 'http'}://{unquote(found[2])}") if found else None


def _address(text: str) -> str | None:
    """Return a text that is an absolute http address with a host, or None."""
    text = text.strip()
    if len(text) > _MAX_URL or not text.startswith(("http://", "https://")) or any(c.isspace() for c in text):
        return None
    return text if "." in _host(text) else None
