"""What machines ask that look after the server: whether it lives, whether it is ready, what it has counted."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from ...errors import AkbError, RemoteError
from ...federation.peers import Peers
from ...records.sentences import sentence
from ..current import current_application, current_release
from ..open_release import OpenRelease
from .metrics import exposition, workers
from .problems import problem

blueprint = Blueprint("operations", __name__)

_ALWAYS_ANEW: Final = {"Cache-Control": "no-store"}


@blueprint.get("/healthz")
def healthz() -> tuple[dict[str, str | None], dict[str, str]]:
    """Say that the process answers, and from which release. Asks nothing of anybody else."""
    current = current_application()
    # To open another takes a while, and is for others to do.
    release = current.opened or _release()
    return {"status": "ok", "release": release.info.name if release else None}, _ALWAYS_ANEW


@blueprint.get("/readyz")
def readyz() -> Response | tuple[dict[str, object], dict[str, str]]:
    """Say whether requests can be served: the release is open, its store answers, and queries find a worker.

    Where the newest release is refused, and an older one served, `refused` says why.
    """
    try:
        release = current_release()
        release.store.answer("ASK { ?s ?p ?o }")
        release.queries.check()
    except RemoteError:
        # Its words name an address that is not the public's business.
        return problem(503, sentence("The server is not ready: the store behind it does not answer."))
    except AkbError as error:
        return problem(503, sentence("The server is not ready: %(message)s", message=error.message), error.mend)
    answer: dict[str, object] = {"status": "ready", "release": release.info.name}
    current = current_application()
    if current.refused:
        answer["refused"] = current.refused
    if counts := workers():
        deaths = counts.get("deaths", 0)
        wanted = current.settings.workers
        answer["workers"] = {"wanted": wanted, "running": counts["starts"] - deaths, "deaths": deaths}
    return answer, _ALWAYS_ANEW


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return what all workers have counted, for Prometheus."""
    release = _release()
    counted = exposition(release.info, release.federation.peers) if release else exposition(None, Peers())
    return Response(counted, content_type=CONTENT_TYPE_LATEST, headers=_ALWAYS_ANEW)


def _release() -> OpenRelease | None:
    try:
        return current_release()
    except AkbError:
        return None
