"""The shell around stories/features and score: weigh a run's items, index them, link what may be one event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from monitor import encoding
from monitor.abroad import Abroad
from monitor.crosslingual.encoder import Encoder
from monitor.store import vectors
from monitor.store.vectors import Vector
from monitor.stories.candidates import distinct, indexed, nearest, pack_terms, periods
from monitor.stories.cases import COLUMNS as CASE_COLUMNS
from monitor.stories.cases import Pairs, general_probabilities, shipped_cases, title_share
from monitor.stories.customs_score import PLACE, blend, names_place, shipped_customs, topic_share, with_signs
from monitor.stories.facts import FACTS, happening_ids, no_facts
from monitor.stories.features import Features, heaviest, index_terms, rarity, similarities, unpack
from monitor.stories.lasting import Measures, last, measures_of, measures_of_rows
from monitor.stories.rows import HeldRows, Rows, document_counts, pack_rows, unpack_beside, unpack_rows, weigh_rows
from monitor.stories.score import PairModel, Probabilities, gap_feature, gap_of_pairs
from monitor.stories.views import VIEWS

#: candidates of an item that are scored, those that share most rare terms first
CANDIDATES = 40
#: sounds of names by which an item is found, the weightiest ones
INDEX_SOUNDS = 8
SOUNDS = VIEWS.index("sounds")
#: inverse document frequency of a term that every seventh item has: it finds everything
LEAST_RARITY = 2.0
#: items that are weighed together, whose terms are looked up once
WEIGHED_TOGETHER = 2_000
#: candidates that are read and scored together
BLOCK = 100
#: items that are held while all their candidates are scored with them: 20 MB of ordinary pieces
SCORED_TOGETHER = 2_000
#: of a probability: cosines are sums of 32-bit floats, whose last bits depend on the order in which items came
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class GroupingSettings:
    """How pieces are grouped: the pair score and the number of days over which an event is looked for."""

    model: PairModel
    window_days: int = 14
    #: of the extra `crosslingual`, if it is configured
    encoder: Encoder | None = None


def count(db: Database, item_ids: Collection[int]) -> None:
    """Count the terms of those of some items that were never counted: once for each item, whatever its revisions."""
    fresh = vectors.uncounted(db, item_ids)
    if fresh:
        rows = _words_and_facts(fresh)
        vectors.count_terms(db, document_counts(rows), [v.item_id for v in fresh])


def weigh(db: Database, item_ids: Sequence[int]) -> None:
    """Weigh items that were read with the counts of now, and put them into the index that finds them."""
    for block in _blocks(item_ids, WEIGHED_TOGETHER):
        vectors.index(db, _weigh(db, block))


def link(db: Database, item_ids: Sequence[int], settings: GroupingSettings) -> None:
    """Store every pair of weighed items with a candidate that reaches the operating point."""
    asked = vectors.index_rows(db, item_ids)
    found = candidates(db, asked, window_days=settings.window_days, limit=CANDIDATES)
    for item_id, others in encoding.nearest_abroad(db, asked, settings.encoder, settings.window_days):
        found[item_id] = list(dict.fromkeys([*found[item_id], *others]))
    ids = sorted(found)
    for part in _blocks(ids, SCORED_TOGETHER):
        _link(db, {item_id: found[item_id] for item_id in part}, settings)


def _link(db: Database, found: Mapping[int, Sequence[int]], settings: GroupingSettings) -> None:
    """Store the pairs of some items with their candidates that reach the operating point.

    The items are held and each candidate is read once, however many of them it was found for.
    """
    held = Held(load(db, found, settings), settings.model)
    sought: dict[int, list[int]] = {}
    for item_id, others in found.items():
        for other in others:
            # a pair in which each is a candidate of the other is scored once
            if other not in found or item_id < other or item_id not in found[other]:
                sought.setdefault(other, []).append(item_id)
    for block in _blocks(sorted(sought)):
        pairs = [(item_id, other) for other in block for item_id in sought[other]]
        chances = held.probabilities(load(db, block, settings), pairs)
        reached = np.flatnonzero(chances >= settings.model.operating_point).tolist()
        vectors.save_links(db, [(*pairs[n], float(chances[n])) for n in reached])


def load(db: Database, ids: Collection[int], settings: GroupingSettings) -> dict[int, Vector]:
    """Return what pairs of some items are scored by, by id."""
    return encoding.load(db, ids, settings.encoder)


def _blocks(ids: Sequence[int], size: int = BLOCK) -> Iterator[Sequence[int]]:
    """Cut ids into blocks."""
    return (ids[n : n + size] for n in range(0, len(ids), size))


def candidates(
    db: Database, asked: Sequence[vectors.IndexRow], *, window_days: int, limit: int
) -> dict[int, list[int]]:
    """Return for each of some items the stored ones of the window that share most rare terms with it."""
    if not asked:
        return {}
    days = [day for _, day, _ in asked]
    held = vectors.indexed(db, None if None in days else periods(days, window_days))
    found = nearest(indexed(asked), indexed(held), window_days=window_days, limit=limit)
    return {item_id: others for (item_id, _, _), others in zip(asked, found, strict=True)}


def index_row(vector: Vector) -> vectors.IndexRow:
    """Return the row by which candidates of a weighed item are looked for, from its vectors alone."""
    return vector.item_id, vector.day, pack_terms(index_terms(unpack(vector.packed)))


def _weigh(db: Database, item_ids: Sequence[int]) -> list[tuple[Vector, bytes]]:
    """Return items with their weighed vectors, and the packed terms that find each."""
    loaded = vectors.load(db, item_ids)
    read = [loaded[i] for i in item_ids if i in loaded]
    words, facts = _rows(read)
    terms = distinct(np.concatenate([words.ids, facts.ids]))
    idf = rarity(vectors.term_counts(db, terms.tolist()), vectors.counted_items(db))(terms)
    of_words, of_facts = (idf[np.searchsorted(terms, rows.ids)] for rows in (words, facts))
    left = of_words[words.weights * of_words > 0]
    words, facts = weigh_rows(words, of_words), weigh_rows(facts, of_facts)
    found_by = _found_by(words, left)
    packed = zip(read, pack_rows(words), pack_rows(facts), found_by, facts.features(), strict=True)
    return [
        (replace(v, packed=one, facts=other), pack_terms({*found, *happening_ids(told)}))
        for v, one, other, found, told in packed
    ]


def _found_by(words: Rows, idf: npt.NDArray[np.float32]) -> Iterator[list[int]]:
    """Yield the terms by which each item is found: its heaviest ones without those that are everywhere, and sounds."""
    ends, sounds = words.ends.tolist(), words.lengths[:, SOUNDS].tolist()
    telling = idf >= LEAST_RARITY
    for start, end, heard in zip(ends[:-1], ends[1:], sounds, strict=True):
        middle = end - heard
        kept = telling[start:middle]
        found = heaviest(words.ids[start:middle][kept], words.weights[start:middle][kept])
        yield found + heaviest(words.ids[middle:end], words.weights[middle:end])[:INDEX_SOUNDS]


def _rows(found: Sequence[Vector]) -> tuple[Rows, Rows]:
    """Return the words and the facts of some items."""
    return unpack_rows([v.packed for v in found], len(VIEWS)), unpack_rows([v.facts for v in found], len(FACTS))


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of some pairs: items, with what else than their vectors they are scored by."""

    vectors: Sequence[Vector]
    days: Probabilities
    languages: npt.NDArray[np.str_]
    title_shares: Probabilities
    topic_shares: Probabilities
    #: whether each names a place
    placed: npt.NDArray[np.bool_]
    measures: Measures


def _side(found: Sequence[Vector], rows: Rows) -> _Side:
    """Return items, with the rows of their words and facts, as one side of pairs."""
    placed = rows.lengths[:, len(VIEWS) + PLACE] > 0
    titles = title_share(rows.lengths[:, : len(VIEWS)])
    measures = measures_of_rows(rows, len(VIEWS))
    return _Side(found, days_of(found), _languages(found), titles, _topic_shares(found), placed, measures)


def _words_and_facts(found: Sequence[Vector]) -> Rows:
    """Return the vectors of some items, those of words and then those of facts."""
    return unpack_beside([v.packed for v in found], [v.facts for v in found], (len(VIEWS), len(FACTS)))


class Held:
    """Items made ready to be scored with many others."""

    def __init__(self, loaded: Mapping[int, Vector], model: PairModel) -> None:
        """Take items with their vectors."""
        self._model = model
        self._number = {item_id: n for n, item_id in enumerate(loaded)}
        rows = _words_and_facts(list(loaded.values()))
        self._side, self._rows = _side(list(loaded.values()), rows), HeldRows(rows)

    def probabilities(self, others: Mapping[int, Vector], pairs: Sequence[tuple[int, int]]) -> Probabilities:
        """Return the probability of one event for pairs of a held item and another one, shape (len(pairs),)."""
        if not pairs:
            return np.zeros(0)
        number = {item_id: n for n, item_id in enumerate(others)}
        columns = np.array([number[other] for _, other in pairs], dtype=np.int64)
        mine = np.array([self._number[item_id] for item_id, _ in pairs], dtype=np.int64)
        order = np.argsort(columns, kind="stable")
        wanted = np.split(mine[order], np.searchsorted(columns[order], np.arange(1, len(others))))
        rows = _words_and_facts(list(others.values()))
        cosines = self._rows.cosines(rows, wanted)
        other_side = _side(list(others.values()), rows)
        chances = _scored(cosines, (self._side, mine[order]), (other_side, columns[order]), self._model)
        out = np.empty(len(pairs))
        out[order] = np.round(chances, DECIMALS)
        return out


_Numbered = tuple[_Side, npt.NDArray[np.int64]]


def _scored(cosines: npt.NDArray[np.float32], one: _Numbered, other: _Numbered, model: PairModel) -> Probabilities:
    """Return the probability of pairs from their cosines; of either side, the number of each pair's item."""
    sides = (one, other)
    mine, theirs = (side.days[numbers] for side, numbers in sides)
    gaps = gap_of_pairs(mine, theirs)
    one_title, other_title = (side.title_shares[numbers] for side, numbers in sides)
    across = _differ(*(side.languages[numbers] for side, numbers in sides))
    pairs = Pairs(cosines, (mine, theirs), (one_title + other_title) / 2, across)
    abroad = Abroad.among(one[0].vectors, one[1], other[0].vectors, other[1])
    share = np.minimum(*(side.topic_shares[numbers] for side, numbers in sides))
    placed = np.logical_and(*(side.placed[numbers] for side, numbers in sides))
    lasting = gaps * last(*(side.measures[numbers] for side, numbers in sides))
    columns = with_signs(cosines[:, : len(VIEWS)], cosines[:, len(VIEWS) :], placed, lasting)
    return _blended(columns, pairs, gaps, abroad, share, model)


def _blended(
    columns: npt.NDArray[np.float32], pairs: Pairs, gaps: Probabilities, abroad: Abroad, share: Probabilities,
    model: PairModel,
) -> Probabilities:  # fmt: skip
    """Return the probability of pairs of any shape from both scores: that of all news, and that of customs news."""
    general = abroad.general(general_probabilities(pairs, model, shipped_cases()), columns, gaps)
    if not share.any():
        return general
    return blend(general, abroad.customs(shipped_customs().log_odds(columns, gaps)), share)


def pair_probabilities(
    loaded: Mapping[int, Vector], rows: Sequence[int], columns: Sequence[int], model: PairModel
) -> Probabilities:
    """Return the probability of one event for all pairs of two lists of item ids, shape (len(rows), len(columns))."""
    blocks = [_probabilities(loaded, block, columns, model) for block in _blocks(rows)]
    return np.round(np.concatenate([np.zeros((0, len(columns))), *blocks]), DECIMALS)


def _probabilities(
    loaded: Mapping[int, Vector], rows: Sequence[int], columns: Sequence[int], model: PairModel
) -> Probabilities:
    """Return `pair_probabilities` of rows so few that the cosines of all views fit into memory."""
    unpacked = {i: unpack(loaded[i].packed) for i in {*rows, *columns}}
    left = [unpacked[i] for i in rows]
    cosines = similarities(left, left if rows is columns else [unpacked[i] for i in columns])
    one, other = [loaded[i] for i in rows], [loaded[i] for i in columns]
    gaps = gap_feature(days_of(one), days_of(other))
    found = customs_columns(cosines, one, other, gaps)
    abroad = Abroad.among(one, np.arange(len(one))[:, None], other, np.arange(len(other))[None, :])
    return _blended(found, compared(found, one, other), gaps, abroad, customs_shares(one, other), model)


def compared(columns: npt.NDArray[np.float32], one: Sequence[Vector], other: Sequence[Vector]) -> Pairs:
    """Return all pairs of two lists of items as the general score sees them, given their `customs_columns`."""
    days = np.broadcast_arrays(days_of(one)[:, None], days_of(other)[None, :])
    titles = (_title_shares(one)[:, None] + _title_shares(other)[None, :]) / 2
    across = _differ(_languages(one)[:, None], _languages(other)[None, :])
    return Pairs(columns[..., : len(CASE_COLUMNS)], (days[0], days[1]), titles, across)


def _title_shares(found: Sequence[Vector]) -> Probabilities:
    """Return how much some items are titles only."""
    heads = b"".join(v.packed[: 4 * len(VIEWS)] for v in found)
    return title_share(np.frombuffer(heads, dtype="<u4").reshape(-1, len(VIEWS)).astype(np.int64))


def _languages(found: Sequence[Vector]) -> npt.NDArray[np.str_]:
    """Return the languages of some items, empty where unknown."""
    return np.array([(v.lang or "").partition("-")[0].lower() for v in found], dtype=np.str_)


def _differ(one: npt.NDArray[np.str_], other: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    """Tell which pairs are in two languages, as far as known."""
    return np.asarray((one != other) & (one != "") & (other != ""), dtype=np.bool_)


def customs_columns(
    cosines: npt.NDArray[np.float32], rows: Sequence[Vector], columns: Sequence[Vector], gaps: Probabilities
) -> npt.NDArray[np.float32]:
    """Return what the customs score needs of all pairs of two lists of items, given cosines of views and time gaps."""
    one, other = [facts_of(v) for v in rows], [facts_of(v) for v in columns]
    placed = names_place(one)[:, None] & names_place(other)[None, :]
    lasting = gaps * last(measures_of(one)[:, None], measures_of(other)[None, :])
    return with_signs(cosines, similarities(one, other), placed, lasting)


def facts_of(vector: Vector) -> Features:
    """Return the vectors of an item's facts."""
    return unpack(vector.facts, len(FACTS)) if vector.facts else no_facts()


def customs_shares(rows: Sequence[Vector], columns: Sequence[Vector]) -> Probabilities:
    """Return for all pairs of two lists of items how surely both are about customs."""
    return np.minimum(_topic_shares(rows)[:, None], _topic_shares(columns)[None, :])


def _topic_shares(found: Sequence[Vector]) -> Probabilities:
    """Return how surely some items are about customs."""
    scores = np.array([np.nan if v.relevance is None else v.relevance for v in found], dtype=np.float64)
    return topic_share(scores, _title_shares(found))


def days_of(found: Iterable[Vector]) -> Probabilities:
    """Return the days of some items, NaN for undated ones."""
    return np.array([np.nan if v.day is None else v.day for v in found], dtype=np.float64)
