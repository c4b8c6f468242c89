"""What a page says about itself in structured form: JSON-LD, meta elements, time elements, the html element."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from htmldate.core import DATE_ATTRIBUTES
from lxml import etree

from monitor.ingest.datelines import same_text
from monitor.ingest.dates import parse_date
from monitor.ingest.markup import Element, clean_line
from monitor.model import Dated, DateOrigin

#: names in htmldate's list that pages use for the moment of the answer, the display or the record as well
_VAGUE = frozenset({"meta", "timestamp", "created", "displaydate", "date", "dcterms.created", "dc.created", "gentime"})
_DATE_NAMES = frozenset(DATE_ATTRIBUTES) - _VAGUE
_ARTICLES = frozenset({
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "report", "pressrelease", "analysisnewsarticle",
    "socialmediaposting", "liveblogposting",
})  # fmt: skip
_PAGES = frozenset({"webpage", "itempage"})
_MAX_JSON = 1_000_000
_MAX_NODES = 2_000
#: in a JSON-LD graph these keys lead to other things than the page's own article
_NOT_FREE = frozenset({"false", "no", "0", "http://schema.org/false", "https://schema.org/false"})
_MARKED = etree.XPath(
    ".//*[@itemprop='datePublished'] | .//time[@pubdate] | .//time[contains(@class,'published')]", smart_strings=False
)
_FOREIGN = frozenset({"itemlistelement", "haspart", "mentions", "citation", "relatedlink", "isrelatedto", "isbasedon"})

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Structured:
    """What the page says, each as far as it is there."""

    #: of the article, the most reliable first
    titles: tuple[str, ...]
    #: of the whole document: often with the site's name, or nothing else
    document_title: str | None
    site: str | None
    author: str | None
    lang: str | None
    dates: tuple[Dated, ...]
    #: whether its article can be read without paying
    free: bool | None = None


def read_structured(tree: Element, *, now: datetime) -> Structured:
    """Collect the structured data of a parsed page."""
    nodes = list(_nodes(tree))
    metas = [(name.lower(), content) for name, content in _metas(tree)]
    lang = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or _first(metas, "og:locale")
    headings = [clean_line(heading.text_content()) for heading in tree.iterfind(".//h1")]
    named = [_first(metas, "og:title"), *(_text(node.get("headline")) for node in _articles(nodes))]
    titles = dict.fromkeys(clean_line(title) for title in [*named, *headings[:3]] if title and clean_line(title))
    document = tree.findtext(".//head/title") or tree.findtext(".//title")
    return Structured(
        titles=tuple(titles),
        document_title=clean_line(document) if document and clean_line(document) else None,
        site=_first(metas, "og:site_name") or _first(metas, "application-name") or _publisher(nodes),
        author=_author(nodes, metas),
        lang=lang,
        dates=tuple(_dates(tree, nodes, metas, tuple(titles), now)),
        free=_is_free(nodes),
    )


def _is_free(nodes: Sequence[Node]) -> bool | None:
    """Return what the first article that says so says about being free to read."""
    said = next((node["isAccessibleForFree"] for node in _articles(nodes) if "isAccessibleForFree" in node), None)
    return None if said is None else str(said).lower() not in _NOT_FREE


def _dates(
    tree: Element, nodes: Sequence[Node], metas: Sequence[tuple[str, str]], titles: Sequence[str], now: datetime
) -> Iterator[Dated]:
    """Yield the dates of publication, the most reliable first."""
    raw = [_text(node.get("datePublished")) for node in _own(nodes, titles)]
    raw += [content for name, content in metas if name in _DATE_NAMES]
    raw += [_text(node.get("datePublished")) for node in nodes if _kinds(node) & _PAGES]
    first: Dated | None = None
    for text in chain(raw, _stamp(tree)):
        if text and (dated := parse_date(text, now=now, origin=DateOrigin.META)):
            yield dated
            first = first or dated
            if dated.has_time and dated.at and first.at and dated.at.date() == first.at.date():
                return  # the others are less reliable, and none says more


def _stamp(tree: Element) -> Iterator[str]:
    """Yield the moment that the elements of a page mark as that of publication, if they agree."""
    stamps = {stamp for element in _MARKED(tree) if (stamp := element.get("datetime") or element.get("content"))}
    yield from stamps if len(stamps) == 1 else ()


def _own(nodes: Sequence[Node], titles: Sequence[str]) -> list[Node]:
    """Return the article nodes that are this page's: the only one, or those with its title."""
    articles = _articles(nodes)
    if len({_text(node.get("datePublished")) for node in articles}) <= 1:
        return articles
    own = [
        node for node in articles if any(same_text(_text(node.get("headline")) or "", title) for title in titles[:1])
    ]
    return own if len({_text(node.get("datePublished")) for node in own}) == 1 else []


def _articles(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes that are articles."""
    return [node for node in nodes if _kinds(node) & _ARTICLES]


def _kinds(node: Node) -> set[str]:
    """Return the types of a node in lower case."""
    kinds = node.get("@type")
    return {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _nodes(tree: Element) -> Iterator[Node]:
    """Yield the nodes of all JSON-LD blocks of a page that speak of the page itself; broken blocks are passed over."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            waiting = [json.loads((script.text or "")[:_MAX_JSON], strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MAX_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, dict):
                yield node
                waiting += [value for key, value in node.items() if key.lower() not in _FOREIGN and _holds_nodes(value)]
            elif isinstance(node, list):
                waiting += [value for value in node if _holds_nodes(value)]


def _holds_nodes(value: object) -> bool:
    """Tell whether a JSON value may hold further nodes."""
    return isinstance(value, dict | list)


def _metas(tree: Element) -> Iterator[tuple[str, str]]:
    """Yield the name and content of every meta element."""
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = clean_line(meta.get("content") or "")
        if name and content:
            yield name, content


def _first(metas: Sequence[tuple[str, str]], wanted: str) -> str | None:
    """Return the content of the first meta element of a name."""
    return next((content for name, content in metas if name == wanted), None)


def _publisher(nodes: Sequence[Node]) -> str | None:
    """Return the name of the publisher of the page's articles."""
    return next((name for node in _articles(nodes) if (name := _names(node.get("publisher")))), None)


def _author(nodes: Sequence[Node], metas: Sequence[tuple[str, str]]) -> str | None:
    """Return the names of the authors of the page's article."""
    named = next((name for node in _articles(nodes) if (name := _names(node.get("author")))), None)
    return named or _names(_first(metas, "article:author")) or _names(_first(metas, "author"))


def _names(value: object) -> str | None:
    """Return the names of a person, organisation or list of them."""
    people = value if isinstance(value, list) else [value]
    names = [_text(one.get("name") if isinstance(one, dict) else one) for one in people]
    return ", ".join(dict.fromkeys(name for name in names if name and "://" not in name)) or None


def _text(value: object) -> str | None:
    """Return a JSON value when it is a text with something in it."""
    return clean_line(value) or None if isinstance(value, str) else None
