"""The acts of the fault web: each is a short play on a `Stage` that says in one sentence how it must end."""
# ruff: noqa: D401 - a sentence says how it goes, it tells nobody to do anything

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from textwrap import wrap
from unittest.mock import patch

from faults import lasting, ok, page, redirect
from harness import page_of
from page_readers import read as peculiar_reader
from pdfwriter import pdf_of
from stage import GATE, OUTLETS, QUAY, News, Stage, date_of, html, rss, text_of, title_of
from webserver import Answer, answer

from monitor import extraction
from monitor.extraction import Extractor
from monitor.ingest.feed import MAX_ENTRIES
from monitor.store.sources import sync

Act = Callable[[Stage], None]
ACTS: dict[str, Act] = {}


def act(play: Act) -> Act:
    """Enter an act into the table."""
    ACTS[play.__name__] = play
    return play


def conditional(body: bytes, tag: str = '"1"') -> Answer:
    """Return the answer of a server that knows its ETag."""

    def send(head: str, connection: socket.socket) -> None:
        """Answer 304 to the right tag."""
        known = f"if-none-match: {tag}".lower() in head.lower()
        (answer("304 Not Modified", ETag=tag) if known else ok(body, ETag=tag))(head, connection)

    return send


# ---------------------------------------------------------------- formats


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://quay.example/news/"><title>Quay</title>'
    '<entry><id>tag:quay.example,2026:1</id><title type="html">Tea &amp;amp; customs</title>'
    '<link rel="enclosure" href="/sound.mp3"/><link href="alpha"/><updated>2026-11-22T08:00:00+04:00</updated>'
    '<author><name>Jane Roe</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
    "<p>Customs officers found tea.</p></div></content></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://quay.example/"><title>Quay</title></channel>'
    '<item rdf:about="http://quay.example/alpha"><title>Tea and customs</title><link>http://quay.example/alpha</link>'
    "<dc:date>2026-11-22T08:00:00Z</dc:date><dc:creator>Jane Roe</dc:creator></item></rdf:RDF>"
)


@act
def atom_feed(stage: Stage) -> None:
    """An Atom feed gives title, address, date with its zone and author."""
    stage.feed(ATOM.encode())
    stage.poll()
    expected = ("Tea & customs", "http://quay.example/news/alpha", "2026-11-22T04:00:00Z", "feed", "Jane Roe")
    assert stage.rows("select title, url, published_at, published_origin, author from items") == [expected]


@act
def rdf_feed(stage: Stage) -> None:
    """RSS 1.0, whose items stand beside the channel, is read too."""
    stage.feed(RDF.encode())
    stage.poll()
    expected = ("Tea and customs", "http://quay.example/alpha", "2026-11-22T08:00:00Z", "Jane Roe")
    assert stage.rows("select title, url, published_at, author from items") == [expected]


@act
def xml_base(stage: Stage) -> None:
    """Relative addresses are those of the xml:base that the feed declares, and an enclosure is no address."""
    stage.feed(ATOM.encode())
    stage.poll()
    assert stage.urls() == ["http://quay.example/news/alpha"]


@act
def relative_links(stage: Stage) -> None:
    """Relative addresses are those of the feed's own place, after its redirects."""
    stage.feed(redirect("http://gate.example/deep/feed"))
    stage.feed(rss(News("/a", link="/alpha"), News("/b", link="beta"), News("/c", link="//c.example/x")), "/deep/feed")
    stage.poll()
    assert stage.urls() == ["http://c.example/x", "http://gate.example/alpha", "http://gate.example/deep/beta"]


@act
def links_that_lead_nowhere(stage: Stage) -> None:
    """A piece whose address is a script, a file or a mail address is kept without it, and nothing is asked for."""
    bad = ("javascript:alert(1)", "file:///etc/passwd", "mailto:x@quay.example", "ftp://quay.example/a")
    stage.feed(rss(*(News(f"/{n}", link=link, guid=f"urn:{n}") for n, link in enumerate(bad))))
    assert stage.poll().new == 4
    assert (stage.urls(), len(stage.web.heads) - stage.asked("/robots.txt")) == ([None] * 4, 1)


@act
def addresses_inside(stage: Stage) -> None:
    """A feed cannot make us ask machines of our own network for a page."""
    links = ("http://169.254.169.254/latest/", "http://127.0.0.1:{}/admin", "http://[::1]/", "http://10.0.0.1/")
    stage.feed(rss(*(News(f"/{n}", link=one.format(stage.web.port)) for n, one in enumerate(links))))
    stage.poll()
    problems = stage.column("select page_problem from items")
    assert [str(problem).partition(":")[0] for problem in problems] == ["private_address"] * 4
    assert len(stage.web.heads) - stage.asked("/robots.txt") == 1


@act
def full_text_in_the_feed(stage: Stage) -> None:
    """The text of the feed is used when it is fuller than that of the page."""
    words = " ".join(f"The inspection of container {n} took an hour." for n in range(40))
    more = f"<content:encoded><![CDATA[<p>{words}</p>]]></content:encoded>"
    spaces = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", more=more), spaces=spaces))
    stage.poll()
    assert stage.rows("select text_origin, text from items") == [("feed", words)]


@act
def huge_title(stage: Stage) -> None:
    """A title of a megabyte is stored as one line and does not keep the others out."""
    stage.feed(rss(News("/alpha", title="tea " * 250_000), "/beta"))
    assert stage.poll().new == 2
    assert "\n" not in str(stage.column("select title from items where url like '%alpha'")[0])


@act
def entries_over_the_cap(stage: Stage) -> None:
    """What a feed has above the cap is counted and can be listed."""
    entries = [News(f"/{n}", link="", guid=f"urn:{n}", title=f"Customs notice {n}") for n in range(MAX_ENTRIES + 7)]
    stage.feed(rss(*entries))
    assert stage.poll().entries == MAX_ENTRIES
    assert ("7 entries", f"the feed has more than {MAX_ENTRIES} entries") in stage.rows(
        "select what, reason from left_out"
    )


@act
def entries_without_identity(stage: Stage) -> None:
    """An entry without GUID, address and title is left out with its reason, and the others are kept."""
    nameless = rss("/alpha").replace(b"</channel>", b"<item><description>x</description></item></channel>")
    stage.feed(nameless)
    assert (stage.poll().new, stage.column("select what from left_out")) == (1, ["entry 2"])


@act
def entity_bomb(stage: Stage) -> None:
    """Entities that multiply fill neither memory nor state."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    body = rss(News("/alpha", title="Tea &e9;"), "/beta").replace(
        b'"1.0"?>', f'"1.0"?><!DOCTYPE r [{entities}]>'.encode()
    )
    stage.feed(body)
    stage.poll()
    assert stage.column("select max(length(title)) < 200 from items") in ([1], [None])


@act
def external_entity(stage: Stage) -> None:
    """An entity that names a file of ours is not read."""
    body = rss(News("/alpha", title="Tea &x; and customs"))
    stage.feed(body.replace(b'"1.0"?>', b'"1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))
    stage.poll()
    assert not [title for title in stage.column("select title || text from items") if "root:" in str(title)]


@act
def wrapped_link(stage: Stage) -> None:
    """The name of the publisher that an aggregator puts behind a title is no part of it."""
    more = "<source url='http://gate.example'>Gate Times</source>"
    stage.feed(rss(News("/alpha", title="Customs finds tea - Gate Times", more=more)))
    stage.poll()
    assert stage.column("select title from items") == ["Customs finds tea"]


@act
def markup_in_titles(stage: Stage) -> None:
    """Neither markup nor scripts nor turned directions of a title reach the state."""
    stage.feed(
        rss(News("/alpha", title="&lt;b&gt;Tea&lt;/b&gt; &lt;script&gt;evil()&lt;/script&gt;&#x202e; at customs"))
    )
    stage.poll()
    assert stage.column("select title from items") == ["Tea at customs"]


@act
def lone_surrogate(stage: Stage) -> None:
    """A reference to half a character costs that character and nothing else."""
    stage.feed(rss(News("/alpha", title="Tea &#xD83D; at customs"), "/beta"))
    assert stage.poll().new == 2
    assert "Tea \ufffd at customs" in stage.column("select title from items")


# ---------------------------------------------------------------- asking again


@act
def etag(stage: Stage) -> None:
    """A server that answers 304 to its ETag is left at that: nothing is parsed, stored or fetched again."""
    stage.pages("/alpha")
    stage.feed(conditional(rss("/alpha")))
    assert [stage.poll().result for _ in range(3)] == ["ok", "not_modified", "not_modified"]
    assert ('if-none-match: "1"' in stage.head(), stage.asked("/alpha"), stage.state()) == (True, 1, "ok")


@act
def weak_etag(stage: Stage) -> None:
    """A weak ETag is sent back as it came."""
    stage.feed(rss("/alpha"), ETag='W/"x-7"')
    stage.poll()
    stage.poll()
    assert 'if-none-match: w/"x-7"' in stage.head()


@act
def unusable_etag(stage: Stage) -> None:
    """An ETag with letters that no header may hold is not sent back."""
    stage.feed(rss("/alpha"), ETag='"\u00e9\u00e9"')
    stage.poll()
    stage.poll()
    assert "if-none-match" not in stage.head()


@act
def lying_etag(stage: Stage) -> None:
    """A server whose ETag stays although its feed changes is found out within half a day."""
    stage.pages("/alpha", "/beta")
    stage.feed(conditional(rss("/alpha")))
    stage.poll()
    stage.feed(conditional(rss("/beta", "/alpha")))
    assert stage.poll().result == "not_modified"
    assert stage.poll(hours=12).new == 1


@act
def last_modified_only(stage: Stage) -> None:
    """A server that knows only Last-Modified is asked with If-Modified-Since."""
    stage.feed(rss("/alpha"), Last_Modified="Sun, 22 Nov 2026 09:00:00 GMT")
    stage.poll()
    stage.feed(answer("304 Not Modified"))
    assert stage.poll().result == "not_modified"
    assert "if-modified-since: sun, 22 nov 2026 09:00:00 gmt" in stage.head()


@act
def unchanged_without_validators(stage: Stage) -> None:
    """The same bytes without any validator are recognised and not parsed again."""
    stage.feed(rss("/alpha"))
    stage.poll()
    with patch("monitor.ingest.kinds.read", side_effect=AssertionError("parsed again")):
        poll = stage.poll()
    assert (poll.result, poll.reason, stage.asked("/alpha")) == ("not_modified", "the same bytes as last time", 1)


@act
def not_modified_after_a_failed_parse(stage: Stage) -> None:
    """After a body that could not be parsed no validators are sent, and a 304 does not turn the source green."""
    stage.feed(page("Relaunch", ETag='"9"'))
    stage.poll()
    stage.feed(answer("304 Not Modified", ETag='"9"'))
    poll = stage.poll()
    assert ("if-none-match" in stage.head(), poll.result, stage.state()) == (False, "failed", "failing")
    assert "nothing was parsed" in stage.reason()


@act
def not_modified_on_the_first_poll(stage: Stage) -> None:
    """A 304 to somebody who has never asked is a failure."""
    stage.feed(answer("304 Not Modified"))
    assert (stage.poll().result, stage.state()) == ("failed", "failing")


@act
def failing_since(stage: Stage) -> None:
    """A source says since when it fails, and that does not move while it goes on."""
    stage.feed(rss("/alpha"))
    stage.poll()
    stage.feed(page("Error", status="500 Internal Server Error"))
    stage.poll()
    since = stage.column("select since_at from v_sources where source_id = 'quay-news'")
    stage.poll(hours=3)
    assert stage.column("select since_at from v_sources where source_id = 'quay-news'") == since
    assert stage.column("select failures from v_sources where source_id = 'quay-news'") == [2]


@act
def history_is_kept(stage: Stage) -> None:
    """Every poll is a row of the history with its result, status and reason."""
    stage.feed(rss("/alpha"))
    stage.poll()
    stage.feed(page("Error", status="503 Service Unavailable"))
    stage.poll()
    query = "select result, http_status, reason from v_runs where source_id = 'quay-news' order by run_id"
    assert stage.rows(query) == [("ok", 200, None), ("failed", 503, "HTTP 503")]


# ---------------------------------------------------------------- when to come back


@act
def retry_after_in_seconds(stage: Stage) -> None:
    """Retry-After in seconds is kept, with a little more to spread the sources out."""
    stage.feed(page("Slow", status="429 Too Many Requests", Retry_After="7200"))
    stage.poll()
    assert 7200 <= stage.wait_s() <= 1.1 * 7200 + 1


@act
def retry_after_as_a_date(stage: Stage) -> None:
    """Retry-After as a date is kept."""
    stage.feed(page("Back soon", status="503 Service Unavailable", Retry_After=stage.http_date(hours=5)))
    stage.poll()
    assert 4.8 * 3600 <= stage.wait_s() <= 5.6 * 3600


@act
def retry_after_beyond_reason(stage: Stage) -> None:
    """A server that asks us to wait for years is asked again within about a day."""
    stage.feed(page("Slow", status="429 Too Many Requests", Retry_After="99999999999999"))
    stage.poll()
    assert 86_000 <= stage.wait_s() <= 1.11 * 86_400


@act
def retry_after_that_means_nothing(stage: Stage) -> None:
    """A Retry-After that is neither number nor date is passed over."""
    stage.feed(page("Slow", status="429 Too Many Requests", Retry_After="soon, please"))
    stage.poll()
    assert 60 <= stage.wait_s() <= 3600


@act
def max_age_is_a_floor(stage: Stage) -> None:
    """A feed that may be kept for two hours is not asked for earlier, also after a 304."""
    stage.feed(rss("/alpha"), Cache_Control="public, max-age=7200")
    stage.poll()
    assert stage.wait_s() >= 7200
    stage.feed(answer("304 Not Modified", Cache_Control="max-age=7200"))
    stage.poll(hours=2)
    assert stage.wait_s() >= 7200


@act
def no_store_is_no_floor(stage: Stage) -> None:
    """A max-age beside no-store asks for nothing."""
    stage.feed(rss("/alpha"), Cache_Control="no-store, max-age=7200")
    stage.poll()
    assert stage.wait_s() < 7200


@act
def ttl_is_a_floor(stage: Stage) -> None:
    """A feed that asks for three hours of peace gets them."""
    stage.feed(rss("/alpha", channel="<ttl>180</ttl>"))
    stage.poll()
    assert stage.wait_s() >= 3 * 3600


@act
def failures_slow_down(stage: Stage) -> None:
    """Each failure in a row doubles the wait, up to about a day, and a source is never given up."""
    stage.feed(page("Error", status="500 Internal Server Error"))
    waits = []
    for _ in range(14):
        stage.poll()
        waits.append(stage.wait_s())
    assert all(later >= earlier - 1 for earlier, later in pairwise(waits))
    assert (waits[-1] >= 16 * waits[0], waits[-1] <= 1.11 * 86_400, stage.state()) == (True, True, "failing")


@act
def recovery_is_at_once(stage: Stage) -> None:
    """After any number of failures one good answer brings the source back to its pace."""
    stage.feed(page("Error", status="500 Internal Server Error"))
    for _ in range(6):
        stage.poll()
    stage.feed(rss("/alpha"))
    stage.poll()
    assert (stage.state(), stage.wait_s() <= 3600) == ("ok", True)


@act
def gone_is_asked_once_a_month(stage: Stage) -> None:
    """A feed that is gone is retired with its reason, and still looked at once a month."""
    stage.feed(answer("410 Gone"))
    stage.poll()
    assert (stage.state(), "410" in stage.reason(), 25 * 86_400 <= stage.wait_s() <= 35 * 86_400) == (
        "retired",
        True,
        True,
    )
    stage.feed(rss("/alpha"))
    stage.poll(days=31)
    assert stage.state() == "ok"


# ---------------------------------------------------------------- moves


@act
def permanent_redirect(stage: Stage) -> None:
    """A permanent move that three answers in a row confirm is shown, and the old address is not asked again."""
    stage.feed(redirect("http://quay.example/new", "301 Moved Permanently"))
    stage.feed(rss("/alpha"), "/new")
    for _ in range(4):
        stage.poll()
    assert (stage.asked("/feed"), stage.asked("/new")) == (3, 4)
    assert stage.column("select moved_to from v_sources where source_id = 'quay-news'") == ["http://quay.example/new"]


@act
def temporary_redirect(stage: Stage) -> None:
    """A temporary move is followed each time anew."""
    stage.feed(redirect("http://quay.example/new"))
    stage.feed(rss("/alpha"), "/new")
    stage.poll()
    stage.poll()
    assert (stage.asked("/feed"), stage.asked("/new")) == (2, 2)
    assert stage.column("select moved_to from v_sources where source_id = 'quay-news'") == [None]


@act
def move_that_was_a_mistake(stage: Stage) -> None:
    """When the new address fails again and again, the configured one is asked once more."""
    stage.feed(redirect("http://quay.example/new", "308 Permanent Redirect"))
    stage.feed(rss("/alpha"), "/new")
    stage.poll()
    stage.feed(answer("404 Not Found"), "/new")
    for _ in range(3):
        stage.poll()
    stage.feed(rss("/beta", "/alpha"))
    assert (stage.poll().new, stage.state()) == (1, "ok")


@act
def many_redirects(stage: Stage) -> None:
    """More redirects than allowed end the request, five are followed."""
    for n in range(9):
        stage.feed(redirect(f"http://quay.example/{n + 1}"), f"/{n}" if n else "/feed")
    assert "redirects" in (stage.poll().reason or "")
    stage.feed(rss("/alpha"), "/5")
    assert stage.poll().new == 1


@act
def redirect_with_a_cookie(stage: Stage) -> None:
    """A site that leads to itself until its cookie comes back is satisfied."""

    def send(head: str, connection: socket.socket) -> None:
        """Ask for the cookie until it comes."""
        has = "seen=1" in head
        (ok(rss("/alpha")) if has else answer("302 Found", Location="/feed", Set_Cookie="seen=1"))(head, connection)

    stage.feed(send)
    assert stage.poll().new == 1


# ---------------------------------------------------------------- one piece, one item


@act
def edited_piece(stage: Stage) -> None:
    """A piece whose text changed is a revision of its item: same id, old text kept, nothing new."""
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.poll()
    stage.page(
        "/alpha", html("/alpha", "The importer has lodged an appeal against the fine, the court said on Sunday.")
    )
    stage.feed(rss(News("/alpha", teaser="Customs officers found tea, and the importer has lodged an appeal.")))
    poll = stage.poll()
    assert (poll.new, poll.revised, len(stage.urls())) == (0, 1, 1)
    assert stage.column("select revision from items") == [2]
    assert stage.column("select text from revisions") == [text_of("/alpha")]
    assert stage.column("select count(*) from reprints") == [0]


@act
def mended_headline(stage: Stage) -> None:
    """A new title at the same address is a revision."""
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.poll()
    stage.feed(rss(News("/alpha", title="Customs finds tea worth millions")))
    assert (stage.poll().revised, stage.column("select title from items")) == (1, ["Customs finds tea worth millions"])


@act
def mended_slug(stage: Stage) -> None:
    """A new address with the old GUID and title is the same piece."""
    stage.pages("/alpha", "/alpha-2")
    stage.feed(rss(News("/alpha", guid="urn:7")))
    stage.poll()
    stage.feed(rss(News("/alpha-2", guid="urn:7", title=title_of("/alpha"), date=date_of("/alpha"))))
    assert (stage.poll().new, len(stage.urls())) == (0, 1)


@act
def guid_used_for_another_piece(stage: Stage) -> None:
    """A publisher that gives an old GUID to another piece loses neither of them."""
    stage.pages("/alpha", "/beta")
    stage.feed(rss(News("/alpha", guid="urn:7")))
    stage.poll()
    stage.feed(rss(News("/beta", guid="urn:7")))
    assert (stage.poll().new, len(stage.urls())) == (1, 2)


@act
def one_piece_through_two_sources(stage: Stage) -> None:
    """A piece that two sources show is stored once, with both."""
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.feed(rss(News("/alpha", guid="urn:gate:1", teaser="Our friends at the quay report.")), "/feed2")
    stage.poll()
    assert stage.poll(GATE).new == 0
    assert stage.column("select source_id from item_sources order by source_id") == ["gate-times", "quay-news"]
    assert (len(stage.urls()), stage.asked("/alpha")) == (1, 1)


@act
def one_piece_through_two_sources_at_once(stage: Stage) -> None:
    """The same holds when both sources are polled in one pass."""
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.feed(rss(News("/alpha", guid="urn:gate:1")), "/feed2")
    report = stage.app.pipeline.run_pass()
    assert (report.polled, report.counts()["new"], len(stage.urls()), stage.asked("/alpha")) == (2, 1, 1, 1)
    assert stage.column("select count(*) from item_sources") == [2]


@act
def two_teasers_are_no_revision(stage: Stage) -> None:
    """Two sources that tease one piece in different words do not revise it to and fro."""
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.feed(rss(News("/alpha", teaser="Our friends at the quay report that customs found tea.")), "/feed2")
    polls = [stage.poll(source) for source in (QUAY, GATE, QUAY, GATE)]
    assert [poll.revised for poll in polls] == [0, 0, 0, 0]
    assert stage.column("select revision from items") == [1]


@act
def address_in_other_words(stage: Stage) -> None:
    """Https, www, a slash at the end, a fragment and tracking parameters do not make another piece."""
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", guid="")))
    stage.poll()
    for link in (
        "https://www.quay.example/alpha/",
        "http://quay.example/alpha#top",
        "http://quay.example/alpha?utm_id=3",
    ):
        stage.feed(rss(News("/alpha", guid="", link=link)))
        assert (link, stage.poll().new) == (link, 0)


@act
def numbers_in_the_address_tell_pieces_apart(stage: Stage) -> None:
    """Two pieces whose addresses differ only by a number in the query are two."""
    stage.feed(rss(News("/a", link="http://quay.example/?id=10"), News("/b", link="http://quay.example/?id=11")))
    assert stage.poll().new == 2


@act
def piece_without_an_address(stage: Stage) -> None:
    """A piece without address and GUID is known again by its title."""
    stage.feed(rss(News("/alpha", link="", guid="")))
    assert [stage.poll().new, stage.feed(rss("/beta", News("/alpha", link="", guid=""))), stage.poll().new] == [
        1,
        None,
        1,
    ]


@act
def piece_that_comes_back(stage: Stage) -> None:
    """A piece that left the feed and comes back is the same one."""
    stage.pages("/alpha", "/beta")
    for paths, new in ((("/alpha",), 1), (("/beta",), 1), (("/alpha", "/beta"), 0)):
        stage.feed(rss(*paths))
        assert stage.poll().new == new


# ---------------------------------------------------------------- dates


def dated(stage: Stage, raw: str, lang: str = "") -> tuple[object, object]:
    """Return the date and its origin of a piece whose entry has a raw date and whose page has none."""
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", date=raw), channel=f"<language>{lang}</language>" if lang else ""))
    stage.poll()
    ((at, origin),) = stage.rows("select published_at, published_origin from items")
    return at, origin


@act
def zone_of_china(stage: Stage) -> None:
    """CST in a Chinese feed is the time of China."""
    assert dated(stage, "Sun, 22 Nov 2026 16:00:00 CST", "zh-cn") == ("2026-11-22T08:00:00Z", "feed")


@act
def zone_of_india(stage: Stage) -> None:
    """IST is not taken for UTC."""
    assert dated(stage, "Sun, 22 Nov 2026 13:30:00 IST") == ("2026-11-22T08:00:00Z", "feed")


@act
def slashes(stage: Stage) -> None:
    """A date such as 2016/6/29 is not a day of this month."""
    assert dated(stage, "2016/6/29 15:07:41") == ("2016-06-29T15:07:41Z", "feed")


@act
def points(stage: Stage) -> None:
    """A date such as 29.06.2026 is read."""
    assert dated(stage, "29.06.2026") == ("2026-06-29T00:00:00Z", "feed")


@act
def russian_date(stage: Stage) -> None:
    """A date with a Russian month is read."""
    assert dated(stage, "21 ноября 2026 г., 15:07", "ru") == ("2026-11-21T15:07:00Z", "feed")


@act
def azerbaijani_date(stage: Stage) -> None:
    """A date with an Azerbaijani month is read."""
    assert dated(stage, "21 noyabr 2026, 15:07", "az") == ("2026-11-21T15:07:00Z", "feed")


@act
def french_date(stage: Stage) -> None:
    """A date with a French weekday and month is read."""
    assert dated(stage, "sam., 21 novembre 2026 15:07", "fr") == ("2026-11-21T15:07:00Z", "feed")


@act
def epoch_seconds(stage: Stage) -> None:
    """Seconds since 1970 are a date."""
    assert dated(stage, "1795248000") == ("2026-11-21T08:00:00Z", "feed")


@act
def epoch_milliseconds(stage: Stage) -> None:
    """Milliseconds since 1970 are a date."""
    assert dated(stage, "1795248000000") == ("2026-11-21T08:00:00Z", "feed")


@act
def year_one(stage: Stage) -> None:
    """The first day of the calendar is no date of news."""
    assert dated(stage, "0001-01-01T00:00:00Z")[0] is None


@act
def future_date(stage: Stage) -> None:
    """A date weeks ahead is the date of an event, not of its announcement."""
    assert dated(stage, "Thu, 24 Dec 2026 08:00:00 GMT")[0] is None


@act
def either_day_or_month(stage: Stage) -> None:
    """A date that can be read in two ways is left open."""
    assert dated(stage, "06/07/2026")[0] is None


@act
def batch_with_one_wrong_date(stage: Stage) -> None:
    """Entries that all carry one and the same second have the date of the build, which is nobody's date."""
    paths = [f"/{n}" for n in range(5)]
    stage.feed(rss(*(News(path, date="Sun, 22 Nov 2026 11:59:00 GMT") for path in paths)))
    poll = stage.poll()
    assert (poll.result, "same date" in (poll.reason or ""), set(stage.column("select published_at from items"))) == (
        "undated", True, {None},
    )  # fmt: skip


@act
def date_of_the_page(stage: Stage) -> None:
    """A piece without a date in the feed has the one that its page declares."""
    meta = '<meta property="article:published_time" content="2026-11-20T10:00:00+04:00">'
    body = page_of(title_of("/alpha"), text_of("/alpha")).replace(b"<head>", f"<head>{meta}".encode())
    stage.page("/alpha", answer("200 OK", body, Content_Type="text/html; charset=utf-8"))
    stage.feed(rss(News("/alpha", date="")))
    stage.poll()
    assert stage.rows("select published_at, published_origin from items") == [("2026-11-20T06:00:00Z", "meta")]


@act
def date_in_the_address(stage: Stage) -> None:
    """A piece that has no other date has that of its address."""
    stage.pages("/2026/11/20/alpha")
    stage.feed(rss(News("/2026/11/20/alpha", date="")))
    stage.poll()
    assert stage.rows("select published_at, published_origin from items") == [("2026-11-20T00:00:00Z", "url")]


# ---------------------------------------------------------------- pages


def problem_of(stage: Stage, what: Answer) -> str:
    """Return the problem that a page is to a piece, which is stored all the same with its teaser."""
    stage.feed(rss("/alpha"))
    stage.page("/alpha", what)
    assert stage.poll().new == 1
    assert stage.column("select text_origin from items") == ["feed"]
    return str(stage.column("select page_problem from items")[0])


@act
def page_that_is_down_once(stage: Stage) -> None:
    """A page that answers 500 once is read on the next poll, though the feed has not changed."""
    assert problem_of(stage, answer("500 Internal Server Error")) == "HTTP 500"
    stage.page("/alpha")
    stage.poll()
    assert stage.rows("select text, text_origin, page_problem from items") == [(text_of("/alpha"), "page", None)]


@act
def page_that_stays_down(stage: Stage) -> None:
    """A page that stays down is given up after three attempts, and its item says why."""
    problem_of(stage, answer("503 Service Unavailable"))
    for _ in range(4):
        stage.poll()
    assert (stage.asked("/alpha"), stage.column("select page_attempts from items")) == (3, [3])


@act
def page_that_is_not_there(stage: Stage) -> None:
    """A page that answers 404 is not asked for again."""
    assert problem_of(stage, answer("404 Not Found")) == "HTTP 404"
    stage.poll()
    assert stage.asked("/alpha") == 1


@act
def page_behind_a_wall(stage: Stage) -> None:
    """A challenge in place of a page is named, and its text is nobody's article."""
    assert "Cloudflare" in problem_of(stage, page("Wait", status="403 Forbidden", cf_mitigated="challenge"))


@act
def page_that_is_silent(stage: Stage) -> None:
    """A page that never comes costs its own time only."""
    assert problem_of(stage, lasting(b"")).startswith("timeout")


@act
def page_that_is_a_bomb(stage: Stage) -> None:
    """A page that unpacks to more than the cap is refused."""
    bomb = gzip.compress(b"<p>" * 7_000_000)
    assert problem_of(stage, answer("200 OK", bomb, Content_Encoding="gzip")).startswith("too_large")


@act
def page_that_leads_inside(stage: Stage) -> None:
    """A page that leads to a machine of our own network is not followed."""
    assert problem_of(stage, redirect("http://192.168.0.1/")).startswith("private_address")


@act
def page_that_is_a_film(stage: Stage) -> None:
    """A body of a kind that has no text is not taken for a page."""
    film = answer("200 OK", b"\x00\x00\x00\x18ftypmp42" * 99, Content_Type="video/mp4")
    assert "video/mp4" in problem_of(stage, film)


@act
def broken_pdf(stage: Stage) -> None:
    """A PDF that is cut short is a problem of its piece and of nothing else."""
    stage.feed(rss("/alpha", "/beta"))
    stage.page("/alpha", answer("200 OK", b"%PDF-1.7\n1 0 obj\n<< /Type /Cat", Content_Type="application/pdf"))
    stage.page("/beta")
    assert stage.poll().new == 2
    assert stage.column("select page_problem is not null from items order by url") == [1, 0]


@act
def page_that_is_empty(stage: Stage) -> None:
    """A page without text leaves the teaser."""
    assert problem_of(stage, answer("200 OK", b"<html><body></body></html>", Content_Type="text/html"))


@act
def page_nested_beyond_reason(stage: Stage) -> None:
    """A page of a hundred thousand nested elements ends in a text or a problem, and the next one is read."""
    deep = b"<html><body>" + b"<div>" * 100_000 + b"x"
    stage.feed(rss("/alpha", "/beta"))
    stage.page("/alpha", answer("200 OK", deep, Content_Type="text/html"))
    stage.page("/beta")
    assert stage.poll().new == 2
    assert text_of("/beta") in stage.column("select text from items")


@act
def page_with_zeros(stage: Stage) -> None:
    """Zeros and control characters of a page do not reach the state."""
    body = page_of(title_of("/alpha"), text_of("/alpha")).replace(b" tea", b"\0 tea\x01\x1b")
    stage.feed(rss("/alpha"))
    stage.page("/alpha", answer("200 OK", body, Content_Type="text/html; charset=utf-8"))
    stage.poll()
    (text,) = stage.column("select text from items")
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", str(text))


@act
def page_in_another_encoding(stage: Stage) -> None:
    """A page is read in the encoding that its head names, when the server names none."""
    text = "Таможенники порта обнаружили триста килограммов чая в контейнере с бананами в пятницу вечером, сообщили в порту."
    body = page_of("Чай", text).decode().replace("<head>", '<head><meta charset="windows-1251">').encode("cp1251")
    stage.feed(rss(News("/alpha", title="Чай в порту")))
    stage.page("/alpha", answer("200 OK", body, Content_Type="text/html"))
    stage.poll()
    assert stage.column("select text from items") == [text]


@act
def page_in_utf16(stage: Stage) -> None:
    """A page in UTF-16 is read by its mark."""
    body = page_of(title_of("/alpha"), text_of("/alpha")).decode().encode("utf-16")
    stage.feed(rss("/alpha"))
    stage.page("/alpha", answer("200 OK", body, Content_Type="text/html"))
    stage.poll()
    assert stage.column("select text from items") == [text_of("/alpha")]


def with_a_worker(stage: Stage, body: bytes) -> list[tuple[object, ...]]:
    """Read two pages in a worker process whose reader can be ended and hung, the first one peculiar."""
    stage.feed(rss("/alpha", "/beta"))
    stage.page("/alpha", answer("200 OK", body, Content_Type="text/html"))
    stage.page("/beta", answer("200 OK", text_of("/beta").encode(), Content_Type="text/html"))
    with Extractor(1, read=peculiar_reader) as extractor:
        stage.app = replace(stage.app, pipeline=replace(stage.app.pipeline, extractor=extractor))
        stage.poll()
    return stage.rows("select text_origin, page_problem from items order by url")


@act
def page_that_ends_its_reader(stage: Stage) -> None:
    """A page that ends the process that reads it costs itself only."""
    ended = ("feed", "extracting its text ended the worker process")
    assert with_a_worker(stage, b"deadly") == [ended, ("page", None)]


@act
def page_that_hangs_its_reader(stage: Stage) -> None:
    """A page whose extraction never ends is given up, and the one behind it is read."""
    with patch.object(extraction, "PAGE_DEADLINE_S", 4.0):
        (one, other) = with_a_worker(stage, b"endless")
    assert ("could not be extracted within" in str(one[1]), other) == (True, ("page", None))


@act
def repeated_furniture(stage: Stage) -> None:
    """A line that an outlet puts on all its pages is taken out of the texts and can be listed."""
    slogan = "Quay News brings you every day what the port talks about."
    reports = {
        "/tea": "Officers at Port Maren found three hundred kilograms of tea behind a false wall of a lorry on Friday.",
        "/tariff": "The ministry raised the duty on imported steel to nine per cent, which traders call a heavy burden.",
        "/strike": "Dock workers walked out over night shifts, so forty ships wait in the bay until talks end next week.",
        "/court": "A judge acquitted the broker who had declared perfume as soap, because no invoice named the goods.",
        "/scanner": "The new scanner reads ninety trains a day and spares the railway most inspections by hand, it says.",
    }
    for path, report in reports.items():
        stage.page(path, answer("200 OK", page_of(title_of(path), report, slogan), Content_Type="text/html"))
    stage.feed(rss(*list(reports)[:-1]))
    stage.poll()
    stage.feed(rss(*reports))
    stage.poll()
    assert sorted(map(str, stage.column("select text from items"))) == sorted(reports.values())
    assert slogan in stage.column("select block from removed_blocks")


@act
def json_feed(stage: Stage) -> None:
    """A JSON Feed is read like any other."""
    item = '{"id": "7", "url": "http://quay.example/alpha", "title": "Customs and tea", "content_text": "Tea.", '
    item += '"date_published": "2026-11-22T08:00:00+04:00"}'
    body = '{"version": "https://jsonfeed.org/version/1.1", "title": "Quay", "items": [' + item + "]}"
    stage.feed(ok(body.encode(), "application/feed+json"))
    stage.poll()
    expected = [("Customs and tea", "http://quay.example/alpha", "2026-11-22T04:00:00Z")]
    assert stage.rows("select title, url, published_at from items") == expected


@act
def robots_that_forbid(stage: Stage) -> None:
    """A page which robots.txt forbids is not asked for, and that its item says so."""
    stage.feed(answer("200 OK", b"User-agent: *\nDisallow: /alpha\n", Content_Type="text/plain"), "/robots.txt")
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.poll()
    assert stage.asked("/alpha") == 0
    assert "robots" in str(stage.column("select page_problem from items")[0])


@act
def locale_mirror(stage: Stage) -> None:
    """One piece under /en/ and /en-us/ with one title and date is one item."""
    stage.page("/en/alpha")
    stage.page("/en-us/alpha", html("/en/alpha"))
    same = {"title": title_of("/alpha"), "date": "Sun, 22 Nov 2026 08:00:00 GMT"}
    stage.feed(rss(News("/en/alpha", **same)))
    stage.feed(rss(News("/en-us/alpha", **same)), "/feed2")
    stage.app.pipeline.run_pass()
    assert len(stage.urls()) == 1


@act
def amp_page(stage: Stage) -> None:
    """The AMP address of a piece is the piece."""
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", guid="urn:1")))
    stage.poll()
    for link in ("http://quay.example/alpha/amp", "http://quay.example/amp/alpha", "http://quay.example/alpha?amp=1"):
        stage.feed(rss(News("/alpha", guid=f"urn:{len(link)}", link=link)))
        assert (link, stage.poll().new) == (link, 0)


@act
def mobile_page(stage: Stage) -> None:
    """The mobile address of a piece is the piece."""
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", guid="urn:1")))
    stage.poll()
    stage.feed(rss(News("/alpha", guid="urn:2", link="http://m.quay.example/alpha")))
    assert stage.poll().new == 0


@act
def pdf_press_release(stage: Stage) -> None:
    """The text of a PDF is read."""
    stage.feed(rss("/alpha"))
    stage.page("/alpha", answer("200 OK", pdf_of(wrap(text_of("/alpha"), 80)), Content_Type="application/pdf"))
    stage.poll()
    ((text, origin),) = stage.rows("select text, text_origin from items")
    assert ("risk analysis unit of Alpha" in " ".join(str(text).split()), origin) == (True, "page")


@act
def quiet_source_is_slowed_down(stage: Stage) -> None:
    """A source which brings nothing new for days is asked less often, within bounds."""
    with stage.app.storage.transaction() as db:
        sync(db, OUTLETS, [replace(QUAY, max_interval_s=86_400), GATE])
    stage.feed(rss(*(News(f"/{n}", date=stage.http_date(hours=-n)) for n in range(1, 9))))
    stage.poll()
    first = stage.wait_s()
    for _ in range(30):
        stage.poll(hours=4)
    assert first < stage.wait_s() <= 1.11 * 86_400


@act
def silent_for_longer_than_its_rhythm(stage: Stage) -> None:
    """A source which brought a piece each day and then none for weeks is said to be silent."""
    for day in range(12):
        stage.feed(rss(*(f"/day-{n}" for n in range(day, -1, -1))))
        stage.poll(days=1)
    for _ in range(30):
        stage.poll(days=1)
    said = " ".join(map(str, stage.rows("select * from v_sources where source_id = 'quay-news'")[0]))
    assert "silent" in said
