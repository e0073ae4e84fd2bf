"""The corpus of faults: small bases, each with one fault, and what a check must find in them.

`clean/kb/` is a small base without a fault. Every other folder here is named after a fault and holds the files that
differ, and `expected.toml`: the fault in words, files to be taken away, the exit code, and every finding. The ontology
and the shapes are those of the repository.

After a change of a message, `python -m tests.faults.corpus` writes what is found now into every `expected.toml`. Read
its diff before you commit it: each place must be that of the fault.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from server.cli.main import main as akb

CORPUS = Path(__file__).parent
REPOSITORY = CORPUS.parent.parent
KEYS = ("rule", "severity", "file", "line", "column", "focus", "label", "message", "mend")


@dataclass(frozen=True)
class Fault:
    """A base with one fault; `expected` is what `expected.toml` says."""

    name: str
    expected: dict[str, Any]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What a check must find, in its order."""
        found: list[dict[str, Any]] = self.expected.get("finding", [])
        return found

    @property
    def is_of_kb(self) -> bool:
        """Whether nothing but files of `kb/` differ from the clean base."""
        paths = [path.relative_to(CORPUS / self.name).as_posix() for path in (CORPUS / self.name).rglob("*")]
        changed = [*paths, *self.expected.get("without", [])]
        return all(path in {"kb", "expected.toml"} or path.startswith("kb/") for path in changed)


def faults() -> list[Fault]:
    """Return all faults, by name."""
    names = sorted(path.parent.name for path in CORPUS.glob("*/expected.toml"))
    return [Fault(name, tomllib.loads((CORPUS / name / "expected.toml").read_text("utf-8"))) for name in names]


def telling(all_: Sequence[Fault]) -> list[Fault]:
    """Return faults that together break every rule in every severity, and those that are not in `kb/` alone."""
    seen: set[tuple[str, str]] = set()
    chosen = []
    for fault in all_:
        found = {(one["rule"], one["severity"]) for one in fault.findings}
        if not found <= seen or not fault.is_of_kb:
            chosen.append(fault)
            seen |= found
    return chosen


def lay_out(root: Path, fault: Fault | None) -> None:
    """Write the clean base to the folder `root`, and a fault over it."""
    for part in ("ontology", "shapes"):
        shutil.copytree(REPOSITORY / part, root / part)
    shutil.copytree(CORPUS / "clean" / "kb", root / "kb")
    if fault is not None:
        for name in fault.expected.get("without", []):
            (root / name).unlink()
        shutil.copytree(CORPUS / fault.name, root, dirs_exist_ok=True)
        (root / "expected.toml").unlink()


def checked(root: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Run `akb check` on a base; return its exit code, and its findings as `expected.toml` has them."""
    result = CliRunner().invoke(akb, ["check", "--root", str(root), "--format", "json", *options])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    findings = json.loads(result.stdout)["findings"]
    return result.exit_code, [{key: finding[key] for key in KEYS} for finding in findings]


def main() -> None:
    """Write what is found now into every `expected.toml`."""
    for fault in faults():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "base"
            lay_out(root, fault)
            code, findings = checked(root)
        head = {key: value for key, value in fault.expected.items() if key in {"fault", "without"}}
        tables = [head | {"exit": code}, *findings]
        # A string or a list of strings of JSON is one of TOML.
        blocks = ["".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items()) for table in tables]
        (CORPUS / fault.name / "expected.toml").write_text("\n[[finding]]\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
