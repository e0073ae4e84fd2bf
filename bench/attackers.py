"""Clients that do their worst to a server, each from an address of its own: they stall, ask for what is dear, and lie.

`bench/siege.py` runs them in a process of their own, so that they do not slow down what measures beside them.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import select
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from urllib.parse import quote, urlencode

GREEDY = 20
"""Clients that ask for the heaviest legal request of each address."""
HOSTILE = 10
PATIENCE = 90.0
"""Seconds that such a client waits for an answer."""
_RETRY = 1.0
"""Seconds after which a client that was turned away comes back."""
_DRIP = 5.0
"""Seconds between the bytes of those who send slowly."""


_JSON = "application/json"
_QUERY = "application/sparql-query"


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire, and what it is called in the report."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Plan:
    """Where to attack, with how many stalled clients, for how long, and with what."""

    port: int
    stalled: int
    seconds: float
    large: str
    """The path of the largest answer, for those who do not read it."""
    heavy: Sequence[Request]
    hostile: Sequence[Request]


def get(path: str, headers: str = "", method: str = "GET") -> bytes:
    """Return a request without a body, after which the server closes the connection."""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n".encode()


def post(path: str, body: bytes, content_type: str) -> bytes:
    """Return a request with a body."""
    length = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return get(path, length, "POST") + body


def query(text: str, **more: str) -> bytes:
    """Return a request that asks a query."""
    return get(f"/sparql?{urlencode({'query': text, **more})}")


def heavy_requests(classes: Sequence[str], hub: str, other: str) -> list[Request]:
    """Return the heaviest legal request that is known for each kind of address, of a base with these page classes.

    `hub` and `other` are the paths of the two entities with the most edges.
    """
    curies = [path[1:].replace("/", ":", 1) for path in (hub, other)]
    words = quote("the of and model alignment claim paper concept")
    paths = [
        *(f"/{name}.{rest}" for name in classes for rest in ("html?size=1000&sort=name", "rdf", "jsonld")),
        *(f"{hub}.{rest}" for rest in ("html", "jsonld", "rdf", "linkset.json")),
        *(f"{hub}/{rest}" for rest in ("neighbourhood.html?size=500", "neighbourhood.jsonld", "picture.svg", "card")),
        *(f"/search.html?q={words}&size=100", f"/search.json?q={quote('zqxw' * 50)}", "/search/suggest?q=a&limit=50"),
        *(f"/path.json?from={curies[0]}&to={curies[1]}", f"/explain.html?subject={curies[0]}"),
        *("/graph/asserted.ttl", "/graph/inferred.rdf", "/graph-store?default", "/graph/asserted.jsonld"),
        *("/timeline.html", "/debates.html", "/open-questions.html", "/gaps.html", "/review.html?size=200"),
        *("/gaps/entities-without-a-match.html?size=1000", "/review/matches.html", "/map.svg", "/map.json"),
        *("/sitemap.xml", "/llms.txt", "/ontology.html", "/ontology.rdf", "/shapes.html", "/context.jsonld"),
        *("/catalogue.ttl", "/catalogue.html", "/.well-known/void.rdf", "/examples.html", "/sparql", "/metrics"),
        *("/sparql/completions?entity=a", f"/resolve?id={curies[0]}", "/nowhere/at/all"),
    ]
    condition = {"pid": "skos:prefLabel", "v": ["a b c d e f g h"] * 10}
    batch = {f"q{n}": {"query": f"the model of {n}", "limit": 100, "properties": [condition] * 10} for n in range(50)}
    form = urlencode({"queries": json.dumps(batch)}).encode()
    named = {"matchType": "name", "v": ["the model of the claim"] * 10}
    draft = {"queries": [{"conditions": [named] * 5, "limit": 100}] * 50}
    return [
        *(Request(path, get(path)) for path in paths),
        Request("POST /reconcile", post("/reconcile", form, "application/x-www-form-urlencoded")),
        Request("POST /reconcile/1.0/match", post("/reconcile/1.0/match", json.dumps(draft).encode(), _JSON)),
        Request("SPARQL, all triples", query("SELECT * { ?s ?p ?o }")),
        Request("SPARQL, sorted", query("SELECT * { ?s ?p ?o } ORDER BY ?o ?p ?s LIMIT 10")),
    ]


def hostile_requests() -> list[Request]:
    """Return requests that no honest client sends."""
    filters = " || ".join(f"REGEX(?o, '(a+)+{n}')" for n in range(500))
    texts = {
        "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "path": "SELECT * { ?a (!<urn:x>|^(!<urn:y>))* ?b . ?b (!<urn:x>)* ?c }",
        "memory": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        "patterns": f"SELECT * {{ ?s ?p ?o FILTER({filters}) }}",
        "nested": "ASK " + "{" * 20_000 + "}" * 20_000,
        "brackets": "SELECT (" + "(" * 50_000 + "1" + ")" * 50_000 + " AS ?x) {}",
        "service": "SELECT * { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }",
    }
    long = ("SELECT * { " + "?s ?p ?o . " * 170_000 + "}").encode()
    return [
        *(Request(f"query: {name}", post("/sparql", text.encode(), _QUERY)) for name, text in texts.items()),
        Request("query: 1.9 MB", post("/sparql", long, _QUERY)),
        Request("query: tiny timeout", query("ASK {}", timeout="0.0001")),
        Request("HEAD of all triples", get(f"/sparql?{urlencode({'query': 'SELECT * { ?s ?p ?o }'})}", method="HEAD")),
        Request("HEAD of a graph", get("/graph/asserted.nt", method="HEAD")),
        Request("no HTTP", b"\x16\x03\x01\x02\x00" * 200),
        Request("no host", b"GET / HTTP/1.1\r\n\r\n"),
        Request("long header", get("/", f"X-A: {'a' * 60_000}\r\n")),
        Request("two lengths", get("/sparql", "Content-Length: 3\r\nContent-Length: 9\r\n", "POST") + b"abc"),
        Request("strange address", get("/%00/../..//" + "%ff" * 500)),
    ]


_Stall = Callable[[socket.socket, Plan], Awaitable[None]]


async def exchange(port: int, data: bytes, source: str, seconds: float) -> tuple[int, bool]:
    """Send a request from an address of this machine, and read its answer to the end.

    Return the status, 0 where there was none, and whether the answer was whole (RFC 9112, section 8).
    """
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
        try:
            writer.write(data)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            size, end = 0, b""
            while chunk := await reader.read(1 << 16):
                size, end = size + len(chunk), (end + chunk)[-5:]
        finally:
            writer.transport.abort()
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if data.startswith(b"HEAD"):
        whole = True
    elif b"chunked" in fields.get(b"transfer-encoding", b""):
        whole = end == b"0\r\n\r\n"
    else:
        whole = size == int(fields.get(b"content-length", size))
    return int(head.split(b" ", 2)[1]), whole


async def tried(port: int, data: bytes, source: str, seconds: float) -> str:
    """Do the same, and return what became of it in a word."""
    try:
        status, whole = await exchange(port, data, source, seconds)
    except TimeoutError:
        return "no answer in time"
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError):
        return "closed"
    return str(status) if whole else "cut"


def run(plan: Plan, results: Connection) -> None:
    """Attack until the time is over, and send what became of the requests, by who sent them."""
    results.send(asyncio.run(_attack(plan)))


async def _attack(plan: Plan) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {name: Counter() for name in ("stalled", "heavy", "hostile")}
    faults: Counter[str] = Counter()
    kinds = (_unfinished_headers, _unfinished_body, _unread_answer)
    end = time.monotonic() + plan.seconds

    def holding(number: int) -> Callable[[], Awaitable[None]]:
        kind, source = kinds[number % len(kinds)], _address(1, number)
        return lambda: _hold(kind, plan, source, found["stalled"])

    def asking(place: int, name: str, requests: Sequence[Request], share: float) -> Callable[[], Awaitable[None]]:
        # Each client begins at another request, so that all of them are asked at any time.
        first = int(share * len(requests))
        turn = itertools.cycle([*requests[first:], *requests[:first]])
        source = _address(place, int(share * 1000))
        return lambda: _ask(plan.port, next(turn), source, found[name], faults)

    acts = [
        *(holding(number) for number in range(plan.stalled)),
        *(asking(2, "heavy", plan.heavy, number / GREEDY) for number in range(GREEDY)),
        *(asking(3, "hostile", plan.hostile, number / HOSTILE) for number in range(HOSTILE)),
    ]
    tasks = [_again(end, act) for act in acts]
    with suppress(TimeoutError):
        async with asyncio.timeout(plan.seconds + 1):
            await asyncio.gather(*tasks)
    return {**found, "faults (500)": faults}


def _address(kind: int, number: int) -> str:
    """Return an address of the loopback that no other client has (RFC 6890: all of 127.0.0.0/8 is this machine)."""
    return f"127.{kind}.{number // 250 + 1}.{number % 250 + 1}"


async def _again(end: float, act: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(random.random() * 2)
    while time.monotonic() < end:
        await act()


async def _ask(port: int, request: Request, source: str, found: Counter[str], faults: Counter[str]) -> None:
    became = await tried(port, request.data, source, PATIENCE)
    found[became] += 1
    if became == "500":
        faults[request.name] += 1
    # Whoever is turned away asks again all the same, if not at once.
    if became in {"429", "503", "closed"}:
        await asyncio.sleep(_RETRY / 5)


async def _hold(kind: _Stall, plan: Plan, source: str, found: Counter[str]) -> None:
    """Open a connection and stall until the server closes it."""
    try:
        async with _connection(plan.port, source) as connection:
            found["opened"] += 1
            await kind(connection, plan)
            found["closed by the server"] += 1
    except OSError:
        found["refused or reset"] += 1
    await asyncio.sleep(_RETRY)


@asynccontextmanager
async def _connection(port: int, source: str) -> AsyncIterator[socket.socket]:
    with socket.socket() as connection:
        connection.setblocking(False)
        # Little fits into it, so that an answer waits at the server.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.bind((source, 0))
        await asyncio.wait_for(asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port)), PATIENCE)
        yield connection


async def _unfinished_headers(connection: socket.socket, _plan: Plan) -> None:
    await _drip(connection, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X-A: b\r\n")


async def _unfinished_body(connection: socket.socket, _plan: Plan) -> None:
    whole = post("/sparql", b"query=" + b"x" * 100_000, "application/x-www-form-urlencoded")
    await _drip(connection, whole[:-90_000], b"x")


async def _drip(connection: socket.socket, start: bytes, more: bytes) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, start)
    while not _is_closed(connection):
        await asyncio.sleep(_DRIP)
        await loop.sock_sendall(connection, more)


async def _unread_answer(connection: socket.socket, plan: Plan) -> None:
    await asyncio.get_running_loop().sock_sendall(connection, get(plan.large))
    while not _is_closed(connection):
        await asyncio.sleep(_DRIP)


def _is_closed(connection: socket.socket) -> bool:
    """Tell whether the server has closed a connection, without a look at what it has sent."""
    waiting = select.poll()
    waiting.register(connection, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    return bool(waiting.poll(0))
