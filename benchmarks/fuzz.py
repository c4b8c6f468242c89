"""Fuzz what reads the outside world, guided by coverage (atheris, libFuzzer): only ParseError may escape.

python benchmarks/fuzz.py [feed|page|dates ...] [--seconds N] [--keep FOLDER]; needs `pip install -e '.[fuzz]'`. Prints
executions, coverage and findings of each target; inputs that raised, lied or took too long are kept in the folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://quay.example/2026/11/22/news"
SECONDS = 240
#: CPU seconds for one input; larger inputs than this many bytes are not made
LONGEST_S, MAX_LENGTH = 5.0, 20_000
LANGS = ((), ("en",), ("az",), ("ru",), ("zh-cn",), ("vi",), ("x-none",))
#: what libFuzzer should try to put in: a blind search does not find words
TOKENS = {
    "feed": (
        "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "<link>", "<guid>", "<pubDate>", "<entry>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>", "<content type='xhtml'>", "xml:base='", "<![CDATA[", "]]>",
        "<!ENTITY e '", "&e;", "&#xD800;", "<ttl>", "<dc:date>", "<?xml version='1.0' encoding='utf-16'?>",
    ),
    "page": (
        "<html>", "<body>", "<article>", "<h1>", "<p>", "</p>", "<table><tr><td>", "<time datetime='",
        "<meta charset='", "<script type='application/ld+json'>",
        '{"@type":"NewsArticle","headline":"', '"@graph":[', "<li>", "<a href='",
        "<meta property='og:title' content='", "<!--", "<div class='related'>", "<svg>", "<template>", "<br>", "&nbsp;",
    ),
    "dates": (
        "2026", "T08:00", "+04:00", " GMT", " CST", "29.06.", "June", "июня", "年", "月", "日", "a.m.", "/", "Uhr",
    ),
}  # fmt: skip

Target = Callable[[bytes], object]


def main() -> None:
    """Fuzz the named targets one after the other, each in a process of its own, and fail if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", help="feed, page, dates; all of them by default")
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"for each target (default {SECONDS})")
    parser.add_argument("--keep", type=Path, help="folder for inputs that were found (default: a new one)")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    unknown = set(given.targets) - set(TOKENS)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}; choose from {', '.join(TOKENS)}")
    if importlib.util.find_spec("atheris") is None:
        print("skipped: atheris is not installed; pip install -e '.[fuzz]' (it has wheels for Linux on x86-64)")
        return
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    if given.child:
        fuzz(given.targets[0], given.seconds, folder)
        return
    found = [report(target, given.seconds, folder) for target in given.targets or TOKENS]
    sys.exit(1 if any(found) else 0)


def report(target: str, seconds: int, folder: Path) -> int:
    """Fuzz one target in a process of its own, print a line of figures and its findings, and return their number."""
    command = [sys.executable, __file__, target, "--child", "--seconds", str(seconds), "--keep", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    said = ended.stderr
    executed = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said) or re.findall(
        r"^#(\d+)", said, re.MULTILINE
    )
    states = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", said)
    if ended.returncode or not states:
        print(said[-3000:], file=sys.stderr)
    first, last = (states[0], states[-1]) if states else (("0",) * 3, ("0",) * 3)
    findings = sorted(folder.glob(f"{target}-*.txt"))
    print(
        f"{target:6} {int(executed[-1]) if executed else 0:>9,} executions  coverage {first[0]} -> {last[0]} "
        f"(features {first[1]} -> {last[1]})  corpus {last[2]}  exit {ended.returncode}  findings {len(findings)}",
        flush=True,
    )
    for path in findings:
        print(f"  {path}: {path.read_text(encoding='utf-8').splitlines()[0]}")
    return len(findings) + bool(ended.returncode)


def fuzz(name: str, seconds: int, folder: Path) -> None:
    """Let libFuzzer drive one target; it ends this process itself."""
    import atheris

    with atheris.instrument_imports():
        target = TARGETS[name]()
    seeds = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for number, seed in enumerate(SEEDS[name]()):
        (seeds / f"{number:04}").write_bytes(seed)
    words = seeds.with_suffix(".dict")
    words.write_text("\n".join(map(quoted, TOKENS[name])), encoding="ascii")
    options = {
        "max_total_time": seconds, "max_len": MAX_LENGTH, "timeout": 60, "rss_limit_mb": 2048, "print_final_stats": 1,
        "dict": words, "artifact_prefix": f"{folder / name}-libfuzzer-", "seed": 1,
    }  # fmt: skip
    arguments = [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(seeds)]
    atheris.Setup(arguments, lambda data: judge(name, target, data, folder))
    atheris.Fuzz()


def judge(name: str, target: Target, data: bytes, folder: Path) -> None:
    """Run a target on one input and write down what should not have happened, once for each place in the code."""
    from monitor.errors import ParseError

    began = time.process_time()
    try:
        target(data)
    except ParseError:
        pass
    except Exception as error:  # noqa: BLE001  whatever escapes is what we look for
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}"
        keep(folder, name, where, data, traceback.format_exc())
    took = time.process_time() - began
    if took > LONGEST_S:
        keep(folder, name, "slow", data, f"took {took:.1f} CPU seconds for {len(data)} bytes")


def keep(folder: Path, name: str, where: str, data: bytes, story: str) -> None:
    """Write an input and its story down, unless the place is known already."""
    stem = f"{name}-{blake2b(where.encode(), digest_size=4).hexdigest()}"
    if not (folder / f"{stem}.txt").exists():
        (folder / f"{stem}.bin").write_bytes(data)
        (folder / f"{stem}.txt").write_text(f"{where}\n{data[:500]!r}\n\n{story}", encoding="utf-8", errors="replace")


def quoted(token: str) -> str:
    """Return a word as libFuzzer's dictionaries want it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in token.encode()) + '"'


# ---------------------------------------------------------------- targets: what they run and what must hold


def feed_target() -> Target:
    """Parse a feed and decide about its entries; the first byte chooses the content type."""
    from monitor.ingest.decide import decide
    from monitor.ingest.feed import MAX_ENTRIES, parse

    kinds = _feedcorpus().CONTENT_TYPES

    def target(data: bytes) -> None:
        """Read one body."""
        headers = {"content-type": kinds[data[0] % len(kinds)] if data else ""}
        feed = parse(data[1:], url=URL, headers=headers, now=NOW)
        if len(feed.entries) > MAX_ENTRIES:
            raise AssertionError("more entries than the cap allows")
        for entry in feed.entries:
            _storable(asdict(entry))
            if entry.url and not entry.url.startswith(("http://", "https://")):
                raise AssertionError(f"a link that is no web address: {entry.url[:80]!r}")
        _storable([decision.keys for decision in decide(feed.entries, {})])

    return target


def page_target() -> Target:
    """Extract the article of a page; the first byte chooses the content type."""
    from monitor.ingest.page import extract

    kinds = ("text/html; charset=utf-8", "text/html", None, "application/xhtml+xml", "text/html; charset=x-none")

    def target(data: bytes) -> None:
        """Read one page."""
        kind = kinds[data[0] % len(kinds)] if data else None
        _storable(asdict(extract(data[1:], url=URL, content_type=kind, now=NOW)))

    return target


def dates_target() -> Target:
    """Read a text as a date, as a line with a date and as an address; the first byte chooses the language."""
    from monitor.ingest.datelines import line_date, visible_dates
    from monitor.ingest.dates import decide_date, parse_date, plausible, url_date

    def target(data: bytes) -> None:
        """Read one text in all ways."""
        langs = LANGS[data[0] % len(LANGS)] if data else ()
        text = data[1:].decode("utf-8", "surrogatepass" if data[:1] < b"\x80" else "replace")
        lines = text.splitlines()
        found = [parse_date(text, now=NOW, langs=langs), url_date(f"https://quay.example/{text}", now=NOW)]
        found += [line_date(line, now=NOW, langs=langs) for line in lines[:20]]
        found.append(visible_dates(lines, lines[0] if lines else "", now=NOW, fetched_at=NOW, langs=langs))
        found.append(decide_date([one for one in found if one], now=NOW))
        for dated in found:
            if dated and dated.at and not (plausible(dated.at, NOW) and dated.at.utcoffset() == timedelta()):
                raise AssertionError(f"{text[:80]!r} was read as {dated.at}")

    def tolerant(data: bytes) -> None:
        """Pass over bytes that are no text at all."""
        try:
            target(data)
        except UnicodeDecodeError:
            return

    return tolerant


def _storable(value: object) -> None:
    """Raise when some text in a value could not be written to the state or shown."""
    if isinstance(value, str):
        value.encode("utf-8")
        if "\x00" in value or "\u202e" in value:
            raise AssertionError(f"a character that must not be stored in {value[:80]!r}")
    elif isinstance(value, dict):
        _storable(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            _storable(one)


TARGETS: dict[str, Callable[[], Target]] = {"feed": feed_target, "page": page_target, "dates": dates_target}


# ---------------------------------------------------------------- what to begin with


def _feedcorpus() -> ModuleType:
    """Return the generator of odd feeds that the tests use."""
    sys.path.insert(0, str(ROOT / "tests" / "ingest"))
    import feedcorpus

    return feedcorpus


def feed_seeds() -> Iterator[bytes]:
    """Yield odd feeds and the golden ones."""
    yield from (b"\0" + path.read_bytes() for path in sorted((ROOT / "tests" / "ingest" / "data").glob("*.xml")))
    yield from (b"\0" + sample.body for sample in _feedcorpus().corpus(seed=1, count=200) if len(sample.body) < 8_000)


def page_seeds() -> Iterator[bytes]:
    """Yield pages of the sample web, some of them broken as feeds are."""
    from random import Random

    from monitor.sample.site import render_web
    from monitor.sample.world import build_world

    replies = render_web(build_world(date(2026, 11, 22))).values()
    pages = [reply.body for reply in replies if b"<html" in reply.body[:200] and len(reply.body) < 8_000]
    yield from (b"\0" + page for page in pages)
    mutations, chance = _feedcorpus().MUTATIONS, Random(1)  # noqa: S311  repeatable, nothing secret
    yield from (b"\0" + chance.choice(mutations)(chance, page)[: MAX_LENGTH - 1] for page in pages)


def dates_seeds() -> Iterator[bytes]:
    """Yield dates, lines that hold one, and what only looks like one."""
    for number, text in enumerate(_feedcorpus().DATES):
        yield bytes([number % 7]) + text.encode()
        yield bytes([number % 7]) + f"News\nPublished: {text} | Quay News\nUpdated {text}".encode()


SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {"feed": feed_seeds, "page": page_seeds, "dates": dates_seeds}


if __name__ == "__main__":
    main()
