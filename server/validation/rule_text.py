"""Rules that are written in Python, as their readers know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..records.findings import Finding, Severity
from ..turtle.positions import Term
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
        value: str | Term = "",
        within: SourceFile | None = None,
        /,
        **words: str,
    ) -> Finding:
        """Return the finding that a triple breaks the rule, or with the focus node alone that something is missing.

        With `within`, the place is looked for in that file only.
        """
        return locator.finding(
            self.name,
            str(focus),
            self.message.format_map(words),
            self.mend.format_map(words),
            predicate=str(predicate),
            value=value,
            file=within,
            severity=self.severity,
            about=_about(words),
        )

    def broken_at(self, file: str, line: int, column: int, focus: str = "", /, **words: str) -> Finding:
        """Return the finding that the rule is broken at a place in a file, and not by a triple."""
        message, mend = self.message.format_map(words), self.mend.format_map(words)
        key = (self.name, focus or file, *_about(words))
        return Finding(file, line, column, focus, "", self.name, message, mend, self.severity, key=key)


def _about(words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words that say what is wrong; what is suggested depends on what else there is."""
    return tuple(f"{name}={word}" for name, word in sorted(words.items()) if name != "suggestion")
