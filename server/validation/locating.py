"""Locates focus nodes in files, and makes findings with their positions."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from rdflib import RDFS, SKOS

from ..namespaces import REVIEW
from ..records.findings import Finding, Severity
from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.source_files import SourceFile
from ..turtle.statements import iri_of, is_blank, literal_of, value_of


class Locator:
    """Finds focus nodes in files: those of `kb/` first, then those of the ontology, then `others` such as shapes.

    With `nodes`, only findings about those, and about blank nodes, are wanted: others get no place, which takes time.
    """

    def __init__(self, base: Base, others: tuple[SourceFile, ...] = (), nodes: Collection[str] | None = None) -> None:
        self._base = base
        self._nodes = nodes
        # A review speaks of its pair too; what is said of an entity in its own file comes first.
        files = sorted(base.all_files, key=lambda file: file.path.startswith(f"kb/{REVIEW}/"))
        self._all = (*files, *base.ontology_files, *others)

    def finding(
        self,
        rule: str,
        focus: str,
        message: str,
        mend: str,
        *,
        subject: str = "",
        predicate: str = "",
        value: str = "",
        file: SourceFile | None = None,
        severity: Severity = Severity.VIOLATION,
    ) -> Finding:
        """Make a finding about a node (given by its IRI), at the place of the triple that is wrong.

        That is the triple of `subject` (the focus node, unless it is another) with `predicate` and `value`, an IRI or
        the text of a literal; what is left out may be anything, and so may what no triple has. Without a predicate
        and a value, and where something is missing, it is the line on which statements about the subject start.
        With `file`, only that file is looked at.
        """
        owner, step = self._owner(focus)
        if step:
            # Nobody can look for a blank node: the finding is about the node that has it.
            focus, subject, predicate, value = owner, owner, step, ""
        is_wanted = self._nodes is None or focus in self._nodes or focus in self._blanks
        path, line, column = self.place(subject or focus, predicate, value, file) if is_wanted else ("", 0, 0)
        return Finding(
            file=path,
            line=line,
            column=column,
            focus="" if focus in self._blanks else self._base.namespaces.compact(focus),
            label=self.label(focus) if is_wanted and focus not in self._blanks else "",
            rule=rule,
            message=message,
            mend=mend,
            severity=severity,
        )

    def place(
        self, subject: str, predicate: str = "", value: str = "", file: SourceFile | None = None
    ) -> tuple[str, int, int]:
        """Return the file, line and column of a triple, or ("", 0, 0) when no file speaks of its subject."""
        files = [file] if file is not None else self._describing.get(subject, [])
        for pattern in dict.fromkeys(((subject, predicate, value), (subject, predicate), (subject,))):
            for candidate in files:
                if place := candidate.places.find(*pattern):
                    return candidate.path, *place
        if subject in self._blanks and files:
            # It has another name in each reading of its file.
            return files[0].path, *files[0].places.first_blank()
        naming = file or (files[0] if files else self._naming.get(subject))
        if naming is None:
            return "", 0, 0
        return naming.path, *naming.places.mention(subject)

    def label(self, focus: str) -> str:
        """Return the name of a node, in English if it has one; for an edge, the CURIEs of what it joins; or nothing."""
        for file in self._describing.get(focus, []):
            said = [(predicate, value) for subject, predicate, value in file.statements if iri_of(subject) == focus]
            labels = [literal for predicate, value in said if predicate in _LABELS and (literal := literal_of(value))]
            if labels:
                return min(labels, key=lambda label: (label.language != "en", label.text)).text
            ends = [next((iri_of(value) for predicate, value in said if predicate == end), "") for end in _ENDS]
            if all(ends):
                return " ".join(map(self._base.namespaces.compact, ends))
        return ""

    @cached_property
    def _describing(self) -> dict[str, list[SourceFile]]:
        """The files in which each node is a subject, in the order of `_all`."""
        files: dict[str, list[SourceFile]] = {}
        for file in self._all:
            for subject in dict.fromkeys(line.partition(" ")[0] for line in file.ntriples.split("\n") if line):
                files.setdefault(iri_of(subject), []).append(file)
        return files

    def _owner(self, node: str) -> tuple[str, str]:
        """Return the named node that a blank node belongs to, and by which predicate; a named one as it is."""
        step, seen = "", set[str]()
        while node in self._blanks and (holder := self._blanks[node]) and node not in seen:
            seen.add(node)
            node, step = holder
        return node, step

    @cached_property
    def _blanks(self) -> dict[str, tuple[str, str] | None]:
        """The labels of the blank nodes, each with a node that holds it and the predicate, if there is one."""
        blanks: dict[str, tuple[str, str] | None] = {}
        for file in self._all:
            if "_:" not in file.ntriples:
                continue
            for subject, predicate, value in file.statements:
                if is_blank(subject):
                    blanks.setdefault(iri_of(subject), None)
                if is_blank(value):
                    blanks[iri_of(value)] = iri_of(subject), iri_of(predicate)
        return blanks

    @cached_property
    def _naming(self) -> dict[str, SourceFile]:
        """The first file that names each node as an object; asked only for nodes that no file describes."""
        return {value_of(value): file for file in reversed(self._all) for _, _, value in file.statements}


_LABELS = frozenset(f"<{iri}>" for iri in (SKOS.prefLabel, RDFS.label))
_ENDS = tuple(f"<{VOCAB[end]}>" for end in ("subject", "predicate", "object"))
