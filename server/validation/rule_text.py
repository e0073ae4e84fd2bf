"""Rules that are written in Python, as their readers know them."""

from __future__ import annotations

from dataclasses import dataclass

from ..records.findings import Finding, Severity
from ..turtle.source_files import SourceFile
from .locating import Locator


@dataclass(frozen=True)
class RuleText:
    """What a rule is called and says. `message` and `mend` hold names in braces, which each finding fills."""

    name: str
    meaning: str
    message: str
    mend: str
    severity: Severity = Severity.WARNING

    def broken_by(
        self,
        locator: Locator,
        focus: str,
        predicate: str = "",
        value: str = "",
        within: SourceFile | None = None,
        /,
        **words: str,
    ) -> Finding:
        """Return the finding that a triple breaks the rule, or with the focus node alone that something is missing.

        With `within`, the place is looked for in that file only.
        """
        # rdflib's terms are strings that equal no plain one.
        return locator.finding(
            self.name,
            str(focus),
            self.message.format_map(words),
            self.mend.format_map(words),
            predicate=str(predicate),
            value=str(value),
            file=within,
            severity=self.severity,
        )

    def broken_at(self, file: str, line: int, column: int, focus: str = "", /, **words: str) -> Finding:
        """Return the finding that the rule is broken at a place in a file, and not by a triple."""
        message, mend = self.message.format_map(words), self.mend.format_map(words)
        return Finding(file, line, column, focus, "", self.name, message, mend, self.severity)
