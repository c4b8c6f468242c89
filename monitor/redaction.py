"""Takes secrets out of what leaves the process: logs, health.json, metrics; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: what stands in place of a secret
HIDDEN = "***"
_NAMES = r"token|secret|passw(?:or)?d|pwd|api_?key|access_?key|key|auth|authorization|credential|signature|sig|cookie"
_FIELD = re.compile(rf"(?:^|[_.-])(?:{_NAMES})$", re.IGNORECASE)
_USER = re.compile(r"(?<=://)[^/\s@'\"]+(?=@)")
_VALUE = re.compile(rf"(?i)((?:^|[?&;\s\"'_-])(?:[\w-]*[_-])?(?:{_NAMES})=)[^&\s'\"#]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")


def redacted(text: str) -> str:
    """Return a text without user names and passwords in addresses, secret values in queries, and bearer tokens."""
    text = _USER.sub(HIDDEN, text)
    text = _VALUE.sub(rf"\g<1>{HIDDEN}", text)
    return _BEARER.sub(rf"\g<1> {HIDDEN}", text)


def redacted_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Return named values without secrets: a field that is named like one is hidden whole, texts are looked through."""
    return {name: HIDDEN if _FIELD.search(name) and value else _plain(value) for name, value in fields.items()}


def _plain(value: object) -> object:
    """Return a value without secrets, however deep they lie."""
    match value:
        case str():
            return redacted(value)
        case Mapping():
            return redacted_fields({str(name): inner for name, inner in value.items()})
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value
