"""The sentence that names a text's source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.attribution import _cites, _pattern, attribution_of
from monitor.ingest.phrases import phrases, plain

FILLER = ["The hall was opened at noon.", "Nobody came before two.", "It rained.", "The band played on."]


@pytest.mark.parametrize(
    "sentence",
    [
        "The queues will end by spring, Eastline reports, citing the customs committee.",
        "Очереди исчезнут к весне, пишет газета со ссылкой на таможенный комитет.",
        "Növbələr yaza qədər aradan qalxacaq, deyə qəzet komitəyə istinadən yazır.",
        "Las colas acabarán en primavera, según informó el diario del puerto.",
        "قال المتحدث نقلا عن وكالة الأنباء إن الطوابير ستنتهي.",
        "据报道，援引海关消息称排队将结束。",
    ],
)
def test_attribution_is_found_at_the_edges(sentence: str) -> None:
    """The sentence is found in the lead and under the text, without its neighbours, and not in the middle."""
    assert attribution_of([f"The port is full. {sentence} More follows.", *FILLER]) == sentence
    assert attribution_of([*FILLER, sentence]) == sentence
    assert attribution_of([*FILLER[:3], sentence, *FILLER]) is None


def test_no_attribution() -> None:
    """A text that cites nobody, and no text at all, have none; a long sentence is cut."""
    assert attribution_of(FILLER) is attribution_of([]) is None
    assert len(attribution_of(["citing the port " * 50]) or "") == 300


WORDS = st.sampled_from([*phrases("citing"), "the port", "порт", "liman", "港口", "الميناء", "5", "–", "(", "²", "à"])


@given(st.lists(WORDS, max_size=8), st.sampled_from(["", " ", "-", "\n"]))
def test_phrases_are_found_as_if_each_was_looked_for(words: list[str], between: str) -> None:
    """Ruling out lines by their words finds what the pattern of all phrases finds."""
    line = plain(between.join(words))
    assert _cites(line) == (_pattern().search(line) is not None)


@given(st.lists(st.lists(WORDS, max_size=4).map(" ".join), max_size=8))
def test_lines_are_read_as_if_each_was_looked_at(lines: list[str]) -> None:
    """Ruling out a text by all its edges at once loses no line that names a source."""
    edges = [*lines[:3], *lines[max(3, len(lines) - 2) :]]
    assert (attribution_of(lines) is not None) == any(_cites(plain(line)) for line in edges)
