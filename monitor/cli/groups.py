"""Groups of commands under one name, such as `monitor sources`, that list when no other command is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import typer
from typer.core import TyperGroup

#: commands with their name and an example
Commands = Mapping[Callable[..., None], tuple[str, str]]


class ListedByDefault(TyperGroup):
    """A group of commands that lists when no other command is named: `monitor sources [ID]`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  its class is private to typer
        """Put `list` before arguments that begin with no command."""
        named = args and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named else ["list", *args])


def add_group(app: typer.Typer, commands: Commands, *, name: str, about: str, epilog: str) -> None:
    """Add a group of commands to the program."""
    group = typer.Typer(cls=ListedByDefault, no_args_is_help=False)
    for command, (own, example) in commands.items():
        group.command(name=own, epilog=f"Example: {example}")(command)
    app.add_typer(group, name=name, help=about, epilog=epilog)
