"""Asks the engine that is wanted, the reference where the quick one cannot answer, or both to compare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from rdflib import SH, BNode, Graph

from ...errors import AkbError, RemoteError, ScarceError
from ...full_disks import is_full
from ...records.engines import Engine, Shacl
from ...records.pool import Pool
from ...turtle.pieces import joined, pieces_of, size_of
from ...turtle.statements import lines_of
from . import fast, reference
from .advanced import NOT_READ, newer_in, without_unrun
from .exact import beyond
from .results import PART, Request, Result

Note = Callable[[str], None]
"""Called with a note for the user in one sentence, which needs no action."""

_SHOWN: Final = 3


class DifferenceError(AkbError):
    """Two engines do not agree: one of them is wrong, and it cannot be known from here which."""


def validate(
    request: Request, engine: Engine = Engine.FAST, note: Note = lambda _: None, pool: Pool | None = None
) -> list[Result]:
    """Return the validation results of the data (SHACL, section 3.4), and note when the reference took over.

    With a pool, its workers validate large data in parts. Raises RemoteError when they fail, DifferenceError when both
    engines are asked and do not agree, and UnreadableError for shapes that the reference cannot use. What the quick
    engine has no room for the reference is not asked, which needs ten times as much: then this raises ScarceError, or
    an OSError for a full disk.

    The reference does not know SHACL 1.2, and is not compared where shapes use it.
    """
    if request.version is Shacl.V1_2 and any(f" <{SH}shape> " in piece for piece in pieces_of(request.data)):
        note("What the data say by sh:shape of SHACL 1.2 is not checked.")
    if engine is Engine.REFERENCE:
        return reference.validate(_plain(request))
    results, why = _quick(request, pool)
    if results is None:
        note(f"The shapes were checked by the reference engine, which takes longer: {why}.")
        return reference.validate(_plain(request))
    if engine is Engine.BOTH and request.version is Shacl.V1_2 and newer_in(request.shapes):
        note("The engines were not compared: the reference does not know SHACL 1.2, which the shapes use.")
    elif engine is Engine.BOTH:
        _compare(results, reference.validate(_plain(request)))
    return results


def why_not_newer(shapes: Graph, version: Shacl, engine: Engine) -> str:
    """Return why nothing of SHACL 1.2 is run, in words that end a sentence, or nothing where it is."""
    if version is Shacl.V1_0:
        return NOT_READ
    if engine is Engine.REFERENCE:
        return "the reference engine does not know SHACL 1.2"
    if not fast.is_installed():
        return "SHACL 1.2 takes the package shacl, which is not installed"
    reason = beyond(without_unrun(shapes), version)
    return f"the engine that knows SHACL 1.2 is not known to be exact for {reason}" if reason else ""


def _plain(request: Request) -> Request:
    """Return a request without what RDF 1.1 cannot say."""
    if request.version is Shacl.V1_0:
        return request
    return replace(request, data="".join(line for line in lines_of(joined(request.data)) if "<<(" not in line))


def _quick(request: Request, pool: Pool | None) -> tuple[list[Result] | None, str]:
    """Return the results of the quick engine, or why there are none."""
    if not fast.is_installed():
        return None, "the package shacl is not installed"
    # Fewer targets are beyond nothing that more are not, but for those that only a part names: blank nodes.
    is_blank = any(isinstance(node, BNode) for node in request.shapes.objects(None, SH.targetNode))
    is_within = request.whole is not None and not is_blank and not beyond(request.whole, request.version)
    if not is_within and (reason := beyond(request.shapes, request.version)):
        return None, f"the quick one is not known to be exact for {reason}"
    try:
        size = size_of(request.data)
        if pool is not None or size > PART:
            from .parts import part_size, validate_in_parts  # noqa: PLC0415 - few data are so large

            if size > part_size(pool):
                return validate_in_parts(request, pool=pool), ""
        return fast.validate(request), ""
    except RemoteError:
        raise
    except BaseException as error:
        # What it cannot do the reference may, but a panic in Rust is no Exception.
        if is_full(error) or (not isinstance(error, Exception) and type(error).__name__ != "PanicException"):
            raise
        why = " ".join(str(error).split())[:200] or type(error).__name__
        if size_of(request.data) > PART:
            raise ScarceError(
                f"The shapes could not be checked over {size_of(request.data) >> 20:,} MB of data: {why}.",
                "free memory, check only what has changed (`akb check --changed-since`), or build on a cluster "
                "(`akb build --cluster`); the reference engine would need far more.",
            ) from error
        return None, f"the quick one failed ({why})"


def _compare(quick: list[Result], slow: list[Result]) -> None:
    ours, theirs = Counter(map(key, quick)), Counter(map(key, slow))
    if ours == theirs:
        return
    lines = [
        f"  only the {name} engine: {' | '.join(shown)}"
        for name, differing in (("quick", ours - theirs), ("reference", theirs - ours))
        for shown in sorted(differing.elements())[:_SHOWN]
    ]
    count = (ours - theirs).total() + (theirs - ours).total()
    raise DifferenceError(
        f"The two SHACL engines differ in {count} result{'s' if count > 1 else ''}:\n" + "\n".join(lines),
        "report this; until it is settled, choose the one that is right with --engine fast or --engine reference.",
    )


def key(result: Result) -> tuple[str, ...]:
    """Return what makes two results the same: everything in them."""
    path = result.path.n3() if result.path is not None else ""
    # A shape without a name may have another label in each reading, but these two engines share one graph.
    return (
        result.focus.n3(),
        result.component,
        result.shape.n3(),
        path,
        result.value.n3() if result.value is not None else "",
        result.severity.n3(),
        *result.messages,
    )
