"""What a base says of itself, as its pages show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CREATIVE_COMMONS: Final = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/([\d.]+)/?.*")


@dataclass(frozen=True)
class Licence:
    """A licence, and what it is called where it is mentioned."""

    iri: str
    stated: str = ""
    """What the ontology calls it."""

    @property
    def label(self) -> str:
        """What the ontology calls it, else its name as far as the IRI tells."""
        if self.stated:
            return self.stated
        found = _CREATIVE_COMMONS.fullmatch(self.iri)
        if found is None:
            return re.sub(r"https?://(www\.)?|/$", "", self.iri)
        kind, code, version = found.groups()
        if kind == "licenses":
            return f"CC {code.upper()} {version}"
        return f"CC0 {version}" if code == "zero" else f"Public Domain Mark {version}"


@dataclass(frozen=True)
class DatasetHeader:
    """How the ontology describes the base, as a `dcat:Dataset`; what it does not say is empty."""

    iri: str = ""
    title: str = ""
    description: str = ""
    abstract: str = ""
    publisher: str = ""
    publisher_name: str = ""
    keywords: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = ()
    homepage: str = ""
    contact: str = ""
    languages: tuple[str, ...] = ()
    """IRIs of the languages of the data."""
    examples: tuple[str, ...] = ()
    """IRIs of the entities that serve as examples, where the base chooses them."""


@dataclass(frozen=True)
class Button:
    """A link of the home page that looks like a button."""

    label: str
    address: str


@dataclass(frozen=True)
class SiteText:
    """The table `[site]` of the file of settings: what pages say for which an ontology has no term."""

    title: str = ""
    """The title of the home page, behind the name of the base."""
    heading: str = ""
    """The heading of the home page."""
    text: str = ""
    """The paragraph below it."""
    code_licence: str = ""
    """The licence of the code behind the base, as the footer names it."""
    footer: str = ""
    """A sentence at the end of every page."""
    buttons: tuple[Button, ...] | None = None
    """The buttons of the home page; None for those that follow from what the base holds."""
    security_contact: str = ""
    """The address to which a weakness of the server is reported, `mailto:` or `https:`."""
    security_policy: str = ""
    """The address of the page that says how reports are treated."""


@dataclass(frozen=True)
class Site:
    """What every page knows of the base that it belongs to."""

    name: str = "Knowledge base"
    summary: str = ""
    """One sentence that says what the base is."""
    description: str = ""
    dataset: str = ""
    """The IRI of the base as a dataset."""
    publisher: str = ""
    """The IRI of the publisher."""
    publisher_name: str = ""
    keywords: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = ()
    homepage: str = ""
    contact: str = ""
    """The address of whom to write to, `mailto:` or `http`."""
    languages: tuple[str, ...] = ()
    title: str = ""
    """The title of the home page."""
    heading: str = ""
    text: str = ""
    code_licence: str = ""
    footer: str = ""
    security_contact: str = ""
    """The address to which a weakness of the server is reported."""
    security_policy: str = ""
    buttons: tuple[Button, ...] | None = None


def site_of(header: DatasetHeader, text: SiteText, dataset: str) -> Site:
    """Return the site of a base from its description and its settings; `dataset` is its IRI if it names none."""
    name = header.title or Site.name
    summary = header.abstract or header.description
    return Site(
        name=name,
        summary=summary,
        description=header.description,
        dataset=header.iri or dataset,
        publisher=header.publisher,
        publisher_name=header.publisher_name,
        keywords=header.keywords,
        licences=header.licences,
        homepage=header.homepage,
        contact=header.contact,
        languages=header.languages,
        title=f"{name}: {text.title}" if text.title else name,
        heading=text.heading or name,
        text=text.text or summary,
        code_licence=text.code_licence,
        footer=text.footer,
        security_contact=text.security_contact or header.contact,
        security_policy=text.security_policy,
        buttons=text.buttons,
    )
