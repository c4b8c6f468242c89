"""Look for secrets in the tracked files with detect-secrets: `python security/leaks.py TOOLS_BIN`.

Files that were looked at and have not changed since are not looked at again. What is known and no secret stands in
`baseline.json`; `--update` writes it anew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = Path(__file__).with_name("baseline.json")
#: pictures, packed data, and checksums in dumps of states
SKIPPED = (".svg", ".gz", ".sql", ".png", ".lock")
#: checksums are all over the tests, and no service uses hexadecimal tokens without a prefix that another plugin knows
PLUGINS_OFF = ("HexHighEntropyString",)
#: what tests are full of, made up to see whether it leaks; keys of real services are looked for there too
MADE_UP_IN_TESTS = frozenset({"Basic Auth Credentials", "Secret Keyword"})


def tracked() -> list[str]:
    """Return the files that the repository holds."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.split("\0") if name and not name.endswith(SKIPPED)]
    return [name for name in names if (ROOT / name).is_file() and ROOT / name != BASELINE]


def scan(tools: Path, names: Sequence[str]) -> dict[str, list[dict[str, object]]]:
    """Return what detect-secrets finds in some files, by file; nothing leaves the machine."""
    off = [part for name in PLUGINS_OFF for part in ("--disable-plugin", name)]
    command = [str(tools / "detect-secrets"), "scan", "--no-verify", *off, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout)["results"]
    return {name: [hit for hit in hits if not is_made_up(name, hit)] for name, hits in found.items()}


def is_made_up(name: str, hit: Mapping[str, object]) -> bool:
    """Tell whether a find is a password that a test made up."""
    return name.startswith("tests/") and hit["type"] in MADE_UP_IN_TESTS


def known() -> set[tuple[str, str]]:
    """Return the file and hash of what is known to be no secret."""
    listed = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    return {(name, digest) for name, digests in listed.items() for digest in digests}


def main(arguments: Sequence[str] | None = None) -> int:
    """Scan what changed; return 1 if something looks like a secret."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tools", type=Path, help="the folder that holds detect-secrets")
    parser.add_argument("--update", action="store_true", help="declare what is found now to be no secret")
    chosen, began = parser.parse_args(arguments), time.time()
    stamp = chosen.tools / ".scanned"
    since = stamp.stat().st_mtime if stamp.exists() else 0.0
    is_whole = chosen.update or not stamp.exists() or BASELINE.stat().st_mtime > since
    names = [name for name in tracked() if is_whole or (ROOT / name).stat().st_mtime >= since]
    found = scan(chosen.tools, names) if names else {}
    if chosen.update:
        listed = {
            name: sorted({str(hit["hashed_secret"]) for hit in hits}) for name, hits in sorted(found.items()) if hits
        }
        BASELINE.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
        return 0
    familiar = known()
    new = [
        f"{name}:{hit['line_number']}: {hit['type']}"
        for name, hits in sorted(found.items())
        for hit in hits
        if (name, str(hit["hashed_secret"])) not in familiar
    ]
    for line in new:
        print(f"SECRET? {line}: take it out, or declare it harmless: security/leaks.py TOOLS_BIN --update")
    if not new:
        print(f"secrets: none in {len(names)} files" if names else "secrets: no file has changed")
        stamp.touch()
        os.utime(stamp, (began, began))
    return int(bool(new))


if __name__ == "__main__":
    sys.exit(main())
