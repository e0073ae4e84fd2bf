"""`akb new`: add an entity."""

from __future__ import annotations

from pathlib import Path

import click

from .common import root_option, settings_for


@click.command()
@root_option
@click.argument("class_name", metavar="CLASS")
@click.argument("label")
@click.option("--definition", default="", help="What it is, in one or two sentences. Default: left for you to write.")
@click.option("--type", "type_name", default="", help="A class under CLASS, such as Person for thinker.")
@click.option("--slug", default="", help="Last part of the IRI. Default: made from the label.")
@click.option("--issued", default="", help="Date of issue of a work or artifact: YYYY, YYYY-MM or YYYY-MM-DD.")
def new(
    root: Path | None, class_name: str, label: str, definition: str, type_name: str, slug: str, issued: str
) -> None:
    r"""Write the file of a new entity, as a draft.

    CLASS is the name of a class with pages, such as concept: a folder of kb/. LABEL is what the entity is called.
    What its class needs and you did not give is left empty: `akb check` then says what is still to do.

    \b
    Examples:
      akb new concept "Reward hacking" --definition "Scoring well by a route that ..."
      akb new thinker "Ada Lovelace" --type Person
      akb new paper "A new paper" --issued 2026-11
    """
    from ..schema.reading import schema_of
    from ..turtle.authoring import NewEntity, new_entity
    from ..turtle.reader import read_base

    settings = settings_for(root)
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    class_iri = schema.class_for(class_name, type_name)
    path = new_entity(
        settings.root,
        base.namespaces,
        NewEntity(class_name, class_iri, label, definition, slug, issued),
    )
    click.echo(f"Wrote {path.relative_to(settings.root).as_posix()}. Next: fill it in, and run `akb check`.")
