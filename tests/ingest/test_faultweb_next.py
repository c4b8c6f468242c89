"""Acts of the fault web that need what is still being built; each that passes moves to `acts.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from faults import page
from stage import Stage, rss, staged, title_of

Act = Callable[[Stage], None]
NEXT: dict[str, Act] = {}


def act(play: Act) -> Act:
    """Enter an act into the table."""
    NEXT[play.__name__] = play
    return play


@act
def paywall(stage: Stage) -> None:
    """Show that a page behind a paywall is recognised and said, and that the teaser stays."""
    body = "<p class='paywall'>This article is for subscribers only. Subscribe now to read the full story.</p>"
    script = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    stage.feed(rss("/alpha"))
    stage.page("/alpha", page(title_of("/alpha"), script + body))
    stage.poll()
    ((origin, problem),) = stage.rows("select text_origin, page_problem from items")
    assert (origin, "paywall" in str(problem)) == ("feed", True)


@act
def consent_page(stage: Stage) -> None:
    """Show that a consent page is recognised and said, and that its text is nobody's article."""
    words = "We and our 812 partners store and access cookies on your device. Accept all or manage your choices. " * 3
    stage.feed(rss("/alpha"))
    stage.page("/alpha", page("Before you continue", f"<p>{words}</p><button>Accept all</button>"))
    stage.poll()
    ((text, problem),) = stage.rows("select text, page_problem from items")
    assert ("partners" in str(text), "consent" in str(problem)) == (False, True)


@pytest.mark.parametrize("name", NEXT)
def test_act_to_come(name: str, tmp_path: Path) -> None:
    """Each act ends as its sentence says."""
    with staged(tmp_path) as stage:
        NEXT[name](stage)
