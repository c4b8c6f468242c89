"""Take out of a CycloneDX document what names the machine it was made on: `python security/sbom.py FROM TO`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def tidied(value: object) -> object:
    """Return a part of the document without references to files and package indexes."""
    if isinstance(value, dict):
        return {key: tidied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [tidied(inner) for inner in value if not _is_local(inner)]
    return value


def _is_local(entry: object) -> bool:
    """Tell whether an external reference tells from where something was installed here."""
    if not isinstance(entry, dict) or "url" not in entry:
        return False
    return entry.get("type") == "distribution" or str(entry["url"]).startswith(("file:", "/", "."))


def main() -> int:
    """Write the document; fail if it still holds a path of this machine."""
    source, target = map(Path, sys.argv[1:3])
    text = json.dumps(tidied(json.loads(source.read_text(encoding="utf-8"))), indent=2, sort_keys=True) + "\n"
    here = [path for path in (str(Path.cwd()), str(Path.home()), sys.prefix) if path in text]
    if here:
        print(f"sbom: {here[0]} stands in it, so it was not written")
        return 1
    target.write_text(text, encoding="utf-8")
    print(f"sbom: {target} lists {len(json.loads(text)['components'])} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
