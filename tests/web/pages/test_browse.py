"""Ways through the base: the bar of every page, the classes, the map, and what is new on the home page."""

from __future__ import annotations

import re

from flask.testing import FlaskClient


def test_the_bar_leads_to_pages_that_are_there(client: FlaskClient) -> None:
    page = client.get("/about.html").text
    bar = page.split('<nav aria-label="Site">')[1].split("</nav>")[0]
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', bar)
    first = [label for _, label in found][:8]
    assert first == ["Browse", "Debates", "Questions", "Timeline", "Map", "Compare", "Data", "About"]
    assert len({address for address, _ in found}) == len(found)
    for address, _ in found:
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 200, address


def test_browse_has_every_class_with_its_count_and_its_best_known(client: FlaskClient) -> None:
    found = client.get("/browse.json").json["classes"]
    page, markdown = (client.get(f"/browse.{one}").text for one in ("html", "md"))
    for one in found:
        listed = client.get(f"/{one['class']}.json").json
        assert one["count"] == listed["count"]
        assert [first["id"] for first in one["entities"]] == [first["id"] for first in listed["entities"][:5]]
        assert f'<a href="/{one["class"]}">' in page
        assert f"](/{one['class']}.md)" in markdown
    empty = [line for line in client.get("/browse.csv").text.splitlines()[1:] if line.endswith(",0")]
    assert len(found) + len(empty) == len(client.get("/browse.csv").text.splitlines()) - 1


def test_the_home_page_searches_and_leads_to_topics(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).text
    assert page.count('action="/search"') == 1
    assert page.index("<h1>") < page.index('action="/search"')
    topics = re.findall(r'<a href="(/[^"]+/by-year)">', page)
    assert "/concept/alignment-faking/by-year" in topics
    assert 'data-map="map.json"' in client.get("/map").text


def test_the_home_page_says_what_is_new_and_what_was_changed(travelled_site: FlaskClient) -> None:
    page = travelled_site.get("/", headers={"Accept": "text/html"}).text
    news = page.split('<h2 id="news">')[1].split("</section>")[0]
    shown = re.findall(r'<a class="entity [\w-]+" href="(/[^"]+)">', news)
    assert shown
    assert len(shown) == len({*shown})
    changed = travelled_site.get("/changes.json?size=200").json
    known = {"/" + one["id"].replace(":", "/", 1) for one in changed["changes"]} if "changes" in changed else {*shown}
    assert {*shown} <= known
