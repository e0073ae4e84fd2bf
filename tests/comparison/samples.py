"""Small bases, as the text of their files, and what differs between two of them."""

from __future__ import annotations

from server.comparison.compare import Side, compare
from server.comparison.records import Difference
from server.turtle.edges import edge_id
from server.turtle.source_files import SourceFile, read_content
from tests.made import NAMESPACES

PREFIXES = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in NAMESPACES.prefixes().items())


def entity(name: str, label: str, definition: str = "A definition.", more: str = "") -> str:
    return (
        f'{name} a akb:Concept ; dcterms:identifier "{name}" ; skos:prefLabel "{label}"@en ; '
        f'skos:definition "{definition}"@en ; akb:status akbv:active {more}.\n'
    )


def edge_name(subject: str, predicate: str, object_: str, source: str = "") -> str:
    iris = [NAMESPACES.expand(name) if name else "" for name in (subject, predicate, object_, source)]
    return f"edge:{edge_id(*iris)}"


def edge(
    subject: str,
    predicate: str,
    object_: str,
    source: str = "",
    *,
    note: str = "A note.",
    status: str = "active",
    more: str = "",
) -> str:
    plain = f"{subject} {predicate} {object_} .\n" if status in {"active", "contested"} else ""
    asserted = f"akb:assertedIn {source} ; " if source else ""
    return (
        f"{plain}{edge_name(subject, predicate, object_, source)} a akb:Edge ; akb:subject {subject} ; "
        f'akb:predicate {predicate} ; akb:object {object_} ; {asserted}akb:note "{note}"@en ; '
        f"akb:status akbv:{status} {more}.\n"
    )


def side(files: dict[str, str], name: str = "a side") -> Side:
    read = {
        path: read_content(path, (PREFIXES + text).encode()) for path, text in files.items() if path.endswith(".ttl")
    }
    assert all(isinstance(file, SourceFile) for file in read.values()), read
    others = {path: text.encode() for path, text in files.items() if path not in read}
    return Side(
        name, tuple(read.values()), others, frozenset(map(NAMESPACES.expand, ("akbv:active", "akbv:contested")))
    )


def differ(old: dict[str, str] | str, new: dict[str, str] | str) -> Difference:
    """Compare files, or two texts of one file."""
    before, after = ({"kb/concept/a.ttl": one} if isinstance(one, str) else one for one in (old, new))
    return compare(side(before, "before"), side(after, "after"), NAMESPACES)
