"""The relevance stage keeps what the labelled corpora say is about customs, in every language, and little else."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled corpora stand beside the checkout, not in it")


def test_relevance_reaches_the_floors() -> None:
    """At least 97% of the customs corpus is kept in each language, at most 3% of the general ones; of titles less."""
    spec = importlib.util.spec_from_file_location("bench_relevance", ROOT / "benchmarks" / "relevance.py")
    assert spec
    assert spec.loader
    relevance = importlib.util.module_from_spec(spec)
    sys.modules["bench_relevance"] = relevance
    spec.loader.exec_module(relevance)
    shares = relevance.count(SHARED)
    assert relevance.missed(shares) == []
    relevant, others = relevance.of_titles(relevance.count(SHARED, titles=True))
    assert relevant >= relevance.FLOORS["kept_of_relevant_titles"]
    assert others <= relevance.FLOORS["kept_of_other_titles"]
    assert {lang for corpus, lang in shares if corpus == "customs_gold"} >= {
        "en",
        "az",
        "ru",
        "vi",
        "fr",
        "es",
        "ar",
        "zh",
    }
