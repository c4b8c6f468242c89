"""The error tree. Each class says what its reader can do about it; bugs are never wrapped in one.

MonitorError                 shown as one line, exit code 1
├── ConfigError              the configuration must be mended; exit code 2
├── UsageError               the command was called wrongly; exit code 2
├── FetchError               one address could not be read; the source slows down and is asked again
├── ParseError               a body is not what its source promises; the source is shown as failing
├── StateError               the state folder or its database cannot be used
│   ├── StateLocked          another monitor holds it: stop that one or wait
│   └── StateTooNew          it was written by a newer monitor: upgrade this one
├── NotFound                 an item, story, source or digest of that name does not exist
├── DeliveryError            a notice could not be sent; it stays in the outbox and is tried again
└── ImportFileError          the file to import cannot be read at all
"""

from __future__ import annotations


class MonitorError(Exception):
    """Base of everything a user can mend; `str()` is one line that names the thing and the remedy."""

    exit_code = 1


class ConfigError(MonitorError):
    """The configuration is missing, unreadable or wrong; `problems` holds one line for each mistake."""

    exit_code = 2

    def __init__(self, problems: list[str]) -> None:
        """Keep all problems, so that they can be mended in one go."""
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(MonitorError):
    """The command was called with arguments that make no sense together."""

    exit_code = 2


class FetchError(MonitorError):
    """One address could not be read.

    `kind` is a stable word for tables and statistics: `dns`, `connect`, `tls`, `timeout`, `too_large`,
    `redirects`, `private_address`, `encoding`, `protocol`, `bad_url`, `cancelled`, `robots` (forbidden by robots.txt),
    `robots_unread` (it cannot be read), `turn` (its host wants to be left in peace). `retry_after_s` is what the server
    asked for.
    """

    def __init__(self, url: str, kind: str, message: str, *, retry_after_s: float | None = None) -> None:
        """Name the address, the kind of failure and what happened in one line."""
        super().__init__(f"{url}: {message}")
        self.url = url
        self.kind = kind
        self.message = message
        self.retry_after_s = retry_after_s


class ParseError(MonitorError):
    """A body that was fetched is not a feed, page or record that can be read."""

    def __init__(self, what: str, message: str) -> None:
        """Name the address or file and what is wrong with it."""
        super().__init__(f"{what}: {message}")
        self.what = what
        self.message = message


class StateError(MonitorError):
    """The state folder or its database cannot be used."""


class StateLocked(StateError):
    """Another process holds the state."""


class StateTooNew(StateError):
    """The database was written by a newer version than this one."""


class NotFound(MonitorError):
    """Nothing of that name exists in the state."""


class DeliveryError(MonitorError):
    """A notice could not be handed to its target; the message holds no secret."""


class ImportFileError(MonitorError):
    """A file to import cannot be read as JSON lines at all."""
