"""Reads what a source's address answered by what the body is, whatever was expected there; pure.

Formats for programs are told apart by their bytes and read where they were not expected. A page is read as a list of
links only where one is expected: anywhere else it is an error page, a moved feed or a wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from html import unescape

import regex

from monitor.errors import ParseError
from monitor.ingest import feed, jsonfeed, listing, sitemap
from monitor.ingest.charsets import MARKS
from monitor.ingest.hypertext import feeds_named, hypertext
from monitor.model import Feed, Skipped, Source, SourceKind

_HEAD = 4000
#: some servers compress what is compressed already
_WRAPPINGS = 2
_ADDRESS = regex.compile(rb"https?://\S+\s*(?:\n|$)", regex.IGNORECASE)
#: a feed that software or a browser has put into a page, as it is or escaped
_INSIDE = regex.compile(rb"<(?:\?xml\s|rss[\s>]|feed\s|rdf:RDF\s)")
_ESCAPED = regex.compile(rb"&lt;(?:\?xml\s|rss\b|feed\s|rdf:RDF\s).*?&lt;/(?:rss|feed|rdf:RDF)\s*&gt;", regex.DOTALL)
_ROOT = regex.compile(rb"<(?![?!])(?:[\w.-]{1,40}:)?([A-Za-z][\w-]{0,40})")
_COMMENT = regex.compile(rb"<!--.*?(?:-->|$)", regex.DOTALL)
_ROOTS = {
    b"urlset": SourceKind.SITEMAP,
    b"sitemapindex": SourceKind.SITEMAP,
    b"rss": SourceKind.FEED,
    b"rdf": SourceKind.FEED,
    b"feed": SourceKind.FEED,
    b"html": SourceKind.LISTING,
    b"head": SourceKind.LISTING,
    b"body": SourceKind.LISTING,
}


def kind_of(body: bytes) -> SourceKind | None:
    """Return what a body looks like by its first bytes, or None when they do not tell."""
    head = body[:_HEAD].lstrip(b" \r\n\t")
    for mark in MARKS:
        head = head.removeprefix(mark)
    head = head.replace(b"\x00", b"").lstrip()
    if head.startswith((b"{", b"[")) or jsonfeed.is_wrapped(head):
        return SourceKind.JSON
    if _ADDRESS.match(head):
        return SourceKind.SITEMAP
    if regex.match(rb"(?i)<!doctype\s+html", head):
        return SourceKind.LISTING
    root = _ROOT.search(_COMMENT.sub(b"", head)) if head.startswith(b"<") else None
    return _ROOTS.get(root[1].lower()) if root else None


def read(body: bytes, *, url: str, headers: Mapping[str, str], source: Source, now: datetime) -> Feed:
    """Return the entries that an answer holds; raise ParseError, with the remedy, when it holds none that can be read.

    `url` is where the answer came from, `headers` have names in lower case.
    """
    plain = body
    for _ in range(_WRAPPINGS):
        plain = sitemap.unzipped(plain, url=url) if sitemap.is_gzip(plain) else plain
    found = kind_of(plain) or source.kind
    match found:
        case SourceKind.SITEMAP:
            return _expected(sitemap.parse(plain, url=url, now=now, match=source.match), found, source)
        case SourceKind.JSON:
            return _expected(_matching(jsonfeed.parse(plain, url=url, now=now), source), found, source)
        case SourceKind.LISTING if source.kind is SourceKind.LISTING:
            return listing.parse(plain, url=url, headers=headers, source=source, now=now)
        case SourceKind.LISTING:
            return _matching(_inside(plain, url=url, headers=headers, now=now), source)
    return _expected(
        _matching(feed.parse(plain, url=url, headers=headers, now=now, lang=source.lang), source), found, source
    )


def _inside(page: bytes, *, url: str, headers: Mapping[str, str], now: datetime) -> Feed:
    """Return the feed that a page holds; raise ParseError for a page that is nothing else."""
    raw, escaped = _INSIDE.search(page), _ESCAPED.search(page)
    held = page[raw.start() :] if raw else unescape(escaped[0].decode("utf-8", "replace")).encode() if escaped else b""
    try:
        found = feed.parse(held, url=url, headers=headers, now=now)
    except ParseError as error:
        raise ParseError(url, _no_feed(page, url, headers)) from error
    if not found.entries:
        raise ParseError(url, _no_feed(page, url, headers))
    return replace(found, warning="; ".join(filter(None, ("the feed stands in an HTML page", found.warning))))


def _expected(read_as: Feed, found: SourceKind, source: Source) -> Feed:
    """Return what was read, with a warning when the configuration promised something else."""
    if source.kind in (found, SourceKind.FEED):
        return read_as
    note = f"configured as `kind: {source.kind}`, but this is {read_as.version}: write `kind: {found}`"
    return replace(read_as, warning="; ".join(filter(None, (read_as.warning, note))))


def _matching(read_as: Feed, source: Source) -> Feed:
    """Return a feed without the entries whose address does not contain what the configuration wants."""
    if not source.match:
        return read_as
    kept = tuple(entry for entry in read_as.entries if source.match in (entry.url or ""))
    left = len(read_as.entries) - len(kept)
    note = (Skipped(f"{left} entries", f"their addresses do not contain {source.match!r}"),) if left else ()
    return replace(read_as, entries=kept, skipped=(*read_as.skipped, *note))


def _no_feed(body: bytes, url: str, headers: Mapping[str, str]) -> str:
    """Say that a page came in place of a feed, and what to do about it."""
    found = f"this is {feed.looks_like(body)}, not a feed"
    named = feeds_named(hypertext(body, url=url, headers=headers))
    if named:
        return f"{found}; it names a feed: {named[0]}"
    return f"{found}; if it lists news, write `kind: listing`, else look with `monitor sources discover`"
