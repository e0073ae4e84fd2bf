"""The releases of this server as files, for servers that follow it: see `build/following.py`.

Files of a release never change, and go out in ranges (RFC 9110, section 14); `current` names the one to take.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request, send_file

from ...build.checksums import FILE, is_release_name, read_checksums, sha256_of
from ...build.releases import Releases
from ...records.sentences import sentence
from ..current import current_settings
from ..http.caching import digest
from ..http.prefixes import public
from ..http.problems import problem

blueprint = Blueprint("offering", __name__)

_A_YEAR: Final = 31_536_000


@blueprint.get("/releases/current")
def current_name() -> Response:
    """Return the name of the current release, as one line."""
    releases = _offered()
    if isinstance(releases, Response):
        return releases
    release = releases.current()
    if release is None:
        return problem(404, sentence("There is no release."), sentence("run `akb build`."))
    response = Response(f"{release.name}\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(digest(release.name))
    response.make_conditional(request)
    return response


@blueprint.get("/releases/<release>/<path:file>")
def release_file(release: str, file: str) -> Response:
    """Return a file of a release: one that its checksums name, or those."""
    releases = _offered()
    if isinstance(releases, Response):
        return releases
    folder = releases.folder / release
    if not is_release_name(release) or not folder.is_dir():
        return problem(
            404,
            sentence("There is no such release, or no longer."),
            sentence("ask for %(public)s.", public=public("/releases/current")),
        )
    checksum = sha256_of(folder / FILE) if file == FILE else read_checksums(folder).files.get(file)
    if checksum is None:
        return problem(
            404,
            sentence("The release has no such file."),
            sentence("its file %(file)s names those that it has.", file=FILE),
        )
    return _sent(folder / file, checksum)


def _offered() -> Releases | Response:
    settings = current_settings()
    if not settings.offer_releases:
        return problem(
            404,
            sentence("This server does not offer its releases."),
            sentence("set AKB_OFFER_RELEASES=yes where it runs."),
        )
    return Releases(settings.releases)


def _sent(path: Path, checksum: str) -> Response:
    try:
        response = send_file(path, mimetype="application/octet-stream", etag=checksum, max_age=_A_YEAR)
    except FileNotFoundError:
        return problem(
            404,
            sentence("There is no such release, or no longer."),
            sentence("ask for %(public)s.", public=public("/releases/current")),
        )
    # Ranges are of the bytes as they are, so no coding may come between.
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable, no-transform"
    assert isinstance(response, Response)
    return response
