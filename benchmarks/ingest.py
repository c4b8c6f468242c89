"""Measure what ingest costs: a poll on which nothing has changed, and the extraction of new pages.

1. A real pass over 1,000 sources that answer 304 or an unchanged body, against the same addresses fetched and parsed
   with plain feedparser; CPU seconds of the polling process, the server runs in another one. At least 10 times fewer.
2. New pages through the extractor with two workers, metadata and dates included, against bare trafilatura
   (`trafilatura.extract(page, fast=True)`) in two processes. At least 0.9 of its rate.

Both sides of a figure take turns in one run; the medians of the rounds decide. Pages are those of the sample web with
the menus, scripts and lists of a real outlet around them, and the seeds of ../shared where they are.

    .venv/bin/python benchmarks/ingest.py [--only poll|pages] [--rounds N] [--sources N]
"""

from __future__ import annotations

import argparse
import http.client
import json
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from monitor import app
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.extraction import Extractor
from monitor.model import Article, Outlet, Response, Source
from monitor.sample.site import render_web
from monitor.sample.world import Piece, World, build_world

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
FEWER_CPU_SECONDS = 10.0
SHARE_OF_RATE = 0.9
HOSTS = 250
ENTRIES = 30
PARAGRAPHS = 14
MENU_LINKS = 90
TEASERS = 24
SCRIPT_BYTES = 40_000
WORKERS = 2

# ---------------------------------------------------------------- pages of real size


def pages(number: int) -> list[tuple[str, bytes]]:
    """Return the addresses and bytes of the pages of one round: no text stands on the pages of another one."""
    world = build_world(TODAY)
    long = replace(world, pieces=tuple(lengthened(world, piece, number) for piece in world.pieces))
    web, headlines = render_web(long), [piece.title for piece in world.pieces]
    places = [(piece.url, piece.site.data.encoding, urlsplit(piece.url)) for piece in world.pieces]
    found = [(url, surrounded(web[at.netloc, at.path].body, code, headlines)) for url, code, at in places]
    return found + seed_pages(number)


def lengthened(world: World, piece: Piece, number: int) -> Piece:
    """Return a sample piece with a text of usual length, out of other pieces of its outlet, and a title of its own."""
    others = (text for other in world.of_site(piece.site) for text in other.paragraphs)
    paragraphs = islice(dict.fromkeys([*piece.paragraphs, *others]), PARAGRAPHS)
    own = tuple(f"({piece.id}, {number}.{n}) {text}" for n, text in enumerate(paragraphs))
    return replace(piece, paragraphs=own, title=f"{piece.title} ({number})")


def surrounded(body: bytes, encoding: str, headlines: list[str]) -> bytes:
    """Return a page with the menus, lists and scripts of a real outlet around it."""
    head, _, rest = body.decode(encoding).partition("</head>")
    opened, close, tail = rest.rpartition("</body>")
    start = opened.index(">", opened.index("<body")) + 1
    inside = f"{opened[:start]}{menu()}{opened[start:]}{latest(headlines)}{scripts()}"
    return f"{head}{scripts()}</head>{inside}{close}{tail}".encode(encoding, "xmlcharrefreplace")


def menu() -> str:
    """Return the menus of an outlet."""
    links = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/section/{n}"><span>Section {n}</span></a></li>'
        for n in range(MENU_LINKS)
    )
    return f'<div class="top"><nav class="menu"><ul>{links}</ul></nav><form action="/search"><input name="q"></form></div>'


def latest(headlines: list[str]) -> str:
    """Return the lists of other stories under and beside an article."""
    cards = "".join(
        f'<div class="card card-{n}"><a href="/story/{n}"><img src="/i/{n}.jpg" alt=""><h4>{escape(title)}</h4></a>'
        f'<span class="meta"><time datetime="2026-11-{n % 20 + 1:02}">{n % 20 + 1} November 2026</time></span></div>'
        for n, title in enumerate(islice(cycle(headlines), TEASERS))
    )
    links = "".join(f'<li><a href="/about/{n}">About page {n}</a></li>' for n in range(MENU_LINKS // 3))
    return f'<aside class="sidebar"><h3>Latest news</h3>{cards}</aside><footer><ul>{links}</ul></footer>'


def scripts() -> str:
    """Return the scripts and styles of an outlet."""
    code = "window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}" * (SCRIPT_BYTES // 160)
    return f"<script>{code}</script><style>{'.card{margin:0 auto;padding:1em}' * (SCRIPT_BYTES // 60)}</style>"


def seed_pages(number: int) -> list[tuple[str, bytes]]:
    """Return the real texts as pages, each line with the number of the round; none where they are not at hand."""
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        lines = [f"{line.strip()} ({number})" for line in text.splitlines() if line.strip()]
        body = "".join(f"<p>{escape(line)}</p>" for line in lines)
        html = f"<html><head><title>{escape(lines[0])}</title>{scripts()}</head><body>{menu()}<div>{body}</div></body></html>"
        found.append((f"https://press.example/{path.stem}", html.encode()))
    return found
