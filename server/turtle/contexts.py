"""Puts local copies in the place of JSON-LD contexts that are elsewhere, so that nothing need be fetched.

A context may be named by its IRI wherever one may be (JSON-LD 1.1, section 3.1), and by `@import` (section 4.1.10).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .resolving import resolve

ReadCopy = Callable[[str], str | None]
"""Returns the text of the local copy of a document, given by its IRI, or None where there is none."""


class MissingContextError(Exception):
    """A context has no local copy, or what is there is none; `reason` says it in words that end a sentence."""

    def __init__(self, iri: str, reason: str) -> None:
        super().__init__(reason)
        self.iri = iri
        self.reason = reason


def with_local_contexts(text: str, base: str, read: ReadCopy) -> str:
    """Return JSON-LD with every context in its place; a text that names none stays as it is.

    What is not JSON is returned too: its reader says what is wrong. Raises MissingContextError.
    """
    if '"@context"' not in text:
        return text
    try:
        said = json.loads(text)
        contexts = _Contexts(read)
        found = contexts.within(said, base)
        return json.dumps(found, ensure_ascii=False) if contexts.taken else text
    except (ValueError, RecursionError):
        return text


class _Contexts:
    def __init__(self, read: ReadCopy) -> None:
        self._read = read
        self._open: list[str] = []
        self.taken = False

    def within(self, said: Any, base: str) -> Any:
        if isinstance(said, list):
            return [self.within(item, base) for item in said]
        if not isinstance(said, dict):
            return said
        return {
            key: self._context(value, base) if key == "@context" else self.within(value, base)
            for key, value in said.items()
        }

    def _context(self, context: Any, base: str) -> Any:
        if isinstance(context, str):
            return self._copy(resolve(base, context))
        if isinstance(context, list):
            parts = [self._context(item, base) for item in context]
            # A list has no list in it: the parts of a copy take its place.
            return [one for part in parts for one in (part if isinstance(part, list) else [part])]
        if not isinstance(context, dict):
            return context
        imported: dict[str, Any] = {}
        if isinstance(name := context.get("@import"), str):
            copy = self._copy(resolve(base, name))
            if not isinstance(copy, dict):
                raise MissingContextError(name, f"<{name}>, which it imports, is not one context")
            imported = copy
        own = {key: value for key, value in context.items() if key != "@import"}
        return {**imported, **{key: self._term(key, value, base) for key, value in own.items()}}

    def _term(self, key: str, value: Any, base: str) -> Any:
        """Return the definition of a term, which may have a context of its own (section 4.1.8)."""
        if isinstance(value, dict) and "@context" in value and not key.startswith("@"):
            return {**value, "@context": self._context(value["@context"], base)}
        return value

    def _copy(self, iri: str) -> Any:
        if iri in self._open:
            raise MissingContextError(iri, f"the context <{iri}> names itself")
        text = self._read(iri)
        if text is None:
            raise MissingContextError(iri, f"the context <{iri}> is elsewhere, and nothing is fetched")
        self._open.append(iri)
        try:
            said = json.loads(text)
        except ValueError as error:
            raise MissingContextError(iri, f"the copy of the context <{iri}> is not JSON ({error})") from None
        context = self._context(said["@context"] if isinstance(said, dict) and "@context" in said else {}, iri)
        self._open.pop()
        self.taken = True
        # In a context from elsewhere @base has no effect (JSON-LD 1.1 API, section 4.1.2, step 5.7).
        parts = context if isinstance(context, list) else [context]
        kept = [
            {key: value for key, value in part.items() if key != "@base"} if isinstance(part, dict) else part
            for part in parts
        ]
        return kept if isinstance(context, list) else kept[0]
