"""A proposal tried in a worker process, where it can be stopped: `work_out` is a task of the pool of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ..review.apart import settings_of
from ..store.interface import Queryable
from .proposing import propose
from .records import Near
from .writing import outcome_record

TASKS: Final[Mapping[str, str]] = MappingProxyType({"propose": f"{__name__}:work_out"})
"""The function of this module as a pool takes it; it needs to know what `review/apart.py` says."""


def given_to_propose(given: Any, near: Iterable[Near]) -> dict[str, Any]:
    """Return what `work_out` is to work on."""
    return {"proposal": given, "near": [asdict(one) for one in near]}


def work_out(_store: Queryable, _folder: Path, around: Mapping[str, Any], given: Mapping[str, Any]) -> object:
    """Return the record of what was found of a proposal. Raises UsageError as `propose` does."""
    near = [Near(**one) for one in given["near"]]
    return outcome_record(propose(settings_of(around), given["proposal"], near))
