"""The language of a text."""

from __future__ import annotations

import pytest

from monitor.ingest.language import language_code, language_of

ENGLISH = "The customs office opened a second scanner hall at the port, and lorries now wait half as long as before."


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", ENGLISH),
        (
            "az",
            "Dövlət Gömrük Komitəsinin əməkdaşları sərhəd məntəqəsində qanunsuz siqaret aşkar ediblər, araşdırma aparılır.",
        ),
        ("ru", "Таможенники обнаружили в грузовике крупную партию сигарет без акцизных марок и задержали водителя."),
        (
            "vi",
            "Lực lượng hải quan vừa phát hiện hơn sáu trăm ki-lô-gam ngà voi giấu trong lô hàng hạt điều nhập khẩu.",
        ),
        ("zh", "海关关员近日在港口查获一批夹藏在集装箱内的走私香烟，案件正在进一步调查之中。"),
        ("ar", "تمكن مفتشو الجمارك في الميناء من إحباط محاولة تهريب شحنة كبيرة من السجائر داخل حاوية."),
    ],
)
def test_text_tells_its_language(lang: str, text: str) -> None:
    """A few sentences are enough, whatever the page claims."""
    assert language_of(text) == lang
    assert language_of(text, "pt") == lang


def test_hint_decides_for_short_texts() -> None:
    """A few letters tell nothing, so the declared language stands, or none."""
    assert language_of("WCO 2026", "fr-FR") == "fr"
    assert language_of("", "ru") == "ru"
    assert language_of("") is None


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("AZ", "az"), ("zh_Hant_TW", "zh"), ("nb", "no"), ("english", None), ("", None), (None, None)],
)
def test_language_tags(tag: str | None, code: str | None) -> None:
    """A tag is cut to its language; what is no tag is nothing."""
    assert language_code(tag) == code
