"""Explaining one pair of pieces: what each view adds to the score, and which rare terms the two share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat

from monitor.stories.customs_score import LASTING, TWINS, CustomsModel, blended_shares
from monitor.stories.facts import FACTS, Facts, fact_id
from monitor.stories.features import Features, term_id
from monitor.stories.meaning import AcrossModel
from monitor.stories.score import PairModel
from monitor.stories.views import VIEWS, Views

#: shared terms that are shown for each view
SHOWN_TERMS = 8
#: facts that are shown on each side of a difference
DIFFERING_FACTS = 4
#: a figure as the facts spell it, exactly and about
_FIGURE = re.compile(r"([^\W\d]+|%)([=~])([\d.e+]+)")
#: concepts whose names are no words
_IN_WORDS = {
    "aeo": "trusted traders", "antidumping": "anti-dumping", "bigcats": "big cats", "dataexchange": "data exchange",
    "freetrade": "free trade", "inforce": "in force", "jointop": "joint operation", "naturalgas": "natural gas",
    "palmoil": "palm oil", "sharkfin": "sea animals", "singlewindow": "single window", "spareparts": "spare parts",
    "taskforce": "task force", "tradestats": "trade figures",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """What one view adds to the log-odds that two pieces report one event."""

    view: str
    #: cosine, 0 to 1; for the time gap log(1 + days); 1 for the base
    value: float
    adds: float
    #: the shared terms that count most, the heaviest first
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Why a pair has its probability; the shares add up to its log-odds."""

    probability: float
    shares: tuple[Share, ...]
    #: facts of the tops of two customs pieces that differ, one a view: "place: belgium / netherlands"
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactPair:
    """What customs news is compared by besides words: the facts of both pieces, and how much they count."""

    bags: tuple[Facts, Facts]
    vectors: tuple[Features, Features]
    #: of the facts, and behind them the sign of twins and the time gap of a lasting measure
    cosines: tuple[float, ...]
    #: how surely both pieces are about customs, 0 to 1
    share: float
    model: CustomsModel


@dataclass(frozen=True, slots=True)
class MeaningPair:
    """What two pieces in different languages are compared by besides: the likeness of their meanings."""

    cosine: float
    #: name of the encoder that made them
    encoder: str
    model: AcrossModel


def compare(  # noqa: PLR0913 - a pair is shown with all that it was scored by
    bags: tuple[Views, Views], vectors: tuple[Features, Features], *, model: PairModel, cosines: tuple[float, ...],
    gap: float, probability: float, spelled: Mapping[str, str] | None = None, facts: FactPair | None = None,
    meaning: MeaningPair | None = None, general: Mapping[str, float] | None = None,
) -> Comparison:  # fmt: skip
    """Return the score of a pair taken apart.

    Args:
        bags: the views of both pieces, which still know the terms as words.
        vectors: their weighted vectors, which know how much each term counts.
        model: the pair score.
        cosines: of the pair, one a view.
        gap: `gap_feature` of the pair.
        probability: of the pair.
        spelled: the words to show for terms, which are stems; terms that are missing are shown as they are.
        facts: of two pieces on customs, or in two languages; None for others.
        meaning: of two pieces in different languages that both have one; None for others.
        general: what each part adds to the general score, where that is not `model` alone (`cases.general_shares`).

    """
    words = spelled or {}
    adds = dict(general or model.shares(cosines, gap))
    if meaning:
        adds = meaning.model.shares(meaning.cosine, cosines, gap)
    if facts:
        customs = facts.model.shares((*cosines, *facts.cosines), gap)
        customs = meaning.model.customs_shares(meaning.cosine, customs) if meaning else customs
        adds = blended_shares(adds, customs, facts.share)
    shares = [
        Share(view, round(cosine, 4), round(added, 4), _spelled(_shared_terms(bags, vectors, number), words))
        for number, (view, cosine) in enumerate(zip(VIEWS, cosines, strict=True))
        if (added := adds.get(view, 0.0)) or model.weights[number]
    ]
    shares += [] if facts is None else _fact_shares(facts, adds)
    shares += [Share("meaning", round(m.cosine, 4), round(adds["meaning"], 4), (m.encoder,)) for m in (meaning,) if m]
    shares.append(Share("time gap", round(gap, 4), round(adds["time gap"], 4)))
    shares.append(Share("base", 1.0, round(adds["base"], 4)))
    return Comparison(round(probability, 4), tuple(shares), () if facts is None else _differing(facts))


def _fact_shares(facts: FactPair, adds: Mapping[str, float]) -> list[Share]:
    """Return what each view of the facts adds."""
    first, second = (dict(bag.items()) for bag in facts.bags)
    shares = []
    for number, (view, cosine) in enumerate(zip(FACTS, facts.cosines, strict=False)):
        mine, theirs = (_weights(vector, number) for vector in facts.vectors)
        shared = {
            fact: mine.get(fact_id(fact), 0.0) * theirs.get(fact_id(fact), 0.0)
            for fact in first[view].keys() & second[view].keys()
        }
        shares.append(
            Share(
                view,
                round(cosine, 4),
                round(adds.get(view, 0.0), 4),
                tuple(map(_said, _heaviest(_without_roundings(shared)))),
            )
        )
    signs = zip((TWINS, LASTING), facts.cosines[len(FACTS) :], strict=True)
    return [*shares, *(Share(sign, round(value, 4), round(adds.get(sign, 0.0), 4)) for sign, value in signs)]


def _differing(facts: FactPair) -> tuple[str, ...]:
    """Return the views of the leads in which both pieces say something and nothing of it is the same."""
    first, second = (dict(bag.items()) for bag in facts.bags)
    return tuple(
        f"{view}: {', '.join(map(_said, _most(first[view])))} / {', '.join(map(_said, _most(second[view])))}"
        for view in ("lead subject", "lead place")
        if first[view] and second[view] and not first[view].keys() & second[view].keys()
    )


def _most(bag: Mapping[str, int]) -> list[str]:
    """Return the facts that a bag holds most often."""
    return sorted(bag, key=lambda fact: (-bag[fact], fact))[:DIFFERING_FACTS]


def _said(fact: str) -> str:
    """Return a fact for readers: countries go by their codes, figures by value and unit."""
    found = _FIGURE.fullmatch(fact)
    if found is None:
        plain = fact.replace("in:", "").replace("at:", "")
        return " ".join(_IN_WORDS.get(word, word) for word in plain.split(" "))
    unit, sign, value = found.groups()
    about = "about " if sign == "~" else ""
    return f"{about}{float(value):,.12g} {'' if unit == 'count' else unit}".strip()


def _without_roundings(shared: Mapping[str, float]) -> dict[str, float]:
    """Return shared facts without "about 2,600,000" where both sides give 2,600,000."""
    exact = {f"{unit}~{float(value):.2g}" for unit, sign, value in map(str.partition, shared, repeat("=")) if sign}
    return {fact: weight for fact, weight in shared.items() if fact not in exact}


def _spelled(terms: tuple[str, ...], words: Mapping[str, str]) -> tuple[str, ...]:
    """Return terms, of one or two stems each, as words."""
    return tuple(" ".join(words.get(stem, stem) for stem in term.split(" ")) for term in terms)


def _shared_terms(bags: tuple[Views, Views], vectors: tuple[Features, Features], number: int) -> tuple[str, ...]:
    """Return the terms of one view that both pieces hold, by what they add to the cosine."""
    mine, theirs = (_weights(vector, number) for vector in vectors)
    first, second = (dict(bag.items())[VIEWS[number]] for bag in bags)
    shared = {
        term: mine.get(term_id(term), 0.0) * theirs.get(term_id(term), 0.0) for term in first.keys() & second.keys()
    }
    return _heaviest(shared)


def _heaviest(shared: Mapping[str, float]) -> tuple[str, ...]:
    """Return the terms that add most, the heaviest first."""
    return tuple(sorted((t for t in shared if shared[t] > 0), key=lambda t: (-shared[t], t))[:SHOWN_TERMS])


def _weights(vector: Features, number: int) -> Mapping[int, float]:
    """Return the weights of one view by term id."""
    return dict(zip(vector.ids[number].tolist(), vector.weights[number].tolist(), strict=True))
