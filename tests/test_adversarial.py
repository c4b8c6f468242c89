"""Cases that were written to mislead are grouped as well as the pinned figures say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from monitor.store.storage import Storage
from tests.pieces import take

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "benchmarks"))

import adversarial  # noqa: E402 - a script of the checkout, not of the package

# the benchmark `ingest` beside it would hide the folder of tests of that name
sys.path.remove(str(ROOT / "benchmarks"))


def test_no_more_pairs_are_wrong_than_the_floors_allow(tmp_path: Path) -> None:
    """Editions, twins, arcs, copies and round-ups, each set imported as one run: every kind keeps its floor."""
    outcome = adversarial.Report()
    for n, pieces in enumerate(adversarial.sets_of(adversarial.read_cases(sorted(adversarial.CASES.glob("*.yaml"))))):
        with Storage(tmp_path / str(n), create=True) as storage:
            take(storage, [piece.line for piece in pieces])
            outcome = adversarial.report(pieces, adversarial.found_in(storage.db.conn), outcome)
    assert adversarial.broken(outcome.counts, adversarial.floors()) == [], "\n".join(outcome.wrong)


def labelled(name: str, event: str, **more: str) -> adversarial.Labelled:
    """Return a piece of one case."""
    return adversarial.Labelled(name, "case", "kind", event, {}, **more)


def test_pairs_copies_and_follow_ups_are_counted_by_kind() -> None:
    """A pair in one story counts as joined rightly or not apart; so do copies and links that are none."""
    pieces = [labelled("a", "1"), labelled("b", "1", copy_of="a"), labelled("c", "2", follows="1")]
    pieces.append(adversarial.Labelled("d", "another case", "kind", "3", {}))
    stories = {"a": 1, "b": 1, "c": 1, "d": 2}
    copies = {"reprint": frozenset([("b", "a"), ("c", "a")]), "spun": frozenset[tuple[str, str]]()}
    outcome = adversarial.report(pieces, adversarial.Found(stories, copies, frozenset([(2, 1)])))
    assert outcome.counts == {
        "kind: joined": [1, 0],
        "kind: apart": [0, 2],
        adversarial.COPIES: [1, 1],
        adversarial.FOLLOW_UPS: [0, 2],
    }


def test_a_later_set_is_counted_by_itself() -> None:
    """What is wrong in it is held by floors of its own, and loosens none of the others."""
    piece = adversarial.Labelled("a", "case", "third / copies", "1", {}, copy_of="b")
    other = adversarial.Labelled("b", "case", "third / copies", "1", {})
    none = {"reprint": frozenset[tuple[str, str]](), "spun": frozenset[tuple[str, str]]()}
    outcome = adversarial.report([piece, other], adversarial.Found({"a": 1, "b": 1}, none, frozenset()))
    assert outcome.counts == {"third / copies: joined": [1, 0], f"third / {adversarial.COPIES}": [0, 1]}


@pytest.mark.parametrize(
    ("counts", "pinned", "problems"),
    [
        ({"k": (3, 1)}, {"k": (2, 1)}, 0),
        ({"k": (3, 2)}, {"k": (2, 1)}, 1),
        ({"new": (3, 2)}, {}, 1),
        ({"new": (3, 0)}, {}, 0),
        ({}, {"k": (2, 1)}, 0),
    ],
)
def test_floors_allow_no_more_errors(
    counts: dict[str, tuple[int, int]], pinned: dict[str, tuple[int, int]], problems: int
) -> None:
    """More wrong pairs of a kind, or wrong ones of a new kind, are a problem; more right ones are none."""
    assert len(adversarial.broken(counts, pinned)) == problems
