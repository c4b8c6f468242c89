"""What all sections of the configuration share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Section(BaseModel):
    """What all sections share: frozen, unknown keys are errors, a key without a value counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def known_keys(cls) -> dict[str, Any]:
        """Return the keys as the file writes them, each with the type of its value."""
        return {info.alias or name: info.annotation for name, info in cls.model_fields.items()}

    @model_validator(mode="before")
    @classmethod
    def drop_empty(cls, data: object) -> object:
        """Leave out known keys without a value, so that their defaults hold."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.known_keys()}
