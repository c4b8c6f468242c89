"""The fault web: named things that servers do, each played on a real server to a whole monitor, each with its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from acts import ACTS
from faults import FAULTS, Fault
from stage import Stage, rss, staged

#: the issue asks for 40
FEWEST = 100


def test_the_fault_web_is_large_and_says_what_it_plays() -> None:
    """Every named behaviour has one sentence of its own, and there are many of them."""
    sentences = [fault.says for fault in FAULTS.values()] + [act.__doc__ or "" for act in ACTS.values()]
    assert len({*FAULTS, *ACTS}) == len(sentences) >= FEWEST
    assert len(set(sentences)) == len(sentences)
    assert [said for said in sentences if not (said.endswith(".") and "\n" not in said)] == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_fault_costs_more_than_time(fault: Fault, tmp_path: Path) -> None:
    """A fault is called what it is, stores, doubles and changes nothing, and is over when the server is well again."""
    with staged(tmp_path) as stage:
        stage.pages("/alpha", "/beta", "/gamma")
        stage.feed(rss("/alpha", "/beta"))
        assert stage.poll().new == 2
        before = stage.rows("select url, title, text, published_at, revision from items order by url")
        stage.feed(fault.make(rss("/alpha", "/beta")))
        poll = stage.poll()
        assert poll.result == fault.result
        assert fault.words in (poll.reason or "")
        assert (poll.new, poll.revised) == (0, 0)
        assert stage.rows("select url, title, text, published_at, revision from items order by url") == before
        stage.feed(rss("/gamma", "/alpha", "/beta"))
        poll = stage.poll(hours=1)
        assert (poll.result, poll.new, poll.revised, stage.state()) == ("ok", 1, 0, "ok")
        assert len(stage.urls()) == 3


@pytest.mark.parametrize(
    "fault", [f for f in FAULTS.values() if not (f.harmless or f.slow)], ids=lambda fault: fault.name
)
def test_a_source_that_begins_with_a_fault_is_found_later(fault: Fault, tmp_path: Path) -> None:
    """A fault on the very first poll is shown, and the pieces come when the server is well."""
    with staged(tmp_path) as stage:
        stage.pages("/alpha")
        stage.feed(fault.make(rss("/alpha")))
        first = stage.poll()
        assert (stage.state() in ("ok", "new"), stage.reason() == (first.reason or "")) == (False, True)
        stage.feed(rss("/alpha"))
        stage.poll(hours=1)
        assert (stage.state(), len(stage.urls())) == ("ok", 1)


@pytest.mark.parametrize("name", ACTS)
def test_act(name: str, tmp_path: Path) -> None:
    """Each act ends as its sentence says."""
    with staged(tmp_path) as stage:
        ACTS[name](stage)
        check_is_sound(stage)


def check_is_sound(stage: Stage) -> None:
    """Fail when the doctor finds something in the state that an act left behind."""
    from monitor.store import search  # noqa: PLC0415 - only here

    assert {name: found for name, found in search.check(stage.app.storage.db).items() if found} == {}
