"""What a page says about itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from monitor.ingest.structured import Structured, read_structured
from monitor.model import DateOrigin

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
AT = datetime(2026, 6, 29, 15, 7, tzinfo=UTC)
TITLE = "Port opens second scanner hall"


def read(head: str = "", body: str = "<p>x</p>", attributes: str = "") -> Structured:
    """Return the structured data of a page."""
    page = f"<html {attributes}><head>{head}</head><body>{body}</body></html>"
    return read_structured(html.document_fromstring(page), now=NOW)


def linked(*nodes: object) -> str:
    """Return a JSON-LD block for each node."""
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def article(**more: object) -> dict[str, object]:
    """Return a JSON-LD article."""
    return {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-06-29T19:07:00+04:00", **more}


def moments(said: Structured) -> list[datetime | None]:
    """Return the moments a page gives."""
    return [dated.at for dated in said.dates]


@pytest.mark.parametrize(
    "head",
    [
        linked(article()),
        linked([article()]),
        linked({"@graph": [{"@type": "WebSite", "name": "x"}, article()]}),
        linked({"@type": "WebPage", "mainEntity": article()}),
        linked(article(**{"@type": ["Article", "BlogPosting"]})),
        '<script type="application/ld+json">{broken</script>' + linked(article()),
        '<meta property="article:published_time" content="2026-06-29T15:07:00Z">',
        '<meta name="pubdate" content="Mon, 29 Jun 2026 15:07:00 GMT">',
        '<meta itemprop="datePublished" content="2026-06-29 15:07">',
        linked({"@type": "WebPage", "datePublished": "2026-06-29T15:07:00Z"}),
    ],
)
def test_dates_in_the_head(head: str) -> None:
    """JSON-LD articles and pages and the usual meta elements give the date with its time."""
    said = read(head)
    assert moments(said)[0] == AT
    assert said.dates[0].origin is DateOrigin.META


@pytest.mark.parametrize(
    "body",
    [
        '<span itemprop="datePublished" content="2026-06-29T15:07:00Z">Monday</span>',
        '<time pubdate datetime="2026-06-29T15:07:00Z">Monday</time>',
        '<time class="entry-date published" datetime="2026-06-29T15:07:00Z">Monday</time>' * 2,
    ],
)
def test_dates_in_the_body(body: str) -> None:
    """Elements that say that they are the date of publication are believed."""
    assert moments(read(body=body)) == [AT]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="date" content="2026-06-29">', ""),
        ('<meta property="article:modified_time" content="2026-06-29">', ""),
        (linked(article(datePublished=None, dateModified="2026-06-29")), ""),
        (linked(article(datePublished="2031-01-01")), ""),
        (linked({"@type": "ItemList", "itemListElement": [article()]}), ""),
        (linked({"@type": "Event", "startDate": "2026-06-29", "datePublished": "2026-06-29"}), ""),
        ("", '<time datetime="2026-06-29">Monday</time>'),
        (
            "",
            '<time class="published" datetime="2026-06-29">a</time><time class="published" datetime="2026-06-28">b</time>',
        ),
    ],
)
def test_doubtful_dates_are_none(head: str, body: str) -> None:
    """Dates of the answer, of a change, of lists, events, teasers and the future are no dates of publication."""
    assert moments(read(head, body)) == []


def test_article_of_the_page_among_several() -> None:
    """Of several articles the one with the page's title counts; without such a one none does."""
    other = article(headline="Fog closes airport", datePublished="2026-06-01")
    own = f'<meta property="og:title" content="{TITLE}">'
    assert moments(read(own + linked(other, article()))) == [AT]
    assert moments(read('<meta property="og:title" content="Third">' + linked(other, article()))) == []


def test_titles_from_the_most_reliable_on() -> None:
    """Open Graph comes first, then JSON-LD, then headings, each once; the document's title stands apart."""
    head = f'<title>{TITLE} | Courier</title><meta property="og:title" content="{TITLE}">' + linked(
        article(headline="Second")
    )
    said = read(head, "<h1>Third <b>one</b></h1><h1></h1>")
    assert (said.titles, said.document_title) == ((TITLE, "Second", "Third one"), f"{TITLE} | Courier")
    assert (read().titles, read().document_title) == ((), None)


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (linked(article(author={"name": "Jane Doe"})), "Jane Doe"),
        (linked(article(author=[{"name": "Jane Doe"}, "John Roe", {"name": "Jane Doe"}])), "Jane Doe, John Roe"),
        (
            linked(article(author="https://courier.example/jane")) + '<meta name="author" content="Jane Doe">',
            "Jane Doe",
        ),
        ('<meta property="article:author" content="https://x.example/jane">', None),
        (linked(article(author={"@id": "#jane"}, name=7)), None),
    ],
)
def test_author(head: str, author: str | None) -> None:
    """Names count as authors, addresses do not."""
    assert read(head).author == author


def test_site_and_language() -> None:
    """The site is named by Open Graph or by the publisher, the language by the html element."""
    said = read('<meta property="og:site_name" content="Courier"><meta property="og:locale" content="az_AZ">')
    assert (said.site, said.lang) == ("Courier", "az_AZ")
    said = read(linked(article(publisher={"name": "Courier"})), attributes='lang="ru"')
    assert (said.site, said.lang) == ("Courier", "ru")


def test_absurd_nesting_is_passed_over() -> None:
    """JSON nested beyond all reason, and a block with endless nodes, cost little and raise nothing."""
    deep = f'<script type="application/ld+json">{"[" * 100_000}</script>'
    wide = linked({"@graph": [{"@type": "Thing", "n": number} for number in range(5000)]})
    assert moments(read(deep + wide + linked(article()))) == [AT]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "headline", "datePublished", "author", "publisher", "name", "@graph"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=150)
def test_any_json_is_read(value: object) -> None:
    """Whatever stands in a JSON-LD block, reading it raises nothing."""
    read(linked(value, {"@type": "NewsArticle", "headline": value, "datePublished": value, "author": value}))
