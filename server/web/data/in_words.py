"""Questions in words at `/sparql?words=`: the query for one is shown in the form, and run by whoever reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...errors import TooLargeError
from ...knowledge.asking.lexicon import Lexicon
from ...knowledge.asking.model import MOST_WORDS, ask_model
from ...knowledge.asking.templates import write_query
from ...namespaces import NOWHERE
from ...outgoing.chat import Model, ModelError
from ...records.asked import Written
from ...records.sentences import sentence
from ...sparql.guards import calls_service
from ...store.jobs import Job
from ..open_release import OpenRelease

BY_MODEL: Final = "model"
"""The value of `by=` that asks the model."""
_CHECKED: Final = {"solutions": "json", "boolean": "json", "triples": "nt"}


def written_query(release: OpenRelease, words: str, model: Model | None) -> Written:
    """Return the query for a question: by the model where there is one, else by templates.

    Raises TooLargeError for a question that is too long.
    """
    if len(words) > MOST_WORDS:
        raise TooLargeError(
            sentence(
                "The question has %(words)s characters; up to %(most_words)s are read.",
                words=f"{len(words):,}",
                most_words=MOST_WORDS,
            ),
            sentence("ask it shorter."),
        )
    by_templates = write_query(words, Lexicon(release.schema, release.namespaces, release.finder))
    if model is None or not words.strip():
        return by_templates
    try:
        return ask_model(words, model, release.schema, release.namespaces, lambda query: _check(release, query))
    except ModelError as error:
        note = f"{error} This query is by templates."
        return replace(by_templates, notes=(note, *by_templates.notes))


def words_example(release: OpenRelease) -> str:
    """Return a question that this base can be asked."""
    schema, example = release.schema, release.examples.entity
    of_example = schema.page_class_by_name.get(example.class_name) if example else None
    if example is not None and of_example is not None:
        for page in schema.page_classes:
            for term, is_turned in schema.joining(page.iri, of_example.iri):
                if not is_turned and "symmetric" not in term.traits:
                    return f"what {term.label} {example.label}"
    return f"how many {schema.page_classes[0].plural.lower()}" if schema.page_classes else ""


def _check(release: OpenRelease, query: str) -> None:
    """Raise QueryError for a malformed query, which is read over no data and without its calls."""

    def over_nothing(text: str, seconds: float | None, *, empty: bool = True) -> bytes:
        assert empty
        return b"".join(release.queries.run(Job(text, _CHECKED, None, (NOWHERE,), (), seconds)).chunks())

    if calls_service(query):
        release.federation.read(query, over_nothing)
    else:
        over_nothing(query, None)
