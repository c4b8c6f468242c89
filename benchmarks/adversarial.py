"""Import invented adversarial cases through the released command, and count the pairs that are right and wrong by kind.

The cases stand in tests/adversarial: editions, twins, arcs, copies, furniture and round-ups, written to mislead. Every
pair of one case counts, in its kind: `joined` of one event in one story, `apart` of two events in two. Pairs of
two cases in one story, copies called wrongly and follow-ups found stand below. Cases of a later set (`third / arcs`)
are imported and counted by themselves. The floors in
benchmarks/adversarial_floors.json only rise: the script fails when a figure falls below its floor, and --raise
rewrites those that are exceeded.

    .venv/bin/python benchmarks/adversarial.py [FILE ...] [--raise] [--wrong]
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "adversarial"
FLOORS_FILE = ROOT / "benchmarks" / "adversarial_floors.json"
YEAR = 2026
COPIES, SPUN, FOLLOW_UPS, ACROSS = "copies called", "spun copies called", "follow-ups found", "of two cases"

#: right and wrong
Counts = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A piece with what is known of it."""

    id: str
    case: str
    kind: str
    event: str
    line: Mapping[str, object]
    copy_of: str | None = None
    spun_of: str | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What an import made of the pieces: their stories, copies by kind, and pairs of stories that follow."""

    stories: Mapping[str, int]
    copies: Mapping[str, frozenset[tuple[str, str]]]
    follows: frozenset[tuple[int, int]]


@dataclass
class Report:
    """Right and wrong by kind, and the pairs that are wrong in words."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, kind: str, words: str, *, right: bool) -> None:
        """Count one pair."""
        self.counts.setdefault(kind, [0, 0])[not right] += 1
        if not right:
            self.wrong.append(f"{kind}: {words}")


def read_cases(paths: Iterable[Path]) -> list[Labelled]:
    """Read files of cases; a piece takes title and text from its case, where it has none itself, and fills them in."""
    return [
        piece
        for path in paths
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
        for piece in _pieces(case)
    ]  # fmt: skip


def _pieces(case: Mapping[str, Any]) -> Iterator[Labelled]:
    """Yield the pieces of one case; the event of another case is named with it, as in `strike/start`."""
    for number, item in enumerate(case["items"], 1):
        name = f"{case['case']}/{item.get('id', number)}"
        named = {key: f"{case['case']}/{item[key]}" for key in ("copy_of", "spun_of", "follows") if key in item}
        event = str(item["event"]) if "/" in str(item["event"]) else f"{case['case']}/{item['event']}"
        yield Labelled(name, case["case"], case["kind"], event, _line(name, case, item), **named)


def _line(name: str, case: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, object]:
    """Return a piece as a line of an import file."""
    title, text = (str(item.get(key) or case[key].format(**item)) for key in ("title", "text"))
    day, _, time = str(item["at"]).partition(" ")
    published = f"{YEAR}-{day}T{time or '12:00'}:00+00:00"
    lang = item.get("lang", case.get("lang", "en"))
    return {
        "id": name, "outlet": item["outlet"], "title": title, "text": text, "published": published, "lang": lang
    }  # fmt: skip


def write(pieces: Iterable[Labelled], path: Path) -> Path:
    """Write pieces as an import file, without their labels."""
    path.write_text("".join(json.dumps(p.line, ensure_ascii=False) + "\n" for p in pieces), encoding="utf-8")
    return path


def imported(source: Path, state: Path) -> Found:
    """Import a file into an empty state through the released command."""
    command = [sys.executable, "-m", "monitor", "import", str(source), "--no-relevance", "--state", str(state)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(f"file:{state / 'monitor.db'}?mode=ro", uri=True)) as db:
        return found_in(db)


def found_in(db: sqlite3.Connection) -> Found:
    """Return what a state holds."""
    placed = dict(db.execute("select external_id, story_id from v_story_items"))
    copies: dict[str, set[tuple[str, str]]] = {"reprint": set(), "spun": set()}
    for kind, one, other in db.execute("select kind, external_id, original_external_id from v_reprints"):
        copies[kind].add((one, other))
    follows = frozenset(db.execute("select story_id, follows_story_id from v_follow_ups").fetchall())
    return Found(placed, {kind: frozenset(pairs) for kind, pairs in copies.items()}, follows)


def sets_of(pieces: Iterable[Labelled]) -> list[list[Labelled]]:
    """Return pieces by their sets: each is imported by itself, as the rarity of words depends on all that is there."""
    found: dict[str, list[Labelled]] = {}
    for piece in pieces:
        found.setdefault(piece.kind.rpartition(" / ")[0], []).append(piece)
    return list(found.values())


def report(pieces: Sequence[Labelled], found: Found, before: Report | None = None) -> Report:
    """Count the pairs that are right and wrong, by kind, on top of what was counted before."""
    result = before or Report()
    for one, other in combinations(pieces, 2):
        together = found.stories.get(one.id) == found.stories.get(other.id, -1)
        one_event = one.event == other.event
        if one.case != other.case and not together:
            continue
        across = _of_set(one, ACROSS)
        kind = f"{one.kind}: {'joined' if one_event else 'apart'}" if one.case == other.case else across
        result.count(kind, f"{one.id} and {other.id}", right=together == one_event)
    _count_copies(pieces, found, result)
    _count_follow_ups(pieces, found, result)
    return result


def _of_set(piece: Labelled, kind: str) -> str:
    """Name a kind of the set of cases that a piece is of: a later set has floors of its own."""
    name = piece.kind.rpartition(" / ")[0]
    return f"{name} / {kind}" if name else kind


def _count_copies(pieces: Sequence[Labelled], found: Found, result: Report) -> None:
    """Count copies that are found, and pairs that are called copies and tell of two events."""
    by_id = {piece.id: piece for piece in pieces}
    for kind, called in ((COPIES, "reprint"), (SPUN, "spun")):
        said = {one for one, _ in found.copies[called]}
        for piece in pieces:
            if (piece.copy_of if called == "reprint" else piece.spun_of) is not None:
                result.count(_of_set(piece, kind), f"{piece.id} is none", right=piece.id in said)
        for one, other in sorted(found.copies[called]):
            if by_id[one].event != by_id[other].event:
                result.count(_of_set(by_id[one], kind), f"{one} of {other}", right=False)


def _count_follow_ups(pieces: Sequence[Labelled], found: Found, result: Report) -> None:
    """Count the follow-ups that are found, and those that are none."""
    stories_of: dict[str, set[int]] = {}
    for piece in pieces:
        stories_of.setdefault(piece.event, set()).add(found.stories[piece.id])
    wanted: set[tuple[int, int]] = set()
    for piece in pieces:
        if piece.follows is not None:
            links = {(a, b) for a in stories_of[piece.event] for b in stories_of[piece.follows]}
            wanted |= links
            right = bool(links & found.follows)
            result.count(_of_set(piece, FOLLOW_UPS), f"{piece.event} after {piece.follows}", right=right)
    told_in = {found.stories[piece.id]: piece for piece in reversed(pieces)}
    for link in sorted(found.follows - wanted):
        one, other = (told_in[story] for story in link)
        result.count(_of_set(one, FOLLOW_UPS), f"{one.id} does not follow {other.id}", right=False)


def floors() -> dict[str, list[int]]:
    """Return the pinned figures: right and wrong, by kind."""
    pinned: dict[str, list[int]] = json.loads(FLOORS_FILE.read_text(encoding="utf-8"))
    return pinned


def broken(counts: Mapping[str, Sequence[int]], pinned: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the kinds of which more is wrong than the floors allow; pairs that are new and right are none of it."""
    return [
        f"{kind}: {counts.get(kind, (0, 0))[1]} wrong, at most {wrong}"
        for kind, (_, wrong) in pinned.items()
        if counts.get(kind, (0, 0))[1] > wrong
    ] + [f"{kind}: wrong, and in no floor" for kind, (_, wrong) in counts.items() if wrong and kind not in pinned]


def main() -> int:
    """Print the table; return 1 when more is wrong than the floors allow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--raise", action="store_true", dest="raised", help="rewrite the floors")
    parser.add_argument("--wrong", action="store_true", help="name the pairs that are wrong")
    args = parser.parse_args()
    pieces = read_cases(args.files or sorted(CASES.glob("*.yaml")))
    outcome = Report()
    for some in sets_of(pieces):
        with tempfile.TemporaryDirectory() as folder:
            found = imported(write(some, Path(folder) / "cases.jsonl"), Path(folder) / "state")
        outcome = report(some, found, outcome)
    print(f"{len(pieces)} pieces\n{'':46} {'right':>6} {'wrong':>6}")
    for kind, (right, wrong) in sorted(outcome.counts.items()):
        print(f"{kind:46} {right:6} {wrong:6}")
    print(*(outcome.wrong if args.wrong else ()), sep="\n")
    if args.files:
        return 0
    if args.raised:
        FLOORS_FILE.write_text(json.dumps(dict(sorted(outcome.counts.items())), indent=2) + "\n", encoding="utf-8")
    problems = broken(outcome.counts, floors())
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
