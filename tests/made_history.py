"""A small base with a history of some 30 commits, the same at every run: authors and times are fixed.

`make` writes it by one `git fast-import`. The line of commits has all that a history can have: entities that come, are
changed, are called otherwise, are merged into others, go and come back; files that are written otherwise and say the
same, that cannot be read, that say something of another entity; merges; commits beside the base; clocks that go wrong.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.history.repositories import git, run_git
from tests.made import edge, record

REPOSITORY = Path(__file__).parent.parent
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADA, BEN = "Ada Curator", "Ben Größe"


@dataclass(frozen=True)
class Made:
    """One commit: its message, what it writes (None deletes a file), by whom, and how long after the beginning."""

    message: str
    files: Mapping[str, str | None]
    author: str = ADA
    days: float | None = None
    """As many as its place on the line where it is None."""
    merges: Mapping[str, str | None] = field(default_factory=dict)
    """What a branch wrote that this commit merges."""


def concept(slug: str, extra: str = "", label: str = "", definition: str = "", more: str = "") -> str:
    """Return the file of a concept."""
    text = record(f"concept:{slug}", "akb:Concept", extra)
    if label:
        text = text.replace(f'prefLabel "{slug.replace("-", " ")}"', f'prefLabel "{label}"')
    if definition:
        text = text.replace(f'"Made by a test, as {slug.replace("-", " ")}."', f'"{definition}"')
    return text + more


def paper(slug: str, more: str = "") -> str:
    """Return the file of a paper."""
    return record(f"paper:{slug}", "akb:Paper", 'dcterms:issued "2024-12-18"^^xsd:date ;') + more


def retired(slug: str, into: str) -> str:
    """Return the file of a concept that was merged into another."""
    text = concept(slug, f"owl:deprecated true ; akb:mergedInto concept:{into} ;")
    return text.replace("akb:status akbv:active", "akb:status akbv:merged")


_STUDY = edge("paper:first", "akb:studies", "concept:alpha")
_EXTENDS = edge("concept:alpha", "akb:extends", "concept:beta")
_NOTED = _EXTENDS.replace("As long as a note is", "Shorter than a note may be")

COMMITS = (
    Made("The ontology and the shapes", {}),
    Made("Two concepts", {"kb/concept/alpha.ttl": concept("alpha"), "kb/concept/beta.ttl": concept("beta")}),
    Made("Alpha extends beta\n\nAs everybody knows.", {"kb/concept/alpha.ttl": concept("alpha", more=_EXTENDS)}),
    Made("The first paper", {"kb/paper/first.ttl": paper("first", _STUDY)}, BEN),
    Made("Something beside the base", {"README.md": "A base of tests.\n"}),
    Made("A better definition of beta", {"kb/concept/beta.ttl": concept("beta", definition="What comes second.")}, BEN),
    Made("Beta is written otherwise",
         {"kb/concept/beta.ttl": "# The same.\n" + concept("beta", definition="What comes second.")}),
    Made("Gamma, and a note that is shorter",
         {"kb/concept/gamma.ttl": concept("gamma"), "kb/concept/alpha.ttl": concept("alpha", more=_NOTED)}),
    Made("Alpha gets its name", {"kb/concept/alpha.ttl": concept("alpha", label="Alpha & Ω <first>", more=_NOTED)}),
    Made("A file that nobody can read", {"kb/concept/gamma.ttl": "concept:gamma a akb:Concept"}, BEN),
    Made("It can be read again", {"kb/concept/gamma.ttl": concept("gamma", definition="What comes third.")}, BEN),
    Made("Gamma is called delta", {"kb/concept/gamma.ttl": None,
         "kb/concept/delta.ttl": concept("delta", definition="What comes third.")}),
    Made("Epsilon", {"kb/concept/epsilon.ttl": concept("epsilon")}),
    Made("Epsilon, a second later", {"kb/concept/epsilon.ttl": concept("epsilon", definition="A small number.")},
         days=12 + 1 / 86400),
    Made("Epsilon, in the same second", {"kb/concept/epsilon.ttl": concept("epsilon", definition="A small one.")},
         days=12 + 1 / 86400),
    Made("By a clock that is slow", {"kb/concept/beta.ttl": concept("beta", definition="What comes after alpha.")},
         days=3),
    Made("Zeta", {"kb/concept/zeta.ttl": concept("zeta")}, BEN),
    Made("Zeta goes", {"kb/concept/zeta.ttl": None}, BEN),
    Made("Zeta comes back as it was", {"kb/concept/zeta.ttl": concept("zeta")}, BEN),
    Made("Epsilon is merged into zeta", {"kb/concept/epsilon.ttl": retired("epsilon", "zeta")}),
    Made("Merge: the second paper", {}, merges={"kb/paper/second.ttl": paper("second")}),
    Made("The second paper studies beta and delta", {"kb/paper/second.ttl": paper("second",
         edge("paper:second", "akb:studies", "concept:beta") + edge("paper:second", "akb:studies", "concept:delta"))}),
    Made("Words of the ontology", {"ontology/note.ttl": "# Nothing yet.\n"}),
    Made("Many at once", {f"kb/concept/made-{number}.ttl": concept(f"made-{number}") for number in range(12)}, BEN),
    Made("One of them", {"kb/concept/made-3.ttl": concept("made-3", definition="The third, from nought.")}),
    Made("The edge goes", {"kb/concept/alpha.ttl": concept("alpha", label="Alpha & Ω <first>")}),
    Made("The edge comes back", {"kb/concept/alpha.ttl": concept("alpha", label="Alpha & Ω <first>", more=_EXTENDS)}),
    Made("Six of them go", {f"kb/concept/made-{number}.ttl": None for number in range(6, 12)}, BEN),
    Made("A word in German", {"kb/concept/beta.ttl": concept("beta", 'skos:altLabel "zwei"@de ;',
         definition="What comes after alpha.")}),
    Made("The last word", {"kb/concept/delta.ttl": concept("delta", definition="What comes fourth.")}, BEN),
)  # fmt: skip
"""The line, oldest first."""


def make(root: Path) -> Path:
    """Make the base in a folder that is not there yet."""
    parts = [path for part in ("ontology", "shapes") for path in (REPOSITORY / part).rglob("*") if path.is_file()]
    first = {path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8") for path in sorted(parts)}
    first["akb.toml"] = 'embedding = "tfidf"\n'
    stream: list[bytes] = []
    for number, made in enumerate(COMMITS):
        at = int((BEGIN + timedelta(days=number if made.days is None else made.days)).timestamp())
        merged: list[bytes] = []
        if made.merges:
            stream.append(_commit("refs/heads/side", "On a branch", BEN, at - 3600, made.merges))
            merged = [b"merge refs/heads/side\n"]
        files = {**made.merges, **made.files} if number else first
        stream.append(_commit("refs/heads/main", made.message, made.author, at, files, merged))
    root.mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    run_git(root, "fast-import", "--quiet", given=b"".join(stream))
    git(root, "reset", "--quiet", "--hard", "main")
    return root


def revisions(root: Path) -> list[str]:
    """Return the revisions of the line, oldest first, as git has them."""
    return git(root, "rev-list", "--first-parent", "--reverse", "main").split()


def copy(root: Path, folder: Path) -> Path:
    """Return a copy that a test may go on with."""
    return Path(shutil.copytree(root, folder))


def _commit(
    branch: str,
    message: str,
    author: str,
    at: int,
    files: Mapping[str, str | None],
    merged: list[bytes] | None = None,
) -> bytes:
    who = f"{author} <curator@example.org> {at} +0000"
    parts = [f"commit {branch}\nauthor {who}\ncommitter {who}\n".encode(), _data(message)]
    if branch.endswith("side"):
        parts.append(b"from refs/heads/main\n")
    parts += merged or []
    for path, text in files.items():
        parts.append(f"D {path}\n".encode() if text is None else f"M 100644 inline {path}\n".encode() + _data(text))
    return b"".join([*parts, b"\n"])


def _data(text: str) -> bytes:
    raw = text.encode()
    return b"data %d\n%s\n" % (len(raw), raw)
