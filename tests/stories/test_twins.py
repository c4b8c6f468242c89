"""Twins: two seizures or agreements that are alike in all but goods, place or parties."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.twins import twins

IVORY = "Officers in {city} have seized {kg} kilograms of tusks in a container declared as {goods} for Vietnam."


def ivory(country: str, city: str, kg: int, goods: str = "tea") -> tuple[str, str, str]:
    """Return a seizure of ivory."""
    return f"{country} customs seizes ivory at {city}", IVORY.format(city=city, kg=kg, goods=goods), "en"


def test_like_seizures_in_two_countries_are_two() -> None:
    """Each title names a country of which the other piece says nothing."""
    assert twins(ivory("Kenya", "Mombasa", 300), ivory("Tanzania", "Dar es Salaam", 280)) == "KE / TZ"


def test_like_seizures_in_two_ports_of_a_country_are_two() -> None:
    """Cities decide where goods are the same and no figure is."""
    assert twins(ivory("Spanish", "Valencia", 410), ivory("Spanish", "Vigo", 395)) == "Valencia / Vigo"


def test_a_figure_in_common_makes_other_names_of_a_place_one_event() -> None:
    """Outlets name a port, a suburb or the city; the weight that they share says that it is one load."""
    assert twins(ivory("Spanish", "Valencia", 410), ivory("Spanish", "Vigo", 410)) is None


def test_other_goods_are_another_seizure() -> None:
    """The same authority finds something else two days later."""
    one = ("Qatar customs foils bid to smuggle captagon", "Officers found 7,000 captagon pills in a kiln.", "en")
    other = ("Qatar customs foils bid to smuggle hashish", "Officers found two kilos of hashish in a heater.", "en")
    assert twins(one, other) == "captagon, medicines / cannabis" or twins(one, other) == "captagon / cannabis"


def test_titles_alone_and_arrests_are_no_twins() -> None:
    """A title says of nothing that it is not so, and of pirates outlets name the navy in place of the sea."""
    one, other = ivory("Kenya", "Mombasa", 300), ivory("Tanzania", "Dar es Salaam", 280)
    assert twins((one[0], "", "en"), other) is None
    somali = (
        "Somali pirate attack foiled in Gulf",
        "Pirates were seized by sailors after they had fired at a freighter.",
        "en",
    )
    indian = (
        "Indian ship foils attack in Gulf",
        "A navy crew seized men who had fired at a freighter in the morning.",
        "en",
    )
    assert twins(somali, indian) is None


def test_agreements_with_other_parties_are_two() -> None:
    """One country signs twice in a week, in any language."""
    one = ("Mongolia and Japan sign customs agreement", "The agreement was signed in Ulaanbaatar.", "en")
    other = ("Монголия и Республика Корея подписали соглашение о таможне", "Соглашение подписано в Сеуле.", "ru")
    assert twins(one, other) == "JP / KR"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the other piece names the place further down
        (
            ivory("Kenya", "Mombasa", 300),
            ("Vietnam-bound ivory seized", "The tusks were found in Mombasa, Kenya.", "en"),
        ),
        # one title without a place
        (ivory("Kenya", "Mombasa", 300), ("Tusks seized in tea", "Officers seized 280 kg of tusks in tea.", "en")),
        # a joint operation is told by each of its countries
        (
            ("Kenya seizes fuel in joint operation", "The operation seized fuel in Kenya.", "en"),
            ("Uganda seizes fuel in joint operation", "The operation seized fuel in Uganda.", "en"),
        ),
        # what a country says that stayed outside
        (
            ("Japan and Korea sign agreement", "The agreement was signed in Tokyo.", "en"),
            ("China denounces agreement", "Beijing called the agreement signed on Monday a mistake.", "en"),
        ),
        # no act that is bound to a place
        (
            ("Duty on nuts in India", "India has a new duty.", "en"),
            ("Australia is shocked", "Growers are angry.", "en"),
        ),
        # the seat of what does not belong to its country
        (
            ("Brussels seizes on smuggled fuel", "The fuel was seized, the Commission said.", "en"),
            ("France hails fuel haul", "The fuel that was seized is in Calais.", "en"),
        ),
    ],
)
def test_reports_of_one_event_are_no_twins(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """Neither side has a place, a load or a party of its own that the other would have named."""
    assert twins(one, other) is None
    assert twins(other, one) is None


TEXTS = st.text(alphabet=st.sampled_from("seized signed Kenya Japan tea gold 12 kg ."), max_size=80)
LANGS = st.sampled_from([None, "en", "ru"])


@settings(max_examples=100)
@given(TEXTS, TEXTS, TEXTS, TEXTS, LANGS)
def test_twins_have_no_direction(title: str, other: str, text: str, other_text: str, lang: str | None) -> None:
    """Any text is read without an error; no piece is its own twin."""
    found = twins((title, text, lang), (other, other_text, lang))
    assert (found is None) == (twins((other, other_text, lang), (title, text, lang)) is None)
    assert twins((title, text, lang), (title, text, lang)) is None
