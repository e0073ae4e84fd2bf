"""By what lists are narrowed, worked out from single edges."""

from __future__ import annotations

from server.build.facets import tags_of

BASE = "https://kb.example/"


def entity(curie: str, label: str) -> dict[str, object]:
    return {
        "entity": BASE + curie.replace(":", "/"),
        "id": curie,
        "class": curie.partition(":")[0],
        "label": label,
        "definition": "",
    }


def row(start: str, facet: str, value: str) -> dict[str, object]:
    is_entity = ":" in value
    return {
        "entity": BASE + start.replace(":", "/"),
        "facet": facet,
        "value": BASE + value.replace(":", "/") if is_entity else value,
    }


ENTITIES = [
    entity("work:one", "One"),
    entity("work:two", "Two"),
    entity("person:ada", "Ada Lind"),
    entity("person:ben", "Ben Oak"),
    entity("person:other-ben", "Ben Oak"),
    entity("person:lab", "The Lab"),
    entity("claim:x", "X"),
    entity("claim:y", "Y"),
    entity("claim:z", "Z"),
]


def found(*rows: dict[str, object], dates: dict[str, str] | None = None) -> dict[str, list[tuple[str, str]]]:
    tags = tags_of(rows, ENTITIES, dates or {})
    return {
        iri.removeprefix(BASE).replace("/", ":"): [(str(one.facet), one.value) for one in some]
        for iri, some in tags.items()
    }


def test_authors_are_those_of_edges_and_of_lists_each_once() -> None:
    tags = found(row("work:one", "author", "person:ada"), row("work:one", "authors", "Ada Lind; Cy Elm; {The Lab}"))
    assert tags["work:one"] == [("author", "person:ada"), ("author", "Cy Elm"), ("author", "person:lab")]


def test_a_name_that_two_people_have_stays_a_name() -> None:
    tags = found(row("work:two", "author", "person:ada"), row("work:one", "authors", "Ben Oak; Ada Lind"))
    assert tags["work:one"] == [("author", "Ben Oak"), ("author", "person:ada")]


def test_the_organizations_of_a_work_are_those_of_its_authors() -> None:
    tags = found(
        row("person:ada", "organization", "person:lab"),
        row("work:one", "authors", "Ada Lind"),
        row("work:two", "author", "person:lab"),
    )
    assert ("organization", "person:lab") in tags["work:one"]
    assert ("organization", "person:lab") in tags["work:two"]
    assert tags["person:ada"] == [("organization", "person:lab")]


def test_evidence_is_of_classes_in_debate_and_may_be_lacking() -> None:
    tags = found(
        row("claim:x", "for", "work:one"), row("claim:y", "for", "work:one"), row("claim:y", "against", "work:two")
    )
    assert {curie: some for curie, some in tags.items() if curie.startswith("claim")} == {
        "claim:x": [("evidence", "for")],
        "claim:y": [("evidence", "both")],
        "claim:z": [("evidence", "none")],
    }
    assert "work:one" not in tags


def test_years_are_those_of_dates_and_what_is_not_in_use_is_no_value() -> None:
    tags = found(
        row("work:one", "topic", "claim:gone"),
        row("work:one", "topic", "claim:x"),
        dates={BASE + "work/one": "2024-05", BASE + "work/two": "-0350"},
    )
    assert tags["work:one"] == [("topic", "claim:x"), ("year", "2024")]
    assert tags["work:two"] == [("year", "-350")]
