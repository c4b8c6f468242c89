"""The stories of the labelled corpora, through the released command, are as good as the pinned floors say."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = json.loads((ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled corpora stand beside the checkout, not in it")


@pytest.mark.parametrize("corpus", sorted(FLOORS))
def test_stories_of_a_corpus_reach_the_floor(corpus: str, tmp_path: Path) -> None:
    """`monitor import --no-relevance` into an empty state reaches the floor and leaves no item out."""
    spec = importlib.util.spec_from_file_location("quality", ROOT / "benchmarks" / "quality.py")
    assert spec
    assert spec.loader
    quality = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(quality)
    scores = quality.score(SHARED, corpus, tmp_path)
    assert scores["b3_f1"] >= FLOORS[corpus]
    assert scores["missing"] == 0
