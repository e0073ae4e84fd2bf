"""Which rules are of our own house: they hold a base of our form, and are advice for data of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ..records.findings import Finding, Severity
from . import shapes_lint
from .lint import form, names, text

HOUSE_RULES: Final = frozenset(
    rule.name for rule in (*form.RULES, *text.RULES, *names.RULES, shapes_lint.NO_MESSAGE, shapes_lint.NO_MEND)
)
"""Rules on how things are written: texts and their languages, names, prefixes, the messages of shapes."""


def as_advice(findings: Iterable[Finding]) -> set[Finding]:
    """Return findings about data of others, with what breaks a rule of our house as an info."""
    return {replace(one, severity=Severity.INFO) if one.rule in HOUSE_RULES else one for one in findings}
