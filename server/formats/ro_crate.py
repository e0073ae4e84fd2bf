"""The downloads of a base as a research object: the metadata document of RO-Crate 1.2.

The files are named relative to the document (section "RO-Crate Structure"), so that it describes them at their
addresses on the web and in a folder alike.
"""

from __future__ import annotations

from typing import Any, Final

from ..records.dataset import DatasetSummary
from ..records.downloads import Download, Downloads
from ..records.releases import ReleaseInfo
from ..records.site import Licence
from .writing import write_json

NAME: Final = "ro-crate-metadata.json"
"""What the file has to be called."""
_SPECIFICATION: Final = "https://w3id.org/ro/crate/1.2"


def ro_crate(downloads: Downloads, summary: DatasetSummary, info: ReleaseInfo, iri: str) -> str:
    """Describe downloads that lie beside the document; `iri` is that of the dataset."""
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": summary.title or "Knowledge base",
        "description": summary.description or summary.title or "Knowledge base",
        "identifier": iri,
        "version": info.name,
        "datePublished": info.built,
        "hasPart": [{"@id": one.name} for one in downloads.files],
    }
    others: list[dict[str, Any]] = []
    if summary.licences:
        root["license"] = [{"@id": one} for one in summary.licences]
        others += [{"@id": one, "@type": "CreativeWork", "name": Licence(one).label} for one in summary.licences]
    if summary.publisher:
        root["publisher"] = {"@id": summary.publisher}
        others.append({"@id": summary.publisher, "@type": "Organization", "name": summary.publisher_name})
    if summary.keywords:
        root["keywords"] = ", ".join(summary.keywords)
    about = {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": "./"},
    }
    graph = [about, root, *(_file(one) for one in downloads.files), *others]
    return write_json({"@context": f"{_SPECIFICATION}/context", "@graph": graph})


def _file(one: Download) -> dict[str, Any]:
    return {
        "@id": one.name,
        "@type": "File",
        "name": one.title,
        "description": f"{one.count:,} {one.unit}",
        "encodingFormat": one.file_type,
        "contentSize": str(one.size),
        "sha256": one.sha256,
        "dateModified": one.made,
    }
