"""An item is explained in words and figures that people use, and the best other story is named for every item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import explaining
from monitor.explaining import ItemExplanation
from monitor.store.storage import Storage
from tests.pieces import GROUPING, piece, take

PILLS = piece(
    "pills", "Qatar customs foils bid to smuggle 7,000 captagon pills",
    "Customs at Hamad port foiled an attempt to smuggle 7,000 captagon pills worth $2,600,000 in a kiln.", "16 08:00",
)  # fmt: skip
AGAIN = piece(
    "again", "7,000 captagon pills found in kiln at Hamad Port",
    "Inspectors of Qatar's customs found 7,000 captagon pills worth $2,600,000 that were hidden in a kiln.", "16 09:00",
)  # fmt: skip
KUWAIT = piece(
    "kuwait", "Kuwait customs foils bid to smuggle 8,000 captagon pills",
    "Customs at Shuwaikh port foiled an attempt to smuggle 8,000 captagon pills in flower pots.", "18 10:00",
)  # fmt: skip


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """Open a state with two reports of one find, and a twin of it."""
    with Storage(tmp_path) as opened:
        take(opened, [PILLS, AGAIN, KUWAIT])
        yield opened


def explained(storage: Storage, name: str) -> ItemExplanation:
    """Explain an item."""
    return explaining.explain_item(storage.db, explaining.find_item(storage.db, name), GROUPING)


def test_amounts_are_written_as_people_write_them(storage: Storage) -> None:
    """No powers of ten, and no rounding beside the figure itself."""
    nearest = explained(storage, "again").nearest
    assert nearest is not None
    terms = {share.view: share.terms for share in nearest.comparison.shares}["figures"]
    assert "2,600,000 USD" in terms
    assert not any("e+" in term or "about 2,600,000" in term for term in terms)


def test_an_item_alone_is_told_its_closest_story_and_why_not(storage: Storage) -> None:
    """Nothing reached the operating point, so what is closest is looked for when it is asked."""
    found = explained(storage, "kuwait")
    assert found.membership is not None
    assert found.runner_up is not None
    assert found.runner_up.veto == "another event of the kind: KW / QA"
    assert "of one event with its closest item" in str(found.membership.runner_up_reason)
