"""Reads what a page says of its own address: rel=canonical, and its versions in other languages (hreflang); pure."""

from __future__ import annotations

from html import unescape
from urllib.parse import urljoin, urlsplit

import regex

from monitor.ingest.mirrors import one_device

#: the head of a page ends long before
_HEAD_BYTES = 300_000
_MOST_ALTERNATES = 50
_MAX_URL = 4000
_COMMENT = regex.compile(rb"<!--.*?-->", regex.DOTALL)
_LINK = regex.compile(rb"<link\b([^>]{1,5000})>", regex.IGNORECASE)
_ATTRIBUTE = regex.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def links_of(html: bytes, url: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the canonical address of a page and those of its versions in other languages.

    A canonical address on another site, or that of a front page, says nothing of this page and is left out: what is
    republished is a reprint, and some sites name their front page everywhere.
    """
    canonical: str | None = None
    alternates: list[str] = []
    for raw in _LINK.findall(_COMMENT.sub(b"", html[:_HEAD_BYTES])):
        given = _attributes(raw.decode("utf-8", "replace"))
        target = _absolute(url, given.get("href", ""))
        relations = given.get("rel", "").lower().split()
        if target is None:
            continue
        if "canonical" in relations and canonical is None and is_own_address(url, target):
            canonical = target
        elif "alternate" in relations and given.get("hreflang") and not given.get("type", "").endswith("xml"):
            alternates.append(target)
    return canonical, tuple(dict.fromkeys(alternates))[:_MOST_ALTERNATES]


def is_own_address(url: str, target: str) -> bool:
    """Tell whether an address may name the very page of another one: same site, and more than a front page."""
    parts = urlsplit(one_device(target))
    return parts.netloc.lower() == urlsplit(one_device(url)).netloc.lower() and (parts.path != "/" or bool(parts.query))


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of an element, names in lower case."""
    return {m[1].lower(): unescape(m[2] or m[3] or m[4] or "").strip() for m in _ATTRIBUTE.finditer(text)}


def _absolute(base: str, link: str) -> str | None:
    """Return a link as an absolute http address, or None."""
    try:
        url = urljoin(base, link)
        usable = urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc
    except ValueError:
        return None
    return url if link and usable and len(url) <= _MAX_URL else None
