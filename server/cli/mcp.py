"""`akb mcp`: offer a base to an agent over standard input and output."""

from __future__ import annotations

from pathlib import Path

import click

from .build import release_to_read
from .common import root_option, settings_for


@click.command()
@root_option
def mcp(root: Path | None) -> None:
    r"""Answer one agent by the Model Context Protocol, over standard input and output.

    Agents start it themselves. A server offers the same to all at POST /mcp.

    \b
    Example, for the settings of an agent:
      {"mcpServers": {"kb": {"command": "akb", "args": ["mcp", "--root", "/path/to/base"]}}}
    """
    from ..agents.serving import serve_stdio
    from ..web.app import create_app
    from ..web.data.agents import base_of

    settings = settings_for(root)
    release_to_read(settings)
    current = create_app(settings).extensions["akb"]
    try:
        serve_stdio(lambda: base_of(current.release()))
    finally:
        current.close()
