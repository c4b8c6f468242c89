"""Make text from outside harmless: invisible and direction-changing characters, length, addresses, Markdown.

HTML is escaped by Jinja itself. After `clean` a text is one line that can be written as UTF-8.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import regex

from monitor.text import squeeze, visible

#: longest title, name or reason that is shown, in characters
TITLE_LENGTH = 300
#: longer addresses are shown as text; browsers and mail programs begin to fail near 2,000
URL_LENGTH = 2000
_ELLIPSIS = "…"

#: no script stacks more than four marks on a letter; piles of them spill over the neighbouring lines
_MARKS = regex.compile(r"(\p{M}{4})\p{M}+")
_LANG = regex.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")

_MD_ANYWHERE = regex.compile(r"[\\`*_\[\]|#~]")
_MD_START = regex.compile(r"^(?:[-+=]|\d+(?=[.)]))")
_MD_ENTITY = regex.compile(r"&(?=#?\w+;)")
#: what GitHub's dialect would turn into a link without being asked
_MD_AUTOLINK = regex.compile(r"(?i)(?<=\b(?:https?|ftp))(?=:)|(?<=\bwww)(?=\.)")


def clean(text: str) -> str:
    """Return a text on one line without control, direction and invisible characters or lone surrogates."""
    return squeeze(_MARKS.sub(r"\1", visible(text)))


def cut(text: str, length: int = TITLE_LENGTH) -> str:
    """Return a text of at most `length` characters; a longer one ends in an ellipsis, if possible after a word."""
    if len(text) <= length:
        return text
    # the last grapheme may have lost its marks to the cut
    kept = "".join(regex.findall(r"\X", text[:length])[:-1])
    head, blank, tail = kept.rpartition(" ")
    return (head if blank and len(tail) < length // 8 else kept).rstrip() + _ELLIPSIS


def safe_url(url: str | None) -> str | None:
    """Return an http(s) address that may become a link, or None when it must stay text."""
    if not url or len(url) > URL_LENGTH or url != clean(url) or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    # "https://known.example@other.example/" leads to the second host
    honest = bool(parts.hostname) and "@" not in parts.netloc
    return url if parts.scheme in {"http", "https"} and honest else None


def safe_lang(lang: str | None) -> str | None:
    """Return a language tag that has the shape of one (BCP 47), or None."""
    return lang if lang and _LANG.fullmatch(lang) else None


def escape_markdown(text: str) -> str:
    """Return a clean text as Markdown that shows it literally.

    Angle brackets become entities, because not every dialect honours a backslash before them (CommonMark 0.31, 2.4).
    """
    entities = _MD_ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    escaped: str = _MD_ANYWHERE.sub(r"\\\g<0>", entities)
    unlinked: str = _MD_AUTOLINK.sub(r"\\", escaped)
    return str(_MD_START.sub(lambda m: f"{m[0]}\\" if m[0].isdigit() else f"\\{m[0]}", unlinked))


def markdown_address(url: str) -> str:
    """Return an address as it may stand between the brackets of a Markdown link."""
    return str(_MD_ENTITY.sub("&amp;", quote(url, safe="%/:?#[]@!$&'*+,;=~-._")))
