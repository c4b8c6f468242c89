"""Invented pieces of invented outlets, and short ways to import them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from monitor import importing
from monitor.importfile import ImportFile, Record
from monitor.importing import ImportReport
from monitor.linking import GroupingSettings
from monitor.model import Dated, DateOrigin
from monitor.store.storage import Storage
from monitor.stories import score
from monitor.stories.score import PairModel

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GROUPING = GroupingSettings(score.shipped())

#: the body alone decides, so that these tests do not hang on the fitted weights
BODY_ONLY = GroupingSettings(PairModel((10.0, 0.0, 0.0, 0.0, 0.0, 0.0), gap=0.0, intercept=-5.0, operating_point=0.35))

Piece = Mapping[str, Any]


def at(text: str) -> datetime:
    """Return a time of November 2026 in UTC, written as "19 14:30"."""
    return datetime.strptime(f"2026-11-{text} +0000", "%Y-%m-%d %H:%M %z")


def clock() -> datetime:
    """Tell the same time for ever."""
    return NOW


def piece(name: str, title: str, text: str, published: str | None = "20 10:00", **further: object) -> dict[str, Any]:
    """Return a line of an import file; each piece is of an outlet of its own unless told otherwise."""
    when = None if published is None else at(published).isoformat()
    return {"id": name, "outlet": f"The {name} Herald", "title": title, "text": text, "published": when} | further


def write(path: Path, lines: Iterable[Piece | bytes]) -> Path:
    """Write an import file; lines that are bytes already stay as they are."""
    path.write_bytes(b"".join((x if isinstance(x, bytes) else json.dumps(x).encode()) + b"\n" for x in lines))
    return path


def record(line: int, row: Piece) -> Record:
    """Return a piece as the import reads it, without the file in between."""
    when = row["published"]
    dated = Dated(datetime.fromisoformat(when), DateOrigin.IMPORT) if when else Dated()
    return Record(
        line, row["id"], row["outlet"], row.get("url"), row["title"], row["text"], dated, row.get("lang", "en")
    )


def take(
    storage: Storage, rows: Sequence[Piece], *, clock: Callable[[], datetime] = clock,
    grouping: GroupingSettings = GROUPING,
) -> ImportReport:  # fmt: skip
    """Take pieces in as one run, in the order in which they stand, and keep all of them."""
    found = ImportFile(tuple(record(n, row) for n, row in enumerate(rows, 1)), ())
    return importing.import_file(storage, found, grouping=grouping, judge=None, clock=clock)


def stories(db: Database) -> dict[str, int]:
    """Return the story of each piece."""
    return dict(db.execute("select external_id, story_id from v_story_items"))


def partition(db: Database) -> set[frozenset[str]]:
    """Return the stories as sets of pieces."""
    members: dict[int, set[str]] = {}
    for name, story_id in stories(db).items():
        members.setdefault(story_id, set()).add(name)
    return {frozenset(names) for names in members.values()}


def sets(*groups: str) -> set[frozenset[str]]:
    """Return an expected partition, written as "a b c" for each story."""
    return {frozenset(group.split()) for group in groups}


def reprints(db: Database) -> dict[str, str]:
    """Return the original of each copy."""
    return dict(db.execute("select external_id, original_external_id from v_reprints"))


def roles(db: Database) -> dict[str, str]:
    """Return the role of each piece."""
    return dict(db.execute("select external_id, role from v_story_items"))


def history(db: Database, story_id: int) -> list[str]:
    """Return the changes of a story in order."""
    rows = db.execute("select change from v_story_history where story_id = ? order by history_id", [story_id])
    return [change for (change,) in rows]


# ---------------------------------------------------------------- a seizure, as several outlets tell it

SEIZURE_TITLE = "Officers in Port Veldt find 412 kg of cocaine behind banana boxes"
SEIZURE = """Customs officers in Port Veldt found 412 kg of cocaine behind boxes of bananas on Thursday, the Veldt Revenue \
Service said. The container had come from Guayaquil on the freighter Alta Mirna and was picked out by its weight.
Two lorry drivers from the village of Osterhaven were detained at the gate of terminal four. Their employer told the \
service that it knew nothing of the load.
It is the largest find in the harbour since 2019, when divers took 380 kg from the hull of a tanker. The service wants \
to scan every reefer container from next spring on and has ordered two more scanners for that."""

SEIZURE_TRIMMED = "\n".join(SEIZURE.split("\n")[:2])

SEIZURE_AGAIN_TITLE = "Port Veldt: 412 kg of cocaine hidden in banana container"
SEIZURE_AGAIN = """A container of bananas from Guayaquil turned out to hold 412 kg of cocaine when the Veldt Revenue Service \
opened it in Port Veldt. The reefer arrived on the Alta Mirna.
Police hold two drivers from Osterhaven. The street value is put at 30 million, said inspector Ruud Halvers of the \
customs drug team in Port Veldt, who praised his weighing crew for its doubts about the freighter."""

#: two sides of one event that share little, and the report that tells both
COURT = piece(
    "court",
    "Two drivers from Osterhaven before the judge",
    "Two lorry drivers from Osterhaven appeared before the judge in Veldt on Friday. They are said to have fetched a "
    "load of drugs from the harbour and keep silent about who hired them.\nThe judge ordered that they stay in custody "
    "for another two weeks. Their lawyer, Mila Brandt, said that they had been told to carry fruit and nothing else.",
    "20 09:00",
)
BOTH = piece(
    "both",
    "Drivers from Osterhaven held over cocaine behind banana boxes in Port Veldt",
    "Two lorry drivers from Osterhaven stay in custody after customs officers in Port Veldt found 412 kg of cocaine "
    "behind boxes of bananas. They appeared before the judge in Veldt on Friday, said the Veldt Revenue Service.\n"
    "Their lawyer, Mila Brandt, said that they had been told to fetch fruit from terminal four. The freighter Alta "
    "Mirna had brought the container from Guayaquil.",
    "20 11:00",
)

# ---------------------------------------------------------------- something else altogether

TARIFF_TITLE = "Court strikes down surcharge on ceramic tiles"
TARIFF = """The trade court in Lorne annulled the surcharge on ceramic tiles from Batavia on Wednesday. The judges held that \
the ministry had never shown any injury to the kilns of the Merrow valley.
Importers may claim back what they paid since March. A spokeswoman of the tile makers called the ruling a blow and \
announced an appeal to the supreme court before the end of the year."""

# ---------------------------------------------------------------- two editions of one recurring event

SESSION = """The {number} session of the Harbour Tariff Committee opened in Lorne on {day} with delegates of forty \
administrations. The chair, Ines Okoro, welcomed the members and thanked the hosts for their care.
On the agenda are the classification of drones, the valuation of royalties and the budget of the secretariat. The \
committee meets in plenary in the mornings and in three working groups in the afternoons.
The session ends with the adoption of the report, which will be sent to the Council for its approval in the summer."""


def session(number: str, day: str, name: str, published: str) -> dict[str, Any]:
    """Return the report on one session of the committee."""
    text = SESSION.format(number=number, day=day)
    return piece(name, f"{number} session of the Harbour Tariff Committee opens", text, published)
