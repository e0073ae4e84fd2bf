"""The quick engines are optional for a user and never for CI, where their tests must run."""

from __future__ import annotations

import os
import platform
import sys
from importlib.util import find_spec

import pytest


@pytest.mark.parametrize("module", ["shacl", "sparq"])
def test_the_quick_engines_are_installed_in_ci(module: str) -> None:
    is_there = find_spec(module) is not None
    if not is_there and not (os.environ.get("CI") and (sys.platform, platform.machine()) == ("linux", "x86_64")):
        pytest.skip(f"{module} is not installed: the tests of the quick engine did not run (make installs it).")
    assert is_there, "requirements/fast.txt could not be installed"
