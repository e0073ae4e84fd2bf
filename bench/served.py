"""What it costs to serve a base of a given size: CPU time of pages and data that nobody asked for before.

    python bench/served.py 10000

It generates a base (`bases.py`), builds a release, opens it as a web worker does, and asks for each address once. The
process runs everything in itself but public queries, whose worker is counted too. Printed are CPU milliseconds, the
bytes of the answer, and the private memory of the process before and after.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from bases import generate
from flask.testing import FlaskClient

from server.build.build import build
from server.build.releases import Releases
from server.settings import Settings, read_settings
from server.sparql.queries import question
from server.web.app import create_app

NEIGHBOURS = "SELECT ?edge ?other WHERE { ?edge akb:subject %s ; akb:object ?other }"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int, help="entities of the base")
    parser.add_argument("--state", type=Path, help="folder of a release that was built of such a base before")
    parser.add_argument("--root", type=Path, help="folder of that base")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = options.root or generate(Path(folder) / "base", options.size, fault_every=0)
        state = options.state or Path(folder) / "state"
        settings = read_settings({"AKB_STATE": str(state), "AKB_EMBEDDING": "tfidf"}, root=root)
        if options.state is None:
            build(settings)
        measure(settings)
    return 0


def measure(settings: Settings) -> None:
    """Ask for each address once and print what it took."""
    releases = Releases(settings.releases)
    _, _, store = releases.open_current(settings.namespaces, 0)
    hub = str(store.select(question("most_connected"))[0]["entity"])
    [plain] = store.select(
        "SELECT ?entity ?id ?label { ?entity akb:edgeCount 4 ; dcterms:identifier ?id ; skos:prefLabel ?label } LIMIT 1"
    )
    base, label = settings.namespaces.base, str(plain["label"])
    entity, hub_path = (f"/{iri.removeprefix(base)}" for iri in (str(plain["entity"]), hub))
    words = label.split()
    misspelt = " ".join((words[0][:-2] + words[0][-1], *words[1:]))
    wanted = json.dumps({"q0": {"query": label}})
    app = create_app(settings)
    client = app.test_client()
    # Imports, templates, the ontology and the words of the index are of the process, and not of a page: they are read
    # by requests for other addresses of the same kinds.
    other = f"/{str(store.select(question('most_connected'))[-1]['entity']).removeprefix(base)}"
    there = settings.namespaces.compact(base + other[1:])
    for path in (
        *(f"{other}.html", f"{other}.jsonld", f"{other}/neighbourhood.html", "/quote.html", "/quote.html?sort=name"),
        *(
            "/search.html?q=zzzz",
            "/gaps/drafts-waiting.html",
            "/candidate/0123456789",
            f"/path.html?from={there}&to={there}",
        ),
    ):
        client.get(path)
    before = _private()
    print(f"{'':24} {'CPU ms':>8} {'KB':>7}")
    for name, path in {
        "entity page": f"{entity}.html",
        "entity as JSON-LD": f"{entity}.jsonld",
        "hub": f"{hub_path}.html",
        "hub, neighbourhood": f"{hub_path}/neighbourhood.html",
        "list of a class": "/concept.html",
        "list, by name, page 5": "/concept.html?sort=name&page=5",
        "list, narrowed": "/claim.html?status=active&name=ba",
        "home": "/catalogue.html",
        "search": f"/search.html?q={quote(label)}",
        "search, common word": f"/search.html?q={quote(words[-1])}",
        "search, misspelt": f"/search.html?q={quote(misspelt)}",
        "suggest": f"/search/suggest?q={quote(label[:5])}",
        "SPARQL, neighbourhood": f"/sparql?query={quote(NEIGHBOURS % plain['id'])}",
        "reconcile": f"/reconcile?queries={quote(wanted)}",
        "review queue": "/review.html",
        "review queue, narrowed": "/review.html?signal=name",
        "debates": "/debates.html",
        "open questions": "/open-questions.html",
        "timeline": "/timeline.html",
        "gaps": "/gaps.html",
        "one gap": "/gaps/entities-without-a-match.html",
        "path": f"/path.html?from={plain['id']}&to={settings.namespaces.compact(hub)}",
        "sitemap": "/sitemap.xml",
        "unknown name": "/concept/no-such-thing-as-this",
    }.items():
        print(_asked(client, name, path), flush=True)
    print(f"private memory of the process: {before >> 20} MB before, {_private() >> 20} MB after")
    app.extensions["akb"].close()


def _asked(client: FlaskClient, name: str, path: str) -> str:
    spent, answer = _cpu(lambda: client.get(path))
    note = "" if answer.status_code == 200 else f"  (status {answer.status_code})"
    return f"{name:24} {spent * 1000:8.0f} {len(answer.data) / 1000:7.0f}{note}"


def _cpu(act: Callable[[], object]) -> tuple[float, object]:
    """Return the CPU seconds that something takes, and what it returns."""
    started = time.process_time()
    made = act()
    return time.process_time() - started, made


def _private() -> int:
    """Return the bytes of memory that this process shares with no other (Linux)."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) << 10


if __name__ == "__main__":
    sys.exit(main())
