"""Reads and writes a baseline: the findings that a base had when people began to look, one on a line."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ..errors import UnreadableError
from ..records.policy import Known, Standing, Verdict

_VERSION: Final = 1


def read_baseline(path: Path) -> tuple[Known, ...]:
    """Read a baseline. Raises UnreadableError when it is missing or not one."""
    mend = f"create it again with `akb check --write-baseline {path}`."
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        if document["version"] != _VERSION:
            raise UnreadableError(f"{path} is a baseline of version {document['version']}, not {_VERSION}.", mend)
        return tuple(Known(**{name: str(value) for name, value in entry.items()}) for entry in document["findings"])
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}.", mend) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{path} is not a baseline of akb.", mend) from error


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
