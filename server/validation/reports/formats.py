"""The one table of formats: the command line, the documentation and the tests read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ...records.policy import Verdict
from . import github, gitlab, html, json, junit, markdown, sarif, shacl, text


@dataclass(frozen=True)
class Format:
    """One format: its name on the command line, who reads it, and the function that writes it."""

    name: str
    reader: str
    render: Callable[[Verdict], str]


FORMATS: Final = {
    one.name: one
    for one in (
        Format("text", "people, at a terminal", text.render),
        Format("json", "programs of your own", json.render),
        Format("sarif", "code scanning and editors (SARIF 2.1.0)", sarif.render),
        Format("junit", "the test reports of CI servers (JUnit XML)", junit.render),
        Format("github", "GitHub, as annotations of a pull request (workflow commands)", github.render),
        Format("gitlab", "GitLab, in a merge request (Code Quality)", gitlab.render),
        Format("markdown", "a job summary or a comment", markdown.render),
        Format("html", "people, in a browser", html.render),
        Format("turtle", "RDF tools (a SHACL validation report)", shacl.render),
    )
}
