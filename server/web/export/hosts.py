"""What file hosts read besides the files: types, headers, redirects, and where a host can, negotiation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape

from ...serialization import (
    LINKSET,
    REFERENCE_FORMATS,
    Format,
    document_formats,
    triples_formats,
)
from ..data.editor import CONTENT_SECURITY_POLICY
from .addresses import SPARQL
from .finishing import policy_of

_MOST_REDIRECTS: Final = 2_000
"""As many as hosts with a file of redirects take."""
_ALWAYS: Final = (
    ("Access-Control-Allow-Origin", "*"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


def host_files(policy: str, redirects: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the texts of the files for hosts by their names.

    `policy` is what the pages may load, `redirects` are addresses that lead to files, both without the prefix.
    """
    return {
        # GitHub Pages else passes the files through Jekyll, which drops what begins with a dot or an underscore.
        ".nojekyll": "",
        "_headers": _headers(policy, prefix),
        "_redirects": "".join(
            f"{prefix}{address} {prefix}/{file} 301\n" for address, file in sorted(redirects.items())[:_MOST_REDIRECTS]
        ),
        ".htaccess": _htaccess(policy, redirects, prefix),
    }


def _named() -> Iterable[Format]:
    """Return the formats of which a host may not know the type."""
    formats = dict.fromkeys((*document_formats(), *triples_formats(), *REFERENCE_FORMATS, LINKSET))
    return (one for one in formats if one.name != "html")


def _headers(policy: str, prefix: str) -> str:
    """Return a file `_headers`, as Netlify and Cloudflare Pages read it.

    Hosts join the values of a header that several rules give, and browsers keep to all policies at once; so the one for
    all pages says only what an element `meta` cannot, and each page says the rest itself.
    """
    frames = "; ".join(rule.strip() for rule in policy.split(";") if rule.strip().startswith("frame-ancestors"))
    rules = [(f"{prefix}/*", [*_ALWAYS, *([("Content-Security-Policy", frames)] if frames else [])])]
    rules += [(f"{prefix}{path}", [("Content-Security-Policy", _of_sparql())]) for path in (SPARQL, f"{SPARQL}.html")]
    # A name that another one ends with is one that every host knows, such as that of JSON.
    names = [one.name for one in _named()]
    own = [one for one in _named() if not any(name.endswith(f".{one.name}") for name in names)]
    rules += [(f"{prefix}/*.{one.name}", [("Content-Type", one.content_type)]) for one in own]
    return "\n".join(
        f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in headers) for path, headers in rules
    )


def _of_sparql() -> str:
    return policy_of(CONTENT_SECURITY_POLICY, runs_queries=True)


def _htaccess(policy: str, redirects: Mapping[str, str], prefix: str) -> str:
    """Return a file `.htaccess` for Apache with mod_rewrite, mod_mime and mod_headers.

    Apache's rules cannot weigh the media types of an Accept header; whoever names HTML gets HTML, and else the first of
    the formats that is named.
    """
    frames = "; ".join(rule.strip() for rule in policy.split(";") if rule.strip().startswith("frame-ancestors"))
    lines = [
        "# Written by `akb export site`.",
        "Options -Indexes -MultiViews",
        "DirectorySlash Off",
        "DirectoryIndex index.html",
        f"ErrorDocument 404 {prefix}/404.html",
        "",
        *(f"AddType {one.media_type} .{one.name}" for one in _named() if "." not in one.name),
        *(
            f'<FilesMatch "\\.{one.name.replace(".", "[.]")}$">\n  ForceType {one.media_type}\n</FilesMatch>'
            for one in _named()
            if "." in one.name
        ),
        "AddType application/wasm .wasm",
        "AddCharset utf-8 .html .css .js .csv .md .ttl .txt .svg",
        "",
        "<IfModule mod_headers.c>",
        *(f'  Header always set {name} "{value}"' for name, value in _ALWAYS),
        "  Header always merge Vary Accept",
        *([f'  Header always set Content-Security-Policy "{frames}"'] if frames else []),
        '  <FilesMatch "^sparql\\.html$">',
        f'    Header always set Content-Security-Policy "{_of_sparql()}"',
        "  </FilesMatch>",
        "</IfModule>",
        "",
        "<IfModule mod_rewrite.c>",
        "  RewriteEngine On",
        *(
            f'  RewriteRule "^{_literal(address[1:])}$" "{prefix}/{file}" [R=301,L,NE]'
            for address, file in sorted(redirects.items())
        ),
        "  # What a thing is called leads to the document about it (303); a document without an extension is its page.",
        *_negotiating(),
        "  RewriteCond %{REQUEST_FILENAME}.html -f",
        '  RewriteRule "^(.+[^/])/?$" "$1.html" [L]',
        "  RewriteCond %{REQUEST_FILENAME}/index.html -f",
        '  RewriteRule "^(.+[^/])$" "$1/index.html" [L]',
        "</IfModule>",
    ]
    return "\n".join(lines) + "\n"


def _negotiating() -> Iterable[str]:
    formats = dict.fromkeys((*triples_formats(), *document_formats(), *REFERENCE_FORMATS))
    declared = {one.media_type for one in formats}
    for one in formats:
        if one.name == "html":
            continue
        # What is also called as another format is that one.
        called = (name for name in one.media_types if name == one.media_type or name not in declared)
        names = "|".join(map(_literal, called))
        yield "  RewriteCond %{HTTP:Accept} !text/html"
        yield f"  RewriteCond %{{HTTP:Accept}} ({names})"
        yield f"  RewriteCond %{{REQUEST_FILENAME}}.{one.name} -f"
        yield f'  RewriteRule "^(.+[^/])/?$" "%{{REQUEST_URI}}.{one.name}" [R=303,L]'


def _literal(path: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\.^$*+?()[]{}|" else letter for letter in path)


def robots(site: str) -> str:
    """Return the robots.txt of a site of files: all of it may be read (RFC 9309)."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site}sitemap.xml\n"


def opensearch(site: str, name: str) -> str:
    """Return how browsers search a site of files (OpenSearch 1.1, draft 6): by its page alone."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"  <ShortName>{escape(name[:16])}</ShortName>\n  <Description>{escape(name)}</Description>\n"
        f'  <Url type="text/html" template="{escape(site)}search.html?q={{searchTerms}}"/>\n'
        "  <InputEncoding>UTF-8</InputEncoding>\n</OpenSearchDescription>\n"
    )
