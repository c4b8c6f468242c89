"""HTML to lines of text: block elements and line breaks end a line, scripts and styles leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import regex
from lxml import etree, html

from monitor.text import squeeze

#: an element of an lxml tree; the library publishes no types
Element = Any

#: elements that show no text
NO_TEXT = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
    "select", "option", "textarea", "head", "title", "map", "frameset",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.IGNORECASE)
#: control characters, lone surrogates, and marks that turn the direction of what follows in a digest
_UNWANTED = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_EMPTY_LINE = regex.compile(r"\S[ \t\r]*\n[ \t\r]*\n\s*\S")
_MARKUP = regex.compile(r"<[a-zA-Z/!?]|&[a-zA-Z#]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `linked` when all of it is the text of links, as the titles of other stories are."""

    text: str
    linked: bool


def clean_line(text: str) -> str:
    """Return a text on one line, without characters that mean nothing in a text."""
    # next to all lines are printable, which is five times as fast to see as to search them
    return squeeze(text if text.isprintable() else _UNWANTED.sub("", text))


def strip_markup(text: str) -> str:
    """Return the text of a piece of HTML, or of a plain text, as lines."""
    if _MARKUP.search(text):
        return "\n".join(line.text for line in lines_of(parse_fragment(text)))
    return "\n".join(line for raw in text.splitlines() if (line := clean_line(raw)))


def parse_fragment(text: str) -> Element:
    """Return the tree of a piece of HTML."""
    data = f"<div>{text}</div>".encode("utf-8", "replace")
    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))


def lines_of(root: Element, most: int | None = None) -> list[Line]:
    """Return the non-empty lines of a tree in order, or the first ones from so many of its texts and breaks."""
    lines: list[Line] = []
    parts: list[tuple[str, bool]] = []

    def end_line() -> None:
        """Put the parts that were collected together to a line."""
        text = clean_line("".join(part for part, _ in parts))
        if text:
            lines.append(Line(text, all(linked for part, linked in parts if part.strip())))
        parts.clear()

    for text, linked in islice(_pieces(root), most):
        if text is not None:
            parts.append((text, linked))
        elif parts:
            end_line()
    if parts:
        end_line()
    return lines


def texts_of(root: Element, most: int) -> list[str]:
    """Return the texts between the tags of a tree that are shown, at most so many."""
    return list(islice((text for text, _ in _pieces(root) if text and not text.isspace()), most))


def _pieces(root: Element) -> Iterator[tuple[str | None, bool]]:
    """Walk a tree and yield its texts, each with whether it is in a link, and None where a line ends."""
    links = verbatim = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        inline = element.tag in _INLINE
        if event == "start":
            if not inline:
                yield None, False
            links += element.tag == "a"
            verbatim += element.tag == "pre"
            if _is_silent(element):
                walk.skip_subtree()
            else:
                yield from _split(element.text, verbatim > 0, links > 0)
            continue
        if event == "end":
            links -= element.tag == "a"
            verbatim -= element.tag == "pre"
            # a date beside a name is often kept apart by the style sheet only
            yield (" " if element.tag == "time" else "", False) if inline else (None, False)
        if element is not root:
            yield from _split(element.tail, verbatim > 0, links > 0)


def _split(text: str | None, verbatim: bool, linked: bool) -> Iterator[tuple[str | None, bool]]:  # noqa: FBT001  private
    """Yield a text, line by line where its line breaks are shown; empty lines in it mean that they are."""
    if not text:
        return
    if "\n" not in text or not (verbatim or _EMPTY_LINE.search(text)):
        yield text, linked
        return
    for number, part in enumerate(text.split("\n")):
        if number:
            yield None, False
        if part:
            yield part, linked


def _is_silent(element: Element) -> bool:
    """Tell whether an element shows no text."""
    return (
        element.tag in NO_TEXT
        or not isinstance(element.tag, str)
        or element.get("hidden") is not None
        or bool(_HIDDEN.search(element.get("style") or ""))
    )
