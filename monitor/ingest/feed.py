"""Parses feeds (RSS 0.9x, 1.0, 2.0, Atom) from bytes and headers into entries of plain text.

feedparser reads the XML and nothing else: it is given neither addresses nor its clean-up of HTML, and its parsed dates
are not used (see `dates`). Its `version`, not its `bozo` flag, tells a feed from an error page (measured).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import regex

from monitor.errors import ParseError
from monitor.ingest import charsets
from monitor.ingest.dates import parse_date
from monitor.ingest.entries import MAX_URL, address, author_name, prose
from monitor.ingest.language import language_code
from monitor.ingest.markup import clean_line, strip_markup
from monitor.ingest.phrases import compact
from monitor.ingest.xmltext import mended
from monitor.model import Dated, DateOrigin, Entry, Feed, Skipped

MAX_ENTRIES = 1000
#: feedparser takes up to 4 s a megabyte for hostile markup (measured), and no news feed is larger
MAX_BYTES = 5_000_000
_LONGEST_TTL_S = 7 * 86_400
_PERIODS_S = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
#: complaints that say nothing about the entries
_HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
_TITLE = regex.compile(r"<title[^>]*>(.{1,500}?)</title", regex.IGNORECASE | regex.DOTALL)
_ROOT = regex.compile(r"<(?:\w+:)?([A-Za-z]\w*)[\s>/]")


_DECLARATION = regex.compile(r"^\s*<\?xml[^>]{0,200}\?>\r?\n?")
_DECLARED = regex.compile(rb"^[^<]{0,200}<\?xml[^>]{0,150}?encoding\s*=\s*[\"']\s*([\w.:-]{2,40})")
_SAID = regex.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", regex.IGNORECASE)
_LANGUAGE = regex.compile(rb"<(?:dc:)?language>\s*([A-Za-z]{2})|xml:lang\s*=\s*[\"']([A-Za-z]{2})")
_HEAD = 4000
#: RSS 1.0 wants it to be the address
_ABOUT_IS_ADDRESS = frozenset({"rss090", "rss10"})


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all entries of one feed share."""

    url: str
    lang: str | None
    now: datetime
    version: str


def parse(
    body: bytes,
    *,
    url: str,
    headers: Mapping[str, str],
    now: datetime | None = None,
    max_entries: int = MAX_ENTRIES,
    lang: str | None = None,
) -> Feed:
    """Return the entries of a feed; raise ParseError when the bytes are no feed, saying what they look like.

    `headers` have names in lower case. `now` decides which dates are in the future; without it the server's clock does
    (its `date` header). `lang` is what the source is known to be written in, which tells encodings apart. Entries past
    `max_entries`, and those without any identity, are in `skipped` with the reason.
    """
    if not body.strip():
        raise ParseError(url, "the feed is empty: not a single byte of text")
    if len(body) > MAX_BYTES:
        raise ParseError(url, f"the feed is larger than {MAX_BYTES} bytes")
    found = _read(_decoded(body, headers, lang), url)
    problem = _problem(found)
    if not found.get("version"):
        raise ParseError(url, f"this is {looks_like(body)}, not a feed")
    if problem and not found.entries:
        raise ParseError(url, f"the XML is broken and holds no entry ({problem})")
    said = language_code(_text(found.feed, "language")) or language_code(headers.get("content-language"))
    setting = _Setting(url, said, now or _server_clock(headers), found.version)
    entries, skipped = _entries(found.entries[:max_entries], setting)
    if len(found.entries) > max_entries:
        rest = len(found.entries) - max_entries
        skipped.append(Skipped(f"{rest} entries", f"the feed has more than {max_entries} entries"))
    return Feed(
        version=found.version,
        entries=tuple(entries),
        skipped=tuple(skipped),
        ttl_s=_ttl(found.feed),
        lang=said,
        warning=problem or None,
    )


def _read(text: str, url: str) -> Any:  # noqa: ANN401  the library publishes no types
    """Let feedparser read a text; an error of its own on broken input is a fault of the input."""
    try:
        return feedparser.parse(
            io.BytesIO(mended(_DECLARATION.sub("", text)).encode("utf-8", "replace")),
            # without the address of the feed: it would make addresses of ids
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise ParseError(url, f"the feed cannot be read ({type(error).__name__}: {str(error)[:100]})") from error


def _decoded(body: bytes, headers: Mapping[str, str], lang: str | None) -> str:
    """Return the text of a feed.

    feedparser believes what is declared, takes a whole feed for Windows-1252 because of one cut letter, and misses a
    byte order mark without a declaration (measured).
    """
    declared, said = _DECLARED.search(body[:_HEAD]), _SAID.search(headers.get("content-type", ""))
    named = [declared[1].decode("ascii", "replace")] if declared else []
    named += [said[1]] if said else []
    own = _LANGUAGE.search(body[:_HEAD])
    spoken = (own[1] or own[2]).decode("ascii") if own else headers.get("content-language") or lang
    return charsets.text_of(body, named=named, lang=spoken)


def _problem(found: Any) -> str | None:  # noqa: ANN401  see _read
    """Return what is not well-formed, in one line."""
    error = found.get("bozo_exception") if found.bozo else None
    return None if error is None or isinstance(error, _HARMLESS) else clean_line(str(error))[:200] or "not well-formed"


def _server_clock(headers: Mapping[str, str]) -> datetime:
    """Return the time the server says it is, or the end of time when it does not."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return datetime(9000, 1, 1, tzinfo=UTC)


def _ttl(feed: Mapping[str, Any]) -> int | None:
    """Return for how many seconds the publisher asks not to come back (RSS ttl in minutes, or syndication module)."""
    minutes = _text(feed, "ttl")
    if minutes.isascii() and minutes.isdigit() and int(minutes[:9]):
        return min(int(minutes[:9]) * 60, _LONGEST_TTL_S)
    period = _PERIODS_S.get(_text(feed, "sy_updateperiod").lower())
    times = _text(feed, "sy_updatefrequency")
    often = int(times[:6]) if times.isascii() and times.isdigit() and int(times[:6]) else 1
    return min(period // often, _LONGEST_TTL_S) if period else None


# ---------------------------------------------------------------- entries


def _entries(raw: list[Any], setting: _Setting) -> tuple[list[Entry], list[Skipped]]:
    """Return the entries that can be told apart from others, and those that cannot."""
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for number, one in enumerate(raw, 1):
        entry = _entry(one, setting)
        if entry.guid or entry.url or entry.title:
            entries.append(entry)
        else:
            skipped.append(Skipped(f"entry {number}", "it has no guid, no usable link and no title"))
    return entries, skipped


def _entry(raw: Mapping[str, Any], setting: _Setting) -> Entry:
    """Return one entry as plain text."""
    summary = prose(_text(raw, "summary"))
    content = max((prose(_text(part, "value")) for part in raw.get("content") or ()), key=len, default="")
    if compact(content) == compact(summary):
        content = ""
    lang = language_code(_text(raw.get("title_detail") or {}, "language")) or setting.lang
    return Entry(
        guid=clean_line(_text(raw, "id"))[:MAX_URL] or None,
        url=_link(raw, setting),
        title=_title(raw),
        summary=summary,
        content=content,
        published=_published(raw, replace(setting, lang=lang)),
        author=author_name(_text(raw, "author")),
        lang=lang,
    )


def _link(raw: Mapping[str, Any], setting: _Setting) -> str | None:
    """Return the address of an entry; feedparser takes any id for it that the feed does not deny to be one."""
    link, name = _text(raw, "link"), _text(raw, "id")
    if raw.get("guidislink") and link == name and "/" not in link:
        return None
    return address(link or (name if setting.version in _ABOUT_IS_ADDRESS else ""), setting.url)


def _text(holder: Mapping[str, Any], key: str) -> str:
    """Return a text of feedparser's result, without its stand-ins for missing keys."""
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""


def _title(raw: Mapping[str, Any]) -> str:
    """Return the title on one line, without the name of the outlet that an aggregator puts behind it."""
    title = clean_line(strip_markup(_text(raw, "title")))
    source = raw.get("source")
    name = clean_line(_text(source, "title")) if isinstance(source, dict) else ""
    return title.removesuffix(f" - {name}") if name else title


def _published(raw: Mapping[str, Any], setting: _Setting) -> Dated:
    """Return when an entry was published: the first of its dates that can be read."""
    return next(_dates(raw, setting), Dated())


def _dates(raw: Mapping[str, Any], setting: _Setting) -> Iterator[Dated]:
    """Yield the dates of an entry; Dublin Core's and Atom's only one is called `updated`."""
    langs = (setting.lang,) if setting.lang else ()
    for key in ("published", "created", "updated"):
        text = clean_line(_text(raw, key))
        if text and (dated := parse_date(text, now=setting.now, origin=DateOrigin.FEED, langs=langs)):
            yield dated


# ---------------------------------------------------------------- what else it may be


def looks_like(body: bytes) -> str:
    """Say in a few words what a body is that is no feed."""
    text = body[:20_000].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    title = _TITLE.search(text)
    if regex.match(r"(?i)<!doctype html|<html", text) or (title and "<html" in text.lower()):
        name = clean_line(strip_markup(title[1])) if title else ""
        return f"an HTML page titled {name[:100]!r}" if name else "an HTML page without a title"
    if body.startswith((b"%PDF", b"\x1f\x8b", b"PK\x03\x04")):
        return "a PDF file" if body.startswith(b"%PDF") else "compressed data"
    if text.startswith(("{", "[")):
        return "JSON"
    root = _ROOT.search(text) if text.startswith("<") else None
    if root:
        return f"XML with the root element {root[1][:40]!r}"
    return f"text that begins with {clean_line(text)[:60]!r}"
