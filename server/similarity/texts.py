"""What an entity says of itself, as one text: what is embedded, and what a decision on a pair was made upon."""

from __future__ import annotations

from hashlib import sha256

from .records import Described


def text_of(entity: Described) -> str:
    """Return label, other labels and definition as sentences."""
    names = "; ".join((entity.label, *entity.others))
    return f"{names}. {entity.definition}".strip()


def texts_hash(one: Described, other: Described) -> str:
    """Return the hash of the texts of a pair, in whichever order: a decision holds as long as it stays the same."""
    return sha256("\0".join(sorted((text_of(one), text_of(other)))).encode()).hexdigest()[:16]
