"""A proposal tried in a worker process, where it can be stopped: the tasks of the pool of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ..review.apart import settings_of
from ..store.interface import Queryable
from .deciding import changes_of
from .proposing import propose
from .records import Near
from .writing import outcome_record

TASKS: Final[Mapping[str, str]] = MappingProxyType(
    {"propose": f"{__name__}:work_out", "accept": f"{__name__}:work_out_accepted"}
)
"""The functions of this module as a pool takes them; they need to know what `review/apart.py` says."""


def given_to_propose(given: Any, near: Iterable[Near], *, texts: bool = False) -> dict[str, Any]:
    """Return what `work_out` is to work on; with `texts`, its record has the new texts of the files, by path."""
    return {"proposal": given, "near": [asdict(one) for one in near], "texts": texts}


def work_out(_store: Queryable, _folder: Path, around: Mapping[str, Any], given: Mapping[str, Any]) -> object:
    """Return the record of what was found of a proposal. Raises UsageError as `propose` does."""
    near = [Near(**one) for one in given["near"]]
    outcome = propose(settings_of(around), given["proposal"], near)
    return outcome_record(outcome) | ({"texts": dict(outcome.after)} if given.get("texts") else {})


def given_to_accept(proposal: Mapping[str, Any], who: str, over: Mapping[str, str]) -> dict[str, Any]:
    """Return what `work_out_accepted` is to work on."""
    return {"proposal": dict(proposal), "who": who, "over": dict(over)}


def work_out_accepted(_store: Queryable, _folder: Path, around: Mapping[str, Any], given: Mapping[str, Any]) -> object:
    """Return the change of files that an accepted proposal makes, as `review.apart.changes_of` reads it.

    Raises UsageError where the base cannot take it.
    """
    return asdict(changes_of(settings_of(around), given["proposal"], given["who"], given["over"]))
