"""The only place where things are built: configuration and clock in, an open monitor out."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import config as configuration
from monitor.crosslingual.choosing import encoder_of
from monitor.crosslingual.encoder import Encoder
from monitor.encoding import encode_waiting
from monitor.errors import ConfigError, UsageError
from monitor.files import PART, held
from monitor.linking import GroupingSettings
from monitor.locking import exclusive as exclusive  # noqa: PLC0414 - what opens the state is found here
from monitor.locking import holder as holder  # noqa: PLC0414
from monitor.model import Outlet, Source, Watchlist
from monitor.settling import settle_queue
from monitor.store import retention as retained
from monitor.store import sources, stories
from monitor.store.query import parse
from monitor.store.storage import Storage, mapped_errors
from monitor.stories import score
from monitor.text import fold

if TYPE_CHECKING:
    # what asks the web, reads pages, writes digests and tells people takes half of the start: only who does it waits
    from monitor.courier import Courier
    from monitor.digest.templating import Templates
    from monitor.ingest.fetch import FetchSettings
    from monitor.notify.targets import Plan
    from monitor.permission import Web
    from monitor.pipeline import Advance, Pipeline
    from monitor.polling import Judge
    from monitor.publish import DigestSettings
    from monitor.replaying import Replayed

#: what else a folder of templates holds is not looked at
TEMPLATE_SUFFIXES = (".j2", ".css")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """An open monitor: the state and everything that works on it."""

    config: configuration.Config
    storage: Storage
    grouping: GroupingSettings
    digest: DigestSettings
    clock: Clock
    pipeline: Pipeline


def fetch_settings(config: configuration.Config, connect_to: Mapping[str, tuple[str, int]]) -> FetchSettings:
    """Return how the web is asked."""
    from monitor.ingest.fetch import FetchSettings

    f = config.fetch
    return FetchSettings(
        user_agent=f.user_agent, timeout_s=f.timeout_s, deadline_s=f.deadline_s, max_bytes=f.max_bytes,
        max_redirects=f.max_redirects, threads=f.threads, per_host=f.per_host, host_gap_s=f.host_gap_s,
        allow_private=f.allow_private, connect_to=connect_to,
    )  # fmt: skip


@contextmanager
def open_web(config: configuration.Config, clock: Clock = utc_now) -> Iterator[Web]:
    """Give what asks the web as politely as a pass does, for commands that need no state."""
    from monitor.ingest.fetch import Fetcher
    from monitor.permission import Gate, Web

    gate = Gate(None, clock)
    with Fetcher(fetch_settings(config, {}), clock=clock, permit=gate.permit) as fetcher:
        yield Web(fetcher, gate)


def grouping_settings(config: configuration.Config) -> GroupingSettings:
    """Return how pieces are grouped: the shipped pair score, with the configured operating point if there is one."""
    model = score.shipped() if config.stories.weights is None else _fitted_model(config.stories.weights)
    if config.stories.operating_point is not None:
        model = replace(model, operating_point=config.stories.operating_point)
    return GroupingSettings(model, config.stories.window_days, encoder(config))


def encoder(config: configuration.Config) -> Encoder | None:
    """Return the configured sentence encoder, None without one; its model is loaded with the first text."""
    c = config.crosslingual
    return encoder_of(c.model, c.languages, download=c.download) if c.model else None


def _fitted_model(path: Path) -> score.PairModel:
    """Read the weights of a file."""
    try:
        return score.read_model(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror}): mend stories.weights"]) from error
    except (ValueError, LookupError, TypeError) as error:
        message = f"{path}: holds no weights ({error}): write one with benchmarks/fit_pair_score.py"
        raise ConfigError([message]) from error


def digest_settings(config: configuration.Config) -> DigestSettings:
    """Return when digests are written and what goes into them."""
    from monitor.publish import DigestSettings

    d = config.digest
    return DigestSettings(
        time=d.time, timezone=d.timezone, max_sentences=d.max_sentences, max_age_days=d.max_age_days,
        languages=d.languages or ("en",), watchlists=tuple(_watchlists(config)),
        site=f"{d.site.rstrip('/')}/" if d.site else "", templates=_templates(d.templates) if d.templates else (),
    )  # fmt: skip


def notify_plan(config: configuration.Config) -> Plan:
    """Return what is to be told, and whom; a watchlist or query that cannot be meant is a ConfigError."""
    from monitor.notify.targets import Alert, Plan, Target

    n = config.notify
    known = {watchlist.name for watchlist in config.watchlists}
    for number, target in enumerate(n.targets):
        if unknown := sorted(set(target.watchlists) - known):
            raise ConfigError([f"notify.targets[{number}].watchlists: {unknown[0]!r} is no watchlist; define it first"])
    for number, alert in enumerate(n.alerts):
        _check_queries(f"notify.alerts[{number}]", alert.queries)
    digest = digest_settings(config)
    return Plan(
        targets=tuple(Target(t.name, t.address, t.digest, t.watchlists, t.alerts, t.health) for t in n.targets),
        alerts=tuple(Alert(a.name, a.outlets, a.queries, timedelta(seconds=a.cooldown)) for a in n.alerts),
        health_cooldown=timedelta(seconds=n.health_cooldown),
        max_age=timedelta(days=config.digest.max_age_days),
        site=digest.site,
        host=platform.node() or "this machine",
        templates=digest.templates,
    )


def _templates(folder: Path) -> Templates:
    """Read the templates of a folder; one without a shipped name would do nothing, so it is a ConfigError."""
    from monitor.digest.templating import shipped

    try:
        found = sorted(path for path in folder.iterdir() if path.suffix in TEMPLATE_SUFFIXES)
        texts = tuple((path.name, path.read_text(encoding="utf-8")) for path in found)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{folder}: cannot be read ({error}): mend digest.templates"]) from error
    if not shipped().intersection(name for name, _ in texts):
        known = ", ".join(sorted(shipped()))
        raise ConfigError([f"{folder}: holds no template that would be used: name one of {known}"])
    return texts


def _watchlists(config: configuration.Config) -> Iterator[Watchlist]:
    """Yield the watchlists; a query that cannot be meant, or a name that stands twice, is a ConfigError."""
    names: set[str] = set()
    for number, listed in enumerate(config.watchlists):
        if fold(listed.name) in names:
            raise ConfigError([f"watchlists[{number}].name: {listed.name!r} stands twice; give each its own name"])
        names.add(fold(listed.name))
        _check_queries(f"watchlists[{number}]", listed.queries)
        yield Watchlist(listed.name, listed.queries)


def _check_queries(where: str, queries: Sequence[str]) -> None:
    """Refuse, as a ConfigError, a query that cannot be meant."""
    for query in queries:
        try:
            wanted = parse(query, today=date(2000, 1, 1))
        except UsageError as error:
            raise ConfigError([f"{where}.queries: {error}"]) from error
        if not wanted:
            raise ConfigError([f"{where}.queries: {query!r} searches for nothing; write a word"])


def judge_of(config: configuration.Config) -> Judge:
    """Return the relevance stage: the shipped vocabulary with the configured terms and threshold."""
    from monitor.ingest.relevance import judge_with

    return judge_with(config.relevance.extra_terms, config.relevance.threshold)


def open_state(folder: Path, *, create: bool = False) -> Storage:
    """Open the state in a folder; without `create` it must exist (NotFound)."""
    return Storage(folder, create=create)


def settle_waiting(storage: Storage, grouping: GroupingSettings, now: datetime) -> None:
    """Settle what a killed run has left in the queue, so that what is read next knows every item's story."""
    if stories.queued(storage.db):
        encode_waiting(storage, grouping.encoder, grouping.window_days)
        with storage.transaction() as db:
            settle_queue(db, grouping, now)


@contextmanager
def scratch_beside(storage: Storage) -> Iterator[Storage]:
    """Open an empty state in a folder of its own beside another one; it is gone at the end."""
    with (
        mapped_errors(storage.path),
        tempfile.TemporaryDirectory(prefix=".replay-", suffix=PART, dir=storage.folder) as folder,
        held(Path(folder)),
        Storage(Path(folder)) as scratch,
    ):
        yield scratch


def replay(storage: Storage, grouping: GroupingSettings, now: datetime, *, write: bool, advance: Advance) -> Replayed:
    """Group all stored items anew, compare, and with `write` put the outcome in place in one transaction.

    Raises:
        UsageError: texts went by retention; without them pieces would be torn from their stories.

    """
    from monitor import replaying

    if gone := retained.retained(storage.db):
        raise UsageError(f"the texts of {gone} items went by retention, so that they cannot be grouped anew")
    with scratch_beside(storage) as scratch:
        replaying.group_anew(scratch, storage, grouping, now, advance)
        report, settled = replaying.compare(scratch)
        if not write:
            return report
        reason = f"replay with an operating point of {grouping.model.operating_point:.2f}"
        return replaying.apply(storage, scratch, report, settled, reason, now)


@contextmanager
def build(
    config: configuration.Config,
    *,
    connect_to: Mapping[str, tuple[str, int]] | None = None,
    watch: tuple[Sequence[Outlet], Sequence[Source]] | None = None,
    clock: Clock = utc_now,
) -> Iterator[App]:
    """Open the state, tell it what to watch, and build everything that works on it; all is closed at the end.

    Args:
        config: where the state is and how to work.
        connect_to: hosts that are reached at another address, for example the sample web on loopback.
        watch: outlets and sources in place of the configured ones.
        clock: gives the present moment, aware.

    """
    from monitor.extraction import Extractor
    from monitor.ingest.fetch import Fetcher
    from monitor.permission import Gate, Web
    from monitor.pipeline import Pipeline

    outlets, watched = watch or (config.outlets(), config.sources())
    grouping = grouping_settings(config)
    with (
        open_state(config.state, create=True) as storage,
        Fetcher(
            fetch_settings(config, connect_to or {}), clock=clock, permit=(gate := Gate(storage, clock)).permit
        ) as fetcher,
        Extractor(config.extract.workers) as extractor,
    ):
        with storage.transaction() as db:
            sources.sync(db, outlets, watched)
        pipeline = Pipeline(
            storage=storage,
            web=Web(fetcher, gate),
            extractor=extractor,
            judge=judge_of(config),
            grouping=grouping,
            clock=clock,
        )
        yield App(config, storage, grouping, digest_settings(config), clock, pipeline)


def check(config: configuration.Config) -> None:
    """Raise ConfigError for what is wrong with a configuration beyond its form, as building the monitor would."""
    grouping_settings(config)
    digest_settings(config)
    judge_of(config)
    notify_plan(config)


def courier(config: configuration.Config, clock: Clock = utc_now) -> Courier:
    """Return what sends notices while the service runs, with the addresses of the environment."""
    from monitor import notifying
    from monitor.courier import Courier

    return Courier(
        open_state=lambda: open_state(config.state),
        plan=notify_plan(config),
        send=notifying.sender(os.environ, clock),
        clock=clock,
        problems=lambda storage: _troubles(storage, digest_settings(config), clock()),
    )


def _troubles(storage: Storage, settings: DigestSettings, now: datetime) -> list[str]:
    """Return why the monitor does not do its job, a line each."""
    from monitor.health.outside import look
    from monitor.health.verdict import Level
    from monitor.redaction import redacted

    found = look(storage, settings, now).verdict.problems
    return [redacted(f"{problem.what}: {problem.remedy}") for problem in found if problem.level is Level.TROUBLE]
