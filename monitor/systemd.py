"""Tells systemd how the service is, in its own words (sd_notify(3)): a datagram to the socket that it names.

The protocol is a dozen lines, and the packages that speak it are older than what they would have to support.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

#: a manager that is busy takes messages a little later
_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Manager:
    """The service manager that started this process; silent when there is none."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def tell(self, *words: str) -> None:
        """Send assignments such as `READY=1`; a manager that does not listen is no reason to stop working."""
        address = self.environment.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")):
            return
        name = "\0" + address[1:] if address.startswith("@") else address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sending:
            sending.settimeout(_PATIENCE_S)
            try:
                sending.sendto("\n".join(words).encode(), name)
            except OSError:
                return

    def watchdog_s(self) -> float | None:
        """Return how many seconds may pass between two signs of life, None when nobody watches this process."""
        if self.environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
            return None
        microseconds = self.environment.get("WATCHDOG_USEC", "")
        return int(microseconds) / 1e6 if microseconds.isdigit() and int(microseconds) else None
