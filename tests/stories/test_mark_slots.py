"""Two texts of one wording whose names and figures are others are two events; copies and reports of one event are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories import mark_slots
from monitor.stories.mark_slots import other_slots

CRASH = (
    "A bus with {n} passengers left the road near {place} on {day} and fell into a ditch, the police of {region} said. "
    "Nobody was killed. The driver, {who}, may have fallen asleep at the wheel after a long shift."
)
ONE = CRASH.format(n=41, place="Lindau", day="Monday", region="Bavaria", who="Karl Moser")
OTHER = CRASH.format(n=36, place="Bregenz", day="Thursday", region="Vorarlberg", who="Ida Fink")
TITLE = "Bus leaves road, nobody killed"


def test_one_wording_with_other_names_and_figures_is_two_events() -> None:
    """The reason names what stands at the same places of both texts, in whichever order they came."""
    reason = "the same wording with 36, bregenz, thursday / 41, lindau, monday"
    assert other_slots(TITLE, TITLE, ONE, OTHER) == other_slots(TITLE, TITLE, OTHER, ONE) == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, ONE),
        (ONE, ONE.replace("41", "42")),
        (ONE, ONE.replace("Monday", "Tuesday").replace("Karl Moser", "The man")),
        (ONE, "The police of Bavaria believe that Karl Moser slept when his bus with 41 people fell into a ditch."),
        (ONE, ONE.replace("41", "41:00").replace("Lindau", "Lindau (Lake Constance)")),
        (ONE, ""),
    ],
)
def test_copies_corrections_and_reports_in_other_words_may_be_one_event(one: str, other: str) -> None:
    """One figure more or less, a name that the other text leaves out, no wording in common."""
    assert other_slots(TITLE, TITLE, one, other) is None


def test_a_text_without_a_title_is_no_filling() -> None:
    """An extract may leave out what both have in common."""
    assert other_slots("", TITLE, ONE, OTHER) is None


def test_chinese_is_compared_by_characters_and_numerals() -> None:
    """Numerals of several characters are figures; 一 alone is not."""
    text = "连日暴雨致{river}水位暴涨，{n}个村庄被洪水围困。截至{day}上午，当地已转移群众{people}余人，一处堤坝抢修，暂无人员伤亡。"
    one = text.format(river="融江", n="二十", day="周五", people="三千")
    other = text.format(river="信江", n="十五", day="周一", people="两千")
    assert other_slots("洪水围困村庄", "洪水围困村庄", one, other) in {
        "the same wording with 二十, 三千 / 十五, 两千", "the same wording with 十五, 两千 / 二十, 三千"
    }  # fmt: skip


@pytest.mark.parametrize(("day", "apart"), [("16 March", True), ("11 March", False), ("11 March 2026", False)])
def test_one_place_and_load_on_another_day_is_another_event(day: str, apart: bool) -> None:
    """The day stands at the same place of one wording; a copy of that wording may have another dateline."""
    text = (
        "Officers of the revenue stopped 500,000 packets of cigarettes on {day} on road 277 in Foz do Iguaçu, Paraná. The "
        "load lay under {load}."
    )
    one = text.format(day="11 March", load="bales of soya in a trailer, and the driver fled into the woods before dawn")
    other = text.format(
        day=day, load="tiles in a van of a firm from Cascavel, whose owner gave himself up to the police"
    )
    assert bool(other_slots("Cigarettes stopped", "Cigarettes stopped", one, other)) is apart


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=50)
def test_any_two_texts_are_compared_alike_from_both_sides(one: str, other: str) -> None:
    """No text is too strange, a text is no other filling of itself, and the order of two decides nothing."""
    assert other_slots("Title", "Title", one, one) is None
    assert other_slots("Title", "Title", one, other) == other_slots("Title", "Title", other, one)


@given(
    st.lists(
        st.sampled_from(["Lindau", "Bregenz", "41", "36", "3 May", "9 May", "the bus left", "a road near"]), max_size=9
    ),
    st.lists(
        st.sampled_from(["Lindau", "Bregenz", "41", "36", "3 May", "9 May", "the bus left", "a road near"]), max_size=9
    ),
)
def test_what_is_not_aligned_has_no_other_slots(one: list[str], other: list[str]) -> None:
    """Pairs that are passed over for lack of names, figures and days of their own would not be told apart either."""
    texts = " ".join(one), " ".join(other)
    found = other_slots(TITLE, TITLE, *texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mark_slots, "_may_be_told_apart", lambda _a, _b: True)
        assert other_slots(TITLE, TITLE, *texts) == found


def test_an_update_keeps_its_names() -> None:
    """Four other figures are those of a later report where every name stays."""
    text = (
        "An earthquake killed at least {a} people and injured {b} in the hills of Velmora on Monday, officials said. Some {c} "
        "houses fell down in Arkat. Roads were blocked by rocks and {d} tents were on the way from the capital."
    )
    first = text.format(a=120, b=400, c="1,000", d=500)
    later = text.format(a=350, b=900, c="2,500", d="1,800")
    assert other_slots("Quake in Velmora kills many", "Toll in Velmora rises", first, later) is None
    elsewhere = later.replace("Velmora", "Tirsk").replace("Arkat", "Osk")
    assert other_slots("Quake in Velmora kills many", "Quake in Tirsk kills many", first, elsewhere) is not None


def test_who_counts_the_dead_is_no_other_disaster() -> None:
    """Another source and higher figures are those of a later report; another place is another disaster."""
    text = (
        "A quake of magnitude 6.6 killed {a} people and injured {b} in the city of {city}, the {who} said. Up to {c} percent of "
        "houses were flattened and {d} people may be homeless."
    )
    first = text.format(a="2,000", b="5,000", city="Arkat", who="Red Crescent", c=70, d="20,000")
    later = text.format(a="20,000", b="30,000", city="Arkat", who="Interior Ministry", c=90, d="100,000")
    assert other_slots("Quake kills many", "Quake toll climbs", first, later) is None
    elsewhere = later.replace("Arkat", "Osk")
    assert other_slots("Quake kills many", "Quake kills many", first, elsewhere) is not None
