"""The options that every command has, and how they become a configuration."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.config import Config

DEFAULT_CONFIG = Path("config.yaml")
DEMO_FOLDER = "demo"

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", envvar="MONITOR_CONFIG", help="The configuration; config.yaml here if not given."
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        envvar="MONITOR_STATE",
        help="The folder that holds monitor.db and digests/; the one of the configuration if not given.",
    ),
]
# the help would otherwise show a type for switches, as if they took a value
JsonOption = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON for programs.")]
DemoStateOption = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        envvar="MONITOR_STATE",
        help="The folder to work in; if not given, state/demo, which begins anew each time.",
    ),
]


def load(config: Path | None, state: Path | None) -> Config:
    """Return the configuration that the options name.

    Without `--config` and without a config.yaml here, a named state can still be worked on, with default settings.

    Raises:
        ConfigError: the configuration is missing, unreadable or wrong.

    """
    from monitor.config import Config, load_config

    if config is None and state is not None and not DEFAULT_CONFIG.exists():
        found = Config()
    else:
        found = load_config(config or DEFAULT_CONFIG)
    return found.model_copy(update={"state": state.absolute()}) if state is not None else found


def version(config: Path | None) -> object:
    """Return what changes whenever the file of the configuration does."""
    try:
        found = (config or DEFAULT_CONFIG).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def readable_state(config: Path | None, state: Path | None) -> Path:
    """Return the folder of the state to read: the named or configured one, or that of the demo if only it exists."""
    if state is not None:
        return state
    folder = load(config, None).state
    demo = folder / DEMO_FOLDER
    if not (folder / "monitor.db").exists() and (demo / "monitor.db").exists():
        print(f"monitor: nothing in {shown(folder)} yet, so this shows the demo in {shown(demo)}", file=sys.stderr)
        return demo
    return folder


def shown(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def program() -> str:
    """Return how this program is called from here, for commands that a message tells to run."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("monitor", "__main__.py"):
        return "python -m monitor"
    if called.name != "monitor" or shutil.which("monitor") == str(called):
        return "monitor"
    return shown(called)
