"""Pages become articles."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.ingest.page import MAX_BYTES, extract, foreign_dates, teaser_texts
from monitor.model import Article, DateOrigin

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://www.courier.example/news/garlic"
TITLE = "Forty tonnes of garlic turned back at Millbrook crossing"
PROSE = [
    "Two lorries with forty tonnes of garlic were turned back at the Millbrook crossing on Thursday evening.",
    "The driver of the first lorry had declared the load as onions, which carry a much lower duty.",
    "The importer may pay the difference and a fine of one tenth of the value, the customs office said.",
]
BODY = "".join(f"<p>{line}</p>" for line in PROSE)


def read(html: str | bytes, url: str = URL, kind: str | None = "text/html; charset=utf-8") -> Article:
    """Extract a page."""
    return extract(html.encode() if isinstance(html, str) else html, url=url, content_type=kind, now=NOW)


def page(body: str = BODY, head: str = "", title: str = f"<h1>{TITLE}</h1>") -> str:
    """Return a page with a title and an article."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{title}<div>{body}</div></body></html>"


@pytest.mark.parametrize("name", ["page_modern", "page_plain", "page_chinese"])
def test_golden_pages(name: str) -> None:
    """A modern page, a table of the nineties and a Chinese page give the articles that were written down for them."""
    found = asdict(read((DATA / f"{name}.html").read_bytes(), kind="text/html"))
    expected = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(found, default=datetime.isoformat)) == expected


def test_article_of_a_plain_page() -> None:
    """Title, text and language are there, author and date unknown where nobody names them."""
    found = read(page())
    assert (found.title, found.text.splitlines(), found.lang) == (TITLE, PROSE, "en")
    assert (found.author, found.published.at) == (None, None)


def test_article_can_be_sent_between_processes() -> None:
    """Argument and result survive pickling, as worker processes need."""
    assert pickle.loads(pickle.dumps(read(page()))) == read(page())  # noqa: S301  our own bytes
    assert pickle.loads(pickle.dumps(extract)) is extract  # noqa: S301  the same


# ---------------------------------------------------------------- what is no page


@pytest.mark.parametrize(
    ("body", "kind", "what"),
    [
        (b"", "text/html", "empty"),
        (b"   ", "text/html", "empty"),
        (b"%PDF-1.7 ...", "text/html", "a PDF file"),
        (b"\x89PNG", "image/png", "image/png"),
        (b"{}", "application/json", "application/json"),
        (b"plain words", "text/html", "not HTML"),
        (b"<html><body><p>Too short.</p></body></html>", "text/html", "no article found"),
        (b"<html><body><script>" + b"var x; " * 100 + b"</script></body></html>", "text/html", "no article found"),
        (b"x" * (MAX_BYTES + 1), "text/html", "larger than"),
    ],
)
def test_what_is_no_article_is_an_error(body: bytes, kind: str, what: str) -> None:
    """The error says what came instead."""
    with pytest.raises(ParseError, match=what):
        read(body, kind=kind)


@pytest.mark.parametrize(
    ("encoding", "kind", "meta"),
    [
        ("utf-8", None, ""),
        ("windows-1251", "text/html; charset=windows-1251", ""),
        ("windows-1251", "text/html", '<meta charset="windows-1251">'),
        (
            "windows-1251",
            "text/html; charset=nonsense",
            '<meta http-equiv="Content-Type" content="text/html; charset=cp1251">',
        ),
        ("utf-8", "text/html; charset=ascii", ""),
        ("utf-8-sig", "text/html; charset=windows-1251", ""),
        ("utf-16", "text/html; charset=utf-16", ""),
        ("koi8-r", "text/html", ""),
    ],
)
def test_charsets(encoding: str, kind: str | None, meta: str) -> None:
    """Header, meta element, byte order mark and, in the end, guessing give the letters."""
    lines = [
        "На таможенном посту открыли вторую полосу для грузовых машин, сообщил начальник смены журналистам.",
        "Теперь за сутки здесь оформляют до трёхсот грузовиков, а водители ждут не больше двух часов.",
        "Третью полосу обещают достроить к осени, на неё выделено девять миллионов, добавили в управлении.",
    ]
    html = page("".join(f"<p>{line}</p>" for line in lines), head=meta, title="<h1>Вторая полоса на посту открыта</h1>")
    found = read(html.encode(encoding), kind=kind)
    assert (found.text.splitlines(), found.lang) == (lines, "ru")


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (f"<title>{TITLE} | Larkhaven Courier</title>", f"<h1>{TITLE}</h1>"),
        (f"<title>{TITLE} | Larkhaven Courier</title>", f"<h1>Larkhaven Courier and Gazette</h1><h2>{TITLE}</h2>"),
        (f"<title>Larkhaven Courier - {TITLE}</title>", f"<div>Fresh news from the coast</div><div>{TITLE}</div>"),
        (f"<meta property='og:title' content='{TITLE} [PHOTO]'>", f"<h1>{TITLE} [PHOTO]</h1>"),
        (f"<meta property='og:title' content='{TITLE} - Courier'>", f"<h1>{TITLE}</h1>"),
        ("<title>Courier</title>", f"<p>Safe trade for a safe harbour</p><p>{TITLE}</p><p>{TITLE}</p>"),
        ("<title>Courier</title>", f"<div>1 June 2026</div><div>Menu</div><p>{TITLE}</p>"),
        (f"<title>{TITLE}</title>", ""),
    ],
)
def test_title_is_found(head: str, title: str) -> None:
    """The title is what the page says and shows, else what it repeats, else its first line that can be one."""
    assert read(page(head=head, title=title)).title == TITLE


def test_page_may_have_no_title() -> None:
    """Where no line can be a title there is none."""
    assert read(page(title="")).title is None


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<article>{BODY}</article>",
        "<br>".join(PROSE),
        "<br><br>\n".join(PROSE),
        f"<table><tr><td>{'</td></tr><tr><td>'.join(PROSE)}</td></tr></table>",
        f"<ul><li>{'</li><li>'.join(PROSE)}</li></ul>",
        "<pre>" + "\n".join(PROSE) + "</pre>",
        "\n\n".join(PROSE),
        f"<form><div class='elementor-widget'>{BODY}</div></form>",
        f"<div class='share'>{BODY}</div>",
    ],
)
def test_text_is_found_in_any_wrapping(wrapped: str) -> None:
    """The lines of an article are the same in paragraphs, cells, lists or one block with line breaks."""
    assert read(page(wrapped)).text.splitlines() == PROSE


@pytest.mark.parametrize(
    "beside",
    [
        '<nav><a href="/">Everything about trade, transport and weather on one page</a></nav>',
        "<aside><h3>Latest</h3><p>The minister bought two herrings and promised a new roof for the hall.</p></aside>",
        '<div class="related-posts"><p>The minister bought two herrings and promised a new roof.</p></div>',
        '<p><a href="/fog">Fog closes the airport for the second day</a></p>',
        "<h3>Related news</h3><p>Fog closes airport</p><p>The airport was closed on Sunday because of the thick fog.</p>",
        "<form><p>Leave a reply</p><p>Your email address will not be published.</p></form>",
        "<p>Follow us on social media @courier</p>",
        "<footer>© 2026 Larkhaven Courier, all rights reserved, 1 Quay Street.</footer>",
        "<script>document.write('The minister bought two herrings and a roof.')</script>",
        '<p style="display:none">The minister bought two herrings and promised a new roof for the hall.</p>',
    ],
)
def test_what_stands_beside_an_article_is_not_in_it(beside: str) -> None:
    """Navigation, side columns, other stories, forms, footers, scripts and hidden text are left out."""
    assert read(page(BODY + beside)).text.splitlines() == PROSE


def test_author_is_taken_from_the_byline() -> None:
    """A byline in the text names the author and is not part of the text."""
    found = read(page("<p>By Jane Doe/ John Roe</p>" + BODY))
    assert (found.author, found.text.splitlines()) == ("Jane Doe, John Roe", PROSE)


def test_absurd_nesting_does_not_end_the_process() -> None:
    """A page nested a hundred thousand deep is an article or an error."""
    for tag in ("div", "b", "table><tr><td", "blockquote"):
        with pytest.raises(ParseError):
            read(page(f"<{tag}>" * 100_000, title=""))


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("body", "day", "origin"),
    [
        (f"<p>28 May 2026 17:45</p>{BODY}", "2026-05-28", DateOrigin.VISIBLE),
        (f"{BODY}<p>28 May 2026</p>", "2026-05-28", DateOrigin.VISIBLE),
        (f"<time pubdate datetime='2026-05-27'>Wednesday</time><p>28 May 2026 17:45</p>{BODY}", "2026-05-27", DateOrigin.META),
        (BODY, None, DateOrigin.UNKNOWN),
        (f"{BODY}<p><a href='/fog'>Fog closes the airport for a second day</a></p><p>28 May 2026</p>", None, DateOrigin.UNKNOWN),
        (f"<p>28 May 2026</p>{BODY}<a href='/fog'>Fog closes the airport for a second day</a><br>29 May 2026", "2026-05-28",
         DateOrigin.VISIBLE),
        (f"{BODY}<p>28 May 2026</p><p><a href='/fog'>Fog closes the airport for a second day</a></p>", "2026-05-28",
         DateOrigin.VISIBLE),
        (f"{BODY}<h3>Latest news</h3><p>Fog closes airport</p><p>28 May 2026 10:00</p>", None, DateOrigin.UNKNOWN),
        (f"{BODY}<p>Goods that arrive after 28 May 2026 pay the new rate.</p>", None, DateOrigin.UNKNOWN),
    ],
)  # fmt: skip
def test_date_of_a_page(body: str, day: str | None, origin: DateOrigin) -> None:
    """Structured data come before lines, and lines of other stories or inside sentences do not count."""
    published = read(page(body)).published
    assert (published.at.date().isoformat() if published.at else None, published.origin) == (day, origin)


def test_header_of_the_visit_is_no_date() -> None:
    """A day above the title is neither the date nor in the text."""
    found = read(page(title=f"<div>Monday, 1 June 2026</div><h1>{TITLE}</h1>"))
    assert (found.published.at, found.text.splitlines()) == (None, PROSE)


def test_address_is_the_last_resort_for_the_date() -> None:
    """A day in the address counts when the page shows none."""
    found = read(page(), url="https://courier.example/2026/05/28/garlic")
    assert found.published.origin is DateOrigin.URL


@pytest.mark.parametrize(
    ("kinds", "after", "foreign"),
    [
        ("-D-", 0, set()),
        ("-D-L", 0, {3}),
        ("--DL", 0, {3}),
        ("--LD", 0, {2, 3}),
        ("--DLDL", 0, {2, 3, 4, 5}),
        ("--DLD", 0, {3, 4}),
        ("LD-D-", 2, {0}),
        ("", -1, set()),
    ],
)
def test_dates_of_other_stories(kinds: str, after: int, foreign: set[int]) -> None:
    """Links and the dates that go with them are told from the article's own date."""
    assert foreign_dates(kinds, after=after) == foreign


# ---------------------------------------------------------------- other stories inside a text

HEADINGS = ["Read also:", "Читайте также", "Həmçinin oxuyun", "Đọc thêm:", "Lire aussi", "Lea también", "اقرأ أيضا", "延伸阅读",
    "Ayrıca okuyun", "Lesen Sie auch", "Leia também", "Leggi anche", "Czytaj także"]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_teasers_under_read_also_are_not_in_the_text(heading: str) -> None:
    """Whole sentences that tease other stories go with their links, in the middle and at the end."""
    teaser = "The minister bought two herrings and promised a new roof for the hall."
    box = f"<div><h3>{heading}</h3>" + "".join(
        f"<div><a href='/{n}'>Fog closes the airport for day number {n}</a><p>{teaser}</p></div>" for n in range(3)
    )
    assert read(page(f"{BODY}{box}</div>")).text.splitlines() == PROSE


@pytest.mark.parametrize("heading", HEADINGS)
def test_one_link_under_read_also_leaves_the_article_alone(heading: str) -> None:
    """A single link inside a text goes, and the paragraph behind it stays."""
    link = f"<p>{heading}</p><p><a href='/1'>Fog closes the airport for a second day</a></p>"
    body = f"<p>{PROSE[0]}</p>{link}<p>{PROSE[1]}</p><p>{PROSE[2]}</p>"
    assert read(page(body)).text.splitlines() == PROSE


@pytest.mark.parametrize(
    ("kinds", "teasers"),
    [
        ("--H", set()),
        ("--HL-", set()),
        ("--HL--", set()),
        ("--HL-L-", {4, 6}),
        ("--HL-L--", {4}),
        ("-L-L-", set()),
        ("-HLT-", {3}),
        ("-LT-", set()),
        ("HLT", {2}),
        ("HL-LT-", {2, 4}),
    ],
)
def test_teasers_are_told_from_the_article(kinds: str, teasers: set[int]) -> None:
    """Between two links stands a teaser; behind the last one only at the end, or where it tells of the same thing."""
    assert teaser_texts(kinds) == teasers


# ---------------------------------------------------------------- hostile bytes

PARTS = st.sampled_from(
    [b"<html>", b"<head>", b"<body>", b"<p>", b"</p>", b"<div class='related'>", b"<a href='/x'>", b"<h1>", b"</h1>", b"<br>",
     b"<script>", b"<!--", b"<title>", b"<meta charset='utf-7'>", b"<table><td>", b"<svg>", b"<pre>", b"<time pubdate datetime=1>",
     b"\x00", b"\xff", b"&#xD800;", b"&nbsp;", b"<script type='application/ld+json'>[", b"28 May 2026", PROSE[0].encode(),
     PROSE[1].encode(), TITLE.encode(), b"Related news", b"<?xml version='1.0'?>", b"<frameset>", b"\x1f\x8b"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14).map(b"".join) | st.binary(max_size=60))
@settings(max_examples=150)
def test_any_bytes_are_an_article_or_a_parse_error(html: bytes) -> None:
    """No bytes raise anything but ParseError, and what is taken can be stored."""
    try:
        found = read(html, kind=None)
    except ParseError:
        return
    assert found.text.strip()
    json.dumps(asdict(found), default=str).encode()
    assert "\x00" not in f"{found.text}{found.title}{found.author}"


@pytest.mark.parametrize(
    ("line", "is_left"),
    [
        ("2026-11-20 in Cargo", False),
        ("20 ноября 2026 в рубрике: Таможня", False),
        ("20 noviembre 2026 en Puertos", False),
        ("2 December 2025 in Brussels", True),
        ("20 November 2026 in the hall where the delegates of nine ports met", True),
    ],
)
def test_line_that_files_a_piece_under_a_section(line: str, is_left: bool) -> None:
    """The day of publication with a section of the site is no text; another day or a sentence is."""
    meta = '<meta property="article:published_time" content="2026-11-20T14:00:00Z">'
    prose = "".join(
        f"<p>In warehouse {n} the officers found {n + 3} boxes of tea and sealed all of them.</p>" for n in range(6)
    )
    html = f"<html><head>{meta}<title>Tea in the port of Maren</title></head><body><article><h1>Tea in the port of Maren</h1>"
    html += f"<p>{line}</p>{prose}</article></body></html>"
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    article = extract(html.encode(), url="https://quay.example/t", content_type="text/html; charset=utf-8", now=now)
    assert (line in article.text.splitlines()) == is_left
