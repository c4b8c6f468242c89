"""The sample web on the wire: real requests over loopback, with the host in a header."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from html import unescape
from http.client import HTTPResponse
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import feedparser
import pytest

from monitor.sample.site import RELATED, related, teaser
from monitor.sample.web import SampleWeb
from monitor.sample.world import Piece

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def web() -> Iterator[SampleWeb]:
    """Serve the whole sample web of one day."""
    with SampleWeb(TODAY) as running:
        yield running


def ask(web: SampleWeb, url: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an address."""
    parts = urlsplit(url)
    host, port = web.address
    sent = {"Host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(f"http://{host}:{port}{parts.path}", headers=sent, method=method)
    try:
        with urlopen(request, timeout=5) as answer:
            return read(answer)
    except HTTPError as answer:
        with answer:
            return read(answer)


def read(answer: HTTPResponse | HTTPError) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer."""
    return answer.status or 0, {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def parse(web: SampleWeb, url: str) -> feedparser.FeedParserDict:
    """Fetch and parse a feed."""
    _, headers, body = ask(web, url)
    return feedparser.parse(body, response_headers={"content-type": headers["content-type"]})


def healthy(web: SampleWeb) -> list[str]:
    """Return the addresses of the feeds that work."""
    return [site.source.url for site in web.world.sites]


def broken(web: SampleWeb, fault: str) -> str:
    """Return the address of the source that has a fault."""
    (found,) = [entry.source.url for entry in web.world.faults if entry.fault == fault]
    return found


def text_of(page: str) -> str:
    """Return a page without its markup, white space squeezed."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def page_of(web: SampleWeb, piece: Piece) -> str:
    """Return the page of a piece, decoded as the server says."""
    status, headers, body = ask(web, piece.url)
    assert status == 200
    return body.decode(headers["content-type"].partition("charset=")[2])


def test_feeds_of_all_formats_carry_all_pieces(web: SampleWeb) -> None:
    """Each feed is well-formed, of the promised format, and lists the pieces of its site, the newest first."""
    versions = []
    for site in web.world.sites:
        feed = parse(web, site.source.url)
        assert not feed.bozo, site.source.id
        pieces = web.world.of_site(site)
        assert [entry.link for entry in feed.entries] == [piece.url for piece in pieces]
        assert [entry.title for entry in feed.entries] == [piece.title for piece in pieces]
        versions.append(feed.version)
    assert min(versions.count("rss20"), versions.count("atom10")) >= 2
    assert "rss10" in versions


def test_feed_dates_are_those_of_the_pieces(web: SampleWeb) -> None:
    """Every dated feed gives the moment of publication; one feed gives none."""
    undated = []
    for site in web.world.sites:
        for entry, piece in zip(parse(web, site.source.url).entries, web.world.of_site(site), strict=True):
            parsed = entry.get("published_parsed") or entry.get("updated_parsed")
            if parsed is None:
                undated.append(site.source.id)
            else:
                assert datetime(*parsed[:6], tzinfo=UTC) == piece.published_at
    assert set(undated) == {"eastline"}


def test_one_feed_carries_the_whole_text(web: SampleWeb) -> None:
    """The blog's entries hold every paragraph, all others only a teaser."""
    for site in web.world.sites:
        for entry, piece in zip(parse(web, site.source.url).entries, web.world.of_site(site), strict=True):
            whole = text_of(entry.content[0].value) if entry.get("content") else ""
            assert (whole == " ".join(piece.paragraphs)) is (site.source.id == "border-desk")
            assert text_of(entry.summary) == teaser(piece)


def test_all_pages_linked_from_feeds_answer_with_the_piece(web: SampleWeb) -> None:
    """Each linked page is there and shows title, every paragraph, the date line and the address of the feed."""
    for url in healthy(web):
        for entry in parse(web, url).entries:
            (piece,) = [piece for piece in web.world.pieces if piece.url == entry.link]
            page = page_of(web, piece)
            text = text_of(page)
            assert piece.title in text
            assert all(paragraph in text for paragraph in piece.paragraphs)
            assert piece.date_line in text
            assert urlsplit(url).path in page


def test_pages_carry_furniture_of_other_events(web: SampleWeb) -> None:
    """A page points to other stories of its site, never to one on the same event."""
    for piece in web.world.pieces:
        others = related(piece, web.world.of_site(piece.site))
        page = text_of(page_of(web, piece))
        assert 1 <= len(others) <= RELATED
        assert all(other.title in page for other in others)
        assert all(other.event != piece.event or piece.event is None for other in others)
        assert piece not in others


def test_one_outlet_prints_the_day_of_the_visit(web: SampleWeb) -> None:
    """Eastline's pages open with today, which is not the day of publication, and repeat the title."""
    pages = [piece for piece in web.world.pieces if piece.site.source.id == "eastline"]
    for piece in pages:
        text = text_of(page_of(web, piece).partition("<body>")[2])
        assert text.startswith("Sunday November 22 2026")
        assert piece.date_line.endswith("(UTC+04:00)")
        assert text.count(piece.title) >= 2
    assert sum("[PHOTO]" in piece.title for piece in pages) >= 2


def test_pages_tell_the_date_in_different_ways(web: SampleWeb) -> None:
    """Some pages have JSON-LD, some a meta element, some only a line of text."""
    pages = {piece.site.source.id: page_of(web, piece) for piece in web.world.pieces}
    assert {name for name, page in pages.items() if '"datePublished"' in page} == {
        "harbour-wire",
        "tariff-review",
        "bitacora-comercial",
    }
    assert sum("article:published_time" in page for page in pages.values()) >= 4
    machine = ("datePublished", "article:published_time", "datetime=", "DC.date")
    assert {name for name, page in pages.items() if not any(sign in page for sign in machine)} == {
        "velmora-customs",
        "eastline",
    }


def test_the_russian_site_uses_its_own_encoding(web: SampleWeb) -> None:
    """Feed and pages in windows-1251 say so and decode to Russian."""
    (site,) = [site for site in web.world.sites if site.data.lang == "ru"]
    _, headers, body = ask(web, site.source.url)
    assert headers["content-type"] == "application/rss+xml; charset=windows-1251"
    assert "таможн" in body.decode("windows-1251").casefold()
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_a_repeated_request_gets_304(web: SampleWeb) -> None:
    """Feeds and pages have validators, and a client that sends one of them back gets no body."""
    for url in (*healthy(web), *(piece.url for piece in web.world.pieces[:3])):
        status, headers, body = ask(web, url)
        assert (status, bool(body)) == (200, True)
        for sent in ({"If_None_Match": headers["etag"]}, {"If_Modified_Since": headers["last-modified"]}):
            status, again, body = ask(web, url, **sent)
            assert (status, body, again["etag"]) == (304, b"", headers["etag"])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"If_None_Match": '"other"'}, 200),
        ({"If_None_Match": "*"}, 304),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"If_Modified_Since": "Sun, 22 Nov 2026 00:00:00"}, 200),
        ({"If_Modified_Since": format_datetime(datetime(2026, 11, 1, tzinfo=UTC), usegmt=True)}, 200),
        ({"If_Modified_Since": format_datetime(datetime(2026, 11, 22, tzinfo=UTC), usegmt=True)}, 304),
        ({"If_None_Match": '"other"', "If_Modified_Since": "Sun, 22 Nov 2026 00:00:00 GMT"}, 200),
    ],
)
def test_validators_are_compared_as_the_standard_says(web: SampleWeb, sent: dict[str, str], status: int) -> None:
    """Unknown tags and dates get the body, and a tag outranks a date."""
    assert ask(web, "http://harbour-wire.example/feed.xml", **sent)[0] == status


def test_weak_and_listed_tags_match(web: SampleWeb) -> None:
    """A tag is found in a list and behind the mark of weakness."""
    url = "http://harbour-wire.example/feed.xml"
    tag = ask(web, url)[1]["etag"]
    assert ask(web, url, If_None_Match=f'"a", W/{tag}')[0] == 304


def test_one_source_is_down(web: SampleWeb) -> None:
    """The source that is down answers 503, asks for patience and has no validators."""
    status, headers, _ = ask(web, broken(web, "down"), If_None_Match="*")
    assert (status, headers["retry-after"], "etag" in headers) == (503, "3600", False)


def test_one_source_answers_with_a_page(web: SampleWeb) -> None:
    """The address of one source holds a page that no parser takes for a feed."""
    status, headers, body = ask(web, broken(web, "page"))
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert feedparser.parse(body).version == ""


def test_one_source_is_empty(web: SampleWeb) -> None:
    """One source is a well-formed feed without entries."""
    feed = parse(web, broken(web, "empty"))
    assert (feed.version, feed.bozo, feed.entries) == ("rss10", False, [])


@pytest.mark.parametrize(
    "url",
    ["http://harbour-wire.example/none", "http://unknown.example/feed.xml", "http://tariff-review.example/feed.xml"],
)
def test_what_is_not_there_gets_404(web: SampleWeb, url: str) -> None:
    """Unknown hosts and paths, and paths of another host, are not found."""
    assert ask(web, url)[0] == 404


def test_hosts_are_told_apart_whatever_their_spelling(web: SampleWeb) -> None:
    """The host may be in capitals and may carry a port."""
    assert ask(web, "http://HARBOUR-WIRE.example:8080/feed.xml")[0] == 200


def test_front_pages_and_robots_are_served(web: SampleWeb) -> None:
    """Each host has a front page that announces its feed, and lets robots in."""
    for site in web.world.sites:
        status, _, body = ask(web, f"http://{site.data.host}/")
        assert (status, site.data.feed.path.encode() in body) == (200, True)
        assert ask(web, f"http://{site.data.host}/robots.txt")[2] == b"User-agent: *\nAllow: /\n"


def test_head_has_the_headers_of_get(web: SampleWeb) -> None:
    """A request for the headers alone gets them, with the length of the body that it does not get."""
    url = "http://harbour-wire.example/feed.xml"
    whole, head = ask(web, url), ask(web, url, method="HEAD")
    assert head[2] == b""
    assert int(head[1]["content-length"]) == len(whole[2])
    assert head[1]["etag"] == whole[1]["etag"]


def test_requests_are_logged() -> None:
    """The log names host, path and status of every answer in order."""
    with SampleWeb(TODAY) as web:
        ask(web, "http://harbour-wire.example/feed.xml")
        ask(web, "http://nowhere.example/x?y=1")
        assert [(r.host, r.path, r.status) for r in web.requests] == [
            ("harbour-wire.example", "/feed.xml", 200),
            ("nowhere.example", "/x", 404),
        ]


def test_time_can_pass_while_it_runs() -> None:
    """What appears later is not there at first, and its arrival changes the tag of the feed."""
    url = "http://harbour-wire.example/feed.xml"
    now = datetime(2026, 11, 20, tzinfo=UTC)
    with SampleWeb(TODAY, now=now) as web:
        before, early = ask(web, url), set(web.gold)
        web.advance(now + timedelta(days=2))
        late = sorted(set(web.gold) - early)
        assert ask(web, url, If_None_Match=before[1]["etag"])[0] == 200
        assert ask(web, late[0])[0] == 200
        web.advance(now)
        assert ask(web, late[0])[0] == 404
        assert ask(web, url, If_None_Match=before[1]["etag"])[0] == 304


def test_the_description_fits_the_web(web: SampleWeb) -> None:
    """Outlets, sources, gold and address are what a configuration and a scorer need."""
    assert web.connect_to == {"*.example": web.address}
    assert web.address[0] == "127.0.0.1"
    outlets = {outlet.id for outlet in web.outlets}
    assert all(source.outlet_id in outlets and source.interval_s <= 60 for source in web.sources)
    assert all(urlsplit(source.url).hostname.endswith(".example") for source in web.sources)
    assert set(web.gold) == {piece.url for piece in web.world.pieces if piece.event}
    assert len(set(web.gold.values())) >= 20


def test_the_server_ends_cleanly(capfd: pytest.CaptureFixture[str]) -> None:
    """After the block the port is closed, no thread is left and nothing was printed, even with a client that hung up."""
    before = threading.active_count()
    with SampleWeb(TODAY) as web:
        address = web.address
        with socket.create_connection(address) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: harbour-wire.example\r\n\r\n")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    assert threading.active_count() == before
    assert capfd.readouterr() == ("", "")


def test_a_bug_is_not_hushed_up(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A mistake in the sample web itself is printed, unlike a client that hangs up."""
    with SampleWeb(TODAY) as web:
        monkeypatch.setattr(SampleWeb, "reply", lambda *_: 1 / 0)
        with pytest.raises(ConnectionError):
            ask(web, "http://harbour-wire.example/")
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_outside_its_block_it_has_no_address() -> None:
    """Asking for the address of a web that is not served is a mistake of the caller."""
    with pytest.raises(RuntimeError, match="with block"):
        _ = SampleWeb(TODAY).address
