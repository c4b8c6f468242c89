"""Empties the elements of a page that show nothing or stand beside its article: menus, side columns, footers, forms.

What they held is seen neither by trafilatura nor by our own walk, which halves the time of both on an ordinary page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex
from lxml import etree

from monitor.ingest.markup import NO_TEXT, Element

_TAGS = frozenset({"nav", "footer", "aside", "form", "menu", "dialog"})
_NAMES = regex.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|sidebar|comments?|respond|footer|breadcrumbs?|shar(?:e|ing)|"
    r"popular|most-?read|trending|newsletter|cookies?|consent|promo\w*|advert\w*|banners?|menu|nav|navbar|navigation|"
    r"teasers?|read-also|also-read|more-news|pagination|subscribe)(?:$|[\s_-])",
    regex.IGNORECASE,
)
_NAMED = etree.XPath(".//*[@class or @id or @role]")
#: their names say something about the whole page
_WHOLE = frozenset({"html", "head", "body"})


def empty_beside(tree: Element) -> int:
    """Empty what stands beside the article, in place; return how many characters the largest such element showed.

    What bears the name of furniture and holds the heading of the page, or half of its text, is not furniture.
    """
    root = tree.find(".//body")
    root = tree if root is None else root
    for element in list(root.iter(*NO_TEXT)):
        element.clear(keep_tail=True)
    half = len(root.text_content()) / 2
    # by tag first: that leaves little of most pages for the slower look at every name
    tagged = _emptied(list(root.iter(*_TAGS)), half, lambda element: list(element.iter(*_TAGS))[1:])
    return max(tagged, _emptied([e for e in _NAMED(root) if _is_named(e)], half, _named_inside))


def _emptied(elements: Sequence[Element], half: float, inside: Callable[[Element], Sequence[Element]]) -> int:
    """Empty those of some elements, in order, that are less than half of the page; return the size of the largest."""
    largest = gone = 0
    for element in elements:
        if gone:
            gone -= 1
        elif next(element.iter("h1"), None) is None and (size := len(element.text_content())) < half:
            largest = max(largest, size)
            gone = len(inside(element))  # they come next
            element.clear(keep_tail=True)
    return largest


def _named_inside(element: Element) -> list[Element]:
    """Return the elements inside one that are furniture by their name."""
    return [e for e in _NAMED(element) if _is_named(e)]


def _is_named(element: Element) -> bool:
    """Tell whether an element is furniture by what its author called it."""
    names = " ".join(name for key in ("class", "id", "role") if (name := element.get(key)))
    return element.tag not in _WHOLE and _is_furniture_name(names)


@lru_cache(maxsize=4096)
def _is_furniture_name(names: str) -> bool:
    """Tell whether names of an element hold that of furniture."""
    return _NAMES.search(names) is not None
