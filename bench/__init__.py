"""Benchmarks: each is run as a file (`python bench/siege.py`) or as a module (`python -m bench.siege`)."""

import sys
from pathlib import Path

# As a file, each finds the others beside it.
sys.path.insert(0, str(Path(__file__).parent))
