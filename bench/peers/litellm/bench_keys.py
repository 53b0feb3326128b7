# SPDX-License-Identifier: Apache-2.0
"""Keys of LiteLLM's proxy for `make bench-peers`: some with limits that are never reached, one that may ask once a minute."""

import os

from fastapi import HTTPException, Request
from litellm.proxy._types import UserAPIKeyAuth

HIGH = 1_000_000_000


def limits(requests: int) -> dict:
    return {"rpm_limit": requests, "tpm_limit": HIGH, "max_parallel_requests": 100_000}


KEYS = {
    key: {"user_id": f"bench-{number}", **limits(HIGH)}
    for number, key in enumerate(os.environ["BENCH_API_KEYS"].split(","))
}
KEYS[os.environ["BENCH_LIMITED_KEY"]] = {"user_id": "limited", **limits(1)}


async def user_api_key_auth(request: Request, api_key: str) -> UserAPIKeyAuth:
    what = KEYS.get(api_key)
    if what is None:
        raise HTTPException(status_code=401, detail="unknown key")
    return UserAPIKeyAuth(api_key=api_key, **what)
