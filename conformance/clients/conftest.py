# SPDX-License-Identifier: Apache-2.0
"""What all tests of the Python client share: the running platform, clients and a model."""

import json
import os
import pathlib
import subprocess
import uuid

import openai
import pytest

STACK = json.load(open(os.environ["JAN_STACK"]))
NEW_KEY = pathlib.Path(__file__).parent / "new-key"


def client_of(key, **options):
    return openai.OpenAI(base_url=STACK["gateway_url"] + "/v1", api_key=key, **{"max_retries": 0, **options})


@pytest.fixture
def client():
    with client_of(STACK["api_key"]) as client:
        yield client


@pytest.fixture
def model(client):
    return client.models.list().data[0].id


@pytest.fixture(scope="session")
def somebody_new():
    """Makes clients of owners that were never seen before."""

    def make(plan, **options):
        command = ["sh", NEW_KEY, "python-" + uuid.uuid4().hex, plan]
        key = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        return client_of(key, **options)

    return make


@pytest.fixture(scope="session")
def stranger(somebody_new):
    with somebody_new("pro") as client:
        yield client
