"""The outbox: notices that wait, are being sent, were sent or given up. Nothing leaves it unsent but by a person.

A notice is claimed, in a transaction of its own, before it is handed to its channel, and marked after. A claim ends by
itself, so what was under way when the process was killed is sent again, under the same Message-ID: at least once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.model import Notice, NoticeKind
from monitor.store.storage import moment, to_text
from monitor.text import text_hash

#: how long a claim holds: longer than any channel takes to answer
CLAIM = timedelta(minutes=15)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_NO_MORE = "next_try_at = null, trying_since = null, brief = null, body = null, html = null"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that is due to be sent."""

    notice_id: int
    notice: Notice
    #: the same at each attempt, so that what arrives twice can be told
    message_id: str
    attempts: int
    #: the recipients that have it already, by hash
    parts: frozenset[str]


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: a minute, then twice as long each time, six hours at most."""
    return min(_FIRST_WAIT * (1 << min(attempts - 1, 20)), _LONGEST_WAIT)


def put(db: Database, notices: Iterable[Notice], now: datetime) -> int:
    """Queue notices, of each key only the first one ever; return how many are new."""
    new = 0
    for notice in notices:
        done = db.execute(
            """insert or ignore into outbox (key, target, kind, about, subject, brief, body, html, message_id, made_at,
            next_try_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                notice.key, notice.target, notice.kind, notice.about, notice.subject, notice.brief, notice.text,
                notice.html, text_hash(notice.key, notice.subject, notice.text), to_text(now), to_text(now),
            ],
        )  # fmt: skip
        new += done.rowcount
    return new


def due(db: Database, now: datetime, *, early: bool = False) -> list[Waiting]:
    """Return what is to be sent now, the oldest first; `early` does not wait for the next try, but for claims."""
    rows = db.execute(
        """select id, key, target, kind, about, subject, brief, body, html, message_id, attempts from outbox
        where next_try_at is not null and (next_try_at <= ? or (? and trying_since is null)) order by id""",
        [to_text(now), early],
    ).fetchall()
    return [_waiting(db, row) for row in rows]


def _waiting(db: Database, row: tuple[object, ...]) -> Waiting:
    """Return a row as a notice that waits."""
    number, key, target, kind, about, subject, brief, text, html, message_id, attempts = row
    notice = Notice(
        key=str(key), target=str(target), kind=NoticeKind(str(kind)), about=str(about), subject=str(subject),
        brief=str(brief), text=str(text), html=str(html),
    )  # fmt: skip
    parts = db.execute("select part from outbox_parts where notice_id = ?", [number])
    return Waiting(int(str(number)), notice, str(message_id), int(str(attempts)), frozenset(part for (part,) in parts))


def claim(db: Database, waiting: Waiting, now: datetime) -> bool:
    """Take a notice for sending; False: somebody else has taken, sent or dropped it meanwhile."""
    done = db.execute(
        """update outbox set attempts = attempts + 1, trying_since = ?, next_try_at = ?
        where id = ? and attempts = ? and next_try_at is not null""",
        [to_text(now), to_text(now + CLAIM), waiting.notice_id, waiting.attempts],
    )
    return bool(done.rowcount)


def part_sent(db: Database, notice_id: int, part: str, now: datetime) -> None:
    """Note that one of the recipients has it."""
    db.execute("insert or ignore into outbox_parts values (?, ?, ?)", [notice_id, part, to_text(now)])


def sent(db: Database, notice_id: int, now: datetime) -> None:
    """Note that all recipients have it; its texts are kept no longer."""
    db.execute(f"update outbox set sent_at = ?, problem = null, {_NO_MORE} where id = ?", [to_text(now), notice_id])  # noqa: S608 - own constant


def failed(db: Database, notice_id: int, problem: str, now: datetime) -> None:
    """Note why it could not be sent, and when to try again."""
    (attempts,) = db.execute("select attempts from outbox where id = ?", [notice_id]).fetchone()
    db.execute(
        "update outbox set problem = ?, trying_since = null, next_try_at = ? where id = ?",
        [problem, to_text(now + back_off(attempts)), notice_id],
    )


def drop(db: Database, notice_id: int, now: datetime) -> bool:
    """Give a notice up by a person's word; False: nothing waits under that id."""
    done = db.execute(
        f"update outbox set dropped_at = ?, {_NO_MORE} where id = ? and next_try_at is not null",  # noqa: S608 - own constant
        [to_text(now), notice_id],
    )
    return bool(done.rowcount)


def has_any(db: Database, target: str, kind: NoticeKind, about: str | None = None) -> bool:
    """Tell whether a target was ever told anything of a kind (and subject)."""
    row = db.execute(
        "select exists (select 1 from outbox where target = ? and kind = ? and (? is null or about = ?))",
        [target, kind, about, about],
    ).fetchone()
    return bool(row[0])


def newest(db: Database, kind: NoticeKind, about: str | None = None) -> tuple[datetime, str, str] | None:
    """Return when the newest notice of a kind was made, what it was about and its key; None when there is none."""
    row = db.execute(
        "select made_at, about, key from outbox where kind = ? and (? is null or about = ?) order by id desc limit 1",
        [kind, about, about],
    ).fetchone()
    return (moment(row[0]), row[1], row[2]) if row else None


def newest_first(db: Database, *, limit: int) -> list[dict[str, object]]:
    """Return notices as `v_notices` has them: what waits first, then the newest."""
    return list(
        db.query("select * from v_notices order by state in ('sent', 'dropped'), notice_id desc limit ?", [limit])
    )


def listed(db: Database, notice_ids: Collection[int]) -> list[dict[str, object]]:
    """Return some notices as `v_notices` has them, the oldest first."""
    return list(
        db.query(
            "select * from v_notices where notice_id in (select value from json_each(?)) order by notice_id",
            [json.dumps(list(notice_ids))],
        )
    )


def unsent(db: Database) -> dict[str, dict[str, object]]:
    """Return for each target that waits for something how much, since when, and the newest problem."""
    rows = db.query(
        """select target, count(*) as waiting, min(made_at) as since_at, max(attempts) as attempts,
        min(next_try_at) as next_try_at, (select p.problem from outbox p where p.target = o.target
          and p.next_try_at is not null and p.problem is not null order by p.id desc limit 1) as problem
        from outbox o where next_try_at is not null group by target order by target"""
    )
    return {str(row["target"]): row for row in rows}
