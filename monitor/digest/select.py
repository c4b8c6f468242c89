"""Decide what a digest says: which stories in which section and order, and what is told of each.

Stories rank by publisher families, then relevance, then recency, then id; every tie ends in an id, so that the same
input gives the same digest in whatever order it comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from monitor.digest import amend, compare, headline, spellings, summary
from monitor.digest.composed import (
    CitedSentence,
    Copy,
    Counts,
    Digest,
    DigestEntry,
    Health,
    LeftOut,
    News,
    OutletLine,
    OutletVolume,
    Section,
    SectionKind,
    WatchedStory,
    WatchlistHits,
)
from monitor.digest.reports import own_texts, report_list, telling_texts, told_at
from monitor.digest.sentences import Candidate, base_lang
from monitor.model import DigestInput, Role, SourceHealth, SourceState, Story, StoryItem, Watched, Window

#: the worst first; what stands in neither list is well
_PROBLEMS = (SourceState.FAILING, SourceState.BLOCKED, SourceState.EMPTY, SourceState.UNDATED, SourceState.SILENT)
_IDLE = (SourceState.NEW, SourceState.RETIRED)


def compose(
    digest_input: DigestInput, *, max_sentences: int = 4, top: int = 20, languages: Sequence[str] = ("en",)
) -> Digest:
    """Return the digest of a window.

    Each section tells its first `top` stories in full and lists the others as one-liners; `languages` are those the
    readers prefer, best first, for stories that were told in several.
    """
    ordinary = summary.background(digest_input.stories)
    ranked = sorted(digest_input.stories, key=_rank)

    def section(kind: SectionKind) -> Section:
        """Return the stories of one kind, the first ones in full."""
        stories = [story for story in ranked if section_of(story) is kind]
        return Section(
            kind,
            tuple(_entry(story, digest_input.window, ordinary, max_sentences, languages) for story in stories[:top]),
            tuple(_entry(story, digest_input.window, ordinary, 0, languages) for story in stories[top:]),
        )

    sections = tuple(map(section, SectionKind))
    return Digest(
        digest_date=digest_input.digest_date,
        timezone=digest_input.timezone,
        window=digest_input.window,
        counts=_counts(digest_input),
        sections=sections,
        left_out=_left_out(digest_input.left_out),
        health=_health(digest_input.health),
        volume=_volume(digest_input.volume, days := _week(digest_input.digest_date)),
        volume_days=days,
        watchlists=_watchlists(digest_input.watchlists, ranked, sections),
        week=digest_input.week,
        amends=amend.amends(digest_input.changes, digest_input.late),
    )


def _watchlists(
    watchlists: Sequence[Watched], ranked: Sequence[Story], sections: Sequence[Section]
) -> tuple[WatchlistHits, ...]:
    """Return the watchlists with their stories in the order of their rank, told as in the sections."""
    entries = {e.story_id: e for section in sections for e in (*section.entries, *section.brief)}
    shown = [WatchedStory(e.story_id, e.headline, e.lang, e.outlets) for s in ranked for e in [entries[s.story_id]]]
    return tuple(
        WatchlistHits(one.name, one.queries, tuple(story for story in shown if story.story_id in one.story_ids))
        for one in watchlists
    )


def section_of(story: Story) -> SectionKind:
    """Return the section a story belongs to."""
    if story.last_digest_date is not None:
        return SectionKind.DEVELOPING
    return SectionKind.TOP if len(_families(story.items)) > 1 else SectionKind.SINGLE


def _rank(story: Story) -> tuple[int, float, float, int]:
    """Return the sort key of a story, the most important first."""
    latest = max(map(told_at, story.items))
    return -len(_families(story.items)), -_relevance(story), -latest.timestamp(), story.story_id


def _entry(
    story: Story, window: Window, ordinary: summary.Background, limit: int, languages: Sequence[str]
) -> DigestEntry:
    """Tell one story."""
    originals, telling_items = own_texts(story.items), telling_texts(story.items)
    # a one-liner quotes nothing, and pieces of one language leave no choice of it
    is_settled = limit == 0 and len({base_lang(item.lang) for item in telling_items}) == 1
    quotable: summary.Quotable = (
        {item.item_id: () for item in telling_items}
        if is_settled
        else summary.quotable_sentences(telling_items, ordinary)
    )
    lang = summary.reading_language(telling_items, story.lead_item_id, languages, quotable)
    readable = [item for item in telling_items if base_lang(item.lang) == lang]
    title, bearer = headline.choose(readable, story.lead_item_id)
    reports = report_list(story.items, window)
    folded = [copy for line in reports for copy in line.copies]
    telling = summary.Telling(quotable, story.lead_item_id, title, ordinary, limit)
    return DigestEntry(
        story_id=story.story_id,
        headline=title,
        lang=bearer.lang,
        headline_item_id=bearer.item_id,
        sentences=_cite(_sentences(story, readable, window, telling), reports, story.lead_item_id),
        reports=reports,
        outlets=len(_families(story.items)),
        own_texts=len({line.family for line in reports if line.copied_item_id is None}),
        official=any(item.official for item in story.items),
        pieces=len(story.items),
        copies=sum(map(_is_copy, folded)),
        relevance=_relevance(story),
        latest_at=max(map(told_at, story.items)),
        edition=story.edition,
        last_digest_date=story.last_digest_date,
        news=_news(story, reports, window),
        differing=compare.differing(originals, reports),
        names=spellings.named_differently(originals, reports) if limit else (),
        languages=_languages(story.items, languages),
    )


def _is_copy(folded: Copy) -> bool:
    """Tell whether what is folded under a piece is a copy of it, and no translation by its own publisher."""
    return folded.kind is not Role.TRANSLATION


def _languages(items: Sequence[StoryItem], preferred: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of some pieces: the preferred ones in their order, then those of most pieces."""
    counts = Counter(lang for item in items if (lang := base_lang(item.lang)))
    order = {lang: n for n, lang in enumerate(dict.fromkeys(base_lang(lang) for lang in preferred))}
    return tuple(sorted(counts, key=lambda lang: (order.get(lang, len(order)), -counts[lang], lang)))


def _sentences(
    story: Story, readable: Sequence[StoryItem], window: Window, telling: summary.Telling
) -> list[Candidate]:
    """Choose the sentences of a story; of a developing one, what its new pieces add, where they say anything."""
    if story.last_digest_date is not None:
        fresh = [item for item in readable if item.listed_at in window]
        told = [item for item in readable if item.listed_at not in window]
        if found := summary.pick(fresh, told, telling):
            return found
    return summary.pick(readable, (), telling)


def _cite(chosen: Sequence[Candidate], reports: Sequence[OutletLine], lead_item_id: int) -> tuple[CitedSentence, ...]:
    """Put the sentences in the order of the telling, the lead's first, each with its place in the report list."""
    numbers = {line.item_id: line.number for line in reports}
    numbers |= {copy.item_id: line.number for line in reports for copy in line.copies}
    told = sorted(chosen, key=lambda c: (c.item_id != lead_item_id, numbers[c.item_id], c.position))
    return tuple(CitedSentence(c.text, c.item_id, numbers[c.item_id]) for c in told)


def _news(story: Story, reports: Sequence[OutletLine], window: Window) -> News:
    """Return what the window brought to a story."""
    before = _families([item for item in story.items if item.listed_at not in window])
    new = [item for item in story.items if item.listed_at in window and item.outlet_family not in before]
    return News(
        pieces=sum(line.new for line in reports),
        copies=sum(copy.new and _is_copy(copy) for line in reports for copy in line.copies),
        outlets=tuple(sorted({item.outlet_name for item in new})),
    )


def _counts(digest_input: DigestInput) -> Counts:
    """Return the figures at the head of the digest."""
    window = digest_input.window
    listed = [item for story in digest_input.stories for item in story.items if item.listed_at in window]
    reports = [line for story in digest_input.stories for line in report_list(story.items, window)]
    return Counts(
        items=digest_input.items,
        stories=len(digest_input.stories),
        outlets=len(_families(listed)),
        copies=sum(copy.new and _is_copy(copy) for line in reports for copy in line.copies),
        left_out=sum(digest_input.left_out.values()),
    )


def _left_out(reasons: Mapping[str, int]) -> tuple[LeftOut, ...]:
    """Return the reasons for leaving pieces out, the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(LeftOut(reason, items) for reason, items in ordered if items)


def _health(sources: Sequence[SourceHealth]) -> Health:
    """Sort the sources by condition, then by name."""
    ordered = sorted(sources, key=lambda source: (source.outlet_name, source.source_id))
    return Health(
        problems=tuple(source for state in _PROBLEMS for source in ordered if source.state is state),
        idle=tuple(source for state in _IDLE for source in ordered if source.state is state),
        well=tuple(source for source in ordered if source.state not in {*_PROBLEMS, *_IDLE}),
    )


def _week(last: date) -> tuple[date, ...]:
    """Return the seven days that end with one, fewer where the calendar begins."""
    first = max(last.toordinal() - 6, 1)
    return tuple(date.fromordinal(day) for day in range(first, last.toordinal() + 1))


def _volume(pieces: Mapping[tuple[str, date], int], days: Sequence[date]) -> tuple[OutletVolume, ...]:
    """Return how much each outlet brought by day, those that brought most first."""
    rows = [(outlet, tuple(pieces.get((outlet, day), 0) for day in days)) for outlet in {name for name, _ in pieces}]
    ordered = sorted(rows, key=lambda row: (-sum(row[1]), row[0]))
    return tuple(OutletVolume(outlet, counts, sum(counts)) for outlet, counts in ordered if any(counts))


def _families(items: Sequence[StoryItem]) -> frozenset[str]:
    """Return the publisher families behind items."""
    return frozenset(item.outlet_family for item in items)


def _relevance(story: Story) -> float:
    """Return the highest relevance score of a story's items."""
    return max(item.relevance for item in story.items)
