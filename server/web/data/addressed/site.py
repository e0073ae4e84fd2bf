"""What the addresses of the site and the server take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ....serialization import HTML, JSON, MARKDOWN
from .describing import MEDIA_TYPE, SERVER, Address, Parameter

ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
        "preview.of_site": Address(SERVER, media_types=("image/png",)),
        "about.about": Address(SERVER, (HTML, MARKDOWN), parameters=(MEDIA_TYPE,)),
        "manual.contents": Address(SERVER, (HTML,), parameters=(MEDIA_TYPE,)),
        "manual.page": Address(SERVER, (HTML, MARKDOWN), parameters=(MEDIA_TYPE,)),
        "manual.picture": Address(SERVER, media_types=("image/png",)),
        "api.api": Address(SERVER, (HTML, JSON), parameters=(MEDIA_TYPE,)),
        "operations.healthz": Address(SERVER, media_types=(JSON.media_type,)),
        "operations.readyz": Address(SERVER, media_types=(JSON.media_type,)),
        "operations.metrics": Address(SERVER, media_types=("text/plain",)),
        "discovery.robots": Address(SERVER, media_types=("text/plain",)),
        "discovery.security": Address(SERVER, media_types=("text/plain",)),
        "discovery.sitemap": Address(SERVER, media_types=("application/xml",)),
        "discovery.part_of_sitemap": Address(SERVER, media_types=("application/xml",)),
        "discovery.llms": Address(SERVER, media_types=(MARKDOWN.media_type,)),
        "discovery.llms_full": Address(SERVER, media_types=(MARKDOWN.media_type,)),
        "home.favicon": Address(SERVER, leads=True),
        "static": Address(SERVER, parameters=(Parameter("v", "The version of the file, by which caches keep it."),)),
    }
)
