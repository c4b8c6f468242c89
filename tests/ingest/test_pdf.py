"""Press releases as PDF files become articles, or a reason why not."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfwriter import pdf_of

from monitor.errors import ParseError
from monitor.extraction import Extractor
from monitor.ingest import pdf
from monitor.model import Article, DateOrigin, Response

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://press.example/release.pdf"
TITLE = "Forty tonnes of garlic turned back at Millbrook crossing"
LINES = [
    "Two lorries with forty tonnes of garlic were turned back at the Millbrook crossing on",
    "Thursday evening. The driver of the first lorry had declared the load as onions, which car-",
    "ry a lower duty.",
    "The importer may pay the difference and a fine of one tenth of the value, the customs",
    "office said.",
]
TEXT = [
    (
        "Two lorries with forty tonnes of garlic were turned back at the Millbrook crossing on Thursday evening. "
        "The driver of the first lorry had declared the load as onions, which carry a lower duty."
    ),
    "The importer may pay the difference and a fine of one tenth of the value, the customs office said.",
]


def read(data: bytes) -> Article:
    """Extract a PDF file."""
    return pdf.extract(data, url=URL, now=NOW)


def test_a_press_release_is_an_article() -> None:
    """Title, paragraphs put together again, author, language and the day of the file with its origin."""
    info = f"/Title ({TITLE}) /Author (Press Office) /CreationDate (D:20260528174500+04'00')"
    found = read(pdf_of([TITLE, *LINES, "Page 1 of 1"], info=info))
    assert (found.title, found.text.splitlines(), found.author, found.lang) == (TITLE, TEXT, "Press Office", "en")
    assert found.published.at == datetime(2026, 5, 28, 13, 45, tzinfo=UTC)
    assert (found.published.origin, found.published.evidence) == (
        DateOrigin.META,
        "CreationDate D:20260528174500+04'00'",
    )


def test_a_date_in_the_text_comes_before_that_of_the_file() -> None:
    """The day under the title is that of the release; the file may be made at any time."""
    found = read(pdf_of([TITLE, "27 May 2026", *LINES], info="/CreationDate (D:20260601)"))
    assert found.published.at == datetime(2026, 5, 27, tzinfo=UTC)
    assert found.published.origin is DateOrigin.VISIBLE
    assert found.text.splitlines() == TEXT


@pytest.mark.parametrize("said", ["Microsoft Word - release_final.docx", "", "untitled", "Another thing entirely"])
def test_a_title_that_the_file_does_not_show_is_not_used(said: str) -> None:
    """What programs write as the title of a file is no headline."""
    assert read(pdf_of([TITLE, *LINES], info=f"/Title ({said})")).title == TITLE


def test_running_heads_are_left_out() -> None:
    """What stands on most pages, and page numbers, are not in the text."""
    pages = [["Customs Service of Velmora, Press Office", *LINES[n : n + 3], str(n + 1)] for n in (0, 0, 3)]
    text = read(pdf_of(*pages)).text
    assert "Press Office" not in text
    assert not [line for line in text.splitlines() if line.isdigit()]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"%PDF-1.7 and then nothing", "broken"),
        (pdf_of([TITLE, *LINES], broken=True), "broken"),
        (pdf_of([TITLE, *LINES], locked=True), "locked by a password"),
        (pdf_of([""]), "scan"),
        (pdf_of(), "broken|scan"),
        (b"%PDF-" + b"x" * (pdf.MAX_BYTES + 1), "larger"),
    ],
)
def test_what_cannot_be_read_has_a_reason(data: bytes, problem: str) -> None:
    """Broken, empty and huge files and scans end in an error that says so."""
    with pytest.raises(ParseError, match=problem):
        read(data)


def test_trouble_of_one_file_is_not_told_of_the_next() -> None:
    """A file without pages behind a locked one is not called locked."""
    with pytest.raises(ParseError, match="locked"):
        pdf.extract(pdf_of([TITLE, *LINES], locked=True), url=URL, now=NOW)
    with pytest.raises(ParseError, match=r"broken|scan"):
        pdf.extract(pdf_of(), url=URL, now=NOW)


def test_caps_on_pages_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many pages and characters are read, however small they are packed."""
    pages = [[f"{TITLE} {n}", *LINES] for n in range(30)]
    monkeypatch.setattr(pdf, "MAX_PAGES", 3)
    assert "crossing 3" not in read(pdf_of(*pages)).text
    monkeypatch.setattr(pdf, "MAX_PAGES", 30)
    monkeypatch.setattr(pdf, "MAX_CHARS", 500)
    assert len(read(pdf_of(*pages)).text) < 1500


@given(
    st.binary(max_size=300).map(lambda noise: b"%PDF-1.4\n" + noise)
    | st.integers(0, 900).map(lambda cut: pdf_of([TITLE, *LINES])[:cut])
)
@settings(max_examples=60)
def test_any_bytes_are_an_article_or_an_error(data: bytes) -> None:
    """No bytes raise anything but ParseError."""
    try:
        read(data)
    except ParseError:
        return


def test_pdf_file_that_unpacks_into_much_is_read_within_the_limits() -> None:
    """A file of 20 kB that holds 20 MB of blanks costs a worker less memory and time than it may use."""
    prose = "Customs officers at Port Maren found three hundred kilograms of cocaine in a container of bananas."
    packed = pdf_of([prose, *[" " * 1_000_000] * 20])
    assert len(packed) < 100_000
    with Extractor(1) as extractor:
        answer = Response(URL, URL, 200, {"content-type": "application/pdf"}, packed, NOW)
        article = extractor.result(extractor.submit(answer, NOW))
    assert isinstance(article, Article)
    assert article.text == prose


def stream(data: bytes, head: str = "/Filter /FlateDecode") -> bytes:
    """Return an object with a stream, as a file may have any number of without using them."""
    return f"9 0 obj\n<< /Length {len(data)} {head} >>\nstream\n".encode() + data + b"\nendstream\nendobj\n"


def test_a_file_that_unpacks_without_end_is_refused() -> None:
    """Streams that unpack into more than a release needs are refused before PDFium sees them, packed twice as well."""
    bomb = zlib.compress(bytes(pdf.MAX_UNPACKED + 1), 9)
    for packed in (bomb, zlib.compress(bomb, 9)):
        with pytest.raises(ParseError, match="unpacks into more than 64000000 bytes"):
            read(pdf_of([TITLE, *LINES]) + stream(packed))
    many = stream(zlib.compress(bytes(pdf.MAX_UNPACKED // 8), 9)) * 9
    with pytest.raises(ParseError, match="unpacks into more than"):
        read(pdf_of([TITLE, *LINES]) + many)


def test_large_pictures_and_broken_streams_cost_nothing() -> None:
    """Pictures are large in honest files, and a stream that is broken or no stream is nothing to unpack."""
    picture = stream(zlib.compress(bytes(pdf.MAX_UNPACKED + 1), 9), "/Subtype /Image /Filter /FlateDecode")
    junk = stream(b"\x78\x9cbroken") + b"stream\nno end " + b"endstream\nstream\n" * 1000
    assert read(pdf_of([TITLE, *LINES]) + picture + junk).text.splitlines() == TEXT
