# SPDX-License-Identifier: Apache-2.0
"""What the gateway itself answers, to the official OpenAI client for Python: OpenAI's shape, no page.

Kong has one template for all of its errors, so that their type is always the same.
"""

import openai
import pytest
from conftest import STACK


def shape(error):
    assert error.response.headers["content-type"].startswith("application/json")
    assert sorted(error.response.json()["error"]) == ["code", "message", "param", "type"]
    assert error.code is None or isinstance(error.code, str)
    return error.status_code, error.type


@pytest.mark.parametrize(
    "path, status, kind",
    [
        ("/v1/nowhere", 404, "invalid_request_error"),
        ("/nowhere", 404, "server_error"),
        ("/refusing", 502, "server_error"),
        ("/silent", 504, "server_error"),
    ],
)
def test_nothing_behind_the_gateway(client, path, status, kind):
    with pytest.raises(openai.APIStatusError) as raised:
        client.with_options(base_url=STACK["gateway_url"] + path).models.list()
    told, said = shape(raised.value)
    assert said == kind
    assert told == status or (told >= 500 and status >= 500)


def test_a_body_or_a_header_that_is_too_large(client):
    with pytest.raises(openai.APIStatusError) as body:
        client.responses.create(model="any", input="x" * 9 * 1024 * 1024)
    assert shape(body.value)[0] == 413
    with pytest.raises(openai.APIStatusError) as header:
        client.models.list(extra_headers={"X-Large": "x" * 40_000})
    assert shape(header.value)[0] in (400, 431, 494)
