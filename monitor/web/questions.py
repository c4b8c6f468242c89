"""The questions that the state is asked most often, from `questions.yaml`: on the web page and in docs/schema.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its SQL; values of the SQL that begin with a colon are asked for."""

    name: str
    title: str
    sql: str
    note: str = ""


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in the order in which they are shown."""
    told = yaml.safe_load(files("monitor.web").joinpath("questions.yaml").read_text(encoding="utf-8"))
    return tuple(Question(name, **question) for name, question in told.items())
