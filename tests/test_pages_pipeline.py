"""Pages of special kinds through the whole pipeline: PDF files, walls, consent pages."""

from __future__ import annotations

from pathlib import Path

from harness import NOW, Clock, feed_of, opened, page_of
from ingest.pdfwriter import pdf_of
from ingest.webserver import answer, serving

from monitor.model import Outlet, Source

TITLE = "Forty tonnes of garlic turned back at Millbrook crossing"
PROSE = "Two lorries with garlic were turned back at the crossing on Thursday, the customs office said."


def test_a_release_goes_through_the_pipeline(tmp_path: Path) -> None:
    """A feed that leads to a PDF file brings its text; a broken one leaves the item with the reason."""
    clock = Clock(NOW)
    watch = ([Outlet("quay", "Quay", "quay")], [Source("quay", "quay", "http://quay.example/feed.xml", trusted=True)])
    with serving() as web:
        body = feed_of(("/good.pdf", TITLE, "Garlic."), ("/bad.pdf", "Another release of the service", "Onions."))
        web.pages["/feed.xml"] = answer("200 OK", body, Content_Type="application/rss+xml")
        web.pages["/good.pdf"] = answer("200 OK", pdf_of([TITLE, PROSE]), Content_Type="application/pdf")
        web.pages["/bad.pdf"] = answer("200 OK", b"%PDF-1.4 broken", Content_Type="application/pdf")
        with opened(tmp_path, web.connect_to, watch, clock) as built:
            built.pipeline.run_pass()
            rows = built.storage.db.execute("select url, text, page_problem from v_items order by url").fetchall()
    assert [row[0][-8:] for row in rows] == ["/bad.pdf", "good.pdf"]
    assert "broken" in rows[0][2]
    assert rows[1][1:] == (PROSE, None)


def test_a_date_that_all_entries_share_gives_way_to_that_of_the_page(tmp_path: Path) -> None:
    """Six entries dated the second of the poll get the day of their page, and the source says what is wrong."""
    clock = Clock(NOW)
    watch = ([Outlet("quay", "Quay", "quay")], [Source("quay", "quay", "http://quay.example/feed.xml", trusted=True)])
    entries = [(f"/{n}.html", f"Garlic load number {n} turned back at the crossing", "Garlic.") for n in range(6)]
    body = feed_of(*entries).replace(b"08:00:00 GMT", b"11:59:41 GMT")
    with serving() as web:
        web.pages["/feed.xml"] = answer("200 OK", body, Content_Type="application/rss+xml")
        for number, (path, title, _) in enumerate(entries):
            shown = page_of(title, f"Lorry {number} came too late. {PROSE}").replace(
                b"<title>", f"<meta property='article:published_time' content='2026-11-{10 + number}'><title>".encode()
            )
            web.pages[path] = answer("200 OK", shown, Content_Type="text/html; charset=utf-8")
        with opened(tmp_path, web.connect_to, watch, clock) as built:
            built.pipeline.run_pass()
            rows = built.storage.db.execute("select published_at, published_evidence from items order by id").fetchall()
            (reason,) = built.storage.db.execute("select reason from v_sources").fetchone()
    assert [day[:10] for day, _ in rows] == [f"2026-11-{10 + n}" for n in range(6)]
    assert [e for _, e in rows if "not believed" not in (e or "")] == []
    assert reason.startswith("6 of 6 entries have the same date")
