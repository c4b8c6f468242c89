"""The data files of the sample web as typed records. A mistake in them is a bug and crashes on loading."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

#: days before the given day, then the local time of the outlet, for example "-3 09:30"
Moment = Annotated[str, Field(pattern=r"^-[1-4] [0-2]\d:[0-5]\d$")]


class _Record(BaseModel):
    """A record that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CalendarData(_Record):
    """How one language writes a date; the last three are kept for English only."""

    weekdays: tuple[str, ...] = Field(min_length=7, max_length=7)
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    first: str
    day: str
    date: str
    month_year: str = ""
    half: str = ""
    visit: str = ""


class FeedData(_Record):
    """The feed of a site."""

    path: str
    format: Literal["rss", "atom", "rdf"]
    full: bool = False
    undated: bool = False


class PageData(_Record):
    """The pages of a site."""

    path: str
    date_line: str
    template: str = ""


class SiteData(_Record):
    """One host in one language."""

    host: str
    feed: FeedData
    page: PageData
    slogan: str
    lang: str = "en"
    zone_h: int = 0
    encoding: str = "utf-8"
    trusted: bool = False


class BrokenData(_Record):
    """A source with something wrong; without a host it is on the outlet's first one."""

    id: str
    path: str
    fault: Literal["down", "page", "empty"]
    host: str = ""


class OutletData(_Record):
    """An outlet with its sites."""

    id: str
    name: str
    family: str = ""
    official: bool = False
    sites: tuple[SiteData, ...] = ()
    broken: tuple[BrokenData, ...] = ()


class RevisionData(_Record):
    """A later version of a piece at the same address."""

    at: Moment
    title: str
    add: str


class PieceData(_Record):
    """A piece as it was written, with its gold event."""

    id: str
    event: str | None
    outlet: str
    published: Moment
    lang: str = "en"
    title: str = ""
    text: str = ""
    author: str | None = None
    copy_of: str | None = None
    how: Literal["verbatim", "trimmed", "reheaded", "spun"] | None = None
    header: str = ""
    footer: str = ""
    revised: RevisionData | None = None


@cache
def load_calendars() -> dict[str, CalendarData]:
    """Return the calendar of each language."""
    return TypeAdapter(dict[str, CalendarData]).validate_python(_read("calendar.yaml"))


@cache
def load_outlets() -> tuple[OutletData, ...]:
    """Return the outlets in the order of the file."""
    return TypeAdapter(tuple[OutletData, ...]).validate_python(_read("outlets.yaml"))


@cache
def load_pieces() -> tuple[PieceData, ...]:
    """Return the pieces in the order of the file."""
    return TypeAdapter(tuple[PieceData, ...]).validate_python(_read("pieces.yaml"))


def _read(name: str) -> object:
    """Parse one data file of the package."""
    return yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8"))
