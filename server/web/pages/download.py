"""The downloads: a list of them, and each file, as the build made it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask import Blueprint, Response, abort

from ...formats import croissant, ro_crate
from ...formats.downloads import downloads_csv, downloads_json
from ...records.downloads import Download, Scope
from ...records.sentences import sentence
from ...serialization import CSV, HTML, JSON
from ..current import current_release
from ..data.description import summary_of
from ..data.distributions import PATH, downloads_description
from ..data.example_queries import endpoint_address
from ..documents.documents import Document, document, rdf_writers
from ..given.data import DownloadPage
from ..http.caching import FileResponse
from ..http.languages import page as render
from ..http.links import Link
from ..http.origins import site_address
from ..http.prefixes import public
from ..http.problems import problem
from ..http.signposting import licence_links
from ..http.spool import StoredFile
from ..open_release import OpenRelease

blueprint = Blueprint("download", __name__)

_A_YEAR: Final = 31_536_000
_HEADINGS: Final = (
    (sentence("The whole base"), (Scope.ALL,)),
    (sentence("Tables"), (Scope.TABLE,)),
    (sentence("References"), (Scope.WORKS,)),
    (sentence("By class"), (Scope.CLASS,)),
    (sentence("By graph"), (Scope.GRAPH,)),
)


@blueprint.get(PATH)
@blueprint.get(f"{PATH}.<extension>")
def downloads(extension: str | None = None) -> Response:
    """List the downloads."""
    release = current_release()
    triples = rdf_writers(
        release, lambda: downloads_description(release, endpoint_address()), first=release.site.dataset
    )
    whole = Document(
        PATH,
        {
            HTML: lambda: _page(release),
            **triples,
            CSV: lambda: downloads_csv(release.downloads),
            JSON: lambda: downloads_json(release.downloads, release.info, lambda path: f"{_place()}{path}"),
        },
        links=lambda: [
            *(Link(f"{PATH}/{one.name}", "item", in_header=False) for one in release.downloads.files),
            *licence_links(release),
        ],
        cached=False,
    )
    return document(whole, extension, release)


@blueprint.get(f"{PATH}/{croissant.NAME}")
def as_croissant() -> Response:
    """Describe the downloads as Croissant."""
    release = current_release()
    text = croissant.croissant(release.downloads, summary_of(release), release.info, release.site.dataset, _place())
    return Response(text, content_type=croissant.MEDIA_TYPE)


@blueprint.get(f"{PATH}/{ro_crate.NAME}")
def as_ro_crate() -> Response:
    """Describe the downloads as an RO-Crate."""
    release = current_release()
    text = ro_crate.ro_crate(release.downloads, summary_of(release), release.info, release.site.dataset)
    return Response(text, content_type="application/ld+json")


@blueprint.get(f"{PATH}/<file>")
@blueprint.get(f"{PATH}/<digest>/<file>")
def download(file: str, digest: str = "") -> Response:
    """Return a download whole or in ranges; with the beginning of its checksum in the address it never changes."""
    release = current_release()
    found = release.downloads.find(file)
    if found is None:
        abort(
            404,
            sentence(
                "There is no download %(file)s; %(path)s lists those that there are.",
                file=f"{file!r}",
                path=public(PATH),
            ),
        )
    if digest and digest != found.key:
        return problem(
            404,
            sentence("The download has another content by now."),
            sentence(
                "take %(path)s, or see %(path2)s for its checksum.", path=public(f"{PATH}/{file}"), path2=public(PATH)
            ),
        )
    response = _sent(release, found)
    if digest:
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable, no-transform"
    return response


def _sent(release: OpenRelease, found: Download) -> Response:
    is_text = not found.compression and found.format in {"csv", "bib", "ris"}
    response = FileResponse(
        StoredFile(release.download_path(found), found.sha256),
        f"{found.file_type}; charset=utf-8" if is_text else found.file_type,
        None,
    )
    response.last_modified = datetime.fromisoformat(found.made)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response.for_request()


def _page(release: OpenRelease) -> str:
    groups = [(heading, release.downloads.of(*scopes)) for heading, scopes in _HEADINGS]
    return render(
        DownloadPage(
            groups=[(heading, files) for heading, files in groups if files],
            notes=release.downloads.notes,
            info=release.info,
            formats=(HTML, *rdf_writers(release, str), CSV, JSON),
            path=PATH,
        )
    )


def _place() -> str:
    """Return what the addresses of downloads begin with."""
    return f"{site_address()}{PATH[1:]}/"
