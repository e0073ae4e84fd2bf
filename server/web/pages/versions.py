"""Entities as they were: at `?at=` a version, with `Accept-Datetime` the way to it, and the list of all (RFC 7089)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ...errors import NotFoundError, UsageError
from ...formats.writing import write_json
from ...knowledge.listing import near_names
from ...namespaces import SLUG
from ...records.history import Commit, Fate, Moment, Version
from ...records.sentences import sentence
from ...serialization import HTML, JSON, LINK_FORMAT, Format
from ..current import current_release
from ..documents.documents import Document, Writers, document
from ..documents.past import release_of
from ..http.caching import Lasting
from ..http.links import Link, header
from ..http.memento import (
    FOR_GOOD,
    PARAMETER,
    accepted_datetime,
    depends_on_time,
    http_date,
    memento_links,
    memento_path,
    original_links,
    say_when,
    time_map_path,
)
from ..http.origins import site_address
from ..http.paging import Pages, asked_pages
from ..http.problems import problem
from ..http.redirects import redirect_to_tidied
from ..open_release import OpenRelease

blueprint = Blueprint("versions", __name__)

_SIZE: Final = 1_000
"""Versions in a part of a TimeMap."""


@dataclass(frozen=True)
class Then:
    """A version that is shown, and what came before and after it, for the head of its page."""

    version: Version
    path: str
    """The path of the entity as it is today."""
    prev: str
    """The addresses of the version before and the one after; each is empty where there is none."""
    next: str
    next_kind: str
    """What became of the entity after this version: changed or removed; empty for the last one."""
    until: Commit | None
    """The commit that ended it."""
    is_here: bool
    """Whether the entity is in the base that is served."""


Describe = Callable[[OpenRelease, str, str, Then], Document]
"""Makes the document of an entity, given by its page class and its slug, over the release of a version."""


def earlier(
    release: OpenRelease,
    name: str,
    slug: str,
    extension: str | None,
    describe: Describe,
    *,
    is_here: Callable[[], bool],
) -> AnyResponse | None:
    """Return the answer to a request for an entity as it was, or None when it asks for what it is.

    Answers 400 for what is no time, 404 for one before the entity, and 410 for one at which it was gone.
    """
    if not SLUG.fullmatch(slug):
        return None
    at = request.args.get(PARAMETER, "")
    if not at:
        wanted = accepted_datetime()
        if wanted is None or not release.history:
            return None
        return depends_on_time(_to_version(release, name, slug, extension, release.history.at(wanted)))
    commit = commit_named(release, at)
    if commit.revision == at:
        version = _version_at(release, name, slug, commit)
        if not isinstance(version, Version):
            return version
        if version.commit == commit:
            return _shown(release, version, (name, slug), extension, describe, is_here=is_here())
    return _to_version(release, name, slug, extension, commit)


def never(release: OpenRelease, name: str, slug: str) -> AnyResponse:
    """Return the answer where no entity is, and none ever was: what is no slug may be almost one."""
    is_slug = SLUG.fullmatch(slug)
    return (None if is_slug else redirect_to_tidied()) or problem(
        404,
        sentence("There is no entity %(name)s:%(slug)s, and there never was one.", name=name, slug=slug),
        sentence("check the spelling, or look through the list of its class."),
        near_names(release.store, f"{name}:{slug}"),
    )


def commit_named(release: OpenRelease, text: str) -> Commit:
    """Return the commit that a parameter names by a revision or a date; 400 for what is neither, 404 for no such one.

    Where the base has no history, that is said (404).
    """
    if not release.history:
        raise NotFoundError(
            sentence("This base has no history: it is in no repository, or nothing of it was committed.")
        )
    try:
        return release.history.resolve(text)
    except UsageError as error:
        abort(400, sentence("%(message)s To mend it, %(mend)s", message=error.message, mend=error.mend))


def _version_at(release: OpenRelease, name: str, slug: str, commit: Commit) -> Version | AnyResponse:
    iri = release.iri_of(name, slug)
    version = release.history.version_at(iri, commit)
    path = f"/{name}/{slug}"
    if version is None:
        moments = release.history.moments_of(iri)
        if not moments:
            return never(release, name, slug)
        return problem(
            404,
            sentence(
                "%(name)s:%(slug)s was not there yet; it came in on %(date)s.",
                name=name,
                slug=slug,
                date=moments[0].commit.at.date(),
            ),
            sentence("ask for a later time; %(path)s/history lists all.", path=path),
            links=memento_links(path, moments),
        )
    if version.kind is Fate.REMOVED:
        return problem(
            410,
            sentence(
                "%(name)s:%(slug)s was gone then: it was removed on %(date)s.",
                name=name,
                slug=slug,
                date=version.commit.at.date(),
            ),
            sentence("ask for another time; %(path)s/history lists all.", path=path),
            links=memento_links(path, release.history.moments_of(iri)),
        )
    return version


def _to_version(release: OpenRelease, name: str, slug: str, extension: str | None, commit: Commit) -> AnyResponse:
    """Redirect to the version of an entity that held after a commit (302, as section 4.1.1 has it)."""
    version = _version_at(release, name, slug, commit)
    if not isinstance(version, Version):
        return version
    path = f"/{name}/{slug}"
    rest = urlencode([(key, value) for key, value in request.args.items(multi=True) if key != PARAMETER])
    dotted = f".{quote(extension)}" if extension else ""
    address = memento_path(path + dotted, version.commit.revision) + (f"&{rest}" if rest else "")
    response = redirect(address, 302)
    moments = release.history.moments_of(version.entity)
    response.headers["Link"] = header([*original_links(path), *memento_links(path, moments, _place(moments, version))])
    return response


def _place(moments: Sequence[Moment], version: Version) -> int:
    return next(place for place, moment in enumerate(moments) if moment.commit == version.commit)


def _shown(
    release: OpenRelease,
    version: Version,
    entity: tuple[str, str],
    extension: str | None,
    describe: Describe,
    *,
    is_here: bool,
) -> Response:
    path = "/" + "/".join(entity)
    moments = release.history.moments_of(version.entity)
    place = _place(moments, version)
    links = [*original_links(path), *memento_links(path, moments, place)]
    after = moments[place + 1] if place + 1 < len(moments) else None
    there = [place for place, moment in enumerate(moments) if moment.kind is not Fate.REMOVED]
    before, following = [one for one in there if one < place][-1:], [one for one in there if one > place][:1]
    earlier_one, later_one = (
        memento_path(path, moments[some[0]].commit.revision) if some else "" for some in (before, following)
    )
    then = Then(
        version=version,
        path=path,
        prev=earlier_one,
        next=later_one,
        next_kind=after.kind.value if after else "",
        until=after.commit if after else None,
        is_here=is_here,
    )
    past = release_of(release, version)
    whole = describe(past, *entity, then)
    query = f"{PARAMETER}={version.commit.revision}"
    shown = replace(whole, query=query, links=lambda: links)
    response = document(shown, extension, past)
    response.last_modified = version.commit.at
    # What says when it was is the same for good; a page says, too, what came after, and the last version has no next.
    if after and response.mimetype != HTML.media_type:
        response.headers["Cache-Control"] = FOR_GOOD
    say_when(response, version.commit.at)
    if isinstance(response, Lasting):
        # It is cached beside all else that is served now.
        response.mark = release.mark
    return response


@blueprint.get("/timemap/<page_class:name>/<slug>")
def time_map(name: str, slug: str) -> AnyResponse:
    """List the versions of an entity, in parts where they are many (section 5)."""
    release = current_release()
    slug, dot, extension = slug.partition(".")
    if not SLUG.fullmatch(slug):
        return never(release, name, slug)
    path = f"/{name}/{slug}"
    moments = release.history.moments_of(release.iri_of(name, slug))
    if not moments:
        return problem(
            404,
            sentence("Nothing is known of %(entity)s at other times.", entity=f"{name}:{slug}")
            if release.history
            else "This base has no history: it is in no repository, or nothing of it was committed.",
        )
    there = [moment for moment in moments if moment.kind is not Fate.REMOVED]
    pages = asked_pages(time_map_path(path), _SIZE, _SIZE).of(len(there))
    writers: Writers = {
        LINK_FORMAT: lambda: _link_format(path, there, pages),
        JSON: lambda: _json(path, there, pages),
    }
    whole = Document(
        pages.path,
        writers,
        query=pages.query(),
        links=lambda: [Link(path, "original timegate")],
        cached=False,
    )
    return document(whole, extension if dot else None, release)


def _link_format(path: str, there: Sequence[Moment], pages: Pages) -> str:
    """Return a part of a TimeMap (section 5), in absolute addresses: it is read away from here."""
    site = site_address().rstrip("/")

    def link(target: str, **attributes: str) -> str:
        said = "".join(f'; {name}="{value}"' for name, value in attributes.items())
        return f"<{site}{target}>{said}"

    def part(page: int, relation: str) -> str:
        first, last = _ends(there, pages, page)
        return link(
            pages.address(page, LINK_FORMAT),
            rel=relation,
            type=LINK_FORMAT.media_type,
            **{"from": http_date(first.commit.at), "until": http_date(last.commit.at)},
        )

    lines = [link(path, rel="original timegate"), part(pages.page, "self")]
    lines += [part(page, "timemap") for page in range(1, pages.last + 1) if page != pages.page]
    start = pages.skipped
    for place, moment in enumerate(there[start : start + pages.size], start):
        ends = ["first"] * (place == 0) + ["last"] * (place == len(there) - 1)
        lines.append(
            link(
                memento_path(path, moment.commit.revision),
                rel=" ".join([*ends, "memento"]),
                datetime=http_date(moment.commit.at),
            )
        )
    return ",\n".join(lines) + "\n"


def _json(path: str, there: Sequence[Moment], pages: Pages) -> str:
    """Return the same as JSON, in the form of the archives of the Web."""
    site = site_address().rstrip("/")

    def memento(moment: Moment) -> Mapping[str, str]:
        return {
            "datetime": f"{moment.commit.at:%Y-%m-%dT%H:%M:%SZ}",
            "uri": site + memento_path(path, moment.commit.revision),
        }

    def time_map_uri(one: Format) -> str:
        return site + pages.address(chosen=one)

    start = pages.skipped
    return write_json(
        {
            "original_uri": site + path,
            "timegate_uri": site + path,
            "timemap_uri": {"link_format": time_map_uri(LINK_FORMAT), "json_format": time_map_uri(JSON)},
            "mementos": {
                "first": memento(there[0]),
                "last": memento(there[-1]),
                "list": [memento(one) for one in there[start : start + pages.size]],
            },
            "pages": pages.last,
            "other_timemaps": [
                {
                    "uri": site + pages.address(page, JSON),
                    "from": f"{_ends(there, pages, page)[0].commit.at:%Y-%m-%dT%H:%M:%SZ}",
                    "until": f"{_ends(there, pages, page)[1].commit.at:%Y-%m-%dT%H:%M:%SZ}",
                }
                for page in range(1, pages.last + 1)
                if page != pages.page
            ],
        }
    )


def _ends(there: Sequence[Moment], pages: Pages, page: int) -> tuple[Moment, Moment]:
    start = (page - 1) * pages.size
    return there[start], there[min(start + pages.size, len(there)) - 1]
