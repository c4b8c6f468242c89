"""The benchmark of speed works: its news is the same for the same seed, both ways are measured, plots can be read."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "benchmarks"))

import throughput  # noqa: E402 - a script of the checkout, not of the package
from parts import invented  # noqa: E402
from parts.plots import line_plot  # noqa: E402


def test_invented_news_depends_on_the_seed_only() -> None:
    """The same seed gives the same pieces in order of time, another one others; the first are those of a longer run."""
    news = list(invented.numbered(120, a_day=40))
    assert news == list(invented.numbered(120, a_day=40))
    assert news[:20] == list(invented.numbered(20, a_day=40))
    assert news != list(invented.numbered(120, a_day=40, seed=2))
    assert [row["published"] for row in news] == sorted(row["published"] for row in news)


def test_invented_news_is_as_dense_as_asked_for() -> None:
    """So many pieces a day, of about 300 words."""
    news = list(invented.numbered(1200, a_day=100))
    first, last = (datetime.fromisoformat(news[place]["published"]) for place in (0, -1))
    assert 9 <= (last - first).days <= 15
    assert 250 <= sum(len(row["text"].split()) for row in news) / len(news) <= 350


def test_both_ways_are_measured_on_the_same_pieces(tmp_path: Path) -> None:
    """A few pieces through the released command and the naive assembly give a row of the table each."""
    compared = throughput.compare(12, tmp_path, runs=1)
    assert min(compared.ours.seconds, compared.naive.seconds, compared.ours.peak_mb) > 0
    stored = throughput.Stored(100, 2.0, 1.5, 150.0)
    measured = throughput.Measured([compared], throughput.signing(3), [stored], 100, 10, 0.1, 4.0)
    text = throughput.table(measured)
    assert f"| 12 | {compared.ours.seconds:.1f} |" in text
    assert "| rensa |" in text
    assert "2.5% of the" in text


def test_plot_is_a_picture_that_names_its_axes() -> None:
    """A plot is well-formed, with its title, both axes' names, every line's name and every point's figures."""
    root = ET.fromstring(line_plot("Cost & size", "pieces", "ms <each>", {"one": [(1, 2), (10, 4)], "two": [(5, 1)]}))  # noqa: S314 - our own
    words = "".join(root.itertext())
    assert all(part in words for part in ("Cost & size", "pieces", "ms <each>", "one", "two", "10: 4"))
    assert "prefers-color-scheme:dark" in words
