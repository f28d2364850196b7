"""How an upstream is reached: certificates of both sides, HTTP/2, Unix sockets."""

import concurrent.futures
import contextlib
import http.client
import pathlib
import socket
import ssl
import threading

import pytest

from support.answers import completion, completion_response, question
from support.http2 import http2_server
from support.steno import Steno
from support.tls import Authority
from support.upstream import Upstream, read_request
from support.waiting import eventually

PATH = "/v1/chat/completions"


class TLSUpstream:
    """Answers each request with a completion, and knows how its connections were made."""

    def __init__(self, context: ssl.SSLContext, closes: bool = False) -> None:
        self.context, self.closes = context, closes
        self.resumed: list[bool] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        connection = self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        with contextlib.suppress(OSError), connection:
            try:
                connection.do_handshake()
            except ssl.SSLError:
                with socket.socket(fileno=connection.detach()) as broken:
                    linger(broken)
                return
            self.resumed.append(bool(connection.session_reused))
            reader = connection.makefile("rb")
            while request := read_request(reader):
                more = "connection: close\r\n" if self.closes else ""
                assert request.method == "POST"
                body = completion("hi")
                head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
                connection.sendall(head.encode() + body)
                if self.closes:
                    # Without a word of good-bye OpenSSL would forget the session.
                    connection.unwrap().close()
                    return


def linger(connection: socket.socket) -> None:
    """To be closed after the other side: with bytes left unread, a reset would overtake what was said (RFC 9112 section
    9.6)."""
    connection.settimeout(10)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass


def answer_in_clear(listener: socket.socket) -> None:
    with contextlib.suppress(OSError), listener.accept()[0] as connection:
        connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")
        linger(connection)


def server_context(authority: Authority) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_file)
    return context


def logged(steno: Steno) -> str:
    """The line that tells of an upstream's failure."""

    def find() -> str:
        return next((line for line in steno.log.read_text().splitlines() if " warning " in line), "")

    return eventually("the failure is logged", find)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_is_resumed(version, authority, start_steno):
    context = server_context(authority)
    context.maximum_version = version
    up = TLSUpstream(context, closes=True)
    settings = {"route.default.tls.ca_file": authority.ca_file, "workers": 1}
    steno = start_steno(f"https://localhost:{up.port}", settings=settings)
    for _ in range(3):
        assert steno.post(PATH, question("hello"))[0] == 200
    assert up.resumed == [False, True, True]
    up.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate(version, authority, tmp_path, start_steno):
    context = server_context(authority)
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.ca_file)
    up = TLSUpstream(context)
    certificate, key = authority.client(tmp_path)
    trust = {"route.default.tls.ca_file": authority.ca_file}
    steno = start_steno(
        f"https://localhost:{up.port}",
        settings=trust | {"route.default.tls.cert_file": certificate, "route.default.tls.key_file": key},
    )
    assert steno.post(PATH, question("hello"))[0] == 200
    bare = start_steno(f"https://localhost:{up.port}", settings=trust)
    status, headers, _ = bare.post(PATH, question("hello"))
    assert status == 502
    # Before TLS 1.3 the alert does not say what was missing.
    expected = "upstream_client_certificate" if version == ssl.TLSVersion.TLSv1_3 else "upstream_tls"
    assert headers["x-steno-error"] == expected
    assert f"code={expected} route=default" in logged(bare)
    up.close()


@pytest.mark.parametrize(
    "flaw,code",
    [
        ("expired", "upstream_certificate_expired"),
        ("host", "upstream_certificate_wrong_host"),
        ("authority", "upstream_certificate_untrusted"),
        ("plain", "upstream_tls"),
    ],
)
def test_a_bad_certificate_is_told(flaw, code, authority, tmp_path, collector, start_steno):
    trusted = authority
    if flaw == "expired":
        authority = trusted = Authority(tmp_path, expired=True)
    elif flaw == "authority":
        authority = Authority(tmp_path, name="Unknown CA")
    up = TLSUpstream(server_context(authority))
    url = f"https://127.0.0.2:{up.port}" if flaw == "host" else f"https://localhost:{up.port}"
    if flaw == "host":
        up.close()
        up._listener = socket.create_server(("127.0.0.2", up.port))
        threading.Thread(target=up._run, daemon=True).start()
    if flaw == "plain":
        up.close()
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"https://localhost:{listener.getsockname()[1]}"
        threading.Thread(target=answer_in_clear, args=(listener,), daemon=True).start()
    steno = start_steno(url, collector, {"route.default.tls.ca_file": trusted.ca_file})
    status, headers, _ = steno.post(PATH, question("hello"))
    assert (status, headers["x-steno-error"]) == (502, code)
    assert f"code={code} route=default" in logged(steno)
    assert collector.wait_for(1)[0]["operation_metadata"]["error.type"] == code
    up.close()


def test_verify_off_warns_at_each_start(authority, tmp_path, start_steno):
    up = TLSUpstream(server_context(Authority(tmp_path)))
    steno = start_steno(f"https://localhost:{up.port}", settings={"route.default.tls.verify": "off"})
    assert steno.post(PATH, question("hello"))[0] == 200
    assert steno.stop() == 0
    steno.start()
    eventually("each start warned", lambda: steno.log.read_text().count("tls.verify = off") == 2)
    up.close()


def test_a_unix_socket(tmp_path, collector, start_steno):
    path = tmp_path / "llm.sock"
    up = Upstream(
        lambda _: [completion_response("hi")], listener=socket.create_server(str(path), family=socket.AF_UNIX)
    )
    steno = start_steno(f"unix:{path}:/base", collector, {"workers": 1})
    for _ in range(2):
        assert steno.post(PATH, question("hello"))[0] == 200
    assert up.requests[0].target == "/base" + PATH
    assert up.requests[0].header("host") == "localhost"
    assert up.connections == 1
    up.close()
    path.unlink()
    assert collector.wait_for(2)[0]["output"]["response"] == "hi"
    assert f"unix:{path}:/base" in steno.command("check").stdout
    # The kept connection is still served; a new one finds nobody.
    other = start_steno(f"unix:{path}")
    status, headers, _ = other.post(PATH, question("hello"))
    assert (status, headers["x-steno-error"]) == (502, "upstream_unreachable")


def test_a_name_that_does_not_resolve_does_not_hold_up_others(upstream, start_steno):
    up = upstream(lambda _: [completion_response("hi")])
    steno = start_steno(up.url, settings={"route.lost.upstream": "http://no-such-host.invalid", "workers": 1})
    with concurrent.futures.ThreadPoolExecutor() as pool:
        lost = pool.submit(steno.post, "/lost" + PATH, question("hello"))
        assert steno.post(PATH, question("hello"))[0] == 200
        status, headers, _ = lost.result()
    assert (status, headers["x-steno-error"]) == (502, "upstream_unreachable")


class Application:
    """What the HTTP/2 server does, by path."""

    def __init__(self) -> None:
        self.versions: list[str] = []
        self.sent = 0

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        self.versions.append(scope["http_version"])
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message.get("more_body"):
                break
        head = [(b"content-type", b"application/json"), (b"x-method", scope["method"].encode())]
        if scope["path"] == "/large":
            await send({"type": "http.response.start", "status": 200, "headers": head})
            for _ in range(512):
                await send({"type": "http.response.body", "body": b"x" * 131072, "more_body": True})
                self.sent += 131072
            await send({"type": "http.response.body", "body": b""})
        elif scope["path"] == "/trailers":
            head.append((b"trailer", b"x-sum"))
            await send({"type": "http.response.start", "status": 200, "headers": head, "trailers": True})
            await send({"type": "http.response.body", "body": b"abc"})
            await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"6")]})
        elif scope["path"] == "/broken":
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body", "body": b"abc", "more_body": True})
            raise RuntimeError("resets the stream")
        else:
            answer = body or completion("hi")
            head.append((b"content-length", str(len(answer)).encode()))
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body", "body": answer})


@pytest.mark.parametrize(
    "is_secure,setting,version", [(True, "2", "2"), (True, "auto", "2"), (False, "2", "2"), (False, "auto", "1.1")]
)
def test_http2(is_secure, setting, version, authority, collector, start_steno):
    application = Application()
    with http2_server(application, authority if is_secure else None) as url:
        settings = {"route.default.http": setting, "workers": 1}
        if is_secure:
            settings["route.default.tls.ca_file"] = authority.ca_file
        steno = start_steno(url, collector, settings)
        assert steno.post(PATH, b"")[2] == completion("hi")
        large = b"0123456789abcdef" * 65536
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for status, _, body in pool.map(lambda _: steno.post(PATH, large), range(16)):
                assert status == 200 and body == large
        # A body without a length, and an answer without one.
        connection = http.client.HTTPConnection(steno.host, timeout=20)
        connection.request("POST", PATH, iter([b"abc", b"def"]), {"content-type": "text/plain"}, encode_chunked=True)
        assert connection.getresponse().read() == b"abcdef"
        connection.request("HEAD", PATH)
        assert connection.getresponse().read() == b""
        connection.request("GET", PATH)
        assert connection.getresponse().read() == completion("hi")
        connection.close()
        assert set(application.versions) == {version}
        found = collector.wait_for(20)
        assert all(f["operation_metadata"]["steno.outcome"] == "complete" for f in found)


def test_http2_trailers_and_a_reset_stream(authority, collector, start_steno):
    with http2_server(Application(), authority) as url:
        trust = {"route.default.tls.ca_file": authority.ca_file, "route.default.http": "2"}
        steno = start_steno(url, collector, trust)
        with socket.create_connection(steno.address(), 20) as s:
            s.sendall(b"GET /trailers HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n")
            answer = b"".join(iter(lambda: s.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"3\r\nabc\r\n0\r\n" in answer
        with socket.create_connection(steno.address(), 20) as s:
            s.sendall(b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b"".join(iter(lambda: s.recv(65536), b""))
        assert answer.endswith(b"3\r\nabc\r\n"), "the app must see that it is not whole"
        assert collector.wait_for(2)[1]["operation_metadata"]["steno.outcome"] == "truncated"


def test_http2_slow_readers_cost_a_bounded_amount(authority, start_steno):
    application = Application()
    with http2_server(application, authority) as url:
        trust = {"route.default.tls.ca_file": authority.ca_file, "route.default.http": "2", "workers": 1}
        steno = start_steno(url, settings=trust | {"route.default.capture": "metadata"})

        def resident() -> int:
            status = pathlib.Path(f"/proc/{steno.process.pid}/status").read_text()
            return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS:"))

        assert steno.post(PATH, b"")[0] == 200
        before, slow = resident(), []
        for _ in range(3):
            s = socket.create_connection(steno.address(), 60)
            s.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert s.recv(1024)
            slow.append(s)
        looks: list[int] = []

        def still() -> bool:
            looks.append(application.sent)
            return len(looks) > 50 and looks[-1] == looks[-50]

        eventually("the server is stopped", still, 60)
        grown = resident() - before
        print(f"{len(slow)} slow readers: {grown} MiB, {application.sent >> 20} MiB sent")
        # Others are served meanwhile, on the same connection.
        assert steno.post(PATH, b"")[2] == completion("hi")
        # libcurl's window is 32 MiB a stream, and it takes what it has opened.
        assert grown < len(slow) * 40
        for s in slow:
            received = b"".join(iter(lambda s=s: s.recv(1 << 20), b""))
            assert received.endswith(b"0\r\n\r\n") and len(received) > 512 * 131072 - 1024
            s.close()
