"""Five real scraped pages, wrapped as outlets wrap their articles, through the whole pipeline: five items, five stories."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from harness import Clock, opened
from ingest.webserver import answer, serving

from monitor.model import Outlet, Source

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
NAMES = (
    "000_400c3e42ea6c8791",
    "001_cb440f1ba2521c36",
    "002_1e712634b330872f",
    "003_be5800e9b024e931",
    "004_966a91730a60f300",
)
HOSTS = ("press.gumruk.example", "press.gumruk.example", "azernews.example", "blog.example", "customsnews.example")
TITLES = (
    "The 141st/142nd Session of the WCO Customs Cooperation Council is being held",
    "The 88th session of the Policy Commission of the World Customs Organization is being held",
    "Azerbaijani, Russian customs officials discuss cooperation in Seoul",
    "ASEAN and WCO reaffirm commitment to enhanced cooperation at 13th Consultation",
    "The 132nd annual session of the WCO’s Customs cooperation council",
)
DATES = ("2023-06-23", "2023-06-20", "2019-12-09", None, "2018-06")
#: what stands in the page but not in the article
FOREIGN = (
    (),
    (),
    ("Monday July 15 2024", "Follow us on Twitter", "Slider Image", "Gallery Image"),
    ("hottest July", "Dodaj komentarz", "Wymagane pola"),
    ("Hai Phong Customs strives", "20,000 endangered wildlife", "Mobile Version", "Digital Frontiers"),
)

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed pages stand beside the checkout, not in it")


def paragraphs(lines: list[str]) -> str:
    """Wrap each line as a paragraph of one plain division."""
    return "<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"


def breaks(lines: list[str]) -> str:
    """Separate the lines by line breaks only."""
    return "<div>" + "<br>\n".join(lines) + "</div>"


def semantic(lines: list[str]) -> str:
    """Wrap the lines as a page with header, navigation, article and footer."""
    top, rest = lines[0], lines[1:]
    article = "".join(f"<p>{line}</p>" for line in rest)
    return (
        f"<header><p>{top}</p><nav><a href='/'>Home</a> <a href='/news'>News</a></nav></header>"
        f"<main><article>{article}</article></main><footer>All rights reserved</footer>"
    )


def page(name: str, title: str, wrap: Callable[[list[str]], str]) -> bytes:
    """Return a seed as an HTML page."""
    text = (SEEDS / f"{name}.txt").read_text(encoding="utf-8")
    lines = [html.escape(line.strip()) for line in text.splitlines() if line.strip()]
    head = f"<meta charset=utf-8><title>{html.escape(title)}</title>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{wrap(lines)}</body></html>".encode()


def feed(host: str) -> bytes:
    """Return the feed of a host: titles and links, no dates, no teasers."""
    entries = [(n, t) for n, h, t in zip(NAMES, HOSTS, TITLES, strict=True) if h == host]
    items = "".join(
        f"<item><title>{html.escape(title)}</title><link>http://{host}/{name}.html</link></item>"
        for name, title in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("wrap", [paragraphs, breaks, semantic])
def test_five_seeds_are_five_stories(wrap: Callable[[list[str]], str], tmp_path: Path) -> None:
    """Dates are right or unknown, no other story's teaser is in a text, and editions of a series stay apart."""
    hosts = sorted(set(HOSTS))
    clock = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    watch = (
        [Outlet(host, host, host) for host in hosts],
        [Source(host, host, f"http://{host}/{host}.xml", trusted=True) for host in hosts],
    )
    with serving() as web:
        for host in hosts:
            web.pages[f"/{host}.xml"] = answer("200 OK", feed(host), Content_Type="application/rss+xml")
        for name, title in zip(NAMES, TITLES, strict=True):
            web.pages[f"/{name}.html"] = answer(
                "200 OK", page(name, title, wrap), Content_Type="text/html; charset=utf-8"
            )
        with opened(tmp_path, web.connect_to, watch, clock) as built:
            built.pipeline.run_pass()
            rows = built.storage.db.execute(
                "select url, published_at, text, story_id from v_items order by url"
            ).fetchall()
            series = built.storage.db.execute("select series, count(*) from v_series group by series").fetchall()
    found = {Path(url).stem: (published, text, story) for url, published, text, story in rows}
    assert sorted(found) == sorted(NAMES)
    assert len({story for _, _, story in found.values()}) == 5
    for name, date, foreign in zip(NAMES, DATES, FOREIGN, strict=True):
        published, text, _ = found[name]
        if date is None or name == NAMES[4]:
            assert published is None or (date and published.startswith(date))
        else:
            assert published
            assert published.startswith(date)
        assert len(text.split()) > 100
        assert [words for words in foreign if words in text] == []
    assert sorted(count for _, count in series) in ([1, 2, 2], [2, 2])
