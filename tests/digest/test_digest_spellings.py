"""Names that outlets spell differently: real ones are found, other words and forms are not."""

from __future__ import annotations

import pytest
from digest_builders import WINDOW, item
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.reports import own_texts, report_list
from monitor.digest.spellings import named_differently


def names(*texts: str, lang: str | None = "en", outlets: tuple[str, ...] = ("Alder Post", "Birch Post", "Cedar Post")):
    """Return the pairs of spellings that pieces of different outlets show."""
    items = [item(n, outlets[n % len(outlets)], text=text, lang=lang) for n, text in enumerate(texts, 1)]
    found = named_differently(own_texts(items), report_list(items, WINDOW))
    return [tuple(spelled.name for spelled in one.spelled) for one in found]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The officer Tomas Brandl spoke.", "The officer Thomas Brandl spoke.", ("Thomas Brandl", "Tomas Brandl")),
        ("The head, Rashad Mammadov, spoke.", "The head Rashad Mamedov spoke.", ("Rashad Mamedov", "Rashad Mammadov")),
        ("They stopped the Calanthe there.", "They stopped the Callanthe there.", ("Calanthe", "Callanthe")),
        ("It left Puerto Almar on Friday.", "It left Puerto Almer on Friday.", ("Puerto Almar", "Puerto Almer")),
        ("Then Calanthe's crew left.", "Then the Callanthe left.", ("Calanthe's", "Callanthe")),
    ],
)
def test_name_spelled_differently_is_found(one, other, expected):
    """One word of a name that differs by a letter or two makes a pair."""
    assert names(one, other) == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("They met Brandl there.", "They met Brandl there."),
        ("They met Erdoğan there.", "They met Erdogan there."),
        ("They met Al-Maren staff.", "They met AlMaren staff."),
        ("It came from Iran by sea.", "It came from Iraq by sea."),
        ("It was Russian freight.", "It came from Russia by sea."),
        ("It was on Tuesday there.", "It was on Thursday there."),
        ("They seized much. Sealed boxes stood there.", "They seized much. Healed boxes stood there."),
        ("The big Customs house.", "The big Costume house and its customs."),
        ("They met Tomas Brandl there.", "They met Tomas Wendel there."),
        ("They met Anna Keller there.", "They met Otto Kellar there."),
        ("It was sold in Maren.", "It was sold in Marin."),
        ("The World Organisation met.", "The World Organization met."),
        ("They went to Pearl Harbour.", "They went to Pearl Harbor."),
        ("The Russia-linked ship left.", "The Russian-linked ship left."),
        ("PORT OFFICERS MET CALANTHE CREW", "PORT OFFICERS MET CALLANTHE CREW"),
    ],
)
def test_what_is_no_other_spelling_is_left_out(one, other):
    """Equal names, accents, other words, short words, days, forms of a word and whole other names are no pairs."""
    assert names(one, other) == []


def test_who_writes_both_means_two_names():
    """A family that has both spellings, in any piece, tells of two; so does one family alone."""
    both = "They met Tomas Brandl and Thomas Brandl there."
    assert names("They met Tomas Brandl there.", "They met Thomas Brandl there.", both) == []
    assert names("They met Tomas Brandl.", "They met Thomas Brandl.", outlets=("Alder Post",)) == []


def test_word_that_is_written_small_anywhere_is_no_name():
    """What one piece writes without a capital is a common word."""
    assert names("They met Harbour staff.", "They met Harbor staff at the harbour and the harbor.") == []


@pytest.mark.parametrize(
    ("lang", "one", "other", "found"),
    [
        ("ru", "Его встретил Мамедов вчера.", "Об этом сказали Мамедову вчера.", 0),
        ("ru", "Его встретил Мамедов вчера.", "Его встретил Маммедов вчера.", 1),
        ("tr", "Bunu Brandlin gördü.", "Bunu Brandlar gördü.", 0),
        ("de", "Dort lag der Container Nord.", "Dort lag der Kontainer Nord.", 1),
        ("de", "Dort lag Schmuggel vor.", "Dort lag Schmugkel vor.", 0),
        (None, "They met Tomas Brandl there.", "They met Thomas Brandl there.", 0),
    ],
)
def test_languages_have_their_ways(lang, one, other, found):
    """Endings are forms where names are declined; a noun alone is no name where all have capitals."""
    assert len(names(one, other, lang=lang)) == found


def test_languages_are_not_compared():
    """A name in another language is spelled by its rules."""
    items = [
        item(1, "Alder Post", text="They met Tomas Brandl there.", lang="en"),
        item(2, "Birch Post", text="Vieron a Thomas Brandl.", lang="es"),
    ]
    assert named_differently(items, report_list(items, WINDOW)) == ()


def test_spelling_names_its_pieces():
    """A spelling stands in the sentence of the first piece that has it, and names the others."""
    text = "The ship was late. They met Tomas Brandl there."
    items = [item(n, f"Paper {n}", text=text.replace("Tomas", "Thomas") if n == 2 else text) for n in (1, 2, 3)]
    ((one,),) = (named_differently(items, report_list(items, WINDOW)),)
    thomas, tomas = one.spelled
    assert (thomas.name, thomas.number, thomas.also) == ("Thomas Brandl", 2, ())
    assert (tomas.text, tomas.outlet, tomas.item_id, tomas.also) == ("They met Tomas Brandl there.", "Paper 1", 1, (3,))


@settings(max_examples=60)
@given(st.lists(st.text("Aab' -.éЯя", max_size=60), min_size=2, max_size=3))
def test_any_text_is_read_in_any_order(texts):
    """Whatever is written, the order of the pieces' ids in the input changes nothing."""
    items = [item(n, f"Paper {n}", text=text) for n, text in enumerate(texts, 1)]
    reports = report_list(items, WINDOW)
    assert named_differently(items, reports) == named_differently(items[::-1], reports)
