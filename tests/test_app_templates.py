"""Templates of the user's own, from the folder in the configuration to the written digest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pieces import SEIZURE, SEIZURE_TITLE, piece, take

from monitor.app import digest_settings
from monitor.config import load_config
from monitor.errors import ConfigError
from monitor.store.storage import Storage

DAY = "2026-11-19"


def configured(folder: Path, **templates: str) -> Path:
    """Write a configuration with a folder of templates beside it; return its path."""
    (folder / "own").mkdir(exist_ok=True)
    for name, text in templates.items():
        (folder / "own" / name.replace("__", ".")).write_text(text, encoding="utf-8")
    path = folder / "config.yaml"
    path.write_text("digest: {templates: own}\n", encoding="utf-8")
    return path


def write_digest(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `monitor digest` as its users do."""
    command = [sys.executable, "-m", "monitor", "digest", "--date", DAY, "--config", str(config), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_own_templates_shape_the_digest(tmp_path: Path) -> None:
    """The folder is seen from the configuration; the digest is made with it, and comes out the same again."""
    config = configured(tmp_path, entry__md__j2="OWN {{ entry.headline }}\n", notes__txt="\0 not looked at")
    with Storage(tmp_path / "state") as opened:
        take(opened, [piece("first", SEIZURE_TITLE, SEIZURE, "19 08:00")])
    assert write_digest(config).returncode == 0
    path = tmp_path / "state" / "digests" / f"{DAY}.md"
    first = path.read_bytes()
    assert b"OWN " in first
    assert write_digest(config, "--rewrite").returncode == 0
    assert path.read_bytes() == first
    # a template that is wrong is told in one line, and the digest stays as it was
    configured(tmp_path, entry__md__j2="\n{{ entry.nothing }}")
    ran = write_digest(config, "--rewrite")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert ran.stderr.startswith("monitor: digest.templates: entry.md.j2:2: ")
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("templates", "message"),
    [
        ({}, "own: holds no template that would be used: name one of digest.css, "),
        ({"entry__j2": ""}, "own: holds no template that would be used"),
    ],
)
def test_folder_that_would_do_nothing_is_refused(tmp_path: Path, templates: dict[str, str], message: str) -> None:
    """A misspelt name must not be passed over in silence."""
    with pytest.raises(ConfigError, match=message):
        digest_settings(load_config(configured(tmp_path, **templates)))


def test_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder that is not there, or a template that is no text, is told with what to mend."""
    config = configured(tmp_path)
    (tmp_path / "own" / "entry.md.j2").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"mend digest\.templates"):
        digest_settings(load_config(config))
    (tmp_path / "config.yaml").write_text("digest: {templates: nowhere}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"nowhere.*No such file"):
        digest_settings(load_config(config))
