"""Says where a focus node stands, and makes findings that carry their place."""

from __future__ import annotations

from functools import cached_property

from rdflib import RDFS, SKOS, URIRef

from ..records import Finding, Severity
from ..turtle.reader import Base, SourceFile


class Locator:
    """Finds focus nodes in files: those of `kb/` first, then those of the ontology, then `others` such as shapes."""

    def __init__(self, base: Base, others: tuple[SourceFile, ...] = ()) -> None:
        self._base = base
        self._all = (*base.files, *base.ontology_files, *others)

    def finding(
        self,
        rule: str,
        focus: str,
        message: str,
        mend: str,
        *,
        predicate: str = "",
        value: str = "",
        severity: Severity = Severity.VIOLATION,
    ) -> Finding:
        """Make a finding about a node, at the place of the triple that is wrong.

        That is the triple with `predicate` and `value` (an IRI, or the text of a literal; each may be left out), and
        where there is none, the line on which statements about the node start.
        """
        file, line, column = self.place(focus, predicate, value)
        return Finding(
            file=file,
            line=line,
            column=column,
            focus=self._base.namespaces.compact(focus),
            label=self.label(focus),
            rule=rule,
            message=message,
            mend=mend,
            severity=severity,
        )

    def place(self, focus: str, predicate: str = "", value: str = "") -> tuple[str, int, int]:  # noqa: ARG002 - the position-keeping reader comes next
        """Return the file, line and column of a triple of a node, or ("", 0, 0) when no file speaks of it."""
        file = self._files.get(focus)
        if file is None:
            return "", 0, 0
        return file.path, file.line_of(focus), 0

    def label(self, focus: str) -> str:
        """Return the name of a node, in English if it has one, or nothing."""
        file = self._files.get(focus)
        if file is None:
            return ""
        node = URIRef(focus)
        labels = [*file.graph.objects(node, SKOS.prefLabel), *file.graph.objects(node, RDFS.label)]
        labels.sort(key=lambda label: (getattr(label, "language", None) != "en", str(label)))
        return str(labels[0]) if labels else ""

    @cached_property
    def _files(self) -> dict[str, SourceFile]:
        # A node that is only named somewhere is located there; where it is a subject comes first.
        named = {str(node): file for file in reversed(self._all) for node in file.graph.objects()}
        return named | {str(node): file for file in reversed(self._all) for node in file.graph.subjects()}
