"""How wide and how deep the knowledge in a base is, and how much of a list of works it has.

    python bench/coverage.py [--works FILE.tsv ...] [--missing]

Reads the current release (`akb build` makes one). Prints how many there are of each kind, which shares of them rest on
what, and for each list of works (a table with a head, whose columns `arxiv_or_doi` and `title` say which they are, as
arXiv:2412.14093 and doi:10.1000/1) how many of them the base has, by identifier, or by title where a list has no other.
`--missing` also prints what of the lists the base lacks.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from server.build.releases import Releases
from server.settings import read_settings
from server.store.embedded import Store
from server.text.names import strict_key_of

SHARES = {
    "claims with evidence for, against or qualifying": (
        "?one a akb:Claim",
        "EXISTS { ?edge akb:object ?one ; akb:predicate ?way . "
        "VALUES ?way { akb:supports akb:opposes akb:qualifies akb:disputes akb:replicates } }",
    ),
    "claims that a work or person asserts": ("?one a akb:Claim", "EXISTS { ?one akb:assertedBy ?who }"),
    "concepts of which is said who introduced them": (
        "?one a akb:Concept",
        "EXISTS { ?who akb:introduces ?one }",
    ),
    "locators deeper than the abstract": (
        "?one a akb:Edge ; akb:locator ?place",
        '!REGEX(?place, "^(abstract|title)[ ,;and]*(abstract|title)?$", "i")',
    ),
    "edges that name a work or person as their source": ("?one a akb:Edge", "EXISTS { ?one akb:assertedIn ?source }"),
    "edges that are our own reading": ("?one a akb:Edge", "EXISTS { ?one akb:basis akbv:our-reading }"),
    "sources that are addresses": ("?one dcterms:source ?source", "ISIRI(?source)"),
    "works on arXiv with a DOI": ("?one akb:arxivId ?id", "EXISTS { ?one bibo:doi ?doi }"),
    "thinkers with an external id": (
        "?one a akb:Thinker",
        "EXISTS { ?one skos:exactMatch|skos:closeMatch|owl:sameAs ?other }",
    ),
    "concepts with an external id": ("?one a akb:Concept", "EXISTS { ?one skos:exactMatch|skos:closeMatch ?other }"),
    "entities that a quote illustrates": (
        "?one a ?kind . VALUES ?kind { akb:Claim akb:Concept }",
        "EXISTS { ?quote a akb:Quote ; akb:illustrates ?one }",
    ),
    "notes of at least six words": (
        "?one a akb:Edge ; akb:note ?note",
        r'REGEX(?note, "^\\s*(\\S+\\s+){5,}\\S+")',
    ),
    "questions with at least two answers": (
        "?one a akb:Question",
        "EXISTS { ?first akb:answers ?one . ?second akb:answers ?one . FILTER(?first != ?second) }",
    ),
    "works that cite a work of the base": ("?one a akb:Work", "EXISTS { ?one akb:cites ?other }"),
}
"""What each share is of, as a pattern, and what those that count have, as an expression."""


def shares(store: Store) -> Iterable[tuple[str, int, int]]:
    """Yield for each share what it says, how many have it, and of how many."""
    for said, (pattern, has) in SHARES.items():
        found = store.select(
            f"SELECT DISTINCT ?one ?source ?place ?note (IF({has}, 1, 0) AS ?has) WHERE "
            f"{{ {pattern} MINUS {{ ?one owl:deprecated true }} }}"
        )
        yield said, sum(int(row["has"]) for row in found), len(found)


def identifiers(store: Store) -> tuple[set[str], set[str]]:
    """Return the identifiers of works in small letters, with the kind before, and the keys of the names of works."""
    rows = store.select(
        "SELECT DISTINCT ?arxiv ?doi ?name WHERE { ?one a akb:Work ; skos:prefLabel|skos:altLabel ?name . "
        "OPTIONAL { ?one akb:arxivId ?arxiv } OPTIONAL { ?one bibo:doi ?doi } }"
    )
    ids = {f"{kind}:{row[kind]}".lower() for row in rows for kind in ("arxiv", "doi") if kind in row}
    return ids, {strict_key_of(str(row["name"])) for row in rows}


def missing(path: Path, ids: set[str], names: set[str]) -> tuple[list[str], int]:
    """Return what of a list of works the base lacks, as lines, and how many works the list has."""
    with path.open(encoding="utf-8", newline="") as file:
        works = list(csv.DictReader(file, delimiter="\t"))
    lacking = [
        f"{work.get('arxiv_or_doi', '')}\t{work['title']}"
        for work in works
        if work.get("arxiv_or_doi", "").lower() not in ids and strict_key_of(work["title"]) not in names
    ]
    return lacking, len(works)


def main() -> int:
    """Print the tables; exit code 2 where there is no release."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=Path, action="append", default=[], help="a list of works; may be repeated")
    parser.add_argument("--missing", action="store_true", help="print what of the lists the base lacks")
    given = parser.parse_args()
    settings = read_settings(os.environ, root=Path.cwd())
    releases = Releases(settings.releases)
    release = releases.current()
    if release is None:
        print("There is no release. Make one with `akb build`.", file=sys.stderr)
        return 2
    info = releases.info(release)
    for name, count in info.entities.items():
        print(f"{name:<12} {count:>6,}")
    print(f"{'edges':<12} {info.edges:>6,}\n")
    store = Store.open(release / "store", settings.namespaces.prefixes(), settings.memory_triples)
    for said, some, whole in shares(store):
        print(f"{said:<52} {some:>6,} of {whole:>6,}  {some / whole if whole else 0:>5.0%}")
    ids, names = identifiers(store)
    for path in given.works:
        lacking, whole = missing(path, ids, names)
        print(f"\n{path.name}: {whole - len(lacking):,} of {whole:,}  {1 - len(lacking) / whole:.0%}")
        if given.missing:
            print("\n".join(f"    {one}" for one in lacking))
    return 0


if __name__ == "__main__":
    sys.exit(main())
