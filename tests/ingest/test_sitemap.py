"""Sitemaps of every sort give their recent addresses, and what is left out is counted."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.ingest import sitemap
from monitor.ingest.sitemap import parse
from monitor.model import DateOrigin, Feed

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
URL = "https://pier.example/sitemap.xml"
NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def url(loc: str, *more: str, **fields: str) -> str:
    """Return one element of a sitemap."""
    return f"<url><loc>{loc}</loc>{''.join(f'<{k}>{v}</{k}>' for k, v in fields.items())}{''.join(more)}</url>"


def urlset(*urls: str) -> bytes:
    """Return a sitemap."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{NS}" xmlns:n="{NEWS}">{"".join(urls)}</urlset>'.encode()
    )


def index(*parts: tuple[str, str]) -> bytes:
    """Return an index of parts with their times of change."""
    found = (f"<sitemap><loc>{loc}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for loc, at in parts)
    return f'<sitemapindex xmlns="{NS}">{"".join(found)}</sitemapindex>'.encode()


def read(body: bytes, match: str | None = None) -> Feed:
    """Parse a sitemap of the pier."""
    return parse(body, url=URL, now=NOW, match=match)


def left_out(feed: Feed) -> list[tuple[str, str]]:
    """Return what was left out and why."""
    return [(s.what, s.reason) for s in feed.skipped]


def test_news_sitemap() -> None:
    """Title, language and time of publication are read, those of pictures are not."""
    news = (
        "<n:news><n:publication><n:name>Pier</n:name><n:language>az</n:language></n:publication>"
        "<n:publication_date>2026-06-01T10:00:00+04:00</n:publication_date><n:title>Tea &amp; &lt;b&gt;tobacco</n:title></n:news>"
        "<i:image xmlns:i='x'><i:loc>https://pier.example/a.jpg</i:loc><i:title>A picture</i:title></i:image>"
    )
    feed = read(urlset(url("https://pier.example/1", news, lastmod="2026-06-02T00:00:00Z")))
    (entry,) = feed.entries
    assert (feed.version, entry.url, entry.title, entry.lang) == (
        "news sitemap",
        "https://pier.example/1",
        "Tea & tobacco",
        "az",
    )
    assert (entry.published.at, entry.published.origin) == (datetime(2026, 6, 1, 6, tzinfo=UTC), DateOrigin.SITEMAP)


def test_plain_sitemap_gives_the_time_of_change_its_own_origin() -> None:
    """`lastmod` is not taken for a publisher's date; a language comes from the alternate that is the page itself."""
    link = (
        "<x:link xmlns:x='http://www.w3.org/1999/xhtml' rel='alternate' hreflang='{}' href='https://pier.example/{}'/>"
    )
    feed = read(
        urlset(
            url("https://pier.example/ru/1", link.format("en", "en/1"), link.format("ru", "ru/1"), lastmod="2026-06-01")
        )
    )
    (entry,) = feed.entries
    assert (feed.version, entry.title, entry.lang, entry.published.origin) == ("sitemap", "", "ru", DateOrigin.LASTMOD)


@pytest.mark.parametrize(
    "wrapped", [gzip.compress, lambda body: body, lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])]
)
def test_gzipped_or_not(wrapped: object) -> None:
    """A file may be compressed, also in several pieces."""
    assert len(read(wrapped(urlset(url("/1", lastmod="2026-06-01")))).entries) == 1  # type: ignore[operator]


@pytest.mark.parametrize(
    "body",
    [
        b"<urlset><url><loc> /1 </loc></url></urlset>",
        b"<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'><url><loc>/1</loc></url></urlset>",
        b"<s:urlset xmlns:s='x'><s:url><s:loc><![CDATA[/1]]></s:loc></s:url></s:urlset>",
        "<?xml version='1.0'?><urlset><url><loc>/1</loc></url></urlset>".encode("utf-16"),
        b"<urlset><url><loc>/1</loc></url><url><loc>/1</loc></url></urlset>",
    ],
)
def test_odd_sitemaps(body: bytes) -> None:
    """Namespaces, encodings and relative addresses vary; an address counts once."""
    assert [entry.url for entry in read(body).entries] == ["https://pier.example/1"]


def test_broken_sitemap_is_taken_as_far_as_it_goes() -> None:
    """An unescaped sign costs a warning, not the file."""
    feed = read(b"<urlset><url><loc>/a?x=1&y=2</loc></url><url><loc>/b</loc></url></urlset>")
    assert "https://pier.example/b" in [entry.url for entry in feed.entries]
    assert feed.warning


def test_archive_is_left_out_and_counted() -> None:
    """Old addresses, and those without a date where most have one, are not taken; the newest come first."""
    recent = [url(f"/{n}", lastmod=(NOW - timedelta(days=n)).isoformat()) for n in (3, 1, 2)]
    feed = read(urlset(*recent, url("/old", lastmod="2019-01-01"), url("/about"), url("javascript:x")))
    assert [entry.url for entry in feed.entries] == [f"https://pier.example/{n}" for n in (1, 2, 3)]
    assert left_out(feed) == [
        ("1 addresses", "they are no usable links, or stand there twice"),
        ("2 addresses", "published or changed more than 30 days ago"),
    ]


def test_only_matching_addresses_count() -> None:
    """What does not contain the wanted text is counted and takes no room."""
    feed = read(urlset(url("/en/news/1"), url("/en/about")), match="/news/")
    assert [entry.url for entry in feed.entries] == ["https://pier.example/en/news/1"]
    assert left_out(feed) == [("1 addresses", "they do not contain '/news/'")]


def test_one_time_of_change_for_all_is_the_time_of_building() -> None:
    """When everything was changed at once nothing tells what is new."""
    feed = read(urlset(*(url(f"/{n}", lastmod="2026-06-01") for n in range(4))))
    assert {entry.published.at for entry in feed.entries} == {None}
    assert feed.warning == "all 4 addresses carry the same time of change"


def test_undated_addresses_are_taken_from_both_ends() -> None:
    """Without dates new addresses stand at one end of the file; what lies between is counted."""
    feed = read(urlset(*(url(f"/{n}") for n in range(250))))
    assert [str(e.url).rpartition("/")[2] for e in feed.entries] == [str(n) for n in (*range(100), *range(150, 250))]
    assert left_out(feed) == [
        ("50 addresses", "without dates only 100 from each end are taken; narrow them with `match`")
    ]


def test_the_newest_of_very_many_are_taken() -> None:
    """Past the cap the older ones are counted, and past the limit of the protocol all others."""
    times = (NOW - timedelta(minutes=n) for n in range(520))
    feed = read(urlset(*(url(f"/{n}", lastmod=at.isoformat()) for n, at in enumerate(times))))
    assert (len(feed.entries), feed.entries[-1].url) == (500, "https://pier.example/499")
    assert left_out(feed) == [("20 addresses", "only the 500 newest of a sitemap are taken; narrow them with `match`")]
    full = read(b"<urlset>" + b"<url><loc>/1</loc></url>" * (sitemap.MAX_ADDRESSES + 2) + b"</urlset>")
    assert ("2 addresses", "the sitemap has more than 50000") in left_out(full)


def test_index_names_its_newest_parts() -> None:
    """Of the parts of an index the newest are read; those not changed for long, and those too many, are counted."""
    parts = [(f"/p{n}.xml", (NOW - timedelta(days=n)).isoformat()) for n in range(7)]
    feed = read(index(("/old.xml", "2020-01-01"), *reversed(parts)))
    assert feed.more[:3] == tuple(f"https://pier.example/p{n}.xml" for n in range(3))
    assert len(set(feed.more)) == 5
    assert left_out(feed) == [
        ("1 parts of the index", "not changed for 30 days"),
        ("2 parts of the index", "3 that promise most and 2 of the others by turns are read"),
    ]
    assert feed.covers_more


def test_index_without_times_prefers_news_and_the_last_number() -> None:
    """Names and numbers tell which parts may hold news, and the same index says nothing about its parts."""
    names = ("page-1", "post-1", "post-10", "post-9", "tag-1", "author-1", "news-2026-05", "news-2026-06")
    feed = read(index(*((f"/{name}.xml", "") for name in names)))
    assert [part.rpartition("/")[2] for part in feed.more[:3]] == [
        "news-2026-06.xml", "news-2026-05.xml", "post-10.xml",
    ]  # fmt: skip
    assert not feed.covers_more


@pytest.mark.parametrize("hours", [1, 6, 24])
def test_no_part_of_an_index_is_left_out_for_ever(hours: int) -> None:
    """With more parts than a poll reads, each gets its turn, also when the polls come in a steady rhythm."""
    body = index(*((f"/post-{n}.xml", "") for n in range(14)))
    polls = [sitemap.parse(body, url=URL, now=NOW + n * timedelta(hours=hours)).more for n in range(60)]
    assert len(set().union(*polls)) == 14
    assert {len(set(parts)) for parts in polls} == {5}
    # the same moment draws the same parts, so that a poll that is repeated reads what it would have read
    assert sitemap.parse(body, url=URL, now=NOW).more == polls[0]


def test_entities_and_outside_files_are_not_read() -> None:
    """Neither does an entity explode, nor is a file of this machine read."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><urlset><url><loc>/&l9;</loc></url></urlset>'
    spy = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>/a</loc><n:title>&e;</n:title></url></urlset>'
    for body in (bomb, spy):
        try:
            feed = read(body.encode())
        except ParseError:
            continue
        assert all(len(str(entry)) < 500 and "root:" not in str(entry) for entry in feed.entries)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "broken"),
        (b"<urlset><url><loc>", "broken"),
        (b"not xml", "broken"),
        (b"<feed/>", "this is no sitemap"),
        (gzip.compress(urlset(), mtime=0)[:30], "the compressed file is cut short"),
        (b"<urlset>" + b" " * sitemap.MAX_BYTES, "larger than"),
    ],
    ids=lambda value: repr(value[:16]),
)
def test_what_is_no_sitemap(body: bytes, problem: str) -> None:
    """The error says in one line what is wrong."""
    with pytest.raises(ParseError, match=problem) as caught:
        read(body)
    assert "\n" not in str(caught.value)


TIMES = st.none() | st.integers(0, 60).map(lambda days: (NOW - timedelta(days=days)).isoformat())


@given(st.lists(st.tuples(st.integers(0, 30), TIMES), max_size=40))
@settings(max_examples=100)
def test_every_address_is_taken_or_counted(found: list[tuple[int, str | None]]) -> None:
    """Each address of a sitemap is an entry once, or in a count of what was left out."""
    feed = read(urlset(*(url(f"/{n}", **({"lastmod": at} if at else {})) for n, at in found)))
    urls = [entry.url for entry in feed.entries]
    assert len(urls) == len(set(urls))
    counted = sum(int(s.what.split()[0]) for s in feed.skipped)
    # an address that stands twice is counted as unusable the second time
    assert len(urls) + counted == len(found)
