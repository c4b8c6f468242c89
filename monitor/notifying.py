"""Fills the outbox from the state (digests, watchlists, alerts, health) and hands what is due to the channels.

What is to be told follows from the state alone: digests that were written, stories that have fresh pieces. So it does
not matter who wrote them, or whether the monitor was killed in between.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlite_utils import Database

from monitor.digest import notice as wording
from monitor.digest.notice import Wording
from monitor.errors import DeliveryError
from monitor.model import Notice, NoticeKind
from monitor.notify.targets import Alert, Plan, Target
from monitor.store import alerts, issued, issued_files, outbox
from monitor.store.outbox import Waiting
from monitor.store.storage import Storage

if TYPE_CHECKING:
    from monitor.notify.channels import Part

#: a digest that was written longer ago was told, and one of a day longer ago is of an archive
DIGEST_WRITTEN, DIGEST_OF = timedelta(days=3), timedelta(days=10)
#: pieces first seen longer ago raise no alert: a new alert tells of the present, and an outage of two days is caught up
STORY_FRESH = timedelta(days=3)

#: sends a notice to those of a target's recipients that do not have it, calling back after each; raises DeliveryError
Send = Callable[[Target, Waiting, Callable[[str], None]], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one notice that was due."""

    notice_id: int
    target: str
    subject: str
    #: None: it was sent
    problem: str | None


# ---------------------------------------------------------------- what is to be told


def prepare(storage: Storage, plan: Plan, now: datetime) -> int:
    """Queue what is to be told now; return how many notices are new."""
    with storage.transaction() as db:
        return _queue(db, plan, now)


class _Undone(Exception):
    """Ends the transaction of a preview."""


def preview(storage: Storage, plan: Plan, now: datetime) -> list[dict[str, object]]:
    """Return what `prepare` and `deliver` would send now, as `v_notices` has it; nothing is kept."""
    rows: list[dict[str, object]] = []
    with contextlib.suppress(_Undone), storage.transaction() as db:
        _queue(db, plan, now)
        rows = outbox.listed(db, [waiting.notice_id for waiting in outbox.due(db, now, early=True)])
        raise _Undone
    return rows


def _queue(db: Database, plan: Plan, now: datetime) -> int:
    """Queue what is to be told now; return how many notices are new."""
    new = outbox.put(db, _of_digests(db, plan, now), now)
    return new + sum(outbox.put(db, _of_alert(db, alert, plan, now), now) for alert in plan.alerts)


def _of_digests(db: Database, plan: Plan, now: datetime) -> Iterator[Notice]:
    """Yield the notices of the final digests that were written of late; a target that is new gets the newest only."""
    days = issued.written_since(db, now - DIGEST_WRITTEN, now - DIGEST_OF)
    for target in plan.targets:
        known = any(outbox.has_any(db, target.name, kind) for kind in (NoticeKind.DIGEST, NoticeKind.WATCHLIST))
        for day in days if known else days[-1:]:
            yield from _of_digest(db, plan, target, day)


def _of_digest(db: Database, plan: Plan, target: Target, day: date) -> Iterator[Notice]:
    """Yield what a target is to be told of one digest and was not told yet."""
    wants_all = target.digest and not outbox.has_any(db, target.name, NoticeKind.DIGEST, str(day))
    lists = [name for name in target.watchlists if not _is_told(db, target, name, day)]
    # none are kept of what was issued by a version that had no outbox
    if not (wants_all or lists) or not (texts := issued_files.texts(db, str(day))):
        return
    document, link = json.loads(texts["json"]), f"{plan.site}{day}.html" if plan.site else None
    if wants_all:
        worded = wording.of_digest(document, texts["md"], texts["html"], link)
        yield _notice(target, NoticeKind.DIGEST, str(day), worded)
    for name in lists:
        if found := wording.of_watchlist(document, name, link, plan.templates):
            yield _notice(target, NoticeKind.WATCHLIST, f"{name}, {day}", found)


def _is_told(db: Database, target: Target, watchlist: str, day: date) -> bool:
    """Tell whether a target has been told what a watchlist found in a digest."""
    return outbox.has_any(db, target.name, NoticeKind.WATCHLIST, f"{watchlist}, {day}")


def _of_alert(db: Database, alert: Alert, plan: Plan, now: datetime) -> Iterator[Notice]:
    """Yield the notices of an alert: of the stories that raised it since the last one, once its cool-down is over."""
    fresh = alerts.fresh(db, now - STORY_FRESH, now - STORY_FRESH - plan.max_age)
    wide = {story_id for story_id, families in fresh.items() if families >= alert.families}
    if alert.queries:
        wide &= alerts.matching(db, wide, alert.queries, today=now.date())
    new = wide - alerts.raised(db, alert.name, wide)
    alerts.raise_(db, alert.name, ((story_id, fresh[story_id]) for story_id in sorted(new)), now)
    last = alerts.last_told(db, alert.name)
    if last is not None and now - last < alert.cooldown:
        return
    if told := alerts.stories(db, alerts.untold(db, alert.name)):
        alerts.told(db, alert.name, now)
        worded = wording.of_alert(alert.name, _why(alert), told, plan.templates)
        for target in plan.targets:
            if alert.name in target.alerts:
                yield _notice(target, NoticeKind.ALERT, alert.name, worded, f"{now:%Y-%m-%dT%H:%M:%SZ}")


def _why(alert: Alert) -> str:
    """Return what an alert looks for, in words."""
    wanted = [f"told by {alert.families} outlets or more"] if alert.families > 1 else []
    if alert.queries:
        wanted.append("found by " + " or ".join(f"`{query}`" for query in alert.queries))
    return f"Stories {' and '.join(wanted)}:"


def tell_health(storage: Storage, plan: Plan, problems: Sequence[str], now: datetime) -> int:
    """Queue the notice that the monitor is not well, or well again, if that is news; return how many are new.

    Args:
        storage: the open state.
        plan: whom to tell.
        problems: why it is not well, a line each; none when it is well.
        now: aware. Two notices that it is not well lie `plan.health_cooldown` apart.

    """
    last = outbox.newest(storage.db, NoticeKind.HEALTH)
    was_unwell = last is not None and last[1] == UNWELL
    if bool(problems) == was_unwell or not any(target.health for target in plan.targets):
        return 0
    worse = outbox.newest(storage.db, NoticeKind.HEALTH, UNWELL)
    if problems and worse is not None and now - worse[0] < plan.health_cooldown:
        return 0
    with storage.transaction() as db:
        return outbox.put(db, health_notices(plan, problems, now), now)


UNWELL, WELL = "unwell", "well"


def health_notices(plan: Plan, problems: Sequence[str], now: datetime) -> list[Notice]:
    """Return the notices that the monitor is not well, or without problems that it is well again."""
    worded = wording.of_health(problems, plan.host)
    about = UNWELL if problems else WELL
    told = [target for target in plan.targets if target.health]
    return [_notice(target, NoticeKind.HEALTH, about, worded, f"{now:%Y-%m-%dT%H:%M:%SZ}") for target in told]


def trial_notice(target: Target, plan: Plan, now: datetime) -> Notice:
    """Return the notice by which a target is tried."""
    worded = wording.of_test(target.name, plan.host)
    return _notice(target, NoticeKind.TEST, target.name, worded, now.isoformat())


def _notice(target: Target, kind: NoticeKind, about: str, worded: Wording, once: str = "") -> Notice:
    """Return a notice; `once` is what tells it from another one about the same."""
    return Notice(
        key=":".join(filter(None, (kind, about, target.name, once))), target=target.name, kind=kind, about=about,
        subject=worded.subject, brief=worded.brief, text=worded.text, html=worded.html,
    )  # fmt: skip


# ---------------------------------------------------------------- sending


def deliver(
    storage: Storage,
    plan: Plan,
    send: Send,
    clock: Callable[[], datetime],
    *,
    go_on: Callable[[], bool] = lambda: True,
    early: bool = False,
) -> list[Delivery]:
    """Send what is due, the oldest first, and note what became of it.

    Args:
        storage: the open state; each step is a transaction of its own.
        plan: the targets.
        send: hands a notice to its channel.
        clock: gives the present moment, aware.
        go_on: asked before each notice, so that a service can end.
        early: does not wait for the time of the next try.

    """
    done = []
    for waiting in outbox.due(storage.db, clock(), early=early):
        if not go_on():
            break
        with storage.transaction() as db:
            is_ours = outbox.claim(db, waiting, clock())
        if is_ours:
            done.append(_deliver_one(storage, plan, send, waiting, clock))
    return done


def _deliver_one(storage: Storage, plan: Plan, send: Send, waiting: Waiting, clock: Callable[[], datetime]) -> Delivery:
    """Send one notice that was claimed."""

    def note(part: str) -> None:
        with storage.transaction() as db:
            outbox.part_sent(db, waiting.notice_id, part, clock())

    notice, problem = waiting.notice, None
    try:
        target = plan.named(notice.target)
        if target is None:
            raise DeliveryError(  # noqa: TRY301 - one way to fail
                f"the configuration has no target {notice.target!r} any more: `monitor notify drop {waiting.notice_id}`"
            )
        send(target, waiting, note)
    except DeliveryError as error:
        problem = str(error)
    with storage.transaction() as db:
        if problem is None:
            outbox.sent(db, waiting.notice_id, clock())
        else:
            outbox.failed(db, waiting.notice_id, problem, clock())
    return Delivery(waiting.notice_id, notice.target, notice.subject, problem)


def checker(environment: Mapping[str, str]) -> Send:
    """Return what reads the addresses as `sender` does, and sends nothing."""

    def check(target: Target, _waiting: Waiting, _note: Callable[[str], None]) -> None:
        _parts(target, environment)

    return check


def sender(environment: Mapping[str, str], clock: Callable[[], datetime]) -> Send:
    """Return what sends through the real channels, with the addresses of an environment."""

    def send(target: Target, waiting: Waiting, note: Callable[[str], None]) -> None:
        problems = []
        for part in _parts(target, environment):
            if part.name in waiting.parts:
                continue
            try:
                part.send(waiting.notice, waiting.message_id, clock())
            except DeliveryError as error:
                problems.append(str(error))
            else:
                note(part.name)
        if problems:
            raise DeliveryError("; ".join(problems))

    return send


def _parts(target: Target, environment: Mapping[str, str]) -> tuple[Part, ...]:
    """Return the recipients of a target; raise DeliveryError when the extra is not installed."""
    try:
        from monitor.notify.channels import parts_of  # noqa: PLC0415 - loaded by those who send something only
    except ModuleNotFoundError as error:
        install = "pip install 'customs-news-monitor[notify]'"
        raise DeliveryError(f"{error.name} is not installed: {install}") from None
    return parts_of(target, environment)
