"""The v4 endpoint of the tests: every body is held against the official client's own parameter types."""

import http.server
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from scale_gp.types import interaction_create_params as params

from .ports import free_port
from .waiting import eventually

# The write API refuses 1.5 where it wants an integer, and knows no further keys at the top and in spans.
_STRICT = ConfigDict(strict=True, extra="forbid")
_OPEN = ConfigDict(strict=True, extra="allow")
for _type, _config in (
    (params.InteractionCreateParams, _STRICT),
    (params.TraceSpan, _STRICT),
    (params.Input, _OPEN),
    (params.Output, _OPEN),
    (params.OutputContext, _OPEN),
):
    _type.__pydantic_config__ = _config

_INTERACTION = TypeAdapter(params.InteractionCreateParams)
# `Iterable` fields are validated lazily by pydantic, so lists are held against their item type here.
_SPAN, _CONTEXT = TypeAdapter(params.TraceSpan), TypeAdapter(params.OutputContext)


def violations(body: Any) -> list[str]:
    """What the v4 write API would refuse in this body."""
    found = []
    try:
        _INTERACTION.validate_python(body)
        for span in body.get("trace_spans", []):
            _SPAN.validate_python(span)
        for entry in body["output"].get("context", []):
            _CONTEXT.validate_python(entry)
    except ValidationError as error:
        found += [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)]
        return found
    if "thread_id" in body and str(uuid.UUID(body["thread_id"])) != body["thread_id"].lower():
        found.append("thread_id is not a UUID")
    metadata = body.get("operation_metadata", {})
    found += [f"operation_metadata.{k} is null" for k, v in metadata.items() if v is None]
    for key in ("tokens_used", "prompt_tokens", "response_tokens"):
        if key in metadata and type(metadata[key]) is not int:
            found.append(f"operation_metadata.{key} is not an integer")
    return found


class Collector:
    """`interactions`: what was taken, in order of arrival; `violations`: of all posts; `bodies`: every post's bytes."""

    KEY = "collector-key-of-the-test"

    def __init__(self) -> None:
        self.interactions: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.bodies: list[bytes] = []
        self.requests = 0
        # What to answer: status by the interaction; 200 keeps it.
        self.status: Callable[[dict[str, Any]], int] = lambda _: 200
        self._lock = threading.Lock()
        self._server: http.server.ThreadingHTTPServer | None = None
        self._port = free_port()
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def up(self) -> None:
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, answer = collector._take(self.path, self.headers, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size, block_on_close = True, 128, False
            open: set[Any] = set()

            def process_request(self, request: Any, address: Any) -> None:
                self.open.add(request)
                super().process_request(request, address)

            def shutdown_request(self, request: Any) -> None:
                self.open.discard(request)
                super().shutdown_request(request)

            def handle_error(self, *_: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", self._port), Handler)
        self._server.open = set()
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Refuses connections from now on; those that are open are closed."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            for connection in list(self._server.open):
                self._server.shutdown_request(connection)
            self._server = None

    def _take(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.requests += 1
            self.bodies.append(body)
            bad = [] if path == "/v4/interactions/" else [f"path {path}"]
            if headers.get("x-api-key") != self.KEY:
                bad.append("x-api-key")
            if headers.get("content-type", "").split(";")[0] != "application/json":
                bad.append(f"content-type {headers.get('content-type')}")
            try:
                data = json.loads(body)
            except ValueError:
                self.violations.append("not JSON")
                return 422, {"detail": "not JSON"}
            bad += violations(data)
            self.violations += bad
            status = self.status(data)
            if status == 200:
                self.interactions.append(data)
            return status, {**data, "id": str(uuid.uuid4())} if status == 200 else {"detail": "refused by the test"}

    # ---- what tests ask ----

    def ids(self) -> list[str]:
        with self._lock:
            return [i["operation_metadata"]["steno.interaction_id"] for i in self.interactions]

    def find(self, interaction_id: str) -> dict[str, Any] | None:
        with self._lock:
            found = [i for i in self.interactions if i["operation_metadata"]["steno.interaction_id"] == interaction_id]
        assert len(found) < 2, f"delivered {len(found)} times: {interaction_id}"
        return found[0] if found else None

    def interaction(self, interaction_id: str, seconds: float = 20) -> dict[str, Any]:
        """The interaction with this id, once it has come; it must be valid v4."""
        found = eventually(f"interaction {interaction_id} at the sink", lambda: self.find(interaction_id), seconds)
        assert not self.violations, self.violations
        return found

    def wait_for(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        eventually(
            f"{count} interactions at the sink ({len(self.interactions)} came)",
            lambda: len(self.interactions) >= count,
            seconds,
        )
        assert not self.violations, self.violations
        return list(self.interactions)
