"""Knows one page under its several addresses: AMP and mobile pages, and versions in other languages; pure.

An AMP or mobile page is the same page. A version in another language is another text of the same piece: it stays an
item of its own, because merging it would lose a text, and is known by `piece_key` and what `are_versions` says.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import regex

#: first labels of hosts that serve the same pages
_DEVICES = frozenset({"www", "m", "mobile", "mobi", "wap", "amp", "touch"})
#: languages of ISO 639-1 in which news sites publish
_LANGUAGES = frozenset(
    "af am ar as az be bg bn bs ca cs cy da de dv el en es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id ig is it "  # noqa: SIM905 - reads better
    "ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my nb ne nl nn no or pa pl ps pt ro ru rw sd si "
    "sk sl sm sn so sq sr st su sv sw ta te tg th ti tk tl tr tt ug uk ur uz vi xh yi yo zh zu".split()
)
_LOCALE = regex.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|[0-9]{3}))?", regex.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp/?|\.amp)(?=\Z|\.html?\Z)", re.IGNORECASE)
_LOCALE_PARAMETERS = frozenset({"lang", "language", "locale", "hl", "lng", "setlang", "langid"})
#: steps of a path in which a site puts the language: /en/news, /web/en/news
_STEPS = 3
#: translations follow their original within days
_APART = timedelta(days=4)
_SUBDOMAIN_LABELS = 3


def one_device(url: str) -> str:
    """Return an address as it is without the parts that only tell a phone's or an AMP page from the usual one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    labels = parts.netloc.split(".")
    while len(labels) >= _SUBDOMAIN_LABELS and labels[0].lower() in _DEVICES:
        labels = labels[1:]
    steps = parts.path.split("/")
    if len(steps) > 2 and steps[1].lower() == "amp":  # noqa: PLR2004 - /amp/… and something behind it
        del steps[1]
    path = _AMP_END.sub("", "/".join(steps))
    query = urlencode([p for p in parse_qsl(parts.query, keep_blank_values=True) if not _tells_device(*p)])
    query = query if "=" in parts.query else parts.query.removeprefix("amp")
    return urlunsplit((parts.scheme, ".".join(labels), path or "/", query, parts.fragment))


def _tells_device(name: str, value: str) -> bool:
    """Tell whether a parameter only asks for the page of a phone or of AMP."""
    key, text = name.lower(), value.lower()
    return (
        key == "amp"
        or (key in ("outputtype", "view", "mode") and text in ("amp", "mobile"))
        or (key, text) == ("m", "1")
    )


def piece_key(url: str | None) -> str | None:
    """Return an address without what names a language, which the versions of a piece share; None for a front page."""
    try:
        parts = urlsplit(one_device(url or ""))
    except ValueError:
        return None
    labels = parts.netloc.lower().split(".")
    if len(labels) >= _SUBDOMAIN_LABELS and labels[0] in _LANGUAGES:
        labels = labels[1:]
    steps = [step for step in parts.path.split("/") if step]
    rest = [step for n, step in enumerate(steps) if n >= _STEPS or not is_locale(step)]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([p for p in pairs if not (p[0].lower() in _LOCALE_PARAMETERS and len(p[1]) <= 7)])  # noqa: PLR2004 - `zh-Hant`
    if not parts.netloc or not (rest or query):
        return None
    return f"{'.'.join(labels)}/{'/'.join(rest)}" + (f"?{query}" if query else "")


def is_locale(text: str) -> bool:
    """Tell whether a step of a path names a language, as `en`, `pt-BR` or `zh_Hant` do."""
    found = _LOCALE.fullmatch(text)
    return found is not None and found[1].lower() in _LANGUAGES


def are_versions(langs: tuple[str | None, str | None], published: tuple[datetime | None, datetime | None]) -> bool:
    """Tell whether two items with one `piece_key` are one piece in two languages.

    Some sites count their pieces anew in each language, so the same number alone is no proof: the languages must differ
    and the days of publication be near.
    """
    one, other = langs
    if not one or not other or one.partition("-")[0] == other.partition("-")[0]:
        return False
    first, second = published
    return first is None or second is None or abs(first - second) <= _APART
