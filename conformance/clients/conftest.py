# SPDX-License-Identifier: Apache-2.0
"""What all tests of the Python client share: the running platform, a client and a model."""

import json
import os

import openai
import pytest

STACK = json.load(open(os.environ["JAN_STACK"]))


@pytest.fixture
def client():
    with openai.OpenAI(base_url=STACK["gateway_url"] + "/v1", api_key=STACK["api_key"], max_retries=0) as client:
        yield client


@pytest.fixture
def model(client):
    return client.models.list().data[0].id
