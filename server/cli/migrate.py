"""`akb migrate`: bring a base to the form of this version."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import UsageError
from .common import plural, root_option, settings_for


@click.command()
@root_option
@click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="PREDICATE",
    help="Edges of this predicate that name no source are our own reading. May be given several times.",
)
@click.option("--write", is_flag=True, help="Change the files. Default: say what would change.")
def migrate(root: Path | None, readings: tuple[str, ...], write: bool) -> None:
    r"""Bring the edges of a base to the form of this version, as far as the data themselves bear it.

    The addresses in dcterms:source of an edge become akb:consultedAt, also those of identifiers that start its words
    (arXiv 2412.14093, Section 1); the words stay. Where these name one version of the source that asserts the edge, it
    becomes akb:sourceVersion. With --reading, edges that no source asserts get akb:basis akbv:our-reading. A file with
    comments is left as it is. Run twice, it changes nothing the second time; CHANGELOG.md says what is new.

    Exit codes: 0 nothing is left to change, 1 there is (without --write), or a file was left as it is.

    \b
    Example:
      akb migrate --reading supports --reading opposes --write
    """
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base
    from ..turtle.upgrading import upgraded
    from ..turtle.writer import write_together

    settings = settings_for(root)
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    by_name = {name: iri for iri, term in schema.predicates.items() for name in (term.curie, term.notation, term.key)}
    if unknown := [one for one in readings if one not in by_name]:
        raise UsageError(
            f"{unknown[0]!r} is not a predicate that an edge may carry.", "choose one of docs/ontology.md."
        )
    found = upgraded(base, schema.facts.values(), {by_name[one] for one in readings})
    if write:
        write_together({settings.root / path: text for path, text in found.files.items()})
    verb = "changed" if write else "would change"
    click.echo(
        f"{plural(found.edges, 'edge', 'edges')} in {plural(len(found.files), 'file', 'files')} {verb}: "
        f"{plural(found.addresses, 'address', 'addresses')} moved to akb:consultedAt, {found.named} made of "
        f"identifiers, {plural(found.versions, 'version', 'versions')}, "
        f"{plural(found.readings, 'reading', 'readings')} of ours."
    )
    for path in found.commented:
        click.echo(f"{path}: left as it is, since its comments would be lost; delete them first.", err=True)
    if found.files:
        click.echo("Next: run `akb check`." if write else "To change them, add --write.")
    if found.commented or (found.files and not write):
        raise SystemExit(1)
