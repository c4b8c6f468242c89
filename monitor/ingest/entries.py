"""What the entries of every kind of source have in common: texts, addresses and names made plain; pure."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import regex

from monitor.ingest.markup import clean_line, strip_markup

MAX_URL = 4000
#: from so many entries on, one common second for all is when the feed was built, not when they were published
_SUSPICIOUS = 4
#: what WordPress puts under every text, in its languages the outlet's own
_TRAILER = regex.compile(
    r"\n?^(?:The post .{1,400} appeared first on .{1,200}|Сообщение .{1,400} появились сначала на .{1,200})$", regex.M
)
_EMAIL = regex.compile(r"^\S+@\S+\s*\((?P<name>.+)\)$|^(?P<other>.*?)\s*[<(]?\S+@\S+[>)]?$")


def prose(markup: str) -> str:
    """Return a teaser or text as lines, without what the publishing software adds."""
    return str(_TRAILER.sub("", strip_markup(markup))).strip()


def author_name(text: str) -> str | None:
    """Return the name of an author without the mail address that RSS wants."""
    name = clean_line(strip_markup(text))
    found = _EMAIL.match(name)
    return (found["name"] or found["other"] if found else name) or None


def address(link: str, base: str) -> str | None:
    """Return the absolute http address of a link, or None."""
    try:
        url = urljoin(base, "".join(clean_line(link).split()))
        parts = urlsplit(url)
    except ValueError:
        return None
    usable = parts.scheme in ("http", "https") and parts.netloc and len(url) <= MAX_URL
    return url if usable and link and url != base else None
