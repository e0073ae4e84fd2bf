"""`akb init`: begin a base of one's own."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template", metavar="minimal|scholarly|skos", default="minimal", show_default=True, help="What to start from."
)
@click.option("--name", default="", help="What the base is called. Default: made from the name of DIR.")
@click.option(
    "--base",
    default="",
    help="IRI under which the entities will live: the address at which you will publish, with a slash at its end. "
    "Default: one under https://example.org/.",
)
def init(folder: Path, template: str, name: str, base: str) -> None:
    r"""Write a new base into the folder DIR, which must be empty or not there yet.

    It has an ontology, shapes, a few entities to look at, settings, a README, and a workflow that checks it in CI. It
    passes `akb check`, and `akb serve` shows it at once.

    \b
    The templates:
      minimal    two classes, two properties and three entities
      scholarly  works, people, topics and claims, whose connections have notes, sources and a status
      skos       a concept scheme with a hierarchy and names in several languages

    \b
    Examples:
      akb init herbarium --name "Herbarium of the Coast" --base https://herbarium.example/
      akb init weather --template skos
    """
    from ..turtle.starting import start_base

    for path in start_base(folder, template, name, base):
        click.echo(f"Wrote {folder / path}")
    click.echo(
        f"\nNext: cd {folder}, then akb check, then akb serve. README.md there says what each folder holds; "
        "the licence and the description of the base are in ontology/."
    )
    if not base:
        click.echo("The base IRI is an example: before you publish, begin again with --base and your own address.")
