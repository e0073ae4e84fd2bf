"""What each address is for, what it takes and in which formats it answers: the table from which OpenAPI is written.

Paths, methods and first sentences are those of the routes themselves, formats those of the one table of formats; here
is what these do not say. A route that is not in the table is described as far as it speaks for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import curating, pages, queries, reconciling, site, whole_data
from .describing import Address

ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
        **pages.ADDRESSES,
        **curating.ADDRESSES,
        **whole_data.ADDRESSES,
        **queries.ADDRESSES,
        **reconciling.ADDRESSES,
        **site.ADDRESSES,
    }
)
"""By the endpoint of its route."""
