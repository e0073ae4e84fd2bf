"""A force-directed layout: connected nodes are close to each other, others are apart.

The forces are those of ForceAtlas2 (Jacomy and others, 2014, PLoS ONE 9(6), section "Energy Model"):
all nodes repel each other, in proportion to their degrees; edges attract. It is deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ROUNDS: Final = 160
_PUSH, _GRAVITY = 1.0, 0.6
_TURN: Final = np.pi * (3 - np.sqrt(5))
"""The golden angle: points at this angle from each other fill a disc evenly."""


def positions(count: int, pairs: Sequence[tuple[int, int]], rounds: int = _ROUNDS) -> NDArray[np.float64]:
    """Return the position (x, y) of each of `count` nodes connected by edges; both coordinates are from 0 to 1.

    Nodes that are adjacent in the order start close to each other. The time is quadratic in the number of nodes.
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
        # Each node moves along its force, with a decreasing step size, so that the layout converges.
        strength = np.hypot(force_x, force_y) + 1e-9
        step = np.minimum(strength / mass, most * (1 - nth / rounds) ** 2) / strength
        x, y = x + force_x * step, y + force_y * step
    return np.stack([_spread(x), _spread(y)], axis=1)


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values from 0 to 1: half by size, half by rank, so that dense regions are spread out."""
    if len(values) < 2:
        return np.full(len(values), 0.5)
    ranks = np.argsort(np.argsort(values, kind="stable")) / (len(values) - 1)
    size = (values - values.min()) / (np.ptp(values) or 1.0)
    spread: NDArray[np.float64] = (size + ranks) / 2
    return spread
