"""What the templates of the pages for those who review, propose and correct are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...records.candidates import Pair, Queue, Thresholds
from ...records.pages import EntityPage, EntityRef
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format
    from ..http.paging import Pages


@dataclass(frozen=True)
class ReviewQueuePage(Page):
    """The pairs that wait for a decision."""

    template = "review.html"

    found: Queue
    """The part of the queue on this page."""
    matches: Sequence[Any]
    """The likeliest matches with other bases."""
    matches_total: int
    """How many of these there are."""
    narrower: Any
    """The address of the queue with another filter."""
    signals: Any
    """The signals, to filter by."""
    states: Any
    """The states, to filter by."""
    reasons: Callable[[Any], Any]
    """Why a pair may belong together, in words."""
    described: Mapping[str, str]
    """The definitions of the entities on this page, by their IRIs."""
    counting: str
    """The address of the query that counts the queue."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the queue, with the address of each."""


@dataclass(frozen=True)
class CandidatePage(Page):
    """A pair that waits for a decision."""

    template = "candidate.html"

    pair: Pair
    """The pair."""
    sides: Sequence[EntityPage]
    """What is known of each of the two."""
    reasons: Any
    """Why they may belong together, in words."""
    measure: Thresholds
    """By what their nearness was measured."""
    offers: Any
    """The decisions that can be made."""
    statuses: Any
    """The statuses that a new edge may have."""
    sent: Mapping[str, str]
    """The decision that was sent, if one was."""
    error: Any
    """What is wrong with it; None for nothing."""
    path: str
    """The path of the page."""
    formats: Sequence[Format]
    """The formats of the pair."""


@dataclass(frozen=True)
class PatchPage(Page):
    """The patch that a decision makes."""

    template = "patch.html"

    pair: Pair
    """The pair that was decided."""
    patch: str
    """The patch."""
    file: str
    """The name of a file for it."""
    changes: Any
    """What it changes."""
    fields: Sequence[tuple[str, str]]
    """The fields of the form, to ask for the patch as a file."""


@dataclass(frozen=True)
class ProposePage(Page):
    """How a change is proposed, with a form."""

    template = "propose.html"

    sent: str
    """The proposal in the form, as JSON."""
    found: Any
    """What was found of it; None where none was sent."""
    words: Callable[[str, str], Any]
    """Returns the differences between two texts, word by word."""
    error: Any
    """The error that prevented the check; None if there was none."""
    kinds: Sequence[str]
    """The kinds of parts."""
    settings: Any
    """The settings of the server, which say what may wait, and how long a proposal may be."""


@dataclass(frozen=True)
class CorrectPage(Page):
    """The form with which an entity or an edge is corrected."""

    template = "correct.html"

    entity: EntityRef
    """The entity, or that from which the edge starts."""
    edge: Any
    """The edge: its `curie`, the `phrase` of its predicate, and `object`; None where an entity is corrected."""
    fields: Sequence[Any]
    """The fields of its own: `name`, `label`, `hint`, `kind`, `values`, `others`, `choices`, `limits`."""
    edge_fields: Sequence[Any]
    """The fields of an edge that is added."""
    rows: Sequence[Any]
    """The edges to add: `number`, and `fitting`, the values of `joinings` that allow the class of the other end."""
    joinings: Sequence[Any]
    """The predicates that may join the entity: `value`, `label`, `definition`, `is_turned`, `classes`."""
    links: Sequence[Any]
    """The existing edges, each with the neighbour and the link."""
    sent: Mapping[str, str]
    """The values that were sent, by field name."""
    close: Mapping[str, Sequence[EntityRef]]
    """Entities with similar names, by the name of the field whose text names none."""
    wrong: Mapping[str, str]
    """Error messages, by field name."""
    verdict: str
    """The result in a sentence; empty if nothing was sent."""
    found: Any
    """The result of checking the proposal; None if nothing was sent or changed."""
    places: Sequence[tuple[str, str]]
    """For each part of the proposal, the name and the label of the field that it comes from."""
    texts: Mapping[str, str]
    """The complete new text of each file, by path, if it was asked for."""
    words: Callable[[str, str], Any]
    """How one text became another, in words."""
    error: Any
    """What keeps it from being checked; None for nothing."""
    settings: Any
    """The settings of the server, which say whether proposals are accepted."""
    has_files: bool
    """Whether the files of the base are here, so that a change can be checked."""
    file: str
    """The path of the file from the root of the base."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ProposalsPage(Page):
    """The proposals that wait for a decision."""

    template = "proposals.html"

    found: Sequence[Any]
    """The proposals on this page, in the order in which they are shown."""
    settings: Any
    """The settings of the server, which say whether more may come."""
    batches: Sequence[Any]
    """The same by their sources."""
    total: int
    """How many wait on all pages together."""
    about: str
    """The CURIE of the source of all of them; empty for any."""
    accepted: Sequence[Any]
    """The proposals that are accepted and not in the files yet."""
    damaged: int
    """How many files of the queue cannot be read."""
    title_of: Callable[[Any], str]
    """A proposal in one line."""
    score_of: Callable[[Any], str]
    """How sure whoever proposes one is; empty where they do not say."""
    nearest_to: Callable[[Any], Sequence[Any]]
    """The entities of the base that are nearest to the new ones of a proposal."""
    reasons: Sequence[str]
    """Reasons to reject one, each with a button."""
    done: Sequence[Any]
    """What became of each proposal on which was just decided: the proposal, and an error or None."""
    patch: str
    """The patch of those that were accepted; else empty."""
    is_kept: bool
    """Whether it was written down, by who has the key of the reviewers."""
    sent: Mapping[str, str]
    """The decision that was sent, if one was."""
    chosen: Sequence[str]
    """The ids of the proposals that it was on."""
    error: Any
    """What is wrong with it; None for nothing."""
    has_key: bool
    """Whether decisions can be written down here, by who has the key of the reviewers."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""


@dataclass(frozen=True)
class ProposalPage(Page):
    """A proposal beside its passages, with the form of a decision."""

    template = "proposal.html"

    found: Any
    """The proposal in the queue: its id, when it came, and the decision if there is one."""
    title: str
    """The proposal in one line."""
    record: Mapping[str, Any]
    """What was found of it."""
    fields: Sequence[Any]
    """The fields of its parts, which a reviewer may change."""
    quoted: Sequence[Any]
    """What it quotes, each passage once: evidence, numbers of parts, and the passage before, in and after the quote."""
    score: str
    """How sure whoever proposes it is; empty where they do not say."""
    nearest: Sequence[Any]
    """The entities of the base that are nearest to the new ones."""
    repeated: Sequence[tuple[Any, str]]
    """The others that wait and would add the same, each with its title."""
    named: Sequence[str]
    """The CURIEs of the entities of the base that it names."""
    words: Callable[[str, str], Any]
    """How one text became another, in words."""
    sent: Mapping[str, str]
    """The decision that was sent, if one was."""
    patch: str
    """The patch of an accepted proposal; else empty."""
    file: str
    """The name of a file for it."""
    error: Any
    """What is wrong with the decision; None for nothing."""
    has_key: bool
    """Whether decisions can be written down here, by who has the key of the reviewers."""
    reasons: Sequence[str]
    """Reasons to reject it, each with a button."""
    position: int | None
    """Its place among those that wait, from 0; None where it does not."""
    total: int
    """How many wait."""
    previous: str
    """The id of the one before it; else empty."""
    following: str
    """The id of the one after it; else empty."""
    after: Any
    """The proposal on which was just decided, and its title; None where none was."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class DecisionPage(Page):
    """A decision on a pair."""

    template = "decided.html"

    found: Any
    """The decision."""
    path: str
    """The path of the page."""
    formats: Sequence[Format]
    """The formats of the decision."""


@dataclass(frozen=True)
class MatchesPage(Page):
    """The matches with other bases that wait for a decision."""

    template = "matches.html"

    rows: Sequence[Any]
    """The matches on this page, each with its entity."""
    total: int
    """How many there are on all pages together."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""
