"""IRIs that lead nowhere, or to a wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlsplit

from rdflib import DCTERMS, OWL, RDF, SKOS, URIRef

from ...namespaces import VOCABULARIES, Namespaces
from ...records.findings import Finding, Severity
from ...schema.schema import Schema
from ...turtle.base import ByPredicate
from ...turtle.edges import VOCAB
from ...turtle.statements import iri_of, is_iri
from ..locating import Locator
from ..rule_text import RuleText

SCHEME = RuleText(
    "iri-scheme",
    "An IRI of the base, or of a vocabulary, is written with the scheme and the host that it was coined with.",
    "{iri} is another IRI than {expected}, though it looks alike.",
    "write {expected}: http and https, www. and capitals make IRIs differ.",
    Severity.VIOLATION,
)
NOT_WEB = RuleText(
    "iri-not-web",
    "Where a reader is sent, there is a web address.",
    "{iri} is not a web address.",
    "write one that starts with https://, or the words that name the source in quotes.",
)
HOST = RuleText(
    "iri-host",
    "A web address names a host that every reader can reach.",
    "The host of {iri} is {fault}.",
    "write the public address.",
)
JUNK = RuleText(
    "iri-junk",
    "A web address ends where the address ends, and carries nothing that tracks readers.",
    "{iri} {fault}.",
    "write {expected}.",
)
PLAIN_HTTP = RuleText(
    "iri-plain-http",
    "Links to pages use https.",
    "{iri} is fetched without encryption.",
    "write {expected} if the host answers there.",
    Severity.INFO,
)
EXTERNAL_ID = RuleText(
    "external-id",
    "An identifier of Wikidata, DOI, arXiv or ORCID is well-formed.",
    "{iri} is not {kind}.",
    "write it as {form}.",
    Severity.VIOLATION,
)

RULES = (SCHEME, NOT_WEB, HOST, JUNK, PLAIN_HTTP, EXTERNAL_ID)

_MATCHES = frozenset((SKOS.exactMatch, SKOS.closeMatch, OWL.sameAs, OWL.differentFrom))
"""By which SKOS and OWL say that another base has the same thing: they lead to things, other links to pages."""
_TRACKING = re.compile(r"\A(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|msclkid)\Z")
_RESERVED = (
    "example",
    "test",
    "invalid",
    "localhost",
    "local",
    "internal",
    "example.com",
    "example.org",
    "example.net",
)
_KINDS = (
    # host, path to which it applies, whole IRI, kind, form
    (
        r"(?:www\.)?doi\.org|dx\.doi\.org",
        r"/.*",
        r"https?://[^/]+/10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+",
        "a DOI",
        "<https://doi.org/10.NNNN/...>",
    ),
    (
        r"(?:www\.)?arxiv\.org",
        r"/(?:abs|pdf|html)/.*",
        r"https?://[^/]+/[a-z]+/(?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v[1-9]\d*)?(?:\.pdf)?",
        "an arXiv identifier",
        "<https://arxiv.org/abs/YYMM.NNNNN>",
    ),
    (
        r"(?:www\.)?orcid\.org",
        r"/\d.*",
        r"https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]",
        "an ORCID iD",
        "<https://orcid.org/NNNN-NNNN-NNNN-NNNN>, whose last digit is checked against the others",
    ),
    (
        r"(?:www\.)?wikidata\.org",
        r"/(?:wiki|entity)/(?:Q.*|\d.*)",
        r"http://www\.wikidata\.org/entity/Q[1-9]\d*|https://www\.wikidata\.org/wiki/Q[1-9]\d*(?:[?#].*)?",
        "a Wikidata item",
        "<http://www.wikidata.org/entity/Q...>",
    ),
)
_WIKIDATA_ENTITY = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9]\d*")


def iri_findings(said: ByPredicate, schema: Schema, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with the IRIs that statements lead to.

    Links are sources, places where edges were read, matches, and the other facts whose values are IRIs and no codes.
    """
    facts = {iri: term for iri, term in schema.facts.items() if term.is_iri and not term.scheme}
    links = {*_MATCHES, DCTERMS.source, VOCAB.consultedAt, *map(URIRef, facts)}
    # What starts otherwise than a web address is a finding of the shape that says how the values are written.
    patterned = {URIRef(iri) for iri, term in facts.items() if term.has_pattern}
    known = (f"<{namespaces.base}", *(f"<{namespace}" for namespace in VOCABULARIES.values()))
    for predicate, pairs in said.items():
        if predicate == str(RDF.type):
            continue
        property_ = URIRef(predicate)
        is_link = property_ in links
        for subject, value in pairs:
            # An IRI of a known namespace is right, unless it is one that leads to a page.
            if not is_iri(value) or value.startswith(known[0]) or (not is_link and value.startswith(known)):
                continue
            iri = iri_of(value)
            for rule, words in _faults(property_, iri, namespaces, is_link=is_link):
                if rule is NOT_WEB and property_ in patterned:
                    continue
                yield rule.broken_by(locator, iri_of(subject), predicate, iri, iri=value, **words)


def _faults(
    predicate: URIRef, iri: str, namespaces: Namespaces, *, is_link: bool
) -> Iterator[tuple[RuleText, dict[str, str]]]:
    if expected := _coined(iri, namespaces):
        yield SCHEME, {"expected": f"<{expected}>"}
        return
    if not is_link:
        return
    try:
        parts = urlsplit(iri)
        host = parts.hostname or ""
    except ValueError:
        yield HOST, {"fault": "no name of a host"}
        return
    if parts.scheme not in ("http", "https"):
        yield NOT_WEB, {}
        return
    if fault := _host_fault(host):
        yield HOST, {"fault": fault}
        return
    if clean := _without_junk(parts, iri):
        yield JUNK, clean
    if kind := _external_fault(predicate, parts, iri):
        yield EXTERNAL_ID, kind
    elif parts.scheme == "http" and predicate not in _MATCHES and not _WIKIDATA_ENTITY.fullmatch(iri):
        yield PLAIN_HTTP, {"expected": f"<https{iri.removeprefix('http')}>"}


def _coined(iri: str, namespaces: Namespaces) -> str:
    """Return the likely correct IRI, when this one is in no known namespace and looks as if it were in one."""
    if iri.startswith((namespaces.base, *VOCABULARIES.values())):
        return ""
    plain = _plain(iri)
    found = next((one for one in _plain_ones(namespaces.base) if plain.startswith(one[0])), None)
    return found[1] + iri[len(iri) - len(plain) + len(found[0]) :] if found else ""


@lru_cache(maxsize=4)
def _plain_ones(base: str) -> tuple[tuple[str, str], ...]:
    """Return the known namespaces, each after how it begins without its scheme."""
    return tuple((_plain(one), one) for one in (base, *VOCABULARIES.values()))


def _plain(iri: str) -> str:
    return re.sub(r"\A(?:https?://)?(?:www\.)?", "", iri.lower())


def _host_fault(host: str) -> str:
    try:
        if not ip_address(host).is_global:
            return "a private address"
    except ValueError:
        pass
    else:
        return ""
    if any(host == name or host.endswith(f".{name}") for name in _RESERVED):
        return "reserved for examples or for one machine"
    return "" if "." in host.strip(".") else "no public name"


def _without_junk(parts: SplitResult, iri: str) -> dict[str, str] | None:
    trimmed = re.sub(r"(?:[.,;:'\"!*\]}>]|%20|\u2019|\u201d|[#?](?=\Z))+\Z", "", iri)
    if trimmed.endswith(")") and trimmed.count(")") > trimmed.count("("):
        trimmed = trimmed[:-1]
    if trimmed != iri:
        return {"fault": f"ends with “{iri[len(trimmed) :]}”", "expected": f"<{trimmed}>"}
    tracking = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if _TRACKING.match(name)]
    if not tracking:
        return None
    kept = "&".join(pair for pair in parts.query.split("&") if not _TRACKING.match(pair.partition("=")[0]))
    return {"fault": f"carries {', '.join(tracking)}", "expected": f"<{parts._replace(query=kept).geturl()}>"}


def _external_fault(predicate: object, parts: SplitResult, iri: str) -> dict[str, str] | None:
    for host, path, whole, kind, form in _KINDS:
        if re.fullmatch(host, parts.hostname or "") and re.fullmatch(path, parts.path):
            good = re.fullmatch(whole, iri) is not None
            if "orcid" in host and good:
                good = _orcid_check(iri[-19:])
            if "wikidata" in host and predicate in _MATCHES:
                # A match is with the thing; /wiki/ is the page about it.
                good = _WIKIDATA_ENTITY.fullmatch(iri) is not None
            return None if good else {"kind": kind, "form": form}
    return None


def _orcid_check(orcid: str) -> bool:
    """Tell whether the last character is the check digit of the others (ISO 7064, MOD 11-2)."""
    digits, last = orcid[:-1].replace("-", ""), orcid[-1]
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return last == ("X" if check == 10 else str(check))
