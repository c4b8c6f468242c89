"""Hostile titles, names and texts, through the pipeline into every format: nothing of them acts anywhere."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, time
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
import regex
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from pieces import BODY_ONLY, NOW, SEIZURE, SEIZURE_TRIMMED, piece, take
from serving import serving_state

from monitor import cli
from monitor.ingest import opml
from monitor.ingest.opml import Subscription
from monitor.model import SourceKind, Watchlist
from monitor.publish import DigestSettings, publish
from monitor.store.storage import Storage

#: what may act somewhere; each stands in titles, names, texts, authors and addresses
ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style></title><svg onload=alert(1)>",
    "[click](javascript:alert(1))", "![pixel](https://other.example/p.png)", "<javascript:alert(1)>",
    "\u202egnp.exe\u202c \u2066one\u2069 \u200e\u200f\u061c", "\u200bzero\ufeff\u00ad \U000e0041tag",
    "nul \0 bell \x07 red \x1b[31m title \x1b]0;owned\x07 csi \x9b31m", "]]> <![CDATA[ &lt;b&gt; &#x41;",
    "\ufffe\uffff", "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7}", "=cmd|'/c calc'!A1", "+1+cmd", "@SUM(1+1)", "＝1+1",
    "\t=1+1", "x" * 10_000, "# heading", "| a | b |", "a\u0300\u0300\u0300\u0300\u0300\u0300\u0300\u0300b",
)  # fmt: skip
DAY = date(2026, 11, 19)
SETTINGS = DigestSettings(
    time=time(6), timezone="UTC", max_sentences=4, max_age_days=30, watchlists=(Watchlist("<b>=w</b>", ("cocaine",)),)
)
#: controls, overrides of direction, invisible characters, non-characters; line ends and tabs apart
UNSEEN = regex.compile(
    r"(?V1)[[\p{Cc}--[\t\n\r]]\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad\p{NChar}\U000e0000-\U000e007f]"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a state with a copy of each attack's piece, and write its digest and feeds."""
    made = tmp_path_factory.mktemp("hostile") / "state"
    with Storage(made) as storage:
        first = piece("first", "Port officers find cocaine", SEIZURE, "19 08:00")
        copies = [
            piece(
                f"copy-{n}", attack, f"{SEIZURE_TRIMMED}\n{attack} cocaine was found by officers of the port, they said.",
                "19 11:00", outlet=f"{attack} {n}", url=f"https://{n}.example/{quote(attack[:50])}", author=attack,
            )
            for n, attack in enumerate(ATTACKS)
        ]  # fmt: skip
        take(storage, [first, *copies], grouping=BODY_ONLY)
        # some addresses and words of feeds never pass through a parser
        storage.db.execute("update items set url = 'javascript:alert(1)' where id % 3 = 0")
        storage.db.execute("update items set url = 'https://known.example@other.example/' where id % 3 = 1")
        storage.db.execute("update items set lang = ? where id % 4 = 2", ['en" onload="x'])
        for n, attack in enumerate(ATTACKS):
            row = [n + 2, attack]
            storage.db.execute("insert into figures values (?, 9, 77, 'kg', 'cocaine', ?)", row)
        publish(storage, DAY, SETTINGS, now=NOW)
    return made


def check_html(text: str) -> None:
    """Fail if an element, attribute or address of a page comes from outside."""
    tree = lxml_html.document_fromstring(text)
    assert not tree.xpath("//img | //iframe | //object | //embed | //base | //svg[@onload]")
    assert not [s for s in tree.xpath("//script") if "alert(1)" in (s.text or "")]
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not value.replace(" ", "").lower().startswith("javascript:")
            assert name != "href" or "@other.example" not in value
    assert "49" not in re.findall(r"\b49\b", text)


def check_markdown(text: str) -> None:
    """Fail if Markdown that is rendered with HTML allowed holds what no template wrote."""
    tree = lxml_html.document_fromstring(MarkdownIt("commonmark", {"html": True}).render(text))
    tags = {str(element.tag) for element in tree.iter()}
    assert tags <= {"html", "body", "h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "a"}
    assert all(re.match(r"https://\d+\.example/|https://first", href) for href in tree.xpath("//a/@href"))


def check_atom(text: str) -> None:
    """Fail if a feed is no XML, or a page shown in it holds what no digest wrote."""
    root = ET.fromstring(text)  # noqa: S314 - our own
    for element in root.iter("{http://www.w3.org/2005/Atom}content"):
        tree = lxml_html.fragment_fromstring(element.text or "", create_parent="div")
        assert {str(e.tag) for e in tree.iter()} <= {"div", "ol", "li"}


def check_cells(text: str) -> None:
    """Fail if a cell of a table is a formula."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows if row}) == 1
    assert not [
        c for row in rows for c in row if c.startswith(("=", "+", "@", "\t", "\r", "\n", "＝")) or c[:2] == "-c"
    ]


def digest_file(name: str) -> Callable[[Path], str]:
    """Return a function that reads a file of the digest."""
    return lambda folder: next((folder / "digests").glob(name)).read_text(encoding="utf-8")


def exported(name: str, what: str) -> Callable[[Path], str]:
    """Return a function that exports the state."""

    def write(folder: Path) -> str:
        path = folder.parent / name
        command("export", str(path), "--what", what)(folder)
        return path.read_text(encoding="utf-8")

    return write


def command(*arguments: str) -> Callable[[Path], str]:
    """Return a function that runs a command and gives what it prints."""

    def run(folder: Path) -> str:
        out, argv = io.StringIO(), sys.argv
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sys, "stdout", out)
            patched.setattr(sys, "argv", ["monitor", *arguments, "--state", str(folder)])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        assert (ended.value.code, sys.argv) == (0, argv)
        return out.getvalue()

    return run


def page(path: str) -> Callable[[Path], str]:
    """Return a function that asks the server for a page."""

    def ask(folder: Path) -> str:
        with serving_state(folder) as served, closing(http.client.HTTPConnection("127.0.0.1", served.port)) as to:
            to.request("GET", path)
            answer = to.getresponse()
            assert answer.status == 200
            return answer.read().decode()

    return ask


def subscriptions(_folder: Path) -> str:
    """Write every attack as a subscription."""
    rows = [(attack, [Subscription(attack, "https://a.example/f", SourceKind.FEED, lang="en")]) for attack in ATTACKS]
    return opml.write(rows, title="Sources", now=NOW).decode()


def nothing(_text: str) -> None:
    """Ask for no more than what all formats must keep."""


FORMATS: dict[str, tuple[Callable[[Path], str], Callable[[str], object]]] = {
    "md": (digest_file("2*.md"), check_markdown),
    "html": (digest_file("2*.html"), check_html),
    "json": (digest_file("2*.json"), json.loads),
    "atom": (digest_file("digests.atom"), check_atom),
    "atom of a watchlist": (digest_file("watchlist*.atom"), check_atom),
    "csv": (exported("items.csv", "items"), check_cells),
    "csv of copies": (exported("copies.csv", "reprints"), check_cells),
    "jsonl": (exported("items.jsonl", "items"), lambda text: [json.loads(line) for line in text.splitlines()]),
    "graphml": (exported("copies.graphml", "reprints"), ET.fromstring),
    "opml": (subscriptions, lambda text: ET.fromstring(text.encode())),  # noqa: S314 - our own
    "front page": (page("/"), check_html),
    "served items": (page("/monitor/v_items"), check_html),
    "served story": (page("/monitor/spread"), check_html),
    "served search": (page(f"/monitor/search?words={quote(ATTACKS[0])}"), check_html),
    "served csv": (page("/monitor/v_items.csv?_stream=on"), check_cells),
    "served json": (page("/monitor/v_items.json?_shape=array"), json.loads),
    "search": (command("search", "officers"), nothing),
    "search as json": (command("search", "officers", "--json"), json.loads),
    "story": (command("story", "1"), nothing),
    "story as json": (command("story", "1", "--json"), json.loads),
    "explain": (command("explain", "8", "9"), nothing),
}


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_is_inert(folder: Path, name: str) -> None:
    """No format lets a title, name, text or address from outside act, hide, or turn around what stands beside it."""
    make, check = FORMATS[name]
    text = make(folder)
    assert len(text) > 300
    assert UNSEEN.findall(text) == []
    check(text)


@pytest.mark.parametrize("name", ["md", "html", "atom", "front page", "served story", "story"])
def test_ten_thousand_characters_are_cut(folder: Path, name: str) -> None:
    """Where people read, no word is longer than what fits."""
    assert not re.search(r"x{2100}", FORMATS[name][0](folder))
