"""Parses sitemaps (sitemaps.org 0.9), Google News sitemaps and sitemap indexes, gzipped or not; pure.

A sitemap may name everything that a site ever published, so only what is recent is taken, the newest first; what is
left out is counted. `lastmod` is the time of a change, and some sites write the time of building into all of them.
"""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import regex
from lxml import etree

from monitor.errors import ParseError
from monitor.ingest.dates import parse_date
from monitor.ingest.entries import address
from monitor.ingest.language import language_code
from monitor.ingest.markup import clean_line, strip_markup
from monitor.model import Dated, DateOrigin, Entry, Feed, Skipped

#: the protocol allows 50,000 addresses and 50 MB; a file of more than this is no list of news
MAX_BYTES = 20_000_000
MAX_ADDRESSES = 50_000
#: the newest so many are taken from one file
MAX_ENTRIES = 500
#: of addresses without dates so many are taken from each end of the file: new ones stand at one of them
UNDATED_AT_EACH_END = 100
#: what was published or changed longer ago is archive
RECENT = timedelta(days=30)
#: so many parts of an index are read, and so many of these are others at each poll
MAX_PARTS, BY_TURNS = 5, 2
GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31
#: from so many addresses on, one common time for all is when the file was built
_SUSPICIOUS = 4
_NEWS_NAME = regex.compile(r"news|press|post|article|media|xeber|noticia|actualit|nachricht|haber|tin-tuc", regex.I)
_TEXT = regex.compile(rb"(?:\xef\xbb\xbf)?\s*https?://", regex.IGNORECASE)
_NUMBERS = regex.compile(r"\d+")
_TIME_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

#: one element with the texts of its children by local name
Fields = dict[str, str]


@dataclass(slots=True)
class _Found:
    """What was read of one file."""

    root: str = ""
    elements: list[Fields] | None = None
    skipped: int = 0
    problem: str | None = None


def is_gzip(body: bytes) -> bool:
    """Tell whether a body is compressed as a file, which a server does not undo."""
    return body.startswith(GZIP_MAGIC)


def unzipped(body: bytes, *, url: str, cap: int = MAX_BYTES) -> bytes:
    """Return what a gzipped body holds, at most `cap` bytes of it; raise ParseError for a bomb or a broken file."""
    plain, rest = b"", body
    while is_gzip(rest):
        stream = zlib.decompressobj(_GZIP_WINDOW)
        try:
            plain += stream.decompress(rest, cap + 1 - len(plain))
        except zlib.error as error:
            raise ParseError(url, f"the compressed file is broken ({error})") from error
        if len(plain) > cap:
            raise ParseError(url, f"the compressed file holds more than {cap} bytes")
        if not stream.eof:
            raise ParseError(url, "the compressed file is cut short")
        rest = stream.unused_data
    return plain


def parse(body: bytes, *, url: str, now: datetime, match: str | None = None) -> Feed:
    """Return the recent addresses of a sitemap, or of an index the parts to read (`Feed.more`).

    Only addresses that contain `match` are taken. Raises ParseError when the bytes are no sitemap.
    """
    plain = unzipped(body, url=url) if is_gzip(body) else body
    if len(plain) > MAX_BYTES:
        raise ParseError(url, f"the sitemap is larger than {MAX_BYTES} bytes")
    found = _lines(plain) if _TEXT.match(plain) else _read(plain, url)
    if found.root == "sitemapindex":
        return _index(found, url, now)
    if found.root != "urlset":
        raise ParseError(url, "this is no sitemap: it has neither `urlset` nor `sitemapindex` as root element")
    return _urlset(found, url=url, now=now, match=match)


def _lines(body: bytes) -> _Found:
    """Read a sitemap that is a text: an address a line."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines()]
    addresses = [{"loc": line} for line in lines if line]
    return _Found("urlset", addresses[:MAX_ADDRESSES], max(len(addresses) - MAX_ADDRESSES, 0))


# ---------------------------------------------------------------- the XML


def _read(body: bytes, url: str) -> _Found:
    """Read the elements of a sitemap one by one, so that memory does not grow with the markup."""
    found = _Found(elements=[])
    try:
        # neither entities nor addresses outside are followed, and libxml2's own limits stay on
        events = etree.iterparse(
            io.BytesIO(body), events=("start", "end"), recover=True, resolve_entities=False, load_dtd=False,
            no_network=True, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for event, element in events:
            _take(event, element, found)
        problem = events.error_log.last_error
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = error
    if problem is not None:
        found.problem = clean_line(str(getattr(problem, "message", problem)))[:200] or "not well-formed"
    if not found.root or (found.problem and not found.elements):
        raise ParseError(url, f"the XML of the sitemap is broken ({found.problem or 'it is empty'})")
    return found


def _take(event: str, element: Any, found: _Found) -> None:  # noqa: ANN401  lxml publishes no types
    """Take one element over when it is complete, and let go of its memory."""
    name = _local(element)
    if event == "start":
        found.root = found.root or name
    elif name in ("url", "sitemap") and found.elements is not None:
        if len(found.elements) < MAX_ADDRESSES:
            found.elements.append(_fields(element))
        else:
            found.skipped += 1
        element.clear()
        while element.getprevious() is not None and element.getparent() is not None:
            del element.getparent()[0]


def _local(element: Any) -> str:  # noqa: ANN401  see _take
    """Return the name of an element without its namespace, which many sitemaps get wrong."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _fields(element: Any) -> Fields:  # noqa: ANN401  see _take
    """Return the texts of an element by local name, the first of each; a news title is `title`, an image's is not."""
    fields: Fields = {}
    for part in element.iterdescendants():
        name = _local(part)
        parent = _local(part.getparent())
        if name == "link" and part.get("hreflang") and part.get("href"):
            fields.setdefault(f"lang of {clean_line(part.get('href'))}", part.get("hreflang"))
        elif part.text and parent not in ("image", "video"):
            fields.setdefault(name, part.text)
    return fields


# ---------------------------------------------------------------- an index


def _index(found: _Found, url: str, now: datetime) -> Feed:
    """Return the parts of an index that may hold news: the newest, else those that are named so, the last first."""
    parts = [(loc, _time(fields, "lastmod", now, DateOrigin.LASTMOD)) for loc, fields in _located(found, url)]
    recent = [(loc, at) for loc, at in parts if at.at is None or at.at >= now - RECENT]
    chosen = [loc for loc, _ in sorted(recent, key=_part_order, reverse=True)]
    left = f"{MAX_PARTS - BY_TURNS} that promise most and {BY_TURNS} of the others by turns are read"
    skipped = [
        Skipped(f"{len(parts) - len(recent)} parts of the index", f"not changed for {RECENT.days} days"),
        Skipped(f"{len(chosen) - MAX_PARTS} parts of the index", left),
        Skipped(f"{found.skipped} parts of the index", f"it has more than {MAX_ADDRESSES}"),
    ]
    kept = _read_now(tuple(dict.fromkeys(chosen)), url, now)
    dated = all(at.at for loc, at in recent if loc in kept)
    return Feed(
        "sitemap index", (), tuple(s for s in skipped if not s.what.startswith(("0", "-"))),
        warning=found.problem, more=kept, covers_more=dated,
    )  # fmt: skip


def _read_now(parts: Sequence[str], url: str, now: datetime) -> tuple[str, ...]:
    """Return the parts that this poll reads: the first ones, and some of the others, drawn by the moment.

    Where no part tells when it was changed, or several change at once, news may stand in any; a draw needs no memory of
    the last one, and unlike turns by the clock it does not miss the same parts at each poll of a steady rhythm.
    """
    if len(parts) <= MAX_PARTS:
        return tuple(parts)
    best = MAX_PARTS - BY_TURNS
    drawn = Random(f"{url} {now:%Y-%m-%dT%H:%M}").sample(range(best, len(parts)), BY_TURNS)  # noqa: S311 - no secret
    return (*parts[:best], *(parts[place] for place in sorted(drawn)))


def _part_order(part: tuple[str, Dated]) -> tuple[datetime, bool, list[int]]:
    """Return by what parts are ordered, the best greatest: the change, a name that promises news, the numbers in it."""
    loc, dated = part
    return dated.at or _TIME_BEFORE_ALL, bool(_NEWS_NAME.search(loc)), [int(n[:9]) for n in _NUMBERS.findall(loc)]


# ---------------------------------------------------------------- addresses


def _urlset(found: _Found, *, url: str, now: datetime, match: str | None) -> Feed:
    """Return the entries of a file of addresses."""
    located = _located(found, url)
    if found.problem and not located:
        raise ParseError(url, f"the XML of the sitemap is broken ({found.problem})")
    matching = [(loc, fields) for loc, fields in located if not match or match in loc]
    entries, built_at = _without_build_time([_entry(loc, fields, now) for loc, fields in matching])
    recent, old = _recent(entries, now, news={loc for loc, fields in matching if "publication_date" in fields})
    kept = _capped(recent)
    skipped = [
        Skipped(
            f"{len(found.elements or ()) - len(located)} addresses", "they are no usable links, or stand there twice"
        ),
        Skipped(f"{len(located) - len(matching)} addresses", f"they do not contain {match!r}"),
        Skipped(f"{old} addresses", f"published or changed more than {RECENT.days} days ago"),
        Skipped(f"{len(recent) - len(kept)} addresses", _cap_reason(recent)),
        Skipped(f"{found.skipped} addresses", f"the sitemap has more than {MAX_ADDRESSES}"),
    ]
    return Feed(
        version="news sitemap" if any("publication_date" in fields for _, fields in located) else "sitemap",
        entries=tuple(kept),
        skipped=tuple(s for s in skipped if not s.what.startswith("0 ")),
        warning="; ".join(filter(None, (found.problem, built_at))) or None,
    )


def _located(found: _Found, url: str) -> list[tuple[str, Fields]]:
    """Return each address once, with the fields of its element."""
    located: dict[str, Fields] = {}
    for fields in found.elements or ():
        loc = address(fields.get("loc", ""), url)
        if loc:
            located.setdefault(loc, fields)
    return list(located.items())


def _entry(loc: str, fields: Fields, now: datetime) -> Entry:
    """Return one address as an entry; only news sitemaps tell more than when it was changed."""
    published = _time(fields, "publication_date", now, DateOrigin.SITEMAP)
    return Entry(
        guid=None,
        url=loc,
        title=clean_line(strip_markup(fields.get("title", ""))),
        published=published if published.at else _time(fields, "lastmod", now, DateOrigin.LASTMOD),
        lang=language_code(clean_line(fields.get("language") or fields.get(f"lang of {loc}", ""))),
    )


def _time(fields: Fields, name: str, now: datetime, origin: DateOrigin) -> Dated:
    """Return a time that an element gives, or an unknown one."""
    text = clean_line(fields.get(name, "")[:200])
    return (parse_date(text, now=now, origin=origin) if text else None) or Dated()


def _without_build_time(entries: list[Entry]) -> tuple[list[Entry], str | None]:
    """Take the time of change from entries that all have one and the same."""
    changed = [entry for entry in entries if entry.published.origin is DateOrigin.LASTMOD]
    times = Counter(entry.published.at for entry in changed)
    if len(changed) < _SUSPICIOUS or len(changed) < len(entries) or len(times) != 1:
        return entries, None
    plain = [replace(entry, published=Dated()) for entry in entries]
    return plain, f"all {len(entries)} addresses carry the same time of change"


def _recent(entries: list[Entry], now: datetime, *, news: Collection[str]) -> tuple[list[Entry], int]:
    """Return the entries that are not archive, and how many are; where most have a date, those without one are.

    What a news sitemap names is news, though its date may lie in the future or cannot be read.
    """
    dated = [entry for entry in entries if entry.published.at]
    undated = [entry for entry in entries if not entry.published.at]
    kept = [entry for entry in dated if entry.published.at and entry.published.at >= now - RECENT]
    kept += undated if len(undated) > len(dated) else [entry for entry in undated if entry.url in news]
    return kept, len(entries) - len(kept)


def _capped(entries: list[Entry]) -> list[Entry]:
    """Return the newest entries, then of those without a date the ones at both ends of the file."""
    undated = [entry for entry in entries if not entry.published.at]
    if len(undated) > 2 * UNDATED_AT_EACH_END:
        undated = [*undated[:UNDATED_AT_EACH_END], *undated[-UNDATED_AT_EACH_END:]]
    return [*_newest_first([entry for entry in entries if entry.published.at])][:MAX_ENTRIES] + undated


def _newest_first(entries: list[Entry]) -> Iterator[Entry]:
    """Yield entries in the order of their dates, the newest first."""
    yield from sorted(entries, key=lambda entry: entry.published.at or _TIME_BEFORE_ALL, reverse=True)


def _cap_reason(entries: list[Entry]) -> str:
    """Say why addresses were left out although they may be new."""
    if any(entry.published.at for entry in entries):
        return f"only the {MAX_ENTRIES} newest of a sitemap are taken; narrow them with `match`"
    return f"without dates only {UNDATED_AT_EACH_END} from each end are taken; narrow them with `match`"
