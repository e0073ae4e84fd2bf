"""The Model Context Protocol with the official client, over both transports, as it is written of 2026-07-28."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from flask.testing import FlaskClient

from server.settings import Settings

if TYPE_CHECKING:
    from mcp.client.client import Client

CLAIM = "claim:alignment-faking-emerges-with-scale"
VERSION = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}
NAMES = {
    *("search", "resolve", "list", "entity", "neighbourhood", "evidence", "path", "compare", "schema", "sparql"),
    "similar",
}


async def work(client: Client) -> str:
    """Do with a client what an agent does, and return what a tool answered."""
    from mcp.shared.exceptions import MCPError  # noqa: PLC0415 - see below

    assert client.instructions
    assert "call evidence" in client.instructions
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} >= NAMES
    assert all(tool.description and tool.annotations for tool in tools)
    assert [tool.name for tool in tools if not tool.annotations.read_only_hint] == ["propose"]
    answer = await client.call_tool("evidence", {"id": CLAIM})
    assert not answer.is_error
    assert answer.meta
    assert len(answer.meta["akb/state"]) == 64
    wrong = await client.call_tool("evidence", {"id": "claim:alignment-faking-emerges"})
    assert wrong.is_error
    assert CLAIM in text_of(wrong)
    resources = (await client.list_resources()).resources
    uri = next(one.uri for one in resources if one.uri.endswith("/concept/alignment-faking"))
    read = (await client.read_resource(uri)).contents[0].text  # type: ignore[union-attr]
    assert read.startswith('concept:alignment-faking "Alignment Faking"')
    manual = next(one.uri for one in resources if one.name == "docs/agents")
    assert (await client.read_resource(manual)).contents[0].text.startswith("# ")  # type: ignore[union-attr]
    with pytest.raises(MCPError, match="No entity"):
        await client.read_resource(uri + "-not")
    template = (await client.list_resource_templates()).resource_templates[0]
    assert template.uri_template.endswith("{class}/{slug}")
    prompt = (await client.list_prompts()).prompts[0]
    filled = await client.get_prompt(prompt.name, {"question": "Do models sandbag?"})
    assert "Do models sandbag?" in text_of(filled.messages[0])
    return text_of(answer)


def text_of(answer: Any) -> str:
    content = answer.content[0] if isinstance(answer.content, list) else answer.content
    return str(content.text)


def test_the_official_client_works_over_both_transports(server: str, settings: Settings) -> None:
    """Over HTTP by both ages of the protocol: each request by itself, and with the handshake of before."""
    # They take half a second to load, and every test process collects all tests.
    from mcp.client.client import Client  # noqa: PLC0415 - see above
    from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: PLC0415 - see above

    local = StdioServerParameters(
        command=sys.executable,
        args=["-m", "server.cli.main", "mcp", "--root", str(settings.root)],
        env=os.environ | {"AKB_STATE": str(settings.state)},
        cwd=Path.cwd(),
    )

    async def ask() -> list[str]:
        answers = []
        for target, mode in ((f"{server}mcp", "auto"), (f"{server}mcp", "legacy"), (stdio_client(local), "auto")):
            async with Client(target, mode=mode) as client:
                assert (client.protocol_version == VERSION) == (mode != "legacy")
                answers.append(await work(client))
        return answers

    # Other tests may have left an event loop in this thread.
    with ThreadPoolExecutor(1) as threads:
        answers = threads.submit(anyio.run, ask).result()
    assert len(set(answers)) == 1
    assert "Against (" in answers[0]


def post(client: FlaskClient, method: str, params: dict[str, Any], **headers: str) -> Any:
    sent = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": META}}
    usual = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": VERSION,
        "Mcp-Method": method,
        **({"Mcp-Name": params["name"]} if "name" in params else {}),
    }
    return client.post("/mcp", data=json.dumps(sent), headers=usual | headers)


def test_a_request_is_whole_by_itself(client: FlaskClient) -> None:
    """Streamable HTTP: no session, one JSON answer, and freshness of lists (SEP-2549)."""
    found = post(client, "tools/list", {})
    assert (found.status_code, found.mimetype) == (200, "application/json")
    assert "Mcp-Session-Id" not in found.headers
    assert found.json["result"]["ttlMs"] > 0
    assert found.json["result"]["cacheScope"] == "public"
    answer = post(client, "tools/call", {"name": "resolve", "arguments": {"id": "concept:alignment-faking"}})
    assert answer.json["result"]["content"][0]["text"].startswith('concept:alignment-faking "Alignment Faking"')
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "params", "headers", "status", "code"),
    [
        ("tools/remove", {}, {}, 404, -32601),
        ("tools/call", {"name": "search"}, {"Mcp-Method": "tools/list"}, 400, -32020),
        ("tools/list", {}, {"MCP-Protocol-Version": "2031-01-01"}, 400, -32020),
        (
            "resources/read",
            {"uri": "https://elsewhere.example/"},
            {"Mcp-Name": "https://elsewhere.example/"},
            400,
            -32602,
        ),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: FlaskClient, method: str, params: dict[str, Any], headers: dict[str, str], status: int, code: int
) -> None:
    found = post(client, method, params, **headers)
    assert (found.status_code, found.json["error"]["code"]) == (status, code), found.json


def test_only_posts_are_taken(client: FlaskClient) -> None:
    """There is no stream to read and no session to end."""
    for method in ("GET", "DELETE"):
        assert client.open("/mcp", method=method).status_code == 405
    asked = client.options("/mcp", headers={"Origin": "https://agents.example"})
    assert asked.headers["Allow"] == asked.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert "Mcp-Method" in asked.headers["Access-Control-Allow-Headers"]


def test_what_is_no_json_is_an_error_of_the_protocol(client: FlaskClient) -> None:
    headers = {"MCP-Protocol-Version": VERSION, "Accept": "application/json", "Content-Type": "application/json"}
    found = client.post("/mcp", data=b"\xff{", headers=headers)
    assert found.status_code == 400
    assert found.json["error"]["code"] == -32700


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ([{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}], "Batches are not taken"),
        ([], "Batches are not taken"),
        ("x", "is an object"),
        (None, "is an object"),
        ({"jsonrpc": "1.0", "id": 1, "method": "tools/list"}, "is an object"),
        ({"jsonrpc": "2.0", "id": None, "method": "tools/list"}, "id must be"),
        ({"jsonrpc": "2.0", "id": {"a": 1}, "method": "tools/list"}, "id must be"),
        ({"jsonrpc": "2.0", "id": 1}, "has no method"),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": [1]}, "params must be"),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {}}, "name and arguments"),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 3}}, "name and arguments"),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "a", "arguments": []}}, "name and arg"),
    ],
)
def test_what_is_no_request_is_told_so_in_one_sentence(client: FlaskClient, sent: object, words: str) -> None:
    """JSON-RPC 2.0, sections 4 and 6; batches left the protocol with its revision 2025-06-18."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    found = client.post("/mcp", data=json.dumps(sent), headers=headers)
    assert (found.status_code, found.mimetype) == (400, "application/json")
    assert words in found.json["error"]["message"]


def test_a_notification_has_no_answer_and_other_media_types_are_a_problem(client: FlaskClient) -> None:
    sent = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    found = client.post("/mcp", json=sent, headers={"Accept": "application/json"})
    assert (found.status_code, found.data, found.content_type) == (202, b"", None)
    form = client.post("/mcp", data={"query": "x"}, headers={"Accept": "application/json"})
    assert (form.status_code, form.mimetype) == (400, "application/problem+json")
    assert "Content-Type: application/json" in form.json["mend"]
