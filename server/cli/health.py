"""`akb health`: say whether the server of this machine is ready, for what looks after it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .common import origin_of, root_option, settings_for


@click.command()
@root_option
@click.option("--host", help="Address on which the server listens. Default: $AKB_HOST, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Its port. Default: $AKB_PORT, else 8000.")
@click.option("--live", is_flag=True, help="Ask only whether a process answers, and not whether it is ready.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=5, show_default=True, metavar="SECONDS")
def health(root: Path | None, host: str | None, port: int | None, live: bool, timeout: float) -> None:
    """Ask the server that runs here, with the same settings, whether it is ready.

    It is ready when its release is open, its store answers, and queries find a worker: then this prints the name of the
    release. An image of a container needs no other program for its health check.

    Exit codes: 0 it is ready, 1 it is not, or does not answer.
    """
    from urllib.request import Request

    from ..outgoing.client import Rules, send
    from ..outgoing.failures import OutgoingError

    settings = settings_for(root, host=host, port=port)
    address = f"{origin_of(settings.host, settings.port)}/{'healthz' if live else 'readyz'}"
    try:
        # Only http on this machine: no proxy is asked, and no redirect followed.
        said = json.loads(send(Request(address), Rules(seconds=timeout, megabytes=1)).body)  # noqa: S310 - as said
        shown = f"{said['status']}, release {said['release']}"
    except OutgoingError as error:
        click.echo(f"{address} {error}", err=True)
        raise SystemExit(1) from error
    except (ValueError, TypeError, KeyError) as error:
        click.echo(f"{address} is answered by another program than akb.", err=True)
        raise SystemExit(1) from error
    click.echo(shown)
