"""What notices say: a subject, a few lines for chats, and the whole as text and HTML for mail; pure.

Texts from outside are made harmless as in the digest: one line each, no control or direction characters, links to the
web only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.digest.outside import clean, cut, safe_url
from monitor.digest.templating import Templates, render
from monitor.model import StoryNotice, StoryReport

#: stories of which a short message names the headline, and pieces of a story that a long one lists
BRIEF_STORIES = 10
MOST_REPORTS = 12
#: mail programs cut longer subjects
SUBJECT_LENGTH = 120
_UNTITLED = "(untitled)"


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice in all its forms; the subject is one line."""

    subject: str
    brief: str
    text: str
    html: str


def of_digest(document: dict[str, Any], markdown: str, page: str, link: str | None) -> Wording:
    """Word the notice of a whole digest from its JSON document and its other two files."""
    told = [_told(entry) for entry in _entries(document)]
    subject = f"Customs news of {document['digest_date']}: {_counted(len(told), 'story', 'stories')}"
    return Wording(subject, brief(subject, (), told, link), markdown, page)


def of_watchlist(document: dict[str, Any], name: str, link: str | None, own: Templates = ()) -> Wording | None:
    """Word the notice of what a watchlist found in a digest; None when it found nothing."""
    found = next((w for w in document["watchlists"] if w["name"] == name), None)
    ids = [story["story_id"] for story in found["stories"]] if found else []
    entries = {entry["story_id"]: entry for entry in _entries(document)}
    told = [_told(entries[i]) for i in ids if i in entries]
    if not told:
        return None
    subject = _subject(f"{clean(name)}, {document['digest_date']}: {_counted(len(told), 'story', 'stories')}")
    return _worded(subject, (), told, link, own)


def of_alert(name: str, why: str, stories: Sequence[StoryNotice], own: Templates = ()) -> Wording:
    """Word the notice of the stories that have raised an alert."""
    first = cut(clean(stories[0].headline), SUBJECT_LENGTH // 2) or _UNTITLED
    more = f" and {len(stories) - 1} more" if len(stories) > 1 else ""
    return _worded(_subject(f"{clean(name)}: {first}{more}"), (clean(why),), stories, None, own)


def of_health(problems: Sequence[str], host: str) -> Wording:
    """Word the notice that the monitor is not well, or without problems that it is well again."""
    subject = f"The customs news monitor on {clean(host)} is {'not well' if problems else 'well again'}"
    return _worded(_subject(subject), tuple(clean(problem) for problem in problems), (), None, ())


def of_test(target: str, host: str) -> Wording:
    """Word the notice by which somebody finds out whether a target works."""
    line = f"This is a test of the target `{clean(target)}`. Its notices will look like this one."
    return _worded(_subject(f"Test from the customs news monitor on {clean(host)}"), (line,), (), None, ())


def brief(subject: str, lines: Iterable[str], stories: Sequence[StoryNotice], link: str | None) -> str:
    """Return the short form: headlines with the number of their outlets, the first ten, all of them counted."""
    shown = [f"- {_headline(story)} ({outlets(story)})" for story in stories[:BRIEF_STORIES]]
    if len(stories) > BRIEF_STORIES:
        shown.append(f"- and {len(stories) - BRIEF_STORIES} more")
    return "\n".join([*lines, *shown, *([link] if link else [])]) or subject


def outlets(story: StoryNotice) -> str:
    """Return by how many outlets a story is told."""
    return _counted(story.families, "outlet", "outlets")


def _worded(
    subject: str, lines: Sequence[str], stories: Sequence[StoryNotice], link: str | None, own: Templates
) -> Wording:
    """Return a notice in all its forms."""
    vocabulary = {
        "title": subject, "lines": lines, "stories": stories, "link": link, "outlets": outlets, "safe_url": safe_url,
        "untitled": _UNTITLED, "most": MOST_REPORTS,
    }  # fmt: skip
    page = render("html", own, vocabulary, "notice")
    return Wording(subject, brief(subject, lines, stories, link), _text(subject, lines, stories, link), page)


def _text(subject: str, lines: Sequence[str], stories: Sequence[StoryNotice], link: str | None) -> str:
    """Return the plain text."""
    parts = [subject, *lines, *("\n".join(_story_lines(story)) for story in stories), *([link] if link else [])]
    return "\n\n".join(parts) + "\n"


def _story_lines(story: StoryNotice) -> Iterator[str]:
    """Yield the lines of a story in plain text."""
    yield _headline(story)
    yield f"({outlets(story)})"
    for sentence, outlet in story.sentences:
        yield f"  {clean(sentence)} ({clean(outlet)})"
    for report in story.reports[:MOST_REPORTS]:
        yield f"- {clean(report.outlet)}: {cut(clean(report.title)) or _UNTITLED}"
        if url := safe_url(report.url):
            yield f"  {url}"
    if len(story.reports) > MOST_REPORTS:
        yield f"- and {len(story.reports) - MOST_REPORTS} more"


def _headline(story: StoryNotice) -> str:
    """Return the headline of a story on one line."""
    return cut(clean(story.headline)) or _UNTITLED


def _subject(text: str) -> str:
    """Return a subject as mail can carry it."""
    return cut(clean(text), SUBJECT_LENGTH)


def _entries(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the entries of a digest's JSON document in its order."""
    for section in document["sections"]:
        yield from section["entries"]
        yield from section["brief"]


def _told(entry: dict[str, Any]) -> StoryNotice:
    """Return a digest entry as a notice tells it."""
    by_item = {report["item_id"]: report["outlet"] for report in entry["reports"]}
    by_item |= {copy["item_id"]: copy["outlet"] for report in entry["reports"] for copy in report["copies"]}
    return StoryNotice(
        entry["story_id"],
        entry["headline"],
        entry["outlets"],
        tuple(StoryReport(r["outlet"], r["title"], r["url"]) for r in entry["reports"]),
        tuple((s["text"], by_item.get(s["item_id"], "")) for s in entry["sentences"]),
    )


def _counted(count: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else more}"
