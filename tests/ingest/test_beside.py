"""What stands beside an article is emptied before anything reads the page."""

from __future__ import annotations

import pytest

from monitor.ingest.beside import empty_beside
from monitor.ingest.markup import lines_of, parse_fragment

PROSE = "Customs officers at the quay opened a container of bananas and found nothing else in it. " * 3


@pytest.mark.parametrize(
    "beside",
    [
        "<nav>All the news</nav>",
        "<aside><div class='card'>All the news</div><nav>More news</nav></aside>",
        "<div class='site-footer'>All the news</div>",
        "<ul id='main-menu'><li class='menu-item'>All</li><li class='menu-item'>news</li></ul>",
        "<div role='navigation'>All the news</div>",
        "<script>document.write('news')</script>",
    ],
)
def test_what_stands_beside_is_emptied(beside: str) -> None:
    """Menus, side columns, footers and scripts go; what stands behind them stays, on a line of its own."""
    tree = parse_fragment(f"<p>{PROSE}</p>{beside}tail")
    empty_beside(tree)
    assert [line.text for line in lines_of(tree)] == [PROSE.strip(), "tail"]


@pytest.mark.parametrize(
    "kept",
    [
        f"<div class='share'><p>{PROSE}</p></div>",
        f"<div class='teaser'><h1>Bananas</h1></div><p>{PROSE}</p>",
        f"<div class='sharpness'>Bananas</div><p>{PROSE}</p>",
    ],
)
def test_the_article_is_not_emptied(kept: str) -> None:
    """An element that holds half of the text or the heading, or is only named alike, is no furniture."""
    tree = parse_fragment(kept)
    before = lines_of(tree)
    assert empty_beside(tree) == 0
    assert lines_of(tree) == before


def test_the_largest_is_told() -> None:
    """The number of characters of the largest emptied element comes back."""
    tree = parse_fragment(f"<p>{PROSE}</p><nav>1234</nav><aside>1234567<form>12</form></aside>")
    assert empty_beside(tree) == len("1234567" + "12")
