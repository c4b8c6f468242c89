"""Facts: what a piece is about, where, and its figures, in any words or language; and how they decide about pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import figures
from monitor.stories.customs_score import (
    COLUMNS,
    CUSTOMS,
    NOT_CUSTOMS,
    TWINS,
    blend,
    blended_shares,
    names_place,
    shipped_customs,
    topic_share,
    with_signs,
)
from monitor.stories.fact_places import read_places
from monitor.stories.fact_terms import concepts_of, find_concepts
from monitor.stories.fact_words import plain
from monitor.stories.facts import (
    FACTS,
    INDEX_HAPPENINGS,
    READ_WORDS,
    Facts,
    fact_features,
    fact_id,
    happening_ids,
    no_facts,
    read_facts,
)
from monitor.stories.features import pack, rarity, read_features, similarities, terms_of, unpack, weigh
from monitor.stories.figures import (
    LONGEST_SENTENCE,
    MOST_FIGURES,
    Figure,
    figure_terms,
    read_figures,
)
from monitor.stories.lasting import last, measures_of
from monitor.stories.score import gap_feature, shipped
from monitor.stories.views import VIEWS, read_views
from monitor.text import canonical, cut_words

TEXTS = st.text(max_size=300) | st.text("0123456789 .,kgtonmilperct%$€万吨支", max_size=80)
LANGS = st.sampled_from(["en", "az", "ru", "vi", "fr", "es", "ar", "zh", "tr", "de", "pt", "ka", None])


def concepts(text: str, lang: str | None = "en") -> set[str]:
    """Return the concepts of a text."""
    return {concept for _at, concept in find_concepts([plain(word) for word in cut_words(canonical(text))], lang)}


def places(text: str, lang: str | None = "en") -> dict[str, int]:
    """Return the places of a text."""
    return dict(read_places(cut_words(canonical(text)), lang))


def quantities(text: str, lang: str | None = "en") -> set[tuple[float, str, str]]:
    """Return the figures of a text without their sentences."""
    return {(f.quantity, f.unit, f.what) for f in read_figures("", text, lang)}


# ---------------------------------------------------------------- what


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Officers seized tramadol hidden in a lorry"),
        ("fr", "Du tramadol saisi, dissimulé dans un camion"),
        ("es", "Incautan tramadol oculto en un camión"),
        ("pt", "Tramadol apreendido estava escondido em caminhão"),
        ("de", "Tramadol im Lkw versteckt: Zoll meldet Sicherstellung"),
        ("ru", "Таможенники изъяли трамадол, спрятанный в грузовике"),
        ("az", "Yük maşınında gizlədilmiş tramadol aşkar edilib"),
        ("tr", "Kamyonda gizlenen tramadol ele geçirildi"),
        ("vi", "Thu giữ tramadol giấu trong xe tải"),
        ("ar", "ضبط ترامادول مخبأة في شاحنة"),
        ("zh", "海关在货车内查获曲马多"),
    ],
)
def test_one_event_has_one_subject_in_every_language(lang: str, text: str) -> None:
    """Goods, act and means of transport are the same concepts in all languages of the vocabulary."""
    assert concepts(text, lang) >= {"opioid", "seizure", "truck"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Customs staff walkout at the harbour", "Strike of officers closes the port"),
        ("Clearance platform goes dark", "Outage of the electronic system"),
        ("Importers get a reprieve", "Deadline for traders is extended"),
        ("Ministry halts levy", "Charge suspended by the government"),
        ("A haul of elephant tusks", "Ivory intercepted"),
    ],
)
def test_rewording_keeps_the_subject(one: str, other: str) -> None:
    """Two ways to say one thing share a subject that is not just customs."""
    assert concepts(one) & concepts(other) & (concepts_of("acts") | concepts_of("goods"))


def test_phrases_need_all_their_words() -> None:
    """A pattern of several words is found only where all of them stand, in order."""
    assert "singlewindow" in concepts("traders use one single window")
    assert "singlewindow" not in concepts("a window seat for every single passenger")


def test_unknown_languages_are_read_as_english() -> None:
    """A language that the vocabulary lacks is read with the English one: names of goods travel."""
    assert "captagon" in concepts("captagon kontrabanda", "ka")
    assert concepts("captagon", None) == concepts("captagon")


# ---------------------------------------------------------------- where


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Officers in Rotterdam and Dutch police", "en", {"in:NL": 2, "at:rotterdam": 1}),
        ("Lagos traders and the Nigerian service", "en", {"in:NG": 2, "at:lagos": 1}),
        ("The United Arab Emirates and Dubai", "en", {"in:AE": 2, "at:dubai": 1}),
        ("The US and the EU signed", "en", {"in:US": 1, "in:EU": 1}),
        ("they told us that a nice reading of the bar", "en", {}),
        ("в Ташкенте и Казахстане", "ru", {"in:UZ": 1, "at:tashkent": 1, "in:KZ": 1}),
        ("Türkiyədə və Tbilisidə", "az", {"in:TR": 1, "in:GE": 1, "at:tbilisi": 1}),
        ("上海海关", "zh", {"in:CN": 1, "at:shanghai": 1}),
        ("في ميناء جدة", "ar", {"in:SA": 1, "at:jeddah": 1}),
    ],
)
def test_places(text: str, lang: str, expected: dict[str, int]) -> None:
    """Cities bring their country; adjectives, inflected names and other scripts name the same places."""
    assert places(text, lang) == expected


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("seized 1.7 tonnes of rosewood", "en", (1700.0, "kg", "timber")),
        ("seized 1,700 kg of rosewood", "en", (1700.0, "kg", "timber")),
        ("seized 60,000 packs of cigarettes", "en", (1_200_000.0, "stick", "tobacco")),
        ("about 1.2 million cigarettes were found", "en", (1_200_000.0, "stick", "tobacco")),
        ("gold worth Rs 24.1 crore", "en", (241_000_000.0, "INR", "gold")),
        ("a fine of $4.2 million", "en", (4_200_000.0, "USD", "")),
        ("3.8 million tablets", "en", (3_800_000.0, "tablet", "medicines")),
        ("twenty-seven containers arrived", "en", (27.0, "count", "container")),
        ("four per cent of the value", "en", (4.0, "%", "")),
        ("изъято 12 тонн бензина", "ru", (12_000.0, "kg", "fuel")),
        ("thu giữ 500 kg ngà voi", "vi", (500.0, "kg", "ivory")),
        ("查获香烟3万支", "zh", (30_000.0, "stick", "tobacco")),
        ("查获可卡因2.3吨", "zh", (2_300.0, "kg", "cocaine")),
    ],
)
def test_figures_have_comparable_units(text: str, lang: str, expected: tuple[float, str, str]) -> None:
    """A figure is in the base unit of its kind, and says what it counts."""
    assert expected in quantities(text, lang)


def test_years_are_no_figures() -> None:
    """A bare year counts nothing."""
    assert quantities("rules of 2024 and 1998") == set()


def test_a_figure_knows_its_sentence() -> None:
    """The sentence is the one the figure stands in, cut when it is very long."""
    found = read_figures("", "Nothing here. They took 40 kg of tea. More follows.", "en")
    assert [f.sentence for f in found] == ["They took 40 kg of tea."]
    assert len(read_figures("", f"40 kg of tea {'x' * 900}", "en")[0].sentence) == LONGEST_SENTENCE


def test_figures_are_bounded() -> None:
    """A table in a page does not fill the state."""
    assert len(read_figures("", " ".join(f"{n} kg." for n in range(10, 400)), "en")) == MOST_FIGURES


def test_telling_figures() -> None:
    """What outlets can be compared by has a unit or counts goods."""
    assert Figure(3.0, "kg", "", "").is_telling()
    assert Figure(3.0, "count", "container", "").is_telling()
    assert not Figure(3.0, "count", "reasons", "").is_telling()
    assert not Figure(3.0, "day", "", "").is_telling()


def test_rounded_figures_agree_with_exact_ones() -> None:
    """Large figures count by their first two digits too."""
    exact, rounded = (figure_terms([Figure(q, "kg", "ivory", "")]) for q in (1684.0, 1700.0))
    assert exact.keys() & rounded.keys() == {"kg~1.7e+03"}


@given(TEXTS, TEXTS, LANGS)
def test_reading_facts_never_fails(title: str, text: str, lang: str | None) -> None:
    """Any title and text have facts: finite figures, and vectors that survive being stored."""
    figures = read_figures(title, text, lang)
    assert all(np.isfinite(f.quantity) for f in figures)
    facts = fact_features(read_facts(title, text, lang, figures))
    stored = unpack(pack(facts), len(FACTS))
    assert terms_of(stored) == terms_of(facts)


@given(st.integers(2, 99_999), st.sampled_from(["kg of cocaine", "litres of diesel", "packs of cigarettes"]))
def test_thousands_separators_do_not_matter(quantity: int, rest: str) -> None:
    """A figure is the same with and without a thousands separator."""
    assert quantities(f"seized {quantity:,} {rest}") == quantities(f"seized {quantity} {rest}")


# ---------------------------------------------------------------- vectors


def facts_of(title: str, text: str, lang: str = "en") -> Facts:
    """Return the facts of a piece."""
    return read_facts(title, text, lang, read_figures(title, text, lang))


def test_teasers_at_the_end_do_not_count() -> None:
    """Facts come from the top of a page: other stories named further down are not what it is about."""
    text = "Cocaine was found in Rotterdam. " + "word " * READ_WORDS + "Related: ivory seized in Mombasa"
    read = dict(facts_of("Drug find", text).items())
    assert "cocaine" in read["subject"]
    assert "ivory" not in read["subject"]
    assert "in:KE" not in read["place"]


def test_happenings_join_country_and_subject() -> None:
    """A happening is goods or an act in a country; the weightiest find candidates."""
    facts = facts_of("Kenya: ivory seized in Mombasa", "Kenyan officers seized ivory in Mombasa.")
    assert {"in:KE ivory", "in:KE seizure"} <= dict(facts.items())["happening"].keys()
    ids = happening_ids(fact_features(facts))
    assert fact_id("in:KE ivory") in ids
    assert len(ids) <= INDEX_HAPPENINGS
    assert happening_ids(no_facts()) == []


def test_facts_are_no_words() -> None:
    """A fact and the word of the same spelling are different terms."""
    words = terms_of(read_features(read_views("ivory", "ivory", "en")))
    assert fact_id("ivory") not in words


def test_no_facts_are_alike_to_nothing() -> None:
    """An item whose facts were never read shares none with any other."""
    other = fact_features(facts_of("Ivory seized in Kenya", "Ivory."))
    assert similarities([no_facts()], [other]).tolist() == [[[0.0] * len(FACTS)]]


# ---------------------------------------------------------------- score


def test_topic_share() -> None:
    """The share rises from other topics to customs and is 0 for what nobody judged."""
    share = topic_share(np.array([0.0, NOT_CUSTOMS, (NOT_CUSTOMS + CUSTOMS) / 2, CUSTOMS, 99.0, np.nan]))
    assert share.tolist() == [0.0, 0.0, 0.5, 1.0, 1.0, 0.0]


@given(st.floats(0, 1), st.floats(-20, 20), st.floats(0, 1))
def test_blend(general: float, customs: float, share: float) -> None:
    """A blend lies between both scores; other topics keep the general one to the last bit, customs has its own."""
    blended = float(blend(np.array(general), np.array(customs), np.array(share)))
    own = 1 / (1 + np.exp(-customs))
    assert min(general, own) - 1e-6 <= blended <= max(general, own) + 1e-6
    assert float(blend(np.array(general), np.array(customs), np.array(0.0))) == general
    assert float(blend(np.array(general), np.array(customs), np.array(1.0))) == pytest.approx(own)


def test_shares_add_up() -> None:
    """What each part adds sums to the blended log-odds."""
    columns, gap = tuple(0.1 * n for n in range(len(COLUMNS))), 0.7
    model, general = shipped_customs(), shipped()
    shares = blended_shares(general.shares(columns[: len(VIEWS)], gap), model.shares(columns, gap), 0.25)
    odds = float(model.log_odds(np.array(columns, dtype=np.float32), np.array(gap)))
    mine = sum(general.shares(columns[: len(VIEWS)], gap).values())
    assert sum(shares.values()) == pytest.approx(0.75 * mine + 0.25 * odds, abs=1e-5)


def test_nothing_shared_speaks_against_a_pair() -> None:
    """No weight of a view or fact is below zero; time and other places only tell apart."""
    weights = dict(zip(COLUMNS, shipped_customs().weights, strict=True))
    assert weights.pop(TWINS) < 0
    assert min(weights.values()) >= 0
    assert shipped_customs().gap < 0


def chances(pieces: list[tuple[str, str, str]], days: list[float]) -> np.ndarray:
    """Return the probability of each pair of customs pieces (title, text, language)."""
    words = [read_features(read_views(*piece)) for piece in pieces]
    facts = [fact_features(facts_of(*piece)) for piece in pieces]
    counts = {t: sum(t in terms_of(w) | terms_of(f) for w, f in zip(words, facts, strict=True)) for w, f in
              zip(words, facts, strict=True) for t in terms_of(w) | terms_of(f)}  # fmt: skip
    idf = rarity(counts, len(pieces))
    heavy, telling = ([weigh(read, idf) for read in some] for some in (words, facts))
    placed = names_place(telling)
    at = np.array(days)
    gaps, measures = gap_feature(at, at), measures_of(telling)
    lasting = gaps * last(measures[:, None], measures)
    columns = with_signs(similarities(heavy, heavy), similarities(telling, telling), placed[:, None] & placed, lasting)
    return 1 / (1 + np.exp(-shipped_customs().log_odds(columns, gaps)))


IVORY_DURBAN = (
    "Ivory worth millions found at Durban",
    (
        "South African customs officers at the port of Durban seized 640 kg of ivory hidden among sacks of tea on Monday. "
        "The container was bound for Malaysia, the revenue service said."
    ),
    "en",
)
IVORY_DURBAN_REWORDED = (
    "Tusks under the tea: how a Durban scanner crew got suspicious",
    (
        "The box had already been loaded when an X-ray image showed long curved shapes. Inspectors in South Africa "
        "counted 212 elephant tusks, some two thirds of a tonne, consigned to a trader in Malaysia."
    ),
    "en",
)
IVORY_DURBAN_RUSSIAN = (
    "В Дурбане изъяли слоновую кость",
    (
        "Таможенники Южно-Африканской Республики задержали контейнер с чаем, в котором спрятаны 640 кг слоновой кости. "
        "Груз направлялся в Малайзию."
    ),
    "ru",
)
IVORY_MOMBASA = (
    "Ivory worth millions found at Mombasa",
    (
        "Kenyan customs officers at the port of Mombasa seized 655 kg of ivory hidden among sacks of coffee on Thursday. "
        "The container was bound for Vietnam, the revenue authority said."
    ),
    "en",
)
LEVY = (
    "Ghana suspends scanning levy",
    "Importers in Ghana will not pay the new scanning charge before June, the finance ministry in Accra decided.",
    "en",
)


def test_twins_are_further_apart_than_a_rewording_is() -> None:
    """The same goods in another port, in the same words, is less likely one event than one event in other words."""
    found = chances([IVORY_DURBAN, IVORY_DURBAN_REWORDED, IVORY_DURBAN_RUSSIAN, IVORY_MOMBASA, LEVY], [1, 2, 1, 4, 2])
    point = shipped().operating_point
    assert found[0, 1] > point
    assert found[0, 2] > point
    assert found[0, 3] < point
    assert found[0, 3] < found[0, 1]
    assert max(found[4, :4]) < point


def test_figure_is_read_with_what_is_near_it() -> None:
    """In a "sentence" without an end a figure counts the same goods, and is not cut into words from its beginning."""
    near = "officers seized 412 kg of cocaine in the port"
    (alone,), (far,) = read_figures("", near, "en"), read_figures("", f"{'word ' * 500}{near}", "en")
    assert (alone.quantity, alone.unit, alone.what) == (far.quantity, far.unit, far.what) == (412.0, "kg", "cocaine")
    content = "第1" * 1000
    around = figures._around(content, [], len(content) - 1)
    assert around.starts[0] >= len(content) - 200
