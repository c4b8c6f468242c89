"""Templates that are filled in twice: the same title for another day, the same lead with other figures or places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.mark_sisters import _holds_word, template_conflict
from monitor.stories.mark_templates import other_day, other_figures

RATES = (
    "The rates for the conversion of foreign money at import from {day} are as follows. Dollar {a}, euro {b}, pound {c}, "
    "yen {d}. The rates are set by the bank and apply to all declarations of the week."
)
MARCH = RATES.format(day="2 March", a="83.11", b="90.45", c="105.20", d="0.551")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("House to auction seized vehicles on 11 May", "House to auction seized vehicles on 25 May"),
        ("House to auction 12 vehicles on May 11", "House to auction 9 vehicles on 25 May"),
        ("Seizures of rare species rise in 2024, report says", "Seizures of rare species rise in 2025, report says"),
        ("Exchange rates for customs, week 12", "Exchange rates for customs, week 13"),
        ("Курсы валют для таможни на 3 марта", "Курсы валют для таможни на 10 марта"),
        ("Tỷ giá tính thuế ngày 11/5 của hải quan", "Tỷ giá tính thuế ngày 18/5 của hải quan"),
        ("海关 拍卖 罚没 车辆 5月11日", "海关 拍卖 罚没 车辆 5月25日"),
        ("Wechselkurse der Zollverwaltung ab 01.03.2026", "Wechselkurse der Zollverwaltung ab 01.04.2026"),
    ],
)
def test_the_same_title_for_another_day_is_another_edition(one: str, other: str) -> None:
    """Only days, months, years and weeks differ: the event is a regular one."""
    assert other_day(one, other)
    assert other_day(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("House to auction seized vehicles on 11 May", "House to auction seized vehicles on May 11"),
        ("House to auction seized vehicles in May", "House to auction seized vehicles on 25 May 2026"),
        ("House to auction seized vehicles on 11 May", "House to sell impounded cars on 25 May"),
        ("House to auction 12 vehicles", "House to auction 14 vehicles"),
        ("Ships may wait at 2 ports", "Ships may wait at 3 ports"),
        ("Customs finds 1.1 tonnes of cocaine in coffee", "Customs finds 1.3 tonnes of cocaine in coffee"),
        ("On 11 May", "On 25 May"),
    ],
)
def test_other_titles_and_the_same_day_in_other_words_are_no_editions(one: str, other: str) -> None:
    """A date in another form, a date that says more, other words, figures that are no dates, too few words."""
    assert other_day(one, other) is None


def test_the_same_wording_with_other_figures_is_another_edition() -> None:
    """What is filled in anew keeps its words; the reason names figures of either side."""
    april = RATES.format(day="2 March", a="84.02", b="91.10", c="106.11", d="0.549")
    found = other_figures("Customs rates", "Customs rates", MARCH, april)
    assert found == "the same wording with other figures: 0.551, 105.20, 83.11 / 0.549, 106.11, 84.02"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Customs rates", MARCH),
        ("Customs rates", MARCH.replace("83.11", "83.12")),
        ("Customs rates", " ".join(MARCH.split()[:25])),
        ("Customs rates", "Nothing of this stands in the other one: 84.02, 91.10, 106.11 and 0.549 are its figures."),
        ("What a dollar buys in spring", RATES.format(day="9 March", a="1", b="2", c="3", d="4")),
        ("Customs rates", ""),
    ],
)
def test_copies_corrections_and_other_wordings_are_no_editions(title: str, text: str) -> None:
    """The same figures, one that was put right, a trimmed copy, other words or another title."""
    assert other_figures("Customs rates", title, MARCH, text) is None


WORKSHOP = (
    "A national workshop on audit for the customs administration of {place} took place from 9 to 13 March. {n} officers "
    "took part in it. Two experts explained the choice of companies, interviews and accounts with the help of cases. "
    "The Director General thanked the organisation and the donor for their support."
)


@pytest.mark.parametrize(
    ("place", "other", "reason"),
    [
        ("Zambia", "the Gambia", "Zambia / Gambia"),
        ("Kisumu", "Nakuru", "Kisumu / Nakuru"),
        ("Kenya", "Mombasa", None),
        ("Quiet Harbour", "Quite Harbour", None),
    ],
)
def test_one_workshop_in_two_places_is_two_events(place: str, other: str, reason: str | None) -> None:
    """Two known places need no other figures; a city in its country, or a slip of the pen, is no other place."""
    titles = [f"Workshop on audit concludes in {name}" for name in (place, other)]
    texts = [WORKSHOP.format(place=name, n=24) for name in (place, other)]
    assert template_conflict(titles[0], titles[1], texts[0], texts[1]) == reason


TEXTS = st.text(alphabet="ab 12.,:/-年月AB\n", max_size=120)


@settings(max_examples=150)
@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_templates_have_no_direction(title: str, other: str, text: str, other_text: str) -> None:
    """Any text is read without an error; which piece is asked about the other makes no difference."""
    found = template_conflict(title, other, text, other_text)
    assert (found is None) == (template_conflict(other, title, other_text, text) is None)
    assert template_conflict(title, title, text, text) is None


@pytest.mark.parametrize("opening", ["CORRECTION: ", "Update 2 - ", "Fe de erratas: ", "Уточнение: ", "更正："])
def test_a_correction_is_no_other_filling(opening: str) -> None:
    """What says of itself that it sets figures right is about the same thing."""
    april = RATES.format(day="2 March", a="84.02", b="91.10", c="106.11", d="0.549")
    assert other_figures("Customs rates", f"{opening}Customs rates", MARCH, april) is None
    assert other_figures("Customs rates", "Customs rates", MARCH, f"{opening}{april}") is None


@given(
    st.lists(
        st.sampled_from(["Brest", "brest", "Бре", "ские", "_", "7", "´", " ", ".", "\n", "Brest Brest"]), max_size=7
    ),
    st.sampled_from(["Brest", "Бре", "Brest Brest"]),
    st.booleans(),
)
def test_a_name_is_found_as_its_pattern_finds_it(parts: list[str], name: str, inflected: bool) -> None:
    """Looking for a whole word, or for one with any ending, finds what the regular expression of it finds."""
    text = "".join(parts)
    pattern = rf"\b{re.escape(name)}" + (r"\w*" if inflected else r"\b")
    assert _holds_word(text, name, inflected=inflected) == (re.search(pattern, text) is not None)


def test_a_toll_that_rises_is_no_other_filling() -> None:
    """The figures of a disaster grow from report to report; those of rates are written anew."""
    text = (
        "A bus carrying pilgrims fell into a ravine on Sunday, killing at least {a} people and injuring {b}, the police said. "
        "The driver lost control on a wet road after {c} hours at the wheel. Some {d} rescuers worked through the night."
    )
    first, later = text.format(a=12, b=30, c=9, d=50), text.format(a=19, b=41, c=11, d=90)
    assert other_figures("Bus crash in the hills", "Bus crash in the hills", first, later) is None
    calm = [t.replace("killing", "taking").replace("injuring", "leaving") for t in (first, later)]
    assert other_figures("Bus crash in the hills", "Bus crash in the hills", calm[0], calm[1]) is not None
