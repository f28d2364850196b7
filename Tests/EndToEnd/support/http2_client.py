"""An HTTP/2 client that does what the test says, frame by frame: also what no well-behaved client would do."""

import dataclasses
import pathlib
import socket
import ssl

import h2.config
import h2.connection
import h2.events
import h2.exceptions

Fields = list[tuple[str, str]]


def trusting(ca_file: pathlib.Path, *protocols: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(ca_file))
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


@dataclasses.dataclass
class Stream:
    """What came on one stream."""

    heads: list[Fields] = dataclasses.field(default_factory=list)
    interim: list[Fields] = dataclasses.field(default_factory=list)
    body: bytearray = dataclasses.field(default_factory=bytearray)
    trailers: Fields | None = None
    ended: bool = False
    # The error code of a RST_STREAM, or -1 when the connection ended first.
    reset: int | None = None

    @property
    def status(self) -> int:
        return int(self.field(":status") or 0)

    def field(self, name: str) -> str | None:
        return next((v for k, v in (self.heads[0] if self.heads else []) if k == name), None)


class HTTP2Client:
    """Its windows open only when the test reads: `read_windows` off leaves them shut."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext, lenient: bool = False):
        self.socket = context.wrap_socket(socket.create_connection(address, 20), server_hostname="localhost")
        assert self.socket.selected_alpn_protocol() == "h2"
        config = h2.config.H2Configuration(
            client_side=True, header_encoding="utf-8",
            validate_outbound_headers=not lenient, normalize_outbound_headers=not lenient,
        )  # fmt: skip
        self.connection = h2.connection.H2Connection(config)
        self.connection.initiate_connection()
        self.streams: dict[int, Stream] = {}
        self.goaways: list[tuple[int, int]] = []
        self.closed = False
        self.opens_windows = True
        self.flush()
        while self.connection.remote_settings.max_concurrent_streams > 1000:
            self.pump()

    def close(self) -> None:
        self.socket.close()

    def flush(self) -> None:
        self.socket.sendall(self.connection.data_to_send())

    def request(
        self, path: str, method: str = "GET", fields: Fields = (), end: bool = True, pseudo: Fields | None = None
    ) -> int:
        """Sends the head; returns the stream's number."""
        number = self.connection.get_next_available_stream_id()
        first = pseudo or [(":method", method), (":scheme", "https"), (":authority", "localhost"), (":path", path)]
        self.connection.send_headers(number, [*first, *fields], end_stream=end)
        self.streams[number] = Stream()
        self.flush()
        return number

    def send(self, number: int, data: bytes, end: bool = False) -> None:
        """As far as the windows let it, which it waits for."""
        view = memoryview(data)
        while view:
            room = min(self.connection.local_flow_control_window(number), 16384)
            if room <= 0:
                self.pump()
                continue
            self.connection.send_data(number, bytes(view[:room]))
            view = view[room:]
            self.flush()
        if end:
            self.connection.end_stream(number)
            self.flush()

    def trailers(self, number: int, fields: Fields) -> None:
        self.connection.send_headers(number, fields, end_stream=True)
        self.flush()

    def reset(self, number: int) -> None:
        self.connection.reset_stream(number, 8)
        self.flush()

    def pump(self) -> None:
        """Takes what comes next; blocks until something does."""
        try:
            data = self.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.closed = True
            for stream in self.streams.values():
                if not stream.ended and stream.reset is None:
                    stream.reset = -1
            return
        try:
            for event in self.connection.receive_data(data):
                self._take(event)
            self.flush()
        except (h2.exceptions.ProtocolError, OSError):
            # The library is done with a connection at the first GOAWAY; what follows it is read, and no more.
            assert self.goaways

    def _take(self, event: h2.events.Event) -> None:
        stream = self.streams.get(getattr(event, "stream_id", 0) or 0, Stream())
        match event:
            case h2.events.ResponseReceived():
                stream.heads.append(event.headers)
            case h2.events.InformationalResponseReceived():
                stream.interim.append(event.headers)
            case h2.events.TrailersReceived():
                stream.trailers = event.headers
            case h2.events.DataReceived():
                stream.body += event.data
                if self.opens_windows and event.flow_controlled_length:
                    self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                stream.ended = True
            case h2.events.StreamReset():
                stream.reset = event.error_code
            case h2.events.ConnectionTerminated():
                self.goaways.append((event.last_stream_id or 0, event.error_code))

    def until(self, number: int, is_so) -> Stream:
        stream = self.streams[number]
        while not is_so(stream) and not self.closed:
            self.pump()
        return stream

    def finish(self, number: int) -> Stream:
        """Until the stream is over, one way or another."""
        return self.until(number, lambda stream: stream.ended or stream.reset is not None)

    def wait_closed(self) -> None:
        while not self.closed:
            self.pump()
