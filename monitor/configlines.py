"""Writes outlets and sources as lines of config.yaml, and appends such lines to a file without touching the rest."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from monitor.config import Config, load_config
from monitor.configvalues import check_url
from monitor.errors import ConfigError, UsageError
from monitor.ingest.opml import Subscription
from monitor.model import Skipped, SourceKind
from monitor.text import clean, squeeze

_INDENT = "  "
_LONGEST_ID = 50
_LONGEST_NAME = 200
#: the key that stands before the outlets, with nothing behind it but a comment
_OUTLETS = re.compile(r"outlets:\s*(#.*)?")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that is to stand in the configuration."""

    id: str
    url: str
    kind: SourceKind = SourceKind.FEED
    lang: str | None = None


@dataclass(slots=True)
class NewOutlet:
    """An outlet that is to stand in the configuration."""

    id: str
    name: str
    #: where an outlet of the same host is configured already
    family: str | None = None
    sources: list[NewSource] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Additions:
    """What subscriptions add to a configuration, and what they do not, with the reason."""

    outlets: tuple[NewOutlet, ...]
    skipped: tuple[Skipped, ...]

    @property
    def count(self) -> int:
        """Return how many sources are new."""
        return sum(len(outlet.sources) for outlet in self.outlets)

    def lines(self) -> str:
        """Return the outlets as they stand below `outlets:`."""
        return "\n".join(line for outlet in self.outlets for line in (*_lines(outlet), ""))


def additions(subscriptions: Iterable[Subscription], config: Config) -> Additions:
    """Return subscriptions as outlets, one for each host, with ids that the configuration does not use.

    What it watches already, or could not watch, is in `skipped`.
    """
    known = {source.url for outlet in config.outlet_settings.values() for source in outlet.sources}
    ids = {source.id for outlet in config.outlet_settings.values() for source in outlet.sources}
    outlets: dict[str, NewOutlet] = {}
    skipped: list[Skipped] = []
    for one in subscriptions:
        if one.url in known:
            skipped.append(Skipped(one.url, "it is configured already, or stands in the list twice"))
            continue
        try:
            host = _host(check_url(one.url))
        except ValueError as error:
            skipped.append(Skipped(one.url, str(error)))
            continue
        if host not in outlets:
            taken = {*config.outlet_settings, *(outlet.id for outlet in outlets.values())}
            outlets[host] = _new_outlet(host, one, config, taken)
        outlet = outlets[host]
        known.add(one.url)
        source_id = _free(f"{outlet.id}-{'news' if one.kind is SourceKind.FEED else one.kind.value}", ids)
        ids.add(source_id)
        outlet.sources.append(NewSource(source_id, one.url, one.kind, one.lang))
    return Additions(tuple(outlets.values()), tuple(skipped))


def _new_outlet(host: str, one: Subscription, config: Config, taken: Collection[str]) -> NewOutlet:
    """Return an outlet for a host, without its sources; if the host has one already they are of one family."""
    name = squeeze(clean(one.title))[:_LONGEST_NAME].strip()
    families = [
        outlet.family or id_
        for id_, outlet in config.outlet_settings.items()
        if any(_host(source.url) == host for source in outlet.sources)
    ]
    slug = re.sub(r"[^a-z0-9]+", "-", host)[:_LONGEST_ID].strip("-")
    id_ = _free(slug or "outlet", taken)
    return NewOutlet(id_, name if name.isprintable() and name else host, families[0] if families else None)


def _host(url: str) -> str:
    """Return the host of an address without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _free(wanted: str, taken: Collection[str]) -> str:
    """Return an id that is not taken: the wanted one, or the first with a number behind it."""
    free, number = wanted, 2
    while free in taken:
        free, number = f"{wanted}-{number}", number + 1
    return free


def _lines(outlet: NewOutlet) -> list[str]:
    """Return the lines of one outlet."""
    family = [f"{_INDENT * 2}family: {outlet.family}"] if outlet.family else []
    head = [f"{_INDENT}{outlet.id}:", f"{_INDENT * 2}name: {_quoted(outlet.name)}", *family, f"{_INDENT * 2}sources:"]
    return [*head, *(f"{_INDENT * 3}{source_line(source)}" for source in outlet.sources)]


def source_line(source: NewSource) -> str:
    """Return the line of one source."""
    kind = "" if source.kind is SourceKind.FEED else f", kind: {source.kind.value}"
    lang = f", lang: {source.lang}" if source.lang else ""
    return f"- {{id: {source.id}, url: {_quoted(source.url)}{kind}{lang}}}"


def _quoted(text: str) -> str:
    """Return a text in double quotes; what JSON writes in them YAML reads."""
    return json.dumps(text, ensure_ascii=False)


# ---------------------------------------------------------------- the file


def append(path: Path, added: Additions) -> None:
    """Append outlets to a configuration file, all or nothing; comments and everything else stay as they are.

    Raises ConfigError when the file is wrong before, and UsageError when it would be wrong after that.
    """
    before = load_config(path)
    target = path.resolve()
    try:
        raw = target.read_bytes()
        draft = _draft(
            target, _extended(path, raw.decode("utf-8-sig"), added), keep_mark=raw.startswith(b"\xef\xbb\xbf")
        )
        try:
            _check(path, draft, before, added)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be written ({error.strerror}); check its permissions"]) from None


def _extended(path: Path, text: str, added: Additions) -> str:
    """Return the text of a configuration with the new outlets at its end, indented as the others are."""
    lines = text.splitlines()
    outer = [number for number, line in enumerate(lines) if re.match(r"[^\s#]", line)]
    if not any(line.startswith("outlets") for line in lines):
        return f"{text.rstrip()}\n\noutlets:\n\n{added.lines()}"
    if not outer or not _OUTLETS.fullmatch(lines[outer[-1]].rstrip()):
        raise UsageError(f"{path}: `outlets:` is not the last key there, on a line of its own; paste the lines by hand")
    inner = (line for line in lines[outer[-1] + 1 :] if line.strip() and not line.lstrip().startswith("#"))
    indent = re.match(r"\s*", next(inner, _INDENT))
    margin = (indent[0] if indent else "") or _INDENT
    new = [margin + line.removeprefix(_INDENT) if line else "" for line in added.lines().split("\n")]
    return "\n".join([text.rstrip(), "", *new])


def _draft(target: Path, text: str, *, keep_mark: bool) -> Path:
    """Write a text beside a file, with the file's permissions, and return where."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    with os.fdopen(handle, "w", encoding="utf-8-sig" if keep_mark else "utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(target, name)
    return Path(name)


def _check(path: Path, draft: Path, before: Config, added: Additions) -> None:
    """Make sure that a draft holds what the file holds, and the new outlets with it."""
    try:
        after = load_config(draft)
    except ConfigError as error:
        first = error.problems[0].replace(str(draft), str(path))
        raise UsageError(f"the file would be wrong with them ({first}); paste the lines by hand") from None
    kept = {id_: outlet for id_, outlet in after.outlet_settings.items() if id_ in before.outlet_settings}
    urls = [source.url for outlet in added.outlets for source in outlet.sources]
    new = [s.url for id_, o in after.outlet_settings.items() if id_ not in kept for s in o.sources]
    if kept != dict(before.outlet_settings) or new != urls or after.fetch != before.fetch:
        raise UsageError(f"{path}: the lines would not end up among the outlets; paste them by hand")
