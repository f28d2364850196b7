"""A sink that fails as it is told: a v4 endpoint that keeps the ids of what it took."""

import collections
import http.server
import json
import socket
import struct
import threading
import time


class FaultySink:
    """`fault`: `None`, or one of `slow`, `429`, `500`, `401`, `422` (the record that says `poison`), `reset`."""

    def __init__(self) -> None:
        self.fault: str | None = None
        # In order of arrival, also what came twice.
        self.ids: list[str] = []
        self.refused: set[str] = set()
        self.requests: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._server: http.server.ThreadingHTTPServer | None = None
        self.port = 0
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
                sink._take(self, body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size, block_on_close, allow_reuse_address = True, 128, False, True

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _take(self, handler: http.server.BaseHTTPRequestHandler, body: dict) -> None:
        fault, ident = self.fault, body["operation_metadata"]["steno.interaction_id"]
        self.requests[fault or "none"] += 1
        if self._server is None:
            handler.close_connection = True
            return
        if fault == "slow":
            time.sleep(0.3)
        if fault in ("429", "500", "401"):
            return self._answer(handler, int(fault), {"retry-after": "1"} if fault == "429" else {})
        if fault == "422" and "poison" in body["input"]["query"]:
            self.refused.add(ident)
            return self._answer(handler, 422, {})
        with self._lock:
            self.ids.append(ident)
        if fault == "reset":
            # It was taken, and its sender does not learn of it.
            handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            return None
        return self._answer(handler, 200, {})

    @staticmethod
    def _answer(handler: http.server.BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
        handler.send_response(status)
        for name, value in {**headers, "content-type": "application/json", "content-length": "2"}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"{}")
