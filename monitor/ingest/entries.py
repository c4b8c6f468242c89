"""What the entries of every kind of source have in common: texts, addresses and names made plain; pure."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import regex

from monitor.ingest.markup import clean_line, strip_markup

MAX_URL = 4000
#: what WordPress puts under every text, in its languages the outlet's own
_TRAILER = regex.compile(
    r"\n?^(?:The post .{1,400} appeared first on .{1,200}|Сообщение .{1,400} появились сначала на .{1,200})$", regex.M
)
_BREAKS = regex.compile(r"\s*[\r\n\t]+\s*")
#: written by hand: without a scheme, and with one slash too few
_HOST = regex.compile(r"www\.[\w-]+\.[\w.-]+(?:[/?#:]|$)", regex.IGNORECASE)
_ONE_SLASH = regex.compile(r"^(https?:)/(?=[^/])", regex.IGNORECASE)
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
    """Return the absolute http address of a link, or None; line breaks in it mean nothing, blanks are written out."""
    text = _BREAKS.sub("", link).strip()
    if _HOST.match(text):
        text = f"//{text}"
    try:
        url = urljoin(base, _ONE_SLASH.sub(r"\1//", clean_line(text).replace(" ", "%20")))
        parts = urlsplit(url)
    except ValueError:
        return None
    usable = parts.scheme in ("http", "https") and parts.netloc and len(url) <= MAX_URL
    return url if usable and link and url != base else None
