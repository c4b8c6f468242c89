"""The digest from disk and `monitor serve` over HTTP as a browser shows them: quiet, reachable for all, inside the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest

WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 360, "height": 740}
PAGES = (
    "/",
    "/monitor",
    "/monitor/v_stories",
    "/monitor/v_items?_size=5",
    "/monitor/spread",
    "/monitor/search?words=customs",
)


@dataclass
class Visit:
    """A page that was opened, and what it did."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def visit(browser: Any, url: str, viewport: dict[str, int] = WIDE, **context: Any) -> Iterator[Visit]:
    """Open a page in a browser of its own."""
    opened = browser.new_context(viewport=viewport, **context)
    page = opened.new_page()
    found = Visit(page)
    page.on("console", lambda message: found.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("request", lambda request: found.requests.append(request.url))
    try:
        page.goto(url)
        yield found
    finally:
        opened.close()


@pytest.fixture(scope="session")
def digest(demo: Path) -> Path:
    """Return the digest of the demo."""
    (path,) = (demo / "digests").glob("*.html")
    return path


def serious(page: Any) -> list[str]:
    """Return what axe finds that keeps people out."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]


def overflow(page: Any) -> int:
    """Return by how many pixels a page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_digest_opens_from_disk(browser: Any, digest: Path, shots: Path, scheme: str) -> None:
    """The digest opens as a file without an error or a request, and nothing in it keeps people out, light or dark."""
    with visit(browser, digest.as_uri(), color_scheme=scheme) as found:
        found.page.screenshot(path=shots / f"digest-{scheme}.png", full_page=True)
        assert (found.errors, found.requests) == ([], [digest.as_uri()])
        assert serious(found.page) == []


def test_digest_fits_a_telephone(browser: Any, digest: Path, shots: Path) -> None:
    """On 360 pixels nothing of the digest has to be scrolled sideways."""
    with visit(browser, digest.as_uri(), NARROW) as found:
        found.page.screenshot(path=shots / "digest-narrow.png", full_page=True)
        assert overflow(found.page) <= 0


def test_digest_prints(browser: Any, digest: Path, shots: Path) -> None:
    """On paper the contents and the colours are gone and the stories are there."""
    with visit(browser, digest.as_uri()) as found:
        found.page.emulate_media(media="print")
        found.page.pdf(path=shots / "digest.pdf", format="A4")
        assert not found.page.locator("nav.contents").is_visible()
        assert found.page.locator("article").first.is_visible()


def test_links_within_the_digest_resolve(browser: Any, digest: Path) -> None:
    """Every link within the page leads to a place that is there, and every other one to the web."""
    with visit(browser, digest.as_uri()) as found:
        links = found.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        inside = {link[1:] for link in links if link.startswith("#")}
        ids = set(found.page.eval_on_selector_all("[id]", "all => all.map(e => e.id)"))
    assert len(inside) > 20
    assert inside <= ids
    assert {urlsplit(link).scheme for link in links if not link.startswith("#")} <= {"http", "https"}


def test_digest_is_reached_by_keyboard(browser: Any, digest: Path) -> None:
    """The first key leads to the link that skips to the stories, and it can be seen then."""
    with visit(browser, digest.as_uri()) as found:
        found.page.keyboard.press("Tab")
        assert found.page.evaluate("document.activeElement.className") == "skip"
        assert found.page.locator(".skip").bounding_box()["x"] >= 0


@pytest.mark.parametrize("path", PAGES)
def test_served_pages_are_quiet(browser: Any, site: Any, shots: Path, path: str) -> None:
    """A served page has no error, asks nobody else, keeps nobody out and fits a telephone."""
    name = path.partition("?")[0].strip("/").replace("/", "-") or "front"
    with visit(browser, site.url(path)) as found:
        found.page.screenshot(path=shots / f"serve-{name}.png")
        assert found.errors == []
        assert {urlsplit(url).netloc for url in found.requests if not url.startswith("data:")} == {
            f"127.0.0.1:{site.port}"
        }
        assert serious(found.page) == []
        found.page.set_viewport_size(NARROW)
        found.page.screenshot(path=shots / f"serve-{name}-narrow.png")
        assert overflow(found.page) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_front_page_in_both_schemes(browser: Any, site: Any, shots: Path, scheme: str) -> None:
    """The front page keeps nobody out, light or dark."""
    with visit(browser, site.url(), color_scheme=scheme) as found:
        found.page.screenshot(path=shots / f"serve-front-{scheme}.png", full_page=True)
        assert serious(found.page) == []


def test_links_of_the_front_page_resolve(browser: Any, site: Any) -> None:
    """Every link of the front page leads to a page that is there."""
    with visit(browser, site.url()) as found:
        links = set(found.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"))
        pages = {urldefrag(link)[0] for link in links if urlsplit(link).netloc.startswith("127.0.0.1")}
        answers = {page: found.page.request.get(page).status for page in sorted(pages)}
    assert len(answers) > 20
    assert {page: status for page, status in answers.items() if status != 200} == {}


def test_search_from_the_front_page(browser: Any, site: Any) -> None:
    """What is typed into the search of any page is answered with the items that hold it."""
    with visit(browser, site.url()) as found:
        found.page.fill("input[name=words]", '"single window" open*')
        found.page.press("input[name=words]", "Enter")
        found.page.wait_for_selector("table.rows-and-columns")
        assert found.page.locator("table.rows-and-columns tbody tr").count() >= 3
        assert found.errors == []
