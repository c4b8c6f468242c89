from __future__ import annotations

import pytest
from digest_builders import WINDOW, at, copy, item

from monitor.digest.reports import lag, own_texts, report_list
from monitor.model import ReprintKind, Role


def test_lines_stand_in_order_of_publication_and_the_first_says_so():
    """The earliest piece is number 1 and first; the next one has its lag."""
    late = item(1, "Port Gazette", published_at=at("19 10:00"))
    early = item(2, "Hazar Wire", published_at=at("19 08:30"))
    first, second = report_list([late, early], WINDOW)
    assert (first.item_id, first.number, first.first, first.lag) == (2, 1, True, None)
    assert (second.item_id, second.number, second.first) == (1, 2, False)
    assert second.lag is not None
    assert (second.lag.seconds, second.lag.days) == (5400, 0)


def test_a_piece_with_only_a_day_does_not_claim_to_be_first_on_that_day():
    """Midnight stands for an unknown hour: the piece with a time comes first, an earlier day still wins."""
    timed = item(1, published_at=at("19 10:00"))
    same_day = item(2, "Hazar Wire", published_at=at("19 00:00"), published_has_time=False)
    day_before = item(3, "Port Gazette", published_at=at("18 00:00"), published_has_time=False)
    lines = report_list([same_day, timed, day_before], WINDOW)
    assert [line.item_id for line in lines] == [3, 1, 2]
    assert lines[1].lag is not None
    assert (lines[1].lag.days, lines[1].lag.seconds) == (1, None)


def test_an_undated_piece_is_last_has_no_lag_and_is_never_first():
    """When a piece was first seen says nothing about who reported first."""
    undated = item(1, published_at=None, first_seen_at=at("19 01:00"))
    lines = report_list([undated, item(2, "Hazar Wire", published_at=at("19 10:00"))], WINDOW)
    assert [(line.item_id, line.first, line.lag is None) for line in lines] == [(2, True, True), (1, False, True)]
    assert not report_list([undated], WINDOW)[0].first


def test_copies_are_folded_under_the_text_they_repeat_also_through_another_copy():
    """A copy of a copy stands under the original, with its own likeness and its lag to the first report."""
    original = item(1, published_at=at("19 08:00"))
    reprint = copy(2, 1, "Hazar Wire", published_at=at("19 09:00"))
    second_hand = copy(3, 2, "Polski Puls", spun=True, published_at=at("19 09:30"))
    (line,) = report_list([second_hand, reprint, original], WINDOW)
    assert [(c.item_id, c.kind, c.jaccard) for c in line.copies] == [
        (2, ReprintKind.REPRINT, 0.974),
        (3, ReprintKind.SPUN, 0.412),
    ]
    assert [c.lag.seconds for c in line.copies if c.lag] == [3600, 5400]


def test_a_copy_whose_original_is_elsewhere_stands_for_itself_and_names_it():
    """No piece is lost because its original belongs to another story."""
    lines = report_list([item(1), copy(2, 77, "Hazar Wire")], WINDOW)
    assert [(line.item_id, line.copied_item_id) for line in lines] == [(1, None), (2, 77)]


def test_copies_that_point_at_each_other_are_not_lost():
    """A circle has no original: each of its pieces stands for itself."""
    circle = [copy(1, 2, "Hazar Wire"), copy(2, 1, "Port Gazette"), copy(3, 1, "Polski Puls")]
    assert [piece.item_id for piece in own_texts(circle)] == [1, 2, 3]


def test_only_copies_are_folded_whatever_their_original_field_says():
    """Coverage that mentions an original stays a line of its own."""
    assert len(report_list([item(1), item(2, original_item_id=1, role=Role.COVERAGE)], WINDOW)) == 2


def test_new_means_listed_in_the_window():
    """The window takes its start and leaves its end."""
    begin = item(1, listed_at=WINDOW.start_at)
    end = item(2, listed_at=WINDOW.end_at)
    assert {line.item_id: line.new for line in report_list([begin, end], WINDOW)} == {1: True, 2: False}


@pytest.mark.parametrize("undated", [0, 1])
def test_no_lag_without_two_dates(undated):
    """A lag is only given between two dated pieces."""
    pair = [item(1), item(2)]
    pair[undated] = item(3, published_at=None)
    assert lag(pair[0], pair[1]) is None
