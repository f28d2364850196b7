"""Sinks that fail as they are told, and keep the ids of what they took: an endpoint for each kind that speaks HTTP, and a
file of lines."""

import collections
import http.server
import json
import pathlib
import socket
import struct
import threading
import time
from typing import Any

from .ports import free_port


def records_of(kind: str, body: bytes) -> list[tuple[str, bool]]:
    """Id of each record, and whether it says `poison`."""
    if kind == "v4":
        record = json.loads(body)
        return [(record["operation_metadata"]["steno.interaction_id"], "poison" in record["input"]["query"])]
    if kind == "clickhouse":
        rows = [json.loads(line) for line in body.splitlines()]
        return [(row["id"], "poison" in row["query"]) for row in rows]
    found = []
    for resource in json.loads(body)["resourceSpans"]:
        for span in (span for scope in resource["scopeSpans"] for span in scope["spans"]):
            said = {a["key"]: a["value"].get("stringValue") for a in span["attributes"]}
            if ident := said.get("steno.interaction_id"):
                found.append((ident, "poison" in json.dumps(span)))
    return found


class FaultySink:
    """`fault`: `None`, or one of `slow`, a status, `422` (what holds a record that says `poison`), `reset`."""

    SETTINGS = {
        "v4": {},
        "otlp": {"encoding": "json", "compression": "off"},
        "clickhouse": {"user": "steno", "table": "logs.steno"},
    }

    def __init__(self, kind: str = "v4") -> None:
        self.kind = kind
        self.fault: str | None = None
        # In order of arrival, also what came twice.
        self.ids: list[str] = []
        self.refused: set[str] = set()
        self.requests: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._server: http.server.ThreadingHTTPServer | None = None
        self.port = free_port()
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, Any]:
        more = {f"sink.test.{name}": value for name, value in self.SETTINGS[self.kind].items()}
        return {"sink.test.kind": self.kind, "sink.test.url": self.url, "sink.test.timeout": "5s", **more}

    def up(self) -> None:
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def do_POST(self) -> None:
                sink._take(self, self.rfile.read(int(self.headers.get("content-length") or 0)))

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

    def _take(self, handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        fault = self.fault
        self.requests[fault or "none"] += 1
        if self._server is None:
            handler.close_connection = True
            return
        if "SELECT" in handler.path:  # Which settings a ClickHouse server knows.
            return self._answer(handler, 200, {}, b"async_insert\ninsert_deduplication_token\n")
        records = records_of(self.kind, body)
        if fault == "slow":
            time.sleep(0.3)
        if fault == "422" and any(is_poison for _, is_poison in records):
            if len(records) == 1:
                self.refused.add(records[0][0])
            return self._answer(handler, 422, {})
        if fault and fault.isdigit() and fault != "422":
            return self._answer(handler, int(fault), {"retry-after": "1"} if fault == "429" else {})
        with self._lock:
            self.ids += [ident for ident, _ in records]
        if fault == "reset":
            # It was taken, and its sender does not learn of it.
            handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            return None
        return self._answer(handler, 200, {})

    @staticmethod
    def _answer(
        handler: http.server.BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes = b"{}"
    ) -> None:
        handler.send_response(status)
        more = {"content-type": "application/json", "content-length": str(len(body))}
        for name, value in {**headers, **more}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)


class LineSink:
    """The same of a file of lines; its folder is away while it is `down`."""

    kind, fault = "jsonl", None

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder, self._away = folder / "lines", folder / "lines-away"
        self._away.mkdir()
        self.refused: set[str] = set()
        self.up()

    @property
    def settings(self) -> dict[str, Any]:
        return {"sink.test.kind": "jsonl", "sink.test.path": self._folder / "log.jsonl"}

    @property
    def ids(self) -> list[str]:
        file = self._folder / "log.jsonl"
        whole = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
        return [ident for line in whole for ident, _ in records_of("v4", line)]

    def up(self) -> None:
        if not self._folder.exists():
            self._away.rename(self._folder)

    def down(self) -> None:
        if self._folder.exists():
            self._folder.rename(self._away)
