"""Feeds become entries of plain text, and everything else a ParseError that says what it is."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.ingest.feed import MAX_BYTES, looks_like, parse
from monitor.model import DateOrigin, Entry, Feed

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://courier.example/feed/"


def read(body: str | bytes, kind: str = "application/xml", **more: object) -> Feed:
    """Parse a feed as if it came from the courier."""
    data = body.encode() if isinstance(body, str) else body
    return parse(data, url=URL, headers={"content-type": kind}, **{"now": NOW, **more})  # type: ignore[arg-type]


def rss(*items: str, channel: str = "") -> str:
    """Return an RSS feed with some items."""
    return f"<rss version='2.0'><channel>{channel}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


def only(body: str | bytes) -> Entry:
    """Return the only entry of a feed."""
    (entry,) = read(body).entries
    return entry


@pytest.mark.parametrize("name", ["rss20", "rss10", "rss091", "atom10", "broken"])
def test_golden_feeds(name: str) -> None:
    """Each format gives the entries that were written down for it."""
    found = asdict(read((DATA / f"{name}.xml").read_bytes()))
    expected = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(found, default=datetime.isoformat)) == expected


_RDF = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='{}'>{}</rdf:RDF>"
_OLD = "<item><title>Tea</title><link>https://courier.example/1</link><description>Found</description></item>"


@pytest.mark.parametrize(
    ("version", "body"),
    [
        ("rss090", _RDF.format("http://my.netscape.com/rdf/simple/0.9/", _OLD)),
        ("rss10", _RDF.format("http://purl.org/rss/1.0/", _OLD)),
        *(
            (f"rss{v.replace('.', '')}", f"<rss version='{v}'><channel>{_OLD}</channel></rss>")
            for v in ("0.92", "0.93", "0.94")
        ),
        ("rss20", f"<rss version='2.0'><channel>{_OLD}</channel></rss>"),
        ("rss20", f"<rss version='2.0' xmlns='http://backend.userland.com/rss2'><channel>{_OLD}</channel></rss>"),
        ("rss", f"<rss><channel>{_OLD}</channel></rss>"),
        (
            "atom03",
            (
                "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>Tea</title><summary>Found</summary>"
                "<link rel='alternate' type='text/html' href='https://courier.example/1'/></entry></feed>"
            ),
        ),
        (
            "atom10",
            (
                "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>&lt;b&gt;Tea</title><summary>Found</summary>"
                "<link href='https://courier.example/1'/></entry></feed>"
            ),
        ),
    ],
)
def test_every_version_is_read(version: str, body: str) -> None:
    """Title, link and teaser come out of each version of RSS and Atom that was ever published."""
    feed = read(body)
    (entry,) = feed.entries
    assert (feed.version, entry.title, entry.url, entry.summary) == (
        version,
        "Tea",
        "https://courier.example/1",
        "Found",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="{}"?>'])
def test_encodings(encoding: str, declared: str) -> None:
    """Text comes through whatever the encoding, with a declaration or a byte order mark or both."""
    title = "Gömrük постунда 海关"
    head = declared.format(encoding.removesuffix("-sig"))
    assert only((head + rss(f"<title>{title}</title>")).encode(encoding)).title == title


@pytest.mark.parametrize("declared", ["", "utf-16", "UTF-16LE", "utf-32", "x-none"])
@pytest.mark.parametrize(
    "said", ["", "; charset=utf-16", "; charset=iso-8859-1", "; charset=windows-1251", "; charset=x"]
)
def test_utf8_is_read_as_utf8_whatever_is_said(declared: str, said: str) -> None:
    """Bytes that are UTF-8 are read as that, though server or declaration name another encoding."""
    head = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    body = (head + rss("<title>Gömrük постунда 海关</title>")).encode()
    (entry,) = read(body, kind=f"application/rss+xml{said}").entries
    assert entry.title == "Gömrük постунда 海关"


def test_a_cut_letter_costs_only_itself() -> None:
    """A teaser that was cut within a letter does not turn the letters of the whole feed into others."""
    body = rss("<title>Gömrük постунда</title><description>海关查获走私象牙</description>").encode()
    assert only(body.replace("象牙".encode(), "象牙".encode()[:-1])).title == "Gömrük постунда"


@pytest.mark.parametrize(("name", "title"), [("windows-1251", "Таможня"), ("iso-8859-9", "Gümrük"), ("gb18030", "海关"),
                                            ("iso-2022-jp", "税関"), ("shift_jis", "税関")])  # fmt: skip
def test_other_encodings_are_believed(name: str, title: str) -> None:
    """An encoding that is no UTF-8 is taken from the declaration or else from the server."""
    body = rss(f"<title>{title}</title>")
    declared = f"<?xml version='1.0' encoding='{name}'?>{body}".encode(name)
    assert only(declared).title == title
    assert read(body.encode(name), kind=f"application/xml; charset={name}").entries[0].title == title


def test_server_that_calls_a_feed_html() -> None:
    """A wrong content type neither breaks the letters nor counts as a problem of the feed."""
    feed = read(rss("<title>Zölle</title>"), kind="text/html")
    assert (feed.entries[0].title, feed.warning) == ("Zölle", None)


# ---------------------------------------------------------------- what is no feed


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (
            b"<!DOCTYPE html><html><head><title>Access denied</title></head></html>",
            "an HTML page titled 'Access denied'",
        ),
        (b"\xef\xbb\xbf<html><body>x</body></html>", "an HTML page without a title"),
        (b"<!-- x --><html><title> <b>Two</b>\nlines </title>", "an HTML page titled 'Two lines'"),
        (b'{"version": "1"}', "JSON"),
        (b"%PDF-1.7", "a PDF file"),
        (gzip.compress(b"<rss/>", mtime=0), "compressed data"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "the root element 'urlset'"),
        (b"Service unavailable", "text that begins with 'Service unavailable'"),
        (b"<rss version='2.0'><channel><title>cut", "broken and holds no entry"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_what_is_no_feed_is_described(body: bytes, what: str) -> None:
    """The error says in one line what came instead of a feed, and from where."""
    with pytest.raises(ParseError, match=r"courier\.example") as caught:
        read(body)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_control_characters_do_not_reach_the_description() -> None:
    """A binary body is described in printable characters."""
    assert looks_like(b"\x01\x02\x03\x07abc").isprintable()


def test_broken_feed_with_entries_is_taken_with_a_warning() -> None:
    """What can be read of a broken feed is read, and the problem is kept."""
    feed = read("<rss version='2.0'><channel><item><title>Tea & tobacco</title></item>")
    assert ([entry.title for entry in feed.entries], bool(feed.warning)) == (["Tea & tobacco"], True)


def test_feed_without_entries_is_a_feed() -> None:
    """An empty channel is valid."""
    assert read(rss()).entries == ()


def test_entities_do_not_explode() -> None:
    """Nested entities neither fill the memory nor show up in the text."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    body = f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]>" + rss("<title>&e9;</title><guid>1</guid>")
    assert len(only(body).title) < 100


@pytest.mark.parametrize("number", ["xD800", "55296", "x110000", "0099999999999", "xFFFFFFFFFFFFFFFF", "1114112"])
def test_characters_that_do_not_exist_cost_no_entry(number: str) -> None:
    """A reference to a number without a character is replaced, and the feed read, as a broken one must be as well."""
    intact = rss(f"<title>a&#{number};b</title>", "<title>c</title>")
    for body in (intact, intact.replace("<channel>", "<channel><br>")):
        assert [entry.title for entry in read(body).entries] == ["a\ufffdb", "c"]
    assert only(rss("<title>a&#x1F6A2;&#8212;b</title>")).title == "a\U0001f6a2\u2014b"


def test_files_are_not_read() -> None:
    """An external entity is not followed."""
    body = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss("<title>a&x;b</title>")
    assert "root:" not in str(read(body))


# ---------------------------------------------------------------- entries


def test_nothing_of_scripts_and_styles_is_left() -> None:
    """Titles, teasers and texts hold no markup, no script, no style and no control characters."""
    bad = "&lt;script&gt;evil()&lt;/script&gt;&lt;style&gt;evil{}&lt;/style&gt;"
    entry = only(
        rss(f"<title>A {bad}&lt;i&gt;b&lt;/i&gt;</title><description>C{bad}&lt;p&gt;D&lt;/p&gt;&#x202e;</description>")
    )
    assert (entry.title, entry.summary) == ("A b", "C\nD")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a/1", "https://courier.example/a/1"),
        ("a/1", "https://courier.example/feed/a/1"),
        ("//other.example/x", "https://other.example/x"),
        (" https://courier.example/a\n ", "https://courier.example/a"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("ftp://courier.example/a", None),
        ("http://", None),
        ("http://[::1", None),
        ("", None),
        (URL, None),
        ("https://courier.example/" + "x" * 5000, None),
    ],
)
def test_links_are_absolute_web_addresses(link: str, url: str | None) -> None:
    """Relative links are resolved, and only http addresses other than the feed's own are kept."""
    assert only(rss(f"<title>t</title><link>{link}</link>")).url == url


def test_entries_without_identity_are_skipped_with_a_reason() -> None:
    """An entry that could not be told from another one is named, not lost in silence."""
    feed = read(rss("<description>x</description>", "<title>t</title>"))
    assert ([entry.title for entry in feed.entries], [skipped.what for skipped in feed.skipped]) == (["t"], ["entry 1"])


def test_entries_over_the_cap_are_counted() -> None:
    """The cap is not silent."""
    feed = read(rss(*(f"<guid>{n}</guid>" for n in range(7))), max_entries=5)
    assert (len(feed.entries), feed.skipped[0].what) == (5, "2 entries")


def test_content_that_is_the_teaser_again_is_no_content() -> None:
    """The full text is what the feed carries beyond the teaser."""
    spaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    item = "<title>t</title><description>Same text.</description><content:encoded>&lt;p&gt;Same text&lt;/p&gt;</content:encoded>"
    assert only(rss(item).replace("<rss", f"<rss {spaces}")).content == ""


@pytest.mark.parametrize(
    ("author", "name"),
    [("jane@x.example (Jane Doe)", "Jane Doe"), ("Jane Doe", "Jane Doe"), ("Jane Doe &lt;jane@x.example&gt;", "Jane Doe"),
     ("jane@x.example", None), ("", None)],
)  # fmt: skip
def test_authors_are_names(author: str, name: str | None) -> None:
    """The mail address that RSS asks for is not kept."""
    assert only(rss(f"<title>t</title><author>{author}</author>")).author == name


# ---------------------------------------------------------------- dates and pace


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("Mon, 01 Jun 2026 09:30:00 GMT", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("2016/6/29 15:07:41", datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 09:30:00 AEST", datetime(2026, 5, 31, 23, 30, tzinfo=UTC)),
        ("01.06.2026 09:30", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("Jun 1, 2026 09:30", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("1 июня 2026 09:30", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("Senin, 1 Juni 2026 09:30", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("1 iyun 2026 09:30", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 15:00:00 IST", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 10:30:00 BST", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 04:30:00 EST", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 03:30:00 CST", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("1780306200000", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("1780306200", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("lun., 1 juin 2026 09:30", datetime(2026, 6, 1, 9, 30, tzinfo=UTC)),
        ("0001-01-01", None),
        ("2026-06-09", None),
        ("tomorrow", None),
    ],
)
def test_dates_that_feedparser_reads_wrongly(raw: str, at: datetime | None) -> None:
    """The raw text of a date is read by us: measured traps give the right moment or none."""
    published = only(rss(f"<title>t</title><pubDate>{raw}</pubDate>")).published
    assert (published.at, published.origin) == (at, DateOrigin.FEED if at else DateOrigin.UNKNOWN)


def test_language_of_the_feed_decides_ambiguous_dates() -> None:
    """6/5 is a day in May in a French feed and unreadable in an English one."""
    item = "<title>t</title><pubDate>06/05/2026</pubDate>"
    dates = [read(rss(item, channel=f"<language>{lang}</language>")).entries[0].published.at for lang in ("fr", "en")]
    assert dates == [datetime(2026, 5, 6, tzinfo=UTC), None]
    item = "<title>t</title><pubDate>Mon, 01 Jun 2026 17:30:00 CST</pubDate>"
    chinese = read(rss(item, channel="<language>zh-cn</language>")).entries[0].published.at
    assert chinese == datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def test_clock_of_the_server_stands_in_for_now() -> None:
    """Without a given moment the date header tells what is in the future; without it nothing is."""
    body = rss("<title>t</title><pubDate>2026-06-09</pubDate>").encode()

    def dated(**headers: str) -> bool:
        """Tell whether the entry has a date with such headers."""
        return parse(body, url=URL, headers=headers).entries[0].published.at is not None

    assert not dated(date="Mon, 01 Jun 2026 12:00:00 GMT")
    assert dated(date="Mon, 08 Jun 2026 12:00:00 GMT")
    assert dated()
    assert dated(date="nonsense")


@pytest.mark.parametrize(
    ("channel", "ttl_s"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 0 </ttl>", None),
        ("<ttl>99999999999999</ttl>", 604_800),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        ("<sy:updatePeriod>yearly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 604_800),
        ("", None),
    ],
)
def test_wish_of_the_publisher(channel: str, ttl_s: int | None) -> None:
    """The time to live in minutes and the update period are read, within a week."""
    body = rss("<title>t</title>", channel=channel).replace(
        "<rss", "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    )
    assert read(body).ttl_s == ttl_s


# ---------------------------------------------------------------- hostile bytes

PARTS = st.sampled_from(
    [b"<rss version='2.0'>", b"<channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<link>", b"<guid>", b"x", b"&",
     b"&#0;", b"&#xD800;", b"&lt;p", b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"<!ENTITY", b"<!--", b"-->", b"<?xml encoding='x'?>",
     b"\x00", b"\xff\xfe", b"<a href='", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<content type='xhtml'>",
     b"<pubDate>1</pubDate>", b"\xc3", b"<svg>", b"<script>"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=15).map(b"".join) | st.binary(max_size=60))
@example(b"<rss version='2.0'><channel><item><link>http://[</link><title>x")
@settings(max_examples=300)
def test_any_bytes_are_a_feed_or_a_parse_error(body: bytes) -> None:
    """No bytes raise anything but ParseError, and what is taken can be stored."""
    try:
        feed = read(body)
    except ParseError:
        return
    assert feed.version
    for entry in feed.entries:
        json.dumps(asdict(entry), default=str).encode()
        assert entry.guid or entry.url or entry.title
        assert "\x00" not in f"{entry.guid}{entry.title}{entry.summary}{entry.content}{entry.author}"
