"""Encoders by name: any model of model2vec or sentence-transformers, or a folder with an ONNX model and its tokenizer.

`model2vec:NAME`, `sentence-transformers:NAME` and `onnx:NAME`, where the name is a local folder or a model on the
Hugging Face hub. Nothing is downloaded unless the configuration allows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from monitor.crosslingual.encoder import Vectors, base_language, installed, of_length_one
from monitor.errors import ConfigError

#: texts that one run of an ONNX model is given
_BATCH = 32
#: tokens of a text that an ONNX model is given
_MOST_TOKENS = 256

Encode = Callable[[list[str]], npt.ArrayLike]


class Named:
    """An encoder of another library, loaded with its first text."""

    def __init__(self, kind: str, model: str, languages: Sequence[str], *, download: bool) -> None:
        """Look for the library and, for a local folder, for what is in it.

        Args:
            kind: one of `LIBRARIES`.
            model: a local folder, or a name on the hub.
            languages: those that the model knows; without any it is taken to know all.
            download: whether a model that is not on this machine may be fetched.

        """
        self.name = f"{kind}:{model}"
        package = LIBRARIES[kind][0]
        self.version = f"{package} {installed(package, f'run `pip install {package}`')}{_contents(Path(model))}"
        self._kind, self._model, self._download = kind, model, download
        self._languages = frozenset(map(base_language, languages))

    def knows(self, lang: str | None) -> bool:
        """Tell whether it was made for a language; one that is not known is left to the default way."""
        return lang is not None and (not self._languages or base_language(lang) in self._languages)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of some texts, shape (len(texts), dimensions of the model)."""
        return of_length_one(self._encode(list(texts)))

    @cached_property
    def _encode(self) -> Encode:
        """Load the model."""
        folder = Path(self._model)
        if not folder.is_dir():
            folder = _from_hub(self.name, self._model, download=self._download)
        return LIBRARIES[self._kind][1](self.name, folder)


def _contents(folder: Path) -> str:
    """Return what tells the files of a local folder from others of the same name; nothing for a name on the hub."""
    if not folder.is_dir():
        return ""
    try:
        # weights lie at the top, or one folder below: a deep tree is no model and is not walked through
        files = sorted(path for path in (*folder.glob("*"), *folder.glob("*/*")) if path.is_file())
        told = "".join(f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}\n" for p in files)
    except OSError as error:
        message = f"crosslingual.model: {folder} cannot be read ({error.strerror}): name the folder of a model"
        raise ConfigError([message]) from error
    return f", files {hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _from_hub(name: str, model: str, *, download: bool) -> Path:
    """Return the folder of a model of the hub; unless downloading is allowed, the one that is there already."""
    hub = _module(name, "huggingface_hub")
    try:
        return Path(hub.snapshot_download(model, local_files_only=not download))
    except (OSError, ValueError) as error:  # the errors of the hub are of these two kinds
        remedy = "try again" if download else "give a local folder, or allow it with `download: true`"
        first = str(error).partition("\n")[0][:200]
        raise ConfigError([f"crosslingual.model: {name} is not on this machine ({first}): {remedy}"]) from error


def _module(name: str, module: str) -> Any:  # noqa: ANN401 - what these libraries give has no common type
    """Import what an encoder needs."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.replace("_", "-")
        raise ConfigError([f"crosslingual.model: {name} needs {package}: run `pip install {package}`"]) from error


def _model2vec(name: str, folder: Path) -> Encode:
    """Load static vectors."""
    model = _loaded(name, lambda: _module(name, "model2vec").StaticModel.from_pretrained(str(folder)))
    encode: Encode = model.encode
    return encode


def _sentence_transformers(name: str, folder: Path) -> Encode:
    """Load a transformer."""
    library = _module(name, "sentence_transformers")
    model = _loaded(name, lambda: library.SentenceTransformer(str(folder), local_files_only=True))
    return partial(model.encode, show_progress_bar=False)


def _onnx(name: str, folder: Path) -> Encode:
    """Load an ONNX model with its tokenizer; the vector of a text is the mean over its tokens."""
    runtime, tokenizers = _module(name, "onnxruntime"), _module(name, "tokenizers")
    files = [path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()]
    if not files or not (folder / "tokenizer.json").is_file():
        raise ConfigError([f"crosslingual.model: {folder} holds no model.onnx with a tokenizer.json: name another"])
    session = _loaded(name, lambda: runtime.InferenceSession(str(files[0]), providers=["CPUExecutionProvider"]))
    tokenizer = _loaded(name, lambda: tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")))
    tokenizer.enable_truncation(_MOST_TOKENS)
    tokenizer.enable_padding()
    wanted = {given.name for given in session.get_inputs()}

    def encode(texts: list[str]) -> npt.ArrayLike:
        parts = [texts[n : n + _BATCH] for n in range(0, len(texts), _BATCH)]
        return np.concatenate([_mean(session, wanted, tokenizer.encode_batch(part)) for part in parts])

    return encode


def _mean(session: Any, wanted: set[str], tokens: Sequence[Any]) -> npt.NDArray[np.float32]:  # noqa: ANN401 - no types
    """Return the mean over the tokens of each text."""
    ids = np.array([t.ids for t in tokens], dtype=np.int64)
    mask = np.array([t.attention_mask for t in tokens], dtype=np.int64)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (states, *_) = session.run(None, {name: value for name, value in given.items() if name in wanted})
    weights = mask[..., None].astype(np.float32)
    return np.asarray((states * weights).sum(axis=1) / weights.sum(axis=1), dtype=np.float32)


def _loaded(name: str, load: Callable[[], Any]) -> Any:  # noqa: ANN401 - what these libraries give has no common type
    """Return a loaded model; whatever the library says of files it cannot use becomes one line."""
    try:
        return load()
    except ConfigError:
        raise
    except Exception as error:  # these libraries have no common error, and this is outside input
        first = str(error).partition("\n")[0][:200]
        raise ConfigError([f"crosslingual.model: {name} cannot be loaded ({first}): name another model"]) from error


#: the package of each kind, and what loads a model of it
LIBRARIES: dict[str, tuple[str, Callable[[str, Path], Encode]]] = {
    "model2vec": ("model2vec", _model2vec),
    "onnx": ("onnxruntime", _onnx),
    "sentence-transformers": ("sentence-transformers", _sentence_transformers),
}
