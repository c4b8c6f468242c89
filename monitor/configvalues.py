"""Checks and reads single values of the configuration: names, selectors, parts of addresses, times, intervals."""

from __future__ import annotations

import ipaddress
import re
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError

from monitor.configfile import shown

MAX_SELECTOR_LENGTH = 500
MAX_URL_LENGTH = 2048
MAX_MATCH_LENGTH = 200
MIN_INTERVAL_S = 60
MAX_INTERVAL_S = 7 * 24 * 3600
_UNIT_S = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


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


def read_time(value: object) -> time:
    """Read a time of day written HH:MM; raise ValueError for anything else."""
    if isinstance(value, time):
        return value
    if not (isinstance(value, str) and re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value, re.ASCII)):
        raise ValueError(f"{shown(value)} is not a time of day; write hours and minutes, for example `06:00`")
    hour, minute = value.split(":")
    return time(int(hour), int(minute))


def read_interval(value: object) -> int:
    """Read an interval such as `90`, `30m`, `6h` or `1d` as seconds; raise ValueError unless 1 minute to 7 days."""
    match = re.fullmatch(r"([0-9]{1,9})\s*([smhd]?)", str(value), re.ASCII)
    if not match:
        raise ValueError(f"{shown(value)} is not an interval; write for example `30m`, `1h` or `1d`")
    seconds = int(match[1]) * _UNIT_S[match[2]]
    if not MIN_INTERVAL_S <= seconds <= MAX_INTERVAL_S:
        raise ValueError(f"{shown(value)} is out of bounds; write an interval from `1m` to `7d`")
    return seconds


def check_host(text: str) -> str:
    """Return an address to listen on; raise ValueError unless it is one in figures."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"{shown(text)} is not an address; write it in figures, for example 127.0.0.1") from None


def check_id(text: str) -> str:
    """Return an id of an outlet or source; raise ValueError unless it is a short word in lower case."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", text):
        raise ValueError(f"{shown(text)} is not an id; use up to 64 of a-z, 0-9 and -, for example `my-source`")
    return text


def check_line(text: str) -> str:
    """Return a text without outer blanks; raise ValueError unless it is one printable line of 1 to 200 characters."""
    text = text.strip()
    if not (0 < len(text) <= 200 and text.isprintable()):  # noqa: PLR2004 - stands in the message too
        raise ValueError(f"{shown(text)} is not a name; write 1 to 200 characters on one line")
    return text


def check_lang(text: str) -> str:
    """Return a language code in lower case; raise ValueError unless it looks like one."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError(f"{shown(text)} is not a language code; write two letters, for example `en`")
    return text.lower()


def check_folder(path: Path) -> Path:
    """Return a folder with `~` filled in; raise ValueError unless its name can be one."""
    if not str(path).isprintable():
        raise ValueError(f"{shown(str(path))} cannot be the name of a folder; write it on one line, in plain text")
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError(f"the home folder in {shown(str(path))} is not known; write the path in full") from None


def check_url(text: str) -> str:
    """Return an address of the web; raise ValueError unless it is http or https with a host."""
    if len(text) > MAX_URL_LENGTH or not text.isprintable() or " " in text:
        raise ValueError(f"{shown(text)} is not an address; it must be printable, without blanks, up to 2048 long")
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(f"{shown(text)} is not an address ({error}); copy it from the browser") from None
    if "@" in parts.netloc:
        raise ValueError(
            "holds a user name or password, which everybody who reads the state or a digest would see; "
            "name an address that needs none"
        )
    if parts.scheme not in {"http", "https"} or not has_host:
        raise ValueError(f"{shown(text)} is not a web address; write it in full, beginning with https://")
    return text


def check_contact(text: str) -> str:
    """Return the contact for the User-Agent; raise ValueError unless it is a mail or web address in plain ASCII."""
    if text.startswith(("http://", "https://")) and text.isascii() and not set(text) & set("()\\"):
        return check_url(text)
    if not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", text):
        raise ValueError(f"{shown(text)} is neither a mail address nor a web address; write one, or leave it empty")
    return text
