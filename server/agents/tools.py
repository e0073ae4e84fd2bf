"""A tool: its name, what it is for, its parameters, and the function that answers; and how arguments are read.

The schema of its parameters is made from them, so that what is offered and what is read cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ..errors import UsageError
from ..guessing import guess
from .base import AgentBase
from .writing import Answer

Arguments = Mapping[str, Any]
"""What a tool is called with, as `read` returns it: every parameter is there."""

_SHOWN: Final = 80
"""Characters of a wrong value that an error repeats."""
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Parameter:
    """A parameter of a tool. Its kind follows from `default`: a whole number, a list of texts, or a text."""

    name: str
    meaning: str
    default: str | int | tuple[str, ...] = ""
    choices: tuple[str, ...] = ()
    """The only values, or none for any."""
    most: int = 300
    """The most characters of a text, or the largest whole number."""
    is_required: bool = False
    example: str = ""
    is_object: bool = False
    """Whether it is an object, in place of a text; `most` are its characters as JSON."""

    def schema(self) -> dict[str, Any]:
        """Return what is taken for it, as JSON Schema (draft 2020-12)."""
        one: dict[str, Any] = {"type": "string", **({"enum": list(self.choices)} if self.choices else {})}
        if self.is_object:
            return {"type": "object", "description": self._described}
        if isinstance(self.default, int):
            found: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": self.most, "default": self.default}
        elif isinstance(self.default, tuple):
            found = {"type": "array", "items": one}
        else:
            found = one if self.choices else {**one, "maxLength": self.most}
            found |= {"default": self.default} if self.default else {}
        return {**found, "description": self._described}

    @property
    def _described(self) -> str:
        return f"{self.meaning} For example {self.example}." if self.example else self.meaning

    def read(self, tool: str, given: object) -> Any:
        """Return the value that was given. Raises UsageError for one of another kind, or that is none of the choices.

        A number may come as a text, one text in place of a list, and an object as a text of JSON: models write all.
        """
        if self.is_object:
            return self._object(tool, given)
        if isinstance(self.default, int):
            return self._number(tool, given)
        if isinstance(self.default, tuple):
            values = [given] if isinstance(given, str) else given
            if not isinstance(values, list | tuple):
                raise UsageError(f"{self.name} of {tool} must be a list of texts.", f'give {self.name}: ["..."].')
            return tuple(filter(None, (self._text(tool, one) for one in values)))
        return self._text(tool, given)

    def _number(self, tool: str, given: object) -> int:
        text = str(given).strip()
        if (
            isinstance(given, bool)
            or not text.isascii()
            or not text.isdigit()
            or len(text) > 9
            or int(text) > self.most
        ):
            raise UsageError(
                f"{self.name} of {tool} is {text[:_SHOWN]!r}.", f"give a whole number from 0 to {self.most}."
            )
        return int(text)

    def _object(self, tool: str, given: object) -> object:
        text = given if isinstance(given, str) else json.dumps(given)
        if len(text) > self.most:
            raise UsageError(
                f"{self.name} of {tool} has {len(text):,} characters; there may be {self.most:,}.", "make it shorter."
            )
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{self.name} of {tool} is no JSON: {error}.", f"give {self._such}.") from error
        if not isinstance(found, dict):
            raise UsageError(f"{self.name} of {tool} must be an object.", f"give {self._such}.")
        return found

    @property
    def _such(self) -> str:
        return f"one such as {self.example}" if self.example else "an object"

    def _text(self, tool: str, given: object) -> str:
        if not isinstance(given, str):
            raise UsageError(f"{self.name} of {tool} must be a text.", "put it between quotation marks.")
        text = given.strip()
        if len(text) > self.most:
            raise UsageError(
                f"{self.name} of {tool} has {len(text):,} characters; there may be {self.most:,}.", "make it shorter."
            )
        if text and self.choices and text not in self.choices:
            raise UsageError(
                f"There is no {self.name} {text[:_SHOWN]!r}.",
                f"{guess(text, self.choices)}choose from {', '.join(self.choices)}.",
            )
        return text


@dataclass(frozen=True)
class Tool:
    """A question that agents may ask of a base."""

    name: str
    title: str
    description: str
    """What it answers and when to use it, in a few sentences: models choose by it."""
    parameters: tuple[Parameter, ...]
    run: Callable[[AgentBase, Arguments], Answer]
    changes: bool = False
    """Whether something is different afterwards, such as a queue."""
    is_open_world: bool = False
    """Whether it may ask others, such as the peers of a query."""

    def schema(self) -> dict[str, Any]:
        """Return the schema of its arguments."""
        required = [one.name for one in self.parameters if one.is_required]
        return {
            "type": "object",
            "properties": {one.name: one.schema() for one in self.parameters},
            "additionalProperties": False,
            **({"required": required} if required else {}),
        }

    def read(self, given: Mapping[str, Any] | None) -> Arguments:
        """Return the arguments with defaults in the place of what is missing.

        Raises UsageError, which says what the tool takes, for what it does not.
        """
        sent = {name: value for name, value in (given or _NOTHING).items() if value is not None}
        names = [one.name for one in self.parameters]
        if unknown := next((name for name in sent if name not in names), None):
            raise UsageError(
                f"{self.name} has no parameter {unknown[:_SHOWN]!r}.",
                f"{guess(unknown, names)}it takes {', '.join(names) or 'none'}.",
            )
        values = {one.name: one.read(self.name, sent[one.name]) if one.name in sent else one.default
                  for one in self.parameters}  # fmt: skip
        for one in self.parameters:
            if one.is_required and not values[one.name]:
                example = f", such as {one.example}" if one.example else ""
                raise UsageError(f"{self.name} needs {one.name}.", f"give {one.name}{example}.")
        return values

    def call(self, base: AgentBase, given: Mapping[str, Any] | None) -> Answer:
        """Answer a call. Raises AkbError, whose mend says what to try."""
        return self.run(base, self.read(given))


def tool_named(tools: Sequence[Tool], name: str) -> Tool:
    """Return a tool by its name. Raises UsageError, which says which there are, for any other."""
    found = next((one for one in tools if one.name == name), None)
    if found is None:
        names = [one.name for one in tools]
        raise UsageError(f"There is no tool {name[:_SHOWN]!r}.", f"{guess(name, names)}there are {', '.join(names)}.")
    return found
