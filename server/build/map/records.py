"""The map as a record, and as a file of a release."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ...errors import UnreadableError

FILE = "map.json"
"""Its name in the folder of a release."""
WIDTH, HEIGHT = 1000, 720


@dataclass(frozen=True)
class Place:
    """An entity on the map: its CURIE and name, its number of edges, and its position."""

    id: str
    label: str
    edges: int
    x: int
    y: int

    @property
    def class_name(self) -> str:
        """Its page class."""
        return self.id.partition(":")[0]


@dataclass(frozen=True)
class Map:
    """The entities with the most edges, the edges between them as pairs of their indexes, and how many are left out."""

    places: tuple[Place, ...]
    links: tuple[tuple[int, int], ...]
    left_out: int


def write_map(whole: Map, release: Path) -> None:
    """Write the map into the folder of a release."""
    (release / FILE).write_text(json.dumps(asdict(whole), ensure_ascii=False) + "\n", encoding="utf-8")


def read_map(release: Path) -> Map:
    """Read the map of a release; an empty map for one of an older engine. Raises UnreadableError."""
    try:
        said = json.loads((release / FILE).read_text(encoding="utf-8"))
        links = tuple((one, other) for one, other in said["links"])
        return Map(tuple(Place(**place) for place in said["places"]), links, said["left_out"])
    except FileNotFoundError:
        return Map((), (), 0)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UnreadableError(f"{release / FILE} is damaged: {error}", "run `akb build --force`.") from error
