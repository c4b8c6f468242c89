"""Watchlists of the configuration: read with the file, refused in one line when they cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app import digest_settings
from monitor.config import Config, load_config
from monitor.errors import ConfigError
from monitor.model import Watchlist


def configured(folder: Path, watchlists: str) -> Config:
    """Load a configuration that has some watchlists."""
    path = folder / "config.yaml"
    path.write_text(f"watchlists:\n{watchlists}", encoding="utf-8")
    return load_config(path)


def test_watchlists_reach_the_digest(tmp_path: Path) -> None:
    """Names and queries are taken over as written, in the order of the file."""
    config = configured(tmp_path, "- {name: Tea, queries: [tea tariff, 'outlet:quay']}\n- {name: No, queries: [no]}\n")
    assert digest_settings(config).watchlists == (
        Watchlist("Tea", ("tea tariff", "outlet:quay")),
        Watchlist("No", ("no",)),
    )


@pytest.mark.parametrize(
    ("watchlists", "message"),
    [
        ("- {name: A, queries: ['since:soon']}", r"watchlists\[0\]\.queries: since:soon names no day"),
        ("- {name: A, queries: [tea]}\n- {name: a, queries: [tea]}", r"watchlists\[1\]\.name: 'a' stands twice"),
        ("- {name: A, queries: ['!?']}", r"watchlists\[0\]\.queries: '!\?' searches for nothing"),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, watchlists: str, message: str) -> None:
    """One line says which watchlist and what to do."""
    with pytest.raises(ConfigError, match=f"^{message}") as refused:
        digest_settings(configured(tmp_path, watchlists))
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    ("watchlists", "message"),
    [
        ("- {name: A, queries: []}", r"config\.yaml:2: watchlists\[0\]\.queries: "),
        ("- {name: A}", r"config\.yaml:2: watchlists\[0\]\.queries: is missing"),
        ("- {name: A, query: [x], queries: [x]}", r"did you mean `queries`"),
    ],
)
def test_shape_is_checked_with_its_line(tmp_path: Path, watchlists: str, message: str) -> None:
    """What is no watchlist at all is refused while the file is read."""
    with pytest.raises(ConfigError, match=message):
        configured(tmp_path, watchlists)
