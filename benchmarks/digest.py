"""How well and how fast digests tell: summaries against the lead's first sentences, and the rendering of a busy day.

Run with `./run.sh bench digest` (needs rouge-score). Every story of the corpora with three pieces: the summary of
all but the last against the first words of its lead, as many; recall of the words of the piece held out. Each story is
told in a digest of its own and in one with all others of its corpus. No words are printed.
"""

from __future__ import annotations

import gzip
import json
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any, TypeAlias

from rouge_score.rouge_scorer import RougeScorer

from monitor.digest import render, select
from monitor.digest.composed import Digest, DigestEntry
from monitor.digest.sentences import opening
from monitor.model import DigestInput, Role, Story, StoryItem, Window
from monitor.text import squeeze, words

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
CORPORA = ("customs_gold", "allsides_2021", "newswcl50", "ecbplus")
WINDOW = Window(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
#: held out of a story, and the least that must be left to tell it from
HELD_OUT, LEAST = 1, 2
ITEMS, STORIES = 10_000, 3_000
#: stories of a section that are told in full: all of a corpus, and as many as in a real digest
ALL, USUAL = 1000, 20

#: what a story is told from, and what of it is held out
Split: TypeAlias = tuple[Story, tuple[StoryItem, ...]]


def main() -> None:
    """Print both tables."""
    print("| corpus | told | stories | ROUGE-1 | of the lead | ROUGE-2 | of the lead | sentences | without citation |")
    print("|---|---|---|---|---|---|---|---|---|")
    for corpus in CORPORA:
        split = list(split_stories(corpus))
        print(row(corpus, "alone", split, [entries(composed([kept]))[0] for kept, _ in split]))
        told = {entry.story_id: entry for entry in entries(composed([kept for kept, _ in split]))}
        print(row(corpus, "in one digest", split, [told[kept.story_id] for kept, _ in split]))
    print()
    print(busy_day())


def row(corpus: str, told_how: str, split: Sequence[Split], told: Sequence[DigestEntry]) -> str:
    """Return the row of a corpus."""
    scorer = RougeScorer(["rouge1", "rouge2"], use_stemmer=True)
    scores: list[tuple[float, float, float, float]] = []
    sentences = wrong = 0
    for (kept, held), entry in zip(split, told, strict=True):
        sentences += len(entry.sentences)
        wrong += sum(not is_cited(sentence.text, sentence.item_id, kept) for sentence in entry.sentences)
        summary = " ".join(sentence.text for sentence in entry.sentences)
        lead = lead_of(kept, len(words(summary)))
        if summary and lead:
            target = " ".join(item.text for item in held)
            one, other = scorer.score(target, summary), scorer.score(target, lead)
            scores.append((one["rouge1"].recall, other["rouge1"].recall, one["rouge2"].recall, other["rouge2"].recall))
    means = [f"{mean(column):.4f}" for column in zip(*scores, strict=True)] if scores else ["-"] * 4
    return f"| {corpus} | {told_how} | {len(scores)} | {' | '.join(means)} | {sentences} | {wrong} |"


def is_cited(text: str, item_id: int, story: Story) -> bool:
    """Tell whether a sentence stands word for word in the piece that it cites."""
    return any(item.item_id == item_id and text in squeeze(item.text) for item in story.items)


def lead_of(story: Story, length: int) -> str:
    """Return the first words of the lead's text, as many as the summary has."""
    lead = next(item for item in story.items if item.item_id == story.lead_item_id)
    found: list[str] = []
    for sentence in opening(lead):
        for word in sentence.split():
            if len(words(" ".join(found))) >= length:
                return " ".join(found)
            found.append(word)
    return " ".join(found)


def split_stories(corpus: str) -> Iterator[Split]:
    """Yield the stories of a corpus without their last piece, and that; English, with a text, no labelled copies."""
    events: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(DATA / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if (row.get("lang") or "en") == "en" and row.get("text") and not row.get("reprint_of"):
                events[str(row["event"])].append(row)
    for number, (_, rows) in enumerate(sorted(events.items()), start=1):
        if len(rows) >= LEAST + HELD_OUT:
            items = tuple(item_of(n, row["title"], row["text"], row["outlet"]) for n, row in enumerate(rows, start=1))
            yield Story(number, 1, items[:-HELD_OUT]), items[-HELD_OUT:]


def item_of(item_id: int, title: str, text: str, outlet: str, minutes: int | None = None) -> StoryItem:
    """Return a piece, published on the day so many minutes after midnight."""
    at = WINDOW.start_at + timedelta(minutes=(item_id if minutes is None else minutes) % 1440)
    return StoryItem(
        item_id, outlet, outlet, outlet, False, title or "", text, f"https://{item_id}.example/", "en", at, "feed",
        True, at, at, Role.LEAD if item_id == 1 else Role.COVERAGE, None, "", relevance=3.0,
    )  # fmt: skip


def composed(stories: list[Story], top: int = ALL) -> Digest:
    """Return the digest of some stories."""
    source = DigestInput(date(2026, 11, 20), "UTC", WINDOW, tuple(stories), (), sum(len(s.items) for s in stories))
    return select.compose(source, top=top)


def entries(digest: Digest) -> list[DigestEntry]:
    """Return what is told of each story."""
    return [entry for section in digest.sections for entry in (*section.entries, *section.brief)]


def busy_day() -> str:
    """Compose and render a day of many items in all formats; return the times and the peak of memory."""
    stories = list(invented(ITEMS, STORIES))
    start = time.perf_counter()
    digest = composed(stories, USUAL)
    done = {"compose": time.perf_counter() - start}
    for name, write in (("markdown", render.markdown), ("html", render.html), ("json", render.json_text)):
        start = time.perf_counter()
        write(digest)
        done[name] = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in done.items())
    return f"{ITEMS:,} items in {STORIES:,} stories: {steps}; all {sum(done.values()):.1f} s, peak {peak:.0f} MB"


def invented(items: int, stories: int) -> Iterator[Story]:
    """Yield stories of invented pieces of some 300 words."""
    per_story = [items // stories + (n < items % stories) for n in range(stories)]
    item_id = 0
    for number, count in enumerate(per_story, start=1):
        pieces = []
        for outlet in range(count):
            item_id += 1
            text = "\n".join(
                f"Officers of post {number} counted {item_id + line} crates from harbour {line} while inspector "
                f"{(item_id * 7 + line) % 997} wrote line {line} of report {number % 89} "
                f"about ware {(number + line) % 233}."
                for line in range(14)
            )
            piece = item_of(item_id, f"Post {number} stops ware {number % 233}", text, f"outlet{outlet}", item_id)
            pieces.append(replace(piece, role=Role.LEAD if not outlet else Role.COVERAGE))
        yield Story(number, pieces[0].item_id, tuple(pieces))


if __name__ == "__main__":
    main()
