"""A real TCP server that answers by script: bytes, waits, orderly ends and resets, each when the test says so."""

import contextlib
import dataclasses
import socket
import struct
import threading
from collections.abc import Callable, Iterable

from .waiting import eventually


@dataclasses.dataclass
class Request:
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    # Set when the other side closed its connection before the script's end.
    gone: threading.Event = dataclasses.field(default_factory=threading.Event)

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k.lower() == name), None)


@dataclasses.dataclass(frozen=True)
class Wait:
    """Until the test sets the event, or the other side is gone."""

    event: threading.Event


class Reset:
    """Breaks the connection with RST."""


class Close:
    """Ends the connection in the middle of whatever was being said."""


Step = bytes | Wait | Reset | Close
Script = Callable[[Request], Iterable[Step]]


def response(body: bytes, content_type: str = "application/json", status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def read_request(reader) -> Request | None:
    line = reader.readline().decode("latin-1").strip()
    if not line:
        return None
    method, target, _ = line.split(" ", 2)
    headers = []
    while line := reader.readline().decode("latin-1").rstrip("\r\n"):
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    fields = {k.lower(): v for k, v in headers}
    body = b""
    if fields.get("transfer-encoding", "").lower() == "chunked":
        pieces = []
        while size := int(reader.readline().split(b";")[0], 16):
            pieces.append(reader.read(size))
            reader.readline()
        while reader.readline() not in (b"\r\n", b""):
            pass
        body = b"".join(pieces)
    elif "content-length" in fields:
        body = reader.read(int(fields["content-length"]))
    return Request(method, target, headers, body)


class Upstream:
    def __init__(self, script: Script, port: int = 0, listener: socket.socket | None = None):
        self.script = script
        self.requests: list[Request] = []
        self.connections = 0
        self._listener = listener or socket.create_server(("127.0.0.1", port), backlog=256)
        self.address = self._listener.getsockname()
        if not listener:
            self.url = "http://%s:%d" % self.address
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # It was closed before.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def request(self, count: int = 1) -> Request:
        """The `count`th request, once it has come."""
        eventually(f"request {count} at the upstream", lambda: len(self.requests) >= count)
        return self.requests[count - 1]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if connection.family == socket.AF_INET:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            reader = connection.makefile("rb")
            while (request := read_request(reader)) is not None:
                self.requests.append(request)
                if not self._play(connection, request):
                    return
        except (OSError, ValueError):  # It broke off; a chunk's size is cut short then.
            pass
        finally:
            connection.close()

    def _play(self, connection: socket.socket, request: Request) -> bool:
        """Whether the connection can be kept for a further request."""
        try:
            for step in self.script(request):
                if isinstance(step, Wait):
                    while not step.event.wait(0.01):
                        if self._is_closed(connection):
                            request.gone.set()
                            return False
                elif isinstance(step, Reset):
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return False
                elif isinstance(step, Close):
                    connection.shutdown(socket.SHUT_RDWR)
                    return False
                else:
                    connection.sendall(step)
        except OSError:
            request.gone.set()
            return False
        return True

    @staticmethod
    def _is_closed(connection: socket.socket) -> bool:
        try:
            return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
