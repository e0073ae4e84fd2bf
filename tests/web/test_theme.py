"""The theme of a base: templates, style sheet and logo of its own, and what a broken template says."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from server.cli.main import main as akb
from server.errors import UnreadableError
from server.settings import Settings, read_settings
from server.web import given
from server.web.app import create_app
from server.web.given.overviews import OverviewPage
from server.web.given.page import Page
from server.web.site import Everywhere
from tests.made import CLASSES

STYLE = ":root { --accent: #7a1f5c; }\n.note > em { color: red }\n"
HOME = """{% extends "engine/home.html" %}
{% block content %}
<p class="welcome">Welcome to {{ site.name }}, which has {{ classes | length }} classes.</p>
{{ super() }}
{% endblock %}
"""
ERROR = '{% extends "base.html" %}{% block content %}<h1>Oh no: {{ status }}</h1>{% endblock %}'
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture
def themed(settings: Settings, tmp_path: Path) -> Iterator[tuple[Path, FlaskClient]]:
    """The folder of a theme, and a client of a site that has it."""
    root = tmp_path / "base"
    shutil.copytree(settings.root, root)
    theme = root / "theme"
    (theme / "templates").mkdir(parents=True)
    (theme / "templates/home.html").write_text(HOME)
    (theme / "templates/error.html").write_text(ERROR)
    (theme / "style.css").write_text(STYLE)
    (theme / "logo.svg").write_text(LOGO)
    # The release is that of all tests: a theme is no part of it.
    app = create_app(read_settings({"AKB_STATE": str(settings.state)}, root=root))
    yield theme, app.test_client()
    app.extensions["akb"].close()


def test_templates_style_and_logo_of_a_theme_are_used(themed: tuple[Path, FlaskClient]) -> None:
    client = themed[1]
    home = client.get("/", headers={"Accept": "text/html"}).text
    assert f"Welcome to Alignment KB, which has {len(CLASSES)} classes." in home
    assert ">Contents<" in home, "our template was extended"
    sheets = re.findall(r'<link rel="stylesheet" href="([^"?]+)\?v=\w+">', home)
    assert sheets == ["/static/style.css", "/static/classes.css", "/static/theme/style.css"]
    assert re.search(r'<img class="logo" src="/static/theme/logo\.svg\?v=\w+" alt="">', home)
    assert re.search(r'<link rel="icon" href="/static/theme/logo\.svg\?v=\w+" type="image/svg\+xml">', home)
    assert "Oh no: 404" in client.get("/nowhere", headers={"Accept": "text/html"}).text
    assert client.get("/favicon.ico").headers["Location"].startswith("/static/theme/logo.svg")


def test_its_files_are_cached_as_ours_are(themed: tuple[Path, FlaskClient]) -> None:
    client = themed[1]
    home = client.get("/", headers={"Accept": "text/html"}).text
    [address] = re.findall(r'href="(/static/theme/style\.css\?v=\w+)"', home)
    response = client.get(address)
    assert response.text == STYLE
    assert response.content_type == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    for other in ("templates/home.html", "../akb.toml", "logo.png"):
        assert client.get(f"/static/theme/{other}").status_code == 404


def test_a_picture_that_stands_alone_has_its_style_too(themed: tuple[Path, FlaskClient]) -> None:
    response = themed[1].get("/concept/alignment-faking/picture.svg")
    assert "--accent: #7a1f5c" in response.text
    assert ".note > em" in response.text


def test_a_change_is_seen_without_a_restart(themed: tuple[Path, FlaskClient]) -> None:
    theme, client = themed
    before = client.get("/concept/alignment-faking.html")
    (theme / "style.css").write_text(STYLE + "/* another */")
    (theme / "templates/home.html").write_text(HOME.replace("Welcome", "Greetings"))
    _wait(client)
    assert "Greetings to Alignment KB" in client.get("/", headers={"Accept": "text/html"}).text
    after = client.get("/concept/alignment-faking.html", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200, "the page names another style sheet"
    (theme / "templates/home.html").write_text("{% if %}")
    _wait(client)
    assert "Greetings to Alignment KB" in client.get("/", headers={"Accept": "text/html"}).text
    shutil.rmtree(theme)
    _wait(client)
    assert "Greetings" not in client.get("/", headers={"Accept": "text/html"}).text


def _wait(client: FlaskClient) -> None:
    client.application.extensions["akb"]._trusted_until = 0.0


def test_a_template_that_cannot_be_read_stops_the_server_and_the_check(root: Path) -> None:
    template = root / "theme/templates/base.html"
    template.parent.mkdir(parents=True)
    template.write_text("<html>\n{% block title %}\n</html>\n")
    with pytest.raises(UnreadableError, match=r"theme/templates/base\.html, line \d: "):
        create_app(read_settings({}, root=root))
    result = CliRunner().invoke(akb, ["serve", "--root", str(root)])
    assert (result.exit_code, "theme/templates/base.html, line" in result.output) == (3, True)
    result = CliRunner().invoke(akb, ["check", "--root", str(root)])
    assert result.exit_code == 1
    assert "theme/templates/base.html:" in result.output


@pytest.mark.parametrize("name", ["home.html", "base.html"])
def test_a_template_that_fails_says_where(themed: tuple[Path, FlaskClient], name: str) -> None:
    """One that fails for errors as well leaves them to be told as data."""
    theme, client = themed
    (theme / "templates/error.html").unlink()
    (theme / f"templates/{name}").write_text("<p>\n{{ nothing.at.all }}\n</p>")
    _wait(client)
    response = client.get("/", headers={"Accept": "text/html"})
    assert response.status_code == 500
    assert f"theme/templates/{name}, line 2" in response.text


def pages_with_a_template() -> list[type[Page]]:
    """Return what the templates are given, whatever the module of `given` it is in."""
    modules = [import_module(f"{given.__name__}.{module.name}") for module in iter_modules(given.__path__)]
    found = {
        one for module in modules for one in vars(module).values() if isinstance(one, type) and issubclass(one, Page)
    }
    return [page for page in found if page not in {Page, OverviewPage}]


def test_the_documentation_lists_what_each_template_is_given(repository: Path) -> None:
    text = (repository / "docs/theming.md").read_text()
    found = dict(re.findall(r"^### `([\w-]+\.html)`\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL))
    documented = {name: re.findall(r"^\| `(\w+)` \|", rest, re.MULTILINE) for name, rest in found.items()}
    assert documented == {
        page.template: [field.name for field in dataclasses.fields(page)] for page in pages_with_a_template()
    }
    [everywhere] = re.findall(r"^## On every page\n(.*?)(?=^#)", text, re.MULTILINE | re.DOTALL)
    names = re.findall(r"^\| `(\w+)` \|", everywhere, re.MULTILINE)
    assert names == [field.name for field in dataclasses.fields(Everywhere)]


def test_every_page_that_is_documented_has_its_template(repository: Path) -> None:
    for page in pages_with_a_template():
        assert (repository / "server/web/templates" / page.template).is_file()
