"""`akb peers`: say which other endpoints queries may call, and which of them answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from .common import progress_bar, root_option, settings_for


@click.command()
@root_option
@click.option("--all", "every", is_flag=True, help="Ask the peers that are not enabled, too.")
@click.option("--format", "format_name", type=click.Choice(("text", "json")), default="text", show_default=True)
def peers(root: Path | None, every: bool, format_name: str) -> None:
    """Check the SPARQL endpoints that a query may call with SERVICE.

    They are listed in peers.toml (or the file that AKB_PEERS names). Each that is enabled is asked a small question in
    the way of a query that calls it. Public ones are asked only where AKB_CONTACT says who asks.

    Exit codes: 0 all that were asked answer, 1 one does not, 2 the file says something that cannot be, 3 it cannot be
    read.
    """
    from ..federation.peers import peers_of
    from ..federation.probe import probe

    listed = peers_of(settings_for(root))
    asked = [peer for peer in listed if every or peer.enabled]
    with progress_bar() as progress:
        found = {
            one.peer.name: one for one in probe(asked, listed.caller, lambda done: progress("ask", done, len(asked)))
        }
    if format_name == "json":
        records = [
            asdict(peer) | {"answers": not found[peer.name].fault, "fault": found[peer.name].fault}
            if peer.name in found
            else asdict(peer)
            for peer in listed
        ]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    else:
        for peer in listed:
            one = found.get(peer.name)
            if one is None:
                state = click.style("not enabled", dim=True)
            elif one.fault:
                state = click.style("fails: ", fg="red") + one.fault
            else:
                state = click.style(f"answers in {one.seconds:.2f} s", fg="green")
                state += "" if peer.enabled else ", not enabled"
                state += "".join(f"; {note}" for note in one.notes)
            click.echo(f"{peer.name} <{peer.endpoint}> {state}")
        if not listed.enabled:
            click.echo(
                "Queries may call none of them: set enabled = true in peers.toml." if listed.all else "No peers."
            )
    if any(one.fault for one in found.values()):
        raise SystemExit(1)
