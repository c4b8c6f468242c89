"""The edition of a story, read from the marks of its items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.stories.editions import edition_of, title_again
from monitor.stories.marks import Mark, read_marks

PUBLISHED = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
NUMBERLESS = Mark("session", "session", frozenset(["88"]), "88th", "title", "88th session")


def marks(title: str) -> tuple[Mark, ...]:
    """Read the marks of an English piece that is only a title."""
    return read_marks(title, "", lang="en", published_at=PUBLISHED)


@pytest.mark.parametrize(
    ("titles", "label", "order"),
    [
        (["The 88th session of the Policy Commission opens"], "88th", "00000088"),
        (["Gold found in a tyre", "The 88th session of the Policy Commission opens"], "88th", "00000088"),
        (
            ["The 88th session of the Policy Commission opens", "Policy Commission holds its 82nd session"],
            "88th",
            "00000088",
        ),
        (["Gold found in a tyre"], None, None),
        (["The 88th session opens"], None, None),
        ([], None, None),
    ],
)
def test_first_item_that_names_a_series_decides(titles: list[str], label: str | None, order: str | None) -> None:
    """The earliest item whose marks name a series places the story, others and nameless numbers do not."""
    found = edition_of([marks(title) for title in titles])
    assert (found[2:] if found else (None, None)) == (label, order)


def test_editions_of_one_series_share_its_key() -> None:
    """Two sessions of one body have one key and name, and sort by number."""
    early, late = (edition_of([marks(f"The {n} session of the Policy Commission opens")]) for n in ("9th", "88th"))
    assert early is not None
    assert late is not None
    assert early[:2] == late[:2] == ("session|policy commission", "Policy Commission (session)")
    assert early[3] < late[3]


def test_marks_that_name_no_series_are_passed_over() -> None:
    """A number without the name of its body places nothing, and an iterator is read once only."""
    assert edition_of(iter([(), (NUMBERLESS,), marks("Operation Silver Net IV ends")])) == (
        "operation|silver net", "Operation Silver Net", "IV", "00000004",
    )  # fmt: skip


def test_a_title_again_after_days_is_another_edition() -> None:
    """The same words within days are taken over; other words are no sign of anything."""
    title = "Exchange rates of the week"
    assert title_again(title, "Exchange rates of the week!", timedelta(days=7)) == (
        "the same title again after 7 days, without a text"
    )
    assert title_again(title, title, timedelta(days=2)) is None
    assert title_again(title, "Exchange rates of the month", timedelta(days=7)) is None
