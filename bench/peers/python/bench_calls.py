# SPDX-License-Identifier: Apache-2.0
"""The benchmark's handlers on kong-pdk for Python; the same as CallsPlugin.java."""
from kong_pdk.cli import start_dedicated_server

Schema = [{"calls": {"type": "integer"}}]


class Plugin(object):
    def __init__(self, config):
        self.run = {0: nothing, 3: three, 12: twelve}[config["calls"]]

    def access(self, kong):
        self.run(kong)


def nothing(kong):
    pass


def three(kong):
    method = kong.request.get_method()
    user = kong.request.get_header("x-user")
    kong.service.request.set_header("x-seen", method + " " + user)


def twelve(kong):
    method = kong.request.get_method()
    path = kong.request.get_path()
    query = kong.request.get_raw_query()
    host = kong.request.get_header("host")
    agent = kong.request.get_header("user-agent")
    user = kong.request.get_header("x-user")
    ip = kong.client.get_forwarded_ip()
    kong.service.request.set_header("x-target", method + " " + path)
    kong.service.request.set_header("x-query", query)
    kong.service.request.set_header("x-host", host)
    kong.service.request.set_header("x-client", ip + " " + agent)
    kong.response.set_header("x-seen", user)


if __name__ == "__main__":
    start_dedicated_server("bench-calls", Plugin, "1.0.0", 1000, Schema)
