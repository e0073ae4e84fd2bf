"""What the templates of the pages about the data as a whole, and about queries, are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...records.answers import Answer, Difference
from ...records.dataset import DatasetSummary
from ...records.downloads import Download
from ...records.kept import KeptQuery
from ...records.moments import BaseMoment
from ...records.pages import EntityRef
from ...records.releases import ReleaseInfo
from ...records.snippets import Snippet
from .page import Page

if TYPE_CHECKING:
    from ...records.asked import Written
    from ...records.empty_answers import Emptied
    from ...serialization import Format


@dataclass(frozen=True)
class DatasetPage(Page):
    """The data, counted."""

    template = "dataset.html"

    summary: DatasetSummary
    """The counts of the whole base; those of entities include retired ones."""
    in_use: int
    """How many entities are in use: the number that other pages show."""
    info: ReleaseInfo
    """The release."""
    peers: Sequence[tuple[Any, str]]
    """The endpoints that a query may call, and how much it may take from each."""
    compact: Callable[[str], str]
    """The CURIE of an IRI."""
    examples: int
    """How many example queries there are."""
    formats: Sequence[Format]
    """The formats of the description."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ProfilesPage(Page):
    """The profiles in which an entity can be had."""

    template = "profiles.html"

    profiles: Sequence[Any]
    """The profiles."""
    example: EntityRef | None
    """An entity to show them with; None in an empty base."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class DownloadPage(Page):
    """The downloads."""

    template = "download.html"

    groups: Sequence[tuple[str, Sequence[Download]]]
    """The downloads under their headings, each with `name`, `title`, `label`, `size`, `made`, `sha256` and more."""
    notes: Sequence[str]
    """Sentences on downloads that are not there."""
    info: ReleaseInfo
    """The release."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ExamplesPage(Page):
    """The example queries."""

    template = "examples.html"

    examples: Sequence[Any]
    """The queries, each with `name`, `title` and `text`."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class SparqlPage(Page):
    """The form for queries, and an answer."""

    template = "sparql.html"

    query: str
    """The query; empty for none."""
    examples: Sequence[tuple[str, str]]
    """The titles and texts of the example queries."""
    prefixes: Mapping[str, str]
    """The prefixes that are declared."""
    hints: Sequence[str]
    """What may be wrong with the query."""
    result: Any
    """The answer; None for none."""
    shown: Any = None
    """Its rows in the view that was asked for: `table`, `view`, `drawing`, `tabs`, `fields`; None where it has none."""
    snippets: Sequence[Snippet] = ()
    """How to ask this from a program."""
    views: Mapping[str, str] = field(default_factory=dict)
    """The names of the views in which rows can be shown, and what they are called."""
    kept: Sequence[tuple[str, str]] = ()
    """The titles and the addresses of the kept queries."""
    at: str = ""
    """The commit, date or state that was asked for; empty for now."""
    info: ReleaseInfo | None = None
    """The release over which the answer is: `state`, `revision`, `committed`, `is_clean`, `built`."""
    is_past: bool = False
    """Whether that is another one than the current one."""
    can_be_cited: bool = False
    """Whether the answer is the same at any time, so that it has a permalink."""
    why: Emptied | None = None
    """Why the query found nothing: `patterns`, `said`, `changes`; None where it found something."""
    explanation: Any = None
    """What the parts of the query find, and the time that it took; None where nobody asked."""
    written: Written | None = None
    """The query for a question in words: `words`, `query`, `understood`, `by`, `notes`; None where nobody asked."""
    words_example: str = ""
    """A question that can be asked."""
    model: str = ""
    """The name of the model that writes queries; empty for none."""


@dataclass(frozen=True)
class KeptQueriesPage(Page):
    """The list of the kept queries."""

    template = "kept-queries.html"

    kept: Sequence[KeptQuery]
    """The kept queries: `name`, `title`, `description`, `parameters`."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the list."""


@dataclass(frozen=True)
class KeptQueryPage(Page):
    """A kept query: a form for its parameters, and its answer."""

    template = "kept-query.html"

    kept: KeptQuery
    """The query: `name`, `title`, `description`, `parameters`."""
    fields: Sequence[Any]
    """The fields of the form: `parameter`, `value`, `options`, `input`, `fault`, `close`."""
    query: str
    """The query with its values; empty where a value is at fault."""
    shown: Any
    """Its rows in the view that was asked for: `table`, `view`, `drawing`, `tabs`, `fields`; None without an answer."""
    permalink: str
    """The address of the query with these values."""
    can_be_cited: bool
    """Whether the answer is the same at any time, so that it can be cited."""
    snippets: Sequence[Snippet]
    """How to ask this from a program."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""


@dataclass(frozen=True)
class AnswerPage(Page):
    """An answer that is cited."""

    template = "answer.html"

    query: str
    """The query."""
    title: str
    """What it is called."""
    moment: BaseMoment
    """Since when the state was so, `at`, its `revision`, and `name`."""
    state: str
    """The hash of the state."""
    then: Answer
    """The answer: `kind`, `names`, `lines`, `hash`."""
    rows: Sequence[Sequence[tuple[str, str]]]
    """Its first rows, of texts and the addresses to which they lead."""
    gone: Sequence[Sequence[tuple[str, str]]]
    """The first of the rows that are gone since."""
    came: Sequence[Sequence[tuple[str, str]]]
    """The first of those that came since."""
    since: Difference
    """All of them, as lines: `gone` and `came`."""
    is_current: bool
    """Whether the state is that of now."""
    reference: str
    """A reference to the answer in words."""
    bibtex: str
    """The same as BibTeX."""
    csl: str
    """The same as CSL-JSON."""
    address: str
    """The address of the answer at the canonical base."""
    parameters: str
    """The query part of its address."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""
    path: str
    """The path of the page."""
