# SPDX-License-Identifier: Apache-2.0
"""Plays the recordings of a real vLLM (llm-api-lite/src/test/resources/vllm) on a free port, which it prints.

The last message says which, and how: "play chat-stream-usage", and behind it "silently" (two seconds of silence in the
middle), "dying" (it ends there), "hesitantly" (nothing is answered until the client leaves) or "endlessly" (the first half
only, until the client leaves). "recite" is answered with the texts of all messages. Embeddings are its own: the recorded
model has none. GET /metrics tells how many it is working on, in vLLM's words.
"""

import base64
import http.server
import json
import pathlib
import select
import socket
import struct
import threading
import time

RECORDINGS = pathlib.Path(__file__).parents[3] / "llm-api-lite/src/test/resources/vllm"
MODEL = "smollm2-135m-instruct"
EMBEDDING = [1.0, -0.5, 0.25]
PATIENCE = 60

running = 0
lock = threading.Lock()


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


def text_of(message):
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def recital(request):
    message = {"role": "assistant", "content": "|".join(text_of(message) for message in request["messages"])}
    body = {
        "id": "chatcmpl-recital",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return 200, "application/json", json.dumps(body).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/never"):
            self.until_the_client_left()
        elif self.path == "/metrics":
            self.answer(200, "text/plain", f"vllm:num_requests_running {float(running)}\n".encode())
        else:
            self.answer(200, "application/json", json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).encode())

    def do_POST(self):
        global running
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with lock:
            running += 1
        try:
            self.play(request)
        finally:
            with lock:
                running -= 1

    def play(self, request):
        if self.path.endswith("/embeddings"):
            return self.answer(*embedding(request))
        text = request["prompt"] if "prompt" in request else text_of(request["messages"][-1])
        if text == "recite":
            return self.answer(*recital(request))
        _, name, how = (text + " ").split(" ", 2)
        if how.strip() == "hesitantly":
            return self.until_the_client_left()
        self.answer(*recorded(name), how.strip())

    def answer(self, status, content_type, body, how=""):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        half = len(body) // 2 if how else 0
        self.wfile.write(body[:half])
        if how == "dying":
            self.close_connection = True
            return
        if how == "endlessly":
            return self.until_the_client_left()
        time.sleep(2 if how == "silently" else 0)
        self.wfile.write(body[half:])

    def until_the_client_left(self):
        self.close_connection = True
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if select.select([self.connection], [], [], 0.5)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
