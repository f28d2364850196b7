"""Too many, too slow, out of descriptors, gone and back: what can go on goes on, memory stays bounded, nothing spins."""

import contextlib
import http.client
import pathlib
import resource
import selectors
import socket
import threading
import time

import pytest

from support.answers import completion, completion_response, question
from support.ports import free_port
from support.upstream import STREAM_HEAD, Close, Upstream, chunk, response
from support.waiting import eventually

PATH = "/v1/chat/completions"
SECONDS = 1 / 100  # of a clock tick in /proc/PID/stat


@pytest.fixture(autouse=True)
def many_descriptors():
    """The test's own side needs as many as Steno's, which raises its own limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Process:
    """What the kernel says of a running Steno."""

    def __init__(self, steno):
        self.folder = pathlib.Path(f"/proc/{steno.process.pid}")

    @property
    def resident_megabytes(self) -> float:
        return int((self.folder / "statm").read_text().split()[1]) * resource.getpagesize() / 1e6

    @property
    def descriptors(self) -> int:
        return len(list((self.folder / "fd").iterdir()))

    @property
    def cpu_seconds(self) -> float:
        fields = (self.folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * SECONDS

    def cpu_share(self, over: float) -> float:
        """Of a core, over so many seconds."""
        before = self.cpu_seconds
        time.sleep(over)
        return (self.cpu_seconds - before) / over


def connect(steno) -> socket.socket:
    return socket.create_connection(steno.address(), timeout=20)


def test_ten_thousand_idle_connections(upstream, collector, start_steno):
    steno = start_steno(
        upstream(lambda _: [completion_response("still here")]).url, collector,
        {"limits.connections": 10_050, "client.timeout.keep_alive": "10m"},
    )  # fmt: skip
    assert steno.post(PATH, question("before"))[0] == 200
    process = Process(steno)
    memory, descriptors = process.resident_megabytes, process.descriptors
    many = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
    with contextlib.ExitStack() as stack:
        for _ in range(many):
            stack.enter_context(connect(steno))
        eventually("all are accepted", lambda: process.descriptors >= descriptors + many)
        assert steno.post(PATH, question("meanwhile"))[0] == 200
        assert process.resident_megabytes - memory < many * 0.02, "20 KB for each at most"
        assert process.cpu_share(2) < 0.2, "idle connections cost nothing"
    eventually("their descriptors are given back", lambda: process.descriptors < descriptors + 20, 30)
    assert steno.post(PATH, question("after"))[0] == 200
    collector.wait_for(3)


def test_a_thousand_slow_readers_of_endless_streams(upstream, collector, start_steno):
    stop = threading.Event()
    piece = chunk(b"data: " + b"x" * 60_000 + b"\n\n")

    def endless(_):
        yield STREAM_HEAD
        while not stop.is_set():
            yield piece

    steno = start_steno(
        upstream(lambda _: [completion_response("fine")]).url, collector,
        {
            "capture.memory": "32MiB", "route.endless.upstream": upstream(endless).url,
            "route.endless.timeout.connect": "60s",
        },
    )  # fmt: skip
    process = Process(steno)
    memory = process.resident_megabytes
    readers = [connect(steno) for _ in range(1000)]
    for reader in readers:
        reader.sendall(b"POST /endless/ HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\nhi")
    selector = selectors.DefaultSelector()
    for reader in readers:
        selector.register(reader, selectors.EVENT_READ)
    begun = set()
    while len(begun) < len(readers):
        for key, _ in selector.select(20):
            begun.add(key.fileobj)
            selector.unregister(key.fileobj)

    def is_held() -> bool:
        return process.cpu_share(1) < 0.1

    eventually("nobody reads, so nothing moves", is_held, 60)
    # For each: one piece on its way, what waits in the socket's queue, and its share of the capture.
    assert process.resident_megabytes - memory < 32 * 1.05 + 1000 * 0.4
    assert steno.post(PATH, question("meanwhile"))[0] == 200
    for reader in readers:
        reader.close()
    stop.set()
    assert len(collector.wait_for(1001, seconds=60)) == 1001
    all_metadata = [i["operation_metadata"] for i in collector.interactions]
    outcomes = {(m["steno.outcome"], m.get("steno.error")) for m in all_metadata if m["steno.route"] == "endless"}
    assert outcomes == {("client_disconnected", None)}
    eventually("all captured bytes are given back", lambda: steno.total("capture_bytes") == 0)


def test_no_descriptors_left(upstream, collector, start_steno):
    up = upstream(lambda _: [completion_response("fine")])
    steno = start_steno(up.url, collector)
    kept = connect(steno)
    process = Process(steno)
    # What it has and forty more, for both ends of an exchange.
    limit = process.descriptors + 40
    try:
        resource.prlimit(steno.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
    except PermissionError:
        pytest.skip("another user's process: its limits can't be set")
    crowd = []
    for _ in range(100):
        crowd.append(connect(steno))
    eventually("all are in use", lambda: process.descriptors >= limit - 2)
    assert process.cpu_share(2) < 0.3, "waiting for a descriptor must not spin"
    request = b"POST %s HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}" % PATH.encode()
    kept.sendall(request)
    assert kept.recv(100).startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 502 ")), "an answer, at once"
    for each in crowd:
        each.close()

    def works() -> bool:
        with contextlib.suppress(OSError):
            return steno.post(PATH, question("again"), timeout=5)[0] == 200
        return False

    eventually("traffic goes on by itself", works, 20)
    assert process.descriptors < limit


def test_an_upstream_that_goes_and_comes_back(upstream, collector, start_steno):
    port = free_port()
    # Its connection isn't kept: a request that meets its end on the way is another story.
    first = Upstream(lambda _: [response(completion("first"), more="connection: close\r\n"), Close()], port=port)
    steno = start_steno(first.url, collector)
    assert steno.post(PATH, question("1"))[0] == 200
    first.close()
    for _ in range(3):
        status, headers, _ = steno.post(PATH, question("2"))
        assert (status, headers["x-steno-error"]) == (502, "upstream_unreachable")
    again = Upstream(lambda _: [completion_response("second")], port=port)
    assert steno.post(PATH, question("3"))[0] == 200
    again.close()
    assert len(collector.wait_for(5)) == 5


def test_a_name_that_is_not_found(collector, start_steno, upstream):
    steno = start_steno(
        upstream(lambda _: [completion_response("fine")]).url, collector,
        {"route.lost.upstream": "http://no-such-host.invalid:9/"},
    )  # fmt: skip
    for _ in range(3):
        status, headers, _ = steno.post("/lost/v1", b"{}", timeout=20)
        assert (status, headers["x-steno-error"]) == (502, "upstream_unreachable")
    assert steno.post(PATH, question("others are not held up"))[0] == 200
    collector.wait_for(4)


def test_one_connection_too_many(upstream, collector, start_steno):
    steno = start_steno(
        upstream(lambda _: [completion_response("fine")]).url, collector, {"limits.connections": 5}
    )
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            kept = stack.enter_context(contextlib.closing(http.client.HTTPConnection(steno.host, timeout=20)))
            kept.request("POST", PATH, question("in"))
            assert kept.getresponse().read()
        assert all(refused(steno) for _ in range(20))
    eventually("room again", lambda: not refused(steno))


def refused(steno) -> bool:
    """Whether a connection is closed or told to go before it said anything."""
    try:
        status = steno.post(PATH, question("room?"), timeout=5)[0]
    except OSError:
        return True
    return status == 503
