from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from digest_builders import at, copy, digest_input, health, item, story

from monitor.digest import phrases
from monitor.digest.composed import Health, Lag, When
from monitor.digest.select import compose
from monitor.model import SourceState

BAKU = phrases.Clock(ZoneInfo("Asia/Baku"), 2026)


def test_times_are_shown_in_the_zone_of_the_digest():
    """UTC evening is the next day in Baku; another year is named."""
    assert phrases.moment(at("19 22:30"), BAKU) == "20 Nov 02:30"
    assert phrases.moment(datetime.fromisoformat("2025-12-31T10:00+00:00"), BAKU) == "31 Dec 2025 14:00"
    assert phrases.long_day(date(2026, 11, 20)) == "Friday 20 November 2026"


def test_a_day_without_time_is_not_moved_to_another_zone():
    """Midnight UTC stands for the day itself, also where it is still the day before."""
    lima = phrases.Clock(ZoneInfo("America/Lima"), 2026)
    assert phrases.published(When(at("19 00:00"), False, at("19 09:00")), lima) == "19 Nov"
    assert phrases.published(When(None, True, at("19 09:00")), lima) == "no date, first seen 19 Nov 04:00"


def test_the_zone_is_named_with_its_offset():
    """Readers elsewhere can convert."""
    digest = compose(digest_input(timezone="America/St_Johns"))
    assert phrases.zone_name(digest, phrases.clock_of(digest)) == "America/St_Johns (UTC-03:30)"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (None, ""),
        (Lag(0, 30), "same minute"),
        (Lag(0, 60), "1 min later"),
        (Lag(0, 7500), "2 h 5 min later"),
        (Lag(3, 3 * 86400 + 60), "3 d 1 min later"),
        (Lag(1, 90061), "1 d 1 h later"),
        (Lag(0, -600), "10 min earlier"),
        (Lag(0, None), "same day"),
        (Lag(1, None), "1 day later"),
        (Lag(-2, None), "2 days earlier"),
    ],
)
def test_lags_read_well(gap, said):
    """Two units at most, days where only days are known."""
    assert phrases.behind(gap) == said


@pytest.mark.parametrize(("share", "said"), [(0.974, "97%"), (0.996, "99%"), (1.0, "100%"), (0.29, "29%"), (0, "0%")])
def test_per_cent_is_rounded_down(share, said):
    """Only identical texts are called 100%, and 0.29 is not 28."""
    assert phrases.per_cent(share) == said


def test_copies_are_labelled_with_their_likeness():
    """Reprints and spun copies are told apart; unknown figures are left out."""
    one = story(1, item(1), copy(2, 1, "B"), copy(3, 1, "C"), copy(4, 1, "D", spun=True), copy(5, 1, "E", jaccard=None))
    (line,) = compose(digest_input([one])).sections[0].entries[0].reports
    assert [phrases.likeness(c) for c in line.copies] == [
        "reprint, Jaccard 97%, containment 99%",
        "reprint, Jaccard 97%, containment 99%",
        "spun copy (words replaced), Jaccard 41%, containment 63%",
        "reprint, containment 99%",
    ]
    assert phrases.folded(line) == "3 reprints, 1 spun copy"


def test_facts_name_what_backs_a_story():
    """Outlets, own texts, official or press, copies, id."""
    lone = compose(digest_input([story(7, item(1))])).sections[2].entries[0]
    assert phrases.facts(lone) == ["1 outlet", "press only", "story 7"]
    stray = compose(digest_input([story(8, copy(1, 99, "Hazar Wire", official=True))])).sections[2].entries[0]
    assert phrases.facts(stray) == ["1 outlet", "none with a text of its own", "with an official source", "story 8"]
    pair = compose(digest_input([story(9, item(1), copy(2, 1, "Hazar Wire"))])).sections[0].entries[0]
    assert phrases.facts(pair)[1:4] == ["1 with their own text", "press only", "2 pieces, 1 of them a copy"]


def test_news_of_a_story_without_news_says_so():
    """A developing story may have nothing new in the window."""
    old = story(1, item(1, published_at=at("16 08:00")), last_digest_date=date(2026, 11, 17))
    assert phrases.news(compose(digest_input([old])).sections[1].entries[0]) == "nothing new"


def test_problems_are_said_in_one_line():
    """Name, condition, since when, and why, in the zone of the digest and on one line."""
    broken = health("Caspian Ledger", SourceState.FAILING, since_at=at("20 10:00"), reason="503 from\n server\0")
    assert phrases.problem(broken, BAKU) == "failing since 20 Nov 14:00: 503 from server"
    mute = health("Hazar Wire", SourceState.NEW, since_at=None, last_ok_at=None, last_new_at=None)
    assert phrases.problem(mute, BAKU) == "not asked yet"
    assert phrases.last_signs(mute, BAKU) == "never answered well, no piece yet"


def test_the_verdict_counts_problems_and_says_plainly_when_all_is_well():
    """Retired and new sources are neither well nor a problem."""
    ok, bad, new = (health("A"),), (health("B", SourceState.EMPTY),), (health("C", SourceState.NEW),)
    assert phrases.verdict(Health((), new, ok * 12)) == "All is well with the sources: all 12 answer."
    assert phrases.verdict(Health((), (), ok)) == "All is well with the sources: the only one answers."
    assert phrases.verdict(Health(bad, (), ok * 11)) == "1 of 12 sources need attention."
    assert phrases.verdict(Health(bad, (), ())) == "1 of 1 source needs attention."
    assert phrases.verdict(Health((), new, ())) == "No source has been asked yet."
    assert phrases.verdict(Health((), (), ())) == "No sources are watched."


def test_a_quiet_day_and_a_broken_fetcher_do_not_read_alike():
    """An empty digest says why it may be empty."""
    quiet, broken = [health("A")], [health("A"), health("B", SourceState.FAILING)]
    assert phrases.quiet(compose(digest_input(sources=quiet))) == (
        "No stories today: nothing about customs came in, and every source that was asked answers."
    )
    assert "less quiet than it looks" in phrases.quiet(compose(digest_input(sources=broken)))
    assert (
        phrases.quiet(compose(digest_input(left_out={"too old": 1})))
        == "No stories today: 1 piece came in, but no story."
    )


def test_sources_of_one_outlet_are_told_apart():
    """Where an outlet has two sources, their ids are named."""
    digest = compose(digest_input(sources=[health("A", source_id="a-en"), health("A", source_id="a-fr"), health("B")]))
    assert phrases.source_names(digest.health) == {"a-en": "A (a-en)", "a-fr": "A (a-fr)", "b": "B"}


def test_names_are_joined_as_people_do():
    """A, B and C."""
    assert [phrases.listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
