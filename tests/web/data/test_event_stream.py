"""The event stream of the base (LDES 1.0; TREE): its nodes, how they are found, and what never changes."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import Graph, URIRef

from server.build.releases import Releases
from server.errors import NotFoundError
from server.formats.event_stream import CONTENT, TREE
from server.knowledge.event_stream import EventStream
from server.knowledge.history import History
from server.mirroring.nodes import read_node
from server.records.event_stream import StreamNode
from server.serialization import JSON_LD, TRIG, Format
from server.settings import Settings
from server.store.canonical import canonical
from server.store.datasets import graphs_in
from server.turtle.statements import pairs_in, value_of
from server.web.app import create_app
from server.web.data import event_stream
from tests import replica

SIZE, NODES = 4, 3
IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def history(travelled: Settings) -> History:
    release = Releases(travelled.releases).current()
    assert release is not None
    return History.open(release)


@pytest.fixture(scope="module")
def site(travelled: Settings) -> Iterator[FlaskClient]:
    """A client of the base with a history, whose nodes are small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_stream, "SIZE", SIZE)
        patch.setattr(event_stream, "NODES", NODES)
        app = create_app(travelled)
        yield app.test_client()
        app.extensions["akb"].close()


def stream(history: object, size: int, nodes: int) -> EventStream:
    return EventStream(history, "https://kb.example/", "https://site.example/", "A base", (), size, nodes)  # type: ignore[arg-type]


def walk(whole: EventStream) -> tuple[list[int], dict[str, StreamNode]]:
    """Return the places of all members in the order in which relations lead to them, and all nodes but the first."""
    root, found, places = whole.root(), {}, []

    def visit(node: StreamNode) -> None:
        for relation in node.relations:
            name = relation.address.removeprefix(f"{root.address}/")
            found[name] = one = whole.node(name)
            before = len(places)
            visit(one)
            behind = places[before:]
            assert (behind[0], behind[-1]) == (relation.first, relation.last)
            assert len(behind) == relation.last - relation.first + 1
        times = [member.version.commit.at for member in node.members]
        assert times == sorted(times)
        places.extend(member.position for member in node.members)

    visit(root)
    return places, found


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 44), st.integers(0, 44))
def test_every_change_is_behind_the_first_node_once_and_other_nodes_stay(
    history: History, size: int, nodes: int, total: int, more: int
) -> None:
    """LDES vocabulary, 2.8: what is immutable has no other members or relations later."""
    young, old = (stream(replica.Younger(history, most), size, nodes) for most in sorted((total, more)))
    before, after = walk(young), walk(old)
    for whole, (places, _) in ((young, before), (old, after)):
        assert places == list(range(1, whole.history.total + 1))
        assert len(whole.root().members) < size
    # Those with members are led to over another node when there are enough of them; they are what they were.
    assert all(old.node(name) == node for name, node in before[1].items())


@pytest.mark.parametrize(
    "name", ["1-4", "2-5-{rev}", "1-5-{rev}", "41-44-000000000000", "45-48-{rev}", "0-3-{rev}", "1-4-{rev}", "x"]
)
def test_no_other_name_is_that_of_a_node(history: History, name: str) -> None:
    """The commit is that of the last member: where it is another one, history was written anew."""
    revision = history.commits_of([44])[44].short
    with pytest.raises(NotFoundError):
        stream(history, SIZE, NODES).node(name.format(rev=revision))


def nodes_of(site: FlaskClient, extension: str = ".nq") -> Iterator[tuple[str, object]]:
    """Yield the address of each node and the answer of it in a format, the first node last."""

    def visit(path: str) -> Iterator[tuple[str, object]]:
        node = read_node(site.get(f"{path}.nq").data, path)
        for lead in node.leads:
            yield from visit(lead.address.removeprefix("http://localhost"))
        yield path, site.get(path + extension)

    return visit("/ldes")


def test_the_members_replay_to_every_state(site: FlaskClient, history: History) -> None:
    members = []
    for _, answer in nodes_of(site):
        graphs = graphs_in(answer.data)
        for iri in (value_of(value) for _, value in pairs_in(graphs[""], f"{TREE}member")):
            own = "".join(line + "\n" for line in graphs[""].splitlines() if line.startswith(f"<{iri}>"))
            content = "".join(f"{line[:-2]} <{iri}> .\n" for line in graphs.get(iri, "").splitlines())
            members.append(replica.member(iri, own + content))
    replica.must_be_the_same_at_each_commit(members, history)


def test_every_format_says_the_same(site: FlaskClient) -> None:
    """Formats without graphs have the content of each member as the text of its N-Triples."""
    for path, answer in nodes_of(site):
        quads = graphs_in(answer.data)
        for one in (TRIG, JSON_LD):
            assert read(site.get(f"{path}.{one.name}").data, one) == {k: canonical(v) for k, v in quads.items()}, path
        for extension, syntax in ((".ttl", "turtle"), (".nt", "nt")):
            graph = Graph().parse(data=site.get(path + extension).data, format=syntax)
            said = {str(s): str(o) for s, o in graph.subject_objects(URIRef(CONTENT))}
            assert said == {name: canonical(text) for name, text in quads.items() if name}
            graph.remove((None, URIRef(CONTENT), None))
            assert set(graph) == set(Graph().parse(data=quads[""], format="nt"))


def read(content: bytes, one: Format) -> dict[str, str]:
    found: dict[str, str] = {}
    for quad in ox.parse(content, format=ox.RdfFormat.from_media_type(one.media_type)):
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        found[name] = found.get(name, "") + f"{quad.triple} .\n"
    return {name: canonical(text) for name, text in found.items()}


def test_only_the_first_node_changes(site: FlaskClient) -> None:
    """LDES Server Primer, sections 2 and 8.2.1; RFC 8246."""
    for path, answer in nodes_of(site):
        is_root = path == "/ldes"
        assert ("immutable" in answer.headers["Cache-Control"]) is not is_root
        assert (b"https://w3id.org/ldes#immutable" in answer.data) is not is_root
        assert (b"https://w3id.org/tree#view" in answer.data) is is_root
        tag = answer.headers["ETag"]
        again = site.get(f"{path}.nq", headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_a_member_can_be_had_alone(site: FlaskClient) -> None:
    _, whole = next(nodes_of(site))
    graphs = graphs_in(whole.data)
    for iri in (value_of(value) for _, value in pairs_in(graphs[""], f"{TREE}member")):
        path = iri.removeprefix("https://w3id.org/alignment-kb")
        answer = site.get(path, headers={"Accept": "application/n-quads"})
        assert answer.headers["Cache-Control"] == IMMUTABLE
        assert graphs_in(answer.data).get(iri, "") == graphs.get(iri, "")
    for wrong in (path.replace("member/", "member/0"), path + "x", f"/ldes/member/{'0' * 16}/concept/alpha"):
        assert site.get(wrong).status_code == 404


def test_members_conform_to_the_shape_of_the_stream(site: FlaskClient) -> None:
    """TREE, section 3: the shape to which each member conforms."""
    *_, (_, root) = nodes_of(site)
    said = Graph().parse(data=graphs_in(root.data)[""], format="nt")
    [shape] = said.objects(predicate=URIRef(f"{TREE}shape"))
    _, first = next(nodes_of(site))
    data = Graph().parse(data=graphs_in(first.data)[""], format="nt")
    members = list(data.objects(predicate=URIRef(f"{TREE}member")))
    assert len(members) == SIZE
    for member in members:
        said.add((shape, URIRef("http://www.w3.org/ns/shacl#targetNode"), member))
    assert validate(data, shacl_graph=said)[0]
    data.remove((members[0], URIRef("https://www.w3.org/ns/activitystreams#object"), None))
    assert not validate(data, shacl_graph=said)[0]


def test_people_are_led_to_a_page(site: FlaskClient) -> None:
    answer = site.get("/ldes", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/feed.html#event-stream")
    assert "Accept" in answer.vary
    assert b'id="event-stream"' in site.get("/feed.html").data


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/trig"),
        ("*/*", "application/trig"),
        ("application/n-quads,application/trig;q=0.95,text/turtle;q=0.6", "application/n-quads"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_the_format_is_negotiated(accept: str, media_type: str, site: FlaskClient) -> None:
    answer = site.get("/ldes", headers={"Accept": accept} if accept else {})
    assert answer.content_type == media_type
    assert {"Accept", "Host"} <= {*answer.vary}
    assert site.get(answer.headers["Content-Location"]).data == answer.data


@pytest.mark.parametrize("path", ["/ldes.rdf", "/ldes/1-4-000000000000", "/ldes/1-4-000000000000.nq", "/ldes/x.y"])
def test_what_is_not_there_is_not_found(path: str, site: FlaskClient) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert answer.json["detail"]


def test_a_base_without_a_history_has_an_empty_stream(client: FlaskClient) -> None:
    answer = client.get("/ldes.nq")
    assert answer.status_code == 200
    node = read_node(answer.data, "/ldes")
    assert (node.changes, node.leads, node.total) == ((), (), 0)
    assert node.view == "http://localhost/ldes"
    assert "has no history" in client.get("/feed.html").text
