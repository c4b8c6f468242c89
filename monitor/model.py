"""The nouns that pass between the stages: frozen, typed, standard library only.

The suffix tells the role: `Entry` is what a feed published, `ItemData` what is about to be stored,
`Item` what the store holds. Times end in `_at` and are aware UTC; durations end in `_s`; days in `_date`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

# ---------------------------------------------------------------- outlets and sources


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher or brand. Outlets of one `family` never corroborate each other."""

    id: str
    name: str
    family: str


class SourceKind(StrEnum):
    """What a source's address is expected to serve."""

    FEED = "feed"  # RSS, Atom, or whatever else programs can read
    JSON = "json"  # JSON Feed
    SITEMAP = "sitemap"
    LISTING = "listing"  # an HTML page with a list of links


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where a list page has its parts: CSS selectors, all but `item` and `next` within an item."""

    item: str
    title: str | None = None
    link: str | None = None
    date: str | None = None
    summary: str | None = None
    #: the link to the next page, in the whole page
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One address that is polled on a schedule, on behalf of one outlet."""

    id: str
    outlet_id: str
    url: str
    kind: SourceKind = SourceKind.FEED
    lang: str | None = None
    official: bool = False
    #: everything a trusted source publishes is about customs: the relevance stage lets it pass
    trusted: bool = False
    #: the shortest time between two polls
    interval_s: int = 3600
    #: the longest one, for a source that publishes seldom; None: always the shortest
    max_interval_s: int | None = None
    #: False: its robots.txt is not asked, because the publisher has allowed the monitor to read it
    obeys_robots: bool = True
    #: only addresses that contain this text are taken
    match: str | None = None
    #: how many pages of a list are read
    pages: int = 1
    #: for a list page; without them the list is found
    selectors: Selectors | None = None


class SourceState(StrEnum):
    """How a source is doing; a quiet day and a broken fetcher must not look alike."""

    NEW = "new"  # never polled
    OK = "ok"
    EMPTY = "empty"  # a valid feed without entries
    UNDATED = "undated"  # entries, but none with a date
    SILENT = "silent"  # answers well, but has published nothing for much longer than it used to
    BLOCKED = "blocked"  # a bot wall or login page answered, or robots.txt forbids it
    FAILING = "failing"
    RETIRED = "retired"  # 410 Gone, or no longer in the configuration


class PollResult(StrEnum):
    """What one poll of one source came to."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"  # 304, or the body is byte for byte the last one parsed
    EMPTY = "empty"
    UNDATED = "undated"
    BLOCKED = "blocked"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us for asking "has it changed?" (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source together with what the store knows of its polls."""

    source: Source
    state: SourceState = SourceState.NEW
    reason: str | None = None
    #: when it entered `state`
    since_at: datetime | None = None
    next_check_at: datetime | None = None
    validators: Validators = Validators()
    #: hash of the last body that was parsed with success; None after a failed parse, so that a 304 cannot hide it
    body_hash: str | None = None
    #: failed polls in a row
    failures: int = 0
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    #: the address that is polled instead, because permanent redirects kept leading there
    moved_to: str | None = None
    #: where the last answer's permanent redirect led, and how many answers in a row led there
    move_target: str | None = None
    move_sightings: int = 0
    #: when it published, as far as remembered: ascending, the newest `rhythm.KEPT` moments
    published_times: tuple[datetime, ...] = ()
    #: what publisher and server ask for between two looks, as of the last good answer
    floor_s: float = 0.0
    #: the wait after the last good poll, and why the last one was chosen
    wait_s: float | None = None
    wait_reason: str | None = None


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What the robots.txt of one origin (scheme, host and port) came to, as remembered until `expires_at`."""

    origin: str
    fetched_at: datetime
    expires_at: datetime
    #: `rules`: `text` decides; `allow`: there is none; `disallow`: it cannot be read, so nothing may be asked
    verdict: str
    text: str = ""
    #: what the answer was, in words
    reason: str = ""
    #: since when it cannot be read, if so
    unreachable_since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """The outcome of one poll, as the store writes it: one row of history and the source's new condition."""

    record: SourceRecord
    result: PollResult
    started_at: datetime
    ended_at: datetime
    http_status: int | None = None
    reason: str | None = None
    entries: int = 0
    new: int = 0
    revised: int = 0
    dropped: int = 0


# ---------------------------------------------------------------- fetch and parse


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to ask for; `tag` is handed back untouched so that answers can be matched."""

    url: str
    validators: Validators = Validators()
    accept: str = "*/*"
    tag: str = ""
    #: so many bytes of the body are enough, the rest is left unread; None: all of it, or an error over the cap
    enough_bytes: int | None = None
    #: whether robots.txt is asked before the address is
    obeys_robots: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of a server, with its whole body (decompressed, within the cap)."""

    requested_url: str
    url: str
    status: int
    #: names in lower case
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    #: target of the permanent redirects (301, 308) at the start of the chain, if any
    moved_to: str | None = None


class DateOrigin(StrEnum):
    """Where a publication date came from, the most trusted first."""

    FEED = "feed"
    META = "meta"  # JSON-LD or a meta element of the page
    SITEMAP = "sitemap"  # what a news sitemap calls the date of publication
    VISIBLE = "visible"  # a date line in the page, or beside the link in a list
    URL = "url"
    LASTMOD = "lastmod"  # when a sitemap says that the page was changed
    IMPORT = "import"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Dated:
    """A publication time with its origin; `at` is None when nothing trustworthy was found."""

    at: datetime | None = None
    origin: DateOrigin = DateOrigin.UNKNOWN
    #: False when only the day is known (then `at` is that day's midnight, UTC)
    has_time: bool = True
    #: the text the date was read from, for explanations
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One raw element of a feed, texts already freed from markup."""

    guid: str | None
    url: str | None
    title: str
    #: the teaser
    summary: str = ""
    #: the full text where the feed carries it
    content: str = ""
    published: Dated = Dated()
    author: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out, with the reason: nothing is dropped in silence."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed document."""

    #: the format, for example `rss20` or `atom10` (feedparser's words), `json11`, `news sitemap`, `listing`
    version: str
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...] = ()
    #: the publisher's wish: do not ask more often than this
    ttl_s: int | None = None
    lang: str | None = None
    #: a well-formedness problem that did not stop us
    warning: str | None = None
    #: documents that belong to it and are to be read too: the parts of a sitemap index, the next page of a list
    more: tuple[str, ...] = ()
    #: whether the same bytes mean that those documents are the same too
    covers_more: bool = True


@dataclass(frozen=True, slots=True)
class Article:
    """What could be extracted from a page."""

    text: str
    title: str | None = None
    author: str | None = None
    published: Dated = Dated()
    lang: str | None = None
    #: where the page was found in the end, and what it says of its own address and of its versions in other languages
    address: str | None = None
    canonical: str | None = None
    alternates: tuple[str, ...] = ()


# ---------------------------------------------------------------- decisions


class DecisionKind(StrEnum):
    """What an entry is to the store."""

    NEW = "new"
    REVISED = "revised"
    RETRY = "retry"  # known, but its page could not be read yet
    SAME = "same"
    GONE = "gone"  # purged on purpose, must not come back


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What the store remembers of an item that a decision needs."""

    item_id: int
    #: hash of the entry as last seen through the source in question; None when that source never showed it
    entry_hash: str | None
    page_pending: bool = False
    page_attempts: int = 0
    tombstone: bool = False
    #: the relevance stage dropped it: remembered so that it is not judged again
    dropped: bool = False
    #: how it was last seen, by which a GUID that a publisher gives to another piece is found out
    title: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with an entry, and why."""

    kind: DecisionKind
    entry: Entry
    #: every key that tells the piece from others, the deciding one first
    keys: tuple[str, ...]
    entry_hash: str
    reason: str
    known: KnownItem | None = None
    #: polls on which its page could not be read although it had to decide
    postponed: int = 0

    @property
    def key(self) -> str:
        """Return the deciding key."""
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The relevance stage's word on a piece, with the terms that decided it."""

    keep: bool
    score: float
    terms: tuple[str, ...]
    reason: str


class TextOrigin(StrEnum):
    """Where the text of an item came from."""

    PAGE = "page"
    FEED = "feed"
    IMPORT = "import"
    NONE = "none"  # only the title is known


@dataclass(frozen=True, slots=True)
class ItemData:
    """A piece on its way into the store."""

    #: stable identity within the state
    key: str
    outlet_id: str
    title: str
    text: str
    published: Dated
    first_seen_at: datetime
    #: decides in which digest the item falls: first seen, or published for imported items
    listed_at: datetime
    text_origin: TextOrigin
    source_id: str | None = None
    external_id: str | None = None
    guid: str | None = None
    url: str | None = None
    author: str | None = None
    lang: str | None = None
    entry_hash: str = ""
    #: why the page could not be read, if so
    page_problem: str | None = None
    page_pending: bool = False
    page_attempts: int = 0
    relevance: Verdict | None = None
    #: page furniture that was removed from the text
    removed: tuple[str, ...] = ()
    #: what the versions of a piece in several languages have in common (see `ingest.mirrors`)
    piece_key: str | None = None
    #: the sentence that names whom the text cites as its source
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class DroppedData:
    """A piece that the relevance stage refused, kept as a row with its reason."""

    source_id: str | None
    outlet_id: str
    external_id: str | None
    url: str | None
    title: str
    verdict: Verdict
    dropped_at: datetime
    #: teaser or text, so that it can be brought back
    text: str = ""


# ---------------------------------------------------------------- reprints and stories


class ReprintKind(StrEnum):
    """How close a copy is: near-verbatim, or with its words replaced."""

    REPRINT = "reprint"
    SPUN = "spun"


@dataclass(frozen=True, slots=True)
class Reprint:
    """Item `item_id` is a copy of item `original_item_id`, verified against it."""

    item_id: int
    original_item_id: int
    kind: ReprintKind
    #: of the two shingle sets, 0 to 1
    jaccard: float
    #: share of the smaller shingle set that is in the other one, 0 to 1
    containment: float
    reason: str
    #: where the copy says whom it has its text from, in its own words
    attribution: str | None = None


class Said(StrEnum):
    """What a person said about two items."""

    TOGETHER = "together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word on two items; until it is taken back it outranks every score and veto."""

    correction_id: int
    said: Said
    item_id: int
    other_item_id: int
    said_at: datetime
    because: str | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A story that tells of a new act which answers the event of another story."""

    story_id: int
    follows_story_id: int
    #: the items that tie the two
    item_id: int
    follows_item_id: int
    #: of one event, below the operating point
    probability: float
    reason: str


class Role(StrEnum):
    """What an item is to its story."""

    LEAD = "lead"
    REPRINT = "reprint"
    SPUN = "spun"
    #: the same piece of the same publisher in another language: no corroboration
    TRANSLATION = "translation"
    COVERAGE = "coverage"


# ---------------------------------------------------------------- digest


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval: `start_at` is in it, `end_at` is not."""

    start_at: datetime
    end_at: datetime

    def __contains__(self, at: datetime) -> bool:
        """Tell whether a moment falls into the window."""
        return self.start_at <= at < self.end_at


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure as a piece gives it, in a unit that can be compared."""

    quantity: float
    #: kg, litre, stick, tablet, pair, a currency code, or `count`
    unit: str
    #: the goods it counts; empty when the text does not say
    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class StoryItem:
    """An item as the digest and the commands show it inside its story."""

    item_id: int
    outlet_id: str
    outlet_name: str
    outlet_family: str
    official: bool
    title: str
    text: str
    url: str | None
    lang: str | None
    published_at: datetime | None
    published_origin: str
    published_has_time: bool
    first_seen_at: datetime
    listed_at: datetime
    role: Role
    probability: float | None
    reason: str
    external_id: str | None = None
    author: str | None = None
    #: relevance score, 0 when nobody judged it
    relevance: float = 0.0
    #: for reprints and spun copies
    original_item_id: int | None = None
    jaccard: float | None = None
    containment: float | None = None
    #: in the order of the text
    figures: tuple[StatedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """The place of a story in a series of recurring events."""

    series_id: int
    series_name: str
    #: as people write it, for example "88th" or "January 2026"
    label: str
    previous_story_id: int | None = None
    previous_label: str | None = None
    next_story_id: int | None = None
    next_label: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """An event with everything that was reported on it, as of some moment."""

    story_id: int
    lead_item_id: int
    items: tuple[StoryItem, ...]
    edition: Edition | None = None
    #: the last issued digest before this one that carried the story
    last_digest_date: date | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One line of the digest's health section; times as stored."""

    source_id: str
    outlet_name: str
    state: SourceState
    reason: str | None
    since_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    #: items first seen from it in the window
    items: int


@dataclass(frozen=True, slots=True)
class Watchlist:
    """Saved searches under a name, in the words of `monitor search`."""

    name: str
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A watchlist with the stories of a digest that match one of its queries."""

    name: str
    queries: tuple[str, ...]
    story_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class StoryChange:
    """A change of a story after a digest was issued that had told it."""

    history_id: int
    #: of the issued digest
    digest_date: date
    #: merged, split or lead
    change: str
    #: the story whose history it is in; for a split the new one
    story_id: int
    #: as the digest told it
    told_story_id: int
    headline: str
    told_lead_item_id: int
    item_id: int | None
    other_story_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class LatePiece:
    """An item of an issued digest's window that came after it was written."""

    #: of the issued digest
    digest_date: date
    item_id: int
    outlet: str
    title: str
    url: str | None
    lang: str | None
    story_id: int | None


@dataclass(frozen=True, slots=True)
class DigestInput:
    """Everything a digest is a function of."""

    digest_date: date
    timezone: str
    window: Window
    stories: tuple[Story, ...]
    health: tuple[SourceHealth, ...]
    #: items of the window that the digest shows, and how many more were left out, by reason
    items: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    #: pieces by outlet name and day, of the seven days that end with the digest's
    volume: Mapping[tuple[str, date], int] = field(default_factory=dict)
    #: in the order of the configuration
    watchlists: tuple[Watched, ...] = ()
    #: what became of earlier digests in this window
    changes: tuple[StoryChange, ...] = ()
    late: tuple[LatePiece, ...] = ()
    #: for a roll-up the week, as in 2026-W47; `digest_date` is its last day then
    week: str | None = None


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story as an issued digest named it."""

    story_id: int
    headline: str
    lead_item_id: int


@dataclass(frozen=True, slots=True)
class Issued:
    """A final digest, with those of its stories that are asked for."""

    digest_date: date
    #: the end of its window
    as_of: datetime
    #: of its window
    items: int
    stories: tuple[ToldStory, ...]


# ---------------------------------------------------------------- notices


class NoticeKind(StrEnum):
    """What a notice is about."""

    DIGEST = "digest"
    WATCHLIST = "watchlist"
    ALERT = "alert"
    HEALTH = "health"
    TEST = "test"


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    FAILING = "failing"
    UNCERTAIN = "uncertain"  # the monitor ended while it was being sent
    SENT = "sent"
    DROPPED = "dropped"  # given up by a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message for one target, with all that is sent of it."""

    #: what it tells and whom: of one key there is one notice, ever
    key: str
    target: str
    kind: NoticeKind
    #: a day, the names of a watchlist or alert, `well` or `unwell`
    about: str
    subject: str
    #: a few lines, for channels that take no more
    brief: str
    #: both in full, for mail
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class StoryReport:
    """One piece of a story in a notice."""

    outlet: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class StoryNotice:
    """A story as a notice tells it."""

    story_id: int
    headline: str
    #: publisher families
    families: int
    reports: tuple[StoryReport, ...]
    #: with the outlet that each was taken from
    sentences: tuple[tuple[str, str], ...] = ()


# ---------------------------------------------------------------- exports


class Exported(StrEnum):
    """What can be exported, row by row."""

    ITEMS = "items"
    STORIES = "stories"
    REPRINTS = "reprints"


class ExportFormat(StrEnum):
    """A file format of exports."""

    JSONL = "jsonl"
    CSV = "csv"
    GRAPHML = "graphml"
