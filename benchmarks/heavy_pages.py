"""Pages as heavy as those of real outlets, for benchmarks: the sample web and the seeds with all that stands around.

An article page of a news site has 1,000 to 2,500 elements and 60 to 150 kB. On the 181 real pages of the public
benchmark of article extraction the text of bare trafilatura takes 12 times as long as parsing, on these 5 times:
real pages are harder still.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from html import escape
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from monitor.sample.site import render_web
from monitor.sample.world import Piece, World, build_world

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
TODAY = date(2026, 11, 22)
PARAGRAPHS = 14
#: shorter lines of the seeds are titles, headings and dates
HEADING = 100
#: every so many of the sites say nothing in JSON-LD, as many administrations do
PLAIN_SITES = 3
SIZES = ("small", "usual", "large")
MENU_LINKS = {"small": 60, "usual": 110, "large": 180}
CARDS = {"small": 14, "usual": 28, "large": 44}
COMMENTS = {"small": 0, "usual": 8, "large": 20}
SCRIPTS = {"small": 6_000, "usual": 14_000, "large": 22_000}
ICON = (
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><g><path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z"/>'
    '<path d="M4 4h16v2H4z"/></g></svg>'
)
NETWORKS = ("facebook", "twitter", "linkedin", "telegram", "whatsapp", "mail")
REMARK = "Very interesting, thank you for writing about it, I had wondered about that since last week."

#: an address and the bytes of its page
Page = tuple[str, bytes]


def pages(number: int) -> list[Page]:
    """Return the pages of one round: no text stands on the pages of another one."""
    world = build_world(TODAY)
    long = replace(world, pieces=tuple(lengthened(world, piece, number) for piece in world.pieces))
    web, headlines = render_web(long), [piece.title for piece in world.pieces]
    found = []
    for index, piece in enumerate(long.pieces):
        at = urlsplit(piece.url)
        html = web[at.netloc, at.path].body.decode(piece.site.data.encoding)
        said = "" if index % PLAIN_SITES == 0 else about(piece)
        page = surrounded(html, said, headlines, SIZES[index % len(SIZES)])
        found.append((piece.url, page.encode(piece.site.data.encoding, "xmlcharrefreplace")))
    return found + seed_pages(number, headlines)


def lengthened(world: World, piece: Piece, number: int) -> Piece:
    """Return a sample piece with a text of usual length, out of other pieces of its outlet, and a title of its own."""
    others = (text for other in world.of_site(piece.site) for text in other.paragraphs)
    paragraphs = islice(dict.fromkeys([*piece.paragraphs, *others]), PARAGRAPHS)
    own = tuple(f"({piece.id}, {number}.{n}) {text}" for n, text in enumerate(paragraphs))
    return replace(piece, paragraphs=own, title=f"{piece.title} ({number})")


def seed_pages(number: int, headlines: list[str]) -> list[Page]:
    """Return the real texts as pages, each line with the number of the round; none where they are not at hand."""
    found = []
    for path, size in zip(sorted(SEEDS.glob("*.txt")), cycle(SIZES)):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        lines = [f"({number}) {line}" if len(line) > HEADING else line for line in lines]
        body = "".join(f"<p>{escape(line)}</p>" for line in lines)
        html = (
            f"<!DOCTYPE html>\n<html><head><title>{escape(lines[0])}</title></head>"
            f'<body class="single"><div class="page"><div class="content">{body}</div></div></body></html>'
        )
        found.append((f"https://press.example/{path.stem}", surrounded(html, "", headlines, size).encode()))
    return found


# ---------------------------------------------------------------- what stands around an article


def surrounded(html: str, said: str, headlines: list[str], size: str) -> str:
    """Return a page with the menus, buttons, lists, remarks and scripts of a real outlet around its article."""
    head, _, rest = html.partition("</head>")
    opened, close, tail = rest.rpartition("</body>")
    start = opened.index(">", opened.index("<body")) + 1
    above = f"{opened[:start]}{header(size)}{share_bar()}"
    below = f"{share_bar()}{topics()}{remarks(size)}{side_column(headlines, size)}{footer(size)}{scripts(size)}"
    return (
        f"{head}{metas()}{said}{styles(size)}{scripts(size)}</head>{above}{figures(opened[start:])}{below}{close}{tail}"
    )


def about(piece: Piece) -> str:
    """Return what a piece says about itself in JSON-LD, in a graph as the usual plug-ins write it."""
    site = f"https://{urlsplit(piece.url).netloc}/"
    article = {
        "@type": "NewsArticle",
        "headline": piece.title,
        "mainEntityOfPage": {"@id": piece.url},
        "publisher": {"@type": "Organization", "name": piece.site.outlet.name, "logo": {"@type": "ImageObject"}},
        "image": [f"{site}i/{n}.jpg" for n in range(3)],
        "inLanguage": "en",
    }
    crumbs = [{"@type": "ListItem", "position": n, "name": f"Section {n}", "item": f"{site}{n}"} for n in range(4)]
    graph = [article, {"@type": "WebSite", "url": site}, {"@type": "BreadcrumbList", "itemListElement": crumbs}]
    return (
        f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@graph": graph})}</script>'
    )


def metas() -> str:
    """Return the elements of a head that say nothing about the article."""
    names = (
        "viewport",
        "robots",
        "generator",
        "theme-color",
        "twitter:card",
        "twitter:site",
        "msapplication-TileColor",
    )
    found = "".join(f'<meta name="{name}" content="value of {name}">' for name in names)
    links = "".join(f'<link rel="stylesheet" id="style-{n}-css" href="/css/{n}.css?ver=6.{n}">' for n in range(18))
    return f"{found}{links}<link rel='preconnect' href='https://cdn.example'>"


def header(size: str) -> str:
    """Return the header of an outlet: a search form, its networks, and menus within menus."""
    links = MENU_LINKS[size]
    entries = "".join(
        f'<li id="menu-item-{n}" class="menu-item menu-item-type-custom menu-item-{n}"><a href="/section/{n}" '
        f'class="menu-link"><span class="link-text">Section {n}</span></a></li>'
        for n in range(links)
    )
    social = "".join(f'<a class="social-{name}" href="https://{name}.example/us">{ICON}</a>' for name in NETWORKS)
    return (
        f'<div class="top-bar"><div class="inner"><div class="social">{social}</div>'
        f'<form role="search" action="/search"><label><span>Search</span><input name="q"></label>'
        f"<button>{ICON}</button></form></div></div>"
        f'<div class="masthead"><div class="logo"><a href="/"><img src="/logo.svg" alt="Home"></a></div>'
        f'<nav class="main-navigation"><ul class="menu">{entries}</ul></nav></div>'
        '<div class="breadcrumbs"><a href="/">Home</a> <span>›</span> <a href="/news">News</a></div>'
    )


def share_bar() -> str:
    """Return the buttons for sharing a page."""
    buttons = "".join(
        f'<li><a class="share-{name}" href="https://{name}.example/share" rel="nofollow">{ICON}'
        "<span>Share</span></a></li>"
        for name in NETWORKS
    )
    return f'<div class="share-buttons"><ul>{buttons}</ul></div>'


def figures(body: str) -> str:
    """Return a body with pictures and places for advertisements between its paragraphs."""
    parts = body.split("</p>")
    picture = (
        '<figure class="wp-block-image"><picture><source srcset="/i/a.webp 1x, /i/b.webp 2x">'
        '<img src="/i/a.jpg" alt=""></picture></figure>'
    )
    place = '<div class="ad-slot" id="div-gpt-ad-1"><div class="ad-inner"></div></div>'
    between = [{1: picture, 4: place, 7: picture, 10: place}.get(n, "") for n in range(len(parts))]
    return "".join(f"{part}</p>{extra}" for part, extra in zip(parts[:-1], between[:-1], strict=True)) + parts[-1]


def topics() -> str:
    """Return the topics under an article."""
    links = "".join(f'<a href="/tag/{n}" rel="tag">Topic {n}</a>' for n in range(8))
    return f'<div class="tags post-tags">{links}</div>'


def remarks(size: str) -> str:
    """Return the comments of readers with the form for another one."""
    found = "".join(
        f'<li class="comment" id="comment-{n}"><div class="comment-body"><div class="comment-author">'
        f'<img src="/a/{n}.png" alt=""><cite>Reader {n}</cite></div><div class="comment-content"><p>{REMARK}</p></div>'
        f'<div class="reply"><a href="#reply-{n}">Reply</a></div></div></li>'
        for n in range(COMMENTS[size])
    )
    form = '<form class="comment-form"><textarea name="text"></textarea><input name="mail"><button>Post</button></form>'
    return f'<div id="comments" class="comments-area"><ol class="comment-list">{found}</ol>{form}</div>'


def side_column(headlines: list[str], size: str) -> str:
    """Return the list of other stories beside an article."""
    cards = "".join(
        f'<div class="card card-{n}"><div class="card-media"><a href="/story/{n}"><picture>'
        f'<img src="/i/{n}.jpg" alt="" loading="lazy"></picture></a></div><div class="card-body">'
        f'<a class="card-section" href="/section/{n}">News</a><h4 class="card-title">'
        f'<a href="/story/{n}">{escape(title)}</a></h4><div class="card-meta"><span>'
        f'<time datetime="2026-11-{n % 20 + 1:02}">{n % 20 + 1} November 2026</time></span></div></div></div>'
        for n, title in enumerate(islice(cycle(headlines), CARDS[size]))
    )
    return f'<aside class="sidebar"><h3>Latest news</h3>{cards}</aside>'


def footer(size: str) -> str:
    """Return the footer of an outlet."""
    links = "".join(
        f'<li class="footer-item"><a href="/about/{n}">About page {n}</a></li>' for n in range(MENU_LINKS[size] // 2)
    )
    return f'<footer class="site-footer"><div class="columns"><ul>{links}</ul></div></footer>'


def scripts(size: str) -> str:
    """Return the scripts of an outlet; a page has them in its head and at its end."""
    code = "window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}"
    return "".join(f'<script id="js-{n}">{code * (SCRIPTS[size] // len(code) // 4)}</script>' for n in range(4))


def styles(size: str) -> str:
    """Return the inline styles of an outlet."""
    rule = ".card{margin:0 auto;padding:1em}"
    return f"<style>{rule * (SCRIPTS[size] // len(rule) // 2)}</style>"
