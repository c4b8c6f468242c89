"""Reads config.yaml into a frozen `Config`, or says everything that is wrong with it at once, line by line.

Values come as they are written; the field they belong to turns them into numbers, switches and times.
"""

from __future__ import annotations

import difflib
import zoneinfo
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from monitor import model
from monitor.configfile import Loc, Reading, read_file, shown
from monitor.confignotify import NotifySettings
from monitor.configsection import Section
from monitor.configvalues import (
    check_contact,
    check_css,
    check_folder,
    check_host,
    check_id,
    check_lang,
    check_line,
    check_match,
    check_url,
    read_interval,
    read_time,
)
from monitor.errors import ConfigError

#: what pydantic calls the types, in words for people who do not program
_PLAIN_WORDS = {
    "a valid boolean": "true or false",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a finite number": "a number",
    "a valid string": "a text",
}


# ---------------------------------------------------------------- values


def check_timezone(name: str) -> str:
    """Return the name of a time zone; raise ValueError with the nearest name unless the zone data know it."""
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a folder of the zone data, such as `Europe`, is an OSError
        hint = _nearest(name, zoneinfo.available_timezones()) or "write it like `Europe/Brussels`"
        raise ValueError(f"{shown(name)} is not a time zone; {hint}") from None
    return name


def read_bounds(value: object) -> object:
    """Read one interval as both bounds, so that `1h` means always; `{min: 30m, max: 1d}` stays as it is."""
    if isinstance(value, dict | BaseModel):
        return value
    seconds = read_interval(value)
    return {"min": seconds, "max": seconds}


Id = Annotated[str, AfterValidator(check_id)]
Line = Annotated[str, AfterValidator(check_line)]
Lang = Annotated[str, AfterValidator(check_lang)]
Url = Annotated[str, AfterValidator(check_url)]
Css = Annotated[str, AfterValidator(check_css)]
TimeOfDay = Annotated[time, BeforeValidator(read_time)]


# ---------------------------------------------------------------- sections


class FetchSettings(Section):
    """How the web is asked."""

    contact: Annotated[str, AfterValidator(check_contact)] | None = None
    timeout_s: float = Field(default=20, gt=0, le=300)
    deadline_s: float = Field(default=60, gt=0, le=3600)
    max_bytes: int = Field(default=10_000_000, ge=1000, le=100_000_000)
    max_redirects: int = Field(default=5, ge=0, le=20)
    threads: int = Field(default=8, ge=1, le=64)
    per_host: int = Field(default=2, ge=1, le=16)
    host_gap_s: float = Field(default=1, ge=0, le=300)
    allow_private: bool = False

    @property
    def user_agent(self) -> str:
        """Return what the monitor calls itself when it asks a server."""
        return f"customs-news-monitor (+{self.contact})" if self.contact else "customs-news-monitor"

    @model_validator(mode="after")
    def check_deadline(self) -> Self:
        """Refuse a deadline for the whole answer that is shorter than one wait."""
        if self.deadline_s < self.timeout_s:
            raise ValueError(f"deadline_s ({self.deadline_s:g}) is less than timeout_s ({self.timeout_s:g}); raise it")
        return self


class ExtractSettings(Section):
    """How full texts are taken from pages."""

    workers: int = Field(default=2, ge=0, le=64)


class RelevanceSettings(Section):
    """What counts as news about customs; no threshold means the one of the shipped vocabulary."""

    threshold: float | None = Field(default=None, ge=0)
    extra_terms: Mapping[Lang, Mapping[Line, float]] = {}


class StoriesSettings(Section):
    """How pieces are put together; no operating point or weights mean those that were fitted."""

    window_days: int = Field(default=14, ge=1, le=365)
    operating_point: float | None = Field(default=None, gt=0, lt=1)
    weights: Path | None = None


class CrosslingualSettings(Section):
    """The sentence encoder by which stories are found across languages; without a model there is none."""

    model: Line | None = None
    languages: tuple[Lang, ...] = ()
    download: bool = False


class DigestSettings(Section):
    """When a digest is written and what goes into it."""

    time: TimeOfDay = time(6)
    timezone: Annotated[str, AfterValidator(check_timezone)] = "UTC"
    max_sentences: int = Field(default=4, ge=1, le=10)
    max_age_days: int = Field(default=7, ge=1, le=365)
    languages: tuple[Lang, ...] = ("en",)
    site: Url | None = None
    templates: Annotated[Path, AfterValidator(check_folder)] | None = None


class HealthSettings(Section):
    """Where programs may ask how the service is; nowhere without a port."""

    host: Annotated[str, AfterValidator(check_host)] = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=65_535)


class BackupSettings(Section):
    """The copies of the state that the service makes by itself; no folder means `backups` in the state."""

    daily: bool = True
    keep: int = Field(default=7, ge=1, le=1000)
    folder: Annotated[Path, AfterValidator(check_folder)] | None = None


class RetentionSettings(Section):
    """How long texts and history stay; without a value for ever."""

    max_age_days: int | None = Field(default=None, ge=30, le=36_500)
    max_size_mb: int | None = Field(default=None, ge=10, le=1_000_000)
    history_days: int | None = Field(default=400, ge=30, le=36_500)


class WatchlistSettings(Section):
    """Saved searches that have a part of every digest to themselves."""

    name: Line
    queries: tuple[Line, ...] = Field(min_length=1)


Interval = Annotated[int, BeforeValidator(read_interval)]


class IntervalSettings(Section):
    """The shortest and the longest time between two looks at a source; in between its own rhythm decides."""

    min: Interval = 3600
    max: Interval = 6 * 3600

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse bounds the wrong way round."""
        if self.max < self.min:
            raise ValueError("max is shorter than min; swap them")
        return self


class SelectorSettings(Section):
    """Where a list page has its parts."""

    item: Css
    title: Css | None = None
    link: Css | None = None
    date: Css | None = None
    summary: Css | None = None
    next: Css | None = None


class SourceSettings(Section):
    """One address of an outlet."""

    id: Id
    url: Url
    kind: Literal["feed", "json", "sitemap", "listing"] = "feed"
    selectors: SelectorSettings | None = None
    pages: int = Field(default=1, ge=1, le=20)
    match: Annotated[str, AfterValidator(check_match)] | None = None
    lang: Lang | None = None
    trusted: bool = False
    interval: Annotated[IntervalSettings, BeforeValidator(read_bounds)] = IntervalSettings()
    robots: Literal["obey", "ignore"] = "obey"
    enabled: bool = True

    @model_validator(mode="after")
    def check_listing(self) -> Self:
        """Refuse what only a list page can have on any other kind of source."""
        if self.kind != "listing" and (self.selectors or self.pages > 1):
            key = "selectors" if self.selectors else "pages"
            raise ValueError(f"`{key}` is for list pages only; write `kind: listing` or leave `{key}` out")
        return self


class OutletSettings(Section):
    """A publisher or brand with its addresses."""

    name: Line
    family: Id | None = None
    official: bool = False
    sources: tuple[SourceSettings, ...] = ()


class Config(Section):
    """Everything a run is told."""

    #: absolute once it was loaded from a file
    state: Annotated[Path, AfterValidator(check_folder)] = Path("state")
    fetch: FetchSettings = FetchSettings()
    extract: ExtractSettings = ExtractSettings()
    relevance: RelevanceSettings = RelevanceSettings()
    stories: StoriesSettings = StoriesSettings()
    crosslingual: CrosslingualSettings = CrosslingualSettings()
    digest: DigestSettings = DigestSettings()
    health: HealthSettings = HealthSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    watchlists: tuple[WatchlistSettings, ...] = ()
    notify: NotifySettings = NotifySettings()
    outlet_settings: Mapping[Id, OutletSettings] = Field(default={}, alias="outlets")

    def outlets(self) -> tuple[model.Outlet, ...]:
        """Return the outlets in the order of the file."""
        return tuple(model.Outlet(id_, o.name, o.family or id_) for id_, o in self.outlet_settings.items())

    def sources(self) -> tuple[model.Source, ...]:
        """Return the enabled sources in the order of the file."""
        return tuple(
            _source(outlet_id, outlet, source)
            for outlet_id, outlet in self.outlet_settings.items()
            for source in outlet.sources
            if source.enabled
        )


def _source(outlet_id: str, outlet: OutletSettings, source: SourceSettings) -> model.Source:
    """Return a source as the stages know it."""
    return model.Source(
        id=source.id,
        outlet_id=outlet_id,
        url=source.url,
        kind=model.SourceKind(source.kind),
        lang=source.lang,
        official=outlet.official,
        trusted=source.trusted,
        interval_s=source.interval.min,
        max_interval_s=source.interval.max if source.interval.max > source.interval.min else None,
        obeys_robots=source.robots == "obey",
        match=source.match,
        pages=source.pages,
        selectors=model.Selectors(**source.selectors.model_dump()) if source.selectors else None,
    )


# ---------------------------------------------------------------- the file


def load_config(path: Path) -> Config:
    """Read a configuration; its folders become absolute, seen from the folder of the file.

    Raises ConfigError with one line for each problem: `config.yaml:LINE: KEY: what is wrong; remedy`.
    """
    data, reading = read_file(path)
    _complain_repeated(reading, "id", "give each source its own id")
    _complain_repeated(reading, "url", "ask each address once")
    try:
        config = Config.model_validate(data)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            loc = error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"]
            if loc not in reading.spoilt:
                reading.complain(loc, reading.line_of(loc), _message(dict(error)))
    if reading.problems:
        raise ConfigError(reading.report())
    folder = path.absolute().parent
    digest = config.digest
    if digest.templates:
        digest = digest.model_copy(update={"templates": folder / digest.templates})
    return config.model_copy(update={"state": folder / config.state, "digest": digest})


def _complain_repeated(reading: Reading, key: str, remedy: str) -> None:
    """Note every source whose id or address another source has already."""
    first: dict[str, Loc] = {}
    for loc, text in reading.texts.items():
        match loc:
            case ("outlets", _, "sources", int(), last) if last == key:
                earlier = first.setdefault(text, loc)
                if earlier != loc:
                    message = f"{shown(text)} is already the {key} on line {reading.lines[earlier]}; {remedy}"
                    reading.complain(loc, reading.lines[loc], message)


# ---------------------------------------------------------------- messages


def _message(error: Mapping[str, Any]) -> str:
    """Say what pydantic found in words that a newcomer understands."""
    # a password that was written straight into the file must not be shown by what says so
    given = "what stands there" if error["loc"][:1] == ("notify",) else shown(error["input"])
    match error["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return _unknown_key(error["loc"])
        case "value_error":
            return str(error["ctx"]["error"])
        case "model_type" | "mapping_type":
            return f"must hold keys with values, indented below it, not {given}"
        case "tuple_type":
            return f"must be a list, each element after a dash (`- `), not {given}"
    what = error["msg"].removeprefix("Input should be ")
    if error["type"] != "literal_error":
        what = what.partition(", ")[0]
    return f"must be {_PLAIN_WORDS.get(what, what)}, not {given}; mend the value or leave the key out"


def _unknown_key(loc: Loc) -> str:
    """Say that a key is unknown, with the nearest valid one or with all of them."""
    kind: Any = Config
    for part in loc[:-1]:
        # a section, or else a tuple of sections or a mapping from ids to sections
        is_section = hasattr(kind, "known_keys")
        kind = kind.known_keys()[part] if is_section else get_args(kind)[0 if isinstance(part, int) else 1]
        # a section that may be left out
        kind = next((k for k in get_args(kind) if hasattr(k, "known_keys") and type(None) in get_args(kind)), kind)
    keys = list(kind.known_keys())
    return f"is not a key here; {_nearest(str(loc[-1]), keys) or 'valid keys: ' + ', '.join(keys)}"


def _nearest(word: str, known: set[str] | list[str]) -> str:
    """Return a question for the nearest known word, or an empty text when none is near."""
    folded = {name.casefold(): name for name in sorted(known)}
    near = difflib.get_close_matches(word[:100].casefold(), folded, n=1)
    return f"did you mean `{folded[near[0]]}`?" if near else ""
