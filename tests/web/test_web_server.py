"""`monitor serve` over real HTTP: only who may read does, every question runs, nothing that is typed breaks it."""

from __future__ import annotations

import http.client
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.store.described import views
from monitor.web.front import fts_query
from monitor.web.guard import Access, host_of, is_loopback
from monitor.web.questions import questions
from monitor.web.server import metadata

TOKEN = "a long secret"  # noqa: S105 - of this test


def ask(served: Any, path: str = "/", **headers: str) -> tuple[int, dict[str, str], str]:
    """Return the status, headers and text of an answer; redirects are not followed."""
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()


# ---------------------------------------------------------------- what is shown


def test_front_page_tells_the_newest_digest(site: Any) -> None:
    """The front page shows the figures, stories and sources of the newest digest, and links it and the questions."""
    status, headers, page = ask(site)
    assert (status, "text/html" in headers["content-type"]) == (200, True)
    assert "National Single Window opens on" in page
    assert "/digests/" in page
    assert all(f"/monitor/{question.name}" in page for question in questions())


def test_digest_files_are_served(site: Any, demo: Path) -> None:
    """A digest comes as it was written, in each format; other names are not found."""
    for path in (demo / "digests").iterdir():
        status, headers, text = ask(site, f"/digests/{path.name}")
        assert (status, text) == (200, path.read_text(encoding="utf-8"))
        assert headers["content-type"].startswith(("text/html", "text/plain", "application/json"))
    for name in ("2020-01-01.html", "monitor.db", "..%2fmonitor.db", "2026-11-22.exe", ".html", "x.json"):
        assert ask(site, f"/digests/{name}")[0] in {302, 404}


@pytest.mark.parametrize("name", [question.name for question in questions()])
def test_every_question_is_answered(site: Any, name: str) -> None:
    """Each question runs against the demo, with nothing filled in, and finds something where the demo has it."""
    status, _, text = ask(site, f"/monitor/{name}.json?_shape=array&words=cocaine")
    assert status == 200, text
    rows = json.loads(text)
    assert rows or name in {"old_story", "doubtful", "follow_ups"}


def test_views_have_their_meanings(site: Any) -> None:
    """The page of a view tells what its rows and columns mean."""
    page = ask(site, "/monitor/v_stories")[2]
    assert "how many publisher families reported it" in page
    assert metadata(["items"])["databases"]["monitor"]["tables"]["items"] == {"hidden": True}  # type: ignore[index]
    assert {"v_items", "v_stories"} <= views().keys()


@pytest.mark.parametrize(
    "value", ["zeroblob(900000000)", "hex(zeroblob(90000000))", "replace(hex(zeroblob(9000000)),'0','xxxxxxxx')"]
)
def test_one_value_cannot_fill_the_memory(site: Any, value: str) -> None:
    """The time limit does not end a function that makes one huge value, so values have a limit of their own."""
    status, _, text = ask(site, f"/monitor.json?sql={quote(f'select length({value}) as n')}")
    assert (status, "too big" in text) == (400, True)


@pytest.mark.parametrize("typed", ['"', "a:b*(", "outlet:x AND", "", "NEAR(", "since:never", "\x00", "走私"])
def test_searching_never_fails(site: Any, typed: str) -> None:
    """Whatever is typed into the search is answered."""
    assert ask(site, f"/monitor/search.json?words={quote(typed)}")[0] == 200


@given(st.text())
def test_typed_text_becomes_a_query(typed: str) -> None:
    """What is typed becomes words in quotes, and no filter that could be refused."""
    assert fts_query(typed).count('"') % 2 == 0


def test_state_cannot_be_written(site: Any, demo: Path) -> None:
    """SQL that would change the state is refused, and the file stays as it was."""
    before = (demo / "monitor.db").read_bytes()
    for sql in ("delete from items", "attach 'x.db' as x", "pragma user_version = 7", "select 1; drop table items"):
        assert ask(site, f"/monitor.json?sql={quote(sql)}")[0] == 400
    assert (demo / "monitor.db").read_bytes() == before


def test_state_without_a_digest_says_so(demo: Path, tmp_path: Path, serve: Callable[..., Any]) -> None:
    """Before the first digest the front page tells how to get one."""
    folder = tmp_path / "state"
    shutil.copytree(demo, folder)
    shutil.rmtree(folder / "digests")
    with serve(folder) as served:
        status, _, page = ask(served)
    assert (status, "There is no digest yet" in page) == (200, True)


def test_new_items_show_at_once(demo: Path, tmp_path: Path, serve: Callable[..., Any]) -> None:
    """The live file is read: what the monitor writes meanwhile is there at the next look."""
    folder = tmp_path / "state"
    shutil.copytree(demo, folder)
    with serve(folder) as served, closing(sqlite3.connect(folder / "monitor.db")) as connection:
        count = "/monitor.json?_shape=arrayfirst&sql=select+count(*)+from+v_items"
        before = json.loads(ask(served, count)[2])
        connection.execute("insert into outlets values ('quay', 'Quay', 'quay')")
        connection.execute(
            "insert into items (outlet_id, title, text, text_hash, text_origin, published_origin, published_has_time, "
            "first_seen_at, listed_at, entry_hash, page_pending, page_attempts) values "
            "('quay', 'New', '', '', 'feed', 'feed', 1, '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z', '', 0, 0)"
        )
        connection.commit()
        assert json.loads(ask(served, count)[2])[0] == before[0] + 1


# ---------------------------------------------------------------- who may read


def test_answers_forbid_what_pages_need_not(site: Any) -> None:
    """Every answer, errors too, forbids scripts and frames from elsewhere."""
    for path in ("/", "/monitor/v_items", "/nothing"):
        headers = ask(site, path)[1]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "localhost.evil.example", ""])
def test_other_host_names_are_refused(site: Any, host: str) -> None:
    """A page from elsewhere that resolves its own name to this machine gets nothing."""
    assert ask(site, Host=host)[0] == 421


def test_without_the_token_nothing_is_shown(demo: Path, serve: Callable[..., Any]) -> None:
    """Only the right token lets in: as bearer, as cookie, or once in the address, which then gives the cookie."""
    with serve(demo, Access(frozenset(), TOKEN)) as served:
        assert ask(served)[0] == ask(served, "/monitor/v_items")[0] == 401
        assert ask(served, "/?token=wrong")[0] == ask(served, Authorization="Bearer wrong")[0] == 401
        assert ask(served, Cookie="monitor_token=wrong")[0] == ask(served, Cookie="\x7f=;;")[0] == 401
        assert ask(served, Authorization=f"Bearer {TOKEN}")[0] == 200
        status, headers, _ = ask(served, f"//evil.example/?a=b&token={quote(TOKEN)}")
        assert (status, headers["location"]) == (303, "/evil.example/?a=b")
        assert {"HttpOnly", "SameSite=Strict"} <= set(headers["set-cookie"].split("; "))
        assert ask(served, Cookie=headers["set-cookie"].split(";")[0])[0] == 200


def test_line_ends_in_an_address_stay_in_it(demo: Path, serve: Callable[..., Any]) -> None:
    """An address with line ends does not become a header of the answer."""
    with serve(demo, Access(frozenset(), "t")) as served:
        status, headers, _ = ask(served, "/%0d%0aset-cookie:%20x=y?token=t")
    assert (status, headers["set-cookie"].startswith("monitor_token=")) == (303, True)
    assert "\n" not in headers["location"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False),  # noqa: S104 - asked
     ("::", False),
     ("192.0.2.7", False), ("monitor.example", False)],
)  # fmt: skip
def test_what_is_this_machine_only(host: str, expected: bool) -> None:
    """Loopback is told from what others can reach."""
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("header", "name"), [("a.example:80", "a.example"), ("[::1]:8001", "::1"), ("LOCALHOST", "localhost"), ("", "")]
)
def test_host_name_of_a_header(header: str, name: str) -> None:
    """A port does not count, nor does case."""
    assert host_of(header) == name
