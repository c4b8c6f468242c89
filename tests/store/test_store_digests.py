"""What a digest is made of: half-open windows, the state as of the window's end, the ledger."""

from __future__ import annotations

from datetime import date, timedelta

from sqlite_utils import Database
from store_builders import NOW, add, at, poll, refuse, story, watch

from monitor.model import (
    DigestInput,
    Edition,
    PollResult,
    Reprint,
    ReprintKind,
    Role,
    Skipped,
    SourceState,
    StatedFigure,
    Window,
)
from monitor.store import digests, figures, sketches, sources, stories
from monitor.store.digests import Ledger

DAY = date(2026, 11, 20)
WINDOW = Window(at("20 00:00"), at("21 00:00"))
SECOND = timedelta(seconds=1)


def source_of(db: Database, window: Window = WINDOW, *, day: date = DAY, max_age_days: int = 30) -> DigestInput:
    """Return what the digest of 20 November is a function of."""
    return digests.digest_input(db, day, "UTC", window, max_age_days=max_age_days)


def members(source: DigestInput) -> dict[int, list[int]]:
    """Return the item ids of each story."""
    return {s.story_id: [item.item_id for item in s.items] for s in source.stories}


# ---------------------------------------------------------------- the window


def test_window_is_half_open(db: Database) -> None:
    """The first second of a day belongs to it, the first one of the next day does not."""
    times = (WINDOW.start_at - SECOND, WINDOW.start_at, WINDOW.end_at - SECOND, WINDOW.end_at)
    made = [story(db, add(db, f"k{n}", listed_at=when, published_at=None)) for n, when in enumerate(times)]
    source = source_of(db)
    assert sorted(members(source)) == made[1:3]
    assert source.items == 2


def test_neighbouring_windows_share_nothing(db: Database) -> None:
    """Every item falls into exactly one of the days it could fall into."""
    for hour in range(72):
        story(db, add(db, f"k{hour}", listed_at=at("19 00:00") + timedelta(hours=hour)))
    days = [Window(at(f"{n} 00:00"), at(f"{n + 1} 00:00")) for n in (19, 20, 21)]
    assert [source_of(db, window).items for window in days] == [24, 24, 24]


def test_story_shows_what_was_known_at_the_end_of_the_window(db: Database) -> None:
    """Earlier items of a story are shown, later ones are not, so that an old digest comes out the same."""
    early = add(db, "a", listed_at=at("18 12:00"))
    today = add(db, "b", listed_at=at("20 12:00"))
    later = add(db, "c", listed_at=at("21 00:00"))
    story_id = story(db, early, today, later)
    assert members(source_of(db)) == {story_id: [early, today]}


def test_lead_that_came_later_does_not_stand_for_the_story_yet(db: Database) -> None:
    """A digest never names a lead that nobody had seen on its day."""
    today, later = add(db, "a"), add(db, "b", listed_at=at("23 12:00"))
    story(db, later, today)
    (found,) = source_of(db).stories
    assert found.lead_item_id == today


def test_piece_that_was_old_when_it_was_seen_is_left_out(db: Database) -> None:
    """A feed that hands out its archive fills no digest; what is left out is counted with its reason."""
    fresh = story(db, add(db, "a", published_at=at("13 12:00")))
    story(db, add(db, "b", published_at=at("13 11:59")))
    undated = story(db, add(db, "c", published_at=None))
    source = source_of(db, max_age_days=7)
    assert sorted(members(source)) == [fresh, undated]
    assert source.left_out == {"published more than 7 days before it was first seen": 1}
    assert source.items == 2


def test_what_a_day_left_out_is_counted(db: Database) -> None:
    """Refused pieces and unreadable entries of the window are counted, those of other days are not."""
    for key, when in (("a", WINDOW.start_at), ("b", WINDOW.end_at)):
        refuse(db, key, dropped_at=when)
    for when in (WINDOW.end_at - SECOND, WINDOW.end_at):
        sources.leave_out(db, sources.start_run(db, "pass", when), None, [Skipped("x", "y"), Skipped("x", "z")])
    assert source_of(db).left_out == {"could not be read": 2, "not about customs": 1}


# ---------------------------------------------------------------- stories and items


def test_item_of_a_story_is_whole(db: Database) -> None:
    """A digest gets everything it shows of an item: outlet, official source, reprint figures, relevance."""
    watch(db, "gazette", official=True)
    lead = add(db, "a", source_id="gazette", author="A. Writer", external_id="x")
    copy = add(db, "b")
    story_id = story(db, lead, copy, roles=(Role.REPRINT,))
    sketches.replace_reprints(db, [], [Reprint(copy, lead, ReprintKind.REPRINT, 0.9, 1.0, "same words")])
    (found,) = digests.stories(db, [story_id])
    first, second = found.items
    assert (first.official, first.author, first.external_id, first.outlet_family) == (
        True,
        "A. Writer",
        "x",
        "Quay Courier",
    )
    assert (second.official, second.role, second.original_item_id) == (False, Role.REPRINT, lead)
    assert (second.jaccard, second.containment, second.relevance) == (0.9, 1.0, 0.0)
    assert (first.published_at, first.listed_at) == (at("20 10:00"), at("20 12:00"))


def test_item_of_a_story_has_its_figures(db: Database) -> None:
    """Those that say what they count, in the order of the text."""
    first = add(db, "first")
    story(db, first)
    figures.save_figures(db, {first: [(380.0, "kg", "heroin", "380 kg of heroin."), (3.0, "USD", "", "It cost $3.")]})
    (piece,) = source_of(db).stories[0].items
    assert piece.figures == (StatedFigure(380.0, "kg", "heroin", "380 kg of heroin."),)


def test_edition_of_a_story_names_its_neighbours(db: Database) -> None:
    """A story of a series knows the editions before and after it."""
    made = [story(db, add(db, key)) for key in "abc"]
    for story_id, label in zip(made, ("86th", "87th", "88th"), strict=True):
        stories.set_edition(db, story_id, ("k", "Policy Commission", label, label))
    first, middle, _ = digests.stories(db, made)
    (series_id,) = db.execute("select id from series").fetchone()
    assert middle.edition == Edition(series_id, "Policy Commission", "87th", made[0], "86th", made[2], "88th")
    assert first.edition == Edition(series_id, "Policy Commission", "86th", None, None, made[1], "87th")
    assert digests.stories(db, [story(db, add(db, "d"))])[0].edition is None


def test_story_knows_the_last_digest_that_named_it(db: Database) -> None:
    """Only digests of earlier days make a story a developing one."""
    story_id = story(db, add(db, "a"))
    for day in (18, 19, 20, 21):
        issued = DigestInput(date(2026, 11, day), "UTC", WINDOW, (), (), 1)
        digests.record(db, issued, [(story_id, 1)], sha256="x", final=True, now=NOW)
    (found,) = source_of(db).stories
    assert found.last_digest_date == date(2026, 11, 19)
    assert digests.stories(db, [story_id])[0].last_digest_date == date(2026, 11, 21)


# ---------------------------------------------------------------- health


def test_health_is_that_of_the_day(db: Database) -> None:
    """An old digest shows how the sources were then, not how they are now."""
    front, _ = watch(db, "front", "trade")
    poll(db, front, at("19 12:00"))
    poll(db, front, WINDOW.end_at - SECOND, state=SourceState.FAILING, reason="timeout", result=PollResult.FAILED)
    poll(db, front, WINDOW.end_at)
    add(db, "a", source_id="front", first_seen_at=WINDOW.start_at)
    add(db, "b", source_id="front", first_seen_at=WINDOW.end_at)
    failing, never = digests.health(db, WINDOW)
    assert (failing.state, failing.reason, failing.items) == (SourceState.FAILING, "timeout", 1)
    assert (never.source_id, never.state, never.items, never.last_ok_at) == ("trade", SourceState.NEW, 0, None)


def test_former_sources_are_not_shown(db: Database) -> None:
    """The health section speaks of what is watched."""
    watch(db, "front", "trade")
    watch(db, "front")
    assert [line.source_id for line in digests.health(db, WINDOW)] == ["front"]


def test_days_that_can_be_reported_on_are_known(db: Database) -> None:
    """A day is told from one on which the monitor did not run by a poll or an item of that day."""
    assert not digests.has_news(db, WINDOW)
    (front,) = watch(db, "front")
    poll(db, front, WINDOW.end_at)
    add(db, "a", listed_at=WINDOW.end_at)
    assert not digests.has_news(db, WINDOW)
    add(db, "b", listed_at=WINDOW.start_at)
    assert digests.has_news(db, WINDOW)
    db.execute("update items set listed_at = '2020-01-01T00:00:00Z'")
    poll(db, front, WINDOW.start_at)
    assert digests.has_news(db, WINDOW)


# ---------------------------------------------------------------- the ledger


def test_ledger_keeps_the_newest_issue_of_a_day(db: Database) -> None:
    """Writing a day again replaces what is remembered of it, its stories included."""
    a, b = story(db, add(db, "a")), story(db, add(db, "b"))
    source = DigestInput(DAY, "UTC", WINDOW, (), (), 7)
    digests.record(db, source, [(a, 1), (b, 2)], sha256="one", final=False, now=at("20 15:00"))
    assert (digests.ledger(db, DAY), digests.last_final(db)) == (Ledger(DAY, False, "one", at("20 15:00")), None)
    digests.record(db, source, [(b, 2)], sha256="two", final=True, now=at("21 06:00"))
    assert (digests.ledger(db, DAY), digests.last_final(db)) == (Ledger(DAY, True, "two", at("21 06:00")), DAY)
    assert db.execute("select position, story_id, items from digest_stories").fetchall() == [(1, b, 2)]
    (row,) = db.query("select * from v_digests")
    assert (row["stories"], row["items"], row["start_at"]) == (1, 7, "2026-11-20T00:00:00Z")


def test_days_with_a_digest_are_listed_in_order(db: Database) -> None:
    """The ledger lists its days, and says when there are none."""
    assert (digests.days(db), digests.ledger(db, DAY), digests.last_final(db)) == ([], None, None)
    for day in (21, 19):
        issued = DigestInput(date(2026, 11, day), "UTC", WINDOW, (), (), 0)
        digests.record(db, issued, [], sha256="x", final=True, now=NOW)
    assert digests.days(db) == [date(2026, 11, 19), date(2026, 11, 21)]


def test_first_item_dates_the_state(db: Database) -> None:
    """A state begins with the first item it saw, not with the oldest date in it."""
    assert digests.first_listed_at(db) is None
    add(db, "a", first_seen_at=at("20 12:00"), listed_at=at("01 12:00"))
    add(db, "b", first_seen_at=at("19 12:00"))
    assert digests.first_listed_at(db) == at("19 12:00")


def test_week_is_counted_by_outlet_and_day_of_the_zone(db: Database) -> None:
    """Items count on the day of the readers' zone, over seven days that end with the digest's."""
    for number, listed in enumerate(["13 19:59", "13 20:00", "19 19:59", "19 20:00", "20 19:59", "20 20:00"]):
        add(db, f"k{number}", listed_at=at(listed), first_seen_at=at(listed))
    day = date(2026, 11, 20)
    window = Window(at("19 20:00"), at("20 20:00"))  # that day in Baku
    found = digests.digest_input(db, day, "Asia/Baku", window, max_age_days=30).volume
    assert {key: count for key, count in found.items() if key[1] > date(2026, 11, 13)} == {
        ("Quay Courier", date(2026, 11, 14)): 1,
        ("Quay Courier", date(2026, 11, 19)): 1,
        ("Quay Courier", day): 2,
    }
