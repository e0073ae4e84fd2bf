"""How the named graphs of a release differ from those of the release before, and what the difference can affect."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from ..namespaces import Namespaces
from ..sparql.queries import narrowed, question
from ..store.embedded import Store
from ..turtle.statements import iri_of, is_iri, statements
from .dumps.graphs import NONE, Difference
from .relevance import Changes


class ChangedGraphs:
    """The named graphs of a build, of which only what differs from the release before is written.

    Where there is none, or the build does not start from it, everything is new (`is_whole`).
    """

    def __init__(self, namespaces: Namespaces, *, is_whole: bool) -> None:
        self._graph = namespaces.graph
        self._is_whole = is_whole
        self.changes = Changes(namespaces.prefixes())
        self._touched: set[str] = set()
        """The IRIs of the subjects of changed files, and of entailments that were added or removed."""
        self._differences: dict[str, Difference | None] = {}
        """How named graphs differ from those of the release before, by their IRIs; None where that is not known."""

    def touch(self, ntriples: str) -> None:
        """Record the nodes in some N-Triples."""
        for subject, _, value in statements(ntriples):
            self._touched.update(iri_of(term) for term in (subject, value) if is_iri(term))

    def replace(self, store: Store, name: str, text: str, known: str | None = None) -> str:
        """Set the content of a named graph to these N-Triples, and return the triples that were removed or added.

        Only these are written. The graph is not read where its content is `known`. See `replace_lines`.
        """
        graph = f"{self._graph}{name}"
        if self._is_whole:
            store.load_ntriples(text, graph)
            return ""
        was = store.ntriples(graph) if known is None else known
        return self.replace_lines(store, name, was, text)

    def replace_lines(self, store: Store, name: str, was: str, text: str) -> str:
        """Replace N-Triples of a named graph by others, and return the triples that were removed or added."""
        changed = "".join(self._replace(store, f"{self._graph}{name}", was, text))
        self.changes.note(changed)
        return changed

    def replace_blocks(
        self, store: Store, name: str, blocks: Mapping[str, str], known: Mapping[str, str]
    ) -> dict[str, str]:
        """Set the content of a named graph to N-Triples about subjects, by their IRIs, that nothing else describes.

        Only what is said of others than before is read and written: `known` are the hashes that this returned then,
        and if it is empty, the graph is read. Return the hashes of the blocks.
        """
        graph = f"{self._graph}{name}"
        hashes = {subject: hash_of(text) for subject, text in blocks.items()}
        if self._is_whole:
            store.load_ntriples(blocks.values(), graph)
            return hashes
        differing = [one for one in sorted({*hashes, *known}) if hashes.get(one) != known.get(one)]
        was = store.said_of(differing, graph) if known else store.ntriples(graph)
        text = "".join(blocks.get(one, "") for one in differing)
        removed, added = self._replace(store, graph, was, text)
        self.changes.note_apart(removed + added, was + text)
        return hashes

    def _replace(self, store: Store, graph: str, was: str, text: str) -> Difference:
        old, new = (set(filter(None, one.split("\n"))) for one in (was, text))
        found = Difference(*("".join(f"{line}\n" for line in lines) for lines in (old - new, new - old)))
        self._differences[graph] = found
        store.change(graph, *found)
        return found

    def write_anew(self, store: Store, name: str) -> None:
        """Empty a named graph that is written anew, so that how it differs is not known."""
        store.clear(f"{self._graph}{name}")
        self._differences[f"{self._graph}{name}"] = None

    def difference(self, graph: str) -> Difference | None:
        """Return how a named graph differs from what it was, by its IRI; None where that is not known."""
        return self._differences.get(graph, NONE)

    def concern(self, name: str) -> bool:
        """Tell whether a question of `queries/` may have another answer than in the release before."""
        return self._is_whole or self.changes.concern(question(name))

    def affected(self, store: Store) -> frozenset[str] | None:
        """Return the entities of which a question may have another answer than before, or None for all of them.

        The answer about an entity depends on the files that name it, on what follows from them, and on what was
        there before.
        """
        if self._is_whole:
            return None
        terms = [f"<{iri}>" for iri in sorted(self._touched)]
        rows = store.select(narrowed(question("successors"), {"retired": terms})) if terms else []
        return frozenset(self._touched) | {str(row["entity"]) for row in rows}


def hash_of(text: str) -> str:
    """Return a hash of a text: sixteen hexadecimal digits of BLAKE2b."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
