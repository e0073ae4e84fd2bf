"""The sort keys of labels, for queries: SPARQL sorts texts by their code points (SPARQL 1.1 Query, section 15.1).

Questions sort by STR() of a key: without it, Virtuoso compares long literals by where it has them.
"""

from __future__ import annotations

from ..namespaces import AKB
from ..sparql.queries import question
from ..store.interface import Selectable
from ..text.order import order_key


def sort_keys(store: Selectable) -> str:
    """Return the sort key of everything that has a label in English, as N-Triples."""
    return "".join(
        f'<{row["entity"]}> <{AKB}sortKey> "{order_key(str(row["label"])).hex()}" .\n'
        for row in store.select(question("sorted_labels"))
        if not str(row["entity"]).startswith("_:")
    )
