"""The templates of a digest, shipped ones and a user's own, and the environment in which they can do no harm.

Every expression passes a finalizer that cleans, cuts and escapes it unless it is `Markup`, which only `render` and this
module make. A user's own templates run in Jinja's sandbox, cannot switch that off, and fail with their name and line.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from types import FunctionType, ModuleType, SimpleNamespace
from typing import TypeAlias

from jinja2 import ChoiceLoader, FunctionLoader, PackageLoader, StrictUndefined, nodes
from jinja2.exceptions import TemplateAssertionError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.digest.outside import clean, cut, escape_markdown
from monitor.errors import ConfigError

#: file names with their texts, in the order of the names
Templates: TypeAlias = tuple[tuple[str, str], ...]

#: what makes of a text from outside something that is printed as it is, or a link
_UNSAFE_FILTERS = ("safe", "forceescape", "tojson", "urlize", "xmlattr", "pprint")


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which escaping cannot be switched off."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a template; refuse what would print texts from outside as they are."""
        tree: nodes.Template = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.EvalContextModifier):
            raise TemplateAssertionError("escaping cannot be switched off", node.lineno, name, filename)
        return tree


def shipped() -> frozenset[str]:
    """Return the names of the shipped templates: a file of the same name takes the place of one."""
    folder = files("monitor.digest").joinpath("templates")
    return frozenset(path.name for path in folder.iterdir() if path.is_file())


def render(kind: str, own: Templates, vocabulary: Mapping[str, object], name: str = "digest") -> str:
    """Return the text of `NAME.KIND.j2` (kind `md` or `html`).

    Raises:
        ConfigError: a template of `own` is wrong; in one line, with its name and line.

    """
    with _explained(dict(own)):
        return environment(kind, own).get_template(f"{name}.{kind}.j2").render(**vocabulary)


@lru_cache(maxsize=8)
def environment(kind: str, own: Templates = ()) -> _Environment:
    """Return the template environment of a format, in which output is harmless unless marked otherwise."""
    finalize, whole = (_as_html, _whole_html) if kind == "html" else (_as_markdown, whole_markdown)
    made = _Environment(
        loader=ChoiceLoader([FunctionLoader(_sources(dict(own))), PackageLoader("monitor.digest")]),
        autoescape=kind == "html",
        finalize=finalize,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in _UNSAFE_FILTERS:
        made.filters.pop(name)
    # Jinja's own would escape for HTML, and what it returns is not escaped again
    made.filters |= {"whole": whole, "e": whole, "escape": whole}
    return made


def _sources(own: Mapping[str, str]) -> Callable[[str], tuple[str, str, Callable[[], bool]] | None]:
    """Return the function with which Jinja looks up a template of the user; the file name is what errors show."""
    return lambda name: (own[name], name, lambda: True) if name in own else None


@contextmanager
def _explained(own: Mapping[str, str]) -> Iterator[None]:
    """Say where a template of the user is wrong; what goes wrong anywhere else is a bug and passes."""
    try:
        yield
    except TemplateNotFound as error:
        if not own:
            raise
        raise _wrong(f"there is no template {error.name!r}") from error
    except TemplateSyntaxError as error:
        if error.filename not in own:
            raise
        raise _wrong(f"{error.filename}:{error.lineno}: {error.message}") from error
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)
        place = next((frame for frame in reversed(last) if frame.filename in own), None)
        if place is None:
            raise
        raise _wrong(f"{place.filename}:{place.lineno}: {error}") from error


def _wrong(message: str) -> ConfigError:
    """Return the error for a template that is wrong."""
    return ConfigError([f"digest.templates: {cut(clean(message))}: mend the file, or take it out of the folder"])


def _as_html(value: object) -> object:
    """Return a value as Jinja may escape and print it: texts clean and cut."""
    return cut(clean(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def _as_markdown(value: object) -> object:
    """Return a value as it may be printed into Markdown: texts clean, cut and escaped."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return escape_markdown(cut(clean(value)))


def _whole_html(text: object) -> Markup:
    """Return a sentence or phrase for HTML without cutting it."""
    return text if isinstance(text, Markup) else Markup.escape(clean(str(text)))


def whole_markdown(text: object) -> Markup:
    """Return a sentence or phrase for Markdown without cutting it."""
    return text if isinstance(text, Markup) else markdown_markup(escape_markdown(clean(str(text))))


def markdown_markup(text: str) -> Markup:
    """Mark Markdown that was made here, so that it is not escaped again."""
    return Markup(text)  # noqa: S704 - callers pass escaped Markdown only, and this environment writes no HTML


def words_of(module: ModuleType) -> SimpleNamespace:
    """Return what a module defines itself for templates to speak with: public functions and texts, nothing imported."""
    own = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return SimpleNamespace(
        **{
            name: value
            for name, value in own.items()
            if isinstance(value, str) or (isinstance(value, FunctionType) and value.__module__ == module.__name__)
        }
    )
