"""Assigning a new item on arrival: to the story whose items it resembles most on average, or to a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Where an item goes and why; `story_id` None means a new story. The runner-up is the best other story."""

    story_id: int | None
    probability: float | None
    reason: str
    runner_up_story_id: int | None = None
    runner_up_probability: float | None = None
    runner_up_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A story that an item could join: the average probability over its items, and the veto against it, if any."""

    story_id: int
    probability: float
    veto: str | None


def options(
    stories: Mapping[int, Sequence[int]], probabilities: Mapping[int, float], vetoes: Mapping[int, str]
) -> list[Option]:
    """Return the stories an item could join, the best first.

    Args:
        stories: item ids of each story that has a candidate in it.
        probabilities: of each of those items to report the same event as the new one; missing ones count as 0.
        vetoes: why the new item cannot be in one story with some of them, by item id.

    """
    found = [
        Option(
            story_id,
            sum(probabilities.get(i, 0.0) for i in items) / len(items),
            next((vetoes[i] for i in items if i in vetoes), None),
        )
        for story_id, items in stories.items()
    ]
    return sorted(found, key=lambda o: (-o.probability, o.story_id))


def choose(ranked: Sequence[Option], operating_point: float) -> Choice:
    """Choose among the options: the best one that no veto forbids and that reaches the operating point."""
    best = next((o for o in ranked if o.veto is None and o.probability >= operating_point), None)
    other = next((o for o in ranked if o is not best), None)
    reason = "nothing like it was reported within the window" if not ranked else "no story is close enough"
    if best:
        reason = f"resembles the items of the story with an average probability of {best.probability:.2f}"
    return Choice(
        story_id=best.story_id if best else None,
        probability=best.probability if best else None,
        reason=reason,
        runner_up_story_id=other.story_id if other else None,
        runner_up_probability=other.probability if other else None,
        runner_up_reason=why_not(other, operating_point, chosen=best is not None) if other else None,
    )


def why_not(option: Option, operating_point: float, *, chosen: bool) -> str:
    """Say in words why an item did not join a story."""
    if option.veto:
        return f"another edition: {option.veto}"
    if option.probability < operating_point:
        return f"average probability {option.probability:.2f} is below the operating point {operating_point:.2f}"
    return "another story is closer" if chosen else "not close enough"
