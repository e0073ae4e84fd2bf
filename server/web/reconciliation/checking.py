"""Reads JSON that clients send, within limits, and holds it to a JSON Schema: an error says where it fails, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

from flask import abort

from ...errors import TooLargeError
from ...guessing import nearest
from . import schemas

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

_DEEPEST: Final = 20
"""Levels of objects and arrays in each other; a batch has seven."""
_TOO_DEEP: Final = object()
_SHOWN: Final = 60
"""Characters of a wrong value, or of a key, that an error repeats."""
_PLAIN: Final = re.compile(r"[\w-]{1,60}", re.ASCII)

SCHEMAS: Final[Mapping[str, Any]] = {
    "queries": schemas.QUERIES,
    "draft": schemas.DRAFT_QUERIES,
    "extension": schemas.EXTENSION,
}
"""What clients send, by the names by which `check` knows it."""


@cache
def validator(name: str) -> Draft202012Validator:
    """Return what holds a value to a schema; each is made once, which takes as long as to hold some batches to it."""
    # It takes a thirtieth of the time in which a web worker starts, and few servers are asked for it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - see above

    return Draft202012Validator(SCHEMAS[name])


def read_json(text: str | bytes, what: str) -> Any:
    """Return what a JSON text says (RFC 8259), where it can be worked on: within limits, and of characters alone."""

    def refuse(name: str) -> NoReturn:
        abort(400, f"{what} is not JSON: {name} is no number.")

    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        value = json.loads(decoded, parse_constant=refuse)
        if "\\u" in decoded:
            # A half of a surrogate pair is no character, and nothing can be done with it further on.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        abort(400, f"{what} is not in UTF-8: byte {error.start} is no part of a character.")
    except UnicodeEncodeError:
        abort(400, f"{what} is not JSON: it has half of a surrogate pair, which is no character.")
    except json.JSONDecodeError as error:
        abort(400, f"{what} is not JSON: {error}.")
    except RecursionError:
        value = _TOO_DEEP
    except ValueError:
        # Python makes no number of thousands of digits, which takes time that grows with their square.
        abort(400, f"{what} has a number of too many digits.")
    if value is _TOO_DEEP or _nests_deeper(value, _DEEPEST):
        abort(400, f"{what} nests too deeply; {_DEEPEST} levels of objects and arrays are read.")
    return value


def check(name: str, value: Any, root: str, within: str = "", sent: Any = None) -> None:
    """Abort with 400, or 413 for what is too much, where a value breaks a rule of a schema.

    `root` is what the whole value is called, and `within` what the places in it begin with. A member of `sent`, the
    value as the client wrote it, may have another name: the error then names that.
    """
    error = next(validator(name).iter_errors(value), None)
    if error is not None:
        _refuse(error, place_of(within, _as_sent(error.absolute_path, value if sent is None else sent)), root)


def refuse_many(count: int, most: int, what: str, where: str = "The batch") -> None:
    """Raise TooLargeError where there is more of something than is taken at once."""
    if count > most:
        mend = "send fewer in a request, and as many requests as it takes."
        raise TooLargeError(f"{where} has {count:,} {what}; {most:,} are taken at once.", mend)


def _refuse(error: ValidationError, before: str, root: str) -> NoReturn:
    """Say what is wrong at a place, which is empty for the `root`."""
    value: Any = error.instance
    schema: Any = error.schema
    rule: Any = error.validator_value
    place = before or root
    match error.validator:
        case "maxItems":
            refuse_many(len(value), rule, schema["title"], place)
        case "required":
            missing = next(name for name in rule if name not in value)
            wanted = schema["properties"][missing]["description"]
            abort(400, f"{place_of(before, [missing])} is missing; it should be {wanted}.")
        case "additionalProperties":
            known = schema["properties"]
            wrong = next(name for name in value if name not in known)[:_SHOWN]
            meant = nearest(wrong, known)
            hint = f" Did you mean {meant!r}?" if meant else ""
            abort(400, f"{place} has {wrong!r}, which no query has; it may have {', '.join(known)}.{hint}")
        case "minItems":
            abort(400, f"{place} is empty; it needs at least one.")
        case "anyOf":
            names = " nor ".join(one["required"][0] for one in rule)
            abort(400, f"{place} has neither {names}; it needs one of them.")
    abort(400, f"{place} is {_shown(value)}, and not {schema['description']}.")


def _as_sent(path: Iterable[str | int], sent: Any) -> list[str | int]:
    """Return a path with the names that the client used for members."""
    named: list[str | int] = []
    for step in path:
        named.append(schemas.OTHER_WORDS[step] if isinstance(step, str) and step not in sent else step)
        sent = sent[named[-1]]
    return named


def place_of(before: str, path: Iterable[str | int]) -> str:
    """Return where something is, such as `queries.q0.properties[1].v`."""
    place = before
    for step in path:
        if isinstance(step, int):
            place += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            place += f".{step}" if place else step
        else:
            place += f"[{_shown(step)}]"
    return place


def _shown(value: Any) -> str:
    """Return the beginning of a value as JSON, without writing down the rest."""
    return "".join(islice(json.JSONEncoder(ensure_ascii=False).iterencode(value), _SHOWN))[:_SHOWN]


def _nests_deeper(value: Any, levels: int) -> bool:
    inner: list[dict[str, Any] | list[Any]] = [[value]]
    for _ in range(levels + 1):
        inner = [
            one
            for outer in inner
            for one in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(one, dict | list)
        ]
        if not inner:
            return False
    return True
