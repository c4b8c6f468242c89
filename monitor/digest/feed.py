"""Write Atom feeds (RFC 4287): one of the digests, one for each watchlist. The same digests give the same bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from monitor.digest.outside import clean, cut
from monitor.digest.phrases import count, long_day
from monitor.model import Issued, ToldStory
from monitor.text import text_hash

#: how many digests a feed goes back
NEWEST = 60
_ATOM = "http://www.w3.org/2005/Atom"


def digest_feed(issued: Sequence[Issued], *, site: str, installation: UUID) -> str:
    """Return the feed of some final digests, the newest first.

    Args:
        issued: the digests.
        site: stands before links, may be empty.
        installation: tells the ids of this feed from those of others; it must not change, as ids must not.

    """
    feed = _feed("Customs digest", "digests", issued, site, installation)
    for one in issued:
        title = f"Customs digest, {long_day(one.digest_date)}"
        key = uuid5(installation, f"digest/{one.digest_date}")
        entry = _entry(feed, key, title, one.as_of, f"{site}{one.digest_date}.html")
        told = f"{count(len(one.stories), 'story', 'stories')} from {count(one.items, 'piece', 'pieces')}"
        _text(entry, "summary", told)
        _list(entry, [story.headline for story in one.stories])
    return _written(feed)


def watchlist_feed(name: str, issued: Sequence[Issued], *, site: str, installation: UUID) -> str:
    """Return the feed of a watchlist: an entry for each story that it found in some final digests."""
    feed = _feed(f"Customs digest: {name}", file_name(name), issued, site, installation)
    for one in issued:
        for story in one.stories:
            key = uuid5(installation, f"watchlist/{name}/{one.digest_date}/{story.story_id}")
            link = f"{site}{one.digest_date}.html#story-{story.story_id}"
            entry = _entry(feed, key, _title(story), one.as_of, link)
            _text(entry, "summary", f"In the digest of {long_day(one.digest_date)}")
    return _written(feed)


def file_name(watchlist: str) -> str:
    """Return the name of a watchlist's feed, without its suffix: plain letters, and a hash so that no two are equal."""
    plain = unicodedata.normalize("NFKD", watchlist).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return "-".join(filter(None, ["watchlist", slug, text_hash(watchlist)[:6]]))


def _feed(title: str, name: str, issued: Sequence[Issued], site: str, installation: UUID) -> ET.Element:
    """Return a feed without entries; it is as new as the newest digest."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(feed, "id", uuid5(installation, name).urn)
    _text(feed, "title", title)
    _text(feed, "subtitle", f"The newest {NEWEST} digests")
    _text(feed, "updated", _utc(max(one.as_of for one in issued)))
    ET.SubElement(ET.SubElement(feed, "author"), "name").text = "customs-news-monitor"
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{site}{name}.atom"})
    return feed


def _entry(feed: ET.Element, key: UUID, title: str, at: datetime, link: str) -> ET.Element:
    """Add an entry to a feed."""
    entry = ET.SubElement(feed, "entry")
    _text(entry, "id", key.urn)
    _text(entry, "title", title)
    _text(entry, "updated", _utc(at))
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": link})
    return entry


def _list(entry: ET.Element, headlines: Sequence[str]) -> None:
    """Add the headlines to an entry as a list in HTML, which Atom takes as escaped text."""
    if not headlines:
        return
    shown = ET.Element("ol")
    for headline in headlines:
        _text(shown, "li", headline or "(untitled)")
    ET.SubElement(entry, "content", {"type": "html"}).text = ET.tostring(shown, encoding="unicode", method="html")


def _text(parent: ET.Element, name: str, text: str) -> None:
    """Add an element with a harmless text."""
    ET.SubElement(parent, name).text = cut(clean(text))


def _title(story: ToldStory) -> str:
    """Return a headline, or what stands for none."""
    return cut(clean(story.headline)) or "(untitled)"


def _utc(at: datetime) -> str:
    """Return a time as RFC 3339 wants it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _written(feed: ET.Element) -> str:
    """Return a feed as a document."""
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"
