"""The section `notify` of the configuration: who is sent what. It holds names of secrets, never a secret itself."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.configsection import Section
from monitor.configvalues import read_interval

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}")
_MAX_NAME = 200


def check_variable(text: str) -> str:
    """Return the name of the variable in `${NAME}`; raise ValueError, which never shows the value, for all else."""
    if not (found := _VARIABLE.fullmatch(text)):
        raise ValueError(
            "must be the name of an environment variable, written `${MONITOR_OFFICE}`: addresses of targets hold "
            "passwords and tokens, so the address itself belongs into that variable and not into this file"
        )
    return found[1]


def check_name(text: str) -> str:
    """Return a name without outer blanks; raise ValueError unless it is one line of 1 to 200 characters."""
    text = text.strip()
    if not (0 < len(text) <= _MAX_NAME and text.isprintable()):
        raise ValueError(f"is not a name; write 1 to {_MAX_NAME} characters on one line")
    return text


Name = Annotated[str, AfterValidator(check_name)]
Interval = Annotated[int, BeforeValidator(read_interval)]


class TargetSettings(Section):
    """Who is sent what."""

    name: Name
    #: the name of the variable of the environment that holds the address
    address: Annotated[str, AfterValidator(check_variable)]
    digest: bool = False
    watchlists: tuple[Name, ...] = ()
    alerts: tuple[Name, ...] = ()
    health: bool = False

    @model_validator(mode="after")
    def check_something(self) -> Self:
        """Refuse a target that would never be sent anything."""
        if not (self.digest or self.watchlists or self.alerts or self.health):
            raise ValueError("is sent nothing; add `digest: true`, `health: true`, `watchlists` or `alerts`")
        return self


class AlertSettings(Section):
    """What is worth a message at once: a story of so many families, with a piece that one of the queries finds."""

    name: Name
    outlets: int = Field(default=1, ge=1, le=1000)
    queries: tuple[Name, ...] = ()
    cooldown: Interval = 3600

    @model_validator(mode="after")
    def check_condition(self) -> Self:
        """Refuse an alert that every story would raise."""
        if self.outlets == 1 and not self.queries:
            raise ValueError("would be raised by every story; add `outlets: 3` or `queries`")
        return self


class NotifySettings(Section):
    """Where digests and alerts are sent; nowhere without targets."""

    targets: tuple[TargetSettings, ...] = ()
    alerts: tuple[AlertSettings, ...] = ()
    #: between two messages that the monitor is not well
    health_cooldown: Interval = 6 * 3600

    @model_validator(mode="after")
    def check_names(self) -> Self:
        """Refuse names that stand twice, and alerts that nobody defines."""
        for what, names in (("targets", [t.name for t in self.targets]), ("alerts", [a.name for a in self.alerts])):
            if len(set(names)) < len(names):
                raise ValueError(f"two of the {what} have one name; give each its own")
        defined = {alert.name for alert in self.alerts}
        for target in self.targets:
            if unknown := sorted(set(target.alerts) - defined):
                raise ValueError(f"the target `{target.name}` names an alert that is not defined: {unknown[0]}")
        return self
