"""The review queue on the web: its filters and pages, a pair side by side, and the patch that a decision makes."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from server.settings import Settings


@pytest.fixture(scope="module")
def pairs(client: FlaskClient) -> list[dict[str, object]]:
    found = client.get("/review.json?size=200").json
    assert found["count"] == len(found["pairs"]) > 3, "the small base has candidates"
    return found["pairs"]


def address(pair: dict[str, object]) -> str:
    return f"/candidate/{pair['id']}"


def test_the_page_lists_what_the_data_list_in_the_same_order(
    client: FlaskClient, pairs: list[dict[str, object]]
) -> None:
    page = client.get("/review?size=200", headers={"Accept": "text/html"}, follow_redirects=True).text
    places = [page.index(f'href="{address(pair)}"') for pair in pairs]
    assert places == sorted(places)
    worths = [pair["worth"] for pair in pairs]
    assert worths == sorted(worths, reverse=True)


def test_the_queue_is_narrowed_by_classes_and_comes_in_pages(
    client: FlaskClient, pairs: list[dict[str, object]]
) -> None:
    classes = client.get("/review.json").json["classes"]
    assert sum(one["count"] for one in classes) == len(pairs)
    for one in classes:
        narrowed = client.get(f"/review.json?class={one['first']}&class={one['second']}&size=200").json
        assert narrowed["count"] == len(narrowed["pairs"]) == one["count"]
    pages = [client.get(f"/review.json?size=2&page={page}").json["pairs"] for page in (1, 2)]
    assert [pair["id"] for page in pages for pair in page] == [pair["id"] for pair in pairs[:4]]


def test_the_queue_is_narrowed_to_the_pairs_of_an_entity_which_its_page_leads_to(
    client: FlaskClient, pairs: list[dict[str, object]]
) -> None:
    curie = pairs[0]["first"]["id"]
    own = [pair["id"] for pair in pairs if curie in {pair[end]["id"] for end in ("first", "second")}]
    page = client.get(f"/{curie.replace(':', '/')}.html").text
    [address] = set(re.findall(r'href="(/review\?entity=[^"]+)"', page))
    answer = client.get(address.replace("/review?", "/review.json?") + "&size=200").json
    assert [pair["id"] for pair in answer["pairs"]] == own
    assert answer["count"] == len(own)
    listed = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True).text
    assert f'Only pairs of <a class="entity class-{curie.partition(":")[0]}"' in listed


@pytest.mark.parametrize("query", ["signal=name", "state=undecided", "signal=meaning&signal=name&state=postponed"])
def test_a_filter_that_is_on_can_be_taken_off(query: str, client: FlaskClient) -> None:
    answer = client.get(f"/review.html?{query}")
    assert answer.status_code == 200
    assert answer.text.count('aria-current="true"') >= query.count("=")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("class=planet", 400, "there are paper"),
        ("signal=smell", 400, "There is no signal 'smell'; there are"),
        ("entity=nobody-knows-this", 400, "No entity, or more than one, is known by"),
        ("state=lost", 400, "There is no state"),
        ("class=paper&class=claim&class=concept", 400, "at most twice"),
        ("page=9999", 404, "the last one is page"),
        ("size=x", 400, "size"),
    ],
)
def test_a_wrong_choice_is_told(client: FlaskClient, query: str, status: int, said: str) -> None:
    answer = client.get(f"/review.json?{query}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert said in answer.json["detail"]


def test_a_pair_shows_both_records_and_why_it_is_here(client: FlaskClient, pairs: list[dict[str, object]]) -> None:
    page = client.get(address(pairs[0]) + ".html").text
    for which in ("first", "second"):
        assert f"<code>{pairs[0][which]['id']}</code>" in page
        assert pairs[0][which]["label"] in page
    assert 'id="why"' in page


def test_a_decision_is_answered_with_a_patch_and_nothing_is_written(
    client: FlaskClient, pairs: list[dict[str, object]], settings: Settings
) -> None:
    before = {path: path.read_bytes() for path in (settings.root / "kb").rglob("*.ttl")}
    form = {"outcome": "unrelated", "who": "A reader", "why": "They share words only."}
    answer = client.post(address(pairs[0]), data=form, headers={"Accept": "text/x-diff"})
    assert (answer.status_code, answer.mimetype) == (200, "text/x-diff")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"+++ b/kb/review/{pairs[0]['id']}.ttl" in answer.text
    assert '+    akb:reviewer "A reader"' in answer.text
    page = client.post(address(pairs[0]), data=form, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "kb/review/" in page.text
    assert {path: path.read_bytes() for path in (settings.root / "kb").rglob("*.ttl")} == before


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"outcome": "unrelated"},
        {"outcome": "eaten", "who": "A reader"},
        {"outcome": "merged", "who": "A reader"},
        {"outcome": "merged", "who": "A reader", "survivor": "concept:neither"},
        {"outcome": "edge", "who": "A reader"},
        {"outcome": "edge", "who": "A reader", "note": "So.", "edge": "extends concept:neither"},
        {"outcome": "edge", "who": "A reader", "note": "So.", "edge": "eats"},
    ],
)
def test_a_form_that_is_not_whole_is_sent_back_with_what_is_wrong(
    client: FlaskClient, pairs: list[dict[str, object]], form: dict[str, str]
) -> None:
    told = client.post(address(pairs[0]), data=form, headers={"Accept": "text/x-diff"})
    assert (told.status_code, told.content_type) == (422, "application/problem+json")
    page = client.post(address(pairs[0]), data=form, headers={"Accept": "text/html"})
    assert page.status_code == 422
    assert "Nothing was decided." in page.text
    if form.get("who"):
        assert 'value="A reader"' in page.text, "what was typed is not lost"


def test_a_pair_that_is_none_is_not_found(client: FlaskClient) -> None:
    assert client.get("/candidate/0000000000").status_code == 404
    assert client.post("/candidate/0000000000", data={}).status_code == 404


def test_a_decision_that_is_kept_has_a_page_and_triples(client: FlaskClient, settings: Settings) -> None:
    for path in (settings.root / "kb" / "review").glob("*.ttl"):
        page = client.get(f"/review/{path.stem}.html")
        assert page.status_code == 200
        assert "akb:Review" in client.get(f"/review/{path.stem}.ttl").text
        moved = client.get(f"/candidate/{path.stem}")
        assert (moved.status_code, moved.location) == (303, f"/review/{path.stem}")
        break
    else:
        pytest.fail("the small base has no decision")
