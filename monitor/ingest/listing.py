"""Reads HTML pages that list news: by CSS selectors, or by finding the repeated links; pure.

An entry of a list has a title, a link, often a date and a teaser; its text is on its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from monitor.errors import ParseError
from monitor.ingest.entries import address
from monitor.ingest.hypertext import MAX_LINKS, Hypertext, Link, hypertext, links_of, next_page, text_of
from monitor.ingest.linklist import Block, Reading, date_in, dated_beside, find_list, title_of
from monitor.ingest.markup import Element
from monitor.model import Dated, Entry, Feed, Selectors, Skipped, Source

MAX_ENTRIES = 500
_MOST_SUMMARY = 1000


def parse(body: bytes, *, url: str, headers: Mapping[str, str], source: Source, now: datetime) -> Feed:
    """Return the entries of a list page; `Feed.more` names the next page if the source wants several.

    Raises ParseError when there is no list, or the selectors of the source find nothing. Entries past `MAX_ENTRIES`
    and items without a link are in `skipped`.
    """
    page = hypertext(body, url=url, headers=headers)
    lang = source.lang or page.lang
    reading = Reading(now, (lang,) if lang else ())
    skipped: list[Skipped] = []
    if source.selectors:
        blocks = _selected(page, source, source.selectors, reading, skipped)
    else:
        blocks = find_list(page, reading, source.match)
    if not blocks and not skipped:
        raise ParseError(url, "no list of news found on the page; name its parts with `selectors`")
    if not source.selectors and (links := sum(1 for _ in links_of(page))) > MAX_LINKS:
        skipped.append(Skipped(f"{links - MAX_LINKS} links at most", f"the page has more than {MAX_LINKS}"))
    unique = {block.link.url: block for block in reversed(blocks)}
    kept = [block for block in blocks if unique[block.link.url] is block]
    if len(kept) > MAX_ENTRIES:
        skipped.append(Skipped(f"{len(kept) - MAX_ENTRIES} entries", f"the page lists more than {MAX_ENTRIES}"))
    return Feed(
        version="listing",
        entries=tuple(_entry(block, lang) for block in kept[:MAX_ENTRIES]),
        skipped=tuple(skipped),
        lang=lang,
        more=_following(page, source) if source.pages > 1 else (),
    )


def _entry(block: Block, lang: str | None) -> Entry:
    """Return one block as an entry."""
    return Entry(
        guid=None, url=block.link.url, title=block.title, summary=block.summary, published=block.published, lang=lang
    )


def _following(page: Hypertext, source: Source) -> tuple[str, ...]:
    """Return the address of the next page of the list, if there is one."""
    selector = source.selectors.next if source.selectors else None
    if not selector:
        following = next_page(page)
    else:
        chosen = (_href(element) for element in _select(page.root, selector))
        following = next((url for href in chosen if (url := address(href, page.base))), None)
    return (following,) if following else ()


# ---------------------------------------------------------------- by selectors


def _selected(
    page: Hypertext, source: Source, selectors: Selectors, reading: Reading, skipped: list[Skipped]
) -> list[Block]:
    """Return the blocks that the selectors name; what has no usable link is added to `skipped`."""
    items = _select(page.root, selectors.item)
    if not items:
        raise ParseError(page.url, f"`selectors.item: {selectors.item}` finds nothing; has the page changed?")
    blocks, other = [], 0
    for number, item in enumerate(items, 1):
        link = _link(item, selectors, page)
        if link is None:
            skipped.append(Skipped(f"item {number}", "it has no usable link"))
        elif source.match and source.match not in link.url:
            other += 1
        else:
            blocks.append(_block(item, link, selectors, reading))
    if other:
        skipped.append(Skipped(f"{other} items", f"their addresses do not contain {source.match!r}"))
    return blocks if selectors.date else dated_beside(blocks, reading)


def _select(root: Element, selector: str) -> list[Element]:
    """Return what a selector finds; the configuration has checked its form, not what lxml makes of it."""
    try:
        return list(CSSSelector(selector, translator="html")(root))
    except (SelectorError, etree.XPathError) as error:
        raise ParseError(selector, f"this selector cannot be searched with ({str(error)[:100]})") from error


def _first(item: Element, selector: str | None) -> Element | None:
    """Return the first element in an item that a selector finds."""
    return next(iter(_select(item, selector)), None) if selector else None


def _href(element: Element) -> str:
    """Return where an element leads: it is a link, holds one or stands in one."""
    around = [element, *element.iter("a"), *element.iterancestors("a")]
    return next((str(href) for e in around if (href := e.get("href"))), "")


def _link(item: Element, selectors: Selectors, page: Hypertext) -> Link | None:
    """Return the link of an item: the chosen one, that of the title, or the first one."""
    chosen = _first(item, selectors.link or selectors.title)
    element = item if chosen is None and not selectors.link else chosen
    url = None if element is None else address(_href(element), page.base)
    return Link(element, url) if url else None


def _block(item: Element, link: Link, selectors: Selectors, reading: Reading) -> Block:
    """Return one item with the parts that the selectors name."""
    titled = _first(item, selectors.title)
    title = text_of(titled) if titled is not None else ""
    if not title and not selectors.title:
        longest = max(item.iter("a"), key=lambda a: len(text_of(a)), default=item)
        title = title_of(longest, reading)
    dated = _first(item, selectors.date)
    summary = _first(item, selectors.summary)
    return Block(
        element=item,
        link=link,
        title=title,
        published=date_in(dated, reading) if dated is not None else Dated(),
        summary=text_of(summary)[:_MOST_SUMMARY] if summary is not None else "",
    )
