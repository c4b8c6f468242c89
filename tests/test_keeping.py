"""What the relevance stage refused can be listed and brought back, and then stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import NOW, Clock, feed_of, opened, page_of
from ingest.webserver import answer, serving

from monitor.errors import NotFound
from monitor.keeping import keep
from monitor.model import Outlet, Source
from monitor.store import dropped

TEASER = "The choir of the old town sang songs of the coast on the square at noon before a full house."
PROSE = f"{TEASER} Nobody went home early, and the mayor asked for another song."


def test_a_dropped_piece_comes_back_and_stays(tmp_path: Path) -> None:
    """The piece is read again, stored with its page and in a story; no later poll drops or doubles it."""
    clock = Clock(NOW)
    watch = ([Outlet("quay", "Quay", "quay")], [Source("quay", "quay", "http://quay.example/feed.xml")])
    with serving() as web:
        web.pages["/feed.xml"] = answer(
            "200 OK", feed_of(("/1.html", "Choir sings", TEASER)), Content_Type="application/rss+xml"
        )
        web.pages["/1.html"] = answer("200 OK", page_of("Choir sings", PROSE), Content_Type="text/html; charset=utf-8")
        with opened(tmp_path, web.connect_to, watch, clock) as built:
            db = built.storage.db
            built.pipeline.run_pass()
            (row,) = dropped.newest(db, limit=5)
            item_id = keep(built.pipeline, int(str(row["dropped_id"])))
            clock.move(hours=3)
            web.pages["/feed.xml"] = answer(
                "200 OK", feed_of(("/1.html", "Choir sings again", TEASER)), Content_Type="application/rss+xml"
            )
            built.pipeline.run_pass(only=["quay"])
            rows = db.execute("select item_id, title, text, story_id is not null from v_items").fetchall()
            reason = db.execute("select relevance_reason from items").fetchone()[0]
            left = dropped.newest(db, limit=5)
            with pytest.raises(NotFound, match="nothing was dropped under the number"):
                keep(built.pipeline, int(str(row["dropped_id"])))
    assert rows == [(item_id, "Choir sings again", PROSE, 1)]
    assert reason.startswith(("kept by hand", "it was kept"))
    assert left == []


def test_without_its_page_it_has_the_text_that_was_judged(tmp_path: Path) -> None:
    """A page that is gone leaves the teaser, with the reason."""
    watch = ([Outlet("quay", "Quay", "quay")], [Source("quay", "quay", "http://quay.example/feed.xml")])
    with serving() as web:
        web.pages["/feed.xml"] = answer(
            "200 OK", feed_of(("/1.html", "Choir sings", TEASER)), Content_Type="application/rss+xml"
        )
        with opened(tmp_path, web.connect_to, watch, Clock(NOW)) as built:
            built.pipeline.run_pass()
            keep(built.pipeline, 1)
            rows = built.storage.db.execute("select text, text_origin, page_problem from v_items").fetchall()
    assert rows == [(TEASER, "feed", "HTTP 404")]
