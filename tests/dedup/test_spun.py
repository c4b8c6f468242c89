from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from monitor.dedup.spun import Order, anchors, is_anchored, is_spun, order_of

ORIGINAL = """Officers at Port Maren found 640 kg of cocaine on 20 November in a container from Kalindi, the Velmoran Customs
Service said. The 533 packages were bound for Sarrance, and their value is put at 32 million euros by Tomas Brandl."""
SPUN = """Officials at Port Maren discovered 640 kg of coke on 20 November inside a box from Kalindi, the Velmoran Tariff
Service told. The 533 parcels were destined for Sarrance, and their worth is set at 32 million euros via Tomas Brandl."""
INDEPENDENT = """Tomas Brandl of the Velmoran Customs Service showed reporters 533 packages worth 32 million euros on Friday.
A dog had found them: 640 kg of cocaine in squid that left Kalindi for Sarrance and was opened at Port Maren."""

names = st.lists(st.sampled_from("abcdefg"), max_size=12)


def test_anchors_are_figures_and_names_but_no_sentence_openings() -> None:
    """Figures and capitalised words are anchors; a word that opens a sentence may be capitalised for that only."""
    assert anchors("Officers in Baku seized 2.3 t. They called Tbilisi.") == ("baku", "2.3", "tbilisi")
    assert anchors("海关查获 860 公斤。") == ("860",)
    assert anchors("") == ()


def test_a_text_with_its_words_replaced_is_spun_and_an_independent_report_is_not() -> None:
    """A spun copy keeps figures and names in order, another report of the event tells them in its own."""
    assert is_spun(ORIGINAL, SPUN)
    assert not is_spun(ORIGINAL, INDEPENDENT)


def test_a_few_anchors_in_common_prove_nothing() -> None:
    """Short lists run in the same order by chance, and a round-up is not copied by what it mentions."""
    assert not is_anchored(order_of(("baku", "2.3"), ("baku", "2.3")))
    assert not is_anchored(Order(8, 1.0, 0.1))


def test_few_anchors_suffice_where_both_texts_keep_their_words_in_order() -> None:
    """A text that names hardly anybody is spun as well; its words have to run alike from both sides."""
    plain = "Smoke rose over Maren and the road was closed to all lorries until noon. Nobody in Sarrance was hurt by Kalindi."
    spun = "Fumes rose over Maren and the street was shut to all lorries until midday. Nobody in Sarrance was harmed by Kalindi."
    assert is_spun(plain, spun)
    assert not is_spun(plain, f"{spun} {INDEPENDENT}")
    assert not is_anchored(Order(4, 1.0, 0.4))


def test_the_order_of_the_words_decides_between_copies_and_reports_that_name_the_same() -> None:
    """Two reports that list the same names and figures in one order are no copies when the words between differ."""
    listed = (
        "Envoys of Baku, Tbilisi, Ankara, Astana, Tashkent and Bishkek, who met behind closed doors for a third day, "
    )
    listed += "agreed on 14 of 20 points that carriers have raised since spring, the hosts said in a short note."
    retold = (
        "It took long nights, but Baku and Tbilisi yielded first; Ankara, then Astana gave in, Tashkent wanted more "
    )
    retold += "time, Bishkek never moved. Lorry owners got 14 wishes granted and 20 headings debated, over much coffee."
    assert is_anchored(order_of(anchors(listed), anchors(retold)))
    assert not is_spun(listed, retold)


@given(names, names)
def test_order_is_symmetric_and_bounded(a: list[str], b: list[str]) -> None:
    """Comparing is symmetric, shares lie between 0 and 1, and a list runs fully along itself."""
    order = order_of(a, b)
    assert order == order_of(b, a)
    assert 0 <= order.of_longer <= order.of_shorter <= 1
    if a:
        assert order_of(a, a) == Order(len(a), 1.0, 1.0)


@given(st.lists(st.sampled_from("abc"), max_size=7), st.lists(st.sampled_from("abc"), max_size=7))
def test_order_is_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    """The shared count is what trying every subsequence finds."""
    found = max(
        size
        for size in range(len(a) + 1)
        for picked in combinations(a, size)
        if size == 0 or picked in set(combinations(b, size))
    )
    assert order_of(a, b).shared == found
