"""`akb import`: add the rows of tables to the base."""

from __future__ import annotations

from pathlib import Path

import click

from .common import plural, progress_bar, root_option, settings_for, show_finding


@click.command("import")
@root_option
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--update", is_flag=True, help="Where a table and the base differ, follow the table.")
@click.argument("kind")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_(root: Path | None, kind: str, files: tuple[Path, ...], dry_run: bool, update: bool) -> None:
    r"""Add the rows of FILES to the files of kb/: create those that are not there, add to those that are.

    KIND is table: FILES are .csv or .tsv, each with entities or with edges; docs/curation.md says which columns
    there are. Several are read as one. The same import a second time changes nothing. When anything is wrong, nothing
    is written, and each fault is FILE:LINE:COLUMN, where COLUMN is the number of the table's column. Other packages may
    add kinds: docs/extending.md.

    \b
    Example:
      akb import table entities.tsv edges.tsv --dry-run

    Exit codes: 0 all was imported, 1 the tables have faults, 2 wrong use.
    """
    from ..importers.cells import columns_of
    from ..importers.imports import plan_import, write_plan
    from ..importers.kinds import read_tables
    from ..locks import locked
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base

    settings = settings_for(root)
    # Between reading the base and writing to it nobody else may import: the second waits for the first.
    with locked(settings.state / "import.lock"), progress_bar() as progress:
        base = read_base(settings.root, settings.namespaces, progress)
        schema = schema_of(base)
        columns = columns_of(schema)
        tables = [table for file in files for table in read_tables(kind, file, columns)]
        plan = plan_import(base, schema, tables, update=update, progress=progress)
        if not plan.faults and not dry_run:
            write_plan(base, plan, progress)
    for fault in plan.faults:
        click.echo(show_finding(fault))
    if plan.faults:
        click.echo(f"{plural(len(plan.faults), 'fault', 'faults')}: nothing was written.")
        raise SystemExit(1)
    if dry_run:
        for path in plan.files:
            click.echo(f"would {'change' if (base.root / path).exists() else 'create'} {path}")
    would = "would be " if dry_run else ""
    rows = f"{plural(plan.entities, 'entity', 'entities')} and {plural(plan.edges, 'edge', 'edges')} read"
    changed = len(plan.files) - plan.created
    click.echo(f"{rows}: {plural(plan.created, 'file', 'files')} {would}created, {changed} {would}changed.")
