"""`akb link`: add an edge between two entities, and find what other bases call the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import NotFoundError, UsageError
from .common import asked_for, paint, plural, progress_bar, root_option, settings_for

if TYPE_CHECKING:
    from ..federation.peers import Peer, Peers
    from ..review.matches import Proposal
    from ..settings import Settings
    from ..turtle.base import Base

_DECISIONS = ("exact", "close", "same", "different")


class _Link(click.Group):
    """A group whose command `edge` need not be named: no command is called as its first word is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_named or not args else ["edge", *args])


@click.group(cls=_Link, invoke_without_command=False, subcommand_metavar="[SUBJECT] [PREDICATE] [OBJECT] | COMMAND ...")
def link() -> None:
    r"""Write an edge, or find what other bases call the same as our entities.

    `akb link SUBJECT PREDICATE OBJECT` writes an edge, and asks for what is left out; `akb link edge --help` says more.
    """


@link.command("edge", hidden=True)
@root_option
@click.argument("words", metavar="SUBJECT PREDICATE OBJECT", nargs=-1)
@click.option("--note", default="", help="One sentence on how the two are joined. Default: it is asked for.")
@click.option("--in", "source", default="", help="CURIE of the paper or thinker that says so.")
@click.option("--locator", default="", help="The place in the source, such as a section or page.")
@click.option("--confidence", type=click.FloatRange(0, 1), help="How sure you are that the source says it.")
@click.option("--status", default="draft", show_default=True, help="Its status: draft, or one that is in use (active).")
@click.option("--version", default="", help="Which version of the source says so, such as v2.")
@click.option(
    "--at", "read_at", multiple=True, metavar="ADDRESS", help="Where you read it. May be given several times."
)
@click.option("--our-reading", is_flag=True, help="No source says so itself: you concluded it from what you read.")
@click.option(
    "--set",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="What else the edge says, such as stance=partly, from=2021-05 or issued=2024. May be given several times.",
)
def edge(
    root: Path | None,
    words: tuple[str, ...],
    note: str,
    source: str,
    locator: str,
    confidence: float | None,
    status: str,
    version: str,
    read_at: tuple[str, ...],
    our_reading: bool,
    facts: tuple[str, ...],
) -> None:
    r"""Write an edge from SUBJECT to OBJECT: its plain triple, and the node that explains it.

    SUBJECT and OBJECT are CURIEs or names; PREDICATE is a name from docs/ontology.md, as extends, or the wording that
    pages show, as is_studied_by. What you leave out is asked for. The ends of a symmetric predicate are put in order,
    and an inverse is turned round. The name of the edge is worked out.

    \b
    Examples:
      akb link concept:alignment-faking
      akb link "Alignment faking" extends "Goal misgeneralization" --note "a hard case of it"
      akb link concept:alignment-faking extends concept:goal-misgeneralization \
        --note "a hard case of it" --in paper:alignment-faking-in-llms --status active
      akb link thinker:evan-hubinger affiliated_with thinker:anthropic \
        --note "as his page says" --at https://example.org/people --set from=2023
    """
    from ..importers.cells import cell_readers
    from ..schema.reading import schema_of
    from ..turtle.authoring import NewEdge, add_edge
    from ..turtle.edges import CODES, VOCAB
    from ..turtle.reader import read_base
    from .edge_words import edge_meant

    if our_reading and source:
        raise UsageError("What a source says itself is no reading of ours.", "leave out --in, or --our-reading.")
    if version and not source:
        raise UsageError("--version is that of a source, and there is none.", "name it with --in.")
    settings = settings_for(root)
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    ends = edge_meant(base, schema, words)
    note = note or asked_for("Note (one sentence on how the two are joined)", "give it with --note.")
    _, reader = cell_readers(schema)
    given = [("consultedAt", one) for one in read_at]
    given += [("sourceVersion", version)] if version else []
    given += [_fact(one, reader.columns) for one in facts]
    said = []
    for name, value in given:
        term = reader.term(name, value)
        said.append((str(reader.property_for(name, term)), term))
    said += [(str(VOCAB.basis), CODES["our-reading"])] if our_reading else []
    path = add_edge(base, NewEdge(*ends, note, source, locator, confidence, status, facts=tuple(said)))
    click.echo(f"Wrote the edge to {path}. Next: run `akb check`.")


def _fact(given: str, columns: tuple[str, ...]) -> tuple[str, str]:
    """Return name and value of what an edge says."""
    name, sign, value = given.partition("=")
    known = [one for one in columns if one not in {"subject", "predicate", "object", "assertedIn", "note", "status"}]
    if not sign or name not in known or not value:
        raise UsageError(f"{given!r} is not what an edge may say.", f"write NAME=VALUE with one of {', '.join(known)}.")
    return name, value


@link.command()
@root_option
@click.argument("entities", nargs=-1)
@click.option("--service", "name", default="Wikidata", show_default=True, help="Which service of peers.toml to ask.")
@click.option("--class", "classes", multiple=True, help="Only entities of this page class; may be given several times.")
@click.option("--score", type=click.FloatRange(0, 100), default=90, show_default=True, help="Lowest score to propose.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many entities to ask about.")
def wikidata(
    root: Path | None, entities: tuple[str, ...], name: str, classes: tuple[str, ...], score: float, limit: int
) -> None:
    r"""Ask a reconciliation service which of its items our entities are, and queue what it proposes.

    ENTITIES are CURIEs; without any, all in use that name no item of the service are asked about. Only a service that
    peers.toml has as [[reconciliation]] with enabled = true is called. Nothing is written to kb/: `akb link matches`
    lists what waits, and `akb link decide` makes the change.

    \b
    Example:
      akb link wikidata --class artifact --limit 20
    """
    from ..federation.peers import peers_of
    from ..federation.reconciliation import ask, service_of
    from ..review.matches import (
        matchable,
        proposals_from,
        question_about,
        read_proposals,
        unmatched,
        waiting,
        write_proposals,
    )
    from ..schema.reading import schema_of
    from ..turtle.reader import read_base

    settings = settings_for(root)
    peers = peers_of(settings)
    peer = _service(peers, name)
    base = read_base(settings.root, settings.namespaces)
    schema = schema_of(base)
    known = matchable(schema)
    if wrong := [one for one in classes if one not in known]:
        raise UsageError(f"{wrong[0]!r} is not a class that others may know.", f"choose from {', '.join(known)}.")
    service = service_of(peer, peers.caller)
    asked = unmatched(base, schema, service.identifier_space, classes)
    if entities:
        asked = _only(base, asked, entities)
    left = max(len(asked) - limit, 0)
    asked = asked[:limit]
    before = read_proposals(settings.state)
    found: list[Proposal] = []
    try:
        with progress_bar() as progress:
            answers = ask(service, [question_about(base, schema, entity, service) for entity in asked])
            for done, (entity, items) in enumerate(zip(asked, answers, strict=True), 1):
                found += proposals_from(base, entity, items, service, score)
                progress("ask", done, len(asked))
    finally:
        # What was answered before a service failed is not asked for again.
        write_proposals(settings.state, waiting(base, (*before, *found)))
    click.echo(
        f"{peer.name} was asked about {plural(len(asked), 'entity', 'entities')} and proposes "
        f"{plural(len(found), 'match', 'matches')}."
        + (f" {left:,} were not asked about: raise --limit." if left else "")
    )
    for one in found:
        click.echo(_line(base, one))
    if found:
        click.echo("Next: `akb link decide ID exact`, or close, same, different.")


@link.command()
@root_option
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="Form.")
def matches(root: Path | None, form: str) -> None:
    """List the matches with other bases that wait for a decision, the likeliest first."""
    settings, base = _base(root)
    found = sorted(_waiting(settings, base), key=lambda one: (-one.score, one.id))
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(_line(base, one))
    if not found:
        click.echo("No match waits for a decision; `akb link wikidata` asks for some.")


@link.command()
@root_option
@click.argument("id_", metavar="ID")
@click.argument("decision", type=click.Choice(_DECISIONS))
@click.option("--confirm", is_flag=True, help="Say that you mean `same`: owl:sameAs makes the two one for reasoners.")
@click.option("--write", is_flag=True, help="Change the file. Default: print the patch.")
def decide(root: Path | None, id_: str, decision: str, confirm: bool, write: bool) -> None:
    r"""Decide on a match: print the patch of the entity's file, or change the file.

    exact and close write skos:exactMatch and skos:closeMatch; same writes owl:sameAs, with --confirm; different writes
    owl:differentFrom, so that the item is not proposed again. A change that would not pass `akb check` is refused.

    \b
    Example:
      akb link decide 0a1b2c3d4e exact | git apply
    """
    from ..review.changes import checked, write_files
    from ..review.matches import decided, proposal_named
    from ..review.patch import patch_text

    if decision == "same" and not confirm:
        raise UsageError(
            "owl:sameAs says that all that holds of one holds of the other, and a reasoner acts on it.",
            "use exact, or add --confirm when you mean that.",
        )
    settings, base = _base(root)
    changes = checked(settings, decided(base, proposal_named(_waiting(settings, base), id_), decision))
    if write:
        write_files(base.root, changes.after)
        click.echo(f"Wrote {', '.join(changes.after)}, with which `akb check` passes.")
    else:
        click.echo(patch_text(changes), nl=False)


def _service(peers: Peers, name: str) -> Peer:
    found = next((one for one in peers.services if name in {one.name, one.endpoint}), None)
    if found is None:
        names = ", ".join(one.name for one in peers.services) or "none"
        raise UsageError(
            f"peers.toml has no reconciliation service {name!r}; it has {names}.",
            "add it as [[reconciliation]] with name and endpoint; docs/reconciliation.md shows how.",
        )
    if not found.enabled:
        raise UsageError(
            f"The service {found.name} <{found.endpoint}> is not enabled, so that nothing is sent to it.",
            "set enabled = true below [[reconciliation]] in peers.toml.",
        )
    return found


def _only(base: Base, unmatched: list[str], curies: tuple[str, ...]) -> list[str]:
    wanted = []
    for curie in curies:
        try:
            iri = base.namespaces.expand(curie)
        except KeyError as error:
            raise UsageError(f"{curie!r} is not a CURIE.", "write it as prefix:name.") from error
        if iri not in unmatched:
            raise NotFoundError(
                f"{curie} cannot be asked about: it is not in the base, not in use, of another class, or matched.",
                "check the spelling and its status.",
            )
        wanted.append(iri)
    return wanted


def _base(root: Path | None) -> tuple[Settings, Base]:
    from ..turtle.reader import read_base

    settings = settings_for(root)
    return settings, read_base(settings.root, settings.namespaces)


def _waiting(settings: Settings, base: Base) -> tuple[Proposal, ...]:
    from ..review.matches import read_proposals, waiting

    return waiting(base, read_proposals(settings.state))


def _line(base: Base, one: Proposal) -> str:
    name = f"{one.name} ({one.description})" if one.description else one.name
    ends = f"{base.namespaces.compact(one.entity)} {one.decision} <{one.item}> {name}"
    return f"{paint(one.id, 'place')} {one.score:5.1f} {ends}"
