"""Writes feeds as the web has them: correct ones of every format, then broken in one to four ways; one seed, one corpus.

`corpus(seed=..., count=...)` gives samples whose names say how each was made, so that a failing one can be read.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from random import Random

#: takes a source of chance and what is to be broken
Mutation = Callable[[Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """One feed as a server sends it; `name` is its recipe."""

    name: str
    body: bytes
    #: names in lower case
    headers: dict[str, str]


# ---------------------------------------------------------------- what stands in the elements

TITLES = (
    "Customs seizes 300 kg of tea",
    "Gömrük Komitəsi yeni postu açdı",
    "Таможня задержала партию сигарет на границе",
    "海关查获走私象牙",
    "الجمارك تضبط شحنة مهربة",
    "Hải quan bắt giữ hàng lậu",
    "Zoll &amp; Handel &lt;b&gt;neu&lt;/b&gt;",
    "<![CDATA[<p>Duty & <b>tariff</b></p>]]>",
    "&amp;amp;amp; &#8212; &#x1F4E6; &nbsp; &bogus;",
    "\u202eesrever\u202c \u200b\u00ad",
    "t" * 5_000,
    "",
    "   \n\t ",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[PHOTO] Customs day - Quay News",
    "&#xD800;&#0;&#x110000;&#99999999999;",
)
LINKS = (
    "https://quay.example/news/{n}",
    "/news/{n}",
    "news/{n}?utm_source=rss&amp;id={n}",
    "//cdn.quay.example/{n}",
    "http://[::1/{n}",
    "https://quay.example:99999/{n}",
    "javascript:alert({n})",
    "file:///etc/passwd",
    "data:text/html,{n}",
    "https://quay.example/" + "a" * 5_000,
    "https://квай.example/новости/{n}",
    "https://quay.example/a b\n{n}",
    "mailto:press@quay.example",
    "urn:uuid:{n}",
    "https://quay.example/%zz%00{n}",
    "http://user:secret@quay.example/{n}",
    "",
    "#",
    "?",
    "https://",
    "https://quay.example/tag:[{n}]",
)
DATES = (
    "Sun, 22 Nov 2026 08:00:00 GMT",
    "Sun, 22 Nov 2026 08:00:00 CST",
    "2026-11-22T08:00:00Z",
    "2026-11-22T08:00:00+26:99",
    "2016/6/29 15:07:41",
    "29.06.2026",
    "29/06/2026 15:07",
    "06/07/2026",
    "1782745661",
    "1782745661000",
    "99999999999999999999",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "Mon, 31 Feb 2026 08:00:00 GMT",
    "lun., 29 juin 2026 15:07",
    "29 июня 2026 г., 15:07",
    "2026年6月29日",
    "yesterday",
    "Mon, 00 Nov 0000 00:00:00",
    "-1",
    "2026-W48-7",
    "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0662\u0662",
    "²⁰²⁶-11-22",
    "08:00",
    "",
    "2026-11-22T25:61:61Z",
    "Sun, 22 Nov 26 08:00 +9999",
    "1" * 400,
    "22 " * 60,
)
TEXTS = (
    "Officers at Port Maren found the goods behind a false wall on Friday.",
    "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &amp;amp; three.&lt;/p&gt;&lt;script&gt;evil()&lt;/script&gt;",
    "<![CDATA[<div><img src=x onerror=alert(1)><p>Text</p>]]>",
    "<![CDATA[ ]]]]><![CDATA[> ]]>",
    "<p xmlns='http://www.w3.org/1999/xhtml'>Inline <b>markup</b></p>",
    "&lt;div&gt;" * 300,
    "&lt;table&gt;&lt;tr&gt;&lt;td&gt;" * 40 + "x",
    "word " * 2_000,
    "&lt;!--&lt;!--&lt;p&gt;--&gt;",
    "The post Tea appeared first on Quay News.",
    "",
)
GUIDS = ("https://quay.example/?p={n}", "{n}", "tag:quay.example,2026:{n}", "same", "", " \n ", "g" * 5_000, "urn:{n}")
AUTHORS = ("press@quay.example (Jane Roe)", "Jane Roe", "<name>Jane</name>", "@", "(", "a@b <c@d> (e", "")
LANGS = ("en", "az-AZ", "x-none", "zh_CN.UTF-8", "", "english", "e" * 300)


def _one(chance: Random, pool: tuple[str, ...], number: int = 0) -> str:
    """Take one value, the usual first one as often as all others together."""
    value = pool[0] if chance.random() < 0.5 else chance.choice(pool)
    return value.replace("{n}", str(number))


def _maybe(chance: Random, element: str, often: float = 0.85) -> str:
    """Return an element, or sometimes nothing."""
    return element if chance.random() < often else ""


def _rss_item(chance: Random, number: int) -> str:
    """Return an item of RSS 0.9x or 2.0."""
    guid = f"<guid isPermaLink='{chance.choice(('true', 'false', 'maybe'))}'>{_one(chance, GUIDS, number)}</guid>"
    parts = [
        _maybe(chance, f"<title>{_one(chance, TITLES)}</title>"),
        _maybe(chance, f"<link>{_one(chance, LINKS, number)}</link>"),
        _maybe(chance, guid, 0.7),
        _maybe(chance, f"<pubDate>{_one(chance, DATES)}</pubDate>"),
        _maybe(chance, f"<description>{_one(chance, TEXTS)}</description>"),
        _maybe(chance, f"<content:encoded>{_one(chance, TEXTS)}</content:encoded>", 0.3),
        _maybe(chance, f"<author>{_one(chance, AUTHORS)}</author>", 0.4),
        _maybe(chance, f"<dc:date>{_one(chance, DATES)}</dc:date>", 0.2),
        _maybe(chance, "<source url='https://x.example/'>Quay News</source>", 0.2),
        _maybe(chance, "<media:content url='https://x.example/p.jpg' type='image/jpeg'/>", 0.2),
        _maybe(chance, "<enclosure url='' length='-5' type='?'/>", 0.2),
    ]
    chance.shuffle(parts)
    return "".join(parts)


def _channel(chance: Random) -> str:
    """Return what stands in a channel beside its items."""
    ttl = chance.choice(("60", "0", "-1", "1e9", "9" * 40, "²", "an hour", ""))
    return "".join(
        (
            _maybe(chance, f"<title>{_one(chance, TITLES)}</title>"),
            _maybe(chance, f"<link>{_one(chance, LINKS)}</link>"),
            _maybe(chance, f"<language>{_one(chance, LANGS)}</language>", 0.5),
            _maybe(chance, f"<ttl>{ttl}</ttl>", 0.4),
            _maybe(chance, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 0.2),
            _maybe(chance, "<image><title>logo</title><url>x</url><link>y</link></image>", 0.2),
        )
    )


_SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' xmlns:media='http://search.yahoo.com/mrss/'"
)


def _rss(chance: Random, version: str) -> str:
    """Return an RSS document without namespaces of its own."""
    items = "".join(f"<item>{_rss_item(chance, n)}</item>" for n in range(chance.randrange(6)))
    return f"<rss version='{version}' {_SPACES}><channel>{_channel(chance)}{items}</channel></rss>"


def rss_091(chance: Random) -> str:
    """Return RSS 0.91."""
    return _rss(chance, "0.91")


def rss_20(chance: Random) -> str:
    """Return RSS 2.0."""
    return _rss(chance, "2.0")


def rdf(chance: Random) -> str:
    """Return RSS 1.0, whose items stand beside the channel."""
    items = "".join(
        f"<item rdf:about='{_one(chance, LINKS, n)}'>{_rss_item(chance, n)}</item>" for n in range(chance.randrange(6))
    )
    spaces = f"xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' {_SPACES}"
    return f"<rdf:RDF {spaces}><channel>{_channel(chance)}</channel>{items}</rdf:RDF>"


def _atom_entry(chance: Random, number: int) -> str:
    """Return an entry of Atom."""
    kind = chance.choice(("text", "html", "xhtml", "application/octet-stream", "nonsense"))
    base = _maybe(chance, f" xml:base='{_one(chance, LINKS, number)}'", 0.3)
    parts = [
        _maybe(chance, f"<title type='{kind}'>{_one(chance, TITLES)}</title>"),
        _maybe(chance, f"<link rel='alternate' href='{_one(chance, LINKS, number)}'/>"),
        _maybe(chance, f"<link rel='enclosure' href='{_one(chance, LINKS, number)}'/>", 0.2),
        _maybe(chance, f"<id>{_one(chance, GUIDS, number)}</id>"),
        _maybe(chance, f"<published>{_one(chance, DATES)}</published>", 0.6),
        _maybe(chance, f"<updated>{_one(chance, DATES)}</updated>"),
        _maybe(chance, f"<summary type='{kind}'>{_one(chance, TEXTS)}</summary>"),
        _maybe(chance, f"<content type='{kind}' mode='base64'>{_one(chance, TEXTS)}</content>", 0.4),
        _maybe(chance, f"<author><name>{_one(chance, AUTHORS)}</name></author>", 0.4),
    ]
    return f"<entry{base}>{''.join(parts)}</entry>"


def atom(chance: Random) -> str:
    """Return Atom, of the old or the present namespace."""
    space = chance.choice(("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://example/none", ""))
    entries = "".join(_atom_entry(chance, n) for n in range(chance.randrange(6)))
    lang = _maybe(chance, f" xml:lang='{_one(chance, LANGS)}'", 0.3)
    return f"<feed xmlns='{space}' version='0.3'{lang}><title>{_one(chance, TITLES)}</title>{entries}</feed>"


def mixed(chance: Random) -> str:
    """Return one document that is RSS and Atom at once."""
    items = f"<item>{_rss_item(chance, 1)}</item>{_atom_entry(chance, 2)}<item>{_atom_entry(chance, 3)}</item>"
    return chance.choice(
        (
            f"<rss version='2.0' {_SPACES}><channel>{items}</channel></rss>",
            f"<feed xmlns='http://www.w3.org/2005/Atom' {_SPACES}>{items}</feed>",
            f"<rss {_SPACES}>{items}</rss>",
            f"{rss_20(chance)}{atom(chance)}",
        )
    )


def json_feed(chance: Random) -> str:
    """Return a JSON Feed, its values now and then of the wrong type."""
    odd = (None, 7, [], {}, [[["x"]]], True, "NaN")

    def value(text: str) -> object:
        """Return a text, or sometimes something that is none."""
        return chance.choice(odd) if chance.random() < 0.2 else text

    items = [
        {
            "id": value(_one(chance, GUIDS, n)), "url": value(_one(chance, LINKS, n)),
            "title": value(_one(chance, TITLES)), "content_html": value(_one(chance, TEXTS)),
            "content_text": value(_one(chance, TEXTS)), "date_published": value(_one(chance, DATES)),
            "authors": value(_one(chance, AUTHORS)), "language": value(_one(chance, LANGS)),
        }
        for n in range(chance.randrange(6))
    ]  # fmt: skip
    head = {"version": value("https://jsonfeed.org/version/1.1"), "title": value("Quay News"), "items": items}
    return json.dumps(head, ensure_ascii=chance.random() < 0.5)


def sitemap(chance: Random) -> str:
    """Return a news sitemap."""
    urls = "".join(
        f"<url><loc>{_one(chance, LINKS, n)}</loc><lastmod>{_one(chance, DATES)}</lastmod><news:news>"
        f"<news:publication_date>{_one(chance, DATES)}</news:publication_date>"
        f"<news:title>{_one(chance, TITLES)}</news:title></news:news></url>"
        for n in range(chance.randrange(6))
    )
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='{news}'>{urls}</urlset>"


def html_page(chance: Random) -> str:
    """Return a web page."""
    links = "".join(f"<li><a href='{_one(chance, LINKS, n)}'>{_one(chance, TITLES)}</a>" for n in range(5))
    title = chance.choice(("Quay News", "Just a moment...", "Access denied", ""))
    return f"<!doctype html><html><head><title>{title}</title><body><ul>{links}</ul>{_one(chance, TEXTS)}</html>"


def opml(chance: Random) -> str:
    """Return a list of feeds."""
    outlines = "".join(f"<outline text='{n}' xmlUrl='{_one(chance, LINKS, n)}'/>" for n in range(4))
    return f"<opml version='2.0'><body>{outlines}</body></opml>"


def nonsense(chance: Random) -> str:
    """Return what is no document at all."""
    return chance.choice(("", " ", "OK", "null", "<", "<?xml?>", "<!DOCTYPE", "%PDF-1.7 ", "a,b,c\n1,2,3", "\ufeff"))


#: the formats that a feed reader is for come up more often
FORMATS = (rss_20, rss_20, rss_20, rss_091, rdf, atom, atom, mixed, json_feed, sitemap, html_page, opml, nonsense)


# ---------------------------------------------------------------- ways to break it


def _spot(chance: Random, body: bytes) -> int:
    """Return a place in a body."""
    return chance.randrange(len(body) + 1)


def _insert(chance: Random, body: bytes, *what: bytes) -> bytes:
    """Put one of several things somewhere."""
    at = _spot(chance, body)
    return body[:at] + chance.choice(what) + body[at:]


def truncated(chance: Random, body: bytes) -> bytes:
    """Cut the end off."""
    return body[: _spot(chance, body)]


def beheaded(chance: Random, body: bytes) -> bytes:
    """Cut the beginning off."""
    return body[_spot(chance, body[:300]) :]


def spliced(chance: Random, body: bytes) -> bytes:
    """Repeat a piece of it."""
    start, end = sorted((_spot(chance, body), _spot(chance, body)))
    return body[:end] + body[start:end] * chance.randrange(1, 4) + body[end:]


def swapped_tags(chance: Random, body: bytes) -> bytes:
    """Close elements in the wrong order."""
    return body.replace(b"</title>", b"</link>", 1).replace(b"</item>", b"</channel>", chance.randrange(3))


def unclosed(chance: Random, body: bytes) -> bytes:
    """Leave some elements open."""
    tag = chance.choice((b"</item>", b"</title>", b"</description>", b"</entry>", b"</channel>", b"]]>"))
    return body.replace(tag, b"")


def doubled_tags(chance: Random, body: bytes) -> bytes:
    """Give each item two titles, links or ids."""
    tag = chance.choice((b"title", b"link", b"guid", b"id", b"pubDate"))
    return body.replace(b"<" + tag + b">", b"<" + tag + b">x</" + tag + b"><" + tag + b">")


def upper_case(chance: Random, body: bytes) -> bytes:
    """Write the names of elements in capitals."""
    tag = chance.choice((b"item", b"title", b"rss", b"channel", b"entry"))
    return body.replace(b"<" + tag, b"<" + tag.upper()).replace(b"</" + tag, b"</" + tag.upper())


def lost_namespace(chance: Random, body: bytes) -> bytes:
    """Use prefixes that are declared nowhere, or declare them as something else."""
    return body.replace(b"xmlns:", chance.choice((b"xmlnz:", b"xmlns:x", b""))).replace(b"purl.org", b"lrup.gro")


def strange_prefix(chance: Random, body: bytes) -> bytes:
    """Put the elements of RSS under a prefix."""
    declared = body.replace(b"<rss ", b"<rss xmlns:q='http://backend.userland.com/rss2' ")
    return declared.replace(b"<item>", b"<q:item>").replace(b"</item>", chance.choice((b"</q:item>", b"</item>")))


def cdata_trick(chance: Random, body: bytes) -> bytes:
    """Open or close a CDATA section where none belongs."""
    return _insert(chance, body, b"<![CDATA[", b"]]>", b"<![CDATA[<![CDATA[]]>", b"<![CDATA", b"<!--", b"-->", b"<?")


def entity_bomb(chance: Random, body: bytes) -> bytes:
    """Declare entities that multiply, call themselves or read a file."""
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    bombs = (nested, '<!ENTITY e8 "&e8;">', '<!ENTITY e8 SYSTEM "file:///etc/passwd">', '<!ENTITY % e8 "x"> %e8;')
    head = f"<?xml version='1.0'?><!DOCTYPE r [{chance.choice(bombs)}]>".encode()
    return head + body.replace(b"<title>", b"<title>&e8;", 3)


def control_characters(chance: Random, body: bytes) -> bytes:
    """Put bytes in that no text has."""
    for _ in range(chance.randrange(1, 8)):
        body = _insert(
            chance, body, b"\x00", b"\x01", b"\x0b", b"\x1b", b"\x7f", b"\xc2\x85", b"\xef\xbf\xbe", b"\x00" * 50
        )
    return body


def broken_bytes(chance: Random, body: bytes) -> bytes:
    """Put bytes in that are no UTF-8: halves of letters, surrogates, overlong forms."""
    for _ in range(chance.randrange(1, 5)):
        body = _insert(
            chance, body, b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b"\x93"
        )
    return body


def flipped_bits(chance: Random, body: bytes) -> bytes:
    """Change single bits, as a bad disk does."""
    changed = bytearray(body)
    for _ in range(min(len(changed), chance.randrange(1, 12))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def false_declaration(chance: Random, body: bytes) -> bytes:
    """Declare an encoding that it does not have, or that there is not."""
    names = (b"utf-16", b"windows-1251", b"ascii", b"x-klingon", b"idna", b"zlib", b"rot13", b"utf-7", b"cp65001", b"")
    return b"<?xml version='1.0' encoding='" + chance.choice(names) + b"'?>" + body


def other_encoding(chance: Random, body: bytes) -> bytes:
    """Write it in another encoding, with or without saying so."""
    name = chance.choice(
        ("utf-16", "utf-16-le", "utf-32", "windows-1251", "iso-8859-9", "gb18030", "shift_jis", "utf-7")
    )
    text = body.decode("utf-8", "replace")
    head = f"<?xml version='1.0' encoding='{name}'?>" if chance.random() < 0.5 else ""
    return (head + text).encode(name, "replace")


def marked(chance: Random, body: bytes) -> bytes:
    """Put a byte order mark in front, not always the right one."""
    return chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xef\xbb\xbf" * 2)) + body


def prefixed(chance: Random, body: bytes) -> bytes:
    """Put something in front of it, as warnings of a server do."""
    noise = (
        b"\n\n  ",
        b"<br/><b>Warning</b>: mysql_connect()",
        b"<!-- cached -->",
        b")]}',\n",
        b"\x00\x00",
        b"1f40\r\n",
    )
    return chance.choice(noise) + body


def suffixed(chance: Random, body: bytes) -> bytes:
    """Put something behind it."""
    return body + chance.choice((b"<script>x()</script>", b"<!-- 0.2 s -->", body[:200], b"\x00" * 100, b"</html>"))


def deeply_nested(chance: Random, body: bytes) -> bytes:
    """Nest elements far deeper than anybody means."""
    tag = chance.choice((b"div", b"item", b"channel", b"x:y", b"entry"))
    depth = chance.choice((200, 2_000))
    return _insert(chance, body, b"<%s>" % tag * depth, b"<%s>" % tag * depth + b"</%s>" % tag * depth)


def attribute_flood(chance: Random, body: bytes) -> bytes:
    """Give an element more attributes, or a longer one, than any has."""
    many = b" ".join(b"a%d='%d'" % (n, n) for n in range(500))
    return body.replace(b"<item>", b"<item " + chance.choice((many, b"a='" + b"x" * 50_000 + b"'")) + b">", 1)


def no_spaces(chance: Random, body: bytes) -> bytes:
    """Write it without quotes around the values of attributes."""
    return body.replace(b"'", chance.choice((b"", b"`", b"\xe2\x80\x99")))


def escaped_twice(chance: Random, body: bytes) -> bytes:
    """Escape the whole document, or only its items."""
    text = body.decode("utf-8", "replace")
    return chance.choice((escape(text), text.replace("<item>", "&lt;item&gt;"))).encode("utf-8", "replace")


def packed(chance: Random, body: bytes) -> bytes:
    """Send it compressed without a word about it."""
    whole = gzip.compress(body, mtime=0)
    return chance.choice((whole, whole[: len(whole) // 2]))


def many_items(chance: Random, body: bytes) -> bytes:
    """Repeat the first item more often than the cap allows."""
    start, end = body.find(b"<item>"), body.find(b"</item>")
    if not 0 <= start < end < start + 2_000:
        return body
    return body[:start] + body[start : end + 7] * chance.choice((50, 1_100)) + body[end + 7 :]


MUTATIONS: tuple[Mutation, ...] = (
    truncated, beheaded, spliced, swapped_tags, unclosed, doubled_tags, upper_case, lost_namespace, strange_prefix,
    cdata_trick, entity_bomb, control_characters, broken_bytes, flipped_bits, false_declaration, other_encoding, marked,
    prefixed, suffixed, deeply_nested, attribute_flood, no_spaces, escaped_twice, packed, many_items,
)  # fmt: skip

CONTENT_TYPES = (
    "application/rss+xml; charset=utf-8", "application/rss+xml", "text/xml", "text/html; charset=windows-1251",
    "application/atom+xml;charset=utf-16", "text/plain", "application/octet-stream", "text/xml; charset=x-none", ";;;=",
    "application/json", "", 'application/xml; charset="utf-8"; charset=latin1',
)  # fmt: skip


def corpus(*, seed: int, count: int) -> Iterator[Sample]:
    """Yield so many samples, always the same ones for a seed; every mutation comes up about equally often."""
    for number in range(count):
        chance = Random(f"{seed}/{number}")
        write = chance.choice(FORMATS)
        # every mutation leads a sample in turn, so that a small corpus knows all of them; each eighth sample is intact
        ways = [] if number % 8 == 7 else [MUTATIONS[number % len(MUTATIONS)]]
        ways += chance.sample(MUTATIONS, chance.choice((0, 0, 1, 3))) if ways else []
        body = write(chance).encode("utf-8", "replace")
        for way in ways:
            body = way(chance, body)
        kind = chance.choice(CONTENT_TYPES)
        yield Sample(
            " ".join((f"{number:03}", write.__name__, *(way.__name__ for way in ways))), body, {"content-type": kind}
        )
