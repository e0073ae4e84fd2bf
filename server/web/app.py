"""The Flask application: its blueprints, and the headers of every answer."""

from __future__ import annotations

import os

from flask import Flask, Response, request

from ..formats.writing import markdown_block, markdown_code, markdown_text
from ..serialization import answer_formats
from ..settings import Settings, read_settings
from . import catalogues, site
from .assets import register_assets
from .current import Current, PageClass, Undotted, current_release, edit_address
from .data import (
    agents,
    description,
    discovery,
    editor,
    event_stream,
    example_queries,
    graphs,
    offering,
    profile_list,
    proposing,
    resolving,
    sparql,
)
from .data.answering import LARGEST_REQUEST, Endpoint
from .http import languages, operations, problems
from .http.caching import register_caching
from .http.fairness import Fairness
from .http.logs import configure_logging
from .http.metering import Meter
from .http.negotiation import addresses_of
from .http.observing import NO_ROUTE, ROUTE, STREAMED, Observer
from .http.origins import OwnHosts
from .http.prefixes import public
from .http.proxies import behind_proxies
from .http.response_cache import ResponseCache
from .pages import (
    about,
    answers,
    api,
    browse,
    by_year,
    card,
    changes,
    compare,
    correct,
    counts,
    download,
    entities,
    explanations,
    explore,
    feeds,
    gaps,
    history,
    home,
    kept,
    language,
    listed,
    manual,
    matches,
    neighbourhood,
    oembed,
    overviews,
    paths,
    picture,
    preview,
    proposals,
    propose,
    random_entity,
    reading_list,
    review,
    search,
    versions,
    vocabulary,
    wording,
)
from .pictures import map as map_of_all
from .reconciliation import v02, v1
from .theme import register_theme

_HEADERS = {
    # Data are public, from any origin: no answer depends on the client.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Akb-Hint, Akb-State, Allow, Content-Encoding, Content-Location, Content-Profile, "
        "Content-Range, ETag, Link, Location, Memento-Datetime, Retry-After, Vary, X-Request-Id"
    ),
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}

_READ_HEADERS = (
    "Accept, Accept-Datetime, Accept-Language, Accept-Profile, Content-Type, If-Match, If-Modified-Since, "
    "If-None-Match, If-Range, If-Unmodified-Since, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Range, X-Request-Id"
)
"""The headers of a request that are read here, and that a page of another origin may set."""
_EDITOR_HEADERS = _HEADERS | {"Content-Security-Policy": editor.CONTENT_SECURITY_POLICY}


def create_app(settings: Settings) -> Flask:
    """Make the application that serves the current release of a base."""
    # An error in a format of another package is raised now, and not at the first request.
    answer_formats()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.extensions["akb"] = current = Current(settings)
    response_cache = ResponseCache(app.wsgi_app, current)
    endpoint = Endpoint(response_cache, current, _EDITOR_HEADERS | {"X-Robots-Tag": "noindex"}, settings)
    metered = Meter(endpoint, Fairness.configured(settings))
    # Where nobody has said which hosts the site has, it may be asked by any name.
    asked = OwnHosts(metered, settings) if settings.origins else metered
    observer = Observer(asked, access_log=settings.access_log)
    # Flask's documented way to add middleware.
    app.wsgi_app = behind_proxies(observer, settings)  # type: ignore[assignment, method-assign]
    app.url_map.converters |= {"page_class": PageClass, "undotted": Undotted}
    app.url_map.merge_slashes = False  # redirects.py answers these for good (301), as it does others
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["local_path"] = lambda iri: current_release().path_of(iri)
    app.jinja_env.globals["edit_address"] = edit_address
    counts.register(app)
    catalogues.register(app)
    wording.register(app)
    site.register(app)
    register_theme(app, current.live_theme)
    app.jinja_env.filters |= {"md": markdown_text, "code": markdown_code, "block": markdown_block}
    app.jinja_env.filters |= {"at": addresses_of, "public": public}
    # First the fixed paths, then those with a class or a slug in them.
    fixed = (
        *(
            home,
            operations,
            offering,
            discovery,
            map_of_all,
            search,
            paths,
            explore,
            explanations,
            sparql,
            editor,
            answers,
        ),
        *(agents, kept),
        *(v02, v1),
        *(about, download, manual, api, random_entity, compare, reading_list, browse, language),
    )
    data = (
        vocabulary,
        profile_list,
        description,
        example_queries,
        graphs,
        gaps,
        overviews,
        listed,
        matches,
        propose,
        proposals,
        review,
        resolving,
        changes,
        history,
        versions,
        feeds,
        event_stream,
        neighbourhood,
        by_year,
        correct,
        picture,
        preview,
        card,
        oembed,
        entities,
    )
    for module in (*fixed, *data):
        app.register_blueprint(module.blueprint)
    proposing.register(app, settings)
    register_assets(app)
    problems.register_problems(app)
    # Handlers run in reverse order of registration: the cache stores the final response.
    app.after_request(response_cache.store)

    @app.after_request
    def for_every_answer(response: Response) -> Response:
        # Looking up a header that is missing costs an exception each time.
        there = {name.lower() for name, _ in response.headers}
        is_editor = request.endpoint == "sparql.endpoint"
        for name, value in (_EDITOR_HEADERS if is_editor else _HEADERS).items():
            if name.lower() not in there:
                response.headers.add(name, value)
        if discovery.is_dear(request.path, request.query_string.decode("latin-1")):
            response.headers["X-Robots-Tag"] = "noindex"
        request.environ[STREAMED] = response.is_streamed
        if request.method == "OPTIONS" and "Allow" in response.headers:
            # A CORS preflight request (Fetch, section 3.2.3): what may be done is what is done.
            response.headers["Allow"] = ", ".join(sorted(response.headers["Allow"].split(", ")))
            response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
            response.headers["Access-Control-Allow-Headers"] = _READ_HEADERS
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    @app.before_request
    def for_the_observer() -> None:
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else NO_ROUTE

    register_caching(app, settings)
    languages.register(app)
    return app


def app_from_environment() -> Flask:
    """Make the application for a worker of a web server, with settings from the environment."""
    settings = read_settings(os.environ)
    configure_logging(settings)
    return create_app(settings)
