"""`akb stats`: say what a base holds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import click

from .common import plural, root_option, settings_for


@click.command()
@root_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form.")
def stats(root: Path | None, form: str) -> None:
    """Count what the files of kb/ hold.

    Entities per class, edges per predicate, how many of each status, what share was checked in a source, which
    entities no edge in use joins to anything, the size of the largest connected component, and the count of each gap of
    the page /gaps.
    """
    from ..build.lifting import is_whole, lifted
    from ..knowledge.statistics import base_statistics
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base
    from ..turtle.source_files import SourceFile

    settings = settings_for(root)
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    if not is_whole(base, schema):
        text = lifted(base, schema, settings.languages, settings.labels)
        base = dataclasses.replace(base, files=(*base.files, SourceFile("", text, text)))
    found = base_statistics(base, schema)
    if form == "json":
        click.echo(json.dumps(dataclasses.asdict(found), indent=2))
        return
    retired = f", {found.retired:,} retired" if found.retired else ""
    click.echo(f"{plural(found.entities, 'entity', 'entities')}{retired}; {plural(found.edges, 'edge', 'edges')}")
    for title, counts in (
        ("Entities per class", found.entities_per_class),
        ("Entities per status", found.entity_statuses),
        ("Edges per predicate", found.edges_per_predicate),
        ("Edges per status", found.edge_statuses),
        ("Gaps", found.gaps),
    ):
        click.echo(f"\n{click.style(title, bold=True)}\n{_column(counts)}")
    click.echo(f"\n{click.style('Checked in a source', bold=True)}")
    click.echo(f"  entities  {_share(found.checked_entities, found.entities)}")
    click.echo(f"  edges     {_share(found.checked_edges, found.edges)}")
    click.echo(f"  edges that say who asserts them  {_share(found.edges_with_a_source, found.edges)}")
    click.echo(f"  edges that are our own reading   {_share(found.readings, found.edges)}")
    click.echo(f"\n{click.style('Connection', bold=True)}")
    click.echo(f"  orphans            {', '.join(found.orphans) or 'none'}")
    click.echo(f"  largest component  {_share(found.largest_component, found.entities)}")


def _column(counts: Mapping[str, int]) -> str:
    width = max(map(len, counts), default=0)
    return "\n".join(f"  {name:<{width}}  {count:>6,}" for name, count in counts.items()) or "  none"


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / whole:.0%})" if whole else "none"
