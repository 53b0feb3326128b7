# SPDX-License-Identifier: Apache-2.0
"""The repository's kong.yml, with limits that a test can reach, and services that are broken.

usage: policy.py KONG_YML PORT, where PORT is that of vllm.py
"""

import re
import sys

kong, port = sys.argv[1:]
text = open(kong, encoding="utf-8").read()


def limit(plan, limits):
    global text
    text, found = re.subn(rf"( {plan}:\s+user: )\{{.*\}}", rf"\1{{{limits}}}", text, count=1)
    assert found, plan


limit("user", "requests_per_minute: 40, tokens_per_minute: 30000")  # room for one more each 1.5 s
limit("guest", "requests_per_day: 2, tokens_per_minute: 900")
text = text.replace(
    "\nservices:\n",
    f"""
services:
  - name: refusing
    url: http://127.0.0.1:9
    retries: 0
    routes: [{{name: refusing, paths: [/refusing]}}]
  - name: silent
    url: http://127.0.0.1:{port}/never
    read_timeout: 300
    retries: 0
    routes: [{{name: silent, paths: [/silent]}}]
""",
    1,
)
print(text, end="")
