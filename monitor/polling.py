"""One source's poll under way: what its feed brought, which pages are still wanted, what is to be written at the end.

Decides with the pure stages of ingest/; reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.ingest import pacing
from monitor.ingest.clean import clean_title
from monitor.ingest.dates import decide_date, url_date
from monitor.ingest.decide import canonical_url, decide, lookup_keys, url_key
from monitor.ingest.language import language_of
from monitor.ingest.pagelinks import is_own_address
from monitor.intake import Piece
from monitor.model import (
    Article,
    Dated,
    Decision,
    DecisionKind,
    DroppedData,
    Entry,
    Feed,
    ItemData,
    KnownItem,
    Skipped,
    SourceRecord,
    TextOrigin,
    Validators,
    Verdict,
)
from monitor.text import word_count

#: a teaser of fewer words cannot be judged: the page is read before a piece is dropped
JUDGED_WORDS = 12
#: neither can one with some term of customs: 5 of the 64 pieces of the sample web about customs need their page to pass
HINT_SCORE = 1.5
#: reading a page is tried so often, on as many polls
PAGE_ATTEMPTS = 3

Judge = Callable[[str, str], Verdict]


@dataclass(frozen=True, slots=True)
class Unread:
    """A page without a usable text, with the reason; `pending` when another attempt may help.

    `tried` is False when the attempt does not count, because nobody was asked; `refused` when robots.txt forbids it.
    """

    problem: str
    pending: bool = False
    tried: bool = True
    refused: bool = False


Page = Article | Unread | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry that is kept, or that its page must decide about; `verdict` is what its teaser says."""

    decision: Decision
    verdict: Verdict

    @property
    def url(self) -> str | None:
        """Return the address of its page."""
        return self.decision.entry.url


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought, before any page was read."""

    record: SourceRecord
    outcome: pacing.Outcome
    started_at: datetime
    entries: int = 0
    skipped: tuple[Skipped, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    dropped: tuple[tuple[Decision, Verdict], ...] = ()
    #: items that were seen again, with the hash of the entry
    same: Mapping[int, str] = field(default_factory=dict)
    #: keys under which they were not known yet: a publisher that changes one name is known by the others
    more_keys: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_quiet(self) -> bool:
        """Tell whether there is nothing to write but that the source was polled."""
        return not (self.skipped or self.wanted or self.dropped or self.same)


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything that one poll writes."""

    pieces: tuple[Piece, ...]
    dropped: tuple[tuple[DroppedData, tuple[str, ...]], ...]
    #: known items whose page could not be read again: id, why, whether another attempt may help
    unread: tuple[tuple[int, Unread, bool], ...]
    #: entries that only their page can decide about, and it could not be read for now: nothing of them is stored; with
    #: whether the attempt counts
    postponed: tuple[tuple[str, Skipped, bool], ...]
    #: pages that robots.txt forbids
    refused: tuple[Skipped, ...] = ()


def keys_of_feed(feed: Feed) -> list[str]:
    """Return every key that the entries of a feed may be known under."""
    return [key for entry in feed.entries for key in lookup_keys(entry)]


def sort_out(
    batch: Batch, feed: Feed, known: Mapping[str, KnownItem], postponed: Mapping[str, int], judge: Judge
) -> Batch:
    """Decide on every entry of a feed: wanted, dropped with a reason, or known.

    What another source's entry was dropped for does not bind a trusted source.
    """
    if batch.record.source.trusted:
        known = {key: item for key, item in known.items() if not item.dropped}
    wanted: list[Wanted] = []
    dropped: list[tuple[Decision, Verdict]] = []
    same: dict[int, str] = {}
    more_keys: dict[int, tuple[str, ...]] = {}
    for decision in decide(feed.entries, known, max_page_attempts=PAGE_ATTEMPTS):
        if decision.kind in (DecisionKind.SAME, DecisionKind.GONE):
            if decision.known and decision.known.item_id:
                same[decision.known.item_id] = decision.entry_hash
                if unknown := tuple(key for key in decision.keys if key not in known):
                    more_keys[decision.known.item_id] = unknown
            continue
        verdict = judge_entry(batch.record, decision.entry, judge)
        if decision.known and not verdict.keep:
            verdict = replace(verdict, keep=True, reason="it was kept when it was new")
        if verdict.keep or _needs_page(decision.entry, verdict):
            wanted.append(Wanted(replace(decision, postponed=postponed.get(decision.key, 0)), verdict))
        else:
            dropped.append((decision, verdict))
    return replace(
        batch, entries=len(feed.entries), skipped=feed.skipped, wanted=tuple(wanted), dropped=tuple(dropped),
        same=same, more_keys=more_keys,
    )  # fmt: skip


def judge_entry(record: SourceRecord, entry: Entry, judge: Judge, text: str = "") -> Verdict:
    """Return the relevance verdict on an entry and, once it is read, its page; trusted sources keep everything."""
    verdict = judge(entry.title, text or f"{entry.summary}\n{entry.content}")
    if record.source.trusted and not verdict.keep:
        return replace(verdict, keep=True, reason="its source is trusted")
    return verdict


def _needs_page(entry: Entry, verdict: Verdict) -> bool:
    """Tell whether title and teaser are too short, or too near to customs, to be dropped without a look at the page."""
    short = word_count(f"{entry.title} {entry.summary} {entry.content}") < JUDGED_WORDS
    return bool(entry.url) and (short or verdict.score >= HINT_SCORE)


def finish(batch: Batch, pages: Sequence[Page], judge: Judge, *, now: datetime) -> Finished:
    """Turn the wanted entries and their pages (in the same order) into what is written."""
    pieces: list[Piece] = []
    dropped = [(_dropped(batch, decision, verdict, now), decision.keys) for decision, verdict in batch.dropped]
    unread: list[tuple[int, Unread, bool]] = []
    postponed: list[tuple[str, Skipped, bool]] = []
    for wanted, page in zip(batch.wanted, pages, strict=True):
        decision, verdict = wanted.decision, _with_page(batch, wanted, page, judge)
        if isinstance(page, Unread) and decision.known and _keeps_old_text(decision, decision.known, page):
            may_try_again = page.pending and decision.known.page_attempts + page.tried < PAGE_ATTEMPTS
            unread.append((decision.known.item_id, page, may_try_again))
        elif _is_postponed(decision, verdict, page):
            tried = not isinstance(page, Unread) or page.tried
            postponed.append((decision.key, _postponed(decision.entry, page), tried))
        elif verdict.keep:
            pieces.append(_piece(batch, decision, verdict, page, now))
        else:
            rejected = _dropped(batch, decision, verdict, now)
            title = rejected.title or (page.title if isinstance(page, Article) else None) or ""
            dropped.append((replace(rejected, title=title), decision.keys))
    refused = tuple(
        Skipped(wanted.url or "", page.problem)
        for wanted, page in zip(batch.wanted, pages, strict=True)
        if isinstance(page, Unread) and page.refused
    )
    return Finished(tuple(pieces), tuple(dropped), tuple(unread), tuple(postponed), refused)


def _with_page(batch: Batch, wanted: Wanted, page: Page, judge: Judge) -> Verdict:
    """Return the verdict on a wanted entry once its page is known."""
    if wanted.verdict.keep:
        return wanted.verdict
    if isinstance(page, Article):
        entry = wanted.decision.entry
        # addresses of a sitemap have no title of their own
        return judge_entry(batch.record, replace(entry, title=entry.title or page.title or ""), judge, page.text)
    return replace(wanted.verdict, reason=f"{wanted.verdict.reason}; its page: {page.problem if page else 'none'}")


def _keeps_old_text(decision: Decision, known: KnownItem, page: Unread) -> bool:
    """Tell whether a stored item stays as it is because its page could not be read: a teaser is no better text."""
    is_worth_waiting = page.pending and known.page_attempts < PAGE_ATTEMPTS
    return decision.kind is DecisionKind.RETRY or is_worth_waiting


def _is_postponed(decision: Decision, verdict: Verdict, page: Page) -> bool:
    """Tell whether an entry waits for the next poll, because only its page can decide and it may be readable then."""
    is_passing = isinstance(page, Unread) and page.pending and decision.postponed + page.tried < PAGE_ATTEMPTS
    return is_passing and not verdict.keep


def _postponed(entry: Entry, page: Page) -> Skipped:
    """Say that an entry will be decided about when its page can be read."""
    problem = page.problem if isinstance(page, Unread) else ""
    return Skipped(entry.title or entry.url or "", f"its page must tell whether it is about customs: {problem}")


def outcome_of(batch: Batch, finished: Finished) -> pacing.Outcome:
    """Return what a poll came to; with entries postponed, the feed is read again even if it does not change."""
    if not finished.postponed:
        return batch.outcome
    return replace(batch.outcome, body_hash=None, validators=Validators())


def _piece(batch: Batch, decision: Decision, verdict: Verdict, page: Page, now: datetime) -> Piece:
    """Return an entry and its page as an item that is to be stored."""
    entry, known = decision.entry, decision.known
    article = page if isinstance(page, Article) else None
    text, origin = _fullest(entry, article)
    problem = page if isinstance(page, Unread) else None
    attempts = (known.page_attempts if known else 0) + (problem.tried if problem else 0)
    source = batch.record.source
    data = ItemData(
        key=decision.key,
        outlet_id=source.outlet_id,
        source_id=source.id,
        guid=entry.guid,
        url=_address(entry, article),
        title=clean_title(entry.title) or (article.title if article else None) or "",
        text=text,
        published=_published(entry, article, now),
        first_seen_at=now,
        listed_at=now,
        text_origin=origin,
        author=(article.author if article else None) or entry.author,
        lang=language_of(f"{entry.title}\n{text}", (article.lang if article else None) or entry.lang or source.lang),
        entry_hash=decision.entry_hash,
        page_problem=problem.problem if problem else None,
        page_pending=problem is not None and problem.pending and attempts < PAGE_ATTEMPTS,
        page_attempts=attempts,
        relevance=verdict,
    )
    return Piece(
        data, decision.keys, known.item_id if known else None, _page_keys(entry, article),
        tuple(url_key(url) for url in article.alternates) if article else (),
    )  # fmt: skip


def _address(entry: Entry, article: Article | None) -> str | None:
    """Return the address of a piece: where its page was found, if a redirect led to another site, else the entry's."""
    if entry.url and article and article.address and not _same_site(entry.url, article.address):
        return canonical_url(article.address)
    return canonical_url(entry.url) if entry.url else None


def _same_site(one: str, other: str) -> bool:
    """Tell whether two addresses have the same host, but for www and the like."""
    return url_key(one).partition("/")[0] == url_key(other).partition("/")[0]


def _page_keys(entry: Entry, article: Article | None) -> tuple[str, ...]:
    """Return the keys of the addresses that a page was found at and calls its own, other than that of its entry."""
    named = (article.address, article.canonical) if article else ()
    keys = [url_key(url) for url in named if url and is_own_address(url, url)]
    return tuple(dict.fromkeys(key for key in keys if not entry.url or key != url_key(entry.url)))


def _published(entry: Entry, article: Article | None, now: datetime) -> Dated:
    """Return the date of publication; where the feed's was not believed, its evidence says why."""
    decided = decide_date(_dates(entry, article, now), now=now)
    if entry.published.at is not None or not entry.published.evidence:
        return decided
    return replace(decided, evidence="; ".join(filter(None, (decided.evidence, entry.published.evidence))))


def _dates(entry: Entry, article: Article | None, now: datetime) -> tuple[Dated, ...]:
    """Return every publication date that is offered."""
    return (entry.published, *((article.published,) if article else ()), url_date(entry.url or "", now=now))


def _fullest(entry: Entry, article: Article | None) -> tuple[str, TextOrigin]:
    """Return the fullest text there is: the page's, unless the feed carries more of it."""
    in_feed = max(entry.content, entry.summary, key=word_count)
    if article and word_count(article.text) >= word_count(in_feed):
        return article.text, TextOrigin.PAGE
    return (in_feed, TextOrigin.FEED) if in_feed else ("", TextOrigin.NONE)


def _dropped(batch: Batch, decision: Decision, verdict: Verdict, now: datetime) -> DroppedData:
    """Return an entry that the relevance stage refused."""
    source = batch.record.source
    return DroppedData(
        source_id=source.id, outlet_id=source.outlet_id, external_id=None, url=decision.entry.url,
        title=decision.entry.title, verdict=verdict, dropped_at=now,
        text=max(decision.entry.content, decision.entry.summary, key=word_count),
    )  # fmt: skip
