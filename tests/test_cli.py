"""The commands as a user meets them: exit codes, one-line errors, JSON, help, and what stands on the terminal."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from harness import Clock, feed_of, opened_on
from rich.cells import cell_len

from monitor import __version__, publish
from monitor import app as application
from monitor.cli import EXAMPLES, main, options, sources
from monitor.sample.web import SampleWeb
from monitor.store.storage import Storage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent / "ingest"))

from webserver import Web, answer, serving  # noqa: E402 - it stands in a folder of its own

COMMANDS = [*(command.__name__.rstrip("_") for command in EXAMPLES), "sources"]
SOURCES_COMMANDS = [name for name, _ in sources.COMMANDS.values()]
#: what takes long to import, and no help text needs
HEAVY = {
    "datasketch", "dateparser", "feedparser", "httpx2", "lxml", "numpy", "scipy", "sqlite_utils",
    "trafilatura", "yaml", "monitor.app", "monitor.pipeline", "monitor.config",
}  # fmt: skip
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Result:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """Return its one line of error, and make sure that it is one and no traceback."""
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        assert line.startswith("monitor: ")
        return line.removeprefix("monitor: ")


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)
    for name in ("MONITOR_CONFIG", "MONITOR_STATE", "FORCE_COLOR", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def monitor(*arguments: str | Path | int) -> Result:
        """Run one command."""
        monkeypatch.setattr(sys, "argv", ["monitor", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code: object = 0
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return Result(int(str(code or 0)), out, err)

    return monitor


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the state that most tests read: the whole sample web of today, and its digest."""
    folder, clock = tmp_path_factory.mktemp("demo"), Clock(application.utc_now())
    day = clock.now.date()
    with SampleWeb(day) as web, opened_on(web, folder, clock) as app:
        app.pipeline.run_pass()
        publish.publish(app.storage, day, app.digest, now=clock.now)
    return folder


@pytest.fixture
def state(demo: Path, tmp_path: Path) -> Path:
    """Return a copy of the state that may be changed."""
    return Path(shutil.copytree(demo, tmp_path / "copied"))


def one(state: Path, query: str) -> Any:
    """Return the first value that a query finds in a state."""
    with Storage(state, create=False) as storage:
        return storage.db.execute(query).fetchone()[0]


def subprocess_env(**more: str) -> dict[str, str]:
    """Return the environment of a command that runs in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "COV_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


# ---------------------------------------------------------------- help


def test_the_version_can_be_asked_for(run: Run) -> None:
    """A report of a fault can say which version it is about."""
    assert run("--version").out == f"monitor {__version__}\n"


def test_help_lists_all_commands(run: Run) -> None:
    """The help names every command, and begins where a newcomer should begin."""
    found = run("--help")
    listed = re.findall(r"^\W+([a-z]+) ", ANSI.sub("", found.out), re.MULTILINE)
    assert (found.code, set(COMMANDS) - set(listed)) == (0, set())
    assert "monitor demo" in found.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example(run: Run, command: str) -> None:
    """The help of each command says what it does and ends with an example."""
    found = run(command, "--help")
    words = " ".join(ANSI.sub("", found.out).split())
    assert found.code == 0
    assert f"Example: monitor {command}" in words
    assert "--state" in words


@pytest.mark.parametrize("command", SOURCES_COMMANDS)
def test_help_of_a_command_for_sources_has_an_example(run: Run, command: str) -> None:
    """The help of each command below `monitor sources` ends with an example that begins as it is called."""
    found = run("sources", command, "--help")
    words = " ".join(ANSI.sub("", found.out).split())
    assert found.code == 0
    assert f"Example: monitor sources {command.replace('list', 'wto-news')}" in words
    assert "--config" in words


def test_help_is_quick() -> None:
    """No help text waits for the libraries that the work needs."""
    script = (
        "import sys\nfrom monitor.cli import main\nsys.argv = ['monitor', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    print('LOADED', *sys.modules, file=sys.stderr)"
    )
    for arguments in (["--help"], ["run", "--help"]):
        call = [sys.executable, "-c", script, *arguments]
        done = subprocess.run(call, capture_output=True, text=True, check=True, env=subprocess_env())
        loaded = set(done.stderr.partition("LOADED")[2].split())
        assert "monitor.cli" in loaded
        assert HEAVY & loaded == set()


@pytest.mark.parametrize(
    ("called", "named"),
    [
        ("venv/bin/monitor", "venv/bin/monitor"),
        ("../elsewhere/bin/monitor", "../elsewhere/bin/monitor"),
        ("path/monitor", "monitor"),
        ("site-packages/monitor/__main__.py", "python -m monitor"),
        ("site-packages/pytest/__main__.py", "monitor"),
    ],
)
def test_hints_name_the_program_as_it_was_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: str, named: str
) -> None:
    """What a message tells to run can be run: by its path where the program is not on the PATH."""
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "monitor").touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(sys, "argv", [str(tmp_path / called) if ".." not in called else called])
    assert options.program() == named


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["status", "--nonsense"], ["story", "x"], ["digest", "--date", "today"]]
)
def test_wrong_usage_is_refused_with_code_2(run: Run, arguments: list[str]) -> None:
    """An unknown command, an unknown option or a value of the wrong kind is named, with exit code 2."""
    found = run(*arguments)
    assert (found.code, "Traceback" in found.err) == (2, False)
    assert arguments[-1] in found.err or "ID" in found.err


# ---------------------------------------------------------------- the configuration


def test_a_missing_configuration(run: Run) -> None:
    """Without a configuration the message says which file is missing and how to name another."""
    found = run("status")
    assert (found.code, found.error) == (2, "config.yaml: does not exist; name a configuration file with --config FILE")


def test_a_folder_is_no_configuration(run: Run, tmp_path: Path) -> None:
    """A folder that is named as the configuration is refused in one line."""
    found = run("update", "--config", tmp_path)
    assert (found.code, found.error) == (2, f"{tmp_path}: is not a file; name a configuration file with --config FILE")


def test_mistakes_in_the_configuration_are_listed(run: Run, tmp_path: Path) -> None:
    """Every mistake is a line of its own with file, line and the nearest valid key."""
    (tmp_path / "config.yaml").write_text("fetch:\n  timeout: 3\nstates: here\n", encoding="utf-8")
    found = run("update")
    assert found.code == 2
    assert found.err.splitlines() == [
        "monitor: config.yaml:2: fetch.timeout: is not a key here; did you mean `timeout_s`?",
        "monitor: config.yaml:3: states: is not a key here; did you mean `state`?",
    ]


def test_the_environment_names_the_configuration(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MONITOR_CONFIG stands for --config."""
    monkeypatch.setenv("MONITOR_CONFIG", str(tmp_path / "other.yaml"))
    assert run("doctor").error.startswith(f"{tmp_path / 'other.yaml'}: does not exist")


def test_unknown_sources_are_refused(run: Run, demo: Path) -> None:
    """A source that is not configured cannot be polled, and one that is not known cannot be shown."""
    polled, shown = run("update", "--source", "nobody", "--state", demo), run("sources", "nobody", "--state", demo)
    assert (polled.code, polled.error) == (2, "no source is called nobody: `monitor sources` lists them")
    assert (shown.code, shown.error) == (1, "no source is called 'nobody': `monitor sources` lists them")


# ---------------------------------------------------------------- the state


@pytest.mark.parametrize(
    "command", [["status"], ["search", "x"], ["story", "1"], ["explain", "1"], ["sources"], ["doctor"], ["digest"]]
)
def test_a_state_that_is_not_there(run: Run, tmp_path: Path, command: list[str]) -> None:
    """Commands that read say how a state is made, and make none."""
    found = run(*command, "--state", tmp_path / "none")
    assert (found.code, found.error) == (
        1,
        f"no state in {tmp_path / 'none'} yet: run `monitor update` (or `monitor demo`) first, or name --state",
    )
    assert not (tmp_path / "none").exists()


def test_a_state_of_a_newer_version(run: Run, state: Path) -> None:
    """A database that a newer monitor wrote is left alone."""
    with Storage(state, create=False) as storage, storage.transaction() as db:
        db.table("_sqlite_migrations").insert(
            {"migration_set": "monitor", "name": "m999_future", "applied_at": "2027-01-01 00:00:00+00:00"}
        )
    found = run("status", "--state", state)
    assert (found.code, found.error) == (
        1,
        (
            "the state was written by a newer monitor (it has m999_future): upgrade this one, "
            "restore the backup from before the upgrade, or name another folder with --state"
        ),
    )


@pytest.mark.parametrize("command", [["status"], ["import", "x.jsonl"]])
def test_a_file_that_is_no_database(run: Run, tmp_path: Path, command: list[str]) -> None:
    """A database file that holds something else is named, with what to do about it."""
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "monitor.db").write_bytes(b"this is no database, but it is long enough to look at" * 50)
    (tmp_path / "x.jsonl").write_text('{"id": "1", "title": "Customs"}', encoding="utf-8")
    found = run(*command, "--state", tmp_path / "s")
    assert found.code == 1
    assert found.error.startswith(f"{tmp_path / 's' / 'monitor.db'}: not a usable database")


def test_a_state_that_another_program_writes_to(
    run: Run, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the write lock, a writing command gives up with a remedy and a reading one works."""
    assert Storage.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(Storage.__init__.__kwdefaults__, "busy_timeout_ms", 20)
    (tmp_path / "x.jsonl").write_text('{"id": "1", "title": "Customs"}', encoding="utf-8")
    with sqlite3.connect(state / "monitor.db", isolation_level=None) as other:
        other.execute("begin exclusive")
        written, read = run("import", "x.jsonl", "--state", state), run("status", "--state", state)
        other.execute("rollback")
    other.close()
    assert (written.code, written.error) == (
        1, f"{state / 'monitor.db'}: another process is writing to it: wait until it is done, or stop it",
    )  # fmt: skip
    assert (read.code, read.err) == (0, "")


def test_no_command_speaks_of_a_locked_database(run: Run, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the service is in the middle of a long transaction, each command works or says who is in its way."""
    assert Storage.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(Storage.__init__.__kwdefaults__, "busy_timeout_ms", 20)
    commands = [["search", "cocaine"], ["status"], ["status", "--check"], ["story", "1"], ["explain", "1"], ["sources"],
                ["doctor"], ["backup"], ["digest"], ["together", "1", "2"], ["replay"], ["dropped"]]  # fmt: skip
    with sqlite3.connect(state / "monitor.db", isolation_level=None) as other:
        other.execute("begin immediate")
        found = {" ".join(command): run(*command, "--state", state) for command in commands}
        other.execute("rollback")
    other.close()
    assert {name for name, came in found.items() if "database is locked" in came.out + came.err} == set()
    refused = {name: came.error for name, came in found.items() if came.code}
    said = "another process is writing to it: wait until it is done, or stop it"
    assert {name for name, error in refused.items() if said not in error} == set()
    assert {"search cocaine", "status", "story 1", "explain 1", "sources"} <= set(found) - set(refused)


@pytest.mark.parametrize("command", [["demo"], ["update"], ["import", "x.jsonl"], ["run"]])
def test_a_second_instance_is_refused(run: Run, state: Path, tmp_path: Path, command: list[str]) -> None:
    """While one monitor works on a state, no other command that writes is let in, and reading goes on."""
    (tmp_path / "x.jsonl").write_text('{"id": "1", "title": "Customs"}', encoding="utf-8")
    with application.exclusive(state):
        found = run(*command, "--state", state)
        assert run("status", "--state", state).code == 0
    assert found.code == 1
    assert found.error.startswith(
        f"{state}: a monitor is already working on this state (process {os.getpid()}, `monitor"
    )
    assert found.error.endswith("`): stop it first, or name another folder with --state")


@pytest.mark.parametrize("command", [["demo"], ["update"], ["import", "x.jsonl"]])
def test_a_folder_that_cannot_be_made(run: Run, tmp_path: Path, command: list[str]) -> None:
    """A state below a file is refused in one line that says what to do."""
    (tmp_path / "x.jsonl").write_text('{"id": "1", "title": "Customs"}', encoding="utf-8")
    found = run(*command, "--state", tmp_path / "x.jsonl" / "state")
    assert found.code == 1
    assert found.error.endswith(": choose a writable folder with --state")
    assert str(tmp_path / "x.jsonl") in found.error


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_is_read_only(run: Run, tmp_path: Path) -> None:
    """A folder that may not be written is refused in one line."""
    (tmp_path / "locked").mkdir(mode=0o500)
    found = run("update", "--state", tmp_path / "locked" / "state")
    assert (found.code, found.error.endswith(": choose a writable folder with --state")) == (1, True)


def test_the_demo_is_shown_while_there_is_no_state(run: Run, state: Path, tmp_path: Path) -> None:
    """Commands that read fall back to the demo's state, and say so."""
    (tmp_path / "config.yaml").write_text("state: here\n", encoding="utf-8")
    (tmp_path / "here").mkdir()
    state.rename(tmp_path / "here" / "demo")
    found = run("status", "--json")
    assert found.error == "nothing in here yet, so this shows the demo in here/demo"
    assert found.json["totals"]["items"] == 64


# ---------------------------------------------------------------- import


def test_import_takes_what_it_can(run: Run, tmp_path: Path) -> None:
    """Good lines come in, bad ones are named with their reason, and a second import finds everything known."""
    lines = [
        '{"id": "1", "title": "Customs seizes cigarettes", "published": "2026-03-01T10:00:00Z"}',
        "junk",
        '{"id": "2"}',
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    first, again = (run("import", "x.jsonl", "--no-relevance", "--state", "s") for _ in range(2))
    assert (first.code, again.code) == (0, 0)
    assert first.out.splitlines() == [
        "x.jsonl:2: not imported: not JSON (Expecting value at column 1)",
        "x.jsonl:3: not imported: neither title nor text",
        "1 new, 0 revised, 0 known already, 0 not about customs, 2 bad lines",
    ]
    assert again.out.splitlines()[-1].startswith("0 new, 0 revised, 1 known already")


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("x.jsonl", bytes(range(256)) * 40, "no line can be imported"),
        ("x.jsonl.gz", gzip.compress(b'{"id": "1", "title": "Customs"}\n' * 500, mtime=0)[:-20], "cannot be read"),
        ("x.jsonl.gz", b'{"id": "1", "title": "Customs"}', "cannot be read"),
        ("none.jsonl", None, "cannot be read"),
    ],
    ids=["binary", "cut gzip", "no gzip", "missing"],
)
def test_a_file_that_cannot_be_imported(run: Run, tmp_path: Path, name: str, body: bytes | None, reason: str) -> None:
    """A file that is binary, cut short, not what its name says, or missing is refused in one line."""
    if body is not None:
        (tmp_path / name).write_bytes(body)
    found = run("import", name, "--state", "s")
    assert found.code == 1
    assert found.error.startswith(f"{name}: {reason}")


def test_a_folder_cannot_be_imported(run: Run, tmp_path: Path) -> None:
    """A folder in place of a file is refused in one line."""
    assert (run("import", tmp_path, "--state", "s").error).startswith(f"{tmp_path}: cannot be read")


# ---------------------------------------------------------------- asking


def test_what_is_not_there_is_named(run: Run, demo: Path) -> None:
    """An unknown item or story is named, with the command that lists the known ones."""
    item, story = run("explain", "99999", "--state", demo), run("story", "99999", "--state", demo)
    assert (item.code, story.code) == (1, 1)
    assert item.error == "no item is called '99999': give an item id, an imported id or an address (`monitor search`)"
    assert story.error == "there is no story 99999: `monitor search` shows the numbers of stories"
    huge = run("story", "9" * 20, "--state", demo)
    assert (huge.code, huge.error.startswith(f"there is no story {'9' * 20}: ")) == (1, True)


def test_an_item_is_not_explained_against_itself(run: Run, demo: Path) -> None:
    """Naming one item twice is wrong usage, also by two of its names."""
    item = one(demo, "select min(item_id) from v_items")
    url = one(demo, f"select url from v_items where item_id = {item}")
    found = run("explain", item, url, "--state", demo)
    assert (found.code, "the same item" in found.error) == (2, True)


@pytest.mark.parametrize("query", ["", "   ", '"', "*", "-- !"])
def test_searching_for_nothing_is_wrong_usage(run: Run, demo: Path, query: str) -> None:
    """A query without a word is refused."""
    found = run("search", "--state", demo, "--", query)
    assert (found.code, found.error.startswith("nothing to search for")) == (2, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cocaine", True),
        ("safeguard dut*", True),
        ('"single window', True),
        ("zzxxyy", False),
        ("steel AND OR NOT", False),
        ("customs outlet:wire lang:en", True),
        ("since:1d until:2020", False),
    ],
)
def test_searching_never_fails_on_what_is_typed(run: Run, demo: Path, query: str, found: bool) -> None:
    """Whatever is typed is taken as words; nothing found is no failure."""
    result = run("search", query, "--limit", "2", "--state", demo)
    assert result.code == 0
    assert ("nothing matches" in result.out) is not found


def test_digests_of_days_without_data(run: Run, demo: Path) -> None:
    """A day before the first poll and a day to come are refused, each for its reason."""
    today = application.utc_now().date()
    past, future = (run("digest", "--date", today + timedelta(days=by), "--state", demo) for by in (-900, 900))
    assert (past.code, future.code) == (1, 2)
    assert past.error.startswith(
        f"nothing is known of {today - timedelta(days=900)}: the monitor did not run on that day"
    )
    assert future.error == f"{today + timedelta(days=900)} has not begun in UTC: name today or an earlier day"


def test_a_digest_is_written_and_then_unchanged(run: Run, state: Path) -> None:
    """Writing the digest of a day twice changes nothing, and both times the files are named."""
    day = one(state, "select digest_date from digests")
    shutil.rmtree(state / "digests")
    first, second = (run("digest", "--date", day, "--state", state) for _ in range(2))
    assert first.out == second.out
    assert sorted(path.name for path in (state / "digests").iterdir()) == [f"{day}.html", f"{day}.json", f"{day}.md"]
    assert all(str(path.name) in first.out for path in (state / "digests").iterdir())


def test_the_doctor_names_the_remedy(run: Run, state: Path) -> None:
    """A sound state passes with 0; a lost file is found, with exit code 1 and what to do."""
    assert run("doctor", "--state", state).code == 0
    (path,) = (state / "digests").glob("*.html")
    path.unlink()
    found = run("doctor", "--state", state)
    assert found.code == 1
    assert f"{path.name} is missing" in found.out
    assert "remedy: run `monitor doctor --fix`" in found.out
    mended = run("doctor", "--fix", "--state", state)
    assert (mended.code, f"wrote {path.name} as it was issued" in mended.out, path.exists()) == (0, True, True)
    assert run("doctor", "--fix", "--state", state, "--json").json["mended"] == []


def test_damaged_pages_are_one_line_of_error(run: Run, state: Path) -> None:
    """Every command that reads names the damage and the remedy in one line; the doctor lists what it found."""
    story, item = (one(state, query) for query in ("select story_id from v_stories", "select item_id from v_items"))
    with Storage(state, create=False) as storage:
        query = "select rootpage from sqlite_master where rootpage > 0 and tbl_name in ('items', 'stories', 'outlets')"
        pages = [page for (page,) in storage.db.execute(query)]
    with (state / "monitor.db").open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
    day = application.utc_now().date()
    commands = (
        ["status"], ["sources"], ["search", "customs"], ["story", story], ["explain", item], ["digest", "--date", day],
    )  # fmt: skip
    for command in commands:
        found = run(*command, "--state", state)
        assert (found.code, "restore a backup" in found.error) == (1, True), command
    doctor = run("doctor", "--state", state)
    assert (doctor.code, doctor.err) == (1, "")
    assert "cannot be checked: database disk image is malformed" in " ".join(doctor.out.split())
    assert "disk space" in doctor.out


def test_a_story_shows_its_neighbours_in_the_series(run: Run, demo: Path) -> None:
    """The story of one edition names the story of the next one, and that one names it."""
    row = "from v_series where next_story_id is not null order by series_id"
    earlier, later = (one(demo, f"select {name} {row}") for name in ("story_id", "next_story_id"))
    assert re.search(
        rf"^edition .+ of .+ \(next .+: story {later}\)$", run("story", earlier, "--state", demo).out, re.MULTILINE
    )
    assert re.search(
        rf"^edition .+ of .+ \(previous .+: story {earlier}\)$", run("story", later, "--state", demo).out, re.MULTILINE
    )


def test_a_merged_story_leads_to_the_one_that_took_it_in(run: Run, state: Path) -> None:
    """The number of a story that was merged into another one shows that one, and says so."""
    with Storage(state, create=False) as storage, storage.transaction() as db:
        old, new = (row[0] for row in db.execute("select story_id from v_stories where items = 1 limit 2"))
        db.execute("update story_items set story_id = ?, role = 'coverage' where story_id = ?", [new, old])
        db.execute("update stories set merged_into = ? where id = ?", [new, old])
    found = run("story", old, "--state", state)
    assert f"story {old} was merged into story {new}" in found.out
    assert f"story {new}: 2 items" in found.out


def test_an_item_that_waits_for_its_story_says_so(run: Run, state: Path) -> None:
    """Between a killed pass and the next one an item has no story, and status, search and explain can tell."""
    item = one(state, "select item_id from v_items where title like '%single window%'")
    with Storage(state, create=False) as storage, storage.transaction() as db:
        db.execute("delete from story_items where item_id = ?", [item])
        db.execute("insert into settle_queue (item_id) values (?)", [item])
    assert "none yet: it is grouped at the end of the run" in run("explain", item, "--state", state).out
    assert "1 item to be put into stories by the next pass" in run("status", "--state", state).out
    assert f"item {item}, no story yet" in run("search", "single window", "--state", state).out


def test_an_issued_digest_is_kept(run: Run, state: Path) -> None:
    """A final digest that would come out differently now is kept as issued, unless a rewrite is asked for."""
    with Storage(state, create=False) as storage, storage.transaction() as db:
        (day,) = db.execute("select digest_date from digests").fetchone()
        earlier = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        for column in ("listed_at", "first_seen_at"):
            db.execute(f"update items set {column} = replace({column}, ?, ?)", [day, earlier])
    assert "stories, written" in run("digest", "--date", earlier, "--state", state).out
    with Storage(state, create=False) as storage, storage.transaction() as db:
        db.execute("update items set title = title || ' at last'")
    kept = run("digest", "--date", earlier, "--state", state).out
    assert "kept as issued, though the state has changed since (--rewrite replaces it)" in " ".join(kept.split())
    assert "written" in run("digest", "--date", earlier, "--rewrite", "--state", state).out


def test_a_series_shows_its_editions(run: Run, demo: Path) -> None:
    """Series are listed with their newest edition; a part of a name shows the editions in order."""
    listed = run("series", "--state", demo).out
    assert re.search(r"Nomenclature Committee \(session\) +2 +75th", listed)
    shown = run("series", "nomenclature", "--state", demo).out
    assert re.search(r"74th +\d+ .*\n +75th +\d+ ", shown)
    assert "has 'tulip' in its name" in run("series", "tulip", "--state", demo).error


def test_an_export_says_what_it_wrote(run: Run, demo: Path, tmp_path: Path) -> None:
    """A file is named with its rows; without one the lines go to standard output, one an item."""
    assert run("export", tmp_path / "who.graphml", "--what", "reprints", "--state", demo).out.endswith(": 5 edges\n")
    assert run("export", tmp_path / "s.csv", "--what", "stories", "--state", demo).out.endswith(" stories\n")
    assert len(run("export", "--state", demo).out.splitlines()) == 64
    refused = run("export", tmp_path / "items.xlsx", "--state", demo)
    assert (refused.code, "must end in .jsonl" in refused.error) == (2, True)


# ---------------------------------------------------------------- JSON


def test_json_of_every_reading_command(run: Run, demo: Path) -> None:
    """Each command that shows data prints it as JSON, and nothing else."""
    story = one(demo, "select story_id from v_stories order by items desc")
    item, other = (one(demo, f"select {which}(item_id) from v_items") for which in ("min", "max"))
    day = one(demo, "select digest_date from digests")
    printed = {
        command[0]: run(*command, "--state", demo, "--json")
        for command in (
            ["status"], ["sources"], ["search", "customs"], ["story", story], ["explain", item], ["doctor"],
            ["digest", "--date", day], ["series"],
        )
    }  # fmt: skip
    assert {name: (found.code, found.err) for name, found in printed.items()} == dict.fromkeys(printed, (0, ""))
    assert printed["status"].json["totals"]["items"] == 64
    assert len(printed["sources"].json) == 14
    assert printed["search"].json["total"] >= len(printed["search"].json["hits"]) == 20
    assert printed["story"].json["story"]["story_id"] == story
    assert len(printed["story"].json["story"]["items"]) > 2
    assert printed["explain"].json["item"]["item_id"] == item
    assert {finding["check"] for finding in printed["doctor"].json} >= {"clock", "disk space"}
    assert printed["digest"].json["digest_date"] == day
    assert max(series["editions"] for series in printed["series"].json) == 2
    assert run("explain", item, other, "--state", demo, "--json").json["other_item_id"] == other
    assert len(run("status", "--left-out", "--state", demo, "--json").json) == 5
    assert [poll["result"] for poll in run("sources", "ioca", "--state", demo, "--json").json] == ["ok"]


def test_json_of_the_working_commands(run: Run, tmp_path: Path) -> None:
    """Import and update print their figures as JSON."""
    (tmp_path / "x.jsonl").write_text('{"id": "1", "title": "Customs seizes cigarettes"}\njunk\n', encoding="utf-8")
    imported = run("import", "x.jsonl", "--state", "s", "--json").json
    assert (imported["new"], imported["bad"][0]["what"]) == (1, "x.jsonl:2")
    assert run("update", "--state", "s", "--json").json["counts"]["polled"] == 0


def test_the_demo_does_the_whole_job(tmp_path: Path) -> None:
    """The demo, run as a program of its own, ends well, and what it names is there."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", "--state", "s", "--json"],
        cwd=tmp_path, env=subprocess_env(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["figures"]["items stored"] == 64
    assert all(Path(path).read_text(encoding="utf-8") for path in report["digest"]["paths"])
    assert one(tmp_path / "s", f"select count(*) from v_stories where story_id = {report['story_id']}") == 1


# ---------------------------------------------------------------- feeds with trouble


@pytest.fixture
def quay() -> Iterator[Web]:
    """Run a server whose pages each test sets up."""
    with serving() as running:
        yield running


def config_for(web: Web, folder: Path, **urls: str) -> None:
    """Write a configuration with one source for each path of a server, and further ones by address."""
    addresses = {path[1:]: f"http://127.0.0.1:{web.port}{path}" for path in web.pages} | urls
    lines = "".join(f'      - {{id: {name}, url: "{url}"}}\n' for name, url in addresses.items())
    (folder / "config.yaml").write_text(
        "state: state\nfetch: {allow_private: true, host_gap_s: 0, per_host: 16, timeout_s: 0.5, max_bytes: 2000}\n"
        f"extract: {{workers: 0}}\noutlets:\n  quay:\n    name: Quay News\n    sources:\n{lines}",
        encoding="utf-8",
    )


def test_each_trouble_with_a_feed_has_its_reason(
    run: Run, quay: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Update, sources and status tell for each source that is not well what is wrong with it."""
    cut = gzip.compress(feed_of(("/a", "Weather", "It rains in the harbour and there is no end to it in sight.")))[:-12]
    quay.pages |= {
        "/fine": answer(
            "200 OK", feed_of(("/a", "Weather", "It rains in the harbour and no end to it is in sight today."))
        ),
        "/html": answer("200 OK", b"<!doctype html><title>Welcome</title><p>Our feeds have moved</p>"),
        "/empty": answer("200 OK", feed_of()),
        "/broken": answer("200 OK", b"<rss version='2.0'><channel><title>Quay</title>"),
        "/unusable": answer("200 OK", b"<rss version='2.0'><channel><title>Quay</title><item><title>Cust"),
        "/nothing": answer("200 OK", b""),
        "/500": answer("500 Internal Server Error", b"no"),
        "/404": answer("404 Not Found", b"no"),
        "/410": answer("410 Gone", b"no"),
        "/large": answer("200 OK", feed_of(*(("/a", "News", "x" * 500) for _ in range(5)))),
        "/gzip": answer("200 OK", cut, Content_Encoding="gzip"),
        "/slow": lambda _head, _connection: quay.stop.wait(30),
    }
    original = socket.getaddrinfo

    def without_names(host: str, *rest: Any, **more: Any) -> Any:
        """Resolve addresses only: no test asks a name server."""
        if not re.fullmatch(r"[\d.]+", host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return original(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", without_names)
    config_for(quay, tmp_path, dns="http://nowhere.example/feed")
    found = run("update")
    quay.stop.set()
    states = {row["source_id"]: (row["state"], row["reason"]) for row in run("sources", "--json").json}
    assert found.code == 0
    broken = "entry 1: it has no guid, no usable link and no title; <unknown>:2:64: no element found"
    assert states == {
        "fine": ("ok", None),
        "html": (
            "failing",
            (
                "this is an HTML page titled 'Welcome', not a feed; "
                "if it lists news, write `kind: listing`, else look with `monitor sources discover`"
            ),
        ),
        "empty": ("empty", "a valid feed without entries"),
        "broken": ("failing", "the XML is broken and holds no entry (<unknown>:2:47: no element found)"),
        "unusable": ("failing", f"none of its entries can be used: {broken}"),
        "nothing": ("failing", "the feed is empty: not a single byte of text"),
        "500": ("failing", "HTTP 500"),
        "404": ("failing", "HTTP 404"),
        "410": ("retired", "HTTP 410: the feed is gone for good"),
        "large": ("failing", "too_large: the body is larger than 2000 bytes"),
        "gzip": ("failing", "encoding: the compressed body is cut short"),
        "slow": ("failing", "timeout: no answer in time"),
        "dns": states["dns"],
    }
    # the rest of this reason is in the words of the operating system
    assert str(states["dns"][1]).startswith("dns: the name nowhere.example cannot be resolved: ")
    status = run("status")
    for name, (condition, reason) in states.items():
        if condition != "ok":
            assert any(name in line and str(reason) in line for line in status.out.splitlines()), name
            assert any(name in line and str(reason) in line for line in found.out.splitlines()), name


def test_an_update_that_brings_nothing_but_trouble_fails(run: Run, quay: Web, tmp_path: Path) -> None:
    """When every source that was polled has trouble the exit code says so."""
    quay.pages["/500"] = answer("500 Internal Server Error", b"no")
    config_for(quay, tmp_path)
    assert run("update").code == 1
    assert run("update").out == "nothing is due: `monitor sources` tells when each source is asked next\n"


# ---------------------------------------------------------------- on the terminal


def reading(state: Path) -> list[list[object]]:
    """Return the commands that read, for a state."""
    story = one(state, "select story_id from v_stories order by items desc")
    item, other = (one(state, f"select {which} from v_reprints") for which in ("item_id", "original_item_id"))
    return [
        ["status"], ["status", "--left-out"], ["sources"], ["sources", "harbour-wire"], ["search", "customs"],
        ["story", story], ["explain", item], ["explain", item, other], ["doctor"], ["series"], ["series", "palm"],
    ]  # fmt: skip


@pytest.mark.parametrize("width", [80, 140])
def test_output_fits_the_terminal(run: Run, demo: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """On a terminal no line is wider than it, and it is coloured."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    for command in reading(demo):
        found = run(*command, "--state", demo)
        lines = ANSI.sub("", found.out).splitlines()
        assert (found.code, "\x1b[" in found.out) == (0, True), command
        assert max(map(cell_len, lines)) <= width, command


def test_no_word_is_broken_on_a_narrow_terminal(run: Run, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 columns every source id, state and reason stands whole."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    for command in ("sources", "status"):
        text = " ".join(ANSI.sub("", run(command, "--state", demo).out).split())
        for row in run("sources", "--state", demo, "--json").json:
            if row["reason"] or command == "sources":
                assert f"{row['source_id']} {row['state']}" in text
                assert (row["reason"] or "") in text


def test_output_to_a_file_is_plain(run: Run, demo: Path) -> None:
    """In a pipe there is no colour, nothing is cut, and a source is one line with its reason."""
    for command in reading(demo):
        assert "\x1b" not in run(*command, "--state", demo).out
    (line,) = [line for line in run("sources", "--state", demo).out.splitlines() if "region" in line]
    assert line.startswith("maren-evening-post-region  Maren Evening Post")
    assert line.endswith(
        "this is an HTML page titled 'Our new region pages - Maren Evening Post', not a feed; if it lists news, write `kind: listing`, else look with `monitor sources discover`"
    )


def test_a_real_terminal_gets_colours(demo: Path) -> None:
    """A program of its own that writes to a pseudo-terminal colours what it shows."""
    master, slave = pty.openpty()
    call = [sys.executable, "-m", "monitor", "status", "--state", str(demo)]
    environment = subprocess_env(TERM="xterm-256color")
    with subprocess.Popen(call, stdout=slave, stderr=slave, env=environment, cwd=ROOT) as process:
        os.close(slave)
        printed = b"".join(iter(lambda: read_terminal(master), b""))
    os.close(master)
    assert process.returncode == 0
    assert b"\x1b[1;33m4 of 14 sources have trouble" in printed


def read_terminal(master: int) -> bytes:
    """Return what comes from a terminal; nothing at its end, which Linux reports as an error."""
    try:
        return os.read(master, 4096)
    except OSError:
        return b""


def test_hostile_titles_are_harmless(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control characters of a title do not reach the terminal, and what looks like markup is shown as it is."""
    title = "Customs [bold red]seizes[/] \x1b[31mcigarettes\x07 [link=http://x.example]here[/link]"
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": "a", "title": title}), encoding="utf-8")
    run("import", "x.jsonl", "--no-relevance", "--state", "s")
    monkeypatch.setenv("FORCE_COLOR", "1")
    for command in (["search", "seizes"], ["story", "1"], ["explain", "a"]):
        out = run(*command, "--state", "s").out
        assert "\x1b[31mcig" not in out
        assert "\x07" not in out
        assert "[bold red]seizes[/]" in ANSI.sub("", out)


def test_hostile_json_and_errors_are_harmless(run: Run, tmp_path: Path) -> None:
    """What a terminal may obey is escaped in JSON, where programs read it as it was, and taken out of errors."""
    title = "Customs \u202eseizes\u009b31m cigarettes \u2066here\x7f"
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": "a", "title": title}), encoding="utf-8")
    run("import", "x.jsonl", "--no-relevance", "--state", "s")
    for command in (
        ["search", "cigarettes"],
        ["search", "cigarettes", "--json"],
        ["story", "1"],
        ["story", "1", "--json"],
    ):
        out = run(*command, "--state", "s").out
        assert "cigarettes" in out
        assert not set("\u202e\u009b\u2066\x7f") & set(out)
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    refused = run("import", "bad\u009b31m\u202e.jsonl", "--state", "s")
    assert (refused.code, refused.err[:11]) == (1, "monitor: ba")
    assert not set("\u202e\u009b") & set(refused.err)


def test_a_terminal_without_unicode_gets_question_marks(run: Run, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that the output cannot take are replaced, not fatal."""
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii"))
    assert run("search", "таможни", "--state", demo) == Result(0, "", "")
    assert b"?????" in printed.getvalue()


def test_whoever_has_seen_enough_may_go(demo: Path) -> None:
    """A reader that goes away early, as head does, is no reason for a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    call = [sys.executable, "-m", "monitor", "search", "customs", "--json", "--state", str(demo)]
    done = subprocess.run(call, cwd=ROOT, env=subprocess_env(), stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode in (0, 1)


def test_backup_and_restore(run: Run, state: Path) -> None:
    """A copy is made, listed and put back by one command each; a state that is there stays unless told."""
    made = run("backup", "--state", state)
    assert (made.code, ", verified" in made.out) == (0, True)
    (copy,) = run("backup", "--list", "--state", state, "--json").json
    assert run("restore", "--state", state).error.endswith("it is kept aside")
    for path in state.glob("monitor.db*"):
        path.unlink()
    digest = next((state / "digests").glob("*.md"))
    digest.unlink()
    assert run("restore", copy["path"], "--state", state, "--json").json["before"] is None
    again = run("restore", "--replace", "--state", state)
    assert (again.code, "what was there is kept as" in again.out, digest.exists()) == (0, True, True)
    assert run("doctor", "--state", state).code == 0
