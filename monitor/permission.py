"""Asks robots.txt before anything else is asked of a server: fetches, remembers and applies the rules of each origin.

The rules live in the state, so that a restart does not ask for them again. An origin that a redirect leads to is asked
on the way, within the time of that request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.errors import FetchError
from monitor.ingest import robots
from monitor.ingest.fetch import Fetcher, Result
from monitor.model import FetchRequest, RobotsFile
from monitor.store import robots as remembered
from monitor.store.storage import Storage

#: what a host's wish for pauses would put off for longer than this waits for the next pass, so that nobody else does
PATIENCE_S = robots.LONGEST_DELAY_S


class Gate:
    """Knows the robots.txt of the origins of a pass; `permit` may be called from several threads.

    Without a storage it remembers for as long as it lives.
    """

    def __init__(self, storage: Storage | None, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock
        self._known: dict[str, RobotsFile] = {}
        self._unsaved: dict[str, RobotsFile] = {}
        self._lock = threading.Lock()

    def get_many(
        self, fetcher: Fetcher, requests: Iterable[FetchRequest], *, patience_s: float | None = None
    ) -> Iterator[tuple[FetchRequest, Result]]:
        """Fetch many addresses as `Fetcher.get_many` does, after their robots.txt and at the pace that this wishes.

        Addresses that robots.txt forbids, or whose robots.txt cannot be read, come back as FetchError of kind `robots`
        or `robots_unread`; those whose turn would come later than `patience_s` from now as one of kind `turn`.
        """
        wanted = list(requests)
        delays = self._learn(fetcher, {o for r in wanted if r.obeys_robots and (o := robots.origin_of(r.url))})
        try:
            yield from fetcher.get_many(wanted, delays=delays, patience_s=patience_s)
        finally:
            self._save()

    def permit(self, url: str, ask: Callable[[FetchRequest], Result]) -> FetchError | None:
        """Return why an address may not be asked, None if it may; `ask` gets the robots.txt of an unknown origin."""
        origin = robots.origin_of(url)
        if origin is None:
            return None
        known = self._known.get(origin)
        if known is None or known.expires_at <= self._clock():
            self._take(origin, ask(_request(origin)))
            known = self._known.get(origin)
        return robots.refusal(known, url) if known else None

    def rules_of(self, url: str) -> str:
        """Return the robots.txt that holds for an address which was asked, an empty text if there is none."""
        known = self._known.get(robots.origin_of(url) or "")
        return known.text if known else ""

    def _learn(self, fetcher: Fetcher, origins: set[str]) -> dict[Hashable, float]:
        """Know the rules of some origins, asking for those that are unknown or too old; return the wished pauses."""
        now = self._clock()
        if self._storage:
            self._known = remembered.load(self._storage.db, origins)
        stale = [o for o in sorted(origins) if o not in self._known or self._known[o].expires_at <= now]
        for request, answer in fetcher.get_many([_request(origin) for origin in stale]):
            self._take(request.tag, answer)
        self._save()
        delays: dict[Hashable, float] = {}
        for origin, file in self._known.items():
            host = urlsplit(origin).hostname or ""
            delays[host] = max(delays.get(host, 0.0), robots.delay_s(file))
        return delays

    def _take(self, origin: str, answer: Result) -> None:
        """Remember what an origin answered, unless nobody was asked."""
        if isinstance(answer, FetchError) and answer.kind == "cancelled":
            return
        with self._lock:
            file = robots.read_answer(origin, answer, now=self._clock(), before=self._known.get(origin))
            self._known[origin] = self._unsaved[origin] = file

    def _save(self) -> None:
        """Write what was learnt into the state."""
        with self._lock:
            unsaved, self._unsaved = list(self._unsaved.values()), {}
        if unsaved and self._storage:
            with self._storage.transaction() as db:
                remembered.save(db, unsaved)


@dataclass(frozen=True, slots=True)
class Web:
    """The web as it may be asked: what fetches, and what gives leave."""

    fetcher: Fetcher
    gate: Gate

    def ask(self, requests: Iterable[FetchRequest]) -> Iterator[tuple[FetchRequest, Result]]:
        """Ask what may be asked now, at the pace that the hosts wish; all else comes back as an error."""
        return self.gate.get_many(self.fetcher, requests, patience_s=PATIENCE_S)


def _request(origin: str) -> FetchRequest:
    """Return the request for an origin's robots.txt, which itself is always allowed."""
    return FetchRequest(
        robots.address_of(origin), accept=robots.TYPES, tag=origin, enough_bytes=robots.MAX_BYTES, obeys_robots=False
    )
