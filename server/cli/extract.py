"""`akb extract`: proposals from the text of a work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ..errors import UsageError
from .common import paint, plural, root_option, settings_for, show_note

if TYPE_CHECKING:
    from ..extraction.candidates import Maker
    from ..extraction.extracting import Extracted
    from ..settings import Settings
    from ..similarity.reading import Similarity

_MAKERS: Final = ("rules", "model")
_FORMS: Final = ("text", "json")


@click.command()
@root_option
@click.argument("paper")
@click.option("--by", type=click.Choice(_MAKERS), default="rules", show_default=True, help="What reads the text.")
@click.option("--queue", "lands", is_flag=True, help="Put what the base can take into the queue.")
@click.option("--least", default=0.0, type=click.FloatRange(0, 1), help="The least score that is wanted.")
@click.option("--most", default=0, type=click.IntRange(0), help="How many at most, the best ones. Default: all.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True, help="What to print.")
def extract(root: Path | None, paper: str, by: str, lands: bool, least: float, most: int, form: str) -> None:
    r"""Propose what the text of PAPER says: claims, questions, methods, artifacts, quotes, edges to what is known.

    The text comes from `akb text add`. `rules` reads it here, by signs of English prose, the names in the base and the
    sentence model; `model` asks the language model of AKB_MODEL_URL, and takes from what that says only what the text
    bears out. Each proposal has its passage, a score, a reason, and what the base has that is nearest to it.
    Definitions are the words of the text, or near to them: put them into your own before you accept one.

    \b
    Examples:
      akb extract paper:alignment-faking-in-llms
      akb extract paper:alignment-faking-in-llms --least 0.6 --queue
      akb review proposals

    Exit codes: 0 done, 2 wrong use, or no text of PAPER, 3 something cannot be read.
    """
    from ..extraction.extracting import extraction
    from .propose import similarity_of

    settings = settings_for(root)
    similarity = similarity_of(settings)
    work = extraction(settings, paper, _maker(settings, by, similarity), similarity)
    found = []
    for one in work.run(lands=lands, least=least, most=most):
        found.append(one)
        if form == "text":
            click.echo(_shown(one))
    if form == "json":
        click.echo(json.dumps([_record(one) for one in found], indent=2, ensure_ascii=False))
    for note in work.notes:
        show_note(note)
    taken = [one for one in found if not one.why_not]
    new = sum(1 for one in taken if one.is_new)
    what = f"{plural(len(found), 'candidate', 'candidates')}, {len(taken)} of which the base can take"
    click.echo(f"{what}; {new} new in the queue: akb review proposals." if lands else f"{what}.", err=True)


def _maker(settings: Settings, by: str, similarity: Similarity | None) -> Maker:
    from ..extraction.extracting import alike_by
    from ..extraction.model import ByModel
    from ..extraction.rules import Rules

    alike = alike_by(similarity)
    if by == "rules":
        return Rules(alike)
    if (model := settings.language_model) is None:
        raise UsageError("No language model is configured.", "set AKB_MODEL_URL and AKB_MODEL, or use --by rules.")
    return ByModel(model, alike)


def _shown(one: Extracted) -> str:
    candidate = one.candidate
    name = candidate.label or f"edge to {', '.join(candidate.about)}"
    state = f"not taken: {one.why_not}" if one.why_not else f"waits as {one.queued.id}" if one.queued else ""
    place = f"{candidate.spots[0].section.name} ({candidate.spots[0].sentence.anchor})"
    lines = [f"{candidate.score:.2f}  {paint(candidate.role, 'place')}  {name}", f"      {candidate.reason} {place}"]
    lines.append(f"      \u201c{candidate.quote}\u201d")
    if one.nearest:
        nearest = one.record["near"][0]
        lines.append(f"      nearest: {nearest['id']} ({nearest['cosine']:.2f})")
    return "\n".join([*lines, *([f"      {state}"] if state else [])])


def _record(one: Extracted) -> dict[str, Any]:
    candidate = one.candidate
    return {
        "role": candidate.role,
        "label": candidate.label,
        "definition": candidate.definition,
        "quote": candidate.quote,
        "locator": candidate.spots[0].section.name,
        "anchor": candidate.spots[0].sentence.anchor,
        "score": candidate.score,
        "reason": candidate.reason,
        "about": list(candidate.about),
        "near": one.record.get("near", []),
        "accepted": bool(one.record.get("accepted")),
        "why_not": one.why_not,
        "queued": one.queued.id if one.queued else None,
    }
