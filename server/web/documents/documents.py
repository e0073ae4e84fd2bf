"""Documents in several formats: content negotiation, profiles, headers and links.

The one place where a representation becomes a response.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flask import Response, abort, g, request
from werkzeug.exceptions import HTTPException

from ...records.sentences import sentence
from ...serialization import (
    CSV,
    FURTHER_FORMATS,
    HTML,
    LINKSET,
    RAW_CSV,
    REFERENCE_FORMATS,
    Format,
    document_formats,
    triples_formats,
)
from ...spreadsheets import harmless_table
from ..http.caching import Lasting, Representation
from ..http.links import ADDRESS, LINKS, Link, header, in_page, link_set
from ..http.negotiation import NothingAcceptable, by_parameter, choose, choose_or_none, named, version_for
from ..http.origins import site_address
from ..http.profiles import HEADER, PARAMETER, Profile, profile_named, profiles_by_preference
from ..open_release import OpenRelease
from .representations import REIFIED_FORMATS, Context, represent, represent_reified

Writers = Mapping[Format, Callable[[], str | bytes]]
"""What writes a document in each of its formats; only the one that is wanted is called."""

_MEDIA_TYPE = "_mediatype"
_A_PROFILE = "http://www.w3.org/ns/dx/prof/Profile"


@dataclass(frozen=True)
class Document:
    """A document at `path` (without an extension), in the formats in which it can be written."""

    path: str
    writers: Writers
    about: str = ""
    """IRI of what it describes."""
    links: Callable[[], Sequence[Link]] = tuple
    """Makes the links that it has beside those to its formats; asked only for an answer that is sent whole."""
    profile: Profile | None = None
    """The profile to which `writers` keep, where there are others."""
    profiles: Mapping[Profile, Writers] = field(default_factory=dict)
    """The other profiles, and what writes the document in them."""
    query: str = ""
    """What selects it at its path: the query part of its addresses."""
    page_query: str | None = None
    """The same of the formats of `in_pages`, where the data are whole."""
    in_pages: tuple[Format, ...] = (HTML,)
    """The formats in which it comes in pages, or as a view of the data."""
    status: int = 200
    cached: bool = True
    """Whether the answer is cached. One that has the address of the site in it is not: that depends on the request."""
    names_site: bool = False
    """Whether its triples depend only on the release and the address of the site, and are cached for each address.

    A site has few addresses: hosts that clients make up are not believed.
    """

    def query_of(self, chosen: Format) -> str:
        """Return the query part of its address in a format, without the profile."""
        return self.page_query if chosen in self.in_pages and self.page_query is not None else self.query

    def writers_of(self, profile: Profile | None) -> Writers:
        """Return what writes the document in a profile."""
        return self.profiles.get(profile, self.writers) if profile else self.writers

    def write(self, chosen: Format, profile: Profile | None) -> str | bytes:
        """Return the document in a format and a profile. Tables are for spreadsheets, unless they are asked for raw."""
        if chosen not in {CSV, RAW_CSV}:
            return self.writers_of(profile)[chosen]()
        table = self.writers_of(profile)[CSV]()
        assert isinstance(table, str)
        return harmless_table(table) if chosen is CSV else table

    def formats(self, profile: Profile | None) -> tuple[Format, ...]:
        """Return the formats that there are in a profile, in the order of the table."""
        writers = self.writers_of(profile)
        return tuple(one for one in (*document_formats(), *FURTHER_FORMATS) if one in writers)

    def offered(self, profile: Profile | None) -> tuple[Format, ...]:
        """Return the formats, and after them those which nobody gets who did not name them."""
        return (*self.formats(profile), *self.raw(profile), LINKSET)

    def raw(self, profile: Profile | None) -> tuple[Format, ...]:
        """Return the format for programs in which tables are offered beside the one for spreadsheets."""
        return (RAW_CSV,) if CSV in self.writers_of(profile) else ()

    def address(self, chosen: Format, profile: Profile | None = None) -> str:
        """Return the address that always yields this format and profile."""
        named = f"{PARAMETER}={profile.name}" if profile and profile != self.profile else ""
        query = "&".join(part for part in (self.query_of(chosen), named) if part)
        return f"{self.path}.{chosen.name}" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Choice:
    """The representation that an answer to the present request is, and the headers on which it depended."""

    format: Format
    profile: Profile | None
    depends_on: tuple[str, ...]
    is_own_address: bool = False
    """Whether it was asked for at the address that always yields it."""

    @property
    def content_type(self) -> str:
        """The Content-Type header of the answer, with the version of RDF where a reader must know it."""
        version = self.profile.version if self.profile else ""
        written_in = f"; version={version}" if version and self.format in REIFIED_FORMATS else ""
        return self.format.content_type + written_in


def rdf_writers(
    release: OpenRelease,
    triples: Callable[[], str],
    *,
    first: str = "",
    context: Context | None = None,
) -> dict[Format, Callable[[], str | bytes]]:
    """Return what writes N-Triples in every RDF format; see `represent`."""

    def writer(chosen: Format) -> Callable[[], str | bytes]:
        return lambda: represent(triples(), chosen, release.namespaces, context or release.context, first=first)

    return {chosen: writer(chosen) for chosen in triples_formats()}


def reified_writers(release: OpenRelease, triples: Callable[[], str]) -> dict[Format, Callable[[], str | bytes]]:
    """Return what writes N-Triples in every format of RDF 1.2, with their edges as reifiers."""

    def writer(chosen: Format) -> Callable[[], str | bytes]:
        return lambda: represent_reified(triples(), chosen, release.namespaces)

    return {chosen: writer(chosen) for chosen in REIFIED_FORMATS}


def choice(document: Document, extension: str | None) -> Choice:
    """Return the representation that the address names, or leaves to the client to choose.

    An extension, `_mediatype` and `_profile` bypass negotiation; with an extension nothing is left to choose. Answers
    404 for a name of what there is not, and 406 when nothing suits the client.
    """
    by_name = _profile_by_name(document)
    if extension is not None:
        profile = by_name or document.profile
        return Choice(_named(document, profile, extension, named), profile, (), is_own_address=True)
    depends_on: list[str] = []
    candidates: Sequence[Profile | None] = [by_name or document.profile]
    if by_name is None and document.profile:
        candidates = profiles_by_preference(request, (document.profile, *document.profiles))
        depends_on.append(HEADER)
    # Who names a profile means it; else a version of RDF is a wish for one in which it can be written.
    is_open = by_name is None and HEADER not in request.headers
    if value := request.args.get(_MEDIA_TYPE, ""):
        found = _named(document, candidates[0], value, by_parameter)
        profile = _of_version(document, found, value) if is_open else candidates[0]
        return Choice(found, profile, tuple(depends_on))
    depends_on.append("Accept")
    for profile in candidates:
        chosen = choose_or_none(request, document.offered(profile))
        if chosen is not None:
            accept = request.headers.get("Accept", "")
            return Choice(chosen, _of_version(document, chosen, accept) if is_open else profile, tuple(depends_on))
    links = _alternates(document)
    if candidates:
        choose(request, document.offered(candidates[0]), links, depends_on)
    raise NothingAcceptable(
        sentence("Every profile of this document is excluded by Accept-Profile."), links, depends_on
    )


def _of_version(document: Document, chosen: Format, accept: str) -> Profile | None:
    """Return the profile of the version of RDF that a client wants of a format, or else that of the document."""
    version = version_for(accept, chosen)
    of_version = (
        one for one, writers in document.profiles.items() if one.version == version != "" and chosen in writers
    )
    return next(of_version, document.profile)


def document(whole: Document, extension: str | None, release: OpenRelease) -> Response:
    """Return a document in the format of `extension`, or without one in that which the client wants."""
    known = known_document(whole, extension, release)
    if known is not None:
        return known
    chosen = choice(whole, extension)
    if chosen.format not in whole.in_pages:
        # Data that are whole are the same whatever page was named, and so is what they lead to.
        whole = replace(whole, page_query=None)
    links = all_links(whole, chosen)
    if chosen.format is HTML:
        # For clients that read no headers: the template of every page has them in its head.
        setattr(g, LINKS, in_page(links))
        query = whole.query_of(HTML)
        setattr(g, ADDRESS, whole.path + (f"?{query}" if query else ""))
    if chosen.format is LINKSET:
        shown = site_address() + whole.address(whole.formats(None)[0]).removeprefix("/")
        response = Response(link_set(shown, links), whole.status, content_type=LINKSET.content_type)
    else:
        response = _representation(whole, chosen, release)
    _say_what_was_chosen(response, whole, chosen)
    _link(response, chosen, links)
    return response


def known_document(whole: Document, extension: str | None, release: OpenRelease) -> Response | None:
    """Return the answer for a client that shows by its tag that it has the document, else None. Asks no store."""
    if "If-None-Match" not in request.headers:
        return None
    try:
        chosen = choice(whole, extension)
    except HTTPException:
        return None
    response = None if chosen.format is LINKSET else _representation(whole, chosen, release)
    if not (isinstance(response, Representation) and response.is_known):
        return None
    _say_what_was_chosen(response, whole, chosen)
    return response


def _representation(whole: Document, chosen: Choice, release: OpenRelease) -> Response:
    write = partial(whole.write, chosen.format, chosen.profile)
    if whole.cached and whole.status == 200:
        profile = chosen.profile.name if chosen.profile else ""
        key = (whole.query_of(chosen.format), chosen.format.name, profile)
        return Representation(release, whole.path, key, chosen.content_type, write)
    if whole.names_site and chosen.format in triples_formats():
        written = release.once(("of the site", whole.path, chosen.format.name, site_address()), write)
        return Response(written, whole.status, content_type=chosen.content_type)
    return Response(write(), whole.status, content_type=chosen.content_type)


def see_other(whole: Document, release: OpenRelease, place: Callable[[], str] | None = None) -> Response:
    """Redirect from a thing to the document about it, as the client wants it (303, RFC 9110, section 15.4.4).

    `place` makes the address of the place in HTML that shows the thing, where that is not the whole document.
    """
    chosen = choice(whole, None)
    response = Lasting(release, "text/plain; charset=utf-8", 303)
    is_place = place and chosen.format is HTML
    response.headers["Location"] = place() if place and is_place else whole.address(chosen.format, chosen.profile)
    for name in chosen.depends_on:
        response.vary.add(name)
    _link(response, chosen, all_links(whole, chosen))
    return response


def all_links(whole: Document, chosen: Choice) -> list[Link]:
    """Return the links of a document in one representation: to the others, and to what it is about."""
    links = [*whole.links()]
    if whole.about:
        links.append(Link(whole.about, "describes"))
    if chosen.profile:
        links.append(Link(chosen.profile.iri, "profile"))
        links += [
            Link(_A_PROFILE, "type", (("token", one.name),), anchor=one.iri)
            for one in (whole.profile, *whole.profiles)
            if one
        ]
    shown = whole.address(chosen.format, chosen.profile)
    links += [link for link in _alternates(whole) if link.target != shown]
    return links


def _alternates(whole: Document) -> list[Link]:
    """Return links to every representation, as a list of profiles gives them too (section 6.3.1 there)."""
    links = []
    for profile in dict.fromkeys((whole.profile, *whole.profiles)):
        of_profile = (("formats", profile.iri),) if profile else ()
        if profile != whole.profile:
            assert profile is not None
            links.append(Link(f"{whole.path}?{PARAMETER}={profile.name}", "alternate", of_profile))
        links += [
            Link(
                whole.address(one, profile),
                _relation(whole, one),
                (("type", one.media_type),),
                # The header says which profile it is that the answer has, and where to ask for the others.
                more=of_profile,
                in_header=profile == whole.profile and one is not RAW_CSV,
            )
            for one in (*whole.formats(profile), *whole.raw(profile))
        ]
    links.append(Link(whole.address(LINKSET), "linkset", (("type", LINKSET.media_type),)))
    return links


def _relation(whole: Document, format_: Format) -> str:
    """Return how a format is linked to: data about a thing describe it (FAIR Signposting), and so does a reference."""
    if format_ in REFERENCE_FORMATS:
        return "describedby"
    return "alternate describedby" if whole.about and format_ in triples_formats() else "alternate"


def _say_what_was_chosen(response: Response, whole: Document, chosen: Choice) -> None:
    for name in chosen.depends_on:
        response.vary.add(name)
    if not chosen.is_own_address:
        # The address does not say which format it is, so the answer does.
        response.headers["Content-Location"] = whole.address(chosen.format, chosen.profile)


def _link(response: Response, chosen: Choice, links: Sequence[Link]) -> None:
    response.headers["Link"] = header(links)
    if chosen.profile and chosen.format is not LINKSET:
        response.headers["Content-Profile"] = f"<{chosen.profile.iri}>"


def _profile_by_name(whole: Document) -> Profile | None:
    """Return the profile that `_profile` names. Answers 404 when the document has no such profile."""
    value = request.args.get(PARAMETER, "")
    if not value:
        return None
    profiles = [one for one in (whole.profile, *whole.profiles) if one]
    found = profile_named(value, profiles)
    if found is None:
        names = ", ".join(one.name for one in profiles) or "none here"
        abort(
            404,
            sentence(
                "There is no profile %(value)s of this document; there are: %(names)s.", value=f"{value!r}", names=names
            ),
        )
    return found


def _named(
    whole: Document, profile: Profile | None, name: str, find: Callable[[str, Sequence[Format]], Format | None]
) -> Format:
    """Return the format that an address names. Answers 404 when there is none of this name."""
    offered = whole.offered(profile)
    found = find(name, offered)
    if found is None:
        names = ", ".join(f".{candidate.name}" for candidate in offered)
        abort(
            404,
            sentence(
                "There is no format %(name)s of this document; there are %(names)s.", name=f"{name!r}", names=names
            ),
        )
    return found
