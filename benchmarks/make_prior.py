"""Write monitor/stories/prior.tsv.gz: for each common term the share of customs news that hold it.

The vocabulary of customs (monitor/ingest/relevance_terms.yaml) is what every piece has that passes the relevance stage,
so it says nothing about the event: its terms get the shares below. Without them, five pieces on the World Customs
Organization in an empty state look like one event; on the labelled corpora they change nothing (mean F1 within .001).

The rest is derived from the word frequencies of wordfreq (Speer 2022, CC BY-SA 4.0), which is not a dependency of the
monitor: `.venv/bin/pip install wordfreq==3.1.1` first. A word of frequency f occurs in an item of L words with
probability 1 - exp(-f L). Terms below MIN_SHARE weigh as much as unseen ones and are left out.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import wordfreq
import yaml

from monitor.stories.views import term
from monitor.text import words

LANGUAGES = ("en", "ar", "vi", "fr", "es", "ru", "zh", "tr", "de", "pt", "it", "nl", "pl", "uk", "id", "ja", "ko", "fa")
ITEM_WORDS = 200
MIN_SHARE = 0.002
#: shares of the customs vocabulary, for concepts that make a piece relevant (almost) alone and for those that help
CORE_SHARE, HELPING_SHARE = 0.3, 0.05
CORE_WEIGHT, LEAST_WEIGHT = 2.0, 1.0
VOCABULARY = Path(__file__).parent.parent / "monitor" / "ingest" / "relevance_terms.yaml"
TARGET = Path(__file__).parent.parent / "monitor" / "stories" / "prior.tsv.gz"


def shares(lang: str) -> dict[str, float]:
    """Return the share of items that hold each term of a language."""
    frequency: dict[str, float] = defaultdict(float)
    for word, value in wordfreq.get_frequency_dict(lang, wordlist="small").items():
        for part in words(word):
            if stem := term(part, lang):
                frequency[stem] += value
    return {stem: 1 - math.exp(-value * ITEM_WORDS) for stem, value in frequency.items()}


def customs_shares() -> dict[str, float]:
    """Return the share of each term of the customs vocabulary, single words and pairs of neighbours."""
    found: dict[str, float] = {}
    for concept in yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))["concepts"].values():
        weight = concept.pop("weight")
        share = CORE_SHARE if weight >= CORE_WEIGHT else HELPING_SHARE
        phrases = [
            (lang, str(phrase)) for lang, listed in concept.items() for phrase in listed if weight >= LEAST_WEIGHT
        ]
        for lang, phrase in phrases:
            stems = [stem for word in words(phrase.replace("*", "")) if (stem := term(word, lang))]
            for stem in (*stems, *(f"{a} {b}" for a, b in pairwise(stems))):
                found[stem] = max(share, found.get(stem, 0.0))
    return found


def main() -> None:
    """Merge the languages and the vocabulary, the larger share winning, and write the table in a fixed order."""
    merged: dict[str, float] = customs_shares()
    for lang in LANGUAGES:
        for stem, share in shares(lang).items():
            merged[stem] = max(share, merged.get(stem, 0.0))
    kept = sorted((stem, share) for stem, share in merged.items() if share >= MIN_SHARE)
    lines = ["# term, share of items; derived from wordfreq 3.1.1, CC BY-SA 4.0, see NOTICE"]
    lines += [f"{stem}\t{share:.3g}" for stem, share in kept]
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{TARGET.name}: {len(kept)} terms in {len(LANGUAGES)} languages, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
