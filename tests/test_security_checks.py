"""The checks of `./run.sh lint`: an audit that could not ask says so, a secret is found, a list of packages names no path."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SECURITY = Path(__file__).resolve().parents[1] / "security"


def loaded(name: str) -> ModuleType:
    """Load a script of the folder `security`."""
    spec = importlib.util.spec_from_file_location(f"security_{name}", SECURITY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


audit, leaks, sbom = loaded("audit"), loaded("leaks"), loaded("sbom")
CLEAN = {"name": "left", "version": "1.0", "vulns": []}
FLAWED = {"name": "right", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "middle", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "code", "strict_code", "said"),
    [
        ([CLEAN], 0, 0, "audit: 1 pinned packages, no known vulnerability"),
        ([CLEAN, FLAWED], 1, 1, "VULNERABLE right 2.0: PYSEC-1, mended in 2.1"),
        ([CLEAN, SKIPPED], 0, 1, "COULD NOT ASK for known vulnerabilities (no answer for 1 of 2 packages, such as middle)"),
        ([FLAWED, SKIPPED], 1, 1, "VULNERABLE right"),
        ([], 0, 1, "COULD NOT ASK"),
    ],
)  # fmt: skip
def test_audit_tells_flaws_from_silence(
    packages: list[object], code: int, strict_code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A known flaw fails, an answer that is missing is said, and fails where that is asked for."""
    if packages:
        answer = audit.read(json.dumps({"dependencies": packages}), "")
    else:
        answer = audit.read("", "Traceback\n  ConnectionError: no route to pypi.org\n")
        assert answer.reason == "  ConnectionError: no route to pypi.org"
    assert audit.report(answer, strict=False) == code
    assert said in capsys.readouterr().out
    assert audit.report(answer, strict=True) == strict_code


def test_who_cannot_be_asked_is_left_in_peace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within an hour of no answer nobody is asked again, which is said each time; a good answer holds for a day."""
    asked = []
    answers = [audit.Answer(0, (), (), "no route"), audit.Answer(3, (), ())]
    monkeypatch.setattr(audit, "ask", lambda _tools: asked.append(1) or answers[len(asked) - 1])
    assert [audit.main([str(tmp_path)]), audit.main([str(tmp_path)]), len(asked)] == [0, 0, 1]
    assert capsys.readouterr().out.count("COULD NOT ASK") == 2
    assert [audit.main([str(tmp_path), "--strict"]), audit.main([str(tmp_path)]), len(asked)] == [0, 0, 2]


def test_secret_that_is_not_known_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the scanner finds and the baseline does not hold fails with file and line, and never with the secret."""
    hits = {"monitor/a.py": [{"type": "Secret Keyword", "line_number": 7, "hashed_secret": "ab12"}]}
    monkeypatch.setattr(leaks, "scan", lambda _tools, _names: hits)
    monkeypatch.setattr(leaks, "BASELINE", tmp_path / "baseline.json")
    assert leaks.main([str(tmp_path)]) == 1
    assert "SECRET? monitor/a.py:7: Secret Keyword" in capsys.readouterr().out
    assert leaks.main([str(tmp_path), "--update"]) == 0
    assert leaks.main([str(tmp_path)]) == 0
    made_up = {"type": "Basic Auth Credentials"}
    assert [leaks.is_made_up(name, made_up) for name in ("tests/test_a.py", "monitor/a.py")] == [True, False]
    assert not leaks.is_made_up("tests/test_a.py", {"type": "AWS Access Key"})
    assert "ab12" in (tmp_path / "baseline.json").read_text()


def test_list_of_packages_names_no_place_of_this_machine() -> None:
    """References to files and to where a package came from are taken out, its home page stays."""
    here = {"type": "distribution", "url": "file:///opt/monitor"}
    home, copied = {"type": "website", "url": "https://left.example"}, {"type": "other", "url": "file:///srv/left.whl"}
    document = {"components": [{"name": "left", "externalReferences": [home, here, copied]}]}
    assert sbom.tidied(document) == {"components": [{"name": "left", "externalReferences": [home]}]}
