"""Odd feeds by name: what servers send in place of a correct one, and what must be read of it all the same."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.ingest import charsets, kinds
from monitor.ingest.entries import address
from monitor.ingest.xmltext import mended
from monitor.model import Feed, Source

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
AT = datetime(2026, 6, 1, 10, tzinfo=UTC)
HOST = "https://courier.example"
URL = f"{HOST}/feed/"
RUSSIAN = ("Таможня нашла чай в контейнере", "Сотрудники таможни остановили судно в порту")
HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def read(body: str | bytes, kind: str = "application/rss+xml", lang: str | None = None) -> Feed:
    """Read what the courier's address answered."""
    data = body.encode() if isinstance(body, str) else body
    source = Source("courier", "courier", URL, lang=lang)
    return kinds.read(data, url=URL, headers={"content-type": kind} if kind else {}, source=source, now=NOW)


def rss(title: str = "Tea", text: str = "In a box", *, link: str = f"{HOST}/1", head: str = HEAD) -> str:
    """Return an RSS feed with one entry."""
    date = "<pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate>"
    entry = f"<item><title>{title}</title><link>{link}</link>{date}<description>{text}</description></item>"
    return f'{head}<rss version="2.0"><channel><title>Courier</title>{entry}</channel></rss>'


def seen(feed: Feed) -> list[tuple[str | None, str, datetime | None]]:
    """Return address, title and date of each entry."""
    return [(entry.url, entry.title, entry.published.at) for entry in feed.entries]


@pytest.mark.parametrize("head", ["", HEAD])
@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_letters_without_a_mark(name: str, head: str) -> None:
    """UTF-16 and UTF-32 are told by their zeros, without a byte order mark and whatever is declared."""
    assert seen(read(rss(RUSSIAN[0], head=head).encode(name))) == [(f"{HOST}/1", RUSSIAN[0], AT)]


@pytest.mark.parametrize("kind", ["application/rss+xml", "application/rss+xml; charset=utf-8", "text/xml; charset=x-y"])
@pytest.mark.parametrize("head", ["", HEAD, '<?xml version="1.0" encoding="x-none"?>'])
@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("windows-1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("gbk", ("海关查获走私茶叶", "海关人员在集装箱中发现茶叶")),
        ("big5", ("海關查獲走私茶葉", "海關人員在貨櫃中發現茶葉")),
        ("shift_jis", ("税関が密輸のお茶を発見", "税関職員がコンテナでお茶を発見")),
        ("euc-jp", ("税関が密輸のお茶を発見", "税関職員がコンテナでお茶を発見")),
        ("iso-2022-jp", ("税関が密輸のお茶を発見", "税関職員がコンテナでお茶を発見")),
        ("euc-kr", ("세관이 밀수 차를 발견했다", "세관 직원이 컨테이너를 열었다")),
        ("windows-1256", ("الجمارك تضبط شحنة شاي", "ضبط رجال الجمارك شحنة في الميناء")),
        ("windows-1253", ("Το τελωνείο βρήκε τσάι", "Οι τελωνειακοί άνοιξαν το κιβώτιο")),
        ("windows-1252", ("Zöllner fanden Tee für 3 €", "Über „Tee“ – gefunden")),
        ("windows-1250", ("Celníci našli čaj řežící", "Zatčení při kontrole")),
        ("cp874", ("ศุลกากรพบชา", "เจ้าหน้าที่ศุลกากรเปิดตู้")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_letters_tell_an_encoding_that_is_not_declared(name: str, texts: tuple[str, str], head: str, kind: str) -> None:
    """Bytes of an old encoding that are declared as UTF-8, as nonsense or not at all are read by their letters."""
    (entry,) = read(rss(*texts, head=head).encode(name), kind).entries
    assert (entry.title, entry.summary) == texts


@pytest.mark.parametrize(
    ("lang", "name", "title"),
    [
        ("tr", "windows-1254", "Gümrük şişe buldu, ığ İstanbul"),
        ("az", "windows-1254", "Gömrük çay tapdı, ığ İşçi"),
        ("he", "windows-1255", "המכס מצא תה"),
        ("vi", "windows-1258", "Ha\u0309i quan b\u0103\u0301t giư\u0303"),
        ("pl", "windows-1250", "Celnicy znaleźli łódź"),
        ("ja", "euc-jp", "税関"),
    ],
)
def test_language_tells_encodings_apart(lang: str, name: str, title: str) -> None:
    """The language that feed or source say decides between encodings that share their bytes."""
    packed = rss(title).encode(name)
    told = packed.replace(b"<title>Courier", f"<language>{lang}</language><title>Courier".encode())
    assert [read(packed, lang=lang).entries[0].title, read(told).entries[0].title] == 2 * [normalize("NFC", title)]


@pytest.mark.parametrize(
    ("name", "packed", "title"),
    [
        ("viscii", b"H\xe4i quan b\xa1t", "Hải quan bắt"),
        ("TCVN-5712", b"H\xb6i quan b\xbet", "Hải quan bắt"),
        ("x-viet-tcvn5712", b"gi\xf7", "giữ"),
        ("iso-8859-1", "für 3 € „gut“".encode("cp1252"), "für 3 € „gut“"),
        ("gb2312", "海关𠮷".encode("gb18030"), "海关𠮷"),
        ("windows-1258", b"Ha\xd2i quan", "Hải quan"),
    ],
)
def test_encodings_that_python_does_not_know_by_their_names(name: str, packed: bytes, title: str) -> None:
    """Vietnamese encodings are known, and names that stand for more than they say mean what the web means by them."""
    body = rss("XX", head=f"<?xml version='1.0' encoding='{name}'?>").encode().replace(b"XX", packed)
    assert read(body).entries[0].title == title


WARNING = "<br />\n<b>Warning</b>: Undefined variable $x in <b>/srv/feed.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    "body",
    [
        "\n\n   " + rss(),
        "\ufeff\n\n" + rss(),
        "\n\ufeff" + rss(),
        "\ufeff\ufeff" + rss(),
        WARNING + rss(),
        "Notice: Undefined index: q in /srv/feed.php on line 12\n" * 80 + rss(),
        "<!-- cached -->" + rss(),
        "<!-- " + "x" * 6000 + " -->" + rss(head=""),
        HEAD + rss(),
        rss() + "<!-- cached --><script>x()</script></body></html>",
        "<!DOCTYPE html><html><body><pre>" + rss() + "</pre></body></html>",
        "<html><body>" + rss().replace("<", "&lt;").replace(">", "&gt;") + "</body></html>",
        rss(link=f"\n  {HOST}/1 \n"),
        rss(link=f"<![CDATA[ {HOST}/1 ]]>"),
        rss(link="https:/courier.example/1"),
        gzip.compress(rss().encode()),
        gzip.compress(gzip.compress(rss().encode())),
        rss().replace("</channel></rss>", ""),
    ],
    ids=[
        "blank lines", "mark and blank lines", "blank line and mark", "two marks", "warning of PHP", "notices of PHP",
        "comment", "long comment", "two declarations", "page behind it", "in a page", "escaped in a page",
        "link over lines", "link in CDATA", "one slash", "gzip", "gzip twice", "cut end",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/rss+xml", "text/html; charset=utf-8", "text/plain", ""])
def test_wrapped_feeds(body: str | bytes, kind: str) -> None:
    """What servers put around a feed, and what they call it, costs no entry."""
    assert seen(read(body, kind)) == [(f"{HOST}/1", "Tea", AT)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tea & coffee & AT&T", "Tea & coffee & AT&T"),
        ("Caf&eacute; &ndash; Z&ouml;llner &mdash; 3 &euro;", "Café – Zöllner — 3 €"),
        ("&nosuchname; &amp;", "&nosuchname; &"),
        ("<![CDATA[Tea & tobacco &amp; salt]]>", "Tea & tobacco & salt"),
        ("<![CDATA[Tea <![CDATA[found]]> here]]>", "Tea"),
        ("&#x1F4E6;&#8211;&#xD800;", "📦–\ufffd"),
        ("Te\x00a", "Tea"),
    ],
)
def test_references(title: str, expected: str) -> None:
    """Ampersands, names of HTML and numbers of no character give the text that was meant."""
    assert read(rss(title)).entries[0].title.removesuffix(" here]]>") == expected


def test_parameters_in_links_are_no_references() -> None:
    """What follows an ampersand in an address is not taken for a name of HTML."""
    assert read(rss(link=f"{HOST}/?a=1&b=2&copy=3&amp;d=4")).entries[0].url == f"{HOST}/?a=1&b=2&copy=3&d=4"


def test_names_that_a_document_defines_are_its_own() -> None:
    """A document with entities of its own keeps them as they are."""
    text = '<!DOCTYPE rss [<!ENTITY nbsp "-">]><rss>&nbsp; &</rss>'
    assert mended(text) == text.replace(" &<", " &amp;<")


_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
_OLD_DTD = '"-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd"'


@pytest.mark.parametrize(
    "body",
    [
        (
            f'<rdf:RDF {_RDF} {_DC}><item rdf:about="{HOST}/1"><title>Tea</title><dc:date>2026-06-01T12:00:00+02:00</dc:date>'
            "</item></rdf:RDF>"
        ),
        (
            f'<!DOCTYPE rss PUBLIC {_OLD_DTD}><rss version="0.91"><channel><item><title>Tea</title><link>{HOST}/1</link>'
            "<pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate></item></channel></rss>"
        ),
        (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">Tea</title>'
            f'<link rel="alternate" href="{HOST}/1"/><issued>2026-06-01T10:00:00Z</issued></entry></feed>'
        ),
        (
            f'<feed {_ATOM} xml:base="{HOST}/news/"><entry xml:base="../"><title>Tea</title><link href="1"/>'
            "<updated>2026-06-01T10:00:00Z</updated></entry></feed>"
        ),
        (
            f'<feed {_ATOM}><entry><title>Tea</title><link rel="self" href="{HOST}/api/1"/><link rel="enclosure" '
            f'href="{HOST}/1.mp3"/><link href="/1"/><published>2026-06-01T10:00:00Z</published></entry></feed>'
        ),
        (
            f"<rss version='2.0'><channel><item><title>Tea</title><link>{HOST}/1</link><dc:creator>Ann</dc:creator>"
            "<dc:date>2026-06-01T10:00:00Z</dc:date><media:content url='x'/></item></channel></rss>"
        ),
        (
            f"<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>Tea</TITLE><LINK>{HOST}/1</LINK><PUBDATE>2026-06-01T10:00:00Z"
            "</PUBDATE></ITEM></CHANNEL></RSS>"
        ),
        f"<rss version=2.0><item><title>Tea</title><guid>{HOST}/1</guid><pubDate>2026-06-01T10:00:00Z</pubDate></item>",
        (
            f"<rss><channel/><item><title>Tea</title><guid isPermaLink='false'>{HOST}/?p=1</guid><link>/1</link>"
            "<pubDate>1780308000</pubDate></item></rss>"
        ),
    ],
    ids=["RDF", "RSS 0.91", "Atom 0.3", "bases", "links", "unbound", "capitals", "unquoted", "outside the channel"],
)
def test_dialects(body: str) -> None:
    """Old, rare and broken dialects give address, title and date."""
    assert seen(read(body)) == [(f"{HOST}/1", "Tea", AT)]


@pytest.mark.parametrize(
    ("markup", "guid", "url"),
    [
        ("<guid>12345</guid>", "12345", None),
        ("<guid isPermaLink='false'>https://courier.example/5</guid>", "https://courier.example/5", None),
        ("<guid>https://courier.example/5</guid>", "https://courier.example/5", "https://courier.example/5"),
        ("<guid>a</guid><link>www.courier.example/5</link>", "a", "https://www.courier.example/5"),
        ("<guid>a</guid><link>https://courier.example/a b.html</link>", "a", "https://courier.example/a%20b.html"),
        ("<guid>a</guid><link>//other.example/5</link>", "a", "https://other.example/5"),
    ],
)
def test_names_and_addresses(markup: str, guid: str, url: str | None) -> None:
    """A name is no address unless it is a whole one, and does not depend on the address of the feed."""
    (entry,) = read(f"<rss version='2.0'><channel><item><title>Tea</title>{markup}</item></channel></rss>").entries
    assert (entry.guid, entry.url) == (guid, url)


_ITEM = f'{{"id": "1", "url": "{HOST}/1", "title": "Tea", "date_published": "2026-06-01T10:00:00Z"}}'


@pytest.mark.parametrize(
    "body",
    [
        f'{{"items": [{_ITEM}]}} // generated',
        f'{{"items": [ /* the "newest" */ {_ITEM}, ], }}',
        f'{{"items": [{_ITEM}, {{"id": 2, "ti',
        f'call.back({{"items": [{_ITEM}]}});',
        f')]}}\',\n{{"items": [{_ITEM}]}}',
        f'\ufeff\n{{"items": [{_ITEM}, null, "x", {{"url": ["a"], "title": {{"en": "x"}}}}]}}',
        f'{{"items": [{_ITEM}]}}'.replace("Tea", "\tTea\n"),
    ],
    ids=["comment", "commas", "cut", "call", "guard", "other types", "control characters"],
)
def test_json_written_by_hand(body: str) -> None:
    """JSON Feed with comments, commas too many, a wrapping or a cut end gives the items that are whole."""
    feed = read(body, "application/json")
    assert seen(feed) == [(f"{HOST}/1", "Tea", AT)]


def test_json_in_an_old_encoding() -> None:
    """JSON whose letters are no UTF-8 is read by its letters."""
    body = '{"items": [{"id": 1, "title": "Zöllner prüfen Wände"}]}'.encode("latin-1")
    assert read(body, "application/json").entries[0].title == "Zöllner prüfen Wände"


def test_strings_of_json_keep_what_looks_like_comments() -> None:
    """What stands in a string is no comment, and no comma too many."""
    body = '{"items": [{"id": 1, "title": "a // b, ] /* c */ d,}"},]}'
    assert read(body, "application/json").entries[0].title == "a // b, ] /* c */ d,}"


@pytest.mark.parametrize("kind", ["text/plain", "text/html", ""])
def test_sitemap_as_a_text(kind: str) -> None:
    """A sitemap may be a text with an address a line."""
    feed = read(f"{HOST}/a\r\n\r\n{HOST}/b\n{HOST}/a\nnonsense:\n", kind)
    assert ([entry.url for entry in feed.entries], feed.version) == ([f"{HOST}/a", f"{HOST}/b"], "sitemap")


def test_news_of_tomorrow_stay_news() -> None:
    """A piece of a news sitemap whose date lies in the future is taken, without a date."""
    urls = "".join(
        f"<url><loc>{HOST}/{n}</loc><n:news><n:publication_date>{at}</n:publication_date><n:title>T{n}</n:title></n:news></url>"
        for n, at in enumerate(("2027-06-01", "2026-06-02T11:00:00Z", "2026-06-02T10:00:00Z"))
    )
    feed = read(f'<urlset xmlns="s" xmlns:n="n">{urls}</urlset>')
    assert [(entry.title, entry.published.at is None) for entry in feed.entries] == [
        ("T1", False), ("T2", False), ("T0", True)
    ]  # fmt: skip
    assert feed.skipped == ()


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel></channel></rss>",
        "<rss version='2.0'><channel/></rss>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        "<urlset/>",
    ],
)
def test_empty_is_no_error(body: str) -> None:
    """A channel without entries is an empty feed."""
    assert (read(body).entries, read(body).skipped) == ((), ())


def test_thousands_of_entries_are_counted() -> None:
    """Of 5,000 entries the cap is taken, and the rest is said."""
    entries = "".join(f"<item><title>T{n}</title></item>" for n in range(5000))
    feed = read(f"<rss version='2.0'><channel>{entries}</channel></rss>")
    assert (len(feed.entries), feed.skipped[-1].what) == (1000, "4000 entries")


@pytest.mark.parametrize("page", ["<html>&lt;rss version='2.0'&gt;&lt;/rss&gt;</html>", "<html><feed ></feed></html>"])
def test_page_about_feeds_is_a_page(page: str) -> None:
    """A page that only mentions a feed is told for what it is."""
    with pytest.raises(ParseError, match="HTML page"):
        read(page)


@settings(max_examples=60)
@given(st.data())
def test_any_bytes_become_a_text(data: st.DataObject) -> None:
    """Whatever the bytes are, some text comes of them that the state can hold."""
    body = data.draw(st.binary(max_size=400))
    found = charsets.with_mark(body) or charsets.guessed(body, data.draw(st.sampled_from([None, "ru", "ja", "xx"])))
    assert isinstance(found, str)
    for name in ("viscii", "cp1258", "gb2312", "rot13", "idna", "utf-7", "no-such"):
        assert (charsets.fitting(body, name) is None) or name not in ("rot13", "idna", "utf-7", "no-such")


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_mended_text_is_mended(text: str) -> None:
    """Mending what is mended changes nothing, and no text grows without bound."""
    once = mended(text)
    assert mended(once) == once
    assert len(once) <= 8 * len(text)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_link_is_an_address_or_none(link: str) -> None:
    """An address is absolute, without blanks and line breaks."""
    found = address(link, URL)
    assert found is None or (found.startswith(("http://", "https://")) and not set(found) & set(" \t\r\n"))
