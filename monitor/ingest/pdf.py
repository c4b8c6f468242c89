"""Reads press releases that are published as PDF files: text, title, author, date with its origin. Runs in workers.

A file knows lines and no paragraphs, so these are put together again; what its pages repeat, and their numbers, go.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from statistics import median

import pypdfium2
import regex

from monitor.errors import ParseError
from monitor.ingest.clean import clean_lines, clean_title, guess_title, is_title
from monitor.ingest.datelines import visible_dates
from monitor.ingest.dates import decide_date, parse_date, url_date
from monitor.ingest.language import language_of
from monitor.ingest.markup import clean_line
from monitor.ingest.phrases import compact
from monitor.model import Article, Dated, DateOrigin
from monitor.text import word_count

MAX_BYTES = 20_000_000
#: a press release has a few pages; what comes after so many belongs to an annual report
MAX_PAGES = 40
MAX_CHARS = 300_000
#: the drawing commands, fonts and tables of a release unpack into some hundred kilobytes
MAX_UNPACKED = 64_000_000
#: a stream may be packed more than once
_LAYERS = 3
_FEWEST_WORDS = 12
#: stands for the hyphen of a word that was cut at the end of a line
_CUT_WORD = "\ufffe"
#: a line that reaches so far of the usual width goes on in the next one
_FULL = 0.8
_TOP_LINES = 12
_ENDING = regex.compile(r"[.!?。！？…؟:][\"'»”’)\]]*$")
_PAGE_NUMBER = regex.compile(
    r"\W*(?:page|стр\.?|səh\.?|trang|página|seite|sayfa|第)?\s*\d{1,4}(?:\s*(?:/|of|из|de|von)\s*\d{1,4})?\W*",
    regex.IGNORECASE,
)
_CREATED = regex.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?.*")
_STREAM = regex.compile(rb"(?<!end)stream\r?\n")
_HEAD = 400
_PACKED = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x48\x89", b"\x68\x81", b"\x68\xde")
_NO_TITLE = regex.compile(
    r"microsoft word|\.(?:docx?|rtf|odt|pdf|indd|pptx?)$|^untitled|^document\d*$", regex.IGNORECASE
)


def is_pdf(data: bytes, content_type: str | None) -> bool:
    """Tell whether an answer is a PDF file, as it begins or as its server says."""
    return data.lstrip()[:5] == b"%PDF-" or "application/pdf" in (content_type or "").lower()


def extract(data: bytes, *, url: str, now: datetime) -> Article:
    """Return the article of a PDF file; raise ParseError when it is broken, locked, too large or holds no text."""
    if len(data) > MAX_BYTES:
        raise ParseError(url, f"the PDF file is larger than {MAX_BYTES} bytes")
    if _unpacks_into(data) > MAX_UNPACKED:
        raise ParseError(url, f"the PDF file unpacks into more than {MAX_UNPACKED} bytes")
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            said = {name: clean_line(value) for name, value in document.get_metadata_dict().items()}
            pages = list(_pages(document))
    except pypdfium2.PdfiumError as error:
        # pdfium may still name what was wrong with an earlier file
        locked = "password" in str(error).lower() and b"/Encrypt" in data
        problem = "is locked by a password" if locked else "is broken"
        raise ParseError(url, f"the PDF file {problem}") from error
    return _article(pages, said, url, now)


def _unpacks_into(data: bytes) -> int:
    """Return into how many bytes the streams of a file unpack that are no pictures, counted a little past the cap.

    PDFium itself stops at a gigabyte for each. Pictures are large in honest files too, and not needed for the text.
    """
    size = 0
    for found in _STREAM.finditer(data):
        head = data[max(found.start() - _HEAD, 0) : found.start()].rpartition(b" obj")[2]
        if b"/Image" in head:
            continue
        end = data.find(b"endstream", found.end())
        part, layer = data[found.end() : end if end > 0 else len(data)], 0
        while part[:2] in _PACKED and layer < _LAYERS and size <= MAX_UNPACKED:
            part, layer = _inflated(part, MAX_UNPACKED - size + 1), layer + 1
            size += len(part)
        if size > MAX_UNPACKED:
            break
    return size


def _inflated(data: bytes, most: int) -> bytes:
    """Return what the beginning of some data unpacks into, at most so many bytes, as far as it is not broken."""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""


def _pages(document: pypdfium2.PdfDocument) -> Iterator[list[str]]:
    """Yield the lines of each page, up to the caps."""
    chars = 0
    for number in range(min(len(document), MAX_PAGES)):
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            shown = text.get_text_bounded().replace(_CUT_WORD, "")
        chars += len(shown)
        yield [line for raw in shown[:MAX_CHARS].splitlines() if (line := clean_line(raw))]
        if chars > MAX_CHARS:
            return


def _article(pages: Sequence[Sequence[str]], said: dict[str, str], url: str, now: datetime) -> Article:
    """Return the article that the lines of some pages are."""
    lines = list(_paragraphs(_without_running_heads(pages)))
    title = _title(lines, said.get("Title", ""), now)
    cleaned = clean_lines(lines, title or "", now=now)
    text = "\n".join(cleaned.kept)
    if word_count(text) < _FEWEST_WORDS:
        raise ParseError(url, f"no article found, the PDF file shows only {word_count(text)} words: is it a scan?")
    lang = language_of(text)
    visible = visible_dates(lines, title or "", now=now, fetched_at=now, langs=[lang] if lang else [])
    # the day of the file is that of its making, which is not always that of the release
    dates = [visible] if visible.at else [_created(said.get("CreationDate", ""), now), url_date(url, now=now)]
    author = cleaned.author or said.get("Author") or None
    return Article(text, title, author, decide_date(dates, now=now), lang)


def _without_running_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the lines of pages without page numbers and without what stands on most of several pages."""
    counts = Counter(line for page in pages for line in {compact(line) for line in page})
    often = {line for line, count in counts.items() if count > max(2, len(pages) / 2)}
    return [
        [line for line in page if compact(line) not in often and not _PAGE_NUMBER.fullmatch(line)] for page in pages
    ]


def _paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the paragraphs of pages: a line within a sentence goes on that is full or stands before small letters."""
    lines = [line for page in pages for line in page]
    widths = sorted(map(len, lines))
    full = _FULL * (median(widths[len(widths) // 2 :]) if widths else 0)
    waiting = ""
    for number, line in enumerate(lines):
        waiting = _joined(waiting, line)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        goes_on = not _ENDING.search(line) and (len(line) >= full or following[:1].islower())
        if not following or not goes_on:
            yield waiting
            waiting = ""


def _joined(start: str, line: str) -> str:
    """Put the parts of a paragraph together, and of a word that was cut at the end of a line."""
    if start.endswith("-") and line[:1].islower():
        return start[:-1] + line
    return f"{start} {line}".strip()


def _title(lines: Sequence[str], said: str, now: datetime) -> str | None:
    """Return the title that the file says and shows, else the first line that looks like one, else what it says."""
    top = lines[:_TOP_LINES]
    named = clean_title(said) if said and not _NO_TITLE.search(said) else ""
    if named and any(compact(named) in compact(line) for line in top):
        return named
    return guess_title(top, now=now) or (named if is_title(named, now=now) else None)


def _created(stamp: str, now: datetime) -> Dated:
    """Return the moment at which a file says it was made (PDF 32000-1, 7.9.4), or an unknown date."""
    found = _CREATED.fullmatch(stamp)
    if not found:
        return Dated()
    year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    zone = f"{sign}{hours}:{minutes or '00'}" if sign else "Z"
    text = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"
    read = parse_date(text, now=now, origin=DateOrigin.META)
    return replace(read, evidence=f"CreationDate {stamp}") if read else Dated()
