"""`akb explain`: say why a statement holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import LimitError, NotFoundError
from .build import build_release
from .common import root_option, settings_for, show_error

if TYPE_CHECKING:
    from ..settings import Settings


@click.command()
@root_option
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as /explain.json does.")
def explain(root: Path | None, subject: str, predicate: str, object_: str, as_json: bool) -> None:
    r"""Explain why a statement holds: who asserts it, or by which rules it follows from what is asserted.

    SUBJECT, PREDICATE and OBJECT are CURIEs or IRIs; `a` is rdf:type. The exit code is 1 when the base does not say it.

    \b
    Example:
      akb explain concept:goal-misgeneralization akb:extendedBy concept:alignment-faking
    """
    from ..build.releases import ON_DISK, Releases
    from ..formats.explanations import explanation_json, explanation_text
    from ..knowledge.explaining import explain as explained
    from ..knowledge.explaining import read_axioms, term_named

    settings = settings_for(root)
    build_release(settings)
    releases = Releases(settings.releases)
    release, _hold, _ = releases.held()
    _, namespaces, store = releases.open(release, settings.namespaces, ON_DISK)
    start, verb, end = (term_named(name, namespaces) for name in (subject, predicate, object_))
    try:
        found = explained(store, namespaces, read_axioms(store), (start, verb, end))
    except (NotFoundError, LimitError) as error:
        click.echo(show_error(error), err=True)
        click.get_current_context().exit(1)
    if as_json:
        click.echo(explanation_json(found), nl=False)
    else:
        files = _files(settings, [one.triple for one in found.asserted])
        click.echo(explanation_text(found, files), nl=False)


def _files(settings: Settings, triples: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    """Return the file that has each of some statements: that of its subject, or of its object."""
    from rdflib import URIRef

    from ..turtle.source_files import SourceFile, read_file

    found: dict[tuple[str, str, str], str] = {}
    for triple in triples:
        for end in (triple[0], triple[2]):
            path = settings.root / "kb" / f"{end.removeprefix(settings.namespaces.base)}.ttl"
            if not end.startswith(settings.namespaces.base) or not path.is_file():
                continue
            file = read_file(path, settings.root)
            if isinstance(file, SourceFile) and any(
                (str(subject), str(predicate), str(value)) == triple
                for subject, predicate, value in file.graph.triples((URIRef(triple[0]), URIRef(triple[1]), None))
            ):
                found.setdefault(triple, file.path)
    return found
