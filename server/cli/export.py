"""`akb export`: the base in other forms."""

from __future__ import annotations

import click

from .export_site import site


@click.group()
def export() -> None:
    """Write the base in another form."""


export.add_command(site)
