"""The sentence that names a text's source."""

from __future__ import annotations

import pytest

from monitor.ingest.attribution import attribution_of

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
