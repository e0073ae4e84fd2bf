"""The vault, the network and the references: read by what people read them with."""

from __future__ import annotations

import gzip
import io
import json
import posixpath
import re
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import networkx
import pybtex.database
import rispy
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from server.build.dumps.network import write_graphml
from server.build.dumps.vault import write_vault
from server.knowledge.citations import citations
from server.records.downloads import Downloads
from server.schema.schema import Schema
from server.store.embedded import Store

ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
FRONT = re.compile(r"\A---\n(.*?)\n---\n\n", re.DOTALL)


def pages(data: Path | io.BytesIO) -> dict[str, str]:
    with ZipFile(data) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def links(text: str) -> list[str]:
    """Return where the links of a page of Markdown lead, as CommonMark has it."""
    body = FRONT.sub("", text)
    inline = [child for token in MarkdownIt().parse(body) for child in token.children or ()]
    return [unquote(str(one.attrs["href"])) for one in inline if one.type == "link_open"]


def assert_links_work(vault: dict[str, str]) -> int:
    number = 0
    for name, text in vault.items():
        for link in links(text):
            if "://" not in link and not link.startswith("mailto:"):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) in vault, (name, link)
                number += 1
    return number


def test_every_entity_has_a_page_whose_links_work(folder: Path, tables: sqlite3.Connection) -> None:
    vault = pages(folder / "pages.zip")
    entities = {row["id"]: row for row in tables.execute("SELECT * FROM entity")}
    classes = {name for (name,) in tables.execute("SELECT name FROM class")}
    assert vault.keys() == {f"{one.replace(':', '/')}.md" for one in entities} | {f"{n}.md" for n in classes} | {
        "README.md"
    }
    assert assert_links_work(vault) > len(entities)
    for entity, row in entities.items():
        matter = yaml.safe_load(FRONT.match(vault[f"{entity.replace(':', '/')}.md"])[1])
        assert (matter["id"], matter["iri"], matter["tags"]) == (entity, row["iri"], [row["class"]])
        assert matter["aliases"][0] == row["label"]


def test_pages_link_to_what_they_are_joined_to(folder: Path, store: Store) -> None:
    vault = pages(folder / "pages.zip")
    rows = store.select(
        """SELECT DISTINCT ?one ?other { ?edge akb:subject ?s ; akb:object ?o ; akb:status ?status .
        akbv:in-use skos:member ?status . ?s dcterms:identifier ?one . ?o dcterms:identifier ?other }"""
    )
    assert rows
    for row in rows:
        one, other = (str(row[end]).replace(":", "/") for end in ("one", "other"))
        assert f"../{other}.md" in links(vault[f"{one}.md"])
        assert f"../{one}.md" in links(vault[f"{other}.md"])


# Each example writes and reads two files: to look for the smallest that fails would take minutes.
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
)
@given(label=ANY, definition=ANY, value=ANY)
def test_any_text_spoils_neither_pages_nor_network(
    own_tables: sqlite3.Connection, label: str, definition: str, value: str
) -> None:
    own_tables.execute("UPDATE entity SET label = ?, definition = ?", (label, definition))
    own_tables.execute("UPDATE edge SET note = ?, locator = ?", (value, label))
    own_tables.execute("UPDATE OR IGNORE fact SET value = ?", (value,))
    with tempfile.TemporaryDirectory() as place:
        number = write_vault(own_tables, Path(place) / "pages.zip")
        vault = pages(Path(place) / "pages.zip")
    assert len(vault) == number
    assert_links_work(vault)
    for name, text in vault.items():
        if "/" in name:
            matter = yaml.safe_load(FRONT.match(text)[1])
            assert matter["aliases"][0] == label
    output = io.BytesIO()
    written = write_graphml(own_tables, output)
    output.seek(0)
    network = networkx.read_graphml(output, force_multigraph=True)
    assert len(network) + network.number_of_edges() == written


def test_networkx_reads_the_network(folder: Path, store: Store, tables: sqlite3.Connection) -> None:
    with gzip.open(folder / "base.graphml.gz") as file:
        network = networkx.read_graphml(file, force_multigraph=True)
    assert network.is_directed()
    assert network.number_of_edges() == len({str(row["e"]) for row in store.select("SELECT ?e { ?e a akb:Edge }")})
    assert set(network) == {row["id"] for row in tables.execute("SELECT id FROM entity")}
    for row in tables.execute("SELECT * FROM edge WHERE confidence IS NOT NULL LIMIT 20"):
        data = network.get_edge_data(row["subject"], row["object"])[row["id"]]
        assert (data["predicate"], data["status"], data["confidence"]) == (
            row["predicate"],
            row["status"],
            row["confidence"],
        )
    assert network.nodes["concept:alignment-faking"]["class"] == "concept"


def test_the_references_are_those_of_all_works_in_use(
    folder: Path, store: Store, schema: Schema, downloads: Downloads
) -> None:
    known = citations(store, schema, "paper")
    assert known
    titles = sorted(one.title for one in known.values())
    entries = pybtex.database.parse_file(str(folder / "works.bib")).entries
    assert len(entries) == len(known)
    with (folder / "works.ris").open(encoding="utf-8", newline="") as file:
        assert sorted(one["title"] for one in rispy.load(file)) == titles
    items = json.loads((folder / "works.csl.json").read_text(encoding="utf-8"))
    assert sorted(item["title"] for item in items) == titles
    assert {item["id"] for item in items} == set(entries), "one key for each, in every format"
    assert {one.count for one in downloads.files if one.unit == "references"} == {len(known)}
