"""`akb generate`: write the files that are made from the ontology."""

from __future__ import annotations

from pathlib import Path

import click

from .common import root_option, settings_for


@click.command()
@root_option
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 when a file is out of step.")
def generate(root: Path | None, only_check: bool) -> None:
    """Write the files that follow from the ontology.

    These are ontology/context.jsonld, ontology/terms.txt, shapes/predicates.ttl and docs/ontology.md. Run it after
    every change to ontology/.
    """
    from ..schema.generated import generated_files, out_of_step
    from ..turtle.reader import read_base
    from ..turtle.writer import write_together

    settings = settings_for(root)
    base = read_base(settings.root, settings.namespaces)
    stale = out_of_step(base)
    if not only_check:
        write_together({settings.root / path: generated_files(base)[path] for path in stale})
    for path in stale:
        click.echo(f"{path.as_posix()} {'is out of step with ontology/' if only_check else 'written'}")
    if not stale:
        click.echo("The generated files are in step with ontology/.")
    if stale and only_check:
        raise SystemExit(1)
