"""The lists of the page classes: what is selected, in which order, and in pages."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from server.build.releases import Releases
from server.records.lists import Facet, FacetValue, ListedEntity, ListSelection, Order
from server.records.pages import EntityRef
from server.search.index import SearchIndex
from server.search.lists import Lists
from server.search.records import Document, Tag
from server.search.writing import write_index
from server.settings import Settings
from server.text.forms import folded
from server.text.order import order_key

LABELS = ("Zeta", "eta", "Straße", "STRASSE", "Éta", "alpha of eta")
DATES = {
    "": None,
    "2020": (2020, 0, 0),
    "2021Z": (2021, 0, 0),
    "2021-05": (2021, 5, 0),
    "2021-05-03+05:30": (2021, 5, 3),
    "12024": (12024, 0, 0),
    "-0350": (-350, 0, 0),
    "-0350-03": (-350, 3, 0),
    "in spring": None,
    "1999": (1999, 0, 0),
}
"""Dates in the ways in which data have them, and what each means."""


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """A hundred and twenty entities of one class, and one of another."""
    made = []
    for number, (label, issued) in enumerate(product(LABELS, [*DATES, *DATES])):
        ref = EntityRef(f"https://kb.example/paper/{number}", f"paper:{number}", label, "paper", f"Of {number}.")
        status, kind = ("active", "draft", "contested")[number % 3], ("", "finding", "prediction")[number % 4 % 3]
        tags = [Tag(Facet.TOPIC, f"concept:t{nth}", f"Topic {nth}") for nth in range(number % 3)]
        made.append(
            Document(
                *(ref, status, number % 7, number % 4),
                labels=(("de", LABELS[-1 - number % 6]), ("fr", "àpres"))[number % 2 : 1 + number % 3],
                issued=issued,
                kind=kind,
                kind_label=kind.title(),
                facets=(*tags, Tag(Facet.AUTHOR, f"A{number % 5}", f"A{number % 5}")),
            )
        )
    other = EntityRef("https://kb.example/claim/x", "claim:x", "eta", "claim", "")
    return [*made, Document(other, "retracted", 3)]


@pytest.fixture(scope="module")
def lists(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Lists:
    folder: Path = tmp_path_factory.mktemp("lists")
    write_index(documents, folder)
    return SearchIndex.open(folder).lists


SELECTIONS = (
    ListSelection(),
    ListSelection(statuses=("active", "draft")),
    ListSelection(kinds=("finding",)),
    ListSelection(since=2020),
    ListSelection(until=2020),
    ListSelection(since=1990, until=2020, statuses=("contested",)),
    ListSelection(since=-350, until=1999),
    ListSelection(since=-349),
    ListSelection(until=-350),
    ListSelection(since=0),
    ListSelection(words="ETA"),
    ListSelection(words="ß"),
    ListSelection(words="É"),
    ListSelection(words="no such name"),
    ListSelection(tags=((Facet.TOPIC, "concept:t1"),)),
    ListSelection(tags=((Facet.TOPIC, "concept:t0"), (Facet.TOPIC, "concept:t1")), statuses=("draft",)),
    ListSelection(tags=((Facet.TOPIC, "concept:t0"), (Facet.AUTHOR, "A3"), (Facet.AUTHOR, "A4")), since=2020),
    ListSelection(tags=((Facet.AUTHOR, "nobody"),)),
)


def expected(documents: list[Document], wanted: ListSelection) -> list[str]:
    """Return the CURIEs that a selection is to have, worked out one by one."""

    def fits(one: Document) -> bool:
        date = DATES[one.issued]
        return (
            one.entity.class_name == "paper"
            and (not wanted.statuses or one.status in wanted.statuses)
            and (not wanted.kinds or one.kind in wanted.kinds)
            and (wanted.since is None or (date is not None and wanted.since <= date[0]))
            and (wanted.until is None or (date is not None and date[0] <= wanted.until))
            and folded(wanted.words) in folded(one.entity.label)
            and all(
                {tag.value for tag in one.facets if tag.facet == facet} & {*wanted.chosen(facet)}
                for facet in {facet for facet, _ in wanted.tags}
            )
        )

    kept = sorted(filter(fits, documents), key=lambda one: (-one.ties, order_key(one.entity.label), one.entity.curie))
    if wanted.order is Order.EDGES:
        kept.sort(key=lambda one: -one.edge_count)
    elif wanted.order is Order.NAME:
        kept.sort(key=lambda one: order_key(one.entity.label))
    else:
        kept.sort(key=lambda one: DATES[one.issued] or (0, 0, 0), reverse=wanted.order is Order.NEWEST)
        kept.sort(key=lambda one: DATES[one.issued] is None)
    return [one.entity.curie for one in kept]


def curies(listed: tuple[ListedEntity, ...]) -> list[str]:
    return [one.entity.curie for one in listed]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("selection", SELECTIONS)
def test_what_is_selected_comes_in_its_order_and_in_pages(
    selection: ListSelection, order: Order, lists: Lists, documents: list[Document]
) -> None:
    wanted = ListSelection(**{**vars(selection), "order": order})
    whole = curies(lists.of_class("paper", wanted))
    assert whole == expected(documents, wanted)
    assert lists.count("paper", wanted) == len(whole)
    pages = [curies(lists.of_class("paper", wanted, 7, start)) for start in range(0, len(whole) + 7, 7)]
    assert [one for page in pages for one in page] == whole


def test_a_row_says_what_the_document_says(lists: Lists, documents: list[Document]) -> None:
    by_curie = {one.entity.curie: one for one in documents}
    for row in lists.of_class("paper", ListSelection()):
        made = by_curie[row.entity.curie]
        assert row == ListedEntity(made.entity, made.status, made.issued, made.edge_count, made.kind, made.kind_label)


def test_facets_are_of_one_class(lists: Lists) -> None:
    found = lists.facets("paper")
    assert found.statuses == ("active", "contested", "draft")
    assert found.kinds == (("finding", "Finding"), ("prediction", "Prediction"))
    assert found.has_dates
    other = lists.facets("claim")
    assert (other.statuses, other.kinds, other.has_dates) == (("retracted",), (), False)


@pytest.mark.parametrize("selection", SELECTIONS)
def test_a_facet_counts_what_each_value_would_leave(
    selection: ListSelection, lists: Lists, documents: list[Document]
) -> None:
    found = lists.values("paper", selection, 100)
    for facet in (Facet.TOPIC, Facet.AUTHOR, Facet.STATUS, Facet.KIND):
        for one in found.get(facet, ()):
            alone = selection.narrowed(facet, [one.value])
            assert one.count == len(expected(documents, alone)), (facet, one)
            assert one.is_chosen == (one.value in selection.chosen(facet))
        assert {*selection.chosen(facet)} <= {one.value for one in found.get(facet, ())}
    few = lists.values("paper", selection, 1)
    assert all(len([one for one in values if not one.is_chosen]) <= 1 for values in few.values())


def test_values_have_names_and_entities_their_values(lists: Lists) -> None:
    assert lists.has_value("paper", Facet.TOPIC, "concept:t0")
    assert not lists.has_value("claim", Facet.TOPIC, "concept:t0")
    assert lists.tags_of(["paper:2", "claim:x"])["paper:2"][Facet.TOPIC] == (
        FacetValue("concept:t0", "Topic 0", 0),
        FacetValue("concept:t1", "Topic 1", 0),
    )
    assert curies(lists.of_curies(["paper:7", "nothing:x", "claim:x", "paper:7"])) == ["paper:7", "claim:x"]


def test_kinds_and_dates_are_those_of_the_base(settings: Settings) -> None:
    release = Releases(settings.releases).current()
    assert release is not None
    lists = SearchIndex.open(release).lists
    papers = lists.of_class("paper", ListSelection())
    assert papers
    assert all(one.issued for one in papers)
    assert {one.kind for one in lists.of_class("claim", ListSelection())} >= {"finding", "interpretation"}
    assert {one.kind for one in lists.of_class("thinker", ListSelection())} >= {"person", "organization"}
    assert {one.kind for one in lists.of_class("question", ListSelection())} >= {"open"}


@pytest.mark.parametrize(
    ("tag", "names"),
    [("es", ["nube", "nz", "ñandú", "oso"]), ("de", ["ñandú", "nube", "nz", "oso"]), ("ar", ["ألف", "باء", "a"])],
)
def test_by_name_a_list_is_in_the_order_of_its_language(tag: str, names: list[str], tmp_path: Path) -> None:
    """Spanish and Arabic sort otherwise than the default table (CLDR, collation)."""
    made = [
        Document(EntityRef(f"https://kb.example/c/{at}", name, "label", "c", ""), "active", 0, labels=((tag, name),))
        for at, name in enumerate(reversed(names))
    ]
    write_index(made, tmp_path)
    found = SearchIndex.open(tmp_path).lists.of_class("c", ListSelection(order=Order.NAME), languages=(tag,))
    assert [one.entity.curie for one in found] == names


@pytest.mark.parametrize("languages", [("de",), ("fr", "de"), ("xx",)])
def test_by_name_labels_are_in_the_order_of_the_language_in_which_they_are_read(
    lists: Lists, documents: list[Document], languages: tuple[str, ...]
) -> None:
    read = {
        one.entity.iri: next((dict(one.labels)[tag] for tag in languages if tag in dict(one.labels)), one.entity.label)
        for one in documents
    }
    by_name = ListSelection(order=Order.NAME)
    found = [one.entity.iri for one in lists.of_class("paper", by_name, languages=languages)]
    keys = [order_key(read[iri]) for iri in found]
    assert keys == sorted(keys)
    paged = [lists.of_class("paper", by_name, 50, start, languages) for start in (0, 50, 100)]
    assert [one.entity.iri for page in paged for one in page] == found
    newest = ListSelection(order=Order.NEWEST)
    assert lists.of_class("paper", newest, languages=languages) == lists.of_class("paper", newest)
