"""Checks single values of the configuration that say how a source is read."""

from __future__ import annotations

from cssselect import HTMLTranslator, SelectorError

from monitor.configfile import shown

MAX_SELECTOR_LENGTH = 500
MAX_MATCH_LENGTH = 200


def check_css(text: str) -> str:
    """Return a CSS selector; raise ValueError, with what is wrong, unless it is one that can be searched with."""
    if len(text) > MAX_SELECTOR_LENGTH:
        raise ValueError(f"{shown(text)} has more than {MAX_SELECTOR_LENGTH} characters; shorten the selector")
    try:
        HTMLTranslator().css_to_xpath(text)
    except (SelectorError, ValueError, RecursionError) as error:
        hint = "copy it from the inspector of a browser, for example `div.news-item a`"
        raise ValueError(f"{shown(text)} is not a CSS selector ({str(error)[:100]}); {hint}") from None
    return text


def check_match(text: str) -> str:
    """Return a part of addresses; raise ValueError unless it can stand in one."""
    if not (0 < len(text) <= MAX_MATCH_LENGTH and text.isprintable() and " " not in text):
        raise ValueError(f"{shown(text)} is no part of an address; write for example `/en/news/`")
    return text
