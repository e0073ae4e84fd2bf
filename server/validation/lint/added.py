"""Rules in Python that other packages add to the checks of every base."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...extensions import Group, of_type
from ...records.findings import Finding
from ...schema.schema import Schema
from ...turtle.base import Base
from ..locating import Locator
from ..rule_text import RuleText


@dataclass(frozen=True)
class Rule:
    """A rule: what it says, and what finds where it is broken, by `text.broken_by`."""

    text: RuleText
    find: Callable[[RuleText, Base, Schema, Locator], Iterable[Finding]]


def added_rules() -> tuple[Rule, ...]:
    """Return the rules of other packages, in the order of the names of their entry points."""
    return of_type(Group.RULES, Rule)
