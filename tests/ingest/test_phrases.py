"""The phrases of page furniture and the form they are matched in."""

from __future__ import annotations

import sys
from importlib.resources import files

import pytest
import yaml

from monitor.ingest import phrases as phrases_module
from monitor.ingest.phrases import after_phrase, phrases, place, plain

KINDS = sorted(yaml.safe_load(files("monitor.ingest").joinpath("phrases.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", KINDS)
def test_phrases_are_in_matching_form(kind: str) -> None:
    """Every list holds phrases, none of them empty, the longest first."""
    found = phrases(kind)
    assert found
    assert all(phrase and plain(phrase) == phrase for phrase in found)
    assert [len(phrase) for phrase in found] == sorted(map(len, found), reverse=True)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  Ən ÇOX\n oxunan ", "ən cox oxunan"),
        ("YAYINLANMA", "yayinlanma"),
        ("Đọc thêm", "đoc them"),
        ("Ё٢٩", "е29"),
        ("“À la une”", '"a la une"'),
    ],
)
def test_matching_form(text: str, form: str) -> None:
    """Case, accents, kinds of quotes and digits do not matter."""
    assert plain(text) == form


def test_digits_of_all_scripts_are_known() -> None:
    """No script has its digits beyond those that are looked for."""
    assert not any(chr(code).isdecimal() for code in range(phrases_module._DIGITS_END, sys.maxunicode))
    assert plain("٣ 𝟟 ৭") == "3 7 7"


def test_rest_behind_a_phrase() -> None:
    """What follows a phrase is cut from the text as it was written."""
    assert after_phrase("Ngày đăng: 23/06/2023", "date_labels") == "23/06/2023"
    assert after_phrase("ЧИТАЙТЕ ТАКЖЕ: Туман", "read_also") == "Туман"
    assert after_phrase("Bytes are counted", "by_words") is None
    assert after_phrase("Datenbank", "date_labels") is None


def test_place_in_the_written_text() -> None:
    """An index into the matching form is found again in the text, also where the two differ in length."""
    assert place("ﬁne day", 4) == 3
    assert place("abc", 99) == 3
    assert place("abc", 0) == 0
