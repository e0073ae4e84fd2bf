"""`akb path`: say what links two entities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import NotFoundError
from .build import release_to_read
from .common import plural, root_option, settings_for

if TYPE_CHECKING:
    from ..records.paths import Step


@click.command()
@root_option
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as /path.json does.")
def path(root: Path | None, start: str, end: str, as_json: bool) -> None:
    r"""Print the shortest paths of edges from one entity to another.

    FROM and TO are CURIEs, IRIs, identifiers such as a DOI, or names. The exit code is 1 when there is no path.

    \b
    Example:
      akb path concept:alignment-faking concept:goal-misgeneralization
    """
    from ..build.releases import ON_DISK, Releases
    from ..formats.paths import paths_json
    from ..knowledge.finding import Finder
    from ..knowledge.identifiers import identifiers
    from ..knowledge.paths import MOST_STEPS, shortest_paths
    from ..knowledge.resolving import resolve_name

    settings = settings_for(root)
    release_to_read(settings)
    releases = Releases(settings.releases)
    release, _hold, _ = releases.held()
    _, namespaces, store = releases.open(release, settings.namespaces, ON_DISK)
    finder = Finder.open(release)
    ends = []
    for name in (start, end):
        one = resolve_name(store, namespaces, finder, lambda: identifiers(store), name)
        if one.entity is None:
            near = ", ".join(ref.curie for ref in one.close)
            raise NotFoundError(
                f"No entity, or more than one, is known by {name!r}.",
                f"did you mean one of {near}?" if near else "give a CURIE.",
            )
        ends.append(one.entity)
    found = shortest_paths(store, namespaces, ends[0].iri, ends[1].iri)
    if as_json:
        click.echo(paths_json(found), nl=False)
    else:
        for way in found.shown:
            click.echo("\n".join(map(_text, way)) + "\n")
        if found.shown:
            click.echo(
                f"{plural(found.total, 'path', 'paths')} of {plural(found.steps, 'step', 'steps')}; "
                f"{len(found.shown)} shown.",
                err=True,
            )
        elif found.start == found.end:
            click.echo("Both are the same entity.", err=True)
        elif found.is_cut:
            click.echo(f"The search stopped after {found.steps} steps: the two have too many connections.", err=True)
        else:
            click.echo(f"No path of at most {MOST_STEPS} steps joins the two.", err=True)
    if not found.shown and found.start != found.end:
        click.get_current_context().exit(1)


def _text(step: Step) -> str:
    lines = []
    for link in step.links:
        source = f"  ({link.source.label})" if link.source else ""
        lines.append(
            f"{click.style(step.start.label, bold=True)} {link.label} {click.style(step.end.label, bold=True)}.{source}"
        )
        lines += [f"    {link.note}"] if link.note else []
    return "\n".join(lines)
