"""Walls and login pages that answer with a friendly face."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.ingest.walls import wall_of
from monitor.model import Response

URL = "https://news.example/feed"


def response(body: str = "", status: int = 200, url: str = URL, **headers: str) -> Response:
    """Return an answer; underscores in header names stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, url, status, named, body.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def page(title: str, body: str = "") -> str:
    """Return an HTML page."""
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (response(status=403, cf_mitigated="challenge"), "Cloudflare"),
        (response(page("Just a moment..."), 503, server="cloudflare"), "Just a moment"),
        (response(page("x"), 403, x_datadome="protected"), "DataDome"),
        (response(page("x"), 403, set_cookie="datadome=abc; Path=/"), "DataDome"),
        (response(page("x", "Request unsuccessful. Incapsula incident ID: 7"), 403), "Imperva"),
        (response(page("x", '<div id="px-captcha">'), 403), "PerimeterX"),
        (response(status=405, x_amzn_waf_action="captcha"), "AWS WAF"),
        (response(page("Access Denied", "Reference #18 errors.edgesuite.net"), 403), "Akamai"),
        (response(page("Access Denied")), "Access Denied"),
        (response(page("403 Forbidden"), 200), "403 Forbidden"),
        (response(page("Доступ ограничен")), "Доступ ограничен"),
        (response(page("Members"), url="https://news.example/login?next=/feed"), "login page (/login)"),
        (response(page("Sign in | News", '<input type="password">')), "login page titled"),
    ],
)
def test_walls_are_named(answer: Response, name: str) -> None:
    """Each wall is recognised by its header, cookie, text, title or the form it shows."""
    assert name in (wall_of(answer) or "")


@pytest.mark.parametrize(
    "answer",
    [
        response(
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Access denied to smugglers</title></channel></rss>'
        ),
        response(page("Customs denies access to court files")),
        response(page("Port opens hall", '<form><input type="password"></form>')),
        response(page("Sign in sheets replaced at the border")),
        response("<rss/>", url="https://news.example/authors/feed"),
        response("<rss/>", url="https://news.example/login/feed.xml"),
        response(page("x"), set_cookie="datadome=abc"),
        response("not found", 404),
        response(page("Members"), url="http://[broken"),
        response(),
    ],
)
def test_honest_answers_are_no_walls(answer: Response) -> None:
    """A feed, an article with a login box, a plain error and a story about denied access pass."""
    assert wall_of(answer) is None
