"""Whom a piece names as the origin of its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup.attribution import attribution, names

NAMED = [
    ("The haul was huge, the Quay Courier reports, citing Harbour Wire. More soon.", "citing Harbour Wire"),
    ("As first reported by Harbour Wire on Monday, the port is shut.", "reported by Harbour Wire"),
    ("Trucks wait for days.\nSource: Harbour Wire", "Source: Harbour Wire"),
    ("This article was originally published on harbourwire.example.", "originally published on harbourwire"),
    ("The port is shut, according to a report by Harbour Wire.", "according to a report by Harbour Wire"),
    ("Republished with permission from Harbour Wire.", "from Harbour Wire"),
    ("Порт закрыт, пишет «Причал» со ссылкой на Harbour Wire.", "со ссылкой на Harbour Wire"),
    ("Порт закрыт, передает агентство Harbour Wire.", "передает агентство Harbour Wire"),
    ("Источник: Harbour Wire", "Источник: Harbour Wire"),
    ("Liman bağlıdır, Harbour Wire-a istinadən xəbər verilir.", "Harbour Wire-a istinadən"),
    ("Mənbə: Harbour Wire", "Mənbə: Harbour Wire"),
    ("Cảng đóng cửa. Nguồn: Harbour Wire", "Nguồn: Harbour Wire"),
    ("Theo báo Harbour Wire, cảng đã đóng cửa.", "Theo báo Harbour Wire"),
    ("Le port est fermé, écrit le Courrier citant Harbour Wire.", "citant Harbour Wire"),
    ("Source : Harbour Wire", "Source : Harbour Wire"),
    ("El puerto cerró, según informó Harbour Wire.", "según informó Harbour Wire"),
    ("Fuente: Harbour Wire", "Fuente: Harbour Wire"),
    ("أغلق الميناء نقلا عن Harbour Wire", "نقلا عن Harbour Wire"),
    ("المصدر: Harbour Wire", "المصدر: Harbour Wire"),
    ("据海港通讯社报道,港口关闭。", "据海港通讯社报道"),
    ("港口关闭。来源:海港通讯社", "来源:海港通讯社"),
    ("Der Hafen ist zu, meldet der Kurier unter Berufung auf Harbour Wire.", "unter Berufung auf Harbour Wire"),
]


@pytest.mark.parametrize(("text", "said"), NAMED)
def test_origin_is_named(text: str, said: str) -> None:
    """The usual phrases of many languages are found with the name behind them."""
    found = attribution(text)
    assert found is not None
    assert said in found


@pytest.mark.parametrize("text", [text for text, _said in NAMED])
def test_case_does_not_matter(text: str) -> None:
    """A phrase in capitals names an origin, too."""
    assert attribution(text.upper()) is not None


@pytest.mark.parametrize(
    "text",
    [
        "The drugs came from Lorne, according to the customs service.",
        "The source of the leak is unknown.",
        "Таможня сообщает о рекордной выручке.",
        "Selon la douane, le port est fermé.",
        "",
    ],
)
def test_who_is_quoted_is_no_origin(text: str) -> None:
    """An authority that is quoted, or a source of something else, is not where the text comes from."""
    assert attribution(text) is None


def test_words_that_name_the_original_are_preferred() -> None:
    """Of several phrases the one that names the outlet of the original is kept."""
    text = "It was quiet, citing nobody in particular. Trucks wait.\nSource: The Harbour-Wire"
    assert attribution(text, ["Harbour Wire"]) == "Source: The Harbour-Wire"
    assert attribution(text) == "It was quiet, citing nobody in particular"


def test_names_are_compared_by_their_letters() -> None:
    """Blanks, signs, case and articles do not matter; a name of a few letters proves nothing."""
    assert names("Source: harbourwire.example", ["The Harbour Wire"])
    assert not names("Source: Quay Courier", ["Harbour Wire"])
    assert not names("citing the AP-proved list", ["AP"])


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No text makes it fail, and what it returns is one line."""
    found = attribution(text)
    assert found is None or "\n" not in found
