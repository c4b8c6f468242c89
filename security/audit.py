"""Ask whether the pinned packages have known vulnerabilities, with pip-audit: `python security/audit.py TOOLS_BIN`.

Not having been able to ask is no answer: it is said in a line of its own, names what was not asked for, and fails with
`--strict`. What pip-audit itself does then is worse than an error: where an index in between knows no advisories, it
skips every package and succeeds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = ROOT / "constraints.txt"
#: asking takes a second a dozen packages
TIMEOUT_S = 120
#: an answer is good for so long, as advisories come by the day
FRESH_S = 24 * 3600
#: who could not be asked is left in peace for so long
PATIENCE_S = 3600


@dataclass(frozen=True)
class Answer:
    """What came of asking."""

    asked: int
    #: a line for each known vulnerability
    found: tuple[str, ...]
    #: names of packages that nobody could say anything about
    unknown: tuple[str, ...]
    #: why nothing could be asked at all
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether every package was asked for."""
        return self.asked > 0 and not self.unknown and not self.reason


def read(output: str, errors: str) -> Answer:
    """Read what pip-audit printed."""
    try:
        listed = json.loads(output)["dependencies"]
    except (ValueError, LookupError, TypeError):
        lines = [line for line in errors.splitlines() if line.strip()]
        return Answer(0, (), (), lines[-1][:200] if lines else "pip-audit said nothing")
    found = [
        f"{package['name']} {package['version']}: {hit['id']}, mended in {' '.join(hit['fix_versions']) or 'none'}"
        for package in listed
        for hit in package.get("vulns", ())
    ]
    unknown = [package["name"] for package in listed if "skip_reason" in package]
    return Answer(len(listed) - len(unknown), tuple(found), tuple(unknown))


def ask(tools: Path) -> Answer:
    """Run pip-audit over the pinned versions; nothing is installed or resolved."""
    command = [
        str(tools / "pip-audit"), "--requirement", str(PINNED), "--no-deps", "--disable-pip", "--format", "json",
        "--progress-spinner", "off", "--timeout", "5",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return Answer(0, (), (), f"no answer within {TIMEOUT_S} seconds")
    return read(done.stdout, done.stderr)


def report(answer: Answer, *, strict: bool) -> int:
    """Print the answer; return the exit code."""
    for line in answer.found:
        print(f"VULNERABLE {line}")
    if answer.is_whole and not answer.found:
        print(f"audit: {answer.asked} pinned packages, no known vulnerability")
    if not answer.is_whole:
        total = answer.asked + len(answer.unknown)
        what = answer.reason or f"no answer for {len(answer.unknown)} of {total} packages, such as {answer.unknown[0]}"
        print(f"audit: COULD NOT ASK for known vulnerabilities ({what}); run it again where pypi.org can be reached")
    return int(bool(answer.found) or (strict and not answer.is_whole))


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask unless the same was asked within a day; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tools", type=Path, help="the folder that holds pip-audit")
    parser.add_argument("--strict", action="store_true", help="fail when it could not ask")
    chosen = parser.parse_args(arguments)
    stamp = chosen.tools / ".audited"
    asked = hashlib.sha256(PINNED.read_bytes()).hexdigest()
    if stamp.exists() and time.time() - stamp.stat().st_mtime < FRESH_S and stamp.read_text() == asked:
        print("audit: no known vulnerability, asked within a day")
        return 0
    failed = chosen.tools / ".unanswered"
    if not chosen.strict and failed.exists() and time.time() - failed.stat().st_mtime < PATIENCE_S:
        return report(Answer(0, (), (), "nor within the last hour"), strict=False)
    answer = ask(chosen.tools)
    if not answer.is_whole:
        failed.touch()
    if answer.is_whole and not answer.found:
        stamp.write_text(asked)
    return report(answer, strict=chosen.strict)


if __name__ == "__main__":
    sys.exit(main())
