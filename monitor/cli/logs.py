"""Structured logs on stderr: for people on a terminal, JSON otherwise; one event name and its fields a line."""

from __future__ import annotations

import sys

import structlog

from monitor.redaction import redacted_fields
from monitor.text import visible


def _without_secrets(_logger: object, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Hide passwords, tokens and keys, wherever they stand in an event."""
    return redacted_fields(fields)


def configure() -> None:
    """Set the logs up."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_secrets,
            _harmless,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _harmless(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take what a terminal would obey, or show as something else, out of an event; texts of it come from outside."""
    return {name: visible(value) if isinstance(value, str) else value for name, value in event.items()}
