"""The five bags of terms that are read from a piece, in many languages."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.stories.views import (
    BODY_WORDS,
    LEAD_WORDS,
    LONGEST_WORD,
    VIEWS,
    plain_figure,
    read_views,
    stop_words,
    term,
)
from monitor.text import canonical

LANGUAGES = st.sampled_from([None, "", "en", "az", "ru", "vi", "fr", "es", "ar", "zh", "tr", "el", "hi", "no", "xx"])
WORDS = (
    "Customs", "seized", "the", "WTO", "eBay", "1,184", "1 184", "12", "٣٫٥", "Таможня", "изъяла", "海关查获12公斤", "海",
    "ﬁne", "\ud800", "\x00", "İzmir", "x", ",", ".", "'", "։", "\n",
)  # fmt: skip
PIECES = st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join) | st.text(max_size=15)


def named(text: str, lang: str | None = "en") -> dict[str, int]:
    """Return the named terms of a piece whose title has none."""
    return dict(read_views("-", text, lang).named)


def numbers(text: str) -> dict[str, int]:
    """Return the figures of a piece whose title has none."""
    return dict(read_views("-", text, "en").numbers)


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize(
    ("word", "lang", "expected"),
    [
        ("seizures", "en", "seizur"),
        ("seized", "en", "seiz"),
        ("seized", None, "seized"),
        ("seized", "az", "seized"),
        ("таможни", "ru", "таможн"),
        ("douanières", "fr", "douani"),
        ("aduanas", "es", "aduan"),
        ("gümrükler", "tr", "gümrük"),
        ("the", "en", None),
        ("и", "ru", None),
        ("của", "vi", None),
        ("在", "zh", None),
        ("海关", "zh", "海关"),
        ("x", "en", None),
        ("12", "en", None),
        ("١٢", "ar", None),
        ("12kg", "en", "12kg"),
        ("", "en", None),
        ("a" * LONGEST_WORD, None, "a" * LONGEST_WORD),
        ("a" * (LONGEST_WORD + 1), None, None),
    ],
)
def test_terms(word: str, lang: str | None, expected: str | None) -> None:
    """A word stands for its stem, unless it is a stop word, a letter, a number or no word at all."""
    assert term(word, lang) == expected


def test_stop_words_are_folded() -> None:
    """Stop words are those of the language in folded form, none where nobody lists any."""
    assert {"the", "and"} <= stop_words("en")
    assert all(word == word.casefold() for word in stop_words("tr"))
    assert stop_words("xx") == stop_words(None) == stop_words("") == frozenset()


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("the report by Port Maren was late", "en", {"port": 1, "maren": 1, "port maren": 1}),
        ("Officers ran. They ran to Maren.", "en", {"maren": 1}),
        ("Officers ran. Two Officers ran.", "en", {"offic": 2}),
        ("Velmora Customs paid", "en", {"velmora": 1, "custom": 1, "velmora custom": 1}),
        ("The Council met", "en", {"council": 1}),
        ("we saw Port Maren. Maren won", "en", {"port": 1, "maren": 2, "port maren": 1}),
        ("Maren won. We saw Velmora and Maren", "en", {"maren": 2, "velmora": 1}),
        ("it met: Maren won", "en", {}),
        ("a shop of eBay in McDonald style", "en", {"ebay": 1, "mcdonald": 1}),
        ("we saw Maren, Velmora", "en", {"maren": 1, "velmora": 1, "maren velmora": 1}),
        ("we saw Maren\nVelmora won", "en", {"maren": 1}),
        ("в порту Велморы директор Иван Петров", "ru", {"велмор": 1, "ива": 1, "петр": 1, "ива петр": 1}),
        ("στο λιμάνι του Πειραιά", "el", {"πειραι": 1}),
        ("այսօր Վելմորայում։ Ոսկի գտան", "hy", {"վելմորայ": 1}),
        ("海关在WTO总干事Amina访问时说", "zh", {"wto": 1, "amina": 1}),
        ("海关说。Amina说", "zh", {}),
        ("税関はWCO会合で", "ja", {"wco": 1}),
        ("ضبطت الجمارك", "ar", {}),
        ("the 12A gate", "en", {}),
    ],
)
def test_named_terms(text: str, lang: str | None, expected: dict[str, int]) -> None:
    """Names are capitalised words and pairs of them; a sentence's first word alone is none unless seen elsewhere."""
    assert named(text, lang) == expected


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("7", "7"),
        ("1184", "1184"),
        ("1,184", "1184"),
        ("1.184", "1184"),
        ("1 184", "1184"),
        ("1'184'000", "1184000"),
        ("1,184.5", "1184.5"),
        ("1.184,5", "1184.5"),
        ("1 184 000,50", "1184000.50"),
        ("12.5", "12.5"),
        ("0.184", "0.184"),
        ("1234.567", "1234.567"),
        ("22.11.2026", "2211.2026"),
        ("١٬١٨٤٫٥", "1184.5"),
        ("१२", "12"),
    ],
)
def test_plain_figures(raw: str, expected: str) -> None:
    """A figure is written one way whatever separators and digits its language uses."""
    assert plain_figure(raw) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,184 and 1184 and 1 184 and 1\u00a0184 and 1\u202f184 and 1’184 and １１８４", {"1184": 7}),
        ("1 184,5 кг", {"1184.5": 1}),
        ("in 2026 184 lorries", {"2026": 1, "184": 1}),
        ("in 2026, 500 lorries", {"2026": 1, "500": 1}),
        ("12 5000 and 12 50", {"12": 2, "5000": 1, "50": 1}),
        ("5\n184 lorries", {"184": 1}),
        ("5 or 7 of ١٢", {"12": 1}),
        ("查获300公斤", {"300": 1}),
        ("88th, HS-4011", {"88": 1, "4011": 1}),
        ("none", {}),
    ],
)
def test_numbers(text: str, expected: dict[str, int]) -> None:
    """Figures of two digits and more are counted, and agree across ways of writing."""
    assert numbers(text) == expected


@settings(max_examples=150)
@given(st.integers(1000, 10**12), st.sampled_from([",", ".", " ", "'", "\u00a0", "\u202f", "’", "٬"]))
def test_separators_make_no_other_number(number: int, separator: str) -> None:
    """A whole number in groups of three is the number."""
    grouped = f"{number:,}".replace(",", separator)
    assert numbers(f"about {grouped} boxes") == {str(number): 1}


# ---------------------------------------------------------------- all views


def test_views_of_a_piece() -> None:
    """Each view sees its part of a piece."""
    text = "VELMORA, 3 March - Officers seized 1 184 kg of gold. The Service paid 12.5 million."
    views = read_views("Customs seizes gold", text, "en")
    assert tuple(name for name, _ in views.items()) == VIEWS
    assert dict(views.title) == {"custom": 1, "seiz": 1, "gold": 1}
    assert views.body["gold"] == views.lead["gold"] == 2
    assert dict(views.numbers) == {"1184": 1, "12.5": 1}
    assert set(views.named) == {"march", "offic", "march offic", "servic"}


def test_lead_and_body_have_an_end() -> None:
    """The lead is the title and the first words, the body ends where a long read says little more."""
    text = " ".join(f"w{n:05}" for n in range(BODY_WORDS + 100))
    views = read_views("headline", text, None)
    assert (len(views.lead), len(views.body)) == (LEAD_WORDS + 1, BODY_WORDS + 1)
    assert f"w{LEAD_WORDS - 1:05}" in views.lead
    assert f"w{BODY_WORDS:05}" not in views.body


@pytest.mark.parametrize("title", ["", "  ", "\u3000"])
@pytest.mark.parametrize("text", ["gold found\nmore below", "\n \ngold found\nmore below"])
def test_first_line_stands_for_a_missing_title_but_is_none(title: str, text: str) -> None:
    """Without a title the first line that is not empty counts twice, and the piece is no title without a text."""
    views = read_views(title, text, None)
    assert dict(views.body)["gold"] == dict(read_views("gold found", text, None).body)["gold"]
    assert not views.title


@pytest.mark.parametrize("lang", [None, "en", "zh"])
def test_empty_piece_has_no_terms(lang: str | None) -> None:
    """A piece of nothing has five empty views."""
    assert [dict(bag) for _, bag in read_views("", "", lang).items()] == [{}] * len(VIEWS)


@settings(max_examples=250)
@given(PIECES, PIECES, LANGUAGES)
@example("\ud800", "\x00", "ar")
@example("WTO总干事", "2026年", "zh")
def test_views_of_any_piece(title: str, text: str, lang: str | None) -> None:
    """Any text is read, the same whether canonical or not, and the views hold each other as they should."""
    views = read_views(title, text, lang)
    bags = {name: Counter(bag) for name, bag in views.items()}
    assert all(term_ and count > 0 for bag in bags.values() for term_, count in bag.items())
    assert bags["title"] <= bags["lead"] <= bags["body"]
    assert {word for word in bags["named"] if " " not in word} <= set(bags["body"])
    assert all(part in bags["named"] for word in bags["named"] for part in word.split())
    assert all(figure.isascii() and len(figure) > 1 for figure in bags["numbers"])
    if title.strip():
        assert read_views(canonical(title), canonical(text), lang) == views or not canonical(title).strip()


def test_huge_pieces_are_read() -> None:
    """Long words, long numbers and texts without a space are no trouble."""
    assert dict(read_views("-", "Ab" * 200_000, "de").body) == {}
    assert dict(read_views("-", "Ab" * 200_000, "ar").named) == {}
    assert len(read_views("-", "1," * 200_000, "en").numbers) == 1
    assert sum(read_views("-", "海" * 200_000, "zh").body.values()) == BODY_WORDS
    assert sum(read_views("-", "Maren Velmora " * 50_000, None).named.values()) == 200_000 - 1
