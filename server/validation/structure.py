"""What can be said of each file alone: what it is named, what it describes, and that it has no blank node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from rdflib import OWL, RDF

from ..namespaces import REVIEW, SLUG
from ..records.findings import Finding, Severity
from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.source_files import SourceFile
from ..turtle.statements import iri_of, is_blank, is_iri, value_of
from .locating import Locator
from .rule_text import RuleText

SYNTAX = RuleText(
    "syntax",
    "Each file of kb/ is Turtle in UTF-8, and its name ends with .ttl.",
    "Not Turtle: {fault}.",
    "look at this place and the end of the statement before it: a missing ; . or quote is usual.",
    Severity.VIOLATION,
)
"""Broken by what the reader finds."""
FOLDER = RuleText(
    "folder",
    "Each file is in kb/<class>/.",
    "The folder {folder} is not one of the classes.",
    f"move the file to kb/<class>/, where <class> is one of {{classes}}, or a decision on a pair to kb/{REVIEW}/.",
    Severity.VIOLATION,
)
FILE_NAME = RuleText(
    "file-name",
    "The name of a file is the slug of its entity.",
    "The file name {name} is not a slug.",
    "use lower-case letters, digits and single hyphens, and end it with .ttl.",
    Severity.VIOLATION,
)
FILE_OF_ANOTHER = RuleText(
    "file-of-another",
    "A file describes the entity of its name.",
    "The file does not describe {entity}, the entity of its name.",
    "rename the file after the entity in it, or describe {entity} in it.",
    Severity.VIOLATION,
)
BLANK_NODE = RuleText(
    "blank-node",
    "Each node in kb/ has an IRI.",
    "The file has a blank node ([...], (...) or _:name), which nobody can link to.",
    "give the node an IRI of its own, or say it with plain properties.",
    Severity.VIOLATION,
)
FOREIGN_SUBJECT = RuleText(
    "foreign-subject",
    "A file describes one entity, and its edges.",
    "The file is about {entity}, and describes {other} too.",
    "move those statements to that entity's own file; if the name is a slip, correct it.",
    Severity.VIOLATION,
)
MISPLACED_EDGE = RuleText(
    "edge-in-wrong-file",
    "An edge is in the file of the entity from which it starts.",
    "The edge starts from {owner}, and is in the file of {entity}.",
    "move the edge and its plain triple to the file of {owner}.",
    Severity.VIOLATION,
)

REVIEW_NAME = RuleText(
    "review-name",
    "A review is in kb/review/, and its name is made from its pair.",
    "The file name is that of {entity}, while the members of the review make {expected}.",
    "rename the file and the review in it; if a member is wrong, correct it.",
    Severity.VIOLATION,
)

RULES = (SYNTAX, FOLDER, FILE_NAME, FILE_OF_ANOTHER, BLANK_NODE, FOREIGN_SUBJECT, MISPLACED_EDGE, REVIEW_NAME)


def structural_findings(base: Base, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with the form of each file of `kb/`."""
    for file in base.files:
        yield from _of_file(base, file, locator)


def _of_file(base: Base, file: SourceFile, locator: Locator) -> Iterator[Finding]:
    path = PurePosixPath(file.path)
    folder, slug = path.parent.name, path.stem
    expected = base.namespaces.entity(folder, slug)
    curie = f"{folder}:{slug}"
    if len(path.parts) != 3 or folder not in {*base.namespaces.classes, REVIEW}:
        classes = ", ".join(base.namespaces.classes)
        yield FOLDER.broken_by(locator, expected, "", "", file, folder=str(path.parent), classes=classes)
        return
    if not SLUG.fullmatch(slug):
        yield FILE_NAME.broken_by(locator, expected, "", "", file, name=path.name)
    said: dict[str, list[tuple[str, str]]] = {}
    has_blank = False
    for subject, predicate, value in file.statements:
        has_blank |= is_blank(subject) or is_blank(value)
        if is_iri(subject):
            said.setdefault(iri_of(subject), []).append((iri_of(predicate), value))
    if has_blank:
        line, column = file.places.first_blank()
        yield replace(BLANK_NODE.broken_by(locator, expected, "", "", file), line=line, column=column)
    edges = {node for node, of_node in said.items() if (_TYPE, _EDGE) in of_node}
    if expected not in said:
        yield FILE_OF_ANOTHER.broken_by(locator, expected, "", "", file, entity=curie)
    review = said.get(expected, []) if folder == REVIEW else []
    members = {value_of(value) for predicate, value in review if predicate == _MEMBER}
    from ..records.candidates import candidate_id  # noqa: PLC0415 - most files are no reviews

    if members and (made := candidate_id(*members) if len(members) == 2 else slug) != slug:
        words = {"entity": curie, "expected": f"{REVIEW}:{made}"}
        yield REVIEW_NAME.broken_by(locator, expected, _MEMBER, "", file, **words)
    for other in sorted(said.keys() - edges - {expected}):
        # That its members are different is all that a review says of them.
        if other in members and {predicate for predicate, _ in said[other]} == {_DIFFERENT}:
            continue
        compact = base.namespaces.compact(other)
        yield FOREIGN_SUBJECT.broken_by(locator, other, "", "", file, entity=curie, other=compact)
    for edge in sorted(edges):
        ends = dict(reversed(said[edge]))
        starts = ends.get(_ENDS[0], "")
        if all(is_iri(ends.get(end, "_")) for end in _ENDS) and iri_of(starts) != expected:
            owner = base.namespaces.compact(iri_of(starts))
            yield MISPLACED_EDGE.broken_by(locator, edge, _ENDS[0], iri_of(starts), file, owner=owner, entity=curie)


_TYPE = str(RDF.type)
_EDGE = f"<{VOCAB.Edge}>"
_MEMBER = str(VOCAB.member)
_DIFFERENT = str(OWL.differentFrom)
_ENDS = tuple(str(VOCAB[end]) for end in ("subject", "predicate", "object"))
