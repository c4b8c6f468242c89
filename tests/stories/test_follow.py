"""Follow-ups: which headlines name a new act, when it is another event, and what both pieces name."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.stories.features import Features, term_id
from monitor.stories.follow import acts, another_event, follows, new_acts, telling_names
from monitor.stories.views import VIEWS

FIND = ("Half a tonne of heroin found in marble", "Officers found the heroin in hollow blocks.")


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("Five arrested over marble heroin", {"prosecution"}),
        ("Importer charged over waste", {"prosecution"}),
        ("Importers charged 4% levy", set()),
        ("Platform sues over parcel fee", {"court"}),
        ("Alliance takes parcel duty to court", {"court"}),
        ("Customs officers are courteous", set()),
        ("Суд отменил пошлину", {"court"}),
        ("Судно задержано в порту", set()),
        ("Los recursos de la aduana crecen", set()),
        ("Auditor general to examine outage", {"audit"}),
        ("Canberra takes New Delhi to the WTO", {"dispute"}),
        ("Trade war: countermeasures announced", {"dispute"}),
        ("反制措施公布", {"dispute"}),
        ("Head of customs dismissed", {"resignation"}),
        ("Customs dismisses rumours", set()),
    ],
)
def test_acts_are_read_from_headlines(title: str, kinds: set[str]) -> None:
    """Beginnings of words count, whole words where a beginning would mislead."""
    assert acts(title, "") == kinds


def test_an_act_is_new_when_the_earlier_piece_does_not_open_with_it() -> None:
    """What the earlier piece tells at its top, too, is no new act; further down it may stand."""
    assert new_acts("Five arrested over heroin", FIND) == {"prosecution"}
    assert new_acts("Five arrested over heroin", (FIND[0], "One man was arrested.")) == set()
    assert new_acts("Five arrested over heroin", (FIND[0], "x " * 400 + "One man was arrested.")) == {"prosecution"}
    assert new_acts("More heroin found", FIND) == set()


@pytest.mark.parametrize(
    ("title", "days", "named"),
    [
        ("Five arrested over marble heroin", 14.0, "prosecution, 14 days later"),
        ("Five arrested over marble heroin", 2.0, None),
        ("Head of customs resigns over heroin", 14.0, None),
        ("Audit and lawsuit over heroin", 9.2, "audit and court, 9 days later"),
    ],
)
def test_a_new_act_days_later_is_another_event(title: str, days: float, named: str | None) -> None:
    """On the next day it may be the same news; who resigns may do so in the midst of an event."""
    assert another_event(title, FIND, days) == named


@pytest.mark.parametrize(
    ("new", "chance", "days", "answers"),
    [
        ({"audit"}, 0.9, 14.0, True),
        ({"audit"}, 0.4, 14.0, False),
        ({"audit"}, 0.9, 0.5, False),
        ({"audit"}, 0.9, 61.0, False),
        (set(), 0.9, 14.0, False),
    ],
)
def test_what_follows_is_likely_and_in_time(new: set[str], chance: float, days: float, answers: bool) -> None:
    """A link needs an act, two months at most, and that both would be one event on one day."""
    assert follows(new, chance, days) is answers


def named(*names: str) -> Features:
    """Return vectors with these names only, the first ones the weightiest."""
    ids = sorted((term_id(name), 1.0 / n) for n, name in enumerate(names, 1))
    some = np.array([i for i, _ in ids], dtype=np.uint32), np.array([w for _, w in ids], dtype=np.float32)
    none = np.array([], dtype=np.uint32), np.array([], dtype=np.float32)
    at = VIEWS.index("named")
    return Features(
        tuple(some[0] if n == at else none[0] for n in range(len(VIEWS))),
        tuple(some[1] if n == at else none[1] for n in range(len(VIEWS))),
    )


def test_names_are_told_by_rarity_without_months_and_parts() -> None:
    """The rarest come first; a month, a day of the week, and a word of a longer name say nothing."""
    names = ("Koper", "Graz Vienna", "Graz", "November", "Monday", "Iran")
    one, other = named(*names), named(*names, "Turkey")
    assert telling_names(one, other, {term_id(name): name for name in names}) == ["Koper", "Graz Vienna", "Iran"]
