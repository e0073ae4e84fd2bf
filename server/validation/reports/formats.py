"""The one table of formats: the command line, the documentation and the tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from ...records.policy import Verdict


@dataclass(frozen=True)
class Format:
    """One format: its name on the command line, who reads it, and the module that writes it."""

    name: str
    reader: str
    module: str = ""
    """Of this package; called like the format where nothing is said."""

    def render(self, verdict: Verdict) -> str:
        """Return a report; its module is imported when one is wanted, since some take long."""
        text: str = import_module(f"{__package__}.{self.module or self.name}").render(verdict)
        return text


FORMATS: Final = {
    one.name: one
    for one in (
        Format("text", "people, at a terminal"),
        Format("json", "programs of your own"),
        Format("sarif", "code scanning and editors (SARIF 2.1.0)"),
        Format("junit", "the test reports of CI servers (JUnit XML)"),
        Format("github", "GitHub, as annotations of a pull request (workflow commands)"),
        Format("gitlab", "GitLab, in a merge request (Code Quality)"),
        Format("markdown", "a job summary or a comment"),
        Format("html", "people, in a browser"),
        Format("turtle", "RDF tools (a SHACL validation report)", "shacl"),
    )
}
