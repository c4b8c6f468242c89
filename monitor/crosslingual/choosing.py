"""Chooses the sentence encoder that the configuration names."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.crosslingual.embedded import Embedded
from monitor.crosslingual.encoder import Encoder
from monitor.crosslingual.named import LIBRARIES, Named
from monitor.errors import ConfigError

#: the one that comes with the extra
BUILT_IN = "built-in"


def encoder_of(model: str, languages: Sequence[str], *, download: bool) -> Encoder:
    """Return the encoder of a name; it is loaded with the first text.

    Raises:
        ConfigError: there is none of that name, or what runs it is not installed.

    """
    if model == BUILT_IN:
        return Embedded()
    kind, colon, name = model.partition(":")
    if not colon or kind not in LIBRARIES or not name:
        known = ", ".join(f"{one}:NAME" for one in LIBRARIES)
        raise ConfigError([f"crosslingual.model: {model!r} is no encoder: write `{BUILT_IN}` or {known}"])
    return Named(kind, name, languages, download=download)
