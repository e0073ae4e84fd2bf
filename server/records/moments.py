"""A moment of the past of a base: the commit, or the release, whose state is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .releases import ReleaseInfo


@dataclass(frozen=True)
class BaseMoment:
    """A state of the base. It has a revision, or else a hash, by which releases are known as its own."""

    at: datetime
    """Since when it was so: when it was committed, or where it was not, when it was built."""
    revision: str = ""
    """The commit; empty for a state that was built and not committed."""
    state: str = ""
    """The hash of the state; empty where it is not known without git."""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.revision[:12]} ({self.at:%Y-%m-%d})" if self.revision else f"{self.at:%Y-%m-%d %H:%M}"

    @property
    def key(self) -> str:
        """What stands for it in an address, and never for another."""
        return self.revision or self.state

    def is_of(self, info: ReleaseInfo) -> bool:
        """Tell whether a release has this state."""
        return bool(self.state and info.state == self.state) or (
            bool(self.revision) and info.is_clean and info.revision == self.revision
        )
