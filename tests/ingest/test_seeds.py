"""Five real texts in invented pages: dates, titles and texts come out right whatever the page is made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from monitor.ingest.clean import clean_title
from monitor.ingest.page import extract
from monitor.ingest.phrases import compact
from monitor.model import Article
from monitor.text import fold, text_hash, word_count
from monitor.text import paragraphs as paragraphs_of

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
NOW = datetime(2025, 2, 10, 12, tzinfo=UTC)
DAYS = {"000": "2023-06-23", "001": "2023-06-20", "002": "2019-12-09", "003": None, "004": None}
#: beginnings of lines that belong to the page or to other stories
FURNITURE = {
    "000": [],
    "001": [],
    "002": ["Monday", "9 December", "By ", "Follow", "Slider", "Latest", "Azerbaijani, Russian"],
    "003": ["READ", "Dodaj", "Twój"],
    "004": ["the 132nd annual", "Mr. Duong", "VCN - ", "By ", "Related", "Latest", "More", "Your care", "Mobile"],
}
#: what must be in the text from first to last
ENDS = {
    "000": ("On June 22, 2023", "in the meeting."),
    "001": ("On June 19", "Department"),
    "002": ("Representatives of", "international trade."),
    "003": ("Brussels: By invitation", "protecting society."),
    "004": ("VCN – The 132nd", "Audit Committee"),
}

#: moment, author, words, paragraphs, and the hash of the folded text; each text was read against its page once
EXACT: dict[str, tuple[str | None, str | None, int, int, str]] = {
    "000": ("2023-06-23T12:07:00+00:00", None, 270, 5, "ea1a7689203f3a4d23fd3ab156ae0a7c"),
    "001": ("2023-06-20T11:52:00+00:00", None, 321, 7, "8f5a7cc4a7d180a67b526ecc1cdf48f7"),
    "002": ("2019-12-09T12:52:00+00:00", "Ofeliya Afandiyeva", 433, 11, "0d7cfaa6124c02fb292670098d772900"),
    "003": (None, None, 289, 5, "e006265a76074af828828e7c2b9baeed"),
    "004": (None, "Anh Tai, Huyen Trang", 508, 10, "35e5f451d161c955651441a199a453b4"),
}

Wrap = Callable[[list[str], str], str]


def lines_of_seed(number: str) -> list[str]:
    """Return the lines of a text; skip the test where the texts are not at hand."""
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the real texts are not part of the project: put them into shared/seeds beside it")
    return [line.strip() for line in found[0].read_text(encoding="utf-8").splitlines() if line.strip()]


def title_in(lines: list[str]) -> str:
    """Return the title as it stands in the text: the line that comes twice at its top, else the first."""
    return next((line for line in lines[:4] if lines.count(line) > 1), lines[0])


def paragraphs(lines: list[str]) -> str:
    """Return the lines as paragraphs."""
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def friendly(lines: list[str], title: str) -> str:
    """Wrap a text as a careful newspaper does."""
    header = ""
    if title != lines[0] and any(char.isdigit() for char in lines[0]):
        header, lines = f'<div class="date">{escape(lines[0])}</div>', lines[1:]
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)} - Harbour Herald</title></head><body><header>{header}'
        '<nav><a href="/">Home</a><a href="/news">All the news of the day</a></nav></header>'
        f"<article><h1>{escape(title)}</h1>{paragraphs(lines)}</article>"
        '<aside><h3>Related news</h3><p><a href="/1">Fog closes the airport for a second day</a></p><p>12 March 2025</p></aside>'
        '<div id="comments"><h3>Leave a reply</h3><form><textarea></textarea></form></div>'
        "<footer>© 2025 Harbour Herald, 1 Quay Street. 10 February 2025</footer></body></html>"
    )


def blog(lines: list[str], title: str) -> str:
    """Wrap a text as a theme for blogs does, with comments and a side column."""
    return (
        f'<html><head><title>{escape(title)} – Quayside</title></head><body class="single has-sidebar"><div id="page">'
        '<header><h1 class="site-title">Quayside</h1><p>Just another site</p></header>'
        f'<div class="elementor-widget-container"><h2>{escape(title)}</h2>{paragraphs(lines)}</div>'
        '<div class="widget-area"><h2>Recent Posts</h2><ul><li><a href="/a">Fog closes the airport for a second day</a> '
        '<span class="post-date">June 1, 2024</span></li></ul></div><div id="comments"><p>John says: June 2, 2024 at 10:15</p>'
        "<p>Nice article, thank you for sharing it with all of us here.</p></div></div></body></html>"
    )


def bare(lines: list[str], title: str) -> str:
    """Wrap a text in one block of paragraphs."""
    return f"<html><body><div>{paragraphs(lines)}</div></body></html>"


def breaks(lines: list[str], title: str) -> str:
    """Wrap a text in one block with line breaks."""
    return f"<html><body><div>{'<br>'.join(map(escape, lines))}</div></body></html>"


def cells(lines: list[str], title: str) -> str:
    """Wrap a text in a table."""
    return f"<html><body><table><tr><td>{'</td></tr><tr><td>'.join(map(escape, lines))}</td></tr></table></body></html>"


def blocks(lines: list[str], title: str) -> str:
    """Wrap a text in blocks under a document title that says nothing, with links and dates of other stories below."""
    body = "".join(f"<div><span>{escape(line)}</span></div>" for line in lines)
    others = "".join(
        f'<div><a href="/{day}">Fog closes the airport on the coast again</a><br>{day} February 2025</div>'
        for day in (3, 4)
    )
    return (
        "<html><head><title>News</title></head><body><div>Monday, 3 February 2025</div><ul><li>"
        f'<a href="/n">News and events of the day</a></li></ul><div>{body}</div>{others}<div>© 2025 Portal</div></body></html>'
    )


def unformatted(lines: list[str], title: str) -> str:
    """Wrap a text that nobody formatted."""
    return f"<html><body><div>{escape(chr(10).join(line + chr(10) for line in lines))}</div></body></html>"


WRAPPINGS = [friendly, blog, bare, breaks, cells, blocks, unformatted]


def read(number: str, wrap: Wrap) -> tuple[Article, list[str]]:
    """Return the article that comes out of a wrapped text, and the lines that went in."""
    lines = lines_of_seed(number)
    html = wrap(lines, title_in(lines)).encode()
    return extract(html, url="https://herald.example/article", content_type="text/html; charset=utf-8", now=NOW), lines


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize("number", DAYS)
def test_date_of_a_seed(number: str, wrap: Wrap) -> None:
    """The date is that of the text, not of the visit, an event or another story; where there is none it is unknown."""
    at = read(number, wrap)[0].published.at
    assert (at.date().isoformat() if at else None) == DAYS[number]


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize("number", DAYS)
def test_title_of_a_seed(number: str, wrap: Wrap) -> None:
    """The title stands once, without marks and without the name of the site."""
    article, lines = read(number, wrap)
    assert article.title == clean_title(title_in(lines))
    assert "[" not in (article.title or "[")


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize("number", DAYS)
def test_text_of_a_seed(number: str, wrap: Wrap) -> None:
    """The text is whole, in its own lines, without title lines, dates, teasers, calls, galleries and forms."""
    article, lines = read(number, wrap)
    text = article.text.splitlines()
    first, last = ENDS[number]
    assert text[0].startswith(first)
    assert text[-1].endswith(last)
    assert {compact(line) for line in text} <= {compact(line) for line in lines}
    assert not [line for line in text for start in FURNITURE[number] if line.startswith(start)]
    assert compact(article.title or "") not in {compact(line) for line in text}


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize("number", DAYS)
def test_everything_about_a_seed_is_exact(number: str, wrap: Wrap) -> None:
    """Moment, author, words, paragraphs and every letter of the text are what a reader finds, in every wrapping."""
    article, _ = read(number, wrap)
    moment = article.published.at.isoformat() if article.published.at else None
    text = article.text
    assert (moment, article.author, word_count(text), len(paragraphs_of(text)), text_hash(fold(text))) == EXACT[number]
