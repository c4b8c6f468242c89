"""Who is sent what, as the configuration says; and the addresses, which only the environment knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote

from monitor.errors import DeliveryError

HIDDEN = "***"
#: parts of addresses shorter than this are words such as `to` or `no`, which would tear messages apart
_SHORTEST_SECRET = 4
#: parts of addresses that are no secret, and worth reading in a message
_PUBLIC = frozenset({"localhost", "http", "https", "mailto", "mailtos", "json", "jsons", "smtp", "mode", "from"})


@dataclass(frozen=True, slots=True)
class Target:
    """Who is sent what; `variable` of the environment holds the address."""

    name: str
    variable: str
    digest: bool = False
    watchlists: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    health: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """What is worth a message at once: so many publisher families, and one of the queries where there are any."""

    name: str
    families: int
    queries: tuple[str, ...]
    #: between two messages; what comes up meanwhile waits for the next
    cooldown: timedelta


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is to be told, and whom."""

    targets: tuple[Target, ...] = ()
    alerts: tuple[Alert, ...] = ()
    health_cooldown: timedelta = timedelta(hours=6)
    #: what was published longer before it was first seen raises no alert
    max_age: timedelta = timedelta(days=7)
    #: stands before the links to digests; empty: there are none
    site: str = ""
    host: str = "this machine"
    #: a user's own templates, by file name
    templates: tuple[tuple[str, str], ...] = ()

    def named(self, name: str) -> Target | None:
        """Return the target of a name."""
        return next((target for target in self.targets if target.name == name), None)


@dataclass(frozen=True, slots=True)
class Address:
    """The addresses of a target, several ones separated by blanks or line ends; never shown."""

    urls: tuple[str, ...] = field(repr=False)

    def hide(self, text: str) -> str:
        """Return a text, for example of an error, without anything of the addresses but their plain words."""
        for secret in sorted(_secrets(self.urls), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text


def address_of(target: Target, environment: Mapping[str, str]) -> Address:
    """Return the address of a target.

    Raises:
        DeliveryError: its variable is not set.

    """
    urls = tuple(environment.get(target.variable, "").split())
    if not urls:
        raise DeliveryError(f"the environment variable {target.variable} is not set: put the target's address into it")
    return Address(urls)


def _secrets(urls: tuple[str, ...]) -> set[str]:
    """Return everything of some addresses that must not be shown: the whole, and every part long enough to tell."""
    parts = {part for url in urls for part in re.split(r"[/:@?&=,;+\s]+", url)} | set(urls)
    return {
        part
        for raw in parts
        for part in (raw, unquote(raw))
        if len(part) >= _SHORTEST_SECRET and part.lower() not in _PUBLIC
    }
