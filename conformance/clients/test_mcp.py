# SPDX-License-Identifier: Apache-2.0
"""The official MCP client for Python against the running platform."""

import json
import os

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

with open(os.environ["JAN_STACK"], encoding="utf-8") as file:
    STACK = json.load(file)


def client(key=STACK["api_key"], path="/mcp"):
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60)
    return Client(streamable_http_client(STACK["gateway_url"] + path, http_client=http))


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/mcp", "/v1/mcp"])
async def test_lists_tools(path):
    async with client(path=path) as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}

    assert {"scrape", "file_search_index", "file_search_query"} <= tools.keys()
    assert tools["file_search_query"].input_schema["required"] == ["query"]


@pytest.mark.anyio
async def test_keeps_and_finds_a_document():
    async with client() as session:
        await session.call_tool("file_search_index", {"document_id": "python", "text": "Snakes shed their skin."})
        found = await session.call_tool("file_search_query", {"query": "Which animal loses its hide?", "top_k": 20})
        await session.call_tool("file_search_delete", {"document_id": "python"})

    assert not found.is_error
    assert "python" in [result["document_id"] for result in found.structured_content["results"]]
    assert json.loads(found.content[0].text) == found.structured_content


@pytest.mark.anyio
async def test_names_the_argument_that_is_wrong():
    async with client() as session:
        result = await session.call_tool("file_search_query", {})

    assert result.is_error
    assert "query" in result.content[0].text


@pytest.mark.anyio
async def test_refuses_a_wrong_key():
    with pytest.raises(BaseException):
        async with client(key="sk_live_" + "0" * 48) as session:
            await session.list_tools()
