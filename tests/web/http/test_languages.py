"""Pages in the languages of their reader, where the base has words in them (RFC 4647; RFC 9110, section 12.5.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.build.build import build
from server.errors import UsageError
from server.settings import read_settings
from server.text.order import order_key
from server.web.app import create_app
from server.web.catalogues import catalogue_of
from server.web.http.languages import preferred

ENTITY = "/concept/alignment-faking"
GERMAN = {"Accept-Language": "de-AT, de;q=0.9, en;q=0.5"}


@pytest.fixture(scope="module")
def speaking(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a base with words in German, French and Arabic."""
    folder = tmp_path_factory.mktemp("speaking")
    root = make_base(folder / "base")

    def change(file: str, old: str, new: str) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    label = 'skos:prefLabel "Alignment Faking"@en ;'
    more = """skos:prefLabel "Vorgetäuschte <Ausrichtung>"@de , "تزييف المواءمة"@ar ;
    skos:altLabel "Scheinausrichtung"@de ;
    skos:definition "Ein Modell fügt sich nur zum Schein."@de ;"""
    change("kb/concept/alignment-faking.ttl", label, f"{label}\n    {more}")
    note = re.search(r'akb:note "Both bend[^"]*"@en', (root / "kb/concept/alignment-faking.ttl").read_text())
    assert note
    change("kb/concept/alignment-faking.ttl", note[0], 'akb:note "Beides schmeichelt dem, der urteilt."@de')
    quote = "kb/quote/prediction-does-not-rule-out-faking.ttl"
    change(
        quote,
        "    akb:status akbv:active ;",
        '    akb:quotedText "Prédire ne change rien."@fr ;\n    akb:status akbv:active ;',
    )
    change("ontology/akb.ttl", 'rdfs:label "illustrates"@en', 'rdfs:label "illustrates"@en, "veranschaulicht"@de')
    settings = read_settings({"AKB_STATE": str(folder / "state")}, root=root)
    build(settings)
    app = create_app(settings)
    yield app.test_client()
    app.extensions["akb"].close()


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    """A client that keeps cookies, as browsers do."""
    return client.application.test_client()


def heading(page: str) -> str:
    found = re.search(r"<h1.*?</h1>", page)
    assert found
    return found[0]


def test_a_reader_gets_the_label_and_definition_in_the_language_that_is_wanted(speaking: FlaskClient) -> None:
    page = speaking.get(f"{ENTITY}.html", headers=GERMAN).text
    assert heading(page) == '<h1 lang="de" dir="auto">Vorgetäuschte &lt;Ausrichtung&gt;</h1>'
    assert '<p class="definition" lang="de" dir="auto">Ein Modell fügt sich nur zum Schein.</p>' in page
    assert "<title>Vorgetäuschte &lt;Ausrichtung&gt; ·" in page
    # The picture says the same name.
    assert "Vorgetäuschte" in page[page.index('<svg class="picture') :]


def test_a_list_by_name_is_in_the_order_of_the_names_that_it_shows(speaking: FlaskClient) -> None:
    orders = []
    for headers, tag in ((GERMAN, "de"), ({}, "en")):
        page = speaking.get("/concept.html?sort=name&size=500", headers=headers).text
        found = re.findall(r'<a class="entity class-concept" href="/concept/([^"]+)"[^>]*>(.*?)</a>', page)
        names = dict(found)
        keys = [order_key(unescape(name), tag) for name in names.values()]
        assert keys == sorted(keys)
        orders.append(list(names))
    place = [one.index("alignment-faking") for one in orders]
    assert place[0] > place[1], "it is under V in German"


def test_every_reader_sees_the_names_in_all_languages(speaking: FlaskClient) -> None:
    also = re.compile(r'<p class="also">.*?</p>')
    in_english = also.search(speaking.get(f"{ENTITY}.html").text)
    in_german = also.search(speaking.get(f"{ENTITY}.html", headers=GERMAN).text)
    assert in_english
    assert in_german
    arabic = '<span lang="ar" dir="auto">تزييف المواءمة</span>'
    german = '<span lang="de" dir="auto">Scheinausrichtung</span>'
    assert arabic in in_english[0]
    assert german in in_english[0]
    assert '<span lang="en">Alignment Faking</span>' in in_german[0]
    assert "Ausrichtung&gt;" in in_english[0]
    assert "Ausrichtung&gt;" not in in_german[0]


@pytest.mark.parametrize(
    "path",
    [
        "/concept.html",
        "/paper/alignment-faking-in-llms.html",
        "/paper/alignment-faking-in-llms/neighbourhood.html",
        "/search?q=alignment+faking",
        "/search?q=Scheinausrichtung",
        "/path?from=concept:alignment-faking&to=concept:compliance-gap",
        "/review",
    ],
)
def test_other_pages_name_the_entity_so_too(path: str, speaking: FlaskClient) -> None:
    page = speaking.get(path, headers={**GERMAN, "Accept": "text/html"}).text
    link = re.search(rf'<a class="entity class-concept" href="{ENTITY}"[^>]*>([^<]*)</a>', page)
    assert link
    assert link[0].endswith('lang="de" dir="auto">Vorgetäuschte &lt;Ausrichtung&gt;</a>')


def test_a_note_and_a_quote_in_another_language_are_shown_as_such_to_all(speaking: FlaskClient) -> None:
    page = speaking.get(f"{ENTITY}.html").text
    assert '<p class="note" lang="de" dir="auto">Beides schmeichelt dem, der urteilt.</p>' in page
    quote = speaking.get("/quote/prediction-does-not-rule-out-faking.html").text
    assert '<q lang="fr" dir="auto">Prédire ne change rien.</q>' in quote


def test_a_predicate_is_read_in_the_language_too(speaking: FlaskClient) -> None:
    address = "/quote/prediction-does-not-rule-out-faking/neighbourhood.html"
    assert 'title="veranschaulicht"' in speaking.get(address, headers=GERMAN).text
    in_english = speaking.get(address).text
    assert 'title="illustrates"' in in_english
    assert "veranschaulicht" not in in_english
    # A second label in the ontology makes nothing stand twice.
    assert speaking.get("/concept.json").json == speaking.get("/concept.json", headers=GERMAN).json


def test_caches_keep_readers_apart_and_give_each_what_was_made_before(speaking: FlaskClient) -> None:
    german, english = speaking.get(f"{ENTITY}.html", headers=GERMAN), speaking.get(f"{ENTITY}.html")
    assert "accept-language" in german.headers["Vary"].lower()
    assert "accept-language" in english.headers["Vary"].lower()
    assert (german.headers["Content-Language"], english.headers["Content-Language"]) == ("de, en", "en")
    assert german.headers["ETag"] != english.headers["ETag"]
    again = speaking.get(f"{ENTITY}.html", headers={**GERMAN, "If-None-Match": german.headers["ETag"]})
    assert again.status_code == 304
    assert "accept-language" in again.headers["Vary"].lower()
    stale = speaking.get(f"{ENTITY}.html", headers={"If-None-Match": german.headers["ETag"]})
    assert stale.status_code == 200
    assert stale.data == english.data


@pytest.mark.parametrize("format_", ["ttl", "jsonld", "json", "csv", "md", "rdf"])
def test_data_do_not_depend_on_the_reader(format_: str, speaking: FlaskClient) -> None:
    german, english = (speaking.get(f"{ENTITY}.{format_}", headers=headers) for headers in (GERMAN, {}))
    assert german.data == english.data
    assert "accept-language" not in english.headers.get("Vary", "").lower()


def test_pages_in_one_language_are_the_same_for_all(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.application.extensions["akb"], "page_languages", ("en",))
    # Nobody else looks at this page, which is cached as it is now.
    german, english = (client.get("/search.html?q=one+language+for+all", headers=headers) for headers in (GERMAN, {}))
    assert german.data == english.data
    assert {"Accept-Language", "Cookie"}.isdisjoint(german.vary)
    assert 'href="/language' not in german.text


@pytest.mark.parametrize(
    ("header", "cookie", "tag", "direction"),
    [
        ("de-AT, de;q=0.9, en;q=0.5", "", "de", ""),
        ("fr-CA", "", "fr", ""),
        ("es-419, en", "", "es", ""),
        ("zh-CN, zh;q=0.9", "", "zh-Hans", ""),
        ("zh-TW, en;q=0.5", "", "en", ""),
        ("ar-EG", "", "ar", "rtl"),
        ("it, sv", "", "en", ""),
        ("de", "fr", "fr", ""),
        ("de", "en", "en", ""),
        ("de", "no such", "de", ""),
        ("", "ar", "ar", "rtl"),
    ],
)
def test_a_page_is_in_the_language_that_was_chosen_or_asked_for(
    header: str, cookie: str, tag: str, direction: str, reader: FlaskClient
) -> None:
    headers = {"Accept-Language": header, "Accept": "text/html"}
    if cookie:
        reader.set_cookie("lang", cookie)
    for path in ("/about.html", "/nothing/here"):
        page = reader.get(path, headers=headers)
        assert "Set-Cookie" not in page.headers
        there = f'<html lang="{tag}"' + (f' dir="{direction}">' if direction else ">")
        assert there in page.text
        assert page.headers["Content-Language"].split(", ")[0] == tag
        assert {"Accept-Language", "Cookie"} <= {*page.vary}
        # The title of an error, and what is wrong.
        words = catalogue_of(tag).said("There is nothing at this address.")
        assert path == "/about.html" or words in page.text
    reader.delete_cookie("lang")


def test_the_switch_keeps_a_language_and_leads_back(reader: FlaskClient) -> None:
    page = reader.get("/about.html").text
    assert '<a href="/language?lang=de&amp;to=%2Fabout" lang="de" hreflang="de" rel="nofollow">Deutsch</a>' in page
    switched = reader.get("/language?lang=de&to=/about")
    assert (switched.status_code, switched.headers["Location"]) == (303, "/about")
    assert switched.headers["Cache-Control"] == "no-store"
    assert switched.headers["Set-Cookie"].startswith("lang=de; ")
    assert '<html lang="de">' in reader.get("/about", headers={"Accept": "text/html"}).text
    reader.delete_cookie("lang")


@pytest.mark.parametrize(
    "address", ["lang=de&to=//example.org/", "lang=de&to=/\\example.org", "lang=de&to=x", "lang=xx", ""]
)
def test_the_switch_leads_nowhere_else(address: str, reader: FlaskClient) -> None:
    """CWE-601."""
    answer = reader.get(f"/language?{address}")
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_each_language_is_cached_by_itself_and_data_are_not(reader: FlaskClient) -> None:
    def get(path: str, language: str, **headers: str) -> TestResponse:
        reader.set_cookie("lang", language)
        answer = reader.get(path, headers=headers)
        reader.delete_cookie("lang")
        return answer

    pages = [get("/about.html", one) for one in ("de", "fr", "de")]
    assert pages[0].data == pages[2].data != pages[1].data
    assert pages[0].headers["ETag"] == pages[2].headers["ETag"] != pages[1].headers["ETag"]
    again = get("/about.html", "fr", **{"If-None-Match": pages[0].headers["ETag"]})
    assert again.status_code == 200
    data = [get("/about.md", one) for one in ("de", "fr")]
    assert data[0].data == data[1].data
    assert {"Accept-Language", "Cookie"}.isdisjoint(data[0].vary)
    problem = get("/nothing/here", "de", Accept="application/problem+json")
    assert problem.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "instance": "/nothing/here",
    }


def test_a_theme_brings_words_and_languages(make_base: Callable[[Path], Path], tmp_path: Path) -> None:
    root = make_base(tmp_path / "base")
    locales = root / "theme" / "locales"
    locales.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (locales / "it.po").write_text(f'{head}msgid "Home"\nmsgstr "Pagina iniziale"\n')
    state = {"AKB_STATE": str(tmp_path / "state")}
    client = create_app(read_settings({**state, "AKB_PAGE_LANGUAGES": "it, en"}, root=root)).test_client()
    page = client.get("/nothing", headers={"Accept": "text/html"}).text
    assert '<html lang="it">' in page
    with pytest.raises(UsageError, match="AKB_PAGE_LANGUAGES names sv"):
        create_app(read_settings({**state, "AKB_PAGE_LANGUAGES": "sv"}, root=root))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ()),
        ("de", ("de",)),
        ("DE-at", ("de",)),
        ("en, de", ()),
        ("de, en", ("de",)),
        ("de;q=0.5, en;q=0.9", ()),
        ("fr;q=0.8, de;q=0.9, en;q=0.1", ("de", "fr")),
        ("en-GB;q=0.7, fr;q=0.8", ("fr",)),
        ("pt", ("pt-BR",)),
        ("de;q=0", ()),
        ("*", ()),
        ("it", ()),
        ("de;q=many, ,;;, fr", ("fr",)),
        ("\x00" * 100, ()),
    ],
)
def test_ranges_of_a_header(header: str, expected: tuple[str, ...]) -> None:
    # RFC 4647, sections 3.3.1 and 3.4; RFC 9110, section 12.5.4.
    assert preferred({"HTTP_ACCEPT_LANGUAGE": header}, ("ar", "de", "fr", "pt-BR")) == expected


@pytest.mark.parametrize("address", [f"{ENTITY}/card", "/reconcile/preview?id=concept:alignment-faking"])
def test_a_card_speaks_the_language_of_the_page_it_is_on(address: str, speaking: FlaskClient) -> None:
    german, english = speaking.get(address, headers=GERMAN), speaking.get(address)
    assert re.search(r'lang="de" dir="auto">Vorgetäuschte &lt;Ausrichtung&gt;</', german.text)
    assert 'lang="de" dir="auto">Ein Modell fügt sich nur zum Schein.</p>' in german.text
    assert '<span lang="en">Alignment Faking</span>' in german.text
    assert "<title>Alignment Faking</title>" in english.text
    for name in ("Scheinausrichtung", "Vorgetäuschte &lt;Ausrichtung&gt;"):
        assert f'<span lang="de" dir="auto">{name}</span>' in english.text
    assert "Accept-Language" in german.vary
    assert german.headers["ETag"] != english.headers["ETag"]
