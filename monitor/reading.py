"""What is read from a text alone, whatever else is stored: marks, terms, facts, figures, relevance and signature.

An import has its texts read by worker processes while the main one stores and groups those before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from monitor.dedup import sketch
from monitor.dedup.shingle import compared_shingles
from monitor.ingest import boilerplate
from monitor.ingest.attribution import attribution_of
from monitor.ingest.relevance import judge, load_terms
from monitor.stories.facts import fact_features, read_facts
from monitor.stories.features import pack, read_features
from monitor.stories.figures import Figure, read_figures
from monitor.stories.marks import Mark, read_marks
from monitor.stories.views import read_views
from monitor.workers import Pool, WorkersGone

#: texts that a worker is handed at a time: of 50 one takes 13% longer to read, see `read_all`
TEXTS_A_TASK = 200


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is stored, with all that its reading depends on."""

    title: str
    text: str
    lang: str | None
    #: aware, in UTC: a day is told from it
    published_at: datetime | None
    #: the relevance stage's score; None: nobody judged it
    relevance: float | None


@dataclass(frozen=True, slots=True)
class Signed:
    """How many shingles a text has to compare, and the signature of them; empty without any."""

    shingles: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """What one text says, as the state keeps it."""

    #: rows of `save_marks`
    marks: tuple[dict[str, str], ...]
    #: packed vectors of its terms and of its facts, not weighed
    packed: bytes
    facts: bytes
    #: rows of `save_figures`
    figures: tuple[tuple[float, str, str, str], ...]
    relevance: float
    signed: Signed


@dataclass(frozen=True, slots=True)
class Fresh:
    """A text as it came, with the hashes of the blocks that are known for furniture of its outlet."""

    text: Text
    furniture: frozenset[int]


@dataclass(frozen=True, slots=True)
class Stripped:
    """What becomes of a text that came when the furniture is taken out."""

    #: hashes of the blocks of the text as it came
    blocks: tuple[int, ...]
    text: str
    removed: tuple[str, ...]
    #: the sentence that names whom the text as it came cites as its source: furniture may name it
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that came, without furniture and read."""

    stripped: Stripped
    read: Read


#: texts that were read ahead
Known = Mapping[Text, Read]
#: texts that came and were prepared ahead
Ahead = Mapping[Fresh, Prepared]


def read_all(texts: Sequence[Text]) -> list[Read]:
    """Read some texts in their order.

    Each stage takes them all before the next one begins, so that its tables of words stay in the cache of the
    processor: text by text, 1,200 texts of 300 words take 1.4 times as long.
    """
    packed = [pack(read_features(read_views(t.title, t.text, t.lang))) for t in texts]
    figures = [read_figures(t.title, t.text, t.lang) for t in texts]
    facts = [pack(fact_features(read_facts(t.title, t.text, t.lang, f))) for t, f in zip(texts, figures, strict=True)]
    marks = [read_marks(t.title, t.text, lang=t.lang, published_at=t.published_at) for t in texts]
    relevance = list(map(_relevance, texts))
    found = zip(marks, packed, facts, figures, relevance, sign(texts), strict=True)
    return [Read(tuple(map(_mark_row, m)), p, f, _figure_rows(told), r, s) for m, p, f, told, r, s in found]


def strip(fresh: Fresh) -> Stripped:
    """Take the furniture out of a text."""
    text = fresh.text.text
    kept, removed = boilerplate.strip(text, fresh.furniture, fresh.text.title)
    return Stripped(boilerplate.hashes(text), kept, removed, attribution_of(boilerplate.blocks(text)))


def prepare_all(fresh: Sequence[Fresh]) -> list[Prepared]:
    """Take the furniture out of some texts and read what is left, in their order."""
    stripped = list(map(strip, fresh))
    read = read_all([replace(f.text, text=s.text) for f, s in zip(fresh, stripped, strict=True)])
    return list(map(Prepared, stripped, read))


def sign(texts: Sequence[Text]) -> list[Signed]:
    """Sign some texts at once, in their order."""
    sets = [compared_shingles(text.title, text.text) for text in texts]
    signatures = iter(sketch.signatures([found for found in sets if len(found)]))
    return [Signed(len(s), sketch.to_bytes(next(signatures)) if len(s) else b"") for s in sets]


def _relevance(text: Text) -> float:
    """Return the relevance stage's score of a text, whether it was judged before or not."""
    return judge(text.title, text.text, terms=load_terms()).score if text.relevance is None else text.relevance


def _figure_rows(figures: Iterable[Figure]) -> tuple[tuple[float, str, str, str], ...]:
    """Return the telling ones of some figures as the state keeps them."""
    return tuple((f.quantity, f.unit, f.what, f.sentence) for f in figures if f.is_telling())


def _mark_row(mark: Mark) -> dict[str, str]:
    """Return a mark as the state keeps it."""
    return {
        "kind": mark.kind, "head": mark.head, "value": "/".join(sorted(mark.values)), "label": mark.label,
        "place": mark.where, "quote": mark.quote, "subject": mark.subject,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """Texts that a worker is preparing, or has prepared."""

    fresh: Sequence[Fresh]
    future: Future[list[Prepared]]


#: what a worker reads when it has just started: its vocabularies and patterns take it a third of a second
_FIRST = (
    Fresh(
        Text("Customs seize tea", "Officers found 3 tonnes of tea in the port of Maren on Monday.", "en", None, None),
        frozenset(),
    ),
)


class Reader:
    """A pool of workers, one given or started with the first texts; without workers nothing is read ahead.

    A pool that is given makes itself ready while its file is still looked through.
    """

    def __init__(self, workers: int, pool: Pool | None = None) -> None:
        self._workers = workers
        #: None until it is started, without workers, and when they were given up
        self.pool = pool
        if pool is not None:
            pool.later(prepare_all, _FIRST)

    def __enter__(self) -> Self:
        """Give the reader; nothing is started yet."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """End the workers with whatever they are reading."""
        self._stop()

    @property
    def reads_ahead(self) -> bool:
        """Tell whether there are workers, or will be."""
        return self._workers > 0

    def submit(self, fresh: Sequence[Fresh]) -> list[Task]:
        """Have texts prepared; without workers nothing is begun."""
        if not self._workers:
            return []
        if self.pool is None:
            self.pool = Pool(self._workers)
        return [Task(part, self.pool.later(prepare_all, part)) for part in _parts(fresh)]

    def result(self, tasks: Sequence[Task]) -> dict[Fresh, Prepared]:
        """Wait for texts and return what became of them; those of a worker that was killed are missing.

        Whoever misses one prepares it: nothing depends on the workers but the time. None are started again, because
        what ends a worker, memory for one, would end the next one too.
        """
        found: dict[Fresh, Prepared] = {}
        for task in tasks:
            try:
                found.update(zip(task.fresh, task.future.result(), strict=True))
            except WorkersGone:
                self._give_up()
        return found

    def _give_up(self) -> None:
        """Do without workers from here on."""
        self._workers = 0
        self._stop()

    def _stop(self) -> None:
        """End the pool if there is one."""
        pool, self.pool = self.pool, None
        if pool is not None:
            pool.end()


def _parts(fresh: Sequence[Fresh]) -> Iterator[Sequence[Fresh]]:
    """Cut texts into what a worker is handed at a time."""
    return (fresh[n : n + TEXTS_A_TASK] for n in range(0, len(fresh), TEXTS_A_TASK))
