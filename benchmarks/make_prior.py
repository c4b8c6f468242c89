"""Write monitor/stories/prior.tsv.gz: for each common term the share of news items that hold it.

Derived from the word frequencies of wordfreq (Speer 2022, CC BY-SA 4.0), which is not a dependency of the monitor:
`.venv/bin/pip install wordfreq==3.1.1` first. A word of frequency f occurs in an item of L words with probability
1 - exp(-f L). Terms below MIN_SHARE weigh as much as unseen ones and are left out.
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from pathlib import Path

import wordfreq

from monitor.stories.views import term
from monitor.text import words

LANGUAGES = ("en", "ar", "vi", "fr", "es", "ru", "zh", "tr", "de", "pt", "it", "nl", "pl", "uk", "id", "ja", "ko", "fa")
ITEM_WORDS = 200
MIN_SHARE = 0.002
TARGET = Path(__file__).parent.parent / "monitor" / "stories" / "prior.tsv.gz"


def shares(lang: str) -> dict[str, float]:
    """Return the share of items that hold each term of a language."""
    frequency: dict[str, float] = defaultdict(float)
    for word, value in wordfreq.get_frequency_dict(lang, wordlist="small").items():
        for part in words(word):
            if stem := term(part, lang):
                frequency[stem] += value
    return {stem: 1 - math.exp(-value * ITEM_WORDS) for stem, value in frequency.items()}


def main() -> None:
    """Merge the languages, the larger share winning, and write the table in a fixed order."""
    merged: dict[str, float] = {}
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
