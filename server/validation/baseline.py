"""Reads and writes a baseline: the findings that a base had when people began to look, one on a line."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from ..records.findings import Finding
from ..records.policy import Known, Standing, Verdict

_VERSION: Final = 2


UNREADABLE: Final = "baseline-unreadable"


def read_baseline(path: Path) -> tuple[Known, ...] | Finding:
    """Read a baseline; where it is missing or not one, a finding says so, and where."""
    mend = f"create it again with `akb check --write-baseline {path}`."

    def refuse(what: str, line: int = 1, column: int = 1) -> Finding:
        return Finding(str(path.absolute()), line, column, "", "", UNREADABLE, what, mend, blocks=True)

    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        if document["version"] != _VERSION:
            return refuse(f"This is a baseline of version {document['version']}, not {_VERSION}.")
        return tuple(Known(**{name: str(value) for name, value in entry.items()}) for entry in document["findings"])
    except OSError as error:
        return replace(refuse(f"The baseline cannot be read: {error.strerror}."), line=0, column=0)
    except json.JSONDecodeError as error:
        return refuse(f"This is not a baseline: {error.msg}.", error.lineno, error.colno)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return refuse("This is not a baseline of akb.")


def baseline_text(verdict: Verdict) -> str:
    """Return the text of a baseline with what is not waived, sorted, one finding on a line, so that diffs are small."""
    known = sorted(
        (
            Known(
                fingerprint=judged.fingerprint,
                rule=judged.finding.rule,
                focus=judged.finding.focus,
                file=judged.finding.file,
                message=judged.finding.message,
            )
            for judged in verdict.standing(Standing.NEW, Standing.KNOWN)
        ),
        key=lambda one: (one.file, one.focus, one.rule, one.message, one.fingerprint),
    )
    lines = ",\n".join("  " + json.dumps(asdict(one), ensure_ascii=False) for one in known)
    return f'{{"version": {_VERSION}, "findings": [\n{lines}\n]}}\n'
