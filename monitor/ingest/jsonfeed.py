"""Parses JSON Feed 1.0 and 1.1 (jsonfeed.org) into entries of plain text; pure.

Publishers send numbers for ids and texts for lists, so each value is taken only if it is of the kind that it should be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import regex

from monitor.errors import ParseError
from monitor.ingest import charsets
from monitor.ingest.dates import parse_date
from monitor.ingest.entries import MAX_URL, address, author_name, prose
from monitor.ingest.language import language_code
from monitor.ingest.markup import clean_line, strip_markup
from monitor.ingest.phrases import compact
from monitor.model import Dated, DateOrigin, Entry, Feed, Skipped

MAX_ENTRIES = 1000
MAX_BYTES = 5_000_000
#: control characters in strings are a common mistake that harms nobody
_DECODER = json.JSONDecoder(strict=False)
_STRING = r'"(?:[^"\\]++|\\.)*+(?:"|\Z)'
_COMMENT = regex.compile(rf"{_STRING}|//[^\n]*+|/\*.*?(?:\*/|\Z)", regex.DOTALL)
_COMMA = regex.compile(rf"{_STRING}|,(?=\s*+[}}\]])", regex.DOTALL)
_ITEMS = regex.compile(r'"items"\s*:\s*\[\s*')
_BETWEEN = regex.compile(r"[\s,]*")
_WRAPPED = regex.compile(r"(?:\)\]\}',?|while\(1\);|for\(;;\);|(?:/\*\*/\s*)?[\w$.]{1,60}\s*\()\s*(?=[\[{])")
_VERSIONS = {"1": "json10", "1.0": "json10", "1.1": "json11"}


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all entries of one feed share."""

    url: str
    lang: str | None
    author: str | None
    now: datetime


def parse(body: bytes, *, url: str, now: datetime, max_entries: int = MAX_ENTRIES) -> Feed:
    """Return the entries of a JSON Feed; raise ParseError when the bytes are none, saying what is missing.

    Entries past `max_entries`, and those without any identity, are in `skipped` with the reason.
    """
    feed, problem = _document(body, url)
    items = feed.get("items")
    if not isinstance(items, list):
        raise ParseError(url, "this is JSON, but no JSON Feed: it has no list of `items`")
    setting = _Setting(url, language_code(_text(feed, "language")), _author(feed), now)
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for number, raw in enumerate(items[:max_entries], 1):
        entry = _entry(raw, setting) if isinstance(raw, dict) else None
        if entry and (entry.guid or entry.url or entry.title):
            entries.append(entry)
        else:
            skipped.append(Skipped(f"entry {number}", "it has no id, no usable link and no title"))
    if len(items) > max_entries:
        reason = f"the feed has more than {max_entries} entries"
        skipped.append(Skipped(f"{len(items) - max_entries} entries", reason))
    version = _VERSIONS.get(_text(feed, "version").rpartition("/")[2], "json")
    return Feed(version, tuple(entries), tuple(skipped), lang=setting.lang, warning=problem)


def is_wrapped(head: bytes) -> bool:
    """Tell whether the first bytes are JSON that is wrapped for browsers: in a call (JSONP) or behind a guard."""
    return bool(_WRAPPED.match(head.decode("utf-8", "replace")))


def _document(body: bytes, url: str) -> tuple[dict[str, Any], str | None]:
    """Return the JSON object that the bytes are, with what was wrong with it."""
    if len(body) > MAX_BYTES:
        raise ParseError(url, f"the feed is larger than {MAX_BYTES} bytes")
    text = _text_of(body)
    problem = None
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        problem = f"the JSON is broken ({clean_line(str(error))[:100]})"
        found = _salvaged(text)
    if found is None and problem:
        raise ParseError(url, problem)
    if not isinstance(found, dict):
        raise ParseError(url, "this is JSON, but no JSON Feed: it is no object with `items`")
    return found, problem


def _text_of(body: bytes) -> str:
    """Return the text of a body without what browsers want around it; line breaks may stand before the first bracket.

    A broken letter costs itself only; json would refuse all.
    """
    text = charsets.text_of(body).strip()
    return _WRAPPED.sub("", text, count=1).rstrip(" \t\r\n;)") if _WRAPPED.match(text) else text


def _salvaged(text: str) -> Any:  # noqa: ANN401  any JSON
    """Return JSON that was written by hand, with comments and commas too many, or the whole items of one that was cut.

    None when nothing of it can be read.
    """
    plain = _COMMA.sub(_without, _COMMENT.sub(_without, text))
    try:
        return _DECODER.decode(plain)
    except (ValueError, RecursionError):
        start = _ITEMS.search(plain)
    items: list[Any] = []
    at = start.end() if start else len(plain)
    while at < len(plain):
        try:
            item, at = _DECODER.raw_decode(plain, at)
        except (ValueError, RecursionError):
            break
        items.append(item)
        gap = _BETWEEN.match(plain, at)
        at = gap.end() if gap else at
    return {"items": items} if items else None


def _without(found: regex.Match[str]) -> str:
    """Return a string as it is, and nothing for what else was found."""
    return found[0] if found[0].startswith('"') else " "


def _entry(raw: Mapping[str, Any], setting: _Setting) -> Entry:
    """Return one entry as plain text."""
    summary = prose(_text(raw, "summary"))
    content = max(prose(_text(raw, "content_html")), _lines(_text(raw, "content_text")), key=len)
    return Entry(
        guid=clean_line(_text(raw, "id"))[:MAX_URL] or None,
        url=address(_text(raw, "url"), setting.url) or address(_text(raw, "external_url"), setting.url),
        title=clean_line(strip_markup(_text(raw, "title"))),
        summary=summary,
        content="" if compact(content) == compact(summary) else content,
        published=_published(raw, setting),
        author=_author(raw) or setting.author,
        lang=language_code(_text(raw, "language")) or setting.lang,
    )


def _text(holder: Mapping[str, Any], key: str) -> str:
    """Return a text, or a number as one, and nothing for anything else."""
    value = holder.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if isinstance(value, str) or is_number else ""


def _lines(text: str) -> str:
    """Return a plain text as lines; what looks like markup in it is meant as it stands."""
    return "\n".join(line for raw in text.splitlines() if (line := clean_line(raw)))


def _author(holder: Mapping[str, Any]) -> str | None:
    """Return the names of the authors: a list in version 1.1, a single one in 1.0."""
    authors = holder.get("authors")
    listed = authors if isinstance(authors, list) else [holder.get("author")]
    names = [author_name(_text(one, "name")) for one in listed[:20] if isinstance(one, dict)]
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _published(raw: Mapping[str, Any], setting: _Setting) -> Dated:
    """Return when an entry was published, or else changed."""
    langs = (setting.lang,) if setting.lang else ()
    for key in ("date_published", "date_modified"):
        text = clean_line(_text(raw, key))
        if text and (dated := parse_date(text, now=setting.now, origin=DateOrigin.FEED, langs=langs)):
            return dated
    return Dated()
