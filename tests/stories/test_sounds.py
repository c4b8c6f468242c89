"""Names by their sound, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.sounds import sound, sounds
from monitor.text import canonical


@pytest.mark.parametrize(
    "names",
    [
        "Volgin Волгин فولغين 沃尔金",
        "Hedvall Хедвалль هيدفال 赫德瓦尔",
        "Mirela Мирела ميريلا 米雷拉",
        "Ferraz Феррас فيراز 费拉兹",
        "Dorcan Доркан Dorčan 多尔坎",
        "Georgia Джорджия جورجيا",
        "Volgin Волгина Волгину",
        "Papadakis Παπαδάκις",
    ],
)
def test_a_name_sounds_alike_in_every_script(names: str) -> None:
    """Scripts and case endings change nothing that is heard."""
    assert len({sound(name) for name in names.split()}) == 1


def test_other_names_sound_otherwise() -> None:
    """The classes are wide, but not all names are one."""
    assert len({sound(name) for name in ("Volgin", "Hedvall", "Mirela", "Ferraz", "Dorcan", "Petrovnik")}) == 6


def test_sounds_are_those_of_names() -> None:
    """Words in small letters and short ones are no names; a long name counts as a whole and in parts."""
    assert sounds("the customs officers of Up", "en") == {}
    assert sounds("Petrovnik", "en") == dict.fromkeys(
        ("sound btlfnk$", "sound ^bt", "sound btl", "sound tlf", "sound lfn", "sound fnk"), 1
    )


def test_foreign_names_are_found_in_chinese() -> None:
    """A run of the characters that write foreign names is one, without blanks around it."""
    assert "sound dlkn$" in sounds("米雷拉·多尔坎夺得柔道金牌", "zh")
    assert "sound dlkn$" not in sounds("米雷拉·多尔坎夺得柔道金牌", "en")


@given(st.text(max_size=60), st.sampled_from(["en", "zh", "ar", None]))
@settings(max_examples=60)
def test_any_text_can_be_sounded(text: str, lang: str | None) -> None:
    """Whatever stands in a text, sounds are terms with a mark that no word has."""
    assert all(term.startswith("sound ") for term in sounds(canonical(text), lang))
