"""What the templates of overviews of the field, and of what the base lacks, are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...records.gaps import Gap, GapPage
from ...records.overviews import Topic
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format
    from ..http.paging import Pages


@dataclass(frozen=True)
class OverviewPage(Page):
    """A page across the classes."""

    template = "overview.html"

    found: Sequence[Any]
    """The content of this page."""
    total: int
    """How many there are on all pages together."""
    pages: Pages
    """The position of this page among the pages of the list."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[Format]
    """The formats of the overview."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class DebatesPage(OverviewPage):
    """The claims with something on both sides."""

    template = "debates.html"

    topics: Sequence[Topic] = ()
    """What the debates are about: `entity`, and `debates`, how many."""
    topic: str = ""
    """The CURIE of the topic that is chosen; empty for all."""


@dataclass(frozen=True)
class OpenQuestionsPage(OverviewPage):
    """The questions that are not answered."""

    template = "open-questions.html"


@dataclass(frozen=True)
class TimelinePage(OverviewPage):
    """The works by date."""

    template = "timeline.html"


@dataclass(frozen=True)
class GapsPage(Page):
    """What is missing, counted."""

    template = "gaps.html"

    counts: Sequence[tuple[Gap, int, str]]
    """Each gap, how many things lack what it names, and the address of the query that counts them."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class OneGapPage(Page):
    """What lacks one thing."""

    template = "gap.html"

    found: GapPage
    """What lacks it."""
    mend: str
    """What to do about it."""
    query: str
    """The address of the query that finds it."""
    counting: str
    """The address of the query that counts it."""
    pages: Pages
    """The position of this page among the pages of the list."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""
