"""The invented world as of a day: outlets, sources, sites and the pieces that have appeared by then. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from operator import attrgetter

from monitor.model import Outlet, Source
from monitor.sample.data import BrokenData, OutletData, PieceData, SiteData, load_outlets, load_pieces
from monitor.sample.wording import fill, spell_date

#: seconds between two polls of a sample source
INTERVAL_S = 60
#: a trimmed reprint keeps this many paragraphs
TRIMMED_PARAGRAPHS = 3
#: more than there are pieces, so that the page numbers of two days never meet
NUMBERS_PER_DAY = 100
SLUG_CHARS = 70


@dataclass(frozen=True, slots=True)
class Site:
    """One host of an outlet, in one language, with the source that is its feed."""

    outlet: Outlet
    source: Source
    data: SiteData

    @property
    def zone(self) -> timezone:
        """Return the zone in which the site tells the time."""
        return timezone(timedelta(hours=self.data.zone_h))


@dataclass(frozen=True, slots=True)
class Fault:
    """A source with something wrong: it is down, answers with a page, or its feed is empty."""

    source: Source
    host: str
    path: str
    fault: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as it stands on its site; times are in the zone of the site."""

    id: str
    event: str | None
    site: Site
    path: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    updated_at: datetime
    date_line: str
    author: str | None
    copy_of: str | None
    how: str | None

    @property
    def url(self) -> str:
        """Return the address of the page."""
        return f"http://{self.site.data.host}{self.path}"


@dataclass(frozen=True, slots=True)
class World:
    """Everything the sample web serves on one day."""

    today: date
    outlets: tuple[Outlet, ...]
    sources: tuple[Source, ...]
    sites: tuple[Site, ...]
    faults: tuple[Fault, ...]
    #: in order of publication
    pieces: tuple[Piece, ...]

    def of_site(self, site: Site) -> tuple[Piece, ...]:
        """Return the pieces of one site, the newest first."""
        return tuple(piece for piece in reversed(self.pieces) if piece.site is site)


def build_world(today: date, *, now: datetime | None = None) -> World:
    """Return the world of the four days before `today`; with `now` (aware), only what has appeared by then."""
    outlets = {data.id: Outlet(data.id, data.name, data.family or data.id) for data in load_outlets()}
    sites = tuple(_site(data, outlets[data.id], site) for data in load_outlets() for site in data.sites)
    faults = tuple(_fault(data, broken) for data in load_outlets() for broken in data.broken)
    return World(
        today=today,
        outlets=tuple(outlets.values()),
        sources=(*(site.source for site in sites), *(fault.source for fault in faults)),
        sites=sites,
        faults=faults,
        pieces=_pieces(sites, today, now),
    )


def slugify(title: str) -> str:
    """Return a title as the last part of an address: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title.replace("’", "-")).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug if len(slug) <= SLUG_CHARS else slug[: SLUG_CHARS + 1].rpartition("-")[0]


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text as written in the data file: blank lines part them, line ends do not."""
    return tuple(" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())


def _site(data: OutletData, outlet: Outlet, site: SiteData) -> Site:
    """Build one site; the source of a site in another language than English carries the language in its id."""
    suffix = "" if site.lang == "en" or len(data.sites) == 1 else f"-{site.lang}"
    source = Source(
        id=data.id + suffix,
        outlet_id=data.id,
        url=f"http://{site.host}{site.feed.path}",
        lang=site.lang,
        official=data.official,
        trusted=site.trusted,
        interval_s=INTERVAL_S,
    )
    return Site(outlet, source, site)


def _fault(data: OutletData, broken: BrokenData) -> Fault:
    """Build one source with something wrong."""
    host = broken.host or data.sites[0].host
    source = Source(
        id=broken.id,
        outlet_id=data.id,
        url=f"http://{host}{broken.path}",
        official=data.official,
        interval_s=INTERVAL_S,
    )
    return Fault(source, host, broken.path, broken.fault)


def _pieces(sites: tuple[Site, ...], today: date, now: datetime | None) -> tuple[Piece, ...]:
    """Return the pieces that have appeared, in order of publication."""
    by_place = {(site.outlet.id, site.data.lang): site for site in sites}
    written = {data.id: data for data in load_pieces()}
    found = []
    for number, data in enumerate(written.values()):
        site = by_place[data.outlet, data.lang]
        whole = _whole(data, written)
        piece = _piece(whole, site, today, number=today.toordinal() * NUMBERS_PER_DAY + number, now=now)
        if now is None or piece.published_at <= now:
            found.append(piece)
    return tuple(sorted(found, key=attrgetter("published_at", "id")))


def _whole(data: PieceData, written: dict[str, PieceData]) -> PieceData:
    """Return a piece with the title and text that a copy takes from its original."""
    if data.copy_of is None:
        return data
    original = written[data.copy_of]
    paragraphs = list(split_paragraphs(original.text))
    match data.how:
        case "trimmed":
            paragraphs = paragraphs[:TRIMMED_PARAGRAPHS]
        case "reheaded":
            paragraphs = [data.header, *paragraphs, data.footer]
        case "spun":
            paragraphs = list(split_paragraphs(data.text))
        case _:
            pass
    return data.model_copy(update={"title": data.title or original.title, "text": "\n\n".join(paragraphs)})


def _piece(data: PieceData, site: Site, today: date, *, number: int, now: datetime | None) -> Piece:
    """Write out one piece for a day, in its revised version when that has appeared."""
    title, paragraphs = data.title, split_paragraphs(data.text)
    published_at = updated_at = _moment(data.published, today, site)
    path = _path(site, fill(data.title, today=today, lang=site.data.lang), published_at, number)
    if data.revised and (now is None or _moment(data.revised.at, today, site) <= now):
        title, paragraphs = data.revised.title, (*paragraphs, *split_paragraphs(data.revised.add))
        updated_at = _moment(data.revised.at, today, site)
    return Piece(
        id=data.id,
        event=data.event,
        site=site,
        path=path,
        title=fill(title, today=today, lang=site.data.lang),
        paragraphs=tuple(fill(paragraph, today=today, lang=site.data.lang) for paragraph in paragraphs),
        published_at=published_at,
        updated_at=updated_at,
        date_line=_date_line(site, published_at),
        author=data.author,
        copy_of=data.copy_of,
        how=data.how,
    )


def _moment(written: str, today: date, site: Site) -> datetime:
    """Return the time that "-3 09:30" means on a site."""
    days, clock = written.split()
    return datetime.combine(today + timedelta(days=int(days)), time.fromisoformat(clock), site.zone)


def _path(site: Site, title: str, published_at: datetime, number: int) -> str:
    """Return the path of a page after the pattern of its site."""
    return site.data.page.path.format(
        slug=slugify(title),
        number=number,
        year=published_at.year,
        month=f"{published_at:%m}",
        day=f"{published_at:%d}",
    )


def _date_line(site: Site, published_at: datetime) -> str:
    """Return the date as the page shows it to its readers."""
    return site.data.page.date_line.format(
        date=spell_date(published_at.date(), site.data.lang),
        time=f"{published_at:%H:%M}",
        iso_day=published_at.date().isoformat(),
    )
