"""What the monitor asks of a sentence encoder, and how one is told from the other."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import numpy as np
import numpy.typing as npt

from monitor.errors import ConfigError

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Gives texts vectors that lie close together where the texts mean the same, in whatever language."""

    @property
    def name(self) -> str:
        """What the configuration calls it."""

    @property
    def version(self) -> str:
        """What tells its vectors from others of the same name: they are never compared with each other."""

    def knows(self, lang: str | None) -> bool:
        """Tell whether it was made for a language (of ISO 639-1, with or without a region)."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length one for each text, shape (len(texts), dimensions).

        Raises:
            ConfigError: the model, or the package that runs it, is not there.

        """


def installed(package: str, remedy: str) -> str:
    """Return the version of a package without importing it.

    Raises:
        ConfigError: it is not installed; `remedy` says what to install.

    """
    try:
        return version(package)
    except PackageNotFoundError:
        raise ConfigError([f"crosslingual.model: {package} is not installed: {remedy}"]) from None


def of_length_one(vectors: npt.ArrayLike) -> Vectors:
    """Return vectors of any type as 32-bit floats of length one; a vector of nothing stays nothing."""
    found = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def base_language(lang: str | None) -> str | None:
    """Return a language without its region or script."""
    return lang.partition("-")[0].lower() if lang else None
