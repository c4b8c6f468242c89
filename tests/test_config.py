"""The configuration: what is read, what is refused, and with which words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import time
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor import config, configfile
from monitor.config import Config, load_config
from monitor.errors import ConfigError
from monitor.model import Outlet, Selectors, Source, SourceKind

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "config.yaml"

SMALL = """\
outlets:
  wharf:
    name: The Wharf
    sources:
      - id: wharf-news
        url: https://wharf.example/feed
"""


def load(folder: Path, text: str | bytes) -> Config:
    """Write a configuration into a folder and load it."""
    path = folder / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_config(path)


def problems(folder: Path, text: str | bytes) -> list[str]:
    """Return the problems of a configuration without the folder at the start of each."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return [line.removeprefix(f"{folder}{os.sep}") for line in caught.value.problems]


def sections() -> Iterator[tuple[str, type[config.Section]]]:
    """Return each section of the configuration with its name in the file."""
    for name, kind in Config.known_keys().items():
        if isinstance(kind, type) and issubclass(kind, config.Section):
            yield name, kind


# ---------------------------------------------------------------- what is read


def test_small_file_gives_outlets_sources_and_defaults(tmp_path: Path) -> None:
    """A file with one source is a whole configuration."""
    loaded = load(tmp_path, SMALL)
    assert loaded.outlets() == (Outlet("wharf", "The Wharf", "wharf"),)
    assert loaded.sources() == (Source("wharf-news", "wharf", "https://wharf.example/feed", max_interval_s=6 * 3600),)
    assert loaded.state == tmp_path / "state"
    assert loaded.fetch == config.FetchSettings()


def test_every_key_of_a_source_reaches_the_stages(tmp_path: Path) -> None:
    """Family, official, language, trust and interval arrive where the stages look for them."""
    text = SMALL.replace("The Wharf\n", "The Wharf\n    family: quay\n    official: yes\n")
    loaded = load(
        tmp_path, text + "        lang: NO\n        trusted: true\n        interval: 30m\n        kind: feed\n"
    )
    assert loaded.outlets() == (Outlet("wharf", "The Wharf", "quay"),)
    assert loaded.sources() == (
        Source(
            "wharf-news",
            "wharf",
            "https://wharf.example/feed",
            SourceKind.FEED,
            "no",
            official=True,
            trusted=True,
            interval_s=1800,
        ),
    )


def test_how_a_list_page_is_read_reaches_the_stages(tmp_path: Path) -> None:
    """Kind, pages, part of the address and selectors arrive where the stages look for them."""
    keys = "kind: listing, pages: 3, match: /news/, selectors: {item: li.news, date: time}"
    source = load(tmp_path, f"outlets: {{wharf: {{name: W, sources: [{{id: w, url: 'https://w.example/', {keys}}}]}}}}")
    assert source.sources() == (
        Source(
            "w", "wharf", "https://w.example/", SourceKind.LISTING, max_interval_s=6 * 3600, match="/news/", pages=3,
            selectors=Selectors("li.news", date="time"),
        ),
    )  # fmt: skip


def test_disabled_source_is_left_out_but_its_outlet_stays(tmp_path: Path) -> None:
    """A source that is switched off is not polled, and its outlet keeps its name."""
    loaded = load(tmp_path, SMALL + "        enabled: false\n")
    assert loaded.sources() == ()
    assert [outlet.id for outlet in loaded.outlets()] == ["wharf"]


def test_folder_is_seen_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state folder does not depend on where the monitor was started."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "config.yaml").write_text("state: ../var\n")
    monkeypatch.chdir(tmp_path)
    assert load_config(Path("etc/config.yaml")).state == tmp_path / "etc" / ".." / "var"


def test_absolute_and_home_folders_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is written in full, or from the home folder, stays what it is."""
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert load(tmp_path, "state: ~/news").state == tmp_path / "me" / "news"
    assert load(tmp_path, f"state: {tmp_path}/elsewhere").state == tmp_path / "elsewhere"


def test_yaml_does_not_guess(tmp_path: Path) -> None:
    """Times, languages, names and numbers mean what they say, quoted or not."""
    text = "digest: {time: 16:00, languages: [no, EN]}\nfetch: {max_bytes: 2_000_000, timeout_s: '7.5', allow_private: on}\n"
    loaded = load(tmp_path, text + "outlets: {24: {name: 1984}, no: {name: yes}}\n")
    assert loaded.digest.time == time(16)
    assert loaded.digest.languages == ("no", "en")
    assert (loaded.fetch.max_bytes, loaded.fetch.timeout_s, loaded.fetch.allow_private) == (2_000_000, 7.5, True)
    assert loaded.outlets() == (Outlet("24", "1984", "24"), Outlet("no", "yes", "no"))


def test_emptied_sections_and_keys_have_their_defaults(tmp_path: Path) -> None:
    """A section whose keys are all commented out, and a key without a value, count as left out."""
    loaded = load(
        tmp_path, "state:\nfetch:\n  # threads: 3\nstories: {window_days: ~, operating_point: null}\noutlets:\n"
    )
    assert loaded == Config(state=tmp_path / "state")


def test_configuration_cannot_be_changed(tmp_path: Path) -> None:
    """Nothing that was loaded can be altered afterwards."""
    loaded = load(tmp_path, SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        loaded.fetch.threads = 3  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("60", 60),
        ("1m", 60),
        ("90 s", 90),
        ("30m", 1800),
        ("1h", 3600),
        ("6h", 21_600),
        ("1d", 86_400),
        ("7d", 604_800),
    ],
)
def test_intervals_are_read(tmp_path: Path, written: str, seconds: int) -> None:
    """An interval may be written in seconds, minutes, hours or days."""
    assert load(tmp_path, SMALL + f"        interval: {written}\n").sources()[0].interval_s == seconds


def test_configuration_can_be_made_without_a_file() -> None:
    """Code may hand over times and seconds as such."""
    assert config.DigestSettings(time=time(7)).time == time(7)
    assert config.SourceSettings(id="x", url="https://x.example/", interval=90).interval.min == 90


@pytest.mark.parametrize("contact", ["news@customs.example", "https://customs.example/monitor"])
def test_contact_goes_into_the_user_agent(tmp_path: Path, contact: str) -> None:
    """Publishers can see whom to write to."""
    assert load(tmp_path, f"fetch: {{contact: '{contact}'}}").fetch.user_agent == f"customs-news-monitor (+{contact})"


def test_user_agent_without_contact_names_the_project_only(tmp_path: Path) -> None:
    """Nothing is invented where no contact is given."""
    assert load(tmp_path, SMALL).fetch.user_agent == "customs-news-monitor"


# ---------------------------------------------------------------- what is refused

BAD = [
    # the file as such
    ("", ["config.yaml:1: is empty; begin with a copy of the config.yaml of the project"]),
    ("# only a comment\n", ["config.yaml:1: is empty; begin with a copy of the config.yaml of the project"]),
    ("- a\n- b\n", ["config.yaml:1: must hold keys with values, indented below it, not a list"]),
    ("just text", ["config.yaml:1: must hold keys with values, indented below it, not 'just text'"]),
    ("null", ["config.yaml:1: must hold keys with values, indented below it, not nothing"]),
    (b"state: a\n\xff\xfe\n", ["config.yaml:2: is not text in UTF-8; save the file in that encoding"]),
    (b"state: a\n\nfetch: \x00\n", ["config.yaml:3: holds a control character; is it a text file? remove it"]),
    (b"#" * 1_000_001, ["config.yaml: is larger than 1000000 bytes; is it the right file?"]),
    # YAML
    (
        "state: a\nfetch:\n\tthreads: 3\n",
        [
            (
                "config.yaml:3: is not valid YAML: found character '\\t' that cannot start any token; "
                "compare indentation (blanks, no tabs), colons and quotes with the lines around"
            )
        ],
    ),
    (
        "a: 1\n---\nb: 2\n",
        [
            (
                "config.yaml:2: is not valid YAML: but found another document; "
                "compare indentation (blanks, no tabs), colons and quotes with the lines around"
            )
        ],
    ),
    ("[" * 20_000, ["config.yaml:1: is nested too deeply; compare it with the config.yaml of the project"]),
    ("state: a\nstate: b\n", ["config.yaml:2: state: stands twice, first on line 1; keep one of them"]),
    (
        "fetch: &f {threads: 3}\nextract: *f\n",
        ["config.yaml:1: extract: repeats a value by reference (*name); write the value out"],
    ),
    (
        "state: !!python/name:os.system x\n",
        [
            (
                "config.yaml:1: state: has the tag 'tag:yaml.org,2002:python/name:os.system'; "
                "remove it, only plain values are read"
            )
        ],
    ),
    (
        "outlets: {a: {name: !x b}}\n",
        ["config.yaml:1: outlets.a.name: has the tag '!x'; remove it, only plain values are read"],
    ),
    ("? [a]\n: 1\n", ["config.yaml:1: '?': is not a key; write a word and a colon"]),
    # keys
    ("fetch:\n  time_out: 3\n", ["config.yaml:2: fetch.time_out: is not a key here; did you mean `timeout_s`?"]),
    ("Digest:\n", ["config.yaml:1: Digest: is not a key here; did you mean `digest`?"]),
    (
        "extract: {zebra: 1}\n",
        ["config.yaml:1: extract.zebra: is not a key here; valid keys: workers"],
    ),
    ("fetch: 3\n", ["config.yaml:1: fetch: must hold keys with values, indented below it, not '3'"]),
    ("\n\noutlets: {a: {}}\n", ["config.yaml:3: outlets.a.name: is missing; add it"]),
    ("outlets: {a: }\n", ["config.yaml:1: outlets.a: must hold keys with values, indented below it, not nothing"]),
    (
        "outlets:\n  a: {name: A, sources: {id: b}}\n",
        ["config.yaml:2: outlets.a.sources: must be a list, each element after a dash (`- `), not a set of keys"],
    ),
    (
        SMALL + "        title: x\n",
        [
            (
                "config.yaml:7: outlets.wharf.sources[0].title: is not a key here; "
                "valid keys: id, url, kind, selectors, pages, match, lang, trusted, interval, robots, enabled"
            )
        ],
    ),
    (
        SMALL + "        trust: yes\n",
        ["config.yaml:7: outlets.wharf.sources[0].trust: is not a key here; did you mean `trusted`?"],
    ),
    # values
    (
        "fetch:\n  threads: -1\n  host_gap_s: -0.5\n",
        [
            "config.yaml:2: fetch.threads: must be greater than or equal to 1, not '-1'; mend the value or leave the key out",
            "config.yaml:3: fetch.host_gap_s: must be greater than or equal to 0, not '-0.5'; mend the value or leave the key out",
        ],
    ),
    (
        "fetch: {allow_private: maybe, max_bytes: 5 MB, timeout_s: .nan}\n",
        [
            "config.yaml:1: fetch.timeout_s: must be a number, not '.nan'; mend the value or leave the key out",
            "config.yaml:1: fetch.max_bytes: must be a whole number, not '5 MB'; mend the value or leave the key out",
            "config.yaml:1: fetch.allow_private: must be true or false, not 'maybe'; mend the value or leave the key out",
        ],
    ),
    (
        "fetch: {timeout_s: 90}\n",
        ["config.yaml:1: fetch: deadline_s (60) is less than timeout_s (90); raise it"],
    ),
    (
        'fetch: {contact: "me\\r\\nX-Evil: 1"}\n',
        [
            (
                "config.yaml:1: fetch.contact: 'me\\r\\nX-Evil: 1' is neither a mail address nor a web address; "
                "write one, or leave it empty"
            )
        ],
    ),
    (
        "stories: {operating_point: 1}\n",
        ["config.yaml:1: stories.operating_point: must be less than 1, not '1'; mend the value or leave the key out"],
    ),
    (
        "digest:\n  timezone: Europe/Brusels\n",
        ["config.yaml:2: digest.timezone: 'Europe/Brusels' is not a time zone; did you mean `Europe/Brussels`?"],
    ),
    (
        "digest: {timezone: ../x}\n",
        ["config.yaml:1: digest.timezone: '../x' is not a time zone; write it like `Europe/Brussels`"],
    ),
    *(
        (
            f"digest: {{time: '{bad}'}}\n",
            [f"config.yaml:1: digest.time: '{bad}' is not a time of day; write hours and minutes, for example `06:00`"],
        )
        for bad in ("24:00", "6", "06:60", "6 am", "360", "06:00:00")
    ),
    (
        "digest: {languages: [deutsch]}\n",
        ["config.yaml:1: digest.languages[0]: 'deutsch' is not a language code; write two letters, for example `en`"],
    ),
    (
        "outlets:\n  a: {name: ' '}\n",
        ["config.yaml:2: outlets.a.name: '' is not a name; write 1 to 200 characters on one line"],
    ),
    (
        'state: "a\\nb"\n',
        ["config.yaml:1: state: 'a\\nb' cannot be the name of a folder; write it on one line, in plain text"],
    ),
    (
        "state: ~nobody-of-that-name/news\n",
        ["config.yaml:1: state: the home folder in '~nobody-of-that-name/news' is not known; write the path in full"],
    ),
    (
        "relevance:\n  extra_terms:\n    en: {tariff: much}\n    Norsk: {toll: 1}\n",
        [
            "config.yaml:3: relevance.extra_terms.en.tariff: must be a number, not 'much'; mend the value or leave the key out",
            "config.yaml:4: relevance.extra_terms.Norsk: 'Norsk' is not a language code; write two letters, for example `en`",
        ],
    ),
    (
        "outlets: {A b: {name: x}}\n",
        ["config.yaml:1: outlets.'A b': 'A b' is not an id; use up to 64 of a-z, 0-9 and -, for example `my-source`"],
    ),
    *(
        (
            SMALL.replace("https://wharf.example/feed", f"'{bad}'"),
            [
                f"config.yaml:6: outlets.wharf.sources[0].url: '{bad}' is not a web address; write it in full, beginning with https://"
            ],
        )
        for bad in (
            "wharf.example/feed",
            "ftp://wharf.example/",
            "file:///feed",
            "https:///feed",
            "javascript:alert(1)",
            "https://a:0/",
            "",
        )
    ),
    (
        SMALL.replace("https://wharf.example/feed", "https://[wharf/"),
        [
            "config.yaml:6: outlets.wharf.sources[0].url: 'https://[wharf/' is not an address (Invalid IPv6 URL); copy it from the browser"
        ],
    ),
    (
        SMALL.replace("https://wharf.example/feed", '"https://wharf.example/a b"'),
        [
            (
                "config.yaml:6: outlets.wharf.sources[0].url: 'https://wharf.example/a b' is not an address; "
                "it must be printable, without blanks, up to 2048 long"
            )
        ],
    ),
    *(
        (
            SMALL + f"        interval: {bad}\n",
            [
                f"config.yaml:7: outlets.wharf.sources[0].interval: '{bad}' is out of bounds; write an interval from `1m` to `7d`"
            ],
        )
        for bad in ("59", "0", "8d", "999999999d")
    ),
    (
        SMALL + "        interval: hourly\n        kind: rss\n",
        [
            "config.yaml:7: outlets.wharf.sources[0].interval: 'hourly' is not an interval; write for example `30m`, `1h` or `1d`",
            (
                "config.yaml:8: outlets.wharf.sources[0].kind: must be 'feed', 'json', 'sitemap' or 'listing', not 'rss'; "
                "mend the value or leave the key out"
            ),
        ],
    ),
    # between sources
    (
        SMALL + "  quay:\n    name: Quay\n    sources:\n      - id: wharf-news\n        url: https://quay.example/\n",
        [
            "config.yaml:10: outlets.quay.sources[0].id: 'wharf-news' is already the id on line 5; give each source its own id"
        ],
    ),
    (
        SMALL + "      - id: again\n        url: https://wharf.example/feed\n",
        [
            "config.yaml:8: outlets.wharf.sources[1].url: 'https://wharf.example/feed' is already the url on line 6; ask each address once"
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), BAD)
def test_bad_file_is_explained(tmp_path: Path, text: str | bytes, expected: list[str]) -> None:
    """Each mistake is named with its line, its place, what is wrong and what to do."""
    assert sorted(problems(tmp_path, text)) == sorted(expected)


def test_bounds_of_an_interval(tmp_path: Path) -> None:
    """One interval is both bounds; a bound that is left out has its default; bounds the wrong way round are refused."""
    key = SMALL + "        interval: "
    found = [load(tmp_path, key + text + "\n").sources()[0] for text in ("2h", "{max: 1d}", "{min: 30m, max: 12h}")]
    assert [(s.interval_s, s.max_interval_s) for s in found] == [(7200, None), (3600, 86_400), (1800, 43_200)]
    (problem,) = problems(tmp_path, key + "{min: 7h}\n")
    assert problem.endswith("interval: max is shorter than min; swap them")
    (problem,) = problems(tmp_path, key + "{least: 7h}\n")
    assert "valid keys: min, max" in problem


def test_robots_are_obeyed_unless_told_otherwise(tmp_path: Path) -> None:
    """Only the word `ignore` leaves robots.txt out."""
    assert load(tmp_path, SMALL).sources()[0].obeys_robots
    assert not load(tmp_path, SMALL + "        robots: ignore\n").sources()[0].obeys_robots
    assert len(problems(tmp_path, SMALL + "        robots: sometimes\n")) == 1


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Somebody who mends a file need not start the monitor once for each mistake."""
    text = "fetch: {threads: x}\ndigest: {time: x}\ndigest: 1\nwat: 1\noutlets: {a: {name: A, sources: [{id: A, url: b}]}}\n"
    found = problems(tmp_path, text)
    assert [line.split(": ")[0:2] for line in found] == [
        ["config.yaml:1", "fetch.threads"],
        ["config.yaml:2", "digest.time"],
        ["config.yaml:3", "digest"],
        ["config.yaml:4", "wat"],
        ["config.yaml:5", "outlets.a.sources[0].id"],
        ["config.yaml:5", "outlets.a.sources[0].url"],
    ]


def test_folder_of_the_zone_data_is_no_time_zone(tmp_path: Path) -> None:
    """A name that the zone data know as a folder is refused like any other wrong one."""
    assert problems(tmp_path, "digest: {timezone: Europe}")[0].startswith(
        "config.yaml:1: digest.timezone: 'Europe' is not a time zone; "
    )


def test_missing_file_is_explained(tmp_path: Path) -> None:
    """A file that does not exist is named with the option that names another."""
    with pytest.raises(
        ConfigError, match=r"config\.yaml: does not exist; name a configuration file with --config FILE$"
    ):
        load_config(tmp_path / "config.yaml")


def test_folder_in_place_of_a_file_is_explained(tmp_path: Path) -> None:
    """A folder is not taken for a file, nor read as one."""
    with pytest.raises(ConfigError, match="is not a file"):
        load_config(tmp_path)


def test_unreadable_file_is_explained(tmp_path: Path) -> None:
    """What the operating system says reaches the reader in one line."""
    with pytest.raises(ConfigError, match=r"cannot be read \(File name too long\)"):
        load_config(tmp_path / ("x" * 300))


def test_config_error_ends_a_command_as_wrong_usage(tmp_path: Path) -> None:
    """A mistake in the configuration gives exit code 2 and its lines as message."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "a: 1\nb: 2\n")
    assert caught.value.exit_code == 2
    assert str(caught.value).splitlines() == caught.value.problems


# ---------------------------------------------------------------- anything at all

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.dates(),
    st.sampled_from(["1h", "en", "https://x.example/", "06:00", "UTC", "feed", "state", "wharf"]),
)  # fmt: skip
keys = st.one_of(
    st.text(max_size=8),
    st.integers(),
    st.sampled_from(
        [*Config.known_keys(), *config.SourceSettings.known_keys(), "extra_terms", "sources", "name", "wharf"]
    ),
)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


def check_either_way(folder: Path, text: str | bytes) -> None:
    """Load a file and hold that the outcome is a configuration or lines that each name the file."""
    try:
        loaded = load(folder, text)
    except ConfigError as error:
        lines = error.problems
    else:
        assert len({source.id for source in loaded.sources()}) == len(loaded.sources())
        return
    assert lines
    for line in lines:
        assert re.fullmatch(rf"{re.escape(str(folder))}/config\.yaml(:[1-9]\d*)?: \S.*", line)
        assert len(line.splitlines()) == 1
        line.encode()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees)
def test_any_tree_is_loaded_or_explained(tmp_path: Path, tree: object) -> None:
    """Whatever tree a YAML file holds, the outcome is a configuration or an explanation."""
    check_either_way(tmp_path, yaml.safe_dump(tree, allow_unicode=True))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(str.encode),
        st.text("{}[]:,-#&*!|>'\"\n a1~?%@\\x", max_size=40),
    )
)
@example(data="a: &a [*a]")
@example(data='state: "\\ud800"')
@example(data="!<x> a: b")
@example(data="<<: {fetch: {threads: 3}}")
@example(data="%YAML 9.9\n---\na: b")
@example(data="fetch: {timeout_s: !!float x, threads: !!int 3}")
@example(data="stories: {window_days: " + "9" * 5000 + "}")
def test_any_bytes_are_loaded_or_explained(tmp_path: Path, data: str | bytes) -> None:
    """Whatever bytes a file holds, the outcome is a configuration or an explanation."""
    check_either_way(tmp_path, data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_to_a_good_file_is_loaded_or_explained(tmp_path: Path, data: st.DataObject) -> None:
    """One value replaced by anything else never ends in a traceback."""
    tree: Any = {"state": "s", "fetch": {"threads": 2}, "digest": {"time": "06:00"}, **yaml.safe_load(SMALL)}
    node = tree
    while True:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(trees)
    check_either_way(tmp_path, yaml.safe_dump(tree, allow_unicode=True))


# ---------------------------------------------------------------- the shipped file


def test_shipped_file_watches_enough_sources_once_each() -> None:
    """The project's own configuration loads, with many sources that differ in id and address."""
    sources = load_config(SHIPPED).sources()
    assert len(sources) >= 25
    assert len({source.id for source in sources}) == len({source.url for source in sources}) == len(sources)
    assert sum(source.official for source in sources) >= 10
    assert 1 <= sum(source.trusted for source in sources) <= len(sources) / 4


def test_shipped_file_shows_the_defaults() -> None:
    """What the file shows for a key is what a file without that key means; the zone alone is a choice."""
    loaded = load_config(SHIPPED)
    for name, kind in sections():
        shown = getattr(loaded, name).model_dump(exclude={"timezone"})
        assert shown == kind().model_dump(exclude={"timezone"}), name
    assert (loaded.digest.timezone, config.DigestSettings().timezone) == ("Europe/Brussels", "UTC")


def test_shipped_file_shows_every_key_with_a_comment() -> None:
    """Every key that exists stands in the file, and a comment stands above or beside it."""
    text = SHIPPED.read_text(encoding="utf-8")
    lines = text.splitlines()
    for name, kind in sections():
        block = text[text.index(f"\n{name}:\n") :]
        for key in kind.known_keys():
            match = re.search(rf"\n  #[^\n]*\n  {key}:", block)
            assert match, f"{name}.{key}"
    for kind in (config.OutletSettings, config.SourceSettings):
        for key in kind.known_keys():
            assert any(re.match(rf"# +(- )?{key}: ?", line) for line in lines), key


def test_example_in_the_shipped_file_loads(tmp_path: Path) -> None:
    """The example of an outlet in the comments is right, and its notes on defaults too."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("#   my-outlet:"))
    block = [line.removeprefix("# ") for line in takewhile(lambda line: line != "#", lines[start:])]
    source, listing = load(tmp_path, "outlets:\n" + "\n".join(block)).sources()
    assert source == Source(
        "my-outlet-news",
        "my-outlet",
        "https://my-outlet.example/feed",
        lang="en",
        official=True,
        trusted=True,
        interval_s=3600,
        max_interval_s=6 * 3600,
        match="/en/news/",
    )
    assert listing == Source(
        "my-outlet-press",
        "my-outlet",
        "https://my-outlet.example/press",
        SourceKind.LISTING,
        official=True,
        max_interval_s=6 * 3600,
        pages=3,
        selectors=Selectors("div.press-item", "h3", "h3 a", ".date", "p", "a.next-page"),
    )
    assert config.SourceSettings(id="x", url="https://x.example/").interval.min == 3600


def test_place_is_written_as_people_write_it() -> None:
    """A place reads like a path, with odd keys in quotes."""
    assert configfile.place(("outlets", "wto", "sources", 0, "url")) == "outlets.wto.sources[0].url: "
    assert configfile.place(("a b", "x")) == "'a b'.x: "
    assert configfile.place(()) == ""
