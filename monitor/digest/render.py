"""Write a composed digest as Markdown, one self-contained HTML page, or JSON; one digest, one text.

Nothing from outside can act: every expression of a template is escaped (`templating`) unless it is `Markup`, which is
made here of escaped texts; links lead to http and https addresses or stay text.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import partial
from typing import Any

from markupsafe import Markup

from monitor.digest import charts, phrases, templating
from monitor.digest.composed import Copy, Digest, OutletLine, SectionKind, When
from monitor.digest.outside import clean, cut, escape_markdown, markdown_address, safe_lang, safe_url
from monitor.digest.templating import Templates, markdown_markup
from monitor.model import LatePiece

#: raised whenever a key of the JSON digest changes its meaning or goes away
SCHEMA_VERSION = 1
_UNTITLED = "(untitled)"
#: longer than any sentence that `sentences` lets through
_SENTENCE_LENGTH = 1000


def markdown(digest: Digest, templates: Templates = ()) -> str:
    """Return the digest as CommonMark that also reads well as plain text; raise as `templating.render` does."""
    clock = phrases.clock_of(digest)
    words = {"link": _markdown_link, "when": partial(phrases.published, clock=clock)}
    return templating.render("md", templates, _vocabulary(digest) | words).rstrip() + "\n"


def html(digest: Digest, templates: Templates = ()) -> str:
    """Return the digest as one HTML page that needs nothing from elsewhere: no script, no font, no image.

    Raises as `templating.render` does.
    """
    clock = phrases.clock_of(digest)
    times = {"when": partial(_html_when, clock=clock), "time": partial(_html_time, clock=clock)}
    return templating.render("html", templates, _vocabulary(digest) | times | {"link": _html_link})


def json_text(digest: Digest) -> str:
    """Return the digest as JSON with sorted keys, as `digest.schema.json` describes it; times are UTC, ISO 8601."""
    document = {"schema_version": SCHEMA_VERSION, **_plain(digest)}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - every field of every noun passes here
    """Return a noun as what JSON knows, its texts made harmless."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _field(field.name, getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, date):
        return value.isoformat()
    return cut(clean(value)) if isinstance(value, str) else value


def _field(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    """Return a field as JSON: addresses whole or not at all, sentences whole, everything else cut to a sane length."""
    if name == "url":
        return safe_url(value)
    return cut(clean(value), _SENTENCE_LENGTH) if name == "text" else _plain(value)


def _vocabulary(digest: Digest) -> dict[str, object]:
    """Return what the templates of both formats speak of."""
    clock = phrases.clock_of(digest)
    here = {entry.story_id for section in digest.sections for entry in (*section.entries, *section.brief)}
    return {
        "digest": digest,
        "stories_here": here,
        "timeline": partial(charts.timeline, zone=clock.zone),
        "volume_rows": charts.volume_rows,
        "chart_width": charts.WIDTH,
        "names": phrases.source_names(digest.health),
        "titles": phrases.SECTION_TITLES,
        "notes": phrases.SECTION_NOTES,
        "developing": SectionKind.DEVELOPING,
        "zone": phrases.zone_name(digest, clock),
        "say": templating.words_of(phrases),
        "day": partial(phrases.short_day, clock=clock),
        "moment": partial(phrases.moment, clock=clock),
        "weekday": phrases.weekday,
        "tick": partial(phrases.tick, clock=clock),
        "problem": partial(phrases.problem, clock=clock),
        "last_signs": partial(phrases.last_signs, clock=clock),
        "safe_lang": safe_lang,
    }


def _shown_title(piece: OutletLine | Copy | LatePiece) -> str:
    """Return a piece's title as it is shown."""
    return cut(clean(piece.title)) or _UNTITLED


def _markdown_link(piece: OutletLine | Copy | LatePiece) -> Markup:
    """Return the title of a piece, linked where its address is safe."""
    title, url = escape_markdown(_shown_title(piece)), safe_url(piece.url)
    return markdown_markup(f"[{title}]({markdown_address(url)})" if url else title)


def _html_link(piece: OutletLine | Copy | LatePiece) -> Markup:
    """Return the title of a piece, linked where its address is safe."""
    lang = Markup(' lang="{}"').format(tag) if (tag := safe_lang(piece.lang)) else Markup("")
    if url := safe_url(piece.url):
        frame = '<a href="{url}" rel="noopener noreferrer nofollow"{lang} dir="auto">{title}</a>'
    else:
        frame = '<bdi class="unlinked"{lang}>{title}</bdi>'
    return Markup(frame).format(url=url, lang=lang, title=_shown_title(piece))  # noqa: S704 - `frame` is one of the two above


def _html_time(at: datetime, clock: phrases.Clock) -> Markup:
    """Return a time for reading, with the exact one beside it for machines."""
    return Markup('<time datetime="{}">{}</time>').format(_utc(at), phrases.moment(at, clock))


def _utc(at: datetime) -> str:
    """Return a time in UTC, ISO 8601."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _html_when(when: When, clock: phrases.Clock) -> Markup:
    """Return when a piece came out, with the exact time or day beside it for machines."""
    if when.published_at is None:
        return Markup("no date, first seen {}").format(_html_time(when.first_seen_at, clock))
    if when.has_time:
        return _html_time(when.published_at, clock)
    exact = when.published_at.astimezone(UTC).date().isoformat()
    return Markup('<time datetime="{}">{}</time>').format(exact, phrases.published(when, clock))
