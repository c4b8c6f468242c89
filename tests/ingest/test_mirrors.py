"""One page under several addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.decide import url_key
from monitor.ingest.mirrors import are_versions, is_locale, one_device, piece_key
from monitor.ingest.pagelinks import links_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAIN = "https://port.example/news/scanner-opens"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.port.example/news/scanner-opens", "http://m.port.example/news/scanner-opens",
        "https://amp.port.example/news/scanner-opens", "https://mobile.port.example/news/scanner-opens/",
        "https://port.example/news/scanner-opens/amp", "https://port.example/news/scanner-opens/amp/",
        "https://port.example/amp/news/scanner-opens", "https://port.example/news/scanner-opens.amp",
        "https://port.example/news/scanner-opens?amp=1", "https://port.example/news/scanner-opens?amp",
        "https://port.example/news/scanner-opens?outputType=amp", "https://port.example/news/scanner-opens?m=1",
    ],
)  # fmt: skip
def test_amp_and_mobile_pages_are_the_page(url: str) -> None:
    """Device and AMP parts of an address are no part of the key."""
    assert url_key(url) == url_key(PLAIN)


@pytest.mark.parametrize(
    "url",
    ["https://port.example/news/lamp", "https://port.example/amp", "https://port.example/news/scanner-opens?m=12",
     "https://m.example/news/scanner-opens", "https://news.port.example/news/scanner-opens"],
)  # fmt: skip
def test_other_pages_stay_apart(url: str) -> None:
    """Words that only look alike are part of the key."""
    assert url_key(url) != url_key(PLAIN)


def test_amp_in_front_of_the_ending() -> None:
    """`/7.amp.html` is the AMP page of `/7.html`."""
    assert one_device("https://port.example/7.amp.html") == "https://port.example/7.html"


@pytest.mark.parametrize(
    "url",
    [
        "https://port.example/en/news/7", "https://port.example/ru-ru/news/7", "https://www.port.example/az/news/7/",
        "https://port.example/news/7?lang=fr", "https://port.example/news/7?hl=zh-Hant", "https://vi.port.example/news/7",
        "https://port.example/pt_BR/news/7", "https://port.example/news/7", "https://m.port.example/en/news/7",
    ],
)  # fmt: skip
def test_versions_share_a_key(url: str) -> None:
    """The language in path, host or query is not part of the key that versions share."""
    assert piece_key(url) == "port.example/news/7"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://port.example/", None), ("https://port.example/en/", None), (None, None), ("http://[::1", None),
        ("https://port.example/us/news/7", "port.example/us/news/7"),
        ("https://port.example/news/7?id=5&lang=en", "port.example/news/7?id=5"),
        ("https://port.example/a/b/c/en/7", "port.example/a/b/c/en/7"),
    ],
)  # fmt: skip
def test_what_is_no_language_stays(url: str | None, key: str | None) -> None:
    """Countries, deep steps and other parameters stay; front pages are no pieces."""
    assert piece_key(url) == key
    assert not is_locale("us")


@pytest.mark.parametrize(
    ("langs", "days", "versions"),
    [
        (("en", "ru"), 0, True), (("en", "ru"), 4, True), (("en", "ru"), 5, False), (("en", "ru"), None, True),
        (("en", "en"), 0, False), (("en", "en-gb"), 0, False), ((None, "ru"), 0, False),
    ],
)  # fmt: skip
def test_versions_differ_in_language_and_are_of_one_time(
    langs: tuple[str | None, str | None], days: int | None, versions: bool
) -> None:
    """The same number in another language is another piece when it is of another week."""
    later = None if days is None else NOW + timedelta(days=days)
    assert are_versions(langs, (NOW, later)) is versions
    assert are_versions(langs[::-1], (later, NOW)) is versions


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.]{1,12}/[a-z/.?&=-]{0,30}", fullmatch=True))
@settings(max_examples=200)
def test_no_address_raises(url: str) -> None:
    """Every text has a form and a key, or none."""
    assert isinstance(one_device(url), str)
    assert piece_key(url) is None or "/" in (piece_key(url) or "")


def page(*links: str) -> bytes:
    """Return a page with some link elements."""
    return ("<html><head>" + "".join(f"<link {link}>" for link in links) + "</head><body></body></html>").encode()


def test_canonical_address_of_a_page() -> None:
    """The first canonical address on the same site counts, absolute and without entities."""
    html = page(
        "rel='shortcut icon' href='/i.png'", 'HREF="/news/7?a=1&amp;b=2" REL="Canonical"', "rel=canonical href=/x"
    )
    assert links_of(html, "https://m.port.example/7") == ("https://m.port.example/news/7?a=1&b=2", ())
    assert links_of(page("rel=canonical href=https://www.port.example/7"), PLAIN)[0] == "https://www.port.example/7"


@pytest.mark.parametrize(
    "link",
    ["rel=canonical href=/", "rel=canonical href='https://other.example/7'", "rel=canonical", "rel=canonical href='http://[::1'",
     "rel=canonical href='javascript:x'"],
)  # fmt: skip
def test_canonical_address_that_says_nothing(link: str) -> None:
    """A front page, another site and nonsense are left out; so is what stands in a comment."""
    assert links_of(page(link), PLAIN) == (None, ())
    assert links_of(b"<!-- <link rel=canonical href=/7> -->", PLAIN) == (None, ())


def test_versions_that_a_page_names() -> None:
    """Links with hreflang are versions, feeds and style sheets are not."""
    html = page(
        "rel=alternate hreflang=ru href='/ru/7'", "rel=alternate type='application/rss+xml' hreflang=en href='/feed'",
        "rel=alternate media=handheld href='/m'", "rel=alternate hreflang=ru href='/ru/7'",
    )  # fmt: skip
    assert links_of(html, PLAIN)[1] == ("https://port.example/ru/7",)


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_no_page_raises(html: bytes) -> None:
    """Any bytes have links or have none."""
    links_of(b"<link " + html, PLAIN)
