"""Extracts the article of a page: text, title, author, date with its origin, language. Runs in worker processes.

The page is parsed once; trafilatura finds the text, our own walk over the same tree tells what stands above the title,
beside the article and after it, and reads the lines that are dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import regex
import trafilatura
from trafilatura.settings import Document, Extractor

from monitor.errors import ParseError
from monitor.ingest.beside import empty_beside
from monitor.ingest.clean import (
    Cleaned,
    clean_lines,
    clean_title,
    cut_tail,
    guess_title,
    is_read_also,
    is_site_name,
    is_title,
    names,
    repeated_title,
)
from monitor.ingest.datelines import filed_at, is_prose, line_date, visible_dates
from monitor.ingest.dates import decide_date, url_date
from monitor.ingest.gates import ARTICLE_WORDS, gate_of
from monitor.ingest.hypertext import decoded
from monitor.ingest.language import language_of
from monitor.ingest.markup import Element, Line, clean_line, lines_of
from monitor.ingest.phrases import compact
from monitor.ingest.structured import Structured, read_structured
from monitor.model import Article, Dated
from monitor.text import word_count, words

MAX_BYTES = 10_000_000
_FEWEST_WORDS = 12
_MAX_LINES = 5_000
#: where on a page a title stands
_TOP_LINES = 40
#: letters of a line that are looked for at once in what trafilatura found
_PIECE = 30
_PIECES = 20
#: share of trafilatura's words below which our own lines have missed the article
_TOO_LITTLE = 0.3
#: a link with so many words is the title of another story rather than a name or a topic
_TEASER_WORDS = 4
#: a day without its zone begins so much before or after the moment of publication at most
_SAME_DAY = timedelta(hours=38)
_PAGE_TYPES = ("html", "xml", "text/plain", "octet-stream")


def extract(html: bytes, *, url: str, content_type: str | None, now: datetime) -> Article:
    """Return the article of a page; raise ParseError when it is not a page or holds no article."""
    tree = _parsed(html, url, content_type)
    said = read_structured(tree, now=now)
    beside = empty_beside(tree)
    lines = _lines(tree)
    title = _title(said, lines, host=urlsplit(url).hostname or "", now=now)
    cleaned = _text(lines, _extracted(tree, url), title or "", now=now)
    if sum(map(len, cleaned.kept)) < _TOO_LITTLE * beside:
        # the article may stand in what looked like a side column
        cleaned = _text(lines, _extracted(_parsed(html, url, content_type), url), title or "", now=now)
    text = "\n".join(cleaned.kept)
    if word_count(text) < ARTICLE_WORDS and (
        gate := gate_of(_parsed(html, url, content_type), text, title or "", free=said.free)
    ):
        raise ParseError(url, gate)
    if word_count(text) < _FEWEST_WORDS:
        raise ParseError(url, f"no article found, only {word_count(text)} words of text")
    lang = language_of(text, said.lang)
    published = _published(said, lines, title or "", url, lang=said.lang or lang, now=now)
    text = "\n".join(_without_filing(cleaned.kept, published, now=now, lang=lang))
    return Article(text, title, cleaned.author or said.author, published, lang)


def _published(
    said: Structured, lines: Sequence[Line], title: str, url: str, *, lang: str | None, now: datetime
) -> Dated:
    """Return the date of publication; the lines are read only where the page does not say the moment itself."""
    decided = decide_date(said.dates, now=now)
    if decided.at and decided.has_time:
        return decided
    visible = _visible(lines, title, lang=lang, now=now)
    return decide_date([*said.dates, visible, url_date(url, now=now)], now=now)


def _without_filing(kept: Sequence[str], published: Dated, *, now: datetime, lang: str | None) -> list[str]:
    """Return the lines of a text without one above it that says under which section it was filed, and when."""
    head = next((number for number, line in enumerate(kept) if is_prose(line)), 0)
    langs = [lang] if lang else []
    return [
        line
        for number, line in enumerate(kept)
        if number >= head
        or published.at is None
        or (filed := filed_at(line, now=now, langs=langs)) is None
        or abs(filed - published.at) > _SAME_DAY
    ]


# ---------------------------------------------------------------- bytes to a tree


def _parsed(data: bytes, url: str, content_type: str | None) -> Element:
    """Return the tree of a page, or raise ParseError when the bytes are no page."""
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    if not any(known in kind for known in _PAGE_TYPES) or data.startswith(b"%PDF-"):
        raise ParseError(url, f"this is {kind[:60] if not data.startswith(b'%PDF-') else 'a PDF file'}, not a page")
    if len(data) > MAX_BYTES:
        raise ParseError(url, f"the page is larger than {MAX_BYTES} bytes")
    text = decoded(data, content_type or "").replace("\x00", "")
    tree = trafilatura.load_html(text) if text.strip() else None
    if tree is None or len(tree) == 0:
        raise ParseError(url, "the page is empty or not HTML")
    return tree


# ---------------------------------------------------------------- lines


def _lines(tree: Element) -> list[Line]:
    """Return the lines of a page."""
    body = tree.find(".//body")
    return lines_of(tree if body is None else body)[:_MAX_LINES]


def _is_teaser(line: Line, title: str) -> bool:
    """Tell whether a line is a link with the title of another story."""
    return line.linked and word_count(line.text) >= _TEASER_WORDS and not names(line.text, title)


def _visible(lines: Sequence[Line], title: str, *, lang: str | None, now: datetime) -> Dated:
    """Return the date that the lines show, without the dates of other stories that are linked to."""
    langs = [lang] if lang else []
    own = lines[: cut_tail([line.text for line in lines])]
    titles = [number for number, line in enumerate(own) if names(line.text, title)]
    kinds = "".join(
        "L" if _is_teaser(line, title) else "D" if line_date(line.text, now=now, langs=langs) else "-" for line in own
    )
    foreign = foreign_dates(kinds, after=titles[-1] if titles else -1)
    shown = [title if number in titles else line.text for number, line in enumerate(own) if number not in foreign]
    return visible_dates(shown, title, now=now, fetched_at=now, langs=langs)


def foreign_dates(kinds: str, *, after: int) -> set[int]:
    """Return the numbers of the lines that belong to lists of other stories, in the lines after the title.

    `kinds` has a letter for each line: L for a link to another story, D for a date, anything else for the rest. A date
    behind a link is the linked story's; a list that begins with a date has each date before its link.
    """
    links = [number for number, kind in enumerate(kinds) if kind == "L"]
    first = next((number for number in links if number > after), len(kinds))
    behind = {number for number, kind in enumerate(kinds) if kind == "D" and number > first}
    pairs = {number for found in regex.finditer(r"(?:DL){2,}(?!D)", kinds) for number in range(*found.span())}
    return behind | pairs | set(links)


# ---------------------------------------------------------------- title and text


def _title(said: Structured, lines: Sequence[Line], *, host: str, now: datetime) -> str | None:
    """Return the title that the page says and shows, else the one it repeats, else says, else what looks like one."""
    own = [_polished(title, said, host) for title in said.titles]
    shown = [title for title in own if is_title(title, now=now) and any(names(line.text, title) for line in lines)]
    polished = (_polished(title, said, host) for title in _options(said, own, shown, lines, now) if title)
    return next((title for title in polished if title and not is_site_name(title, said.site, host)), None)


def _options(
    said: Structured, own: Sequence[str], shown: Sequence[str], lines: Sequence[Line], now: datetime
) -> Iterator[str | None]:
    """Yield what may be the title, the best first."""
    document = compact(said.document_title or "")
    top = [line.text for line in lines[:_TOP_LINES] if not line.linked]
    yield from (title for title in shown if document.startswith(compact(title)))
    yield repeated_title(top, now=now)
    yield _named_line(top, document, now=now)
    yield from shown
    yield from (title for title in own if is_title(title, now=now))
    yield guess_title(top, now=now)
    yield from own
    yield said.document_title


def _named_line(lines: Sequence[str], document: str, *, now: datetime) -> str | None:
    """Return the longest line with which the document's title begins or ends; the rest is the name of the site."""
    named = [
        line
        for line in lines
        if is_title(line, now=now)
        and (text := compact(clean_title(line)))
        and (document.startswith(text) or document.endswith(text))
    ]
    return max(named, key=len, default=None)


def _polished(title: str, said: Structured, host: str) -> str:
    """Return a title as it should be read."""
    return clean_title(title, site=said.site, host=host)


def _text(lines: Sequence[Line], extracted: Sequence[str], title: str, *, now: datetime) -> Cleaned:
    """Return the lines of the article: ours that trafilatura takes for it, or all where it finds next to nothing.

    Our lines are used because trafilatura joins those of a table cell or a paragraph with line breaks.
    """
    inside = _inside(lines, title)
    letters = "".join(map(compact, extracted))
    found = [line for line in inside if _mostly_in(compact(line), letters)]
    if sum(map(word_count, found)) < _TOO_LITTLE * sum(map(word_count, extracted)):
        # the article stands in what looked like a side column
        found = list(extracted)
    cleaned = clean_lines(found, title, now=now)
    if sum(map(word_count, cleaned.kept)) >= _FEWEST_WORDS:
        return cleaned
    return clean_lines(inside, title, now=now)


def _mostly_in(text: str, whole: str) -> bool:
    """Tell whether most pieces at the start of a text stand in another one, both in letters and digits only."""
    pieces = [text[start : start + _PIECE] for start in range(0, min(len(text), _PIECES * _PIECE), _PIECE)]
    return 2 * sum(piece in whole for piece in pieces) > len(pieces)


def _inside(lines: Sequence[Line], title: str) -> list[str]:
    """Return the lines from the title to where other stories begin, without links to other stories."""
    shown = [line.text for line in lines]
    end = cut_tail(shown)
    first = next((number for number in range(end) if names(shown[number], title)), 0)
    above = sum(map(word_count, shown[:first]))
    start = first if above < sum(map(word_count, shown[first:end])) else 0
    kinds = ""
    for number in range(start, end):
        line, before = lines[number], lines[number - 1].text
        told = kinds.endswith("L") and _tells_of(line.text, before)
        kinds += "L" if _is_teaser(line, title) else "H" if is_read_also(line.text) else "T" if told else "-"
    teasers = teaser_texts(kinds)
    return [line.text for n, line in enumerate(lines[start:end]) if kinds[n] != "L" and n not in teasers]


def teaser_texts(kinds: str) -> set[int]:
    """Return the numbers of the lines that tease the linked stories under a heading such as Read Also.

    `kinds` has a letter for each line: H for such a heading, L for a link to another story, T for a text that tells of
    the same thing as the link above it, anything else for the rest. A text between two links is a teaser as well; one
    behind the last link only if there were teasers before and nothing comes after it, else the article may go on there.
    """
    pairs = [box.span() for box in regex.finditer(r"H(?:L[-T])+L(?:-$)?", kinds)]
    told = [box.span() for box in regex.finditer(r"H(?:L+[-T]?)*", kinds)]
    found = {number for span in pairs for number in range(*span) if kinds[number] in "-T"}
    return found | {number for span in told for number in range(*span) if kinds[number] == "T"}


def _tells_of(text: str, title: str) -> bool:
    """Tell whether a text has half of the longer words of a title."""
    named = {word for word in words(title) if len(word) > 1}
    return len(named) >= _TEASER_WORDS and 2 * len(named & set(words(text))) >= len(named)


def _extracted(tree: Element, url: str) -> list[str]:
    """Return the lines that trafilatura takes for the article."""
    try:
        document = trafilatura.bare_extraction(tree, options=_options_of_trafilatura())
    except Exception as error:
        raise ParseError(url, f"the page cannot be read ({type(error).__name__})") from error
    text = document.text or "" if isinstance(document, Document) else ""
    return [line for raw in text.splitlines() if (line := clean_line(raw).strip("| ").removeprefix("- "))]


@cache
def _options_of_trafilatura() -> Extractor:
    """Return the settings of trafilatura, which take a tenth of its time to put together."""
    return Extractor(output_format="python", fast=True, comments=False)
