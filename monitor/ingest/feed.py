"""Parses feeds (RSS 0.9x, 1.0, 2.0, Atom) from bytes and headers into entries of plain text.

feedparser reads the XML and nothing else: it is given neither addresses nor its clean-up of HTML, and its parsed dates
are not used (see `dates`). Its `version`, not its `bozo` flag, tells a feed from an error page (measured).
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import regex

from monitor.errors import ParseError
from monitor.ingest.dates import parse_date
from monitor.ingest.language import language_code
from monitor.ingest.markup import clean_line, strip_markup
from monitor.ingest.phrases import compact
from monitor.model import Dated, DateOrigin, Entry, Feed, Skipped

MAX_ENTRIES = 1000
#: feedparser takes up to 4 s a megabyte for hostile markup (measured), and no news feed is larger
MAX_BYTES = 5_000_000
_MAX_URL = 4000
_LONGEST_TTL_S = 7 * 86_400
_PERIODS_S = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
#: complaints that say nothing about the entries
_HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
#: what WordPress puts under every text, in its languages the outlet's own
_TRAILER = regex.compile(
    r"\n?^(?:The post .{1,400} appeared first on .{1,200}|Сообщение .{1,400} появились сначала на .{1,200})$", regex.M
)
_EMAIL = regex.compile(r"^\S+@\S+\s*\((?P<name>.+)\)$|^(?P<other>.*?)\s*[<(]?\S+@\S+[>)]?$")
_TITLE = regex.compile(r"<title[^>]*>(.{1,500}?)</title", regex.IGNORECASE | regex.DOTALL)
_ROOT = regex.compile(r"<(?:\w+:)?([A-Za-z]\w*)[\s>/]")


#: the longer marks first: that of UTF-32 begins with that of UTF-16
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_DECLARATION = regex.compile(r"^\s*<\?xml[^>]{0,200}\?>")


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all entries of one feed share."""

    url: str
    lang: str | None
    now: datetime


def parse(
    body: bytes, *, url: str, headers: Mapping[str, str], now: datetime | None = None, max_entries: int = MAX_ENTRIES
) -> Feed:
    """Return the entries of a feed; raise ParseError when the bytes are no feed, saying what they look like.

    `headers` have names in lower case. `now` decides which dates are in the future; without it the server's clock does
    (its `date` header). Entries past `max_entries`, and those without any identity, are in `skipped` with the reason.
    """
    if not body.strip():
        raise ParseError(url, "the feed is empty: not a single byte of text")
    if len(body) > MAX_BYTES:
        raise ParseError(url, f"the feed is larger than {MAX_BYTES} bytes")
    found = _read(body, url, headers)
    problem = _problem(found)
    if not found.get("version"):
        raise ParseError(url, f"this is {looks_like(body)}, not a feed")
    if problem and not found.entries:
        raise ParseError(url, f"the XML is broken and holds no entry ({problem})")
    lang = language_code(_text(found.feed, "language")) or language_code(headers.get("content-language"))
    setting = _Setting(url, lang, now or _server_clock(headers))
    entries, skipped = _entries(found.entries[:max_entries], setting)
    if len(found.entries) > max_entries:
        rest = len(found.entries) - max_entries
        skipped.append(Skipped(f"{rest} entries", f"the feed has more than {max_entries} entries"))
    return Feed(
        version=found.version,
        entries=tuple(entries),
        skipped=tuple(skipped),
        ttl_s=_ttl(found.feed),
        lang=lang,
        warning=problem or None,
    )


def _read(body: bytes, url: str, headers: Mapping[str, str]) -> Any:  # noqa: ANN401  the library publishes no types
    """Let feedparser read the bytes; an error of its own on broken input is a fault of the input."""
    kind = headers.get("content-type", "application/xml")
    for mark, name in _MARKS.items():
        if body.startswith(mark):
            # feedparser misses the byte order mark of a document without an XML declaration
            text = body[len(mark) :].decode(name, "replace")
            body, kind = _DECLARATION.sub("", text).encode("utf-8", "replace"), "application/xml; charset=utf-8"
            break
    known = {"content-type": kind, "content-location": url}
    try:
        return feedparser.parse(
            io.BytesIO(body), response_headers=known, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise ParseError(url, f"the feed cannot be read ({type(error).__name__}: {str(error)[:100]})") from error


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
    summary = _prose(_text(raw, "summary"))
    content = max((_prose(_text(part, "value")) for part in raw.get("content") or ()), key=len, default="")
    if compact(content) == compact(summary):
        content = ""
    lang = language_code(_text(raw.get("title_detail") or {}, "language")) or setting.lang
    return Entry(
        guid=clean_line(_text(raw, "id"))[:_MAX_URL] or None,
        url=_address(_text(raw, "link"), setting.url),
        title=_title(raw),
        summary=summary,
        content=content,
        published=_published(raw, replace(setting, lang=lang)),
        author=_author(_text(raw, "author")),
        lang=lang,
    )


def _text(holder: Mapping[str, Any], key: str) -> str:
    """Return a text of feedparser's result, without its stand-ins for missing keys."""
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""


def _prose(markup: str) -> str:
    """Return a teaser or text as lines, without what the publishing software adds."""
    return str(_TRAILER.sub("", strip_markup(markup))).strip()


def _title(raw: Mapping[str, Any]) -> str:
    """Return the title on one line, without the name of the outlet that an aggregator puts behind it."""
    title = clean_line(strip_markup(_text(raw, "title")))
    source = raw.get("source")
    name = clean_line(_text(source, "title")) if isinstance(source, dict) else ""
    return title.removesuffix(f" - {name}") if name else title


def _author(text: str) -> str | None:
    """Return the name of an author without the mail address that RSS wants."""
    name = clean_line(strip_markup(text))
    found = _EMAIL.match(name)
    return (found["name"] or found["other"] if found else name) or None


def _address(link: str, base: str) -> str | None:
    """Return the absolute http address of a link, or None."""
    try:
        url = urljoin(base, "".join(clean_line(link).split()))
        parts = urlsplit(url)
    except ValueError:
        return None
    usable = parts.scheme in ("http", "https") and parts.netloc and len(url) <= _MAX_URL
    return url if usable and link and url != base else None


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
