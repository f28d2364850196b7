"""Upstreams, clients and bodies that misbehave: the app sees it, the interaction says it, nothing is lost."""

import contextlib
import gzip
import http.client
import json
import socket
import threading
import zlib

import openai
import pytest

from support.answers import completion_response, question, stream, text_events
from support.ports import free_port
from support.sdks import openai_client
from support.upstream import LAST_CHUNK, STREAM_HEAD, Close, Reset, Wait, chunk, response
from support.waiting import eventually

PATH = "/v1/chat/completions"


def outcome(interaction) -> tuple[str, str]:
    return interaction["operation_status"], interaction["operation_metadata"]["steno.outcome"]


def test_an_upstream_that_is_not_there(collector, start_steno):
    steno = start_steno(f"http://127.0.0.1:{free_port()}", collector)
    question_body = question("anyone?")
    head = f"POST {PATH} HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\ncontent-length: {len(question_body)}\r\n\r\n"
    with socket.create_connection(steno.address(), 20) as app:
        # In one piece: what comes behind Steno's answer is not recorded.
        app.sendall(head.encode() + question_body)
        answer = http.client.HTTPResponse(app)
        answer.begin()
        error = json.loads(answer.read())["error"]
    assert answer.status == 502
    assert answer.headers["x-steno-error"] == "upstream_unreachable"
    assert answer.headers["content-type"].startswith("application/json")
    assert (error["type"], error["code"]) == ("steno_error", "upstream_unreachable")
    interaction = collector.wait_for(1)[0]
    assert outcome(interaction) == ("ERROR", "upstream_failed")
    assert interaction["input"]["query"] == "anyone?"
    assert interaction["output"]["response"] == ""


@pytest.mark.parametrize(
    "name,body,content_type",
    [
        ("text", b"I am a teapot", "text/plain"),
        ("html", b"<html><body>Bad gateway</body></html>", "text/html"),
        ("broken", b'{"choices": [', "application/json"),
        ("bytes", bytes(range(256)), "application/octet-stream"),
        ("empty", b"", "application/json"),
        ("a number", b"17", "application/json"),
        ("deep", b"[" * 100_000 + b"]" * 100_000, "application/json"),
    ],
)
def test_a_response_that_is_not_a_completion(name, body, content_type, upstream, collector, start_steno):
    steno = start_steno(upstream(lambda _: [response(body, content_type)]).url, collector)
    status, _, answer = steno.post(PATH, question("hello"))
    assert (status, answer) == (200, body)
    interaction = collector.wait_for(1)[0]
    assert interaction["operation_metadata"]["steno.outcome"] == "complete"
    assert interaction["operation_metadata"]["steno.response_bytes"] == len(body)
    if name in ("text", "html"):
        assert interaction["output"]["body"] == body.decode()


@pytest.mark.parametrize("request_body", [b"", b"not json", b"\x00\xff\xfe", b'{"messages": 17, "model": null}', b"[]"])
def test_a_request_that_is_not_a_completion(request_body, upstream, collector, start_steno):
    refused = response(b'{"error":{"message":"bad request","type":"invalid_request_error"}}', status="400 Bad Request")
    up = upstream(lambda _: [refused])
    steno = start_steno(up.url, collector)
    assert steno.post(PATH, request_body)[0] == 400
    assert up.requests[0].body == request_body
    assert outcome(collector.wait_for(1)[0]) == ("ERROR", "complete")


def test_fifty_megabytes_both_ways(upstream, collector, start_steno):
    text = "0123456789abcdef" * (50 * 65536)
    request_body, answer_body = question(text), response(b'{"text": "' + text.encode() + b'"}')
    up = upstream(lambda _: [answer_body])
    steno = start_steno(up.url, collector)
    # Several times: how the pieces fall is another matter each time.
    for _ in range(5):
        status, headers, answer = steno.post(PATH, request_body)
        assert status == 200
        assert up.requests[-1].body == request_body
        assert answer == b'{"text": "' + text.encode() + b'"}'
    interaction = collector.interaction(headers["x-steno-interaction-id"], seconds=60)
    metadata = interaction["operation_metadata"]
    assert metadata["steno.request_bytes"] == len(request_body)
    assert metadata["steno.response_bytes"] == metadata["steno.delivered_bytes"] == len(answer)
    assert metadata["steno.truncated"], "more than capture.max_body was kept"


def test_an_upstream_that_closes_in_mid_stream(upstream, collector, start_steno):
    head_and_two = stream(text_events("half an ", "answer"))[:4]
    steno = start_steno(upstream(lambda _: [*head_and_two, Close()]).url, collector)
    connection = http.client.HTTPConnection(steno.host, timeout=10)
    connection.request("POST", PATH, question("tell me", stream=True))
    answer = connection.getresponse()
    got = b""
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        while True:
            piece = answer.read1()
            got += piece
            if not piece:
                answer.read()
                pytest.fail("the broken stream ended as if it were whole")
    assert got == b"".join(text_events("half an ", "answer")[:3])
    interaction = collector.interaction(answer.headers["x-steno-interaction-id"])
    assert outcome(interaction)[0] == "ERROR"
    assert outcome(interaction)[1] in ("truncated", "upstream_failed")
    assert interaction["output"]["response"] == "half an answer"


def test_an_upstream_that_resets_before_it_answers(upstream, collector, start_steno):
    steno = start_steno(upstream(lambda _: [Reset()]).url, collector)
    status, headers, _ = steno.post(PATH, question("hello"))
    assert status == 502 and headers["x-steno-error"]
    assert outcome(collector.wait_for(1)[0]) == ("ERROR", "upstream_failed")


@pytest.mark.parametrize(
    "early,status,ended",
    [
        (b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nno", 413, "complete"),
        (b"", 502, "upstream_failed"),
    ],
)
def test_an_early_end_for_an_app_that_sends_all_before_it_reads(early, status, ended, collector, start_steno):
    """More than the sockets on the way hold, to an upstream that has read the head only."""
    size, sent = 50_000_000, 0
    with socket.create_server(("127.0.0.1", 0)) as upstream:
        steno = start_steno(f"http://127.0.0.1:{upstream.getsockname()[1]}", collector)
        with socket.create_connection(steno.address(), 20) as app:
            app.sendall(f"POST {PATH} HTTP/1.1\r\nhost: h\r\ncontent-length: {size}\r\n\r\n".encode())
            connection, _ = upstream.accept()
            with connection:
                connection.recv(1000)
                app.settimeout(0.5)
                with contextlib.suppress(TimeoutError):
                    while sent < size:
                        sent += app.send(bytes(min(size - sent, 65536)))
                assert sent < size
                if early:
                    connection.sendall(early)
                else:
                    connection.close()
                app.settimeout(20)
                app.sendall(bytes(size - sent))
                answer = http.client.HTTPResponse(app)
                answer.begin()
                assert answer.status == status and answer.read()
    assert outcome(collector.wait_for(1)[0]) == ("ERROR", ended)


def test_an_upstream_that_says_nothing(upstream, collector, start_steno):
    gate = threading.Event()
    up = upstream(lambda _: [Wait(gate)])
    steno = start_steno(up.url, collector, {"route.default.timeout.first_byte": "500ms"})
    status, headers, _ = steno.post(PATH, question("hello"))
    assert status == 504 and headers["x-steno-error"]
    assert outcome(collector.wait_for(1)[0]) == ("ERROR", "timed_out")
    assert up.request().gone.wait(10), "the upstream request was not cancelled"


def test_a_client_that_leaves_in_mid_stream(upstream, collector, start_steno):
    gate = threading.Event()
    up = upstream(lambda _: [*stream(text_events("so ", "far"))[:4], Wait(gate), LAST_CHUNK])
    steno = start_steno(up.url, collector)
    connection = http.client.HTTPConnection(steno.host, timeout=10)
    connection.request("POST", PATH, question("tell me", stream=True))
    answer = connection.getresponse()
    interaction_id = answer.headers["x-steno-interaction-id"]
    got = b""
    while got.count(b"\n\n") < 3:
        got += answer.read1()
    connection.sock.shutdown(socket.SHUT_RDWR)
    connection.close()
    assert up.request().gone.wait(10), "the upstream request was not cancelled"
    interaction = collector.interaction(interaction_id)
    assert outcome(interaction) == ("ERROR", "client_disconnected")
    assert interaction["output"]["response"] == "so far"


def test_an_error_event_in_a_stream(upstream, collector, start_steno):
    events = [*text_events("well, ")[:2], b'data: {"error": {"message": "overloaded", "type": "server_error"}}\n\n']
    steno = start_steno(upstream(lambda _: [STREAM_HEAD, *map(chunk, events), LAST_CHUNK]).url, collector)
    status, _, body = steno.post(PATH, question("hello", stream=True))
    assert (status, body) == (200, b"".join(events))
    assert outcome(collector.wait_for(1)[0]) == ("ERROR", "error_in_stream")


def test_a_client_that_leaves_at_an_error_in_its_stream(upstream, collector, start_steno):
    gate = threading.Event()
    events = [*text_events("well, ")[:2], b'data: {"error": {"message": "overloaded", "type": "server_error"}}\n\n']
    up = upstream(lambda _: [STREAM_HEAD, *map(chunk, events), Wait(gate), LAST_CHUNK])
    steno = start_steno(up.url, collector)
    with openai_client(steno.url) as client, pytest.raises(openai.APIError, match="overloaded"):
        for _ in client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}], stream=True):
            pass
    assert up.request().gone.wait(10), "the upstream request was not cancelled"
    assert outcome(collector.wait_for(1)[0]) == ("ERROR", "error_in_stream")


def test_events_reach_the_client_as_they_come(upstream, collector, start_steno):
    """Each event is let go only when the client has the one before it: buffering anywhere would stop this."""
    gates = [threading.Event() for _ in range(5)]
    events = text_events("one ", "two ", "three")[:5]

    def script(_):
        yield STREAM_HEAD
        for gate, each in zip(gates, events, strict=True):
            yield Wait(gate)
            yield chunk(each)
        yield LAST_CHUNK

    steno = start_steno(upstream(script).url, collector)
    connection = http.client.HTTPConnection(steno.host, timeout=10)
    connection.request("POST", PATH, question("count", stream=True))
    answer = connection.getresponse()
    for gate, each in zip(gates, events, strict=True):
        gate.set()
        got = b""
        while len(got) < len(each):
            got += answer.read1()
        assert got == each
    assert answer.read() == b""


def test_compressed_answers_are_passed_on_as_they_are_and_read_in_the_copy(upstream, collector, start_steno):
    plain = completion_response("squeezed").split(b"\r\n\r\n", 1)[1]
    bodies = {"gzip": gzip.compress(plain), "deflate": zlib.compress(plain)}

    def script(request):
        coding = request.header("accept-encoding")
        yield response(bodies[coding], more=f"content-encoding: {coding}\r\n")

    steno = start_steno(upstream(script).url, collector)
    for coding, body in bodies.items():
        status, headers, answer = steno.post(PATH, question("hello"), {"accept-encoding": coding})
        assert (status, headers["content-encoding"], answer) == (200, coding, body)
    assert [i["output"]["response"] for i in collector.wait_for(2)] == ["squeezed"] * 2


def test_no_sink_and_a_store_that_is_taken_away_stop_no_traffic(upstream, start_steno):
    """Steno without a sink, its database replaced by rubbish under it: the app must not notice, nothing goes uncounted, and
    what comes is recorded in a new store."""
    steno = start_steno(upstream(lambda _: [completion_response("fine")]).url)
    assert steno.post(PATH, question("hello"))[0] == 200
    eventually("it is recorded", lambda: steno.total("interactions_recorded_total") == 1)
    for path in steno.folder.glob("steno.db*"):
        path.write_bytes(b"rubbish" * 1000)
    for _ in range(20):
        assert steno.post(PATH, question("hello"))[0] == 200
    names = ("interactions_recorded_total", "interactions_dropped_total", "interactions_waiting")
    eventually("all are counted", lambda: steno.total("exchanges_total") == 21)

    def is_every_one_counted() -> bool:
        now = steno.metrics()
        return sum(steno.total(name, at=now) for name in names) == 21

    eventually("all are recorded, dropped or waiting", is_every_one_counted)
    eventually("a new store takes them", lambda: steno.total("interactions_waiting") == 0)
    assert is_every_one_counted()
    eventually("it is ready again", lambda: steno.get_console("/readyz")[0] == 200)
    eventually("the log tells", lambda: b"it was set aside" in steno.log.read_bytes())
    assert len(list(steno.folder.glob("steno.db.corrupt-*"))) == 1
    steno.stop()
    listing = steno.command("threads", "--json")
    assert sum(thread["interactions"] for thread in json.loads(listing.stdout)) == 20
