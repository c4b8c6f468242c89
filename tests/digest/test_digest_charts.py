"""The drawings of the digest: every dated piece has its place, in order, and nothing is drawn twice or outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from digest_builders import DAY, WINDOW, at, copy, item, story
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest import charts, render, select
from monitor.digest.charts import Timeline
from monitor.digest.composed import DigestEntry
from monitor.model import DigestInput, StoryItem


def entry(*items: StoryItem) -> DigestEntry:
    """Return how a digest tells a story of some items."""
    composed = select.compose(DigestInput(DAY, "UTC", WINDOW, (story(1, *items),), (), len(items)))
    return next(e for section in composed.sections for e in section.entries)


def drawn(*items: StoryItem) -> Timeline:
    """Return the line of a story that has one."""
    line = charts.timeline(entry(*items), UTC)
    assert line is not None
    return line


def volume(pieces: Mapping[tuple[str, date], int]) -> str:
    """Return the page of a digest without stories that has a week's volume."""
    return render.html(select.compose(DigestInput(DAY, "UTC", WINDOW, (), (), 0, volume=pieces)))


@given(st.lists(st.integers(0, 20_000), min_size=3, max_size=40, unique=True))
def test_pieces_stand_in_order_within_the_drawing(minutes: list[int]) -> None:
    """Each dated piece has one dot, from left to right in order of time, none outside or over another one."""
    items = [
        item(n, f"Outlet {n}", published_at=at("01 00:00") + timedelta(minutes=m)) for n, m in enumerate(minutes, 1)
    ]
    line = charts.timeline(entry(*items), UTC)
    if line is None:
        assert max(minutes) - min(minutes) < 60
        return
    assert [dot.piece.when.published_at for dot in line.dots] == sorted(i.published_at for i in items if i.published_at)
    places = [dot.x for dot in line.dots]
    assert places == sorted(places)
    assert 0 < places[0] < places[-1] < charts.WIDTH
    assert all(b.x - a.x >= 9 for a in line.dots for b in line.dots if a is not b and a.level == b.level and a.x <= b.x)
    assert all(0 < x < charts.WIDTH for x, _ in line.ticks)


def test_copies_are_told_from_own_texts() -> None:
    """A copy is drawn as one."""
    first = item(1, "A", published_at=at("18 08:00"))
    line = drawn(first, copy(2, 1, "B", published_at=at("18 12:00")), item(3, "C", published_at=at("19 08:00")))
    assert [dot.copied for dot in line.dots] == [False, True, False]


@pytest.mark.parametrize(
    "items",
    [
        (item(1, "A"), item(2, "B", published_at=at("19 20:00"))),
        (item(1, "A"), item(2, "B"), item(3, "C")),
        (item(1, "A"), item(2, "B", published_at=at("19 20:00")), item(3, "C", published_at=None)),
        (item(1, "A"), item(2, "B", published_at=at("18 00:00"), published_has_time=False), item(3, "C")),
    ],
    ids=["two pieces", "all within an hour", "an undated one", "one with a day only"],
)
def test_no_line_where_it_would_tell_nothing(items: tuple[StoryItem, ...]) -> None:
    """Few pieces, pieces close together and pieces without a time make no line."""
    assert charts.timeline(entry(*items), UTC) is None


def test_scale_has_round_moments_of_the_zone() -> None:
    """Ticks stand at whole hours or, for a longer story, at midnights of the readers."""
    hours = drawn(*(item(n, f"O{n}", published_at=at(f"19 0{n}:10")) for n in range(1, 6)))
    assert [moment.minute for _, moment in hours.ticks] == [0] * len(hours.ticks)
    days = [item(n, f"O{n}", published_at=at(f"1{n} 09:00")) for n in range(1, 6)]
    line = charts.timeline(entry(*days), ZoneInfo("Asia/Baku"))
    assert line is not None
    assert {(moment.hour, moment.utcoffset()) for _, moment in line.ticks} == {(0, timedelta(hours=4))}
    assert 2 <= len(line.ticks) <= 7


def test_largest_stories_say_what_is_not_drawn() -> None:
    """Beyond two hundred pieces the rest is counted under the line."""
    many = [item(n, f"O{n}", published_at=at("01 00:00") + timedelta(hours=n)) for n in range(1, 211)]
    assert (len(drawn(*many).dots), drawn(*many).hidden) == (200, 10)
    page = render.html(select.compose(DigestInput(DAY, "UTC", WINDOW, (story(1, *many),), (), 210)))
    assert "10 later pieces are not drawn" in page


def test_week_is_told_by_outlet() -> None:
    """Outlets stand by how much they brought, each day has its figure, and what is older does not count."""
    pieces = {
        ("Quay", DAY): 3,
        ("Pier", DAY): 1,
        ("Pier", DAY - timedelta(days=6)): 4,
        ("Old", DAY - timedelta(days=7)): 9,
    }
    page = volume(pieces)
    assert page.index(">Pier<") < page.index(">Quay<")
    assert ">Old<" not in page
    digest = select.compose(DigestInput(DAY, "UTC", WINDOW, (), (), 0, volume=pieces))
    assert [(v.outlet, v.days, v.total) for v in digest.volume] == [
        ("Pier", (4, 0, 0, 0, 0, 0, 1), 5),
        ("Quay", (0, 0, 0, 0, 0, 0, 3), 3),
    ]
    assert (digest.volume_days[-1], len(digest.volume_days)) == (DAY, 7)


def test_outlets_that_are_not_drawn_are_summed_up() -> None:
    """With more outlets than are drawn, the rest is one line."""
    page = volume({(f"Outlet {n:02}", DAY): 20 - n for n in range(15)})
    assert "3 more outlets: 21 pieces" in page


def test_hostile_outlet_names_stay_text() -> None:
    """A name in a drawing is text."""
    assert "<script" not in volume({("<script>alert(1)</script>", DAY): 1})
    items = [item(n, "</title><script>x()</script>", published_at=at(f"19 0{n}:10")) for n in range(1, 5)]
    assert "<script" not in render.html(select.compose(DigestInput(DAY, "UTC", WINDOW, (story(1, *items),), (), 4)))


def test_first_days_of_the_calendar_have_a_short_week() -> None:
    """On the second day there ever was, the week has two days."""
    digest = select.compose(DigestInput(date(1, 1, 2), "UTC", WINDOW, (), (), 0))
    assert len(digest.volume_days) == 2
