"""A receiver of OTLP traces: decodes what comes with OpenTelemetry's own messages, and answers as the test says."""

import gzip
import http.server
import threading
from collections.abc import Callable
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service

from .waiting import eventually


def value_of(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(v) for v in value.array_value.values]
    return getattr(value, kind)


def attributes(of: Any) -> dict[str, Any]:
    return {a.key: value_of(a.value) for a in of.attributes}


class Receiver:
    """`requests`: of each, the headers, and the message as protobuf."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], service.ExportTraceServiceRequest]] = []
        # What to answer: status, further headers, and the message of a success.
        self.answer: Callable[[service.ExportTraceServiceRequest], tuple[int, dict[str, str], Any]] = lambda _: (
            200,
            {},
            service.ExportTraceServiceResponse(),
        )
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                message, is_json = service.ExportTraceServiceRequest(), "json" in self.headers["content-type"]
                if is_json:
                    message = receiver.from_json(body)
                else:
                    message.ParseFromString(body)
                status, more, answer = receiver.answer(message)
                receiver.requests.append(({k.lower(): v for k, v in self.headers.items()}, message))
                data = json_format.MessageToJson(answer).encode() if is_json else answer.SerializeToString()
                self.send_response(status)
                for name, value in {"content-length": str(len(data)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def from_json(body: bytes) -> service.ExportTraceServiceRequest:
        """OTLP's JSON has ids as hexadecimal digits, where protobuf's own has base64."""
        import base64
        import json

        def ids(node: Any) -> Any:
            if isinstance(node, list):
                return [ids(n) for n in node]
            if not isinstance(node, dict):
                return node
            return {
                k: base64.b64encode(bytes.fromhex(v)).decode() if k in ("traceId", "spanId", "parentSpanId") else ids(v)
                for k, v in node.items()
            }

        return json_format.ParseDict(ids(json.loads(body)), service.ExportTraceServiceRequest())

    @property
    def spans(self) -> list[Any]:
        return [
            span
            for _, message in self.requests
            for resource in message.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def wait_for(self, count: int, seconds: float = 20) -> list[Any]:
        return eventually(f"{count} spans", lambda: self.spans if len(self.spans) >= count else None, seconds)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
