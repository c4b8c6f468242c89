"""What `monitor sources probe`, `discover` and `import-opml` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from monitor.cli.layout import Column, Row, table, wrapped
from monitor.cli.options import program, shown
from monitor.cli.plain import console, counted, harmless, moment, print_json
from monitor.configlines import Additions, NewSource, additions, source_line
from monitor.ingest.discovery import Offer
from monitor.ingest.opml import Subscription
from monitor.model import Skipped, SourceKind

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.probing import Discovery, Probe

_STYLES = {"ok": "green", "failed": "red", "blocked": "red", "gone": "red"}
_PROBE_COLUMNS = (
    Column("source", flexible=True), Column("result"), Column("format", from_width=100), Column("items", right=True),
    Column("dated", right=True), Column("newest (UTC)"),
)  # fmt: skip
_OFFER_COLUMNS = (
    Column("address", flexible=True), Column("format"), Column("items", right=True), Column("dated", right=True),
    Column("newest (UTC)"),
)  # fmt: skip
#: a sitemap is read as one even where only a feed is expected; saying so is clearer
_KINDS = {"sitemap": SourceKind.SITEMAP, "news sitemap": SourceKind.SITEMAP, "sitemap index": SourceKind.SITEMAP,
          "listing": SourceKind.LISTING}  # fmt: skip


def probes(found: Sequence[Probe], *, as_json: bool) -> None:
    """Print how each source answered, then how many are not well."""
    if as_json:
        print_json(found)
        return
    out = console()
    if not found:
        out.print("no sources are configured")
        return
    rows = [
        Row(
            (
                harmless(one.source_id), Text(one.result.value, style=_STYLES.get(one.result.value, "yellow")),
                harmless(one.version) or "-", str(one.entries), str(one.dated), moment(one.newest_at),
            ),
            harmless("; ".join([*one.notes, *_left_out(one.skipped)])),
        )
        for one in found
    ]  # fmt: skip
    table(out, _PROBE_COLUMNS, rows)
    useless = sum(one.is_useless for one in found)
    noted = sum(bool(one.notes) and not one.is_useless for one in found)
    told = f"{len(found) - useless:,} of {counted(len(found), 'source')} can be read"
    wrapped(out, f"{told}, {noted:,} of them with a note" if noted else told)


def _left_out(skipped: Sequence[Skipped]) -> list[str]:
    """Say what of a source was left out, the first thing only."""
    more = f" (and {len(skipped) - 1} more)" if len(skipped) > 1 else ""
    return [f"left out: {skipped[0].what}: {skipped[0].reason}{more}"] if skipped else []


def discovery(found: Discovery, config: Config, *, as_json: bool) -> None:
    """Print what an outlet offers, the best first, and lines for the configuration."""
    added = _lines_for(found, config)
    if as_json:
        print_json({**_plain(found), "lines": added.lines() if added else None})
        return
    out = console()
    if not found.offers:
        out.print("no feed, sitemap or list of news was found; what was tried:")
        _useless(out, found.useless)
        return
    table(out, _OFFER_COLUMNS, [_offer_row(offer) for offer in found.offers])
    out.print()
    if added is None or not added.outlets:
        wrapped(out, f"the first one stands in the configuration already: `{program()} sources` tells how it is doing")
        return
    out.print("lines for config.yaml, below `outlets:`; choose one source:\n")
    out.print(added.lines().rstrip())
    for number, offer in enumerate(found.offers[1:], 2):
        other = NewSource(f"{added.outlets[0].id}-{number}", offer.candidate.url, _kind(offer), found.site.lang)
        out.print(f"      # {harmless(source_line(other))}")


def _plain(found: Discovery) -> dict[str, object]:
    """Return what was found by field."""
    return {"url": found.url, "site": found.site, "offers": found.offers, "useless": found.useless}


def _lines_for(found: Discovery, config: Config) -> Additions | None:
    """Return the best offer as an outlet with one source."""
    if not found.offers:
        return None
    best = found.offers[0]
    one = Subscription(found.site.name or "", best.candidate.url, _kind(best), lang=found.site.lang)
    return additions([one], config)


def _kind(offer: Offer) -> SourceKind:
    """Return the kind to configure for an offer."""
    return _KINDS.get(offer.version, SourceKind.FEED)


def _offer_row(offer: Offer) -> Row:
    """Return one offer as a row, with what led to it and its first titles."""
    titles = "; ".join(harmless(title, width=60) for title in offer.titles)
    cells = (
        harmless(offer.candidate.url),
        offer.version,
        str(offer.entries),
        str(offer.dated),
        moment(offer.newest_at),
    )
    return Row(cells, f"{offer.candidate.why}{': ' if titles else ''}{titles}")


def _useless(out: Console, tried: Iterable[Offer]) -> None:
    """Print the addresses that are of no use, each with its reason."""
    for offer in tried:
        wrapped(out, f"{harmless(offer.candidate.url)}: {harmless(offer.problem)}", "  ")


def imported(added: Additions, skipped: Sequence[Skipped], target: Path | None, *, as_json: bool) -> None:
    """Print the lines that subscriptions came to, or where they were appended, and what was left out."""
    if as_json:
        print_json({"outlets": added.outlets, "lines": added.lines(), "skipped": skipped, "appended_to": target})
        return
    out = console()
    if target:
        wrapped(
            out, f"appended {counted(added.count, 'source')} to {shown(target)}; `{program()} sources probe` tries them"
        )
    elif added.outlets:
        out.print(added.lines().rstrip())
    else:
        out.print("nothing new to watch")
    for one in skipped:
        wrapped(
            Console(stderr=True, markup=False, highlight=False, soft_wrap=True),
            f"left out: {harmless(one.what)}: {harmless(one.reason)}",
        )
