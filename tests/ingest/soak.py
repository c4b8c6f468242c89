"""A long watch over a web whose servers fail and recover at random, with the server's own book of what it did.

The server writes down which pieces it published and showed, when each source was asked, and how many requests of one
host it had at once; at the end the book is compared with what the monitor stored. Time is an argument.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median

from faults import FAULTS, Fault, ok
from harness import NOW, Clock, page_of
from sqlite_utils import Database
from watcher import Polled, Watch, watching
from webserver import Answer, answer, serving

from monitor.model import Source
from monitor.store import search
from monitor.store.storage import Storage

INTERVAL_S = 3600
#: a little more than the interval with all its jitter, so that a healthy source is due on every cycle
STEP_S = 3961
PER_HOST = 2
GAP_S = 0.02
WINDOW = 12
#: by how much the memory may grow from the second quarter of a soak to the last one: what bounded caches of words and the
#: items of a fortnight still gain; without `monitor.memory` 60 sources gained 44 to 53 MB of 330, and went on
GROWTH = 0.1
#: what some servers ask for in general, and a busy one for a while
WISH_S, BUSY_S = 7200, 4 * 3600
#: gone means a month of silence, so that only few sources may meet it
GONE, GONE_CHANCE = "gone", 0.0003
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
#: of an invented language, so many that two pieces hardly ever share one; of 42 words all pieces of a fortnight were
#: candidates for one story, and most of the CPU time and memory of a soak went into telling them apart
VOCABULARY = 5000
_PIECE = re.compile(r"/piece/(\d+)")


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a soak is and how bad its weather."""

    sources: int
    cycles: int
    seed: int = 1
    sources_a_host: int = 5
    #: chance of a healthy source to fall into a fault, of each source to publish a piece or to edit one, each cycle
    fault: float = 0.06
    publish: float = 0.1
    edit: float = 0.01
    longest_fault: int = 6


@dataclass(slots=True)
class Piece:
    """A piece as its publisher knows it."""

    number: int
    host: str
    title: str
    teaser: str
    published_at: datetime

    def entry(self) -> str:
        """Return its entry in a feed."""
        url = f"http://{self.host}/piece/{self.number}"
        return (
            f"<item><title>{self.title}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{format_datetime(self.published_at, usegmt=True)}</pubDate>"
            f"<description>{self.teaser}</description></item>"
        )


@dataclass(slots=True)
class Site:
    """A source as its server knows it."""

    number: int
    source: Source
    host: str
    pieces: list[Piece] = field(default_factory=list)
    fault: Fault | None = None
    fault_ends: int = 0
    #: before this moment nobody should ask, as we told the last one
    not_before: datetime | None = None

    def body(self) -> bytes:
        """Return the feed: the newest pieces, the newest first."""
        ttl = f"<ttl>{WISH_S // 60}</ttl>" if self.number % 10 == 4 else ""
        entries = "".join(piece.entry() for piece in self.pieces[:WINDOW])
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{ttl}{entries}</channel></rss>'.encode()


@dataclass(slots=True)
class Book:
    """What the server saw and did, as far as it is judged."""

    requests: int = 0
    polls: int = 0
    not_modified: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    #: numbers of the pieces that were in an answer which could be read
    shown: set[int] = field(default_factory=set)
    early: list[str] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    #: arrivals of first requests by host, of one pass
    arrivals: dict[str, list[float]] = field(default_factory=dict)
    shortest_gap_s: float = float("inf")


class World:
    """The publishers, their servers, and the book."""

    def __init__(self, plan: Plan, now: datetime) -> None:
        self.plan, self.now, self.cycle = plan, now, 0
        self.chance = Random(plan.seed)
        self.book = Book()
        self.words = ["".join(self.chance.choices(SYLLABLES, k=3)) for _ in range(VOCABULARY)]
        self.pieces: list[Piece] = []
        self.lock = threading.Lock()
        self.failed_once: set[int] = set()
        self.sites: list[Site] = []
        self.sites += [self._site(number) for number in range(plan.sources)]
        self.faults = [fault for fault in FAULTS.values() if fault.name != GONE]
        for site in self.sites:
            for _ in range(3):
                self._publish(site)

    def _site(self, number: int) -> Site:
        """Return a source with nothing in it."""
        host = f"h{number // self.plan.sources_a_host}.example"
        source = Source(f"s{number}", f"o{number}", f"http://{host}/feed/{number}", interval_s=INTERVAL_S, trusted=True)
        return Site(number, source, host)

    def _publish(self, site: Site) -> None:
        """Let a source publish a piece that no other one resembles."""
        number = len(self.pieces)
        name = "".join(self.chance.choices("aeioubdklmnrst", k=7)).title()
        words = [*self.chance.sample(self.words, 12), name, f"{name}en"]
        self.chance.shuffle(words)
        at = self.now - timedelta(seconds=self.chance.randrange(1, 3600))
        piece = Piece(number, site.host, f"{name} {' '.join(words[:5])}", f"{' '.join(words)} in {name}.", at)
        self.pieces.append(piece)
        site.pieces.insert(0, piece)
        if number % 10 == 0:  # another outlet shows it too
            other = self.chance.choice(self.sites)
            if piece not in other.pieces:
                other.pieces.insert(0, piece)

    def advance(self, now: datetime) -> None:
        """Let a cycle pass: pieces appear and change, faults begin and end."""
        self.now, self.cycle = now, self.cycle + 1
        for site in self.sites:
            if self.chance.random() < self.plan.publish:
                self._publish(site)
            if self.chance.random() < self.plan.edit:
                piece = self.chance.choice(site.pieces[:WINDOW])
                piece.title = f"{piece.title.partition(' - ')[0]} - corrected {self.cycle}"
            if site.fault and self.cycle >= site.fault_ends:
                site.fault = None
            elif not site.fault and self.chance.random() < self.plan.fault:
                self._break(site)

    def _break(self, site: Site) -> None:
        """Let a fault of a source begin; those that hold connections are rare and short, being slow in real time too."""
        site.fault = FAULTS[GONE] if self.chance.random() < GONE_CHANCE else self.chance.choice(self.faults)
        if site.fault.slow and self.chance.random() < 0.8:
            site.fault = FAULTS["internal_error"]
        lasts = 1 if site.fault.slow else self.chance.randrange(1, self.plan.longest_fault + 1)
        site.fault_ends = self.cycle + lasts

    def heal(self, now: datetime) -> None:
        """End all faults and let every source have news."""
        self.now = now
        for site in self.sites:
            site.fault = None
            self._publish(site)  # or it would be silent

    # ------------------------------------------------------------ the server

    def get(self, path: str, default: Answer) -> Answer:
        """Return what a path answers, as the table of pages of the web server does."""
        return partial(self._counted, path, default)

    def _counted(self, path: str, default: Answer, head: str, connection: socket.socket) -> None:
        """Answer a request and write down how many the host has at once."""
        found = re.search(r"(?im)^host:\s*([^\s:]+)", head)
        host = found[1] if found else ""
        with self.lock:
            self.book.requests += 1
            self.book.at_once[host] += 1
            self.book.most_at_once = max(self.book.most_at_once, self.book.at_once[host])
            chosen = self._chosen(path, default, head)
            if path.startswith(("/feed/", "/piece/")):
                self.book.arrivals.setdefault(host, []).append(time.monotonic())
        try:
            chosen(head, connection)
        finally:
            # the client has gone on as soon as it has the last byte, perhaps before we come here
            with self.lock:
                self.book.at_once[host] -= 1

    def _chosen(self, path: str, default: Answer, head: str) -> Answer:
        """Return the answer of a feed, of a page, or of nothing."""
        if piece := _PIECE.match(path):
            return self._page(int(piece[1]))
        if path.startswith("/feed/"):
            return self._feed(self.sites[int(path.removeprefix("/feed/"))], head)
        return default

    def _page(self, number: int) -> Answer:
        """Return the page of a piece: two of three outlets have none for us, and some pages are down at first."""
        piece = self.pieces[number]
        if int(piece.host[1:].partition(".")[0]) % 3:
            return answer("404 Not Found")
        if number % 7 == 0 and number not in self.failed_once:
            self.failed_once.add(number)
            return answer("503 Service Unavailable")
        text = f"{piece.teaser} The officers said that {piece.teaser} Nobody was hurt, and the inspection goes on."
        return answer("200 OK", page_of(piece.title, text), Content_Type="text/html; charset=utf-8")

    def _feed(self, site: Site, head: str) -> Answer:
        """Return what a source answers now, and write down what that was and what we ask for with it."""
        self.book.polls += 1
        if site.not_before and self.now < site.not_before - timedelta(seconds=1):
            self.book.early.append(f"{site.source.id} at {self.now}, not before {site.not_before}")
        wait, body, busy = INTERVAL_S, site.body(), site.number % 10 == 5 and site.fault is not None
        if busy:
            wait, sent = BUSY_S, answer("503 Service Unavailable", Retry_After=str(BUSY_S))
        elif site.fault:
            sent = site.fault.make(body)
            self.book.faults[site.fault.name] += 1
        else:
            sent = self._honest(site, body, head)
            wait = WISH_S if site.number % 10 in (3, 4) else wait
        if not busy and (site.fault is None or site.fault.harmless):
            self.book.shown |= {piece.number for piece in site.pieces[:WINDOW]}
        site.not_before = self.now + timedelta(seconds=wait)
        return sent

    def _honest(self, site: Site, body: bytes, head: str) -> Answer:
        """Return the feed, or 304 where the server has an ETag and the client knows it."""
        headers = {"Cache_Control": f"max-age={WISH_S}"} if site.number % 10 == 3 else {}
        if site.number % 2:
            return ok(body, **headers)
        tag = f'"{hash(body):x}"'
        if tag in head:
            self.book.not_modified += 1
            return answer("304 Not Modified", ETag=tag, **headers)
        return ok(body, ETag=tag, **headers)

    def end_pass(self) -> None:
        """Judge the pace of the pass in real time: the mean gap of the requests to one host."""
        for times in self.book.arrivals.values():
            if len(times) > 2 * PER_HOST:
                times.sort()
                gap = sum(later - earlier for earlier, later in pairwise(times)) / (len(times) - 1)
                self.book.shortest_gap_s = min(self.book.shortest_gap_s, gap)
        self.book.arrivals.clear()


# ---------------------------------------------------------------- the monitor's side


@dataclass(slots=True)
class Result:
    """What a soak came to: the figures, and everything that should not be, which is all empty when it went well."""

    polls: int
    requests: int
    not_modified: int
    results: dict[str, int]
    fault_kinds: int
    pieces: int
    shown: int
    items: int
    revisions: int
    seconds: float
    #: of the monitor's process, as its memory after each cycle is
    cpu_s: float
    rss_mb: list[float]
    most_at_once: int
    shortest_gap_s: float
    lost: list[int] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    stale_titles: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    not_ok_at_the_end: list[str] = field(default_factory=list)
    unsound: dict[str, object] = field(default_factory=dict)

    def problems(self) -> dict[str, object]:
        """Return everything that must be empty, by name."""
        names = ("lost", "doubled", "unknown", "stale_titles", "early", "misnamed", "not_ok_at_the_end", "unsound")
        grown = (
            [f"{self.growth_mb:+.1f} MB from {self.early_mb:.1f}"] if self.growth_mb > GROWTH * self.early_mb else []
        )
        return {name: getattr(self, name) for name in names} | {"memory": grown}

    @property
    def early_mb(self) -> float:
        """Return the memory in the second quarter of the cycles; in the first one modules load and caches fill."""
        quarter = max(1, len(self.rss_mb) // 4)
        return median(self.rss_mb[quarter : 2 * quarter] or self.rss_mb)

    @property
    def growth_mb(self) -> float:
        """Return by how much the memory grew from the second quarter to the last one."""
        return median(self.rss_mb[-max(1, len(self.rss_mb) // 4) :]) - self.early_mb


def soak(plan: Plan, folder: Path, advance: Callable[[int, float], None] = lambda _cycle, _mb: None) -> Result:
    """Run a soak on a new state in a folder and return what it came to; the monitor has a process of its own."""
    clock, began = Clock(NOW), time.monotonic()
    world = World(plan, clock.now)
    results: Counter[str] = Counter()
    misnamed: list[str] = []
    memory: list[float] = []
    with serving() as web:
        web.pages = world  # type: ignore[assignment]  it has the one method that is used
        watch = Watch(folder, [site.source for site in world.sites], web.connect_to, PER_HOST, GAP_S)
        with watching(watch) as monitor:
            for cycle in range(plan.cycles):
                clock.move(seconds=STEP_S)
                world.advance(clock.now)
                done = monitor.run_pass(clock.now)
                results.update(poll.result for poll in done.polls)
                misnamed += [said for poll in done.polls if (said := misname(world, poll))]
                world.end_pass()
                web.heads.clear()
                memory.append(done.rss_mb)
                advance(cycle, done.rss_mb)
            # a source that was gone is asked again after a month and its jitter
            for days in (34, 2, 2, 2):
                clock.move(days=days)
                world.heal(clock.now)
                done = monitor.run_pass(clock.now)
    result = Result(
        polls=world.book.polls, requests=world.book.requests, not_modified=world.book.not_modified,
        results=dict(results), fault_kinds=len(world.book.faults), pieces=len(world.pieces),
        shown=len(world.book.shown), items=0, revisions=0, seconds=time.monotonic() - began, cpu_s=done.cpu_s,
        rss_mb=memory, most_at_once=world.book.most_at_once, shortest_gap_s=world.book.shortest_gap_s,
        early=world.book.early, misnamed=misnamed,
    )  # fmt: skip
    with Storage(folder, create=False) as storage:
        return judged(world, storage.db, result)


def misname(world: World, poll: Polled) -> str:
    """Say how a poll was called if that is not what the server did; nothing when it is."""
    site = world.sites[int(poll.source_id[1:])]
    if site.fault is None:
        expected = {"ok", "not_modified"}
    elif site.number % 10 == 5:
        expected = {"failed"}
    elif site.fault.harmless:
        expected = {"ok", "not_modified"}
    else:
        # a 304 counts only when there is a parsed body that it can mean
        expected = {site.fault.result} | ({"failed"} if site.fault.result == "not_modified" else set())
        # the same empty or undated body once more
        expected |= {"not_modified"} if site.fault.result in ("empty", "undated") else set()
    if poll.result in expected:
        return ""
    return f"{poll.source_id} in {site.fault.name if site.fault else 'health'}: {poll.result}, {poll.reason}"


def judged(world: World, db: Database, result: Result) -> Result:
    """Compare the state with the book of the server."""
    rows = db.execute("select url, title from items").fetchall()
    numbers = Counter(int(found[1]) for url, _ in rows if (found := _PIECE.search(url or "")))
    result.items = len(rows)
    result.revisions = int(db.execute("select count(*) from revisions").fetchone()[0])
    result.unknown = [str(url) for url, _ in rows if not _PIECE.search(url or "")]
    result.lost = sorted(world.book.shown - set(numbers))
    result.doubled = [number for number, count in numbers.items() if count > 1]
    newest = {piece.number: piece.title for site in world.sites for piece in site.pieces[:WINDOW]}
    stored = {int(found[1]): title for url, title in rows if (found := _PIECE.search(url or ""))}
    result.stale_titles = [f"{stored.get(n)!r}, not {title!r}" for n, title in newest.items() if stored.get(n) != title]
    states = db.execute("select source_id, state, reason from v_sources where state <> 'ok'").fetchall()
    result.not_ok_at_the_end = [f"{source}: {state}, {reason}" for source, state, reason in states]
    result.unsound = {name: found for name, found in search.check(db).items() if found}
    return result
