"""Where things stand that edges join: near to what they are joined to, and apart from all else.

The forces are those of ForceAtlas2 (Jacomy and others, 2014, PLoS ONE 9(6), section "Energy Model"):
all push each other away, the more the more edges they have; edges pull. There is no chance in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ROUNDS: Final = 160
_PUSH, _GRAVITY = 1.0, 0.6
_TURN: Final = np.pi * (3 - np.sqrt(5))
"""The golden angle: places at it from each other fill a disc evenly."""


def positions(count: int, pairs: Sequence[tuple[int, int]], rounds: int = _ROUNDS) -> NDArray[np.float64]:
    """Return a place (x, y) for each of so many things, of which some are joined in pairs; both from 0 to 1.

    Things that follow each other in the order start near to each other. The time goes with the square of the count.
    """
    order = np.arange(count)
    x, y = (np.sqrt(order + 0.5) * turn(order * _TURN) * 3 for turn in (np.cos, np.sin))
    ends = np.array(sorted(set(pairs)), dtype=np.intp).reshape(-1, 2)
    mass = 1.0 + np.bincount(ends.ravel(), minlength=count)
    most = 2.0 * np.sqrt(max(count, 1))
    for nth in range(rounds):
        along_x, along_y = x[:, None] - x, y[:, None] - y
        push = _PUSH * mass[:, None] * mass / (along_x**2 + along_y**2 + 0.01)
        force_x, force_y = (push * along_x).sum(1), (push * along_y).sum(1)
        far = np.hypot(x, y) + 0.01
        force_x -= _GRAVITY * mass * x / far
        force_y -= _GRAVITY * mass * y / far
        for force, place in ((force_x, x), (force_y, y)):
            pull = place[ends[:, 0]] - place[ends[:, 1]]
            np.subtract.at(force, ends[:, 0], pull)
            np.add.at(force, ends[:, 1], pull)
        # Each goes where its forces lead, by less and less, so that all come to rest.
        strength = np.hypot(force_x, force_y) + 1e-9
        step = np.minimum(strength / mass, most * (1 - nth / rounds) ** 2) / strength
        x, y = x + force_x * step, y + force_y * step
    return np.stack([_spread(x), _spread(y)], axis=1)


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values from 0 to 1: half by how large they are, half by their order, so that a crowd has room too."""
    if len(values) < 2:
        return np.full(len(values), 0.5)
    ranks = np.argsort(np.argsort(values, kind="stable")) / (len(values) - 1)
    size = (values - values.min()) / (np.ptp(values) or 1.0)
    spread: NDArray[np.float64] = (size + ranks) / 2
    return spread
