"""The nouns of a composed digest: what `select.compose` decides and `render` shows.

Texts are still as the outlets wrote them; making them harmless is the work of the renderers. The fields are also
the keys of the JSON digest, described one by one in `digest.schema.json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.model import Edition, LatePiece, Role, SourceHealth, Window


class SectionKind(StrEnum):
    """Why a story stands where it stands."""

    TOP = "top"  # new, two or more outlets
    DEVELOPING = "developing"  # an earlier digest carried it
    SINGLE = "single"  # new, one outlet


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One sentence, word for word from the text of item `item_id`; `number` is that item's place in the report list."""

    text: str
    item_id: int
    number: int


@dataclass(frozen=True, slots=True)
class When:
    """When a piece came out, as far as it is known."""

    #: None when the outlet gave no date
    published_at: datetime | None
    #: False when only the day is known
    has_time: bool
    #: when the monitor met the piece
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Lag:
    """How long after the first report a piece came out."""

    #: whole calendar days (UTC) between the two
    days: int
    #: None when one of the two has no time of day
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A reprint, spun copy or translation, folded under its original."""

    item_id: int
    outlet_id: str
    outlet: str
    official: bool
    title: str
    lang: str | None
    url: str | None
    when: When
    lag: Lag | None
    new: bool
    kind: Role
    jaccard: float | None
    containment: float | None


@dataclass(frozen=True, slots=True)
class OutletLine:
    """One piece with a text of its own, and the copies that other outlets made of it."""

    #: what the sentences cite, from 1 in order of publication
    number: int
    item_id: int
    outlet_id: str
    outlet: str
    family: str
    official: bool
    title: str
    lang: str | None
    url: str | None
    when: When
    #: the earliest dated piece of the story
    first: bool
    #: None for the first report and for pieces without a date
    lag: Lag | None
    #: first listed in this digest's window
    new: bool
    #: for a copy whose original is not in this story: the id of that original
    copied_item_id: int | None
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What the window brought to a story."""

    #: new pieces with a text of their own
    pieces: int
    copies: int
    #: names of the outlets whose family had not reported before
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure in the sentence of the first piece that gives it."""

    quantity: float
    text: str
    item_id: int
    #: that piece's place in the report list
    number: int
    outlet: str
    #: the places of the other pieces that give it
    also: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """A thing of which outlets give different figures, the smallest first."""

    what: str
    unit: str
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Spelled:
    """A spelling of a name in the sentence of the first piece that has it."""

    name: str
    text: str
    item_id: int
    #: that piece's place in the report list
    number: int
    outlet: str
    #: the places of the other pieces that have it
    also: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NamedDifferently:
    """Two spellings of what seems to be one name."""

    spelled: tuple[Spelled, ...]


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story as the digest tells it."""

    story_id: int
    headline: str
    #: language of the headline, and the item it is the title of
    lang: str | None
    headline_item_id: int
    #: empty in a one-liner, and when no text had a sentence that stands alone
    sentences: tuple[CitedSentence, ...]
    reports: tuple[OutletLine, ...]
    #: publisher families, and how many of them wrote a text of their own
    outlets: int
    own_texts: int
    #: an official source is among the outlets
    official: bool
    pieces: int
    copies: int
    relevance: float
    latest_at: datetime
    edition: Edition | None
    #: the last issued digest that carried the story
    last_digest_date: date | None
    news: News
    #: figures on which the outlets differ
    differing: tuple[Differing, ...] = ()
    #: names that the outlets spell differently; not looked for in one-liners
    names: tuple[NamedDifferently, ...] = ()
    #: in which the story was reported, the readers' own first
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Stories of one kind by rank: told in full, and beyond the limit as one-liners."""

    kind: SectionKind
    entries: tuple[DigestEntry, ...]
    brief: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True)
class WatchedStory:
    """A story of this digest that is on a watchlist."""

    story_id: int
    headline: str
    lang: str | None
    outlets: int


@dataclass(frozen=True, slots=True)
class WatchlistHits:
    """A watchlist and its stories, the most important first; none is worth telling too."""

    name: str
    queries: tuple[str, ...]
    stories: tuple[WatchedStory, ...]


class AmendmentKind(StrEnum):
    """What became of a story that an issued digest told."""

    MERGED = "merged"  # it is part of another one now
    SPLIT = "split"  # a part of it is another one now
    LEAD = "lead"  # another piece stands for it now


@dataclass(frozen=True, slots=True)
class Amendment:
    """A story of an issued digest that is no longer what was told."""

    kind: AmendmentKind
    story_id: int
    headline: str
    other_story_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Amends:
    """What is to be said of one issued digest."""

    digest_date: date
    stories: tuple[Amendment, ...]
    #: the first pieces that came after it, and how many there are
    late: tuple[LatePiece, ...]
    late_items: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many pieces of the window the digest does not show, and why."""

    reason: str
    items: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures at the head of a digest; items, outlets (families) and copies of this window only."""

    items: int
    stories: int
    outlets: int
    copies: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Health:
    """The sources by condition: those that need somebody's attention, those that are idle, those that are well."""

    problems: tuple[SourceHealth, ...]
    idle: tuple[SourceHealth, ...]
    well: tuple[SourceHealth, ...]


@dataclass(frozen=True, slots=True)
class OutletVolume:
    """How many pieces an outlet brought on each of the seven days that end with the digest's."""

    outlet: str
    days: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one digest says."""

    digest_date: date
    timezone: str
    window: Window
    counts: Counts
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...]
    health: Health
    #: outlets by how much they brought in a week, and the days it is told for
    volume: tuple[OutletVolume, ...] = ()
    volume_days: tuple[date, ...] = ()
    watchlists: tuple[WatchlistHits, ...] = ()
    #: corrections to earlier digests, the oldest digest first
    amends: tuple[Amends, ...] = ()
    #: for a roll-up the week, as in 2026-W47
    week: str | None = None
