"""A real browser for the pages that people look at; without one the tests are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Start the browser once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Make the folder for the screenshots, which git ignores."""
    folder = Path(__file__).resolve().parents[2] / "out" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
