"""`stories.weights`: the pair score of a file in place of the shipped one; what cannot be read is named."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from monitor.app import grouping_settings
from monitor.config import Config, StoriesSettings
from monitor.errors import ConfigError
from monitor.stories import score

SHIPPED = files("monitor.stories").joinpath("weights.json").read_text(encoding="utf-8")


def settings(path: Path | None, operating_point: float | None = None) -> Config:
    """Return a configuration with a file of weights."""
    return Config(stories=StoriesSettings(weights=path, operating_point=operating_point))


def test_weights_of_a_file_are_used(tmp_path: Path) -> None:
    """A file's weights replace the shipped ones; a configured operating point outranks that of the file."""
    path = tmp_path / "weights.json"
    path.write_text(SHIPPED.replace('"gap": -', '"gap": -7'), encoding="utf-8")
    model = grouping_settings(settings(path)).model
    assert model.gap < score.shipped().gap
    assert model.weights == score.shipped().weights
    assert grouping_settings(settings(path, 0.7)).model.operating_point == 0.7
    assert grouping_settings(settings(None)).model == score.shipped()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"weights": 3}', "5"])
def test_file_without_weights_is_named(tmp_path: Path, content: str) -> None:
    """A file of another kind is refused in one line that names it and the remedy."""
    path = tmp_path / "weights.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"weights\.json: holds no weights .*fit_pair_score"):
        grouping_settings(settings(path))


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is refused with the key to mend."""
    with pytest.raises(ConfigError, match=r"none\.json: cannot be read .*stories\.weights"):
        grouping_settings(settings(tmp_path / "none.json"))
