"""What reading a file may take, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadLimits:
    """What reading one file may take."""

    file_mb: int = 1024
    """Its size, unpacked, and with its XML entities written out."""
    memory_mb: int = 1024
    """Memory beyond 16 times its size."""
    seconds: int = 30
    """CPU time for each 10 MB that it begins."""
