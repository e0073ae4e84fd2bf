"""A decision worked out in a worker process, where it can be stopped: it reads and checks the whole base.

`work_out` is a task of the pool of queries (`store/worker.py`); what it takes and returns is what JSON can carry.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ..namespaces import Namespaces
from ..records.candidates import Decision, Signals
from ..records.findings import Constraint, Finding, Severity
from ..schema.reading import schema_of
from ..settings import Settings
from ..store.interface import Queryable
from ..turtle.reader import read_base
from .changes import checked, decide
from .records import EdgeWish, FileChanges, Verdict

TASKS: Final[Mapping[str, str]] = MappingProxyType({"decide": f"{__name__}:work_out"})
"""The function of this module as a pool takes it."""


def surroundings(settings: Settings) -> dict[str, bytes]:
    """Return what the task needs to know, beside the namespaces of the release."""
    return {"settings": pickle.dumps(replace(settings, credentials=None, review_key="", model_key=""))}


def settings_of(around: Mapping[str, Any]) -> Settings:
    """Return the settings of the process that started the worker."""
    # The web process, which starts the workers, wrote it.
    settings: Settings = pickle.loads(around["settings"])  # noqa: S301 - see above
    return settings


def given_to_decide(pair: tuple[str, str], signals: Signals, verdict: Verdict) -> dict[str, Any]:
    """Return what `work_out` is to work on."""
    return {"pair": pair, "signals": asdict(signals), "verdict": asdict(verdict)}


def work_out(_store: Queryable, _folder: Path, around: Mapping[str, Any], given: Mapping[str, Any]) -> object:
    """Return the change of files that a decision makes, checked. Raises UsageError as `decide` and `checked` do."""
    settings = settings_of(around)
    base = read_base(settings.root, Namespaces(**around["namespaces"]))
    said = given["verdict"]
    verdict = Verdict(**{**said, "edge": said["edge"] and EdgeWish(**said["edge"])})
    first, second = given["pair"]
    changes = decide(base, schema_of(base), (first, second), Signals(**given["signals"]), verdict)
    return asdict(checked(settings, changes))


def changes_of(found: Mapping[str, Any]) -> FileChanges:
    """Return the change of files from what `work_out` returned."""
    return FileChanges(
        found["before"],
        found["after"],
        tuple(Decision(**{**one, "signals": Signals(**one["signals"])}) for one in found["decisions"]),
        tuple(
            Finding(
                **{
                    **one,
                    "severity": Severity(one["severity"]),
                    "constraint": one["constraint"] and Constraint(**one["constraint"]),
                }
            )
            for one in found["warnings"]
        ),
    )
