"""Says where an outlet may offer its news, from its page and its robots.txt, and ranks what was found there; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import regex

from monitor.errors import ParseError
from monitor.ingest.entries import address
from monitor.ingest.hypertext import Hypertext, feeds_named, host_of, hypertext, links_of, text_of
from monitor.ingest.kinds import kind_of
from monitor.ingest.markup import clean_line
from monitor.model import Response, SourceKind

#: where feeds stand although nothing says so
FEED_PATHS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds")
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml")
#: each way of finding gives at most so many addresses, so that a site is asked a few dozen times at most
MOST = 8
MOST_LISTS = 3
_FEED_LINK = regex.compile(r"(?:^|[/._?=&-])(?:rss|atom|feeds?|xmlfeed)(?:[/._?=&-]|$)", regex.IGNORECASE)
_NEWS_LINK = regex.compile(
    r"news(?:room)?|press(?:e|-?releases?)?|media|aktuel+es?|actualit[eé]s?|noticias?|notícias?|xəbərlər|xeberler|новости|"
    r"haberler|tin-tuc|tin tức|nachrichten|pressemitteilungen|新闻|新聞|أخبار",
    regex.IGNORECASE,
)
_SITEMAP_LINE = regex.compile(r"(?im)^\s*sitemap\s*:\s*(\S{1,2000})")
_COMMENTS = regex.compile(r"comments?", regex.IGNORECASE)
_ORDER = ("rss", "atom", "json", "news sitemap", "listing", "sitemap")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a source, and what led to it."""

    url: str
    kind: SourceKind
    why: str


@dataclass(frozen=True, slots=True)
class Site:
    """What a page says about its outlet."""

    name: str | None
    lang: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate that was tried."""

    candidate: Candidate
    #: why it is of no use, or None
    problem: str | None
    #: the format, see `Feed.version`
    version: str = ""
    entries: int = 0
    dated: int = 0
    newest_at: datetime | None = None
    #: the first titles, to judge by
    titles: tuple[str, ...] = ()
    #: what the first entries lead to: offers with the same ones are one
    first_urls: tuple[str, ...] = ()


def page_of(answer: Response) -> Hypertext | None:
    """Return an answer as a page, or None when it is something else."""
    if kind_of(answer.body) not in (SourceKind.LISTING, None):
        return None
    try:
        return hypertext(answer.body, url=answer.url, headers=answer.headers)
    except ParseError:
        return None


def site_of(page: Hypertext | None) -> Site:
    """Return how the outlet of a page calls itself, and its language."""
    if page is None:
        return Site(None, None)
    named = page.root.xpath("//meta[@property='og:site_name']/@content")
    title = page.root.find(".//title")
    # after the last dash of a title stands the name of the site
    texts = [*named, *([regex.split(r"\s[-–—|:]\s", text_of_title(title))[-1]] if title is not None else [])]
    name = next((text for raw in texts if (text := clean_line(str(raw))[:100])), None)
    return Site(name, page.lang)


def text_of_title(title: object) -> str:
    """Return the text of a title element, which markup.lines_of takes for silent."""
    return clean_line(str(getattr(title, "text", "") or ""))


def candidates(url: str, page: Hypertext | None, robots: str) -> list[Candidate]:
    """Return every address that may be a source, each once, those that the outlet names itself first.

    `url` is the address that was asked for, `page` what it answered if that is a page, `robots` the text of robots.txt.
    """
    found: dict[str, Candidate] = {}
    for candidate in _all(url, page, robots):
        found.setdefault(candidate.url, candidate)
    return list(found.values())


def _all(url: str, page: Hypertext | None, robots: str) -> Iterator[Candidate]:
    """Yield the candidates of every way of finding."""
    if page is None:
        yield Candidate(url, SourceKind.FEED, "the address itself")
    else:
        for named in feeds_named(page)[:MOST]:
            yield Candidate(named, SourceKind.FEED, "named by the page")
        for linked in _linked_feeds(page)[:MOST]:
            yield Candidate(linked, SourceKind.FEED, "linked on the page")
    for line in list(_SITEMAP_LINE.findall(robots))[:MOST]:
        if named_map := address(line, url):
            yield Candidate(named_map, SourceKind.SITEMAP, "named by robots.txt")
    if page is not None:
        yield Candidate(page.url, SourceKind.LISTING, "the page itself")
        for listed in _news_pages(page)[:MOST_LISTS]:
            yield Candidate(listed, SourceKind.LISTING, "linked as news")
    for path in FEED_PATHS:
        yield Candidate(urljoin(url, path), SourceKind.FEED, "a usual path")
    for path in SITEMAP_PATHS:
        yield Candidate(urljoin(url, path), SourceKind.SITEMAP, "a usual path")


def _linked_feeds(page: Hypertext) -> list[str]:
    """Return the links of a page that look like feeds."""
    host = host_of(page.url)
    urls = [link.url for link in links_of(page) if _FEED_LINK.search(_place(link.url)) and host in host_of(link.url)]
    return list(dict.fromkeys(urls))


def _news_pages(page: Hypertext) -> list[str]:
    """Return the links of a page that lead to its news, the shortest addresses first."""
    host = host_of(page.url)
    named = {
        link.url
        for link in links_of(page)
        if host_of(link.url) == host and (_NEWS_LINK.fullmatch(text_of(link.element)) or _is_news_path(link.url))
    }
    return sorted(named, key=lambda url: (len(url), url))


def _is_news_path(url: str) -> bool:
    """Tell whether the last part of an address is a word for news."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return bool(_NEWS_LINK.fullmatch(last))


def _place(url: str) -> str:
    """Return path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


# ---------------------------------------------------------------- ranking


def ranked(offers: Sequence[Offer]) -> list[Offer]:
    """Return offers, the best first: usable ones, with dates, of entries that a feed carries, the newest.

    Of offers that lead to the same pieces in the same format only the first is kept.
    """
    unique: dict[object, Offer] = {}
    for offer in offers:
        same = (offer.version, offer.first_urls) if offer.first_urls and not offer.problem else offer.candidate.url
        unique.setdefault(same, offer)
    return sorted(unique.values(), key=_worth, reverse=True)


def _worth(offer: Offer) -> tuple[bool, bool, bool, bool, int, datetime, int]:
    """Return by what offers are ordered, the best greatest."""
    place = next((n for n, word in enumerate(_ORDER) if offer.version.startswith(word)), len(_ORDER))
    return (
        offer.problem is None,
        offer.entries > 0,
        offer.dated > 0,
        not _COMMENTS.search(offer.candidate.url),
        -max(place, 1),
        offer.newest_at or _NEVER,
        offer.entries,
    )
