"""What is said to a server and what the head of its answer says: headers, cookies, where a redirect leads; pure."""

from __future__ import annotations

from collections.abc import Mapping

import httpcore2
import httpx2

from monitor.errors import FetchError
from monitor.model import FetchRequest

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})


def message(
    url: httpx2.URL, request: FetchRequest, cookies: httpx2.Cookies, user_agent: str, timeout_s: float
) -> httpcore2.Request:
    """Return a request as it is sent; `timeout_s` bounds each reading and writing."""
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": user_agent,
        "Accept": request.accept,
        "Accept-Encoding": "gzip, deflate",
    }
    if request.validators.etag:
        headers["If-None-Match"] = request.validators.etag
    if request.validators.last_modified:
        headers["If-Modified-Since"] = request.validators.last_modified
    if cookies:  # the jar takes a tenth of the time of a request to find that it is empty
        headers |= _cookie_header(cookies, url)
    return httpcore2.Request(
        b"GET",
        httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=[(name.encode(), value.encode()) for name, value in headers.items()],
        content=(),  # None would be sent as an empty part
        extensions={"timeout": {"read": timeout_s, "write": timeout_s}},
    )


def headers_of(answer: httpcore2.Response) -> dict[str, str]:
    """Return the headers of an answer, names in lower case, those that come several times as one (RFC 9110, 5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers:
        name, value = raw_name.decode("latin-1").lower(), _header_text(raw_value)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _header_text(value: bytes) -> str:
    """Return the value of a header as text: UTF-8 in practice, else Latin-1, which the standard once named."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def take_cookies(cookies: httpx2.Cookies, url: httpx2.URL, answer: httpcore2.Response) -> None:
    """Take the cookies that an answer sets."""
    cookies.extract_cookies(httpx2.Response(answer.status, headers=answer.headers, request=httpx2.Request("GET", url)))


def _cookie_header(cookies: httpx2.Cookies, url: httpx2.URL) -> dict[str, str]:
    """Return the header with the cookies that an address gets."""
    message = httpx2.Request("GET", url)
    cookies.set_cookie_header(message)
    return {"Cookie": message.headers["cookie"]} if "cookie" in message.headers else {}


def target_of(url: httpx2.URL, status: int, headers: Mapping[str, str]) -> str | None:
    """Return the absolute address an answer redirects to, or None when it does not."""
    location = headers.get("location")
    if status not in REDIRECTS or not location:
        return None
    try:
        return str(url.join(location))
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise FetchError(str(url), "redirects", f"redirects to a broken address ({error})") from error
