"""The documentation says what the program does: generated parts are in step, links resolve, commands exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

from monitor.cli import app
from monitor.config import load_config

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """Load docs/generate.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_commands_page_is_in_step(generate: ModuleType) -> None:
    """The page of commands holds the help text of every command as the generator writes it."""
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == generate.commands()


def test_readme_shows_what_the_demo_prints(generate: ModuleType) -> None:
    """The demo output and digest in the README are what the demo gives on its fixed day."""
    assert (ROOT / "README.md").read_text(encoding="utf-8") == generate.readme()


def test_schema_page_is_in_step(generate: ModuleType) -> None:
    """The page of the state describes the views as `monitor serve` does."""
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == generate.schema()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_resolve(page: Path) -> None:
    """Every relative link of a page leads to a file."""
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_pages_name_exist(page: Path) -> None:
    """Every `monitor COMMAND` in a code block or code span is a command with these options."""
    text = page.read_text(encoding="utf-8")
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for line in re.findall(
        r"^(?:\$ )?(?:\.venv/bin/)?monitor ([a-z].*)$|(?<!\\)`monitor ([a-z][^`]*)`", text, re.MULTILINE
    ):
        words = shlex.split((line[0] or line[1]).partition("  #")[0].replace("'", '"'))
        assert words[0] in known, line
        command = known[words[0]]
        if hasattr(command, "commands"):
            # a group lists when no other command of it is named
            command = command.commands.get(words[1] if len(words) > 1 else "", command.commands["list"])
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in words[1:] if word.startswith("--")} <= options, line


def test_readme_counts_the_sources() -> None:
    """The number of sources that the README promises is the number in config.yaml."""
    count = len(load_config(ROOT / "config.yaml").sources())
    found = re.findall(
        r"(\d+)\s+(?:real|customs and trade)\s+sources", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert found
    assert set(found) == {str(count)}
