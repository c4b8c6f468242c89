"""docs/schema.md and the state say the same: every view and column is described, and what is described is so."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

import pytest
from pieces import (
    NOW, SEIZURE, SEIZURE_AGAIN, SEIZURE_AGAIN_TITLE, SEIZURE_TITLE, SEIZURE_TRIMMED, at, clock, piece, session, take,
    write,
)  # fmt: skip

from monitor import importing
from monitor.linking import GroupingSettings
from monitor.model import (
    DateOrigin, Outlet, Poll, PollResult, ReprintKind, Role, Skipped, Source, SourceRecord, SourceState, TextOrigin,
)  # fmt: skip
from monitor.publish import DigestSettings, publish
from monitor.store import sources, stories
from monitor.store.storage import Storage
from monitor.stories import score
from monitor.stories.settle import Change

PAGE = Path(__file__).resolve().parents[1] / "docs" / "schema.md"

_ROW = re.compile(r"\| `(\w+)` \| (.+) \| ([^|]+) \|")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the page describes it."""

    meaning: str
    format: str

    @property
    def words(self) -> list[str]:
        """Return the words that are allowed in it, none where it is free."""
        return re.findall(r"`(\w+)`", self.format)


def described() -> dict[str, dict[str, Column]]:
    """Return the columns that the page describes, by view, in its order."""
    sections = re.split(r"(?m)^### `(\w+)`$", PAGE.read_text(encoding="utf-8").split("## Examples")[0])[1:]
    return {
        view: {row[1]: Column(row[2], row[3].strip()) for row in _ROW.finditer(body)}
        for view, body in zip(sections[::2], sections[1::2], strict=True)
    }


def examples() -> list[str]:
    """Return the queries of the page."""
    return re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


DESCRIBED = described()
COLUMNS = [(view, name) for view, columns in DESCRIBED.items() for name in columns]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small state in which something of everything has happened."""
    folder = tmp_path_factory.mktemp("state")
    with Storage(folder) as storage:
        _poll(storage)
        lines = [
            piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00", url="https://veldt.example/1"),
            piece("copy", SEIZURE_TITLE, SEIZURE, "19 10:00"),
            piece("trimmed", SEIZURE_TITLE, SEIZURE_TRIMMED, "19 11:00", outlet="The copy Herald"),
            piece("duty", "Anti-dumping duties on ceramic tiles", "The ministry imposes anti-dumping duties.", "19 12:00"),
            session("88th", "Monday", "s88", "02 10:00"),
            session("89th", "Monday", "s89", "16 10:00"),
            piece("undated", "Customs post moves", "The customs post moves to the old fish hall.", None),
            {"id": "bare", "title": "Tariff"},
        ]
        found = importing.read_file(write(folder / "f.jsonl", lines), now=NOW)
        judged = partial(importing.import_file, storage, grouping=GroupingSettings(score.shipped()), clock=clock)
        judged(found, judge=importing.ingest_judge()) if False else judged(found, judge=None)
        take(storage, [piece("again", SEIZURE_AGAIN_TITLE, SEIZURE_AGAIN, "19 09:00")])
        settings = DigestSettings(time=at("20 06:00").time(), timezone="UTC", max_sentences=2, max_age_days=30)
        publish(storage, date(2026, 11, 19), settings, now=NOW)
    return folder
