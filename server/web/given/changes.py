"""What the templates of the history, and of what has changed, are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...records.terms import ClassTerm
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format
    from ..http.paging import Pages


@dataclass(frozen=True)
class HistoryPage(Page):
    """The history of an entity."""

    template = "history.html"

    curie: str
    """The id of the entity."""
    label: str
    """Its name; the last one that it had where it is gone."""
    entity_path: str
    """The path of its page."""
    class_name: str
    """The name of its page class."""
    is_here: bool
    """Whether it is in the base."""
    has_history: bool
    """Whether the base has a history at all."""
    changes: Sequence[Any]
    """The versions on this page, newest first: each has a `change`, and the `sections` of what changed in it."""
    total: int
    """How many there are on all pages together."""
    words: Callable[[str, str], Any]
    """How one text became another, in parts."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the history, with the address of each."""


@dataclass(frozen=True)
class DifferencePage(Page):
    """What differs between two moments, of an entity or of the base."""

    template = "difference.html"

    title: str
    """What is compared: the name of the entity, or of the base."""
    above: Sequence[tuple[str, str]]
    """The pages above, with their addresses."""
    summary: str
    """What differs, in a line."""
    sections: Sequence[Any]
    """What differs: each section has a `title` and `blocks`."""
    words: Callable[[str, str], Any]
    """How one text became another, in parts."""
    before: Any
    """The commit at the one moment; None where there is none."""
    after: Any
    """The commit at the other; None where there is none."""
    sent: Mapping[str, str]
    """What was asked for, as `from` and `to`."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the difference, with the address of each."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ChangesPage(Page):
    """The changes of the whole base."""

    template = "changes.html"

    has_history: bool
    """Whether the base has a history at all."""
    commits: Sequence[Any]
    """The commits on this page, newest first: each has a `commit`, and its `changes`."""
    total: int
    """How many changes there are on all pages together."""
    classes: Sequence[ClassTerm]
    """The page classes, to filter by."""
    authors: Sequence[str]
    """The authors, to filter by."""
    sent: Mapping[str, str]
    """What is filtered by: `class`, `topic` and `author`."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""
    path: str
    """The path of the page."""
