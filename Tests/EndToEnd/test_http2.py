"""HTTP/2 towards the app: the same exchange as by HTTP/1.1, in streams."""

import json
import threading

import pytest

from support.http2_client import HTTP2Client, trusting
from support.upstream import LAST_CHUNK, STREAM_HEAD, Close, Wait, chunk, response
from support.waiting import eventually


@pytest.fixture
def listening(authority, start_steno, collector):
    """Starts Steno with TLS; gives it and a maker of clients."""
    clients = []

    def start(upstream_url: str, **settings):
        steno = start_steno(
            upstream_url, collector,
            {"listen.tls.cert_file": authority.server_file, "listen.tls.key_file": authority.server_file, **settings},
        )  # fmt: skip

        def client(**options) -> HTTP2Client:
            clients.append(HTTP2Client(steno.address(), trusting(authority.ca_file, "h2"), **options))
            return clients[-1]

        return steno, client

    yield start
    for each in clients:
        each.close()


def outcome(interaction) -> str:
    return interaction["operation_metadata"]["steno.outcome"]


def test_a_request_and_its_answer(listening, upstream, collector):
    source = upstream(lambda _: [response(b'{"a": 1}', more="X-Odd: Value\r\nconnection: close, x-hop\r\nx-hop: 1\r\n")])
    _, client = listening(source.url)
    app = client()
    fields = [("cookie", "a=1"), ("x-mine", "1"), ("cookie", "b=2"), ("te", "trailers"), ("x-steno-user-id", "u")]
    number = app.request("/v1/things?q=%20x", "POST", [*fields, ("content-length", "5")], end=False)
    app.send(number, b"hello", end=True)
    answer = app.finish(number)
    assert (answer.status, answer.body, answer.ended) == (200, b'{"a": 1}', True)
    assert answer.field("x-odd") == "Value"
    assert answer.field("x-hop") is None and answer.field("connection") is None
    assert answer.field("x-steno-interaction-id")
    request = source.request()
    assert (request.method, request.target, request.body) == ("POST", "/v1/things?q=%20x", b"hello")
    assert [f for f in request.headers if f[0] != "Host"] == [
        ("cookie", "a=1; b=2"), ("x-mine", "1"), ("Content-Length", "5"),
    ]  # fmt: skip
    interaction = collector.wait_for(1)[0]
    assert outcome(interaction) == "complete"
    assert interaction["input"]["request"]["path"] == "/v1/things?q=%20x"
    assert interaction["operation_metadata"]["steno.request_bytes"] == 5
    assert interaction["operation_metadata"]["steno.delivered_bytes"] == 8


def test_no_body_is_no_body(listening, upstream, collector):
    _, client = listening(upstream(lambda _: [b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n"]).url)
    app = client()
    answer = app.finish(app.request("/", "HEAD"))
    assert (answer.status, answer.body, answer.field("content-length"), answer.ended) == (200, b"", "12", True)
    assert outcome(collector.wait_for(1)[0]) == "complete"


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_has_no_body(status, listening, upstream, collector):
    _, client = listening(upstream(lambda _: [f"HTTP/1.1 {status}\r\netag: x\r\n\r\n".encode()]).url)
    app = client()
    answer = app.finish(app.request("/"))
    assert (answer.status, answer.body, answer.ended) == (int(status[:3]), b"", True)
    assert outcome(collector.wait_for(1)[0]) == "complete"


def test_interim_answers_and_trailers(listening, upstream):
    script = [
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n", chunk(b"hi"),
        b"0\r\nX-Sum: 9\r\n\r\n",
    ]  # fmt: skip
    source = upstream(lambda _: script)
    _, client = listening(source.url)
    app = client()
    number = app.request("/", "POST", [("trailer", "x-end"), ("expect", "100-continue")], end=False)
    app.until(number, lambda stream: stream.interim)
    app.send(number, b"body")
    app.trailers(number, [("x-end", "7")])
    answer = app.finish(number)
    assert [dict(head)[":status"] for head in answer.interim] == ["100", "103"]
    assert ("link", "</a>") in answer.interim[1]
    assert (answer.body, answer.trailers) == (b"hi", [("x-sum", "9")])
    assert source.request().body == b"body"


def test_streams_run_side_by_side(listening, upstream):
    release = threading.Event()
    source = upstream(lambda r: [STREAM_HEAD, chunk(b"a"), *([Wait(release)] if r.target == "/slow" else []), LAST_CHUNK])
    _, client = listening(source.url)
    app = client()
    slow = app.request("/slow")
    app.until(slow, lambda stream: stream.body)
    assert app.finish(app.request("/fast")).body == b"a"
    assert not app.streams[slow].ended
    release.set()
    assert app.finish(slow).ended


def test_an_app_that_reads_nothing_holds_its_upstream_and_no_other(listening, upstream):
    size, piece = 16 << 20, b"x" * 65536
    big = [b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size, *[piece] * (size // len(piece))]
    source = upstream(lambda r: big if r.target == "/big" else [response(b"small")])
    steno, client = listening(source.url)
    app = client()
    app.opens_windows = False
    held = app.request("/big")
    app.until(held, lambda stream: len(stream.body) == 65535)
    # The stream's window is used up, and so is the connection's; another connection goes on.
    other = client()
    assert other.finish(other.request("/small")).body == b"small"
    app.connection.increment_flow_control_window(1 << 30)
    app.connection.increment_flow_control_window(1 << 30, held)
    app.flush()
    assert len(app.finish(held).body) == size


def test_a_slow_upstream_holds_the_upload(listening, upstream):
    body = bytes(range(256)) * 16384
    source = upstream(lambda request: [response(b"%d" % len(request.body))])
    _, client = listening(source.url)
    app = client()
    number = app.request("/", "POST", [("content-length", str(len(body)))], end=False)
    app.send(number, body, end=True)
    assert app.finish(number).body == b"%d" % len(body)
    assert source.request().body == body


def test_who_resets_a_stream_has_gone(listening, upstream, collector):
    never = threading.Event()
    source = upstream(lambda _: [STREAM_HEAD, chunk(b"a"), Wait(never), LAST_CHUNK])
    _, client = listening(source.url)
    app = client()
    number = app.request("/")
    app.until(number, lambda stream: stream.body)
    app.reset(number)
    assert source.request().gone.wait(10)
    assert outcome(collector.wait_for(1)[0]) == "client_disconnected"
    # The connection is as good as before.
    again = app.request("/")
    assert app.until(again, lambda stream: stream.body).status == 200


def test_an_answer_that_breaks_off_resets_its_stream(listening, upstream, collector):
    _, client = listening(upstream(lambda _: [STREAM_HEAD, chunk(b"a"), Close()]).url)
    app = client()
    answer = app.finish(app.request("/"))
    assert (answer.body, answer.ended, answer.reset) == (b"a", False, 2)
    assert outcome(collector.wait_for(1)[0]) == "truncated"


def test_an_early_answer_stands_and_the_rest_is_not_wanted(listening, upstream):
    _, client = listening(upstream(lambda _: []).url, **{"limits.body": "1KiB"})
    app = client()
    number = app.request("/", "POST", [("content-length", "100000")], end=False)
    answer = app.finish(number)
    assert (answer.status, answer.field("x-steno-error")) == (413, "body_too_large")
    app.until(number, lambda stream: stream.reset is not None)
    assert answer.reset == 0


@pytest.mark.parametrize(
    "fields,status,code",
    [
        ([("x-big", "x" * 70_000)], 431, "header_too_large"),
        ([(f"x-{i}", "1") for i in range(300)], 431, "header_too_large"),
        ([("host", "elsewhere")], 400, "bad_request"),
        ([("x-edge", " 1")], 400, "bad_request"),
    ],
)
def test_heads_that_are_refused(fields, status, code, listening, upstream):
    source = upstream(lambda _: [response(b"ok")])
    _, client = listening(source.url)
    app = client(lenient=True)
    answer = app.finish(app.request("/", fields=fields))
    assert (answer.status, answer.field("x-steno-error")) == (status, code)
    assert json.loads(answer.body)["error"]["type"] == "steno_error"
    assert app.finish(app.request("/")).status == 200
    assert len(source.requests) == 1


@pytest.mark.parametrize(
    "pseudo,fields",
    [
        (None, [("Upper", "1")]),
        (None, [("connection", "close")]),
        (None, [("transfer-encoding", "chunked")]),
        (None, [("te", "gzip")]),
        (None, [("x-split", "a\r\nx-evil: 1")]),
        (None, [("content-length", "5")]),
        ([(":method", "GET"), (":scheme", "https"), (":path", "/")] * 2, []),
        ([(":method", "GET"), (":path", "/")], []),
        ([(":method", "GET"), (":scheme", "https"), (":path", "")], []),
        ([(":method", "G\r\nT"), (":scheme", "https"), (":path", "/")], []),
        ([(":method", "GET"), (":scheme", "https"), (":authority", "h"), (":path", "/ HTTP/1.1\r\nx: y")], []),
        ([(":method", "GET"), (":scheme", "https"), (":authority", "h"), (":path", "/a b")], []),
        ([(":method", "GET"), (":scheme", "https"), (":authority", "h"), (":path", "a")], []),
    ],
)
def test_what_is_malformed_never_goes_upstream(pseudo, fields, listening, upstream):
    source = upstream(lambda _: [response(b"ok")])
    _, client = listening(source.url)
    app = client(lenient=True)
    answer = app.finish(app.request("/", fields=fields, pseudo=pseudo))
    assert answer.reset is not None or answer.status == 400
    other = client()
    assert other.finish(other.request("/")).status == 200
    assert len(source.requests) == 1


def test_many_resets_end_the_connection(listening, upstream):
    never = threading.Event()
    _, client = listening(upstream(lambda _: [Wait(never)]).url)
    app = client()
    for _ in range(1000):
        try:
            app.reset(app.request("/"))
        except OSError:
            break
    app.wait_closed()
    other = client()
    assert other.finish(other.request("/", "CONNECT", pseudo=[(":method", "CONNECT"), (":authority", "x:1")])).status == 501


def test_too_many_streams_are_refused(listening, upstream):
    release = threading.Event()
    source = upstream(lambda _: [Wait(release), response(b"ok")])
    _, client = listening(source.url)
    app = client()
    assert app.connection.remote_settings.max_concurrent_streams == 128
    numbers = [app.request("/") for _ in range(128)]
    eventually("all requests are upstream", lambda: len(source.requests) == 128)
    release.set()
    assert {app.finish(number).status for number in numbers} == {200}


def test_shutting_down_lets_streams_end(listening, upstream, collector):
    release = threading.Event()
    source = upstream(lambda _: [STREAM_HEAD, chunk(b"a"), Wait(release), LAST_CHUNK])
    steno, client = listening(source.url)
    app, idle = client(), client()
    idle.finish(idle.request("/none", "CONNECT", pseudo=[(":method", "CONNECT"), (":authority", "x:1")]))
    number = app.request("/")
    app.until(number, lambda stream: stream.body)
    stopping = threading.Thread(target=steno.stop)
    stopping.start()
    idle.wait_closed()
    refused = app.finish(app.request("/more"))
    assert (refused.status, refused.field("x-steno-error")) == (503, "draining")
    release.set()
    assert app.finish(number).ended
    app.wait_closed()
    assert idle.goaways and app.goaways and {code for _, code in idle.goaways + app.goaways} == {0}
    stopping.join(20)
    assert outcome(collector.wait_for(1)[0]) == "complete"


def test_time_outs(listening, upstream, collector):
    never = threading.Event()
    source = upstream(lambda _: [Wait(never)])
    _, client = listening(source.url, **{"client.timeout.body": "300ms", "client.timeout.keep_alive": "600ms"})
    app = client()
    number = app.request("/", "POST", [("content-length", "5")], end=False)
    answer = app.finish(number)
    assert (answer.status, answer.field("x-steno-error")) == (408, "request_timed_out")
    assert outcome(collector.wait_for(1)[0]) == "timed_out"
    app.wait_closed()
    assert app.goaways
