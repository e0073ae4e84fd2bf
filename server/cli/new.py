"""`akb new`: add an entity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from .common import root_option, settings_for, show_note

if TYPE_CHECKING:
    from ..importers.fetching import Wanted
    from ..importers.terms import WorkTerms
    from ..schema.schema import Schema
    from ..settings import Settings
    from ..turtle.authoring import Value


@click.command()
@root_option
@click.argument("class_name", metavar="CLASS")
@click.argument("label", default="")
@click.option("--definition", default="", help="What it is, in one or two sentences. Default: left for you to write.")
@click.option("--type", "type_name", default="", help="A class under CLASS, such as Person for thinker.")
@click.option("--slug", default="", help="Last part of the IRI. Default: made from the label.")
@click.option("--issued", default="", help="Date of issue of a work or artifact: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option(
    "--arxiv", default="", help="Its number on arXiv. Without LABEL the rest is asked of arXiv, with --fetch."
)
@click.option(
    "--doi", default="", help="Its DOI. Without LABEL the rest is asked of Crossref or DataCite, with --fetch."
)
@click.option("--authors", default="", help="The names of its authors, in their order, parted by semicolons.")
@click.option("--fetch", is_flag=True, help="Ask the catalogue.")
@click.pass_context
def new(
    context: click.Context,
    root: Path | None,
    class_name: str,
    label: str,
    definition: str,
    type_name: str,
    slug: str,
    issued: str,
    arxiv: str,
    doi: str,
    authors: str,
    fetch: bool,
) -> None:
    r"""Write the file of a new entity, as a draft.

    CLASS is the name of a class with pages, such as concept: a folder of kb/. LABEL is what the entity is called.
    What its class needs and you did not give is left empty: `akb check` then says what is still to do. A work that
    has a number on arXiv or a DOI needs no label: with --fetch it is imported, as `akb import` does. With a label,
    nothing is asked of anybody, and what you give is written.

    \b
    Examples:
      akb new concept "Reward hacking" --definition "Scoring well by a route that ..."
      akb new thinker "Ada Lovelace" --type Person
      akb new paper --arxiv 2412.14093 --fetch
      akb new paper "Its title" --arxiv 2412.14093 --authors "Ada Lovelace; Mary Somerville"
    """
    from ..schema.reading import schema_of
    from ..turtle.authoring import NewEntity, new_entity
    from ..turtle.reader import read_base

    settings = settings_for(root)
    if (arxiv or doi) and (fetch or not label):
        if label or definition or type_name or slug or issued or authors:
            raise UsageError(
                "What is fetched with --arxiv or --doi brings the title and the rest with it.",
                "leave the rest out, or give the title and leave out --fetch.",
            )
        _import(context, settings, class_name, arxiv, doi, fetch=fetch)
        return
    if fetch:
        raise UsageError("--fetch says nothing of what to ask.", "name --arxiv or --doi.")
    if not label:
        raise UsageError("Nothing says what the entity is called.", f'write `akb new {class_name} "Its name"`.')
    _refuse_identifier(label)
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    class_iri = schema.class_for(class_name, type_name)
    facts = _facts(schema, class_name, class_iri, arxiv, doi, authors) if arxiv or doi or authors else ()
    path = new_entity(
        settings.root,
        base.namespaces,
        NewEntity(class_name, class_iri, label, definition, slug, issued, facts),
    )
    click.echo(f"Wrote {path.relative_to(settings.root).as_posix()}. Next: fill it in, and run `akb check`.")


def _refuse_identifier(label: str) -> None:
    """Raise UsageError for a label that is a number on arXiv or a DOI, and no name of anything."""
    from ..importers.fetching import wanted

    if " " in label.strip() or (one := wanted("", label)) is None or one.own:
        return
    option = f"--arxiv {one.arxiv}" if one.arxiv else f"--doi {one.doi}"
    raise UsageError(f"{label!r} is an identifier, and no name.", f"write `akb new paper {option} --fetch`.")


def _facts(
    schema: Schema, class_name: str, class_iri: str, arxiv: str, doi: str, authors: str
) -> tuple[tuple[str, Value], ...]:
    """Return what a work is known by and who wrote it, as properties of the base and values."""
    from ..importers.cells import cell_readers
    from ..importers.terms import WorkTerms

    terms = WorkTerms(schema)
    _must_be_work(terms, class_name, class_iri)
    reader, _ = cell_readers(schema)
    given = (
        ("--arxiv", terms.arxiv, _known_as("arxiv", arxiv).arxiv if arxiv else ""),
        ("--doi", terms.doi, _doi(doi) if doi else ""),
        ("--authors", terms.author_list, "; ".join(filter(None, map(str.strip, authors.split(";"))))),
    )
    facts = []
    for option, column, text in given:
        if text and not column:
            raise UsageError(f"The ontology of this base has no property for {option}.", "leave it out.")
        if text:
            value = reader.term(column, text)
            facts.append((str(reader.property_for(column, value)), value))
    return tuple(facts)


def _doi(text: str) -> str:
    """Return a DOI as it is written; arXiv gives each of its works one."""
    one = _known_as("doi", text)
    return one.doi or f"10.48550/arXiv.{one.arxiv}"


def _known_as(kind: str, text: str) -> Wanted:
    """Return the number on arXiv or the DOI that a text is."""
    from ..importers.fetching import wanted

    one = wanted("arxiv" if kind == "arxiv" else "", text)
    if one is None or (kind == "doi" and not one.doi and not one.arxiv):
        example = "2412.14093" if kind == "arxiv" else "10.48550/arXiv.2412.14093"
        raise UsageError(
            f"{text!r} is no {'number on arXiv' if kind == 'arxiv' else 'DOI'}.", f"write it as {example}."
        )
    return one


def _import(context: click.Context, settings: Settings, class_name: str, arxiv: str, doi: str, *, fetch: bool) -> None:
    from ..importers.fetching import refuse_without_leave
    from .import_ import import_

    kind, text = ("arxiv", arxiv) if arxiv else ("doi", doi)
    _known_as(kind, text)
    if not fetch:
        raise refuse_without_leave(text)
    _must_be_of_works(settings, class_name)
    context.invoke(import_, root=settings.root, words=(kind, text), fetch=True, status="draft", people=3)
    show_note("what it is about is still to be said: write its definition in your own words.")


def _must_be_of_works(settings: Settings, class_name: str) -> None:
    from ..importers.terms import WorkTerms
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base

    schema = schema_of(read_base(settings.root, settings.namespaces))
    _must_be_work(WorkTerms(schema), class_name, schema.class_for(class_name))


def _must_be_work(terms: WorkTerms, class_name: str, class_iri: str) -> None:
    if not terms.is_work(class_iri):
        works = [terms.schema.classes[iri].notation for iri in terms.schema.works]
        raise UsageError(
            f"A {class_name} has no DOI and no number on arXiv.", f"name a class of works: {', '.join(works)}."
        )
