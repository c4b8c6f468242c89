"""List pages give titles, links, dates and teasers: by selectors, or by finding the list among menus and boxes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.errors import ParseError
from monitor.ingest.hypertext import feeds_named, hypertext, next_page
from monitor.ingest.listing import MAX_ENTRIES, parse
from monitor.model import Feed, Selectors, Source, SourceKind

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://customs.example/en/news"
SOURCE = Source("customs", "customs", URL, SourceKind.LISTING)
TITLES = (
    "Customs officers seize cocaine at the port of Aveno",
    "New tariff codes come into force next month",
    "The director receives a delegation from Lomia",
    "Border post reopens after two months of repair",
    "Revenue of May grows by five percent",
)
NAV = (
    "<nav><ul>"
    + "".join(f"<li><a href='/m/{n}'>The long menu item with number {n}</a></li>" for n in range(40))
    + "</ul></nav>"
)
MENU = (
    "<div class='main-menu'>"
    + "".join(f"<div><a href='/g/{n}'>Guide number {n} for travellers</a></div>" for n in range(9))
    + "</div>"
)
RELATED = (
    "<div class='related'><ul>"
    + "".join(f"<li><a href='/x/{n}'>Most read: {t}</a></li>" for n, t in enumerate(TITLES))
    + "</ul></div>"
)
FOOTER = (
    "<footer><a href='/a'>About us</a> <a href='/b'>Contact</a> <a href='/c'>Privacy policy</a><p>© 2026</p></footer>"
)


def whole(main: str, lang: str = "en") -> str:
    """Return a page with everything around its main part that such pages have."""
    return f"<!doctype html><html lang='{lang}'><head><title>News</title></head><body>{NAV}{MENU}{main}{RELATED}{FOOTER}</body></html>"


def read(page: str | bytes, **changes: object) -> Feed:
    """Read a list page of customs."""
    body = page.encode() if isinstance(page, str) else page
    return parse(body, url=URL, headers={}, source=replace(SOURCE, **changes), now=NOW)  # type: ignore[arg-type]


def many(template: str) -> str:
    """Return a template filled in for each title: {n} is its number, {d} the day of May, {t} the title."""
    return "".join(template.format(n=n, d=12 + n, t=title) for n, title in enumerate(TITLES))


EXPECTED = [(f"https://customs.example/n/{n}", title, 12 + n) for n, title in enumerate(TITLES)]
LAYOUTS = {
    "list": "<ul>" + many("<li><span class=date>{d}.05.2026</span><h3><a href='/n/{n}'>{t}</a></h3></li>") + "</ul>",
    "read more": "<div>"
    + many("<div class=i><h3><a href='/n/{n}'>{t}</a></h3><i>{d} May 2026</i><a href='/n/{n}'>Read more</a></div>")
    + "</div>",
    "picture, label, title": "<div>"
    + many(
        "<div><a href='/n/{n}'><img src='{n}.jpg'></a><a href='/cat/1'>Press</a><time datetime='2026-05-{d}'>x</time>"
        "<h2><a href='/n/{n}'>{t}</a></h2></div>"
    )
    + "</div>",
    "table": "<table>" + many("<tr><td>{d} May 2026</td><td><a href='/n/{n}'>{t}</a></td></tr>") + "</table>",
    "definitions": "<dl>" + many("<dt>{d} May 2026</dt><dd><a href='/n/{n}'>{t}</a></dd>") + "</dl>",
    "flat, date before": "<div>" + many("<b>{d} May 2026</b> <a href='/n/{n}'>{t}</a><br>") + "</div>",
    "flat, date after": "<div>" + many("<a href='/n/{n}'>{t}</a> - {d} May 2026<br>") + "</div>",
    "paragraphs": "<div>" + many("<p><a href='/n/{n}'>{t}</a></p><p>{d}.05.2026</p>") + "</div>",
    "date in the title": "<ul>" + many("<li><a href='/n/{n}'>{d}.05.2026 - {t}</a></li>") + "</ul>",
    "date after the title": "<ul>" + many("<li><a href='/n/{n}'>{t} ({d} May 2026)</a></li>") + "</ul>",
    "cards": "<div>"
    + many(
        "<a class=card href='/n/{n}'><span>News</span><div>{d} May 2026</div><div>{t}</div><p>Here is a teaser of it.</p></a>"
    )
    + "</div>",
    "day and month apart": "<div>"
    + many("<div><p>{d}</p><p>May 2026</p><p><a href='/n/{n}'>{t}</a></p></div>")
    + "</div>",
    "rows of a grid": "".join(
        f"<div class=row>{cells}</div>"
        for cells in many("<div class=col><h4><a href='/n/{n}'>{t}</a></h4><em>{d}.05.2026</em></div>|").split("|")
        if cells
    ),
    "sections": many(
        "<section class=s><h2>Day</h2><ul><li><a href='/n/{n}'>{t}</a> <span>{d}.05.2026</span></li></ul></section>"
    ),
    "title cut short": "<ul>"
    + "".join(
        f"<li>{12 + n} May 2026 <a href='/n/{n}' title='{title}'>{title[:20]}...</a></li>"
        for n, title in enumerate(TITLES)
    )
    + "</ul>",
    "first one built differently": "<ul>"
    + many("<li><a href='/n/{n}'>{t}</a> <i>{d} May 2026</i></li>").replace(
        f"<a href='/n/0'>{TITLES[0]}</a>", f"<div class=top><h2><a href='/n/0'>{TITLES[0]}</a></h2></div>"
    )
    + "</ul>",
    "a form around everything": "<form><div class='menu-page'><table>"
    + many("<tr><td>{d} May 2026</td><td><a href='/n/{n}'>{t}</a></td></tr>")
    + "</table></div></form>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_list_is_found_in_every_layout(layout: str) -> None:
    """The list of news wins over a longer menu, guides, a box of related pieces and a footer, with its dates."""
    found = read(whole(LAYOUTS[layout])).entries
    assert [(e.url, e.title, e.published.at.day if e.published.at else None) for e in found] == EXPECTED


def test_teasers_are_kept_and_labels_are_not() -> None:
    """The teaser is the running text of an item, without date, title and the words that all items have."""
    page = "<ul>" + many(
        "<li><a href='/n/{n}'>{t}</a><i>{d} May 2026</i><p>A teaser tells more about it.</p><a href='/n/{n}'>Read more about</a></li>"
    )
    assert {entry.summary for entry in read(whole(page + "</ul>")).entries} == {"A teaser tells more about it."}


def test_archive_without_titles() -> None:
    """Where items have a date, a teaser and a link that says the same on all, the title is left to the page."""
    page = (
        "<div>"
        + many("<div><span>{d} May 2026</span><p>{t} and so on.</p><a href='/n/{n}'>Read more</a></div>")
        + "</div>"
    )
    found = read(whole(page)).entries
    assert [(e.url, e.title, e.summary) for e in found] == [
        (url, "", f"{title} and so on.") for url, title, _ in EXPECTED
    ]


def test_other_scripts() -> None:
    """Titles of languages without spaces are as long as they read, and dates follow the language of the page."""
    titles = ("海关总署发布上月进出口数据报告", "海关在机场查获走私象牙制品", "新关税税率将于下月起正式实施")
    items = "".join(f"<li><a href='/n/{n}'>{t}</a>2026年5月{12 + n}日</li>" for n, t in enumerate(titles))
    menu = "".join(f"<li><a href='/m/{n}'>服务</a></li>" for n in range(20))
    found = read(f"<html lang=zh><body><ul id=m>{menu}</ul><ul id=n>{items}</ul>").entries
    assert [(e.title, e.published.at, e.lang) for e in found] == [
        (t, datetime(2026, 5, 12 + n, tzinfo=UTC), "zh") for n, t in enumerate(titles)
    ]
    russian = many("<li><a href='/n/{n}'>{t}</a> <i>0{n}/05/2026</i></li>").replace("00/05", "06/05")
    days = [e.published.at for e in read(whole(f"<ul>{russian}</ul>", lang="ru")).entries]
    assert {at.month if at else None for at in days} == {5}


def test_list_in_a_menu_counts_only_with_dates() -> None:
    """A page of menus has no list of news."""
    with pytest.raises(ParseError, match="name its parts with `selectors`"):
        read(f"<html><body>{NAV}{FOOTER}")
    dated = NAV.replace("<li>", "<li>1 May 2026 ")
    assert len(read(f"<html><body>{dated}{FOOTER}").entries) == 40


def test_only_matching_links_are_looked_at() -> None:
    """What the configuration wants decides between two lists of news, and lets links to files in."""
    other = (
        "<ol>"
        + "".join(
            f"<li>1 May 2026 <a href='/files/{n}.xml'>A much longer title of a document in the list</a></li>"
            for n in range(9)
        )
        + "</ol>"
    )
    page = whole(LAYOUTS["list"] + other)
    assert {str(e.url).split("/")[3] for e in read(page, match="/n/").entries} == {"n"}
    assert {str(e.url).split("/")[3] for e in read(page, match="/files/").entries} == {"files"}


def test_links_elsewhere_and_to_pictures_are_no_news() -> None:
    """Other sites, mail, scripts, pictures, anchors, the page itself and the front page are passed over."""
    hrefs = (
        "https://other.example/n",
        "mailto:a@b.example",
        "javascript:x()",
        "/a.jpg",
        "#top",
        URL,
        URL + "#x",
        "/",
        "http://[",
    )
    links = "".join(
        f"<li>1 May 2026 <a href='{href}'>{title} {n}</a></li>"
        for n, (href, title) in enumerate(zip(hrefs, TITLES * 2, strict=False))
    )
    with pytest.raises(ParseError):
        read(f"<html><body><ul>{links}</ul>")


def test_base_address_and_encoding() -> None:
    """Links are seen from the base that the page names, letters are those of its charset."""
    page = f"<html><head><base href='https://www.customs.example/az/'><meta charset=windows-1254></head><body>{LAYOUTS['list']}"
    found = read(
        page.replace("href='/n/", "href='n/").replace("Lomia", "Gömrük Şəhər".replace("ə", "e")).encode("windows-1254")
    )
    assert (found.entries[2].url, "Gömrük Şeher" in found.entries[2].title) == (
        "https://www.customs.example/az/n/2",
        True,
    )


def test_entries_over_the_cap_are_counted() -> None:
    """A page that lists without end is cut, and it is told."""
    items = "".join(
        f"<li>1 May 2026 <a href='/n/{n}'>Customs officers find tea in case {n}</a></li>"
        for n in range(MAX_ENTRIES + 3)
    )
    feed = read(f"<html><body><ul>{items}</ul>")
    assert (len(feed.entries), [s.what for s in feed.skipped]) == (MAX_ENTRIES, ["3 entries"])


# ---------------------------------------------------------------- selectors

CARD = (
    "<div class='card big'><span class=d>{d}.05.2026</span><a class=t href='/n/{n}'>{t}</a><p class=s>Teaser {n}</p>"
    "<a class=m href='/more/{n}'>more</a></div>"
)


def test_selectors_name_the_parts() -> None:
    """Every selector takes its part, and nothing else is guessed."""
    wanted = Selectors("div.card", title=".t", link="a.m", date=".d", summary=".s")
    found = read(whole(many(CARD)), selectors=wanted).entries
    assert [(e.url, e.title, e.summary) for e in found] == [
        (f"https://customs.example/more/{n}", title, f"Teaser {n}") for n, title in enumerate(TITLES)
    ]
    assert [e.published.at.day for e in found if e.published.at] == [12, 13, 14, 15, 16]


def test_item_alone_is_enough() -> None:
    """With only `item` the rest is found in each item, also where the item is the link itself."""
    assert [(e.url, e.title) for e in read(whole(many(CARD)), selectors=Selectors("div.card")).entries] == [
        (url, title) for url, title, _ in EXPECTED
    ]
    cards = many("<a class=c href='/n/{n}'><h3>{t}</h3></a>")
    assert [(e.url, e.title) for e in read(cards, selectors=Selectors("a.c")).entries] == [
        (u, t) for u, t, _ in EXPECTED
    ]


def test_items_without_a_link_are_counted() -> None:
    """An item that leads nowhere, or elsewhere than wanted, is told with the reason."""
    page = "<p class=i><a href='/n/1'>One</a></p><p class=i>Two</p><p class=i><a href='/o/3'>Three</a></p>"
    feed = read(page, selectors=Selectors("p.i", link="a"), match="/n/")
    assert [e.title for e in feed.entries] == ["One"]
    assert [(s.what, s.reason) for s in feed.skipped] == [
        ("item 2", "it has no usable link"), ("1 items", "their addresses do not contain '/n/'"),
    ]  # fmt: skip


@pytest.mark.parametrize("selector", ["li.gone", "x|a"])
def test_selector_that_finds_nothing(selector: str) -> None:
    """A selector that does not fit the page, or cannot be used, is named in the error."""
    with pytest.raises(ParseError) as caught:
        read(whole(many(CARD)), selectors=Selectors(selector))
    assert selector in str(caught.value)


# ---------------------------------------------------------------- the next page, and feeds


@pytest.mark.parametrize(
    ("links", "following"),
    [
        ("<a rel='next' href='?page=2'>x</a>", "?page=2"),
        ("<link rel=next href='/en/news?p=2'>", "?p=2"),
        ("<div class=pagination><a href='?p=1'>1</a><a href='?p=2'>»</a></div>", "?p=2"),
        ("<div class=pager><a href='?p=9'>Növbəti</a></div>", "?p=9"),
        ("<ul class=pager><li><a href='?p=2'>Next page ›</a></li></ul>", "?p=2"),
        ("<ul class=pages><li class=active><a href='?p=3'>3</a></li><li><a href='?p=4'>4</a></li></ul>", "?p=4"),
        ("<div class=paging><span>1</span> <a href='?p=2'>2</a> <a href='?p=3'>3</a></div>", "?p=2"),
        ("<div class=paging><a aria-current=page href='?p=2'>2</a><a href='?p=1'>1</a><a href='?p=3'>3</a></div>", "?p=3"),
        ("<a href='?p=2'>Next</a>", None),
        ("<div class=pager><a href='https://other.example/?p=2'>Next</a></div>", None),
        ("<div class=pager><a href='#'>Next</a></div>", None),
        ("", None),
    ],
)  # fmt: skip
def test_next_page_of_a_list(links: str, following: str | None) -> None:
    """The link to the next page is found by its relation, its words in many languages, or the next number."""
    page = hypertext(whole(links).encode(), url=URL, headers={})
    assert next_page(page) == (URL + following if following else None)


def test_next_page_is_named_only_when_wanted() -> None:
    """A source that reads one page names no second one; a selector for it outranks what is found."""
    page = whole(LAYOUTS["list"] + "<a rel=next href='?p=2'>x</a><a class=older href='?older'>y</a>")
    assert read(page).more == ()
    assert read(page, pages=2).more == (URL + "?p=2",)
    wanted = Selectors("li:has(h3)", next="a.older")
    assert read(page, pages=2, selectors=wanted).more == (URL + "?older",)


def test_feeds_that_a_page_names() -> None:
    """Alternates of the types of feeds are found, the interface of WordPress and style sheets are not."""
    links = (
        "<link rel=alternate type='application/rss+xml' href='/a'><link rel='ALTERNATE home' type='application/atom+xml; x' href='/b'>"
        "<link rel=alternate type='application/json' href='/wp-json/x'><link rel=alternate type='application/feed+json' href='/c'>"
        "<link rel=stylesheet type='text/css' href='/d'><link rel=alternate hreflang=en href='/e'>"
    )
    page = hypertext(f"<html><head>{links}".encode(), url=URL, headers={})
    assert feeds_named(page) == [f"https://customs.example/{name}" for name in "abc"]


@pytest.mark.parametrize("body", [b"", b"  ", b"<!-- -->", b"\x00\x00"])
def test_empty_page(body: bytes) -> None:
    """A page without anything is an error."""
    with pytest.raises(ParseError):
        read(body)


def test_lists_within_one_another() -> None:
    """Where each item of a list holds the items of further ones, the list with the longest titles is found."""
    inner = "".join(f'<div class="k{{k}}-{n}"><a href="/more/{{k}}/{n}">More {n}</a><b>{n}</b></div>' for n in range(6))
    items = "".join(
        f'<div class="item"><h3><a href="/news/{k}">Officers found {k} crates of tea in the harbour</a></h3>'
        f'<time datetime="2026-06-01">1 June</time>{inner.replace("{k}", str(k))}{"<i>1</i> " * 2000}</div>'
        for k in range(60)
    )
    found = read(whole(items)).entries
    assert [entry.url for entry in found] == [f"https://customs.example/news/{k}" for k in range(60)]
    assert {entry.published.at for entry in found} == {datetime(2026, 6, 1, tzinfo=UTC)}


def test_names_as_long_as_a_page_are_read_once() -> None:
    """A class of a megabyte around a long list does not multiply."""
    links = "".join(f'<p><a href="/news/{k}">Officers found {k} crates of tea</a></p>' for k in range(600))
    assert len(read(whole(f'<div class="{"c " * 500_000}">{links}</div>')).entries) == MAX_ENTRIES
