"""Import contracts hold in every package: an import of each foreign library is found wherever it is planted."""

from __future__ import annotations

import sys
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract

ROOT = Path(__file__).parent.parent
CONTRACTS: list[dict[str, Any]] = [
    one
    for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if one["type"] == "forbidden"
]
SESSION = {"root_packages": ["server"], "include_external_packages": "true"}
ALLOWED = [
    (library, owner) for one in CONTRACTS for owner, library in (rule.split(" -> ") for rule in one["ignore_imports"])
]


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    configure()
    return grimp.build_graph("server", include_external_packages=True)


def is_owner(module: str, pattern: str) -> bool:
    """Tell whether a pattern names a module: `*` stands for one name, `**` for one or several."""
    names, wanted = module.split("."), pattern.split(".")
    if wanted[-1] == "**":
        return len(names) >= len(wanted) and names[: len(wanted) - 1] == wanted[:-1]
    return len(names) == len(wanted) and all(one in (name, "*") for name, one in zip(names, wanted, strict=True))


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one["name"])
def test_an_import_that_is_planted_anywhere_else_is_found(contract: dict[str, Any], imports: grimp.ImportGraph) -> None:
    options = {key: value for key, value in contract.items() if key not in ("name", "type")}
    planted = set()
    modules = [one for one in imports.modules if one.startswith("server") and not imports.is_module_squashed(one)]
    for library in contract["forbidden_modules"]:
        owners = [owner for name, owner in ALLOWED if name == library]
        planted |= {(one, library) for one in modules if not any(is_owner(one, owner) for owner in owners)}
    graph = deepcopy(imports)
    for module, library in planted:
        graph.add_import(importer=module, imported=library, line_number=1, line_contents=f"import {library}")
    checked = ForbiddenContract(contract["name"], SESSION, options | {"allow_indirect_imports": "true"}).check(
        graph, verbose=False
    )
    found = {
        (link["importer"], link["imported"])
        for chains in checked.metadata["invalid_chains"]
        for chain in chains["chains"]
        for link in chain
    }
    assert found == planted
    assert {module.split(".")[1] for module, _ in planted if "." in module} >= {"review", "history", "records"}


def test_every_library_that_the_engine_needs_has_an_owner(imports: grimp.ImportGraph) -> None:
    """A library that any package may use is named here, with the reason."""
    anywhere = {
        "filelock": "a lock is needed wherever something is written",
        "rapidfuzz": "what was meant is guessed in checks, lists, and searches",
    }
    used = {one for one in imports.modules if imports.is_module_squashed(one)}
    assert used - sys.stdlib_module_names - {"_typeshed"} == {library for library, _ in ALLOWED} | anywhere.keys()
