"""The base that agents ask: a release, open for reading, as far as tools need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..knowledge.finding import Finder
from ..knowledge.history import History
from ..knowledge.identifiers import Identifiers
from ..namespaces import Namespaces
from ..records.examples import ExampleQuery, Examples
from ..records.kept import KeptQuery
from ..records.lists import ClassSummary
from ..records.releases import ReleaseInfo
from ..records.site import Site
from ..schema.schema import Schema
from ..store.interface import Queryable


@dataclass(frozen=True)
class Excerpt:
    """The beginning of the answer to a query, and what its author should know."""

    kind: str = "solutions"
    """Of which kind it is: solutions, boolean or triples."""
    names: tuple[str, ...] = ()
    """The variables of a SELECT, which may have none."""
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Each cell is a text and its IRI, which is empty where the cell is a literal."""
    count: int = 0
    """How many rows or triples there are in all."""
    boolean: bool | None = None
    """The answer to an ASK."""
    text: str = ""
    """The first triples of a CONSTRUCT or DESCRIBE, as Turtle."""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgentBase:
    """A release, and what is asked of it."""

    info: ReleaseInfo
    store: Queryable
    namespaces: Namespaces
    schema: Schema
    finder: Finder
    history: History
    site: Site
    classes: tuple[ClassSummary, ...]
    overviews: tuple[str, ...]
    """The names of the lists across the classes: of `debates`, `open-questions` and `timeline` those that there are."""
    examples: Examples
    identifiers: Callable[[], Identifiers]
    """Returns the identifiers of others; it takes long the first time."""
    queries: Callable[[], tuple[ExampleQuery, ...]]
    """Returns the example queries."""
    ask: Callable[[str], Excerpt]
    """Answers a query of SPARQL, bounded as any query from outside is. Raises LimitError and QueryError."""
    manual: Callable[[], Mapping[str, str]]
    """Returns the titles of the pages of the manual, by their names."""
    manual_page: Callable[[str], str]
    """Returns a page of the manual as Markdown; empty for one that there is not."""
    kept: tuple[KeptQuery, ...] = ()
    """The kept queries."""
    propose: Callable[[Any], Mapping[str, Any]] | None = None
    """Tries a proposal, given as JSON has it, and returns what callers are told (`proposals/writing.py`); None where
    there is nothing to change."""

    @property
    def state(self) -> str:
        """What an answer says of the state over which it is, so that it can be asked again."""
        info = self.info
        parts = [f"state {info.state[:16]}" if info.state else f"release {info.name}"]
        if info.revision:
            parts.append(f"commit {info.revision[:8]}" + ("" if info.is_clean else " with changes"))
        return f"[{', '.join(parts)}, {(info.committed or info.built)[:10]}]"
