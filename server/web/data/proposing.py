"""Proposals that come over HTTP: how many of each caller, how long, and by which process they are tried."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, current_app, request

from ...errors import BusyError
from ...proposals.apart import given_to_propose
from ...proposals.records import Near
from ...proposals.submitting import Submitted, submit
from ...settings import Settings
from ...store.jobs import Task
from ..current import current_settings
from ..http.fairness import Fairness
from ..open_release import OpenRelease

_RATES: Final = "akb-proposals"
_OF_A_CHECK: Final = 0.2
"""The share of a proposal that a mere check counts: a form sends one whenever the user stops typing."""
_BY_HAND: Final = "propose less at a time, or use `akb propose` where the base is."


class TooOftenError(BusyError):
    """A caller has proposed as much as each may for now."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "Your address has proposed as much as each may for now.",
            "wait, and send what belongs together as the parts of one proposal.",
        )
        self.retry_after = max(1, math.ceil(seconds))


def register(app: Flask, settings: Settings) -> None:
    """Count the proposals of each caller, in each of the web workers among which requests are divided."""
    rate = settings.proposals_a_minute / settings.workers
    app.extensions[_RATES] = Fairness(rate, settings.client_ipv4_bits, settings.client_ipv6_bits)


def count_one(share: float = 1) -> str:
    """Count what the present request asks for, or a share of it, and return its caller; empty for this machine.

    Raises TooOftenError for a caller who has taken its share.
    """
    rates: Fairness = current_app.extensions[_RATES]
    caller = rates.client(request.remote_addr or "")
    if (wait := rates.admit(caller)) is not None:
        raise TooOftenError(wait)
    rates.charge(caller, share)
    return caller


def submitted(release: OpenRelease, given: Any, *, only_checked: bool = False, texts: bool = False) -> Submitted:
    """Return what becomes of a proposal that the present request sent.

    One that is only checked is not stored, and counts as a part of a proposal; with `texts` its record has the new
    texts of the files too. Raises TooOftenError for a caller who has taken its share, and otherwise as `submit` does.
    """
    caller = count_one(_OF_A_CHECK if only_checked else 1)

    def apart(proposal: Any, near: Iterable[Near]) -> dict[str, Any]:
        task = Task("propose", given_to_propose(proposal, near, texts=texts), "proposal", _BY_HAND)
        found: dict[str, Any] = release.queries.do(task)
        return found

    lands = False if only_checked or texts else None
    return submit(
        current_settings(), given, similarity=release.finder.similarity, caller=caller, lands=lands, run=apart
    )
