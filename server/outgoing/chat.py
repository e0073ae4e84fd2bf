"""A language model that the operator configures, asked as OpenAI's chat completions are; local servers answer so too.

What it writes is a text like any other: whoever asks reads it, and holds it against what they know.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.request import Request

from .client import Rules, send
from .failures import OutgoingError, one_line

_MEGABYTES: Final = 2


@dataclass(frozen=True)
class Model:
    """A service that completes chats."""

    address: str
    name: str
    key: str = field(default="", repr=False)
    seconds: int = 30


class ModelError(Exception):
    """The model did not answer, or not with a text; the message says which, as a sentence."""


def completed(model: Model, messages: Sequence[tuple[str, str]]) -> str:
    """Return what a model says after messages, each a role and a text; empty where it says nothing.

    Raises ModelError.
    """
    said = [{"role": role, "content": content} for role, content in messages]
    body = json.dumps({"model": model.name, "messages": said, "temperature": 0}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if model.key:
        headers["Authorization"] = f"Bearer {model.key}"
    try:
        answer = send(
            Request(model.address, body, headers),  # noqa: S310 - the settings have http(s) alone
            Rules(seconds=model.seconds, megabytes=_MEGABYTES),
        )
        return _content(json.loads(answer.body))
    except OutgoingError as error:
        raise ModelError(f"The model {model.name} {one_line(str(error))}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The model {model.name} sent what is no JSON.") from error


def _content(said: Any) -> str:
    """Return the text of a chat completion; empty for what is none."""
    try:
        content = said["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return ""
    return content if isinstance(content, str) else ""
