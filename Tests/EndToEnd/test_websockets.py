"""WebSockets through Steno: real clients and servers at both ends."""

import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading

import pytest
from openai import OpenAI
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from support.steno import Steno
from support.waiting import eventually
from support.websocket import echo, websocket_server

SECRET = "sk-proj-inside-a-tunnel-0123456789abcdef"


def through(steno: Steno, path: str = "/v1/realtime?model=m", **options):
    return connect(f"ws://{steno.host}{path}", max_size=None, **options)


def metadata(collector, count: int = 1) -> dict:
    return collector.wait_for(count)[count - 1]["operation_metadata"]


def resident(steno: Steno) -> int:
    assert steno.process
    status = pathlib.Path(f"/proc/{steno.process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("compression", ["deflate", None])
def test_messages_both_ways(is_secure, compression, authority, collector, start_steno):
    with websocket_server(echo, authority if is_secure else None) as url:
        steno = start_steno(url, collector, {"route.default.tls.ca_file": authority.ca_file} if is_secure else {})
        messages = [SECRET, "", "é" * 1000, b"\x00\xff", os.urandom(16 << 20), b"last"]
        with through(steno, compression=compression) as client:
            for message in messages:
                client.send(message)
                assert client.recv() == message
            client.ping().wait(10)
        found = collector.wait_for(1)[0]
        assert found["operation_status"] == "SUCCESS"
        assert found["output"]["status"] == 101
        told = found["operation_metadata"]
        assert told["steno.outcome"] == "complete"
        tunnel = told["steno.tunnel"]
        # A client that closes waits for the server to end the connection (RFC 6455 §7.1.1).
        assert tunnel["ended_by"] == "upstream"
        assert tunnel["up_bytes"] > 16 << 20 and tunnel["down_bytes"] > 16 << 20
        assert tunnel["up_first_ms"] <= tunnel["down_first_ms"] <= tunnel["down_last_ms"]
        assert told["steno.request_bytes"] == tunnel["up_bytes"]
        assert told["steno.response_bytes"] == told["steno.delivered_bytes"] == tunnel["down_bytes"]
        assert steno.stop() == 0
        assert not any(SECRET.encode() in content for content in steno.files().values())
        assert SECRET.encode() not in b"".join(collector.bodies)


def test_a_slow_reader_stops_the_server_and_costs_no_memory(collector, start_steno):
    size, count, sent = 1 << 20, 96, []

    def pour(connection):
        for _ in range(count):
            connection.send(b"x" * size)
            sent.append(size)

    with websocket_server(pour, compression=None) as url:
        steno = start_steno(url, collector)
        before = resident(steno)
        with through(steno, compression=None, max_queue=1) as client:
            assert len(client.recv()) == size
            eventually("the server is stopped", Stillness(sent))
            assert len(sent) < 40
            assert resident(steno) - before < 32 << 20
            for _ in range(count - 1):
                assert len(client.recv()) == size
        tunnel = metadata(collector)["steno.tunnel"]
        assert tunnel["down_bytes"] > size * count


class Stillness:
    """True when nothing was added for a while."""

    def __init__(self, items: list) -> None:
        self.items, self.last, self.looks = items, -1, 0

    def __call__(self) -> bool:
        self.looks = self.looks + 1 if len(self.items) == self.last else 0
        self.last = len(self.items)
        return self.looks > 50


def test_the_server_closes(collector, start_steno):
    with websocket_server(lambda c: c.close(4001, "enough")) as url:
        steno = start_steno(url, collector)
        with through(steno) as client, pytest.raises(ConnectionClosed) as closed:
            client.recv()
        assert closed.value.rcvd and (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "enough")
        assert metadata(collector)["steno.outcome"] == "complete"


def test_the_app_vanishes(collector, start_steno):
    gone = threading.Event()

    def wait(connection):
        connection.send("hello")
        try:
            connection.recv()
        except ConnectionClosed:
            gone.set()

    with websocket_server(wait) as url:
        steno = start_steno(url, collector)
        client = through(steno, legacy=True)
        assert client.recv() == "hello"
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
        assert gone.wait(10)
        told = metadata(collector)
        assert told["steno.outcome"] == "client_disconnected"
        assert told["steno.tunnel"]["ended_by"] == "app"


def test_the_upstream_is_killed(collector, start_steno):
    program = """
from support.websocket import echo, websocket_server
with websocket_server(echo) as url:
    print(url, flush=True)
    input()
"""
    server = subprocess.Popen(
        [sys.executable, "-c", program], cwd=pathlib.Path(__file__).parent, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout
    steno = start_steno(server.stdout.readline().strip(), collector)
    with through(steno) as client:
        client.send("one")
        assert client.recv() == "one"
        server.kill()
        server.wait()
        with pytest.raises(ConnectionClosed):
            client.recv()
    assert metadata(collector)["steno.tunnel"]["ended_by"] == "upstream"


def test_a_refusal_is_the_servers_own(collector, start_steno):
    def refuse(connection, request):
        return connection.respond(403, "not you\n")

    with websocket_server(echo, process_request=refuse) as url:
        steno = start_steno(url, collector)
        with pytest.raises(InvalidStatus) as refused:
            through(steno)
        assert refused.value.response.status_code == 403
        assert refused.value.response.body == b"not you\n"
        found = collector.wait_for(1)[0]
        assert found["output"]["body"] == "not you\n"
        assert "steno.tunnel" not in found["operation_metadata"]


def test_an_end_of_steno_ends_the_tunnel_and_records_it(collector, start_steno):
    with websocket_server(echo) as url:
        steno = start_steno(url, collector, {"drain.timeout": "1s"})
        with through(steno) as client:
            client.send("one")
            assert client.recv() == "one"
            assert steno.stop() == 0
            with pytest.raises(ConnectionClosed):
                client.recv()
        told = metadata(collector)
        assert (told["steno.outcome"], told["error.type"]) == ("truncated", "draining")
        assert told["steno.tunnel"]["ended_by"] == "steno"


def test_openai_realtime_and_responses(collector, start_steno):
    """The official SDK's clients of both WebSocket APIs, against a server that answers with a few of their events."""

    def serve(connection):
        request = connection.request
        is_realtime = request.path.startswith("/v1/realtime")
        assert request.headers["authorization"] == "Bearer none-needed"
        if is_realtime:
            connection.send(json.dumps({"type": "session.created", "event_id": "e0", "session": {"type": "realtime"}}))
        for message in connection:
            event = json.loads(message)
            if event["type"] != "response.create":
                continue
            kind = "response.output_text.delta"
            for n, text in enumerate(("Par", "is")):
                delta = {
                    "type": kind, "event_id": f"e{n}", "response_id": "r", "item_id": "i", "output_index": 0,
                    "content_index": 0, "delta": text, "sequence_number": n, "logprobs": [],
                }  # fmt: skip
                connection.send(json.dumps(delta))

    with websocket_server(serve) as url:
        steno = start_steno(url, collector)
        openai = OpenAI(
            api_key="none-needed", base_url=f"{steno.url}/v1", websocket_base_url=f"ws://{steno.host}/v1"
        )
        with openai.realtime.connect(model="gpt-realtime") as connection:
            assert connection.recv().type == "session.created"
            connection.response.create()
            assert connection.recv().delta + connection.recv().delta == "Paris"
        with openai.responses.connect() as connection:
            connection.response.create(model="gpt-5", input="Which capital?")
            assert connection.recv().delta + connection.recv().delta == "Paris"
    found = collector.wait_for(2)
    paths = {f["input"]["request"]["path"] for f in found}
    assert paths == {"/v1/realtime?model=gpt-realtime", "/v1/responses"}
    for each in found:
        assert each["operation_status"] == "SUCCESS"
        assert each["operation_metadata"]["steno.tunnel"]["up_bytes"] > 0
