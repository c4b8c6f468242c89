"""Invented news of any size, the same for the same seed: events with coverage, reprints and recurring editions.

Words follow Zipf's law over an invented vocabulary with English function words on top; each event has names, figures
and words of its own. About six in ten events are reported by one outlet only, one piece in six copies another one.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

START = datetime(2024, 1, 1, 6, tzinfo=UTC)
OUTLETS = 120
VOCABULARY = 40_000
NAMES = 6_000
#: words of a piece: the mean of agency copy
WORDS = 300
#: the exponent of Zipf's law over the ranks of words
ZIPF = 1.05
#: days over which an event is reported
EVENT_DAYS = 4.0
COPY_SHARE = 0.16
SERIES_SHARE = 0.1
#: how many outlets report an event, the likelihood of 1, 2, 3 ...
REPORTS = (0.62, 0.16, 0.09, 0.06, 0.04, 0.03)

_FUNCTION_WORDS = (
    "the of to and in a for on is that by with at as was from are has have been which were will their its an be this",
    "after also said not more than over into they about between other during under when had would all one two who",
)
_ONSETS = ("b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io")
_CODAS = ("", "", "n", "r", "s", "l", "nd", "m", "t", "ck")
_ENDINGS = ("", "", "", "s", "ed", "ing", "er", "tion", "ment", "al")
_GOODS = ("cigarettes", "copper wire", "frozen fish", "phones", "textiles", "tyres", "medicines", "gold", "fuel", "tea")
_UNITS = ("kg of", "tonnes of", "boxes of", "pallets of", "containers of")
_ACTS = ("seize", "release", "inspect", "auction", "detain", "destroy", "clear")
_MONTHS = ("January", "March", "May", "July", "September", "November")


@dataclass(frozen=True, slots=True)
class _Event:
    """What all reports of one event have in common."""

    headline: str
    facts: tuple[str, ...]
    #: ranks of the words that are its own
    own: np.ndarray


class Newsroom:
    """Writes pieces; everything follows from the seed."""

    def __init__(self, seed: int, *, varied: bool = False) -> None:
        """Make up the vocabulary and the outlets; events are all of one kind, or `varied`."""
        self._rng = np.random.default_rng(seed)
        self._words = np.array([*" ".join(_FUNCTION_WORDS).split(), *self._coin(VOCABULARY, 3)])
        self._names = [name.capitalize() for name in self._coin(NAMES, 2)]
        ranks = np.arange(1, len(self._words) + 1, dtype=np.float64)
        self._cumulated = np.cumsum(ranks**-ZIPF)
        self._cumulated /= self._cumulated[-1]
        self._slogans = [f"{self._name()} {self._name()} news, first with what matters" for _ in range(OUTLETS)]
        self._numbered = 0
        self._varied = varied

    def _coin(self, count: int, syllables: int) -> list[str]:
        """Return invented words of one to so many syllables, each once."""
        found: dict[str, None] = {}
        while len(found) < count:
            parts = [
                str(self._rng.choice(kind))
                for _ in range(int(self._rng.integers(1, syllables + 1)))
                for kind in (_ONSETS, _VOWELS, _CODAS)
            ]
            found["".join(parts) + (str(self._rng.choice(_ENDINGS)) if syllables > 2 else "")] = None
        return list(found)

    def _name(self) -> str:
        """Return a name, few of them often and most rarely."""
        return self._names[int(len(self._names) * self._rng.random() ** 2)]

    def event(self) -> _Event:
        """Make up an event, one in ten the next edition of a series."""
        place, person, body = (self._name() for _ in range(3))
        amount, other = int(self._rng.integers(12, 9_000)), int(self._rng.integers(3, 400))
        goods, unit, act = (str(self._rng.choice(kind)) for kind in (_GOODS, _UNITS, _ACTS))
        headline = f"{place} officers {act} {amount:,} {unit} {goods}"
        facts = [
            f"Officers of the {body} Board in {place} said they found {amount:,} {unit} {goods} in {other} lots.",
            f"{person} {self._name()}, who leads the office in {place}, said the value was {amount * 37:,} crowns.",
            f"The lots had come from {self._name()} by way of {self._name()} and were meant for {self._name()}.",
        ]
        if self._rng.random() < SERIES_SHARE:
            self._numbered += 1
            number, month = f"No. {self._numbered}/2024", str(self._rng.choice(_MONTHS))
            headline = f"{body} Board issues notice {number} on {goods}"
            facts.insert(0, f"The {body} Board issued notice {number} on {goods} for {month} – the list is “open”.")
        return _Event(headline, tuple(facts), self._rng.integers(400, len(self._words), 25))

    def varied_event(self) -> _Event:
        """Make up an event that shares no phrase with others: words, names and figures stand in an order of its own.

        Events of one kind (`event`) differ in names and figures only, so that they hang together as no news do.
        """
        names, matter = [self._name() for _ in range(6)], self._matter(8)
        headline = [*self._rng.choice(names[:3], 2, replace=False), *self._rng.choice(matter, 3, replace=False)]
        headline += self._function_words(2)
        self._rng.shuffle(headline)
        facts = []
        for _ in range(4):
            figures = [f"{int(self._rng.integers(12, 90_000)):,}"]
            told = [*self._rng.choice(names, 2, replace=False), *self._rng.choice(matter, 3, replace=False), *figures]
            told += [*self._matter(3), *self._function_words(9)]
            self._rng.shuffle(told)
            facts.append(f"{' '.join(told)}.")
        return _Event(" ".join(headline), tuple(facts), self._rng.integers(400, len(self._words), 25))

    def _matter(self, count: int) -> list[str]:
        """Return words that name something: of all ranks but the most frequent ones, as likely as Zipf has it."""
        first = np.searchsorted(self._cumulated, self._rng.uniform(self._cumulated[150], 1.0, count))
        return [str(word) for word in self._words[first]]

    def _function_words(self, count: int) -> list[str]:
        """Return words that are in nearly all texts."""
        return [str(word) for word in self._rng.choice(self._words[:50], count)]

    def report(self, event: _Event, outlet: int) -> tuple[str, str]:
        """Return title and text of one outlet's own report of an event."""
        facts = list(event.facts)
        self._rng.shuffle(facts)
        wanted = max(40, int(self._rng.normal(WORDS, WORDS / 4))) - sum(len(fact.split()) for fact in facts)
        prose = [*facts[:1], *self._prose(event, wanted)]
        for fact in facts[1:]:
            prose.insert(int(self._rng.integers(1, len(prose) + 1)), fact)
        lines = [" ".join(prose[i : i + 4]) for i in range(0, len(prose), 4)]
        if outlet % 3 == 0:
            lines.append(self._slogans[outlet])
        title = f"{event.headline}, {self._name()} says" if self._rng.random() < 0.5 else event.headline
        text = "\n".join(lines)
        # half of the outlets set typographic quotes, dashes and accents, so that their texts are not plain ASCII
        return title, text.replace("a lot", "à lot").replace(" and was ", " – and was ") if outlet % 2 else text

    def _prose(self, event: _Event, wanted: int) -> list[str]:
        """Return sentences of Zipf's words, a tenth of them the event's own, and a name here and there."""
        ranks = np.searchsorted(self._cumulated, self._rng.random(max(0, wanted)))
        own = self._rng.random(len(ranks)) < 0.1
        ranks[own] = self._rng.choice(event.own, int(own.sum()))
        tokens = self._words[ranks].tolist()
        for place in np.flatnonzero(self._rng.random(len(tokens)) < 0.03).tolist():
            tokens[place] = self._name()
        cuts = np.cumsum(self._rng.integers(12, 28, len(tokens) // 12 + 1)).tolist()
        sentences = [tokens[a:b] for a, b in zip([0, *cuts], cuts, strict=False) if tokens[a:b]]
        return [" ".join([words[0].capitalize(), *words[1:]]) + "." for words in sentences]

    def copy(self, text: str) -> str:
        """Return a copy of a text: its end cut off, a line of its own on top."""
        lines = text.split("\n")
        kept = lines[: max(2, int(len(lines) * self._rng.uniform(0.6, 1.0)))]
        return "\n".join([f"As reported from {self._name()} earlier in the day.", *kept])

    def happening(self, at: datetime) -> Iterator[dict[str, str]]:
        """Yield all pieces on one event that begins at a moment."""
        event = self.varied_event() if self._varied else self.event()
        told: list[tuple[str, str]] = []
        for number in range(1 + int(self._rng.choice(len(REPORTS), p=REPORTS))):
            later = timedelta(days=float(self._rng.exponential(EVENT_DAYS / 4)) if number else 0.0)
            outlet = int(self._rng.integers(OUTLETS))
            told.append(self.report(event, outlet))
            yield _row(outlet, *told[-1], at + later)
            while self._rng.random() < COPY_SHARE:
                title, text = told[int(self._rng.integers(len(told)))]
                later += timedelta(hours=float(self._rng.uniform(0.5, 20)))
                yield _row(int(self._rng.integers(OUTLETS)), title, self.copy(text), at + later)


def _row(outlet: int, title: str, text: str, at: datetime) -> dict[str, str]:
    """Return a piece as `monitor import` takes it, still without an id."""
    name = f"outlet-{outlet:03d}"
    return {"outlet": name, "title": title, "text": text, "published": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "lang": "en"}


def stream(*, a_day: float, seed: int = 1, varied: bool = False) -> Iterator[dict[str, str]]:
    """Yield pieces without end in order of publication, on average so many a day."""
    room = Newsroom(seed, varied=varied)
    # measured over 50,000 pieces of seed 1
    pieces_an_event = 2.18
    gap = timedelta(days=pieces_an_event / a_day)
    waiting: list[tuple[str, int, dict[str, str]]] = []
    made = 0
    at = START
    while True:
        for row in room.happening(at):
            made += 1
            heapq.heappush(waiting, (row["published"], made, row))
        at += gap
        now = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        while waiting and waiting[0][0] < now:
            yield heapq.heappop(waiting)[2]


def numbered(count: int | None, *, a_day: float, seed: int = 1, start: int = 0) -> Iterator[dict[str, str]]:
    """Yield so many pieces (None: without end) from a number on, each with an id and an address."""
    stop = None if count is None else start + count
    for number, row in enumerate(islice(stream(a_day=a_day, seed=seed), start, stop), start):
        yield {"id": f"p{number:07d}", "url": f"https://{row['outlet']}.example/{number}", **row}


def write(path: Path, count: int, *, a_day: float, seed: int = 1) -> None:
    """Write so many pieces as JSON lines."""
    with path.open("w", encoding="utf-8") as lines:
        for row in numbered(count, a_day=a_day, seed=seed):
            lines.write(json.dumps(row) + "\n")
