# SPDX-License-Identifier: Apache-2.0
"""Limits, and the official OpenAI client for Python: it waits as long as it is told, and not at all if that is pointless.

What the limits are is in policy.py.
"""

import re
import time

import httpx2
import openai
import pytest

CHAT = {"model": "smollm2-135m-instruct", "messages": [{"role": "user", "content": "play chat"}], "max_completion_tokens": 8}
GO_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:(\d+)ms)?")


def milliseconds(duration):
    parts = GO_DURATION.fullmatch(duration)
    assert parts and duration
    return sum(float(part or 0) * unit for part, unit in zip(parts.groups(), (3_600_000, 60_000, 1000, 1)))


def test_what_is_left_is_told_by_the_formula(somebody_new):
    raw = somebody_new("user").chat.completions.with_raw_response.create(**CHAT)
    for unit, limit in (("requests", 40), ("tokens", 30_000)):
        limit_told, remaining = (int(raw.headers[f"x-ratelimit-{name}-{unit}"]) for name in ("limit", "remaining"))
        assert limit_told == limit and 0 < remaining < limit
        reset = milliseconds(raw.headers[f"x-ratelimit-reset-{unit}"])
        assert reset == pytest.approx((limit - remaining) * 60_000 / limit, abs=1)


def test_comes_back_when_there_is_room_again(somebody_new):
    client = somebody_new("user")
    with pytest.raises(openai.RateLimitError) as refused:
        for _ in range(80):
            client.chat.completions.create(**CHAT)
    since = time.monotonic()
    told = float(refused.value.response.headers["retry-after-ms"]) / 1000
    assert refused.value.type == "requests" and refused.value.code == "rate_limit_exceeded"
    assert "Please try again in " in refused.value.message

    assert client.with_options(max_retries=1).chat.completions.create(**CHAT).id

    assert told <= time.monotonic() - since < told + 30


def test_waits_neither_for_hours_nor_for_what_never_fits(somebody_new):
    attempts = []
    counting = httpx2.Client(event_hooks={"request": [attempts.append]}, timeout=30)
    client = somebody_new("guest", max_retries=2, http_client=counting)
    with pytest.raises(openai.RateLimitError) as never:
        client.chat.completions.create(**{**CHAT, "max_completion_tokens": 1000})
    assert never.value.type == "tokens"
    assert len(attempts) == 1

    for _ in range(2):
        client.chat.completions.create(**CHAT)
    with pytest.raises(openai.RateLimitError) as hours:
        client.chat.completions.create(**CHAT)

    assert len(attempts) == 4
    assert hours.value.response.headers["x-should-retry"] == "false"
    assert float(hours.value.response.headers["retry-after"]) > 11.9 * 3600
