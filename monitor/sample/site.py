"""What each address of the sample web answers: pages and feeds rendered from the world. Pure."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from http import HTTPStatus
from itertools import islice

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.sample.wording import spell_visit
from monitor.sample.world import Fault, Piece, Site, World
from monitor.text import text_hash

#: other stories that a page points to
RELATED = 3
TEASER_CHARS = 240
#: what the source that is down asks for
RETRY_AFTER_S = 3600

_MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of one address."""

    status: HTTPStatus
    content_type: str
    body: bytes
    modified_at: datetime
    retry_after_s: int | None = None

    @property
    def etag(self) -> str:
        """Return a strong validator of the body."""
        return f'"{text_hash(self.body.decode("latin-1"))}"'


def render_web(world: World) -> dict[tuple[str, str], Reply]:
    """Return the answer of every address, by host and path."""
    replies = {}
    for site in world.sites:
        for path, reply in _site_replies(world, site).items():
            replies[site.data.host, path] = reply
    for fault in world.faults:
        replies[fault.host, fault.path] = _fault_reply(world, fault)
    return replies


def teaser(piece: Piece) -> str:
    """Return the beginning of a piece, cut at a word."""
    return textwrap.shorten(piece.paragraphs[0], TEASER_CHARS, placeholder=" …")


def related(piece: Piece, others: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the next few pieces of the same site on other events."""
    position = others.index(piece)
    after = (*others[position + 1 :], *others[:position])
    return tuple(islice((other for other in after if other.event != piece.event or other.event is None), RELATED))


@cache
def _templates() -> Environment:
    """Return the environment of the templates: everything is escaped, a missing name is an error."""
    environment = Environment(
        loader=PackageLoader("monitor.sample"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["teaser"] = teaser
    return environment


def _site_replies(world: World, site: Site) -> dict[str, Reply]:
    """Return the answers of one host, by path."""
    pieces = world.of_site(site)
    start_at = datetime.combine(world.today, time(), UTC)
    changed_at = max((piece.updated_at for piece in pieces), default=start_at)
    replies = {piece.path: _page_reply(world, piece, pieces) for piece in pieces}
    replies[site.data.feed.path] = _feed_reply(site, pieces, changed_at)
    front = _render("front.html.j2", site=site, pieces=pieces)
    replies["/"] = _reply(site, front, "text/html", changed_at)
    replies["/robots.txt"] = _reply(site, "User-agent: *\nAllow: /\n", "text/plain", start_at)
    return replies


def _page_reply(world: World, piece: Piece, others: tuple[Piece, ...]) -> Reply:
    """Return the page of a piece."""
    site = piece.site
    text = _render(
        f"{site.data.page.template or site.outlet.id}.html.j2",
        site=site,
        piece=piece,
        related=related(piece, others),
        visit=spell_visit(world.today),
        json_ld=_json_ld(piece),
    )
    return _reply(site, text, "text/html", piece.updated_at)


def _feed_reply(site: Site, pieces: tuple[Piece, ...], changed_at: datetime) -> Reply:
    """Return the feed of a site."""
    form = site.data.feed.format
    text = _render(f"{form}.xml.j2", site=site, feed=site.data.feed, pieces=pieces, changed_at=changed_at)
    return _reply(site, text, _MEDIA_TYPES[form], changed_at)


def _fault_reply(world: World, fault: Fault) -> Reply:
    """Return the answer of a source with something wrong."""
    at = datetime.combine(world.today, time(), UTC)
    html, ok = "text/html; charset=utf-8", HTTPStatus.OK
    match fault.fault:
        case "down":
            body = _render("down.html.j2").encode()
            return Reply(HTTPStatus.SERVICE_UNAVAILABLE, html, body, at, RETRY_AFTER_S)
        case "page":
            return Reply(ok, html, _render("moved.html.j2").encode(), at)
        case _:
            body = _render("empty.xml.j2", source=fault.source, host=fault.host).encode()
            return Reply(ok, f"{_MEDIA_TYPES['rdf']}; charset=utf-8", body, at)


def _json_ld(piece: Piece) -> dict[str, object]:
    """Return what a page says about itself in schema.org's words."""
    publisher = {"@type": "Organization", "name": piece.site.outlet.name}
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "datePublished": piece.published_at.isoformat(),
        "dateModified": piece.updated_at.isoformat(),
        "inLanguage": piece.site.data.lang,
        "author": {"@type": "Person", "name": piece.author} if piece.author else publisher,
        "publisher": publisher,
    }


def _render(template: str, **context: object) -> str:
    """Fill one template."""
    return _templates().get_template(template).render(**context)


def _reply(site: Site, text: str, media_type: str, modified_at: datetime) -> Reply:
    """Return a good answer in the encoding of the site; what the encoding lacks becomes a character reference."""
    encoding = site.data.encoding
    body = text.encode(encoding, "xmlcharrefreplace")
    return Reply(HTTPStatus.OK, f"{media_type}; charset={encoding}", body, modified_at)
