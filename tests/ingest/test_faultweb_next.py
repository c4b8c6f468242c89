"""Acts of the fault web that need what is still being built; each that passes moves to `acts.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from faults import ok
from stage import News, Stage, html, rss, staged, text_of, title_of
from webserver import answer

Act = Callable[[Stage], None]
NEXT: dict[str, Act] = {}


def act(play: Act) -> Act:
    """Enter an act into the table."""
    NEXT[play.__name__] = play
    return play


@act
def json_feed(stage: Stage) -> None:
    """Show that a JSON Feed is read like any other."""
    item = '{"id": "7", "url": "http://quay.example/alpha", "title": "Customs and tea", "content_text": "Tea.", '
    item += '"date_published": "2026-11-22T08:00:00+04:00"}'
    body = '{"version": "https://jsonfeed.org/version/1.1", "title": "Quay", "items": [' + item + "]}"
    stage.feed(ok(body.encode(), "application/feed+json"))
    stage.poll()
    expected = [("Customs and tea", "http://quay.example/alpha", "2026-11-22T04:00:00Z")]
    assert stage.rows("select title, url, published_at from items") == expected


@act
def robots_that_forbid(stage: Stage) -> None:
    """Show that a page which robots.txt forbids is not asked for, and that its item says so."""
    stage.feed(answer("200 OK", b"User-agent: *\nDisallow: /alpha\n", Content_Type="text/plain"), "/robots.txt")
    stage.pages("/alpha")
    stage.feed(rss("/alpha"))
    stage.poll()
    assert stage.asked("/alpha") == 0
    assert "robots" in str(stage.column("select page_problem from items")[0])


@act
def locale_mirror(stage: Stage) -> None:
    """Show that one piece under /en/ and /en-us/ with one title and date is one item."""
    stage.page("/en/alpha")
    stage.page("/en-us/alpha", html("/en/alpha"))
    same = {"title": title_of("/alpha"), "date": "Sun, 22 Nov 2026 08:00:00 GMT"}
    stage.feed(rss(News("/en/alpha", **same)))
    stage.feed(rss(News("/en-us/alpha", **same)), "/feed2")
    stage.app.pipeline.run_pass()
    assert len(stage.urls()) == 1


@act
def amp_page(stage: Stage) -> None:
    """Show that the AMP address of a piece is the piece."""
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", guid="urn:1")))
    stage.poll()
    for link in ("http://quay.example/alpha/amp", "http://quay.example/amp/alpha", "http://quay.example/alpha?amp=1"):
        stage.feed(rss(News("/alpha", guid=f"urn:{len(link)}", link=link)))
        assert (link, stage.poll().new) == (link, 0)


@act
def mobile_page(stage: Stage) -> None:
    """Show that the mobile address of a piece is the piece."""
    stage.pages("/alpha")
    stage.feed(rss(News("/alpha", guid="urn:1")))
    stage.poll()
    stage.feed(rss(News("/alpha", guid="urn:2", link="http://m.quay.example/alpha")))
    assert stage.poll().new == 0


def pdf(text: str) -> bytes:
    """Return a PDF of one page with one line of text."""
    stream = (
        b"BT /F1 12 Tf 40 700 Td 14 TL "
        + b" ".join(b"(%s) Tj T*" % text[at : at + 80].encode() for at in range(0, len(text), 80))
        + b" ET"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + head + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))


@act
def pdf_press_release(stage: Stage) -> None:
    """Show that the text of a PDF is read."""
    stage.feed(rss("/alpha"))
    stage.page("/alpha", answer("200 OK", pdf(text_of("/alpha")), Content_Type="application/pdf"))
    stage.poll()
    ((text, origin),) = stage.rows("select text, text_origin from items")
    assert ("risk analysis unit of Alpha" in " ".join(str(text).split()), origin) == (True, "page")


@act
def quiet_source_is_slowed_down(stage: Stage) -> None:
    """Show that a source which brings nothing new for days is asked less often, within bounds."""
    stage.feed(rss("/alpha"))
    stage.poll()
    first = stage.wait_s()
    for _ in range(30):
        stage.poll(hours=4)
    assert first < stage.wait_s() <= 1.11 * 86_400


@act
def silent_for_longer_than_its_rhythm(stage: Stage) -> None:
    """Show that a source which brought a piece each day and then none for weeks is said to be silent."""
    for day in range(12):
        stage.feed(rss(*(f"/day-{n}" for n in range(day, -1, -1))))
        stage.poll(days=1)
    for _ in range(30):
        stage.poll(days=1)
    said = " ".join(map(str, stage.rows("select * from v_sources where source_id = 'quay-news'")[0]))
    assert "silent" in said


@pytest.mark.parametrize("name", NEXT)
def test_act_to_come(name: str, tmp_path: Path) -> None:
    """Each act ends as its sentence says."""
    with staged(tmp_path) as stage:
        NEXT[name](stage)
