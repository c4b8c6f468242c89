"""Who may read the pages: the reader on this machine, or whoever holds the token; for every request, before Datasette.

On loopback a page from elsewhere could ask under a name of its own that resolves to this machine (DNS rebinding), so
the host that a browser names must be one of ours.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "monitor_token"
#: what a header may hold as it is; a path may hold anything, also line ends
_PLAIN = "".join(map(chr, range(32, 127)))
#: nothing from elsewhere, no frame around the pages, no address told to others; Datasette's scripts stand in its pages
_CONTENT = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SECURITY = {
    "content-security-policy": _CONTENT,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a request must bring: one of the host names (none: any), and the token (None: no token)."""

    hosts: frozenset[str]
    token: str | None = None


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on is reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def host_of(header: str) -> str:
    """Return the name in a Host header, without its port."""
    name, colon, port = header.rpartition(":")
    return (name if colon and port.isdigit() else header).strip("[]").lower()


def guarded(app: Asgi, access: Access) -> Asgi:
    """Return an application that answers only to who may read, and sends the security headers with every answer."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def secured(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_raw(SECURITY)]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if access.hosts and host_of(headers.get("host", "")) not in access.hosts:
            await _answer(secured, 421, "this address is not served here: open the one that `monitor serve` printed")
        elif access.token is None or _holds(headers, access.token):
            await app(scope, receive, secured)
        else:
            await _admit(scope, secured, access.token)

    return guard


def _holds(headers: dict[str, str], token: str) -> bool:
    """Tell whether a request brings the token, in the Authorization header or the cookie."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _equal(given.strip(), token):
        return True
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return False
    return cookie is not None and _equal(cookie.value, _badge(token))


async def _admit(scope: Scope, send: Send, token: str) -> None:
    """Give the cookie to who brings the token in the address, and take it out of the address; refuse others."""
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    if not _equal(query.pop("token", ""), token):
        await _answer(
            send, 401, "a token is needed: open the address with ?token=TOKEN once, or send it as a bearer token"
        )
        return
    place = scope["path"] + (f"?{urlencode(query)}" if query else "")
    headers = {
        # a path that begins with two slashes would be an address elsewhere
        "location": "/" + place.lstrip("/"),
        "set-cookie": f"{COOKIE}={_badge(token)}; Path=/; HttpOnly; SameSite=Strict",
        "cache-control": "no-store",
    }
    await _answer(send, 303, "", headers)


def _badge(token: str) -> str:
    """Return what the cookie holds: proof of the token in letters that cookies can hold, not the token itself."""
    return hmac.digest(token.encode(), COOKIE.encode(), "sha256").hex()


def _equal(given: str, token: str) -> bool:
    """Compare in a time that does not tell how much is right."""
    return hmac.compare_digest(given.encode(), token.encode())


async def _answer(send: Send, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Send a short plain answer."""
    raw = _raw({"content-type": "text/plain; charset=utf-8"} | dict(headers or {}))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": f"{text}\n".encode() if text else b""})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as they travel."""
    return [(name.encode("latin-1"), quote(value, safe=_PLAIN).encode("latin-1")) for name, value in headers.items()]
