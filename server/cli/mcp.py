"""`akb mcp`: offer a base to an agent over standard input and output."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

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
    from ..agents.base import AgentBase
    from ..agents.serving import serve_stdio
    from ..proposals.submitting import submit
    from ..web.app import create_app
    from ..web.current import application_of
    from ..web.data.agents import base_of

    settings = settings_for(root)
    release_to_read(settings)
    app = create_app(settings)
    current = application_of(app)

    def proposed(given: Any) -> dict[str, Any]:
        return submit(settings, given, similarity=current.release().finder.similarity).told

    def asked() -> AgentBase:
        with app.app_context():
            base = base_of(current.release())
        # Whoever starts it is at this machine, and is not counted as callers are.
        return base if base.propose is None else replace(base, propose=proposed)

    try:
        serve_stdio(asked)
    finally:
        current.close()
