"""Identifiers of others, and the ways in which people write them: DOIs, arXiv ids, Wikidata ids, and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

_BEFORE_DOI: Final = r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:urn:|info:)?doi[:/]\s*){0,2}"
"""What people write before a DOI, some of it twice where a program has put its own before that."""
# The number of a registrant may have parts (DOI Handbook, section 2.2.2).
_DOI: Final = re.compile(rf"{_BEFORE_DOI}(10\.\d{{4,9}}(?:\.\d+)*/\S+)", re.IGNORECASE)
_ARXIV: Final = re.compile(
    rf"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*|{_BEFORE_DOI}10\.48550/arxiv\.)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_WIKIDATA: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:|wikidata:)?(Q[1-9]\d*)(?:#.*)?", re.IGNORECASE
)
_ENTITY: Final = "http://www.wikidata.org/entity/"
_HOST: Final = re.compile(r"https?://([^/?#]+)", re.IGNORECASE)
_DOTS: Final = re.compile(r"(?:^|/)\.\.?(?:/|$)")
_VALUE: Final = "{value}"
_IN_PATH: Final = "/!$&'()*+,;=:@"
_IN_QUERY: Final = "/!$'()*,;:@"
"""What an identifier may have as it is in the path of an address, and behind that (RFC 3986, section 3.3)."""


def keys_of(text: str) -> list[str]:
    """Return the keys under which a text could be known, the surest first.

    A text may be as it is, such as a DOI with a percent sign in it, or percent-encoded, as in the address of that DOI.
    """
    forms = dict.fromkeys((text, unquote(text)))
    ordered = [*forms] if not _is_address(text) else [*reversed(forms)]
    return [*forms, *(key for form in ordered for key in _keys(form))]


def without_query(address: str) -> str:
    """Return an address without what is behind `?` or `#`, such as where its reader came from; other texts as a whole.

    >>> without_query("https://doi.org/10.1000/182?utm_source=feed"), without_query("10.1000/1#2")
    ('https://doi.org/10.1000/182', '10.1000/1#2')
    """
    return re.split("[?#]", address, maxsplit=1)[0] if _is_address(address) else address


def doi_of(text: str) -> str:
    """Return the DOI that a text is, without what people write before it; a text that is none as it is."""
    found = _DOI.fullmatch(_decoded(text))
    return found[1] if found else text


def arxiv_of(text: str) -> str:
    """Return the identifier of arXiv that a text is, with its version, as `doi_of` does."""
    found = _ARXIV.fullmatch(_decoded(text))
    return f"{found[1]}{found[2] or ''}" if found else text


def keys_at(address: str) -> list[str]:
    """Return the keys of what an address identifies; none for an address of nothing that is known here."""
    return list(_keys(_decoded(address))) if _is_address(address) else []


def address_of_work(*, arxiv: str = "", doi: str = "") -> str:
    """Return where a work is found by its identifiers: on arXiv, or else by its DOI; empty where it has neither.

    >>> address_of_work(arxiv="2412.14093", doi="10.1000/456"), address_of_work(doi="10.1000/456")
    ('https://arxiv.org/abs/2412.14093', 'https://doi.org/10.1000/456')
    """
    template = "https://arxiv.org/abs/{value}" if arxiv else "https://doi.org/{value}"
    return address_of(template, arxiv or doi) if arxiv or doi else ""


def address_of(template: str, value: str) -> str:
    """Return where an identifier can be looked up: the template with the identifier in the place of `{value}`.

    What has a meaning of its own in an address is percent-encoded (RFC 3986, section 2.2); a DOI may have any of it in
    its name (ISO 26324, section 4).

    >>> address_of("https://doi.org/{value}", "10.1000/456#7?<8>")
    'https://doi.org/10.1000/456%237%3F%3C8%3E'
    """
    before, _, _ = template.partition(_VALUE)
    if not before:
        return template.replace(_VALUE, value)
    host, own = _HOST.match(before), _HOST.match(value)
    if host and own and f".{own[1]}".lower().endswith(f".{host[1]}".lower()):
        # The data have the whole address in place of the identifier.
        return value
    safe = _IN_QUERY if "?" in before or "#" in before else _IN_PATH
    if _DOTS.search(value):
        # Clients take segments of dots out of a path (RFC 3986, section 5.2.4).
        safe = safe.replace("/", "")
    return template.replace(_VALUE, quote(value, safe=safe))


def _keys(text: str) -> Iterator[str]:
    if arxiv := _ARXIV.fullmatch(text):
        yield f"arxiv:{arxiv[1].lower()}"
    if doi := _DOI.fullmatch(text):
        yield f"doi:{doi[1].lower()}"
    if wikidata := _WIKIDATA.fullmatch(text):
        yield f"{_ENTITY}{wikidata[1].upper()}"


def _decoded(text: str) -> str:
    return unquote(text) if _is_address(text) else text


def _is_address(text: str) -> bool:
    return _HOST.match(text) is not None
