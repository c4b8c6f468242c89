"""Rules for every file of the repository that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from monitor.text import sentences, squeeze

ROOT = Path(__file__).resolve().parents[1]

# the character classes keep these patterns from matching their own source
MACHINE_PATH = re.compile(rb"(?<![\w.~-])/(?:work|root|home)[/]|(?<![\w.-])/tmp[/]v\b|\b[C][:]\\+Users\b")
REGISTRY = re.compile(
    rb"pypi\.org[/]simple|files\.pythonhosted[.]org|(?:extra-)?index[-_]url|find[-_]links|registry\.npmjs[.]"
    rb"|trusted[-_]host",
    re.IGNORECASE,
)


def files_of_the_repository() -> list[Path]:
    """Return the files that git tracks or would track; skip the test outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("needs git and a checkout to know which files belong to the repository")
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def offenders(pattern: re.Pattern[bytes]) -> list[str]:
    """Return the places in the repository where a pattern stands."""
    found = []
    for path in files_of_the_repository():
        body = path.read_bytes()
        for match in pattern.finditer(body):
            line = body.count(b"\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(ROOT)}:{line}: {match[0].decode(errors='replace')}")
    return found


def docstring_problem(docstring: str | None) -> str:
    """Say what keeps a docstring from being one sentence; nothing when it is one."""
    if not docstring:
        return "has no docstring"
    text = squeeze(docstring)
    if not text.endswith("."):
        return "has a docstring that does not end like a sentence"
    if len(sentences(text, "en")) != 1:
        return "has a docstring of more than one sentence"
    return ""


def functions_in(path: Path) -> list[ast.FunctionDef]:
    """Return the test functions of a file, those in classes included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]


def test_every_test_says_in_one_sentence_what_it_shows() -> None:
    """Whoever sees a test fail learns from its docstring what no longer holds."""
    problems = [
        f"{path.relative_to(ROOT)}:{test.lineno}: {test.name} {problem}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for test in functions_in(path)
        if (problem := docstring_problem(ast.get_docstring(test)))
    ]
    assert not problems, "\n" + "\n".join(problems)


def test_no_file_names_a_path_of_one_machine() -> None:
    """Nothing in the repository works on one machine only."""
    assert offenders(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of the machine that installs them."""
    assert offenders(REGISTRY) == []


def test_constraints_are_exact_versions() -> None:
    """Each line of constraints.txt pins one package to one version and says nothing else."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==[0-9][\w.]*", line)] == []
    assert pins == sorted(pins, key=str.casefold)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "see /{}/main"),
        (MACHINE_PATH, "'/{}/me'"),
        (MACHINE_PATH, "file:///{}/me"),
    ],
)
@pytest.mark.parametrize("folder", ["wo" + "rk", "ro" + "ot", "ho" + "me"])
def test_machine_paths_are_recognised(pattern: re.Pattern[bytes], text: str, folder: str) -> None:
    """A path that exists on one machine only is found, in text, quotes and addresses."""
    assert pattern.search(text.format(folder).encode())


@pytest.mark.parametrize("text", ["https://wharf.example/{}/news", "a/{}/b", "{}/x", "/{}work", "~/{}/x"])
def test_other_paths_are_left_alone(text: str) -> None:
    """Addresses and relative paths are no paths of a machine."""
    assert not MACHINE_PATH.search(text.format("home").encode())


@pytest.mark.parametrize("text", ["https://pypi.org/{}/x", "--{}-url=x", "PIP_{}_URL", "extra-{}-url"])
def test_registry_addresses_are_recognised(text: str) -> None:
    """An address or option that names a package registry is found."""
    assert REGISTRY.search(text.format("simple" if "pypi" in text else "index").encode())


@pytest.mark.parametrize(
    ("docstring", "problem"),
    [
        ("A test holds.", ""),
        ("A test that goes on\n    over two lines holds.", ""),
        (None, "has no docstring"),
        ("", "has no docstring"),
        ("A test holds", "has a docstring that does not end like a sentence"),
        ("A test holds. It does.", "has a docstring of more than one sentence"),
    ],
)
def test_docstrings_are_judged(docstring: str | None, problem: str) -> None:
    """A docstring is right when it is exactly one sentence."""
    assert docstring_problem(docstring) == problem
