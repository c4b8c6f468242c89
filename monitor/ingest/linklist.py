"""Finds the list of news on a page whose markup nobody described: the repeated blocks that hold one link each; pure.

Links are put together by the path of tags that leads to them, their blocks grow as long as they hold no second link of
the list, and lists are compared by what they say: titles are long and differ, news have dates, menus have neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import islice
from math import sqrt

import regex

from monitor.ingest.datelines import line_date
from monitor.ingest.dates import parse_date
from monitor.ingest.hypertext import MAX_LINKS, Hypertext, Link, host_of, links_of, text_of
from monitor.ingest.markup import Element, clean_line, lines_of, texts_of
from monitor.ingest.phrases import compact
from monitor.model import Dated, DateOrigin
from monitor.text import word_count

#: fewer links are no list
FEWEST = 3
#: a list of links with fewer words on average, and without dates, is a menu
_TITLE_WORDS = 3.0
_MOST_WORDS = 15
_MOST_LISTS = 12
_MOST_SISTERS = 50
#: how much dates beside the links, or a place beside the main text, count for a list
_DATED_WEIGHT, _BESIDE_WEIGHT = 3.0, 0.1
_SHORT = 12
_DATE_WORDS = 4
_SIGNS = "-–—|:,;()[]·•/ "
#: so many neighbours of a block are looked at for its date
_NEAR = 4
_MOST_SUMMARY = 1000
#: so many texts and breaks of a block are read, and so many texts alone: an item of a list has few, and blocks of
#: several lists may lie in one another, so that each reads the same page again
_MOST_PIECES, _MOST_TEXTS = 400, 60
#: so many blocks of a list tell how much it looks like news; all of the chosen one are read
_SAMPLE = 40
#: no two or three short lines with fewer digits are a date
_FEWEST_DIGITS = 3
_MENU_TAGS = frozenset({"nav", "footer", "menu", "dialog"})
_BESIDE_TAGS = _MENU_TAGS | {"header", "aside", "form"}
_BESIDE_NAMES = regex.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|sidebar|footer|breadcrumbs?|shar(?:e|ing)|social|popular|most-?(?:read|viewed)|"
    r"trending|newsletter|cookies?|menu|nav|navbar|navigation|mainnav|topnav|lang(?:uages?)?|pagination|pager|"
    r"tags?|see-?also|read-?also|partners|sitemap)(?:$|[\s_-])",
    regex.IGNORECASE,
)
_NO_PAGE = regex.compile(r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|mp[34]|zip|rar|xlsx?|pptx?|rss|xml|ics)$", regex.I)
_UNKNOWN = Dated()
_CLOCK = regex.compile(r"\d{1,2}:\d{2}")
_ELLIPSIS = regex.compile(r"\s*(?:\.\.\.|…)$")


@dataclass(frozen=True, slots=True)
class Block:
    """One item of a list: the part of the page that belongs to a link."""

    element: Element
    link: Link
    title: str
    published: Dated = _UNKNOWN
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What dates are read with."""

    now: datetime
    langs: tuple[str, ...] = ()


def find_list(page: Hypertext, reading: Reading, match: str | None = None) -> list[Block]:
    """Return the blocks of the list that tells most, in the order of the page; none when no list is one of news."""
    length = cache(_length)  # the same elements stand around all lists
    rated: list[tuple[float, list[Block]]] = []
    for blocks in _lists(_candidates(page, match), reading):
        sample = dated_beside(blocks[:_SAMPLE], reading)
        if _is_news(sample):
            rated.append((_rating(sample, len(blocks), page, length), blocks))
    return dated_beside(max(rated, key=lambda one: one[0], default=(0.0, []))[1], reading)


def _candidates(page: Hypertext, match: str | None) -> list[Link]:
    """Return the links that may lead to a piece: on the same site, to a page, and deeper than its front page."""
    host = host_of(page.url)
    found = []
    for link in links_of(page):
        place = host_of(link.url)
        same_site = place == host or place.endswith(f".{host}") or host.endswith(f".{place}")
        path = link.url.partition("?")[0]
        is_front = path.rstrip("/").count("/") == len("//")
        is_wanted = match in link.url if match else not _NO_PAGE.search(path)
        if same_site and is_wanted and (not is_front or "?" in link.url):
            found.append(link)
    return found[:MAX_LINKS]


# ---------------------------------------------------------------- blocks


def _lists(links: Sequence[Link], reading: Reading) -> list[list[Block]]:
    """Return every set of blocks that are built alike, stand alike and hold one link each."""
    by_path: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in links:
        by_path[tuple(str(e.tag) for e in link.element.iterancestors())].append(link)
    by_element = {link.element: link for link in links}
    found: list[dict[Element, Link]] = []
    places: dict[Element | None, int] = {}
    kinds: dict[tuple[int, str, str, str], int] = {}
    for alike in by_path.values():
        by_place: dict[int, dict[Element, Link]] = defaultdict(dict)
        for block, link in _grown(alike):
            by_place[_place(block.getparent(), places, kinds)].setdefault(block, link)
        found += [blocks for blocks in by_place.values() if len({link.url for link in blocks.values()}) >= FEWEST]
    # only what may win is looked at closely: that keeps the time of hostile pages in bounds
    best = sorted(found, key=_promise, reverse=True)[:_MOST_LISTS]
    return [_completed(blocks, by_element, reading) for blocks in best]


def _promise(blocks: Mapping[Element, Link]) -> float:
    """Return how much a list promises by the number and length of its links alone."""
    texts = [min(word_count(text_of(link.element)), _MOST_WORDS) for link in blocks.values()]
    return sqrt(len(texts)) * (1 + sum(texts) / len(texts)) ** 2


def _grown(alike: Sequence[Link]) -> list[tuple[Element, Link]]:
    """Return for each link the largest part of the page around it that holds no other link of the kind."""
    inside: dict[Element, str | None] = {}
    for link in alike:
        for element in (link.element, *link.element.iterancestors()):
            # None: it holds several
            inside[element] = link.url if inside.get(element, link.url) == link.url else None
    grown = []
    for link in alike:
        around = [link.element, *link.element.iterancestors()]
        single = [element for element in around if inside[element] is not None]
        # a page with this one link only has no list
        grown.append((single[-1] if 0 < len(single) < len(around) else link.element, link))
    return grown


def _place(
    around: Element | None, places: dict[Element | None, int], kinds: dict[tuple[int, str, str, str], int]
) -> int:
    """Return a number for where a block stands: for the tags, classes and ids of everything around it.

    Each element is looked at once: its names may be as long as the page.
    """
    unknown = []
    while around is not None and around not in places:
        unknown.append(around)
        around = around.getparent()
    place = places.get(around, 0)
    for element in reversed(unknown):
        names = (place, str(element.tag), element.get("class") or "", element.get("id") or "")
        place = places[element] = kinds.setdefault(names, len(kinds) + 1)
    return place


def _completed(blocks: Mapping[Element, Link], links: Mapping[Element, Link], reading: Reading) -> list[Block]:
    """Return blocks with the best title of each, and with their sisters that are built a little differently."""
    tags = {block.tag for block in blocks}
    within: dict[Element, list[Link]] = {}
    for parent in dict.fromkeys(block.getparent() for block in blocks):
        sisters = 0
        for child in parent:
            sisters += child not in blocks
            if child.tag not in tags or (child not in blocks and sisters > _MOST_SISTERS):
                continue
            held = [links[a] for a in child.iter("a", "area") if a in links]
            if child in blocks or _is_sister(child, held, reading):
                within[child] = held
    generic = _generic([link for held in within.values() for link in held])
    return [_block(block, blocks.get(block), held, generic, reading) for block, held in within.items()]


def _is_sister(element: Element, held: Sequence[Link], reading: Reading) -> bool:
    """Tell whether an element beside the blocks of a list is an item too, for example the first one with a picture."""
    if not held or len({link.url for link in held}) > FEWEST or _is_beside(element):
        return False
    return max(word_count(title_of(link.element, reading)) for link in held) > _TITLE_WORDS


def _generic(links: Iterable[Link]) -> set[str]:
    """Return the words that stand on several links to different pages, as `Read more` does."""
    targets: dict[str, set[str]] = defaultdict(set)
    for link in links:
        targets[text_of(link.element)].add(link.url)
    return {text for text, urls in targets.items() if len(urls) >= FEWEST}


def _block(element: Element, chosen: Link | None, held: Sequence[Link], generic: set[str], reading: Reading) -> Block:
    """Return one block with its link: the chosen one, or that with the longest text."""
    titles = [(link, title) for link in held if (title := title_of(link.element, reading)) and title not in generic]
    named = max(titles, key=lambda one: word_count(one[1]), default=None)
    link = chosen or (named[0] if named else held[0])
    own = [title for other, title in titles if other.url == link.url]
    return Block(element, link, max(own, key=word_count, default="") or _heading(element))


def _heading(element: Element) -> str:
    """Return the first heading in an element, or nothing."""
    return next((text for e in element.iter("h1", "h2", "h3", "h4", "h5", "h6") if (text := text_of(e))), "")


def title_of(element: Element, reading: Reading) -> str:
    """Return the title that a link shows: its heading, or the first line that is neither a date nor a label."""
    lines = [line.text for line in lines_of(element) if not _is_date(line.text, reading)]
    long = (line for line in lines if word_count(line) >= _TITLE_WORDS)
    shown = _heading(element) or next(long, lines[0] if lines else "")
    full = clean_line(element.get("title") or "")
    begins = _ELLIPSIS.sub("", shown)
    # some lists cut their titles and keep the whole of them in the attribute
    return full if full and (not shown or (begins != shown and full.startswith(begins))) else shown


# ---------------------------------------------------------------- dates and teasers


def dated_beside(blocks: Sequence[Block], reading: Reading) -> list[Block]:
    """Return blocks with the dates that stand in them, or if they hold none, between them."""
    found = [_described(block, reading) for block in blocks]
    if 2 * sum(block.published.at is not None for block in found) >= len(found):
        return found
    elements = {block.element for block in blocks}
    sides = [[_between(block.element, elements, reading, before=before) for block in found] for before in (True, False)]
    best = max(sides, key=lambda side: sum(dated.at is not None for dated in side))
    if 2 * sum(dated.at is not None for dated in best) < len(found):
        return found
    return [replace(b, published=b.published if b.published.at else d) for b, d in zip(found, best, strict=True)]


def _described(block: Block, reading: Reading) -> Block:
    """Return a block with the date and the teaser in it; a date at the start or end of the title is cut off."""
    dated = date_in(block.element, reading)
    title = block.title
    if dated.at is None:
        title, dated = split_date(title, reading)
    named = compact(block.title)
    lines = [
        line
        for line in lines_of(block.element, _MOST_PIECES)
        if not line.linked and not (named and named in compact(line.text))
    ]
    plain = [line.text for line in lines if not _is_date(line.text, reading)]
    summary = " ".join(text for text in plain if word_count(text) >= _TITLE_WORDS)
    return replace(block, title=title, published=dated, summary=summary[:_MOST_SUMMARY])


def date_in(element: Element, reading: Reading) -> Dated:
    """Return the date that an element holds: for programs, on a line of its own, or spread over short lines."""
    for time in element.iter("time"):
        if dated := _read(clean_line(time.get("datetime") or ""), reading):
            return dated
    found = _first_date([line.text for line in lines_of(element, _MOST_PIECES)], reading)
    # a link and its date often share a line: then each text between two tags is looked at alone
    return found if found.at else _first_date(_texts(element), reading)


def _texts(element: Element) -> list[str]:
    """Return the texts between the tags of an element, without the signs around them."""
    return [line for text in texts_of(element, _MOST_TEXTS) if (line := clean_line(text).strip(_SIGNS))]


def _first_date(lines: Sequence[str], reading: Reading) -> Dated:
    """Return the first date among lines, or that which neighbouring short ones make together (`12`, `May 2026`)."""
    for line in lines:
        if dated := line_date(line, now=reading.now, langs=reading.langs):
            return dated
    for count in (2, 3):
        for start in range(len(lines) - count + 1):
            parts = lines[start : start + count]
            text = " ".join(parts)
            are_short = all(len(part) <= _SHORT for part in parts)
            if are_short and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS and (dated := _read(text, reading)):
                return dated
    return Dated()


def _read(text: str, reading: Reading) -> Dated | None:
    """Read a text that is a date."""
    return parse_date(text, now=reading.now, origin=DateOrigin.VISIBLE, langs=reading.langs) if text else None


def _is_date(line: str, reading: Reading) -> bool:
    """Tell whether a line is a date."""
    return line_date(line, now=reading.now, langs=reading.langs) is not None


def split_date(title: str, reading: Reading) -> tuple[str, Dated]:
    """Return a title without the date at its start or end, and that date."""
    words = title.split()
    for count in range(1, min(_DATE_WORDS, len(words) - 1) + 1):
        if dated := _read(" ".join(words[:count]).strip(_SIGNS), reading):
            rest = words[count:]
            if timed := _read(" ".join(words[: count + 1]).strip(_SIGNS), reading) if _CLOCK.match(rest[0]) else None:
                dated, rest = timed, rest[1:]
            return " ".join(rest).strip(_SIGNS), dated
        if dated := _read(" ".join(words[-count:]).strip(_SIGNS), reading):
            return " ".join(words[:-count]).strip(_SIGNS), dated
    return title, Dated()


def _between(element: Element, blocks: Container[Element], reading: Reading, *, before: bool) -> Dated:
    """Return the date that stands between a block and the one before or after it."""
    texts: list[str] = [] if before else [element.tail or ""]
    for sister in islice(element.itersiblings(preceding=before), _NEAR):
        if before:
            texts.append(sister.tail or "")
        if sister in blocks:
            break
        if isinstance(sister.tag, str):
            texts.append(" ".join(line.text for line in lines_of(sister, _MOST_PIECES)))
        if not before:
            texts.append(sister.tail or "")
    return _first_date([line for text in texts if (line := clean_line(text).strip(_SIGNS))], reading)


# ---------------------------------------------------------------- which list


def _is_news(blocks: Sequence[Block]) -> bool:
    """Tell whether blocks can be a list of news: they have dates, or long titles and no place among menus."""
    around = (blocks[0].element, *blocks[0].element.iterancestors())
    is_prose = _words(blocks) >= _TITLE_WORDS and not any(element.tag in _MENU_TAGS for element in around)
    return len({block.link.url for block in blocks}) >= FEWEST and (is_prose or _are_dated(blocks))


def _rating(blocks: Sequence[Block], many: int, page: Hypertext, length: Callable[[Element], int]) -> float:
    """Return how much so many blocks that begin so look like the list that the page is for.

    Long titles count more than many.
    """
    distinct = len({block.title or block.link.url for block in blocks}) / len(blocks)
    dates = _DATED_WEIGHT if _are_dated(blocks) else 1.0
    around = (blocks[0].element, *blocks[0].element.iterancestors())
    half = length(page.root) / 2
    # a name or a form may also stand around the whole page
    beside = any(e.tag in _MENU_TAGS or (_is_beside(e) and length(e) < half) for e in around)
    return sqrt(many) * _words(blocks) ** 2 * distinct * dates * (_BESIDE_WEIGHT if beside else 1.0)


def _length(element: Element) -> int:
    """Return the number of letters in an element."""
    return len(element.xpath("string()"))


def _words(blocks: Sequence[Block]) -> float:
    """Return how many words the titles have on average, or the teasers where there are none."""
    counts = [min(word_count(block.title or block.summary), _MOST_WORDS) for block in blocks]
    return sum(counts) / len(counts)


def _are_dated(blocks: Sequence[Block]) -> bool:
    """Tell whether at least half of the blocks have a date."""
    return 2 * sum(block.published.at is not None for block in blocks) >= len(blocks)


def _is_beside(element: Element) -> bool:
    """Tell whether an element is named as what stands beside the main part of a page."""
    names = " ".join(element.get(name) or "" for name in ("class", "id", "role"))
    return element.tag in _BESIDE_TAGS or bool(names.strip() and _BESIDE_NAMES.search(names))
