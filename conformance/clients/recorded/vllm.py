# SPDX-License-Identifier: Apache-2.0
"""Plays the recordings of a real vLLM (llm-api-lite/src/test/resources/vllm) on a free port, which it prints.

The last message says which: "play chat-stream-usage". "silently" is answered after two seconds of silence. Embeddings are
its own: the recorded model has none.
"""

import base64
import http.server
import json
import pathlib
import struct
import time

RECORDINGS = pathlib.Path(__file__).parents[3] / "llm-api-lite/src/test/resources/vllm"
MODEL = "smollm2-135m-instruct"
EMBEDDING = [1.0, -0.5, 0.25]


def recorded(name):
    head, body = (RECORDINGS / f"{name}.answer").read_bytes().split(b"\n\n", 1)
    status, content_type = head.decode().split("\n")
    return int(status.split()[0]), content_type, body


def embedding(request):
    value = EMBEDDING
    if request.get("encoding_format") == "base64":
        value = base64.b64encode(struct.pack(f"<{len(EMBEDDING)}f", *EMBEDDING)).decode()
    data = [{"object": "embedding", "index": 0, "embedding": value}]
    body = {"object": "list", "model": MODEL, "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    return 200, "application/json", json.dumps(body).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, "application/json", json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).encode())

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/embeddings"):
            return self.answer(*embedding(request))
        text = request["prompt"] if "prompt" in request else request["messages"][-1]["content"]
        self.answer(*recorded(text.removeprefix("play ").removesuffix(" silently")), 2 if text.endswith(" silently") else 0)

    def answer(self, status, content_type, body, silence=0):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        half = len(body) // 2 if silence else 0
        self.wfile.write(body[:half])
        time.sleep(silence)
        self.wfile.write(body[half:])

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
