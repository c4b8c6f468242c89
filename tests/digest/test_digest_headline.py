from __future__ import annotations

import pytest
from digest_builders import item
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.headline import bare_title, choose, loudness
from monitor.text import squeeze

CALM = "Customs officers find 380 kg of heroin at Alat"


@pytest.mark.parametrize(
    "loud",
    [
        "CUSTOMS OFFICERS FIND 380 KG OF HEROIN AT ALAT",
        "Customs officers find 380 kg of heroin at Alat!",
        "Shocking: customs officers find 380 kg of heroin at Alat",
        "UPDATED: Customs officers find 380 kg of heroin at Alat",
        "ВИДЕО: Customs officers find 380 kg of heroin at Alat",
        "Did customs officers find 380 kg of heroin at Alat?",
        "Customs officers find 380 kg of heroin at Alat and then...",
        "Heroin find",
        CALM + " in a container of pistachios that had come by ferry from the eastern shore and was bound for Poti",
    ],
)
def test_a_calm_title_beats_a_loud_one(loud):
    """Capitals, exclamation, teasing, labels and odd lengths lose, even for the lead."""
    text = "Customs officers at Alat found 380 kg of heroin. What next."
    pieces = [item(1, "Hazar Wire", title=loud, text=text), item(2, title=CALM, text=text)]
    assert loudness(loud) > loudness(CALM) == 0
    assert choose(pieces, 1)[0] == CALM


def test_the_title_that_others_confirm_wins():
    """Words that the other pieces use too speak for a title."""
    text = "Officers found heroin among pistachios at the port of Alat."
    pieces = [
        item(1, title="Behind the green door of quay seven", text=text),
        item(2, title="Heroin found among pistachios at Alat", text=text),
        item(3, title="A ferry, a scanner and a second floor", text=text),
    ]
    assert choose(pieces, 3)[0] == "Heroin found among pistachios at Alat"


def test_ties_go_to_the_lead_then_to_the_first():
    """Equal titles are not chosen by chance."""
    pieces = [item(n, title=CALM) for n in (3, 1, 2)]
    assert choose(pieces, 2)[1].item_id == 2
    assert choose(pieces, 99)[1].item_id == 3


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        (f"{CALM} - Caspian Ledger", CALM),
        (f"{CALM} | caspian ledger", CALM),
        (f"[PHOTO] {CALM} (video) - Caspian Ledger", CALM),
        (f"{CALM} - Hazar Wire", f"{CALM} - Hazar Wire"),
        ("Anti-dumping - what now", "Anti-dumping - what now"),
        (f"{CALM} (in Azerbaijani)", f"{CALM} (in Azerbaijani)"),
        ("[PHOTO]", "[PHOTO]"),
        ("", ""),
    ],
)
def test_outlet_names_and_labels_are_cut_off(title, bare):
    """What is left is still a part of the title; a title that is nothing else stays."""
    assert bare_title(item(1, title=title)) == bare


def test_names_in_capitals_do_not_shout():
    """A short title of names in capitals is no shouting."""
    assert loudness("WCO, UNCTAD and the OECD sign a pact") == 0


@settings(max_examples=60)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_a_headline_is_part_of_a_title(titles):
    """Nothing is reworded, whatever the titles are."""
    headline, bearer = choose([item(n, title=title) for n, title in enumerate(titles, 1)], 1)
    assert headline in squeeze(bearer.title)
