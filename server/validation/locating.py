"""Locates focus nodes in files, and makes findings with their positions."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from rdflib import RDFS, SKOS, BNode, Literal, URIRef

from ..namespaces import REVIEW
from ..records.findings import Finding, Severity
from ..turtle.base import Base
from ..turtle.blanks import BlankNodes
from ..turtle.edges import VOCAB
from ..turtle.positions import Term
from ..turtle.source_files import SourceFile
from ..turtle.statements import iri_of, literal_of, value_of


class Locator:
    """Finds focus nodes in files: those of `kb/` first, then those of the ontology, then `others` such as shapes.

    With `nodes`, only findings about those, and about blank nodes, are wanted: others get no place, which takes time.
    """

    def __init__(self, base: Base, others: tuple[SourceFile, ...] = (), nodes: Collection[str] | None = None) -> None:
        self._base = base
        self._nodes = nodes
        self._names: dict[str, dict[str, list[tuple[str, str]]]] = {}
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
        value: str | Term = "",
        file: SourceFile | None = None,
        severity: Severity = Severity.VIOLATION,
        about: tuple[str, ...] | None = None,
    ) -> Finding:
        """Make a finding about a node (given by its IRI, or its label), at the place of the triple that is wrong.

        That is the triple of `subject` (the focus node, unless it is another) with `predicate` and `value`, a term or
        the text of one; what is left out may be anything, and so may what no triple has. Without a predicate
        and a value, and where something is missing, it is the line on which statements about the subject start.
        With `file`, only that file is looked at. `about` is what else distinguishes the finding from others of the
        rule at the node; where it is not given, its message does.
        """
        owner = self.owner(focus)
        is_wanted = self._nodes is None or owner in self._nodes or not owner
        path, line, column = self.place(subject or focus, predicate, value, file) if is_wanted else ("", 0, 0)
        said = about if about is not None else (" ".join(message.split()),)
        return Finding(
            file=path,
            line=line,
            column=column,
            focus=self._base.namespaces.compact(owner) if owner else "",
            label=self.label(owner) if is_wanted and owner else "",
            rule=rule,
            message=message,
            mend=mend,
            severity=severity,
            key=(rule, self.key(focus) or path, predicate, self.written(value), *said),
        )

    def key(self, node: str) -> str:
        """Return a node as findings are distinguished by it: a blank one by its place and what is said of it."""
        return self._blanks.key(label) if (label := f"_:{node}") in self._blanks else node

    def written(self, value: str | Term) -> str:
        """Return a value as findings are distinguished by it: a term as in N-Triples, a blank node as `key` has it."""
        if isinstance(value, BNode) or value in self._blanks:
            return self.key(str(value).removeprefix("_:"))
        return value.n3() if isinstance(value, URIRef | Literal) else value

    def owner(self, node: str) -> str:
        """Return the named node that a blank node belongs to (or an empty string); a named one as it is."""
        return self._blanks.place(label)[0].strip("<>") if (label := f"_:{node}") in self._blanks else node

    def place(
        self, subject: str, predicate: str = "", value: str | Term = "", file: SourceFile | None = None
    ) -> tuple[str, int, int]:
        """Return the file, line and column of a triple, or ("", 0, 0) when no file speaks of its subject.

        Line and column are 0 where the file has no positions.
        """
        files = [file] if file is not None else self._describing.get(subject, [])
        for pattern in ((subject, predicate, value), (subject, predicate), (subject,)):
            for candidate in files:
                if place := candidate.places.find(*pattern):
                    return candidate.path, *place
        if f"_:{subject}" in self._blanks:
            # It has no position of its own, and the node that has it may have one.
            holder, step = self._blanks.holder(f"_:{subject}") or ("", "")
            return self.place(iri_of(holder), iri_of(step), file=file) if holder else (files[0].path, 0, 0)
        naming = file or (files[0] if files else self._naming.get(subject))
        if naming is None:
            return "", 0, 0
        # What is said of a file as a whole is at its start.
        start = (1, 1) if file is not None and not file.is_rewritten else (0, 0)
        return naming.path, *(naming.places.mention(subject) or start)

    def label(self, focus: str) -> str:
        """Return the name of a node, in English if it has one; for an edge, the CURIEs of what it joins; or nothing."""
        for file in self._describing.get(focus, []):
            said = self._names_in(file).get(focus, [])
            labels = [literal for predicate, value in said if predicate in _LABELS and (literal := literal_of(value))]
            if labels:
                return min(labels, key=lambda label: (label.language != "en", label.text)).text
            ends = [next((iri_of(value) for predicate, value in said if predicate == end), "") for end in _ENDS]
            if all(ends):
                return " ".join(map(self._base.namespaces.compact, ends))
        return ""

    def _names_in(self, file: SourceFile) -> dict[str, list[tuple[str, str]]]:
        """Return what a file says of each node that names it: read once, since many findings may be in one file."""
        if file.path not in self._names:
            found: dict[str, list[tuple[str, str]]] = {}
            for subject, predicate, value in file.statements:
                if predicate in _LABELS or predicate in _ENDS:
                    found.setdefault(iri_of(subject), []).append((predicate, value))
            self._names[file.path] = found
        return self._names[file.path]

    @cached_property
    def _describing(self) -> dict[str, list[SourceFile]]:
        """The files in which each node is a subject, in the order of `_all`."""
        files: dict[str, list[SourceFile]] = {}
        for file in self._all:
            for subject in dict.fromkeys(line.partition(" ")[0] for line in file.ntriples.split("\n") if line):
                files.setdefault(iri_of(subject), []).append(file)
        return files

    @cached_property
    def _blanks(self) -> BlankNodes:
        """The blank nodes of all files."""
        files = (file for file in self._all if "_:" in file.ntriples)
        return BlankNodes(statement for file in files for statement in file.statements)

    @cached_property
    def _naming(self) -> dict[str, SourceFile]:
        """The first file that names each node as an object; asked only for nodes that no file describes."""
        return {value_of(value): file for file in reversed(self._all) for _, _, value in file.statements}


_LABELS = frozenset(f"<{iri}>" for iri in (SKOS.prefLabel, RDFS.label))
_ENDS = tuple(f"<{VOCAB[end]}>" for end in ("subject", "predicate", "object"))
