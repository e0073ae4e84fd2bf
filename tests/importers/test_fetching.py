"""Identifiers asked of catalogues: a real server answers in their shapes; what it said is kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rdflib import SKOS

from server.errors import NotFoundError, RemoteError, UsageError
from server.federation.catalogues import CATALOGUES, Catalogues, catalogue
from server.federation.peers import Caller, Peer, Peers
from server.importers.fetching import Wanted, wanted
from server.turtle.edges import VOCAB
from tests.importers.conftest import Run
from tests.importers.made_records import made_works
from tests.importers.services import services
from tests.importers.test_works import asserted
from tests.listening import listening

WORKS = made_works(8)
PATHS = {"arxiv": "arxiv", "crossref": "crossref", "datacite": "datacite", "openalex": "openalex"}
SEEN: list[str] = []


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listening(services(WORKS, SEEN)) as found:
        yield found


@pytest.fixture
def tell(library: Path, address: str) -> Callable[..., None]:
    """Write a file of peers that leads to the server; some catalogues are somewhere else on it."""
    SEEN.clear()

    def write(flags: str = "enabled = true\nprivate = true", **elsewhere: str) -> None:
        paths = {**PATHS, "semantic-scholar": "scholar", **elsewhere}
        tables = [f'[[catalogue]]\nname = "{n}"\nendpoint = "{address}{path}"\n{flags}\n' for n, path in paths.items()]
        (library / "peers.toml").write_text("\n".join(tables), encoding="utf-8")

    write()
    return write


def test_numbers_of_arxiv_are_asked_for_together_and_once(akb: Run, library: Path, tell: Callable[..., None]) -> None:
    numbers = [work.arxiv for work in WORKS if work.arxiv][:3]
    result = akb("import", "arxiv", *numbers, "--fetch")
    assert result.exit_code == 0, result.output
    assert "3 works are new" in result.output
    assert len(SEEN) == 1
    assert "asking http" in result.stderr
    assert akb("import", *numbers, "--fetch").exit_code == 0
    assert len(SEEN) == 1, "what was answered is kept"
    kept = next((library.parent / "state/fetched/arxiv").iterdir())
    assert akb("import", kept).exit_code == 0, "a kept answer is a file like any other"


def test_whoever_registered_a_doi_is_found(akb: Run, library: Path, tell: Callable[..., None]) -> None:
    of_crossref, of_datacite = WORKS[2], WORKS[5]
    cited = WORKS[0]
    result = akb("import", "doi", cited.doi, f"https://doi.org/{of_crossref.doi}", of_datacite.doi, "--fetch")
    assert result.exit_code == 0, result.output
    assert [one.partition("/")[0] for one in (path[1:] for path in SEEN)] == [
        "crossref",
        "crossref",
        "crossref",
        "datacite",
    ]
    graph = asserted(library)
    by_title = {str(graph.value(one, SKOS.prefLabel)): one for one in graph.subjects(VOCAB.authorList)}
    assert (by_title[of_crossref.title], VOCAB.cites, by_title[cited.title]) in graph
    assert of_datacite.title in by_title
    unknown = akb("import", "doi", "10.5555/nobody", "--fetch")
    assert unknown.exit_code == 2
    assert "datacite knows nothing at" in unknown.stderr


def test_references_that_are_numbers_of_a_catalogue_are_looked_up(
    akb: Run, library: Path, tell: Callable[..., None]
) -> None:
    first, second = WORKS[2], WORKS[3]
    assert akb("import", "doi", first.doi, "--fetch").exit_code == 0
    SEEN.clear()
    result = akb("import", "openalex", second.doi, "--fetch")
    assert result.exit_code == 0, result.output
    assert len(SEEN) == 2, "the work, and all its references at once"
    assert "1 citation" in result.output
    assert "1 reference to a work outside" in result.output


def test_semantic_scholar_knows_what_a_work_cites(akb: Run, library: Path, tell: Callable[..., None]) -> None:
    first, second = WORKS[3], WORKS[4]
    assert akb("import", "semantic-scholar", first.doi, "--fetch").exit_code == 0
    result = akb("import", "semantic-scholar", second.arxiv, "--fetch")
    assert result.exit_code == 0, result.output
    assert "1 citation" in result.output


def test_a_paper_is_made_from_its_number(akb: Run, library: Path, tell: Callable[..., None]) -> None:
    result = akb("new", "paper", "--arxiv", f"arXiv:{WORKS[1].arxiv}v2", "--fetch")
    assert result.exit_code == 0, result.output
    assert "1 work is new" in result.output
    assert WORKS[1].title in set(map(str, asserted(library).objects(predicate=SKOS.prefLabel)))


@pytest.mark.parametrize(
    ("flags", "elsewhere", "code", "message"),
    [
        ("enabled = true\nprivate = true", "busy", 3, "wants to be left alone for 3,600 s"),
        ("enabled = true\nprivate = true", "broken", 2, "not JSON"),
        ("enabled = false\nprivate = true", "crossref", 2, "does not enable it"),
        ("enabled = true", "crossref", 2, "not asked without a contact"),
    ],
)
def test_what_is_not_to_be_had_is_said(
    flags: str, elsewhere: str, code: int, message: str, akb: Run, tell: Callable[..., None]
) -> None:
    tell(flags, crossref=elsewhere)
    result = akb("import", "crossref", WORKS[0].doi, "--fetch")
    assert result.exit_code == code, result.output
    assert message in result.stderr


def test_an_address_that_is_not_public_is_not_asked_as_if_it_were(address: str) -> None:
    peers = Peers(catalogues=(Peer("crossref", f"{address}crossref", enabled=True),), caller=Caller("a@b.example"))
    waited: list[float] = []
    with pytest.raises(RemoteError, match="not public"):
        Catalogues(peers, waited.append).ask("crossref", f"{address}crossref/10.5555/made.000")


def test_a_catalogue_is_asked_at_its_own_pace(address: str) -> None:
    """Of one that is public there is a pause between two requests, and a short wait that it asks for is kept."""
    peers = Peers(catalogues=(Peer("arxiv", f"{address}none", enabled=True),), caller=Caller("a@b.example"))
    waited: list[float] = []
    catalogues = Catalogues(peers, waited.append)
    for _ in range(2):
        with pytest.raises(RemoteError):
            catalogues.ask("arxiv", f"{address}none")
    assert any(0 < one <= CATALOGUES["arxiv"].pause for one in waited)
    own = Peers(catalogues=(Peer("openalex", f"{address}none", enabled=True, private=True),))
    with pytest.raises(NotFoundError):
        Catalogues(own, waited.append).ask("openalex", f"{address}none")


def test_the_usual_catalogues_are_asked_with_a_contact_alone() -> None:
    for name, usual in CATALOGUES.items():
        assert usual.endpoint.startswith("https://")
        with pytest.raises(UsageError, match="contact"):
            catalogue(Peers(), name)
        assert catalogue(Peers(caller=Caller("a@b.example")), name).endpoint == usual.endpoint


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("", "2412.14093v2", Wanted("arxiv", "2412.14093")),
        ("", "https://arxiv.org/abs/2412.14093", Wanted("arxiv", "2412.14093")),
        ("", "math.GT/0309136", Wanted("arxiv", "math.GT/0309136")),
        ("", "doi:10.5555/x(1)", Wanted("doi", "", "10.5555/x(1)")),
        ("", "10.48550/arXiv.2412.14093", Wanted("arxiv", "2412.14093")),
        ("", "W2741809807", Wanted("openalex", own="W2741809807")),
        ("openalex", "10.5555/x", Wanted("openalex", "", "10.5555/x")),
        ("semantic-scholar", "a" * 40, Wanted("semantic-scholar", own="a" * 40)),
        ("arxiv", "10.5555/x", None),
        ("", "refs.bib", None),
        ("", "2412.14093.bib", None),
    ],
)
def test_an_identifier_is_known_however_it_is_written(kind: str, text: str, found: Wanted | None) -> None:
    assert wanted(kind, text) == found


def test_nothing_is_asked_of_anybody_without_leave(akb: Run, tell: Callable[..., None]) -> None:
    assert akb("import", WORKS[0].arxiv).exit_code == 2
    assert SEEN == []
