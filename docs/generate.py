"""Write the generated parts of the documentation: docs/commands.md, the views in docs/schema.md, the demo in README.md.

`./run.sh docs` calls it; a test holds the files to what it would write.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import textwrap
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


def schema() -> str:
    """Return docs/schema.md with the views filled in."""
    from monitor.store.described import views

    parts = []
    for name, view in views().items():
        rows = "\n".join(f"| `{column}` | {told.means} | {told.format} |" for column, told in view.columns.items())
        table = f"| column | meaning | format |\n|---|---|---|\n{rows}"
        parts.append("\n\n".join(filter(None, (f"### `{name}`", wrap(view.rows), table, wrap(view.note)))))
    text = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    return fill(text, "views", "\n" + "\n\n".join(parts) + "\n")


def wrap(text: str) -> str:
    """Return a paragraph in lines as long as those of the other pages."""
    return "\n".join(textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False))


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
        raise ValueError(f"there is no place for {name}")
    return re.sub(pattern, lambda m: f"{m[1]}{content}\n{m[2]}", text, flags=re.DOTALL)


def main() -> None:
    """Write everything."""
    pages = {"docs/commands.md": commands, "docs/schema.md": schema, "README.md": readme}
    for path, content in ((ROOT / name, page()) for name, page in pages.items()):
        path.write_text(content, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
