"""The files that pages load: kept for ever under an address that changes with them (RFC 8246)."""

from __future__ import annotations

import gzip
import re

from flask.testing import FlaskClient


def test_every_file_that_a_page_loads_may_be_kept_for_ever(client: FlaskClient) -> None:
    found = set()
    for path in ("/", "/sparql", "/concept/alignment-faking.html"):
        page = client.get(path, headers={"Accept": "text/html"}).text
        found |= set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(found) >= 6
    for address in found:
        assert re.search(r"\?v=[0-9a-f]{12}$", address), address
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_under_another_version_a_file_is_not_kept_for_ever(client: FlaskClient) -> None:
    for address in ("/static/style.css", "/static/style.css?v=000000000000"):
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" not in response.headers["Cache-Control"]
        assert "max-age=60" in response.headers["Cache-Control"]


def test_a_file_is_sent_compressed_and_revalidated(client: FlaskClient) -> None:
    plain = client.get("/static/style.css")
    coded = client.get("/static/style.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(coded.data) == plain.data
    assert plain.headers["ETag"] != coded.headers["ETag"]
    again = client.get("/static/style.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_only_files_of_ours_are_there(client: FlaskClient) -> None:
    for name in ("nothing.css", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "vendor", ""):
        response = client.get(f"/static/{name}")
        assert response.status_code == 404, name
        assert response.headers["Cache-Control"] == "no-store"
