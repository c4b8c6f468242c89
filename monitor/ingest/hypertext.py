"""Reads a page as a place in the web: its tree, its links, the feeds it names, the page that follows it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile
from urllib.parse import urldefrag, urlsplit

import regex
from lxml import etree, html

from monitor.errors import ParseError
from monitor.ingest import charsets
from monitor.ingest.entries import address
from monitor.ingest.language import language_code
from monitor.ingest.markup import Element, clean_line, lines_of

MAX_BYTES = 10_000_000
#: a page with more links than this is no list of news
MAX_LINKS = 2_000
_HEADER_CHARSET = regex.compile(r"charset\s*=\s*[\"']?([\w-]{2,40})", regex.IGNORECASE)
_META_CHARSET = regex.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", regex.IGNORECASE)
_LANG = regex.compile(rb"<html[^>]{0,300}?\slang\s*=\s*[\"']?([A-Za-z]{2})", regex.IGNORECASE)
_HEAD = 4096
FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/rss+xml",
})  # fmt: skip
_JSON_TYPE = "application/json"
#: the words on the link to the next page, folded
_NEXT = regex.compile(
    r"(?:next(?: page)?|older(?: posts| entries| news)?|more news|weiter|nächste(?: seite)?|suivante?|page suivante|"
    r"siguiente|próxim[ao]|avançar|successiv[ao]|volgende|następna|sonraki(?: sayfa)?|növbəti|(?:след(?:ующ\w+)?|"
    r"вперед|вперёд|далее|дальше)(?: страница)?|наступна|(?:trang )?(?:sau|tiếp(?: theo)?)|下一[页頁]|下页|次へ|"
    r"다음|التالي|الصفحة التالية|ถัดไป|berikutnya|selanjutnya)?\s*[›»>→⟩]{0,2}"
)
_PAGE_NUMBER = regex.compile(r"\d{1,4}")
_PAGER = regex.compile(r"pag(?:er|ing|ination|es|e-?numbers?|e-?nav\w*)|navigation", regex.IGNORECASE)
_SHOWN = regex.compile(r"(?:^|[\s_-])(?:active|current|selected)(?:$|[\s_-])", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hypertext:
    """A page with where it stands."""

    root: Element
    url: str
    #: what its links are seen from
    base: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another page."""

    element: Element
    url: str


def hypertext(body: bytes, *, url: str, headers: Mapping[str, str]) -> Hypertext:
    """Return a page as a tree; raise ParseError when the bytes hold no markup at all."""
    if len(body) > MAX_BYTES:
        raise ParseError(url, f"the page is larger than {MAX_BYTES} bytes")
    data = decoded(body, headers.get("content-type", "")).replace("\x00", "").encode("utf-8", "replace")
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8")) if data.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(url, f"the page cannot be read ({clean_line(str(error))[:100]})") from error
    if root is None:
        raise ParseError(url, "the page is empty")
    named = root.find(".//base[@href]")
    base = None if named is None else address(named.get("href"), url)
    return Hypertext(root, url, base or url, language_code(root.get("lang") or headers.get("content-language")))


def decoded(body: bytes, content_type: str) -> str:
    """Return the text of a page: what the server says of its encoding is more than what the page says."""
    said, own = _HEADER_CHARSET.search(content_type), _META_CHARSET.search(body[:_HEAD])
    named = [said[1]] if said else []
    named += [own[1].decode("ascii", "replace")] if own else []
    lang = _LANG.search(body[:_HEAD])
    return charsets.text_of(body, named=named, lang=lang[1].decode("ascii") if lang else None)


# ---------------------------------------------------------------- links


def links_of(page: Hypertext) -> Iterator[Link]:
    """Yield every link that leads to another page of the web, in order."""
    here = urldefrag(page.url)[0]
    for element in page.root.iter("a", "area"):
        href = element.get("href") or ""
        url = None if href.startswith("#") else address(href, page.base)
        if url and urldefrag(url)[0] != here:
            yield Link(element, url)


def host_of(url: str) -> str:
    """Return the host of an address without `www.`, in lower case, or nothing."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def text_of(element: Element) -> str:
    """Return the text that an element shows, on one line."""
    return " ".join(line.text for line in lines_of(element))


def feeds_named(page: Hypertext) -> list[str]:
    """Return the feeds that a page names for programs (`link rel=alternate`), in order."""
    found = []
    for element in page.root.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        url = address(element.get("href") or "", page.base)
        # WordPress names its own interface as JSON too
        is_feed = kind in FEED_TYPES or (kind == _JSON_TYPE and "wp-json" not in (url or ""))
        if url and is_feed and {"alternate", "feed"} & set(rel):
            found.append(url)
    return list(dict.fromkeys(found))


def next_page(page: Hypertext) -> str | None:
    """Return the address of the page that continues this one, or None; only on the same host."""
    for element in page.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and (url := _same_host(element, page)):
            return url
    pagers = [(link, pager) for link in links_of(page) if (pager := _pager_of(link.element)) is not None]
    for link, _ in pagers:
        words = text_of(link.element) or link.element.get("aria-label") or link.element.get("title") or ""
        if words and _NEXT.fullmatch(words.casefold()) and (url := _same_host(link.element, page)):
            return url
    number = _shown_number(pagers[0][1]) if pagers else None
    following = (link.element for link, _ in pagers if number and text_of(link.element) == str(number + 1))
    return next((url for element in following if (url := _same_host(element, page))), None)


def _same_host(element: Element, page: Hypertext) -> str | None:
    """Return where a link leads if that is on the host of the page."""
    url = address(element.get("href") or "", page.base)
    return url if url and host_of(url) == host_of(page.url) and urldefrag(url)[0] != urldefrag(page.url)[0] else None


def _pager_of(element: Element) -> Element | None:
    """Return what holds the links to the pages of a list, if a link stands in such a thing."""
    near = [element, *islice(element.iterancestors(), 4)]
    return next((e for e in reversed(near) if _PAGER.search(_names(e))), None)


def _names(element: Element) -> str:
    """Return how the page calls an element."""
    return " ".join(element.get(name) or "" for name in ("class", "id", "aria-label"))


def _shown_number(pager: Element) -> int | None:
    """Return the number of the page that is shown: the one that is marked, or that is no link."""
    for element in islice(pager.iter("a", "span", "strong", "b", "em", "li", "td"), MAX_LINKS):
        if _PAGE_NUMBER.fullmatch(text := text_of(element)) and _is_shown(element, pager):
            return int(text)
    return None


def _is_shown(element: Element, pager: Element) -> bool:
    """Tell whether an element of a pager stands for the page that is shown."""
    around = takewhile(lambda e: e is not pager, element.iterancestors())
    is_link = any(e.tag == "a" and e.get("href") for e in [element, *around, *element.iter("a")])
    return bool(element.get("aria-current") or _SHOWN.search(element.get("class") or "")) or not is_link
