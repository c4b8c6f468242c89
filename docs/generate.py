"""Write the generated parts of the documentation anew: docs/commands.md, and the demo and digest in README.md.

`./run.sh docs` calls it; a test holds the files to what it would write.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: the sample news are dated relative to this moment, so that the generated parts stay as they are
NOW = datetime(2026, 3, 20, 18, tzinfo=UTC)


def commands() -> str:
    """Return docs/commands.md: the help text of every command."""
    call = [sys.executable, "-m", "typer", "monitor.cli", "utils", "docs", "--name", "monitor", "--title", "Commands"]
    done = subprocess.run(call, check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.strip() + "\n"


def readme() -> str:
    """Return README.md with what the demo prints and the beginning and end of its digest filled in."""
    with tempfile.TemporaryDirectory() as folder:
        printed, digest = run_demo(Path(folder))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = fill(text, "demo", f"```text\n{printed.strip()}\n```")
    return fill(text, "digest", "\n".join(f"> {line}".rstrip() for line in excerpt(digest).splitlines()))


def run_demo(folder: Path) -> tuple[str, str]:
    """Run the demo in a folder; return what it prints, with the usual paths, and its digest."""
    from monitor.cli import demo, show

    report = demo.run_demo(folder, fresh=False, advance=lambda _steps, _total: None, clock=lambda: NOW, threads=1)
    with redirect_stdout(io.StringIO()) as out:
        show.demo(report, as_json=False)
    return out.getvalue().replace(str(folder), "state/demo"), report.digest.paths[0].read_text(encoding="utf-8")


def excerpt(digest: str) -> str:
    """Return the head of a digest, its first story and the sources with trouble; headings become bold lines."""
    parts = re.split(r"(?m)^(?=##)", digest)
    sources = [line for line in parts[-1].splitlines() if not re.match(r"- [^*]", line)]
    shown = [parts[0], parts[2], "[…]", "\n".join([*sources, "- […]"])]
    return "\n\n".join(re.sub(r"(?m)^#+ (.*)$", r"**\1**", part).strip() for part in shown)


def fill(text: str, name: str, content: str) -> str:
    """Replace what stands between the markers of a name."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    if not re.search(pattern, text, re.DOTALL):
        raise ValueError(f"README.md has no place for {name}")
    return re.sub(pattern, lambda m: f"{m[1]}{content}\n{m[2]}", text, flags=re.DOTALL)


def main() -> None:
    """Write everything."""
    for path, content in ((ROOT / "docs" / "commands.md", commands()), (ROOT / "README.md", readme())):
        path.write_text(content, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
