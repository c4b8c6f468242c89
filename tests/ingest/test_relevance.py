"""What is about customs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.relevance import judge, judge_with, load_terms

TERMS = load_terms()


def keeps(title: str, text: str = "") -> bool:
    """Tell whether the shipped vocabulary keeps a piece."""
    return judge(title, text, terms=TERMS).keep


@pytest.mark.parametrize(
    "title",
    [
        "Customs officers find 40 kg of cocaine in pineapple crates",
        "World Customs Organization adopts new work plan",
        "Lawmakers vote for higher import duties on steel",
        "Anti-dumping duty on ceramic tiles extended",
        "Gömrük postunda qaçaqmalçılığın qarşısı alınıb",
        "Таможенники нашли в фуре контрабанду",
        "На таможне внедрили электронное декларирование",
        "Hải quan cửa khẩu phát hiện lô hàng lậu",
        "Les douaniers saisissent deux tonnes de tabac",
        "La aduana decomisa relojes falsos",
        "الجمارك تحبط تهريب شحنة سجائر",
        "جمارك الميناء تضبط حاوية",
        "海关查获走私香烟",
        "海关总署发布新规",
        "Gümrük ekipleri kaçak sigara ele geçirdi",
        "Zollbeamte stellen Kokain sicher",
        "Der Zoll findet gefälschte Uhren im Container",
        "Alfândega apreende cigarros no porto",
    ],
)
def test_headlines_about_customs_are_kept(title: str) -> None:
    """A headline that names the service or its work is enough, in every language."""
    assert keeps(title)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Village keeps its old customs",
            "The customs and traditions of the valley are taught at school. Customs matter here.",
        ),
        (
            "Wedding customs of the coast",
            "Such wedding customs cross every border. The customs of the bride's family come first.",
        ),
        (
            "Regulator raises electricity tariffs",
            "The electricity tariff rises by 4 per cent, the power tariff for plants by 6.",
        ),
        ("Tariffs", "Tariffs, tariffs and again tariffs: the word of the year is tariff."),
        ("Gentler ways with smugglers in fiction", "The smuggler of the novel smuggles nothing but smuggled kisses."),
        ("Officer on duty saves child", "The duty officer was on duty when the call came, in the line of duty."),
        ("Повышены тарифы ЖКХ", "Тарифы на электроэнергию и тарифы на воду вырастут летом."),
        ("55 Zoll groß", "Der neue 55-Zoll-Monitor ist günstig."),
        ("", ""),
        ("Team wins the cup", "A late goal decided the final."),
    ],
)
def test_other_meanings_are_dropped(title: str, text: str) -> None:
    """Traditions, electricity prices, people on duty and a single ambiguous word do not suffice."""
    assert not keeps(title, text)


def test_several_weak_terms_suffice_together() -> None:
    """Without the word customs, enough words of the trade say the same."""
    assert keeps(
        "Scanner finds tobacco", "The container was declared as tea; importer and forwarder at the port are questioned."
    )


def test_title_counts_more_than_text() -> None:
    """The same words weigh more in the title."""
    words = "Customs officers at work"
    assert judge(words, "", terms=TERMS).score > judge("", words, terms=TERMS).score


def test_repetition_counts_ever_less() -> None:
    """The tenth mention adds next to nothing, so a long text does not win by length."""
    scores = [judge("", "tariff " * count, terms=TERMS).score for count in (1, 2, 3, 50)]
    assert scores == sorted(scores)
    assert scores[1] - scores[0] > scores[2] - scores[1] > scores[3] - scores[2]
    assert scores[3] <= 2 * scores[0]


def test_end_of_a_long_text_is_not_read() -> None:
    """News is at the top; what stands at the very end of a long text does not count."""
    assert not keeps("Cup final", "goal " * 1000 + "customs officers seized cocaine")


def test_verdict_explains_itself() -> None:
    """Terms and reason name what decided, the heaviest first."""
    verdict = judge("Customs officers seize cigarettes", "", terms=TERMS)
    assert verdict.terms == ("customs officers", "cigarettes")
    assert verdict.reason == f"score {verdict.score:g} of 3 needed: customs officers, cigarettes"
    assert judge("Cup", "", terms=TERMS).reason == "no term of customs in it"


def test_threshold_of_ones_own() -> None:
    """A higher threshold keeps less, also through the ready-made stage."""
    assert judge_with()("Customs officers meet", "").keep
    assert not judge_with(None, 9.0)("Customs officers meet", "").keep


def test_terms_of_ones_own() -> None:
    """Own terms add or take away, and replace a shipped term of the same words."""
    own = judge_with({"en": {"harbour dues": 3.5, "customs officers": -2.0}, "eo": {"doganist*": 3.0}})
    assert own("Harbour dues rise", "").keep
    assert own("Doganistoj trovas drogon", "").keep
    assert not own("Customs officers meet", "").keep
    assert load_terms({}) is load_terms()


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=150)
def test_any_text_gets_a_finite_score(title: str, text: str) -> None:
    """No text raises, the score is not negative, and keeping agrees with it."""
    verdict = judge(title, text, terms=TERMS)
    assert 0 <= verdict.score < 100
    assert verdict.keep == (verdict.score >= TERMS.threshold)
