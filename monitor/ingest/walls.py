"""Names the bot wall or login page that answered in place of what was asked for; pure."""

from __future__ import annotations

from urllib.parse import urlsplit

import regex

from monitor.model import Response

#: a header and, where that alone says nothing, what its value must hold, to the name of the wall
_HEADERS = (
    ("cf-mitigated", "", "Cloudflare challenge (cf-mitigated)"),
    ("x-datadome", "", "DataDome"),
    ("x-dd-b", "", "DataDome"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-sucuri-block", "", "Sucuri firewall"),
)
_COOKIES = (("datadome=", "DataDome"), ("_px", "PerimeterX"), ("incap_ses", "Imperva"), ("visid_incap", "Imperva"))
_BODIES = (
    (b"Incapsula incident ID", "Imperva"),
    (b"_Incapsula_Resource", "Imperva"),
    (b"px-captcha", "PerimeterX"),
    (b"captcha-delivery.com", "DataDome"),
    (b"Sucuri WebSite Firewall", "Sucuri firewall"),
    (b"/cdn-cgi/challenge-platform/", "Cloudflare challenge"),
    (b"errors.edgesuite.net", "Akamai"),
    (b"g-recaptcha", "reCAPTCHA"),
    (b"h-captcha", "hCaptcha"),
)
_TITLE = regex.compile(rb"<title[^>]*>\s*(.{1,200}?)\s*</title", regex.IGNORECASE | regex.DOTALL)
_WALL_TITLE = regex.compile(
    r"(?:40[13]\b.*|access (?:to this page has been )?denied.*|forbidden|attention required.*|just a moment.*|"
    r"are you (?:a robot|human).*|robot check|security check.*|verif(?:y|ying) (?:that )?you are.*|ddos-guard|"
    r"request (?:rejected|blocked).*|pardon our interruption.*|one more step.*|доступ (?:запрещ|ограничен).*|"
    r"проверка браузера.*|erişim engellendi.*)",
    regex.IGNORECASE,
)
_LOGIN_TITLE = regex.compile(
    r"(?:.{0,60}\b)?(?:log ?in|sign ?in|anmelden|connexion|iniciar sesión|вход|авторизация|giriş|đăng nhập|登录|"
    r"تسجيل الدخول)(?:\b.{0,60})?",
    regex.IGNORECASE,
)
_LOGIN_PATH = regex.compile(
    r"/(?:log-?in|sign-?in|sso|auth|account/login|wp-login\.php|users/sign_in)(?:[/.?]|$)", regex.I
)
_PASSWORD = regex.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", regex.IGNORECASE)
_CONSENT_HOST = regex.compile(r"(?:[\w-]+\.)*?(?:consents?|guce|cmp|cookie-?consent|privacy-mgmt)\.")
_HEAD = 100_000
_REFUSED = 400


def wall_of(response: Response) -> str | None:
    """Return the name of the wall that a response is, or None when it is an honest answer."""
    refused = response.status >= _REFUSED
    for header, value, name in _HEADERS:
        if header in response.headers and value in response.headers[header]:
            return name
    head = response.body[:_HEAD]
    if refused:
        cookies = response.headers.get("set-cookie", "").lower()
        named = [name for mark, name in _COOKIES if mark in cookies] + [name for mark, name in _BODIES if mark in head]
        if named:
            return named[0]
    title = _title(head)
    if title and _WALL_TITLE.fullmatch(title):
        return f"a page titled {title[:80]!r}"
    return _consent(response) or _login(response, head, title)


def _title(head: bytes) -> str:
    """Return the title of an HTML page, or nothing for anything else."""
    if b"<html" not in head[:5000].lower():
        return ""
    found = _TITLE.search(head)
    return found[1].decode("utf-8", "replace") if found else ""


def _consent(response: Response) -> str | None:
    """Return the host of a consent dialogue that we were led to."""
    host, asked = _host(response.url), _host(response.requested_url)
    return f"a consent page ({host[:80]})" if host != asked and _CONSENT_HOST.match(host) else None


def _host(url: str) -> str:
    """Return the host of an address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _login(response: Response, head: bytes, title: str) -> str | None:
    """Return the description of a login page: we were led to one, or its title says so and it asks for a password."""
    led = _path(response.url) != _path(response.requested_url)
    if led and _LOGIN_PATH.search(_path(response.url)) and b"<html" in head[:5000].lower():
        return f"a login page ({_path(response.url)[:80]})"
    if _LOGIN_TITLE.fullmatch(title) and _PASSWORD.search(head):
        return f"a login page titled {title[:80]!r}"
    return None


def _path(url: str) -> str:
    """Return the path of an address."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
