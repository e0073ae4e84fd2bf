"""The page of an error leads on: to a search for the words of the address, or to the page without what was asked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("address", "status", "leads"),
    [
        ("/concept/alignment-fakin", 404, "/search?q=alignment+fakin"),
        ("/concept/alignment-fakin/neighbourhood", 404, "/search?q=alignment+fakin"),
        ("/reward_hacking", 404, "/search?q=reward+hacking"),
        ("/claim?topic=concept:nowhere", 400, "/claim"),
        ("/claim?page=0", 400, "/claim"),
    ],
)
def test_it_leads_on(address: str, status: int, leads: str, client: FlaskClient) -> None:
    answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == status
    ways = unescape(re.search(r'<p class="actions anywhere">(.*?)</p>', answer.text, re.DOTALL)[1])
    assert re.findall('href="([^"]+)"', ways) == [leads, "/browse", "/"]
    assert client.get(leads, headers={"Accept": "text/html"}, follow_redirects=True).status_code == 200


def test_what_is_no_address_of_a_thing_is_not_searched_for(client: FlaskClient) -> None:
    page = client.get("/explore.svg?open=nothing:here", headers={"Accept": "text/html"}).text
    assert "/search?q=" not in page.partition("<main")[2].partition("</main>")[0]
