"""Reads and writes lists of subscriptions in OPML 2.0 (opml.org/spec2.opml); pure.

Sources that are no feeds are written as links with a category that says what they are, so that they come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from monitor.errors import ParseError
from monitor.ingest.entries import address
from monitor.ingest.language import language_code
from monitor.ingest.markup import Element, clean_line
from monitor.model import Skipped, SourceKind
from monitor.text import visible

MAX_BYTES = 5_000_000
MAX_OUTLINES = 5_000
_KINDS = {f"/kind/{kind.value}": kind for kind in (SourceKind.SITEMAP, SourceKind.LISTING)}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One address of a list of subscriptions."""

    title: str
    url: str
    kind: SourceKind = SourceKind.FEED
    #: the page of the outlet
    site: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a list of subscriptions holds; each address once."""

    found: tuple[Subscription, ...]
    skipped: tuple[Skipped, ...] = ()


def read(body: bytes, *, what: str) -> Subscriptions:
    """Return the subscriptions of an OPML document, folders flattened; raise ParseError, naming `what`, for any other.

    Outlines that are neither folders nor usable subscriptions are in `skipped` with the reason.
    """
    root = _root(body, what)
    found: dict[str, Subscription] = {}
    skipped: list[Skipped] = []
    count = 0
    for number, outline in enumerate(root.iter("{*}outline"), 1):
        if len(outline) and not _attributes(outline).get("xmlurl"):
            continue  # a folder
        count += 1
        one = _subscription(outline)
        if count > MAX_OUTLINES:
            skipped.append(Skipped(f"outline {number} and those after it", f"more than {MAX_OUTLINES} subscriptions"))
            break
        if one is None:
            skipped.append(Skipped(f"outline {number}", "it has no usable `xmlUrl`"))
        elif found.setdefault(one.url, one) is not one:
            skipped.append(Skipped(one.url, "it stands in the list twice"))
    return Subscriptions(tuple(found.values()), tuple(skipped))


def _root(body: bytes, what: str) -> Element:
    """Return the root of an OPML document; entities are not replaced, nothing else is loaded."""
    if len(body) > MAX_BYTES:
        raise ParseError(what, f"the file is larger than {MAX_BYTES} bytes")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(what, f"this is no OPML: the XML is broken ({clean_line(str(error))[:150]})") from error
    if etree.QName(root).localname.lower() != "opml":
        raise ParseError(what, f"this is no OPML: its root element is {etree.QName(root).localname[:40]!r}")
    return root


def _attributes(outline: Element) -> Mapping[str, str]:
    """Return the attributes of an outline, names in lower case, as programs write them in every way."""
    return {str(name).lower(): clean_line(str(value)) for name, value in outline.attrib.items()}


def _subscription(outline: Element) -> Subscription | None:
    """Return the subscription that an outline is, or None."""
    given = _attributes(outline)
    kind = _KINDS.get(given.get("category", ""), SourceKind.FEED)
    url = address(given.get("xmlurl") or (given.get("url", "") if kind is not SourceKind.FEED else ""), "")
    if url is None:
        return None
    title = (given.get("title") or given.get("text") or "")[:200]
    return Subscription(title, url, kind, address(given.get("htmlurl", ""), ""), language_code(given.get("language")))


def write(folders: Sequence[tuple[str, Sequence[Subscription]]], *, title: str, now: datetime) -> bytes:
    """Return an OPML 2.0 document with one folder for each outlet; `now` is its date of creation."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    for name, subscriptions in folders:
        folder = etree.SubElement(body, "outline", text=visible(name))
        for one in subscriptions:
            attributes = {name: visible(value) for name, value in _written(one)}
            etree.SubElement(folder, "outline", attributes)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _written(one: Subscription) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a subscription."""
    yield "text", one.title
    if one.kind in (SourceKind.SITEMAP, SourceKind.LISTING):
        yield from (("type", "link"), ("url", one.url), ("category", f"/kind/{one.kind.value}"))
    else:
        yield from (("type", "rss"), ("title", one.title), ("xmlUrl", one.url))
    if one.lang:
        yield "language", one.lang
    if one.site:
        yield "htmlUrl", one.site
