"""Reads a YAML file as plain texts, lists and mappings, and remembers on which line each value stands.

Scalars stay as they are written: YAML's own guesses would turn the language `no` into False and `16:00` into 960.
Tags, references and keys that stand twice are problems; nothing is ever constructed from a tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from monitor.errors import ConfigError

#: where a value stands: keys of mappings, positions in lists
Loc = tuple[str | int, ...]

MAX_FILE_BYTES = 1_000_000
MAX_SHOWN = 60

_YAML_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_YAML_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")}


def read_file(path: Path) -> tuple[object, Reading]:
    """Return the content of a file as plain data, with what was learnt on the way.

    Raises ConfigError, with one line, for a file that is missing, unreadable, empty, not text or not YAML at all.
    """
    reading = Reading(str(path))
    try:
        return _plain(_compose(reading.file, _read(path)), (), reading), reading
    except RecursionError:
        raise ConfigError([f"{path}:1: is nested too deeply; compare it with the config.yaml of the project"]) from None


def _read(path: Path) -> str:
    """Return the text of the file; raise ConfigError when there is none to be had."""
    try:
        if path.exists() and not path.is_file():
            raise ConfigError([f"{path}: is not a file; name a configuration file with --config FILE"])
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([f"{path}: does not exist; name a configuration file with --config FILE"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror}); check its permissions"]) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: is not text in UTF-8; save the file in that encoding"]) from None
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError([f"{path}: is larger than {MAX_FILE_BYTES} bytes; is it the right file?"])
    return text


def _compose(file: str, text: str) -> yaml.Node:
    """Return the tree of nodes of a YAML text; raise ConfigError when it is empty or broken."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, problem = (mark.line + 1 if mark else 1), " ".join(str(error.problem or error.context).split())
        remedy = "compare indentation (blanks, no tabs), colons and quotes with the lines around"
        raise ConfigError([f"{file}:{line}: is not valid YAML: {problem}; {remedy}"]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError([f"{file}:{line}: holds a control character; is it a text file? remove it"]) from None
    if root is None:
        raise ConfigError([f"{file}:1: is empty; begin with a copy of the config.yaml of the project"])
    return root


def _plain(node: yaml.Node, loc: Loc, reading: Reading) -> object:
    """Return a node as dict, list, text or None, noting its line and what no configuration may hold."""
    line = node.start_mark.line + 1
    reading.lines.setdefault(loc, line)
    if id(node) in reading.seen:
        reading.spoil(loc, line, "repeats a value by reference (*name); write the value out")
        return None
    reading.seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(node, loc, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*loc, position), reading) for position, item in enumerate(node.value)]
    if node.tag not in _PLAIN_TAGS:
        reading.spoil(loc, line, f"has the tag {shown(node.tag)}; remove it, only plain values are read")
        return None
    if node.tag == _YAML_TAG + "null":
        return None
    reading.texts[loc] = node.value
    return str(node.value)


def _plain_mapping(node: yaml.MappingNode, loc: Loc, reading: Reading) -> dict[str, object]:
    """Return a mapping as dict; a key that stands twice is a problem, and the first one counts."""
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            reading.complain((*loc, "?"), line, "is not a key; write a word and a colon")
            continue
        here = (*loc, key_node.value)
        if key_node.value in result:
            first = reading.lines[here]
            reading.complain(here, line, f"stands twice, first on line {first}; keep one of them")
            continue
        reading.lines[here] = line
        result[key_node.value] = _plain(value_node, here, reading)
    return result


def shown(value: object) -> str:
    """Return a value as a message shows it: on one line and short."""
    match value:
        case dict():
            return "a set of keys"
        case list():
            return "a list"
        case None:
            return "nothing"
    text = str(value)
    return ascii(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "...")


def place(loc: Loc) -> str:
    """Return a place as people write it, for example `outlets.wto.sources[0].url: `."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += "." * bool(path) + (part if re.fullmatch(r"[\w-]{1,64}", part) else shown(part))
    return path + ": " * bool(path)


@dataclass(slots=True)
class Reading:
    """What was learnt while reading one file: the line and text of each value, and the problems so far."""

    file: str
    lines: dict[Loc, int] = field(default_factory=dict)
    texts: dict[Loc, str] = field(default_factory=dict)
    problems: list[tuple[int, Loc, str]] = field(default_factory=list)
    #: places whose value could not be taken over: what is missing there is no second problem
    spoilt: set[Loc] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def complain(self, loc: Loc, line: int, message: str) -> None:
        """Note a problem."""
        self.problems.append((line, loc, message))

    def spoil(self, loc: Loc, line: int, message: str) -> None:
        """Note a problem that leaves no value."""
        self.complain(loc, line, message)
        self.spoilt.add(loc)

    def line_of(self, loc: Loc) -> int:
        """Return the line of a place, or of the nearest thing around it that stands in the file."""
        return next((self.lines[loc[:n]] for n in range(len(loc), -1, -1) if loc[:n] in self.lines), 1)

    def report(self) -> list[str]:
        """Return the problems in the order of the file, one line each."""
        ordered = sorted(self.problems, key=lambda problem: problem[0])
        return [f"{self.file}:{line}: {place(loc)}{message}" for line, loc, message in ordered]
