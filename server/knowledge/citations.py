"""References to works, for programs that keep them."""

from __future__ import annotations

from dataclasses import replace

from ..records import Citation
from ..store.embedded import Iri, Value
from ..store.interface import Queryable
from ..store.queries import question


def citations(store: Queryable, class_name: str, iri: str = "") -> dict[str, Citation]:
    """Return a reference to each work in use of a page class, by its IRI, or to one alone; none to what is no work.

    Its authors are those of `akb:authorList`, or else the thinkers of whom an edge says that they wrote it.
    """
    bindings: dict[str, Value] = {"class": class_name, **({"entity": Iri(iri)} if iri else {})}
    found: dict[str, Citation] = {}
    for row in store.select(question("citations"), bindings):
        work = str(row["entity"])
        one = found.get(work) or Citation(
            iri=work,
            title=str(row["title"]),
            authors=(),
            issued=str(row.get("issued", "")),
            doi=str(row.get("doi", "")),
            arxiv=str(row.get("arxiv", "")),
            url=str(row.get("url", "")),
        )
        if "author_list" in row:
            authors = tuple(str(row["author_list"]).split("; "))
        else:
            author = str(row.get("author_name", ""))
            # A second home page is a second row.
            authors = (*one.authors, author) if author and author not in one.authors else one.authors
        found[work] = replace(one, authors=authors)
    return found
