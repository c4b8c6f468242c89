"""`monitor sources` finds, tries and exchanges sources over real HTTP and real files, and writes only what it is told to."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import configlines
from monitor.cli import main
from monitor.config import Config, load_config
from monitor.errors import ConfigError, UsageError
from monitor.ingest import opml
from monitor.model import SourceKind

sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Web, answer, serving

NOW = datetime.now(UTC)
SMALL = """# mine
fetch: {allow_private: true, host_gap_s: 0, per_host: 16, timeout_s: 2}

outlets:
    # four blanks
    quay:   # a wharf
        name: Quay
        sources:
            - {id: quay-news, url: "PORT/feed"}
"""
TITLES = [f"Customs officers at the harbour of Aveno find hidden tea in case number {n}" for n in range(1, 7)]


def dated(days: int) -> str:
    """Return the time some days ago as feeds write it."""
    return format_datetime(NOW - timedelta(days=days))


def feed(days: int = 1) -> bytes:
    """Return an RSS feed whose newest piece is some days old."""
    items = "".join(
        f"<item><title>{title}</title><link>/feed/{n}</link><pubDate>{dated(days + n)}</pubDate></item>"
        for n, title in enumerate(TITLES)
    )
    return f"<rss version='2.0'><channel><title>Quay</title>{items}</channel></rss>".encode()


def sitemap(*paths: str) -> bytes:
    """Return a sitemap of pages that were changed yesterday, one hour apart."""
    times = [(NOW - timedelta(days=1, hours=n)).isoformat() for n in range(len(paths))]
    urls = "".join(f"<url><loc>{p}</loc><lastmod>{t}</lastmod></url>" for p, t in zip(paths, times, strict=True))
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def page(head: str = "") -> bytes:
    """Return a page that lists news."""
    items = "".join(
        f"<li><time datetime='{(NOW - timedelta(days=n + 1)).date()}'>x</time> <a href='/news/{n}'>{title}</a></li>"
        for n, title in enumerate(TITLES)
    )
    return (
        f"<!doctype html><html lang='en'><head><title>News - The Quay</title>{head}</head><body><nav><a href='/a'>A</a>"
        f"<a href='/news'>News</a></nav><ul>{items}</ul></body></html>"
    ).encode()


@pytest.fixture
def quay() -> Iterator[Web]:
    """Run a server whose pages each test sets up."""
    with serving() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Return a function that runs a command in an empty folder and gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    for name in ("MONITOR_CONFIG", "MONITOR_STATE", "FORCE_COLOR", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def monitor(*arguments: object) -> tuple[int, str, str]:
        """Run one command."""
        monkeypatch.setattr(sys, "argv", ["monitor", "sources", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code
        return int(str(code or 0)), *capsys.readouterr()

    return monitor


def write_config(folder: Path, web: Web, more: str = "") -> Path:
    """Write the small configuration, and further sources of the same outlet, for a server."""
    path = folder / "config.yaml"
    path.write_text((SMALL + more).replace("PORT", f"http://127.0.0.1:{web.port}"), encoding="utf-8")
    return path


# ---------------------------------------------------------------- probe


def test_probe_tells_of_every_source_what_is_wrong(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """Each kind of source is read, each trouble has its reason, nothing is stored, and the exit code tells."""
    index = (
        b"<sitemapindex><sitemap><loc>/part.xml</loc></sitemap><sitemap><loc>/gone.xml</loc></sitemap></sitemapindex>"
    )
    quay.pages |= {
        "/feed": answer("200 OK", feed()),
        "/old": answer("200 OK", feed(days=50)),
        "/list": answer("200 OK", page(), Content_Type="text/html"),
        "/index.xml": answer("200 OK", index),
        "/part.xml": answer("200 OK", sitemap("/n/1", "/n/2")),
        "/page": answer("200 OK", page("<link rel=alternate type=application/rss+xml href=/feed>")),
        "/moved": answer("301 Moved Permanently", Location="/feed"),
    }
    names = {"old": "feed", "list": "listing", "index.xml": "sitemap", "page": "feed", "moved": "feed", "none": "feed"}
    more = "".join(
        f'            - {{id: {name.partition(".")[0]}, url: "PORT/{name}", kind: {kind}}}\n'
        for name, kind in names.items()
    )
    write_config(tmp_path, quay, more)
    code, out, _ = run("probe", "--json")
    found = {one["source_id"]: one for one in json.loads(out)}
    assert code == 1
    assert {name: (one["result"], one["version"], one["entries"]) for name, one in found.items()} == {
        "quay-news": ("ok", "rss20", 6),
        "old": ("ok", "rss20", 6),
        "list": ("ok", "listing", 6),
        "index": ("ok", "sitemap index", 2),
        "page": ("failed", None, 0),
        "moved": ("ok", "rss20", 6),
        "none": ("failed", None, 0),
    }
    base = f"http://127.0.0.1:{quay.port}"
    assert found["old"]["notes"] == ["its newest piece is 50 days old"]
    assert found["moved"]["notes"] == [f"moved for good: write {base}/feed"]
    assert found["page"]["notes"] == [
        f"this is an HTML page titled 'News - The Quay', not a feed; it names a feed: {base}/feed"
    ]
    assert found["index"]["skipped"] == [{"what": f"{base}/gone.xml", "reason": "HTTP 404"}]
    assert not (tmp_path / "state").exists()
    code, out, _ = run("probe")
    assert (code, "5 of 7 sources can be read, 2 of them with a note" in out) == (1, True)
    assert run("probe", "--source", "quay-news")[0] == 0


def test_probe_of_an_unknown_source_is_wrong_usage(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """A source that is not configured is named."""
    write_config(tmp_path, quay)
    code, _, err = run("probe", "--source", "nobody")
    assert (code, err) == (2, "monitor: no source is called nobody: `monitor sources` lists them\n")


# ---------------------------------------------------------------- discover


def test_discover_finds_and_ranks_what_there_is(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """Feeds that the page names come before its list and the sitemap, comments last, and the lines can be pasted."""
    quay.pages |= {
        "/": answer(
            "200 OK", page("<link rel=alternate type=application/rss+xml href=/named>"), Content_Type="text/html"
        ),
        "/named": answer("200 OK", feed()),
        "/feed/": answer("200 OK", feed()),
        "/robots.txt": answer("200 OK", b"User-agent: *\nDisallow:\nSitemap: /map.xml\n"),
        "/map.xml": answer("200 OK", sitemap("/n/1", "/n/2", "/n/3", "/n/4")),
    }
    write_config(tmp_path, quay)
    base = f"http://127.0.0.1:{quay.port}"
    code, out, _ = run("discover", f"{base}/", "--json")
    found = json.loads(out)
    assert code == 0
    assert [(o["candidate"]["url"], o["version"], o["entries"]) for o in found["offers"]] == [
        (f"{base}/named", "rss20", 6), (f"{base}/", "listing", 6), (f"{base}/map.xml", "sitemap", 4),
    ]  # fmt: skip
    assert found["site"] == {"name": "The Quay", "lang": "en"}
    assert {o["problem"] for o in found["useless"]} == {"HTTP 404"}
    assert len(quay.heads) <= 30
    pasted = tmp_path / "pasted.yaml"
    pasted.write_text("outlets:\n" + found["lines"], encoding="utf-8")
    (source,) = load_config(pasted).sources()
    assert (source.url, source.kind, source.lang) == (f"{base}/named", SourceKind.FEED, "en")
    assert "kind: listing" in run("discover", f"{base}/")[1]


def test_discover_says_when_there_is_nothing(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """A site that offers nothing ends with exit code 1 and what was tried."""
    quay.pages["/"] = answer("200 OK", b"<html><body><p>Welcome", Content_Type="text/html")
    write_config(tmp_path, quay)
    code, out, _ = run("discover", f"http://127.0.0.1:{quay.port}/")
    assert (code, out.splitlines()[0]) == (1, "no feed, sitemap or list of news was found; what was tried:")
    assert re.search(r"/rss\.xml: HTTP 404", out)


def test_discover_of_what_is_no_address(run: Callable[..., Any]) -> None:
    """An address that cannot be one, or does not answer, is one line of error."""
    assert (run("discover", "ftp://quay.example/")[0], run("discover", "https://a b/")[0]) == (2, 2)


# ---------------------------------------------------------------- OPML


def outline(**attributes: str) -> str:
    """Return one outline."""
    return f"<outline {' '.join(f'{name}={json.dumps(value)}' for name, value in attributes.items())}/>"


def opml_of(*outlines: str) -> bytes:
    """Return an OPML document."""
    return (
        f"<opml version='1.1'><head/><body><outline text='Folder'>{''.join(outlines)}</outline></body></opml>".encode()
    )


def test_import_prints_lines_and_touches_nothing(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """New subscriptions become outlets by host, known and unusable ones are told on the error stream."""
    path = write_config(tmp_path, quay)
    before = path.read_bytes()
    (tmp_path / "subs.opml").write_bytes(
        opml_of(
            outline(
                text='Pier: "daily" # news'.replace('"', "'"), xmlUrl="https://www.pier.example/feed", language="en-GB"
            ),
            outline(title="Pier too", XMLURL="https://pier.example/other"),
            outline(text="Quay", xmlUrl=f"http://127.0.0.1:{quay.port}/feed"),
            outline(text="Nothing", xmlUrl="javascript:alert(1)"),
        )
    )
    code, out, err = run("import-opml", "subs.opml")
    assert (code, path.read_bytes()) == (0, before)
    assert out == (
        "  pier-example:\n"
        "    name: \"Pier: 'daily' # news\"\n"
        "    sources:\n"
        '      - {id: pier-example-news, url: "https://www.pier.example/feed", lang: en}\n'
        '      - {id: pier-example-news-2, url: "https://pier.example/other"}\n'
    )
    assert err.splitlines() == [
        "left out: outline 5: it has no usable `xmlUrl`",
        f"left out: http://127.0.0.1:{quay.port}/feed: it is configured already, or stands in the list twice",
    ]


def test_import_appends_when_told_to(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """The lines stand at the end, indented like the others; comments, permissions and the rest stay as they are."""
    path = write_config(tmp_path, quay)
    path.chmod(0o640)
    before = path.read_text(encoding="utf-8")
    subs = tmp_path / "subs.opml"
    subs.write_bytes(
        opml_of(
            outline(text="Pier", xmlUrl="https://pier.example/feed"),
            outline(text="Q", xmlUrl=f"http://127.0.0.1:{quay.port}/b"),
        )
    )
    code, out, _ = run("import-opml", subs, "--append")
    assert (code, out) == (0, "appended 2 sources to config.yaml; `monitor sources probe` tries them\n")
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip())
    assert (path.stat().st_mode & 0o777, [p.name for p in tmp_path.glob(".config*")]) == (0o640, [])
    loaded = load_config(path)
    assert [source.id for source in loaded.sources()] == ["quay-news", "pier-example-news", "127-0-0-1-news"]
    assert loaded.outlet_settings["127-0-0-1"].family == "quay"
    assert run("import-opml", subs, "--append")[1] == "nothing new to watch\n"
    assert path.read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("outlets: {}\n", "is not the last key there"),
        ("outlets:\n  quay:\n    name: Q\nstate: x\n", "is not the last key there"),
        (
            "outlets:\n  quay:\n    name: Q\n    sources:\n      - id: q\n        url: >-\n          https://q.example/\n...\n",
            "last key",
        ),
    ],
)
def test_append_refuses_a_file_that_it_would_spoil(tmp_path: Path, text: str, problem: str) -> None:
    """Where the end of the file is not the end of the outlets nothing is written."""
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    added = configlines.additions([opml.Subscription("Pier", "https://pier.example/feed")], Config())
    with pytest.raises(UsageError, match=problem):
        configlines.append(path, added)
    assert path.read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize("text", ["state: here\n", "state: here", "outlets:\n", "outlets:   # none yet\n\n# end\n"])
def test_append_to_a_file_without_outlets(tmp_path: Path, text: str) -> None:
    """The first outlets of a file find their place, also through a link to it."""
    (tmp_path / "real.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.symlink_to("real.yaml")
    added = configlines.additions(
        [opml.Subscription("Pier", "https://pier.example/feed", SourceKind.LISTING)], Config()
    )
    configlines.append(path, added)
    assert path.is_symlink()
    (source,) = load_config(path).sources()
    assert (source.id, source.kind) == ("pier-example-listing", SourceKind.LISTING)


def test_append_to_a_file_that_is_wrong(tmp_path: Path) -> None:
    """A configuration that is wrong already is not written to."""
    path = tmp_path / "config.yaml"
    path.write_text("outlets:\n  quay: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="name: is missing"):
        configlines.append(path, configlines.additions([], Config()))


def test_exported_sources_come_back(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """What is written as OPML is read again with address, kind and language."""
    more = '            - {id: b, url: "https://b.example/<&>", kind: listing, lang: az}\n'
    write_config(tmp_path, quay, more + '            - {id: c, url: "https://c.example/s.xml", kind: sitemap}\n')
    assert run("export-opml", "out.opml")[0] == 0
    written = (tmp_path / "out.opml").read_bytes()
    assert [(one.title, one.url, one.kind, one.lang) for one in opml.read(written, what="out").found] == [
        ("Quay: quay-news", f"http://127.0.0.1:{quay.port}/feed", SourceKind.FEED, None),
        ("Quay: b", "https://b.example/<&>", SourceKind.LISTING, "az"),
        ("Quay: c", "https://c.example/s.xml", SourceKind.SITEMAP, None),
    ]
    assert run("export-opml")[1].startswith("<?xml version='1.0' encoding='UTF-8'?>\n<opml version=\"2.0\">")


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("gone.opml", None, "cannot be read"),
        ("x.opml", b"<rss/>", "its root element is 'rss'"),
        ("x.opml", b"<opml><body>", "the XML is broken"),
        ("x.opml", b"", "the XML is broken"),
    ],
)
def test_a_file_that_is_no_opml(
    run: Callable[..., Any], tmp_path: Path, name: str, body: bytes | None, problem: str
) -> None:
    """Whatever else the file is, one line says so."""
    if body is not None:
        (tmp_path / name).write_bytes(body)
    code, _, err = run("import-opml", name)
    assert (code, problem in err, len(err.splitlines())) == (1, True, 1)


def test_listing_stays_the_default(run: Callable[..., Any], quay: Web, tmp_path: Path) -> None:
    """Without the name of a command the sources, or the polls of one, are listed."""
    write_config(tmp_path, quay)
    without = [run(), run("--json"), run("nobody"), run("list")]
    assert {(code, "no state in" in err) for code, _, err in without} == {(1, True)}


@given(
    st.lists(
        st.tuples(
            st.text(max_size=12),
            st.sampled_from(["https://a.example/", "http://b.example:80/", "https://x/", "https://ü.example/"]),
            st.text(max_size=6),
            st.sampled_from(SourceKind),
            st.sampled_from([None, "en"]),
        ),
        max_size=6,
    )
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_always_load(tmp_path: Path, given_: list[tuple[str, str, str, SourceKind, str | None]]) -> None:
    """Whatever titles and addresses subscriptions have, the lines are a valid configuration with each of them once."""
    subscriptions = [
        opml.Subscription(title, base + path, kind, None, lang) for title, base, path, kind, lang in given_
    ]
    added = configlines.additions(subscriptions, Config())
    path = tmp_path / "config.yaml"
    path.write_text("state: x\n", encoding="utf-8")
    configlines.append(path, added)
    assert (
        len(load_config(path).sources())
        == added.count
        == len({s.url for s in subscriptions}) - len({s.what for s in added.skipped if "configured" not in s.reason})
    )
