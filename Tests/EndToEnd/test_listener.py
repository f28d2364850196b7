"""Where and how Steno listens: TLS, Unix sockets, tokens, limits and time-outs towards the app."""

import contextlib
import http.client
import os
import signal
import socket
import ssl
import stat
import subprocess
import threading

import openai
import pytest

from support.answers import completion_response
from support.http2_client import trusting
from support.ports import free_port
from support.steno import command
from support.tls import Authority
from support.upstream import Wait, response
from support.waiting import eventually


def tls(authority: Authority) -> dict[str, object]:
    return {"listen.tls.cert_file": authority.server_file, "listen.tls.key_file": authority.server_file}


def curl(*arguments: str) -> tuple[str, bytes]:
    """The HTTP version that was spoken, and the answer's body."""
    result = subprocess.run(
        ["curl", "-sS", "-m", "20", "-w", "\n%{http_version} %{http_code}", *arguments], capture_output=True, timeout=30
    )
    assert result.returncode == 0, result.stderr
    body, _, last = result.stdout.rpartition(b"\n")
    return last.decode(), body


def serves(steno, authority: Authority) -> bool:
    """On a connection of its own, with a certificate that this authority vouches for."""
    connection = http.client.HTTPSConnection(
        "localhost", steno.address()[1], context=trusting(authority.ca_file), timeout=10
    )
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except ssl.SSLError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize("version,spoken", [("--http1.1", "1.1"), ("--http2", "2")])
def test_curl_speaks_tls(version, spoken, authority, start_steno, upstream, collector):
    source = upstream(lambda request: [response(request.body)])
    steno = start_steno(source.url, collector, tls(authority))
    body = b"x" * 100_000
    url = f"https://localhost:{steno.address()[1]}/v1/echo"
    found = curl(version, "--cacert", str(authority.ca_file), "--data-binary", body.decode(), url)
    assert found == (f"{spoken} 200", body)
    assert collector.wait_for(1)[0]["operation_metadata"]["steno.outcome"] == "complete"


@pytest.mark.parametrize("http2", [False, True])
def test_an_sdk_speaks_tls(http2, authority, start_steno, upstream, collector):
    steno = start_steno(upstream(lambda _: [completion_response("Bonjour")]).url, collector, tls(authority))
    versions = []
    client = openai.OpenAI(
        base_url=f"https://localhost:{steno.address()[1]}/v1", api_key="none", max_retries=0,
        http_client=openai.DefaultHttpxClient(
            http2=http2, verify=trusting(authority.ca_file),
            event_hooks={"response": [lambda answer: versions.append(answer.http_version)]},
        ),
    )  # fmt: skip
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    assert answer.choices[0].message.content == "Bonjour"
    assert versions == ["HTTP/2" if http2 else "HTTP/1.1"]
    assert collector.wait_for(1)[0]["output"]["response"] == "Bonjour"


def test_what_is_too_old_or_no_tls_gets_nothing(authority, start_steno, upstream):
    steno = start_steno(upstream(lambda _: [response(b"ok")]).url, None, tls(authority))
    old = trusting(authority.ca_file)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)), socket.create_connection(steno.address(), 10) as plain:
        old.wrap_socket(plain, server_hostname="localhost")
    with socket.create_connection(steno.address(), 10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert b"200" not in plain.recv(1000)
    assert serves(steno, authority)


def test_a_handshake_that_never_comes_is_given_up(authority, start_steno, upstream):
    steno = start_steno(upstream(lambda _: []).url, None, {**tls(authority), "client.timeout.header": "300ms"})
    with socket.create_connection(steno.address(), 10) as silent:
        assert silent.recv(1) == b""


def test_a_new_certificate_is_for_new_connections(authority, start_steno, upstream, tmp_path):
    own = tmp_path / "identity.pem"
    own.write_bytes(authority.server_file.read_bytes())
    steno = start_steno(upstream(lambda _: [response(b"ok")]).url, None, {"listen.tls.cert_file": own, "listen.tls.key_file": own})

    kept = http.client.HTTPSConnection("localhost", steno.address()[1], context=trusting(authority.ca_file), timeout=10)
    kept.request("GET", "/")
    assert kept.getresponse().read() == b"ok"

    other = tmp_path / "other"
    other.mkdir()
    next_authority = Authority(other)
    own.write_bytes(b"nonsense")
    steno.process.send_signal(signal.SIGHUP)
    eventually("the bad file is told", lambda: "holds no certificate" in steno.log.read_text())
    assert serves(steno, authority)
    own.write_bytes(next_authority.server_file.read_bytes())
    steno.process.send_signal(signal.SIGHUP)
    eventually("the new certificate is served", lambda: serves(steno, next_authority))
    kept.request("GET", "/")
    assert kept.getresponse().read() == b"ok"


def test_a_key_of_another_certificate_stops_the_start(authority, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Authority(folder)
    result = command(
        "check", "--set", f"listen.tls.cert_file={authority.server_file}", "--set", f"listen.tls.key_file={other.server_file}"
    )
    assert result.returncode == 1
    assert f"the key in `{other.server_file}` does not belong to the first certificate in `{authority.server_file}`" in (
        result.stderr + result.stdout
    )


def test_a_unix_socket(start_steno, upstream, tmp_path):
    path, address = tmp_path / "s.sock", f"127.0.0.1:{free_port()}"
    steno = start_steno(
        upstream(lambda _: [response(b"ok")]).url, None, {"listen": f"unix:{path}, {address}", "listen.mode": "0600"}
    )
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert curl("--unix-socket", str(path), "http://steno/v1/x") == ("1.1 200", b"ok")
    assert curl(f"http://{address}/v1/x") == ("1.1 200", b"ok")

    second = command("serve", "--set", f"listen=unix:{path}", "--set", "console.listen=off", "--set", f"store=sqlite:{tmp_path}/b.db")
    assert second.returncode == 1 and "another process listens there" in second.stderr
    # What a killed process leaves behind is in nobody's way.
    steno.kill()
    assert path.exists()
    steno.start()
    assert curl("--unix-socket", str(path), "http://steno/v1/x") == ("1.1 200", b"ok")
    assert steno.stop() == 0
    assert not path.exists()


def test_a_file_that_is_no_socket_stays(tmp_path):
    path = tmp_path / "precious"
    path.write_text("keep me")
    result = command("serve", "--set", f"listen=unix:{path}", "--set", "console.listen=off", "--set", f"store=sqlite:{tmp_path}/a.db")
    assert result.returncode == 1 and "something that is no socket lies there" in result.stderr
    assert path.read_text() == "keep me"


def test_a_token_is_required_and_kept(start_steno, upstream, collector, tmp_path):
    file = tmp_path / "token"
    file.write_text("s3cr3t-t0ken\n")
    source = upstream(lambda _: [response(b"ok")])
    steno = start_steno(source.url, collector, {"listen.token_file": file})
    for headers in ({}, {"x-steno-token": "s3cr3t"}):
        status, answer, _ = steno.post("/", b"", headers)
        assert (status, answer["x-steno-error"]) == (401, "unauthorized")
    assert steno.post("/", b"", {"x-steno-token": "s3cr3t-t0ken"})[0] == 200
    assert source.request().header("x-steno-token") is None
    collector.wait_for(1)
    assert all(b"s3cr3t" not in content for content in steno.files().values())
    file.write_text("\n")
    result = command("serve", "--set", f"listen.token_file={file}", "--set", f"store=sqlite:{tmp_path}/b.db")
    assert result.returncode == 1 and "is empty" in result.stderr


def test_a_connection_too_many_is_told_why(start_steno, upstream):
    never = threading.Event()
    steno = start_steno(upstream(lambda _: [Wait(never)]).url, None, {"limits.connections": 2})
    held = [socket.create_connection(steno.address(), 10) for _ in range(2)]
    for each in held:
        each.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")

    def refused() -> bool:
        with socket.create_connection(steno.address(), 10) as one:
            return b"x-steno-error: too_many_connections" in one.recv(1000)

    eventually("the third is refused", refused)
    held.pop().close()

    def served() -> bool:
        connection = http.client.HTTPConnection(steno.host, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException):  # Closed, as one too many.
            connection.request("CONNECT", "x:1")
            return connection.getresponse().status == 501
        return False

    eventually("there is room again", served)


@pytest.mark.parametrize(
    "sent,status",
    [
        (b"GET / HTTP/1.1\r\nHost:", 408),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab", 408),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 408),
        (b"GET / HTTP/1.1\r\nHost: h\r\n" + b"a: b\r\n" * 300 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: h\r\na: " + b"b" * 70_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n", 413),
    ],
)
def test_limits_have_their_status(sent, status, start_steno, upstream):
    steno = start_steno(
        upstream(lambda _: []).url, None,
        {"client.timeout.header": "300ms", "client.timeout.body": "300ms", "limits.body": "1KiB"},
    )  # fmt: skip
    with socket.create_connection(steno.address(), 20) as app:
        app.sendall(sent)
        answer = b""
        while piece := app.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nx-steno-error: " in answer and b"\r\nconnection: close\r\n" in answer


def test_an_app_that_takes_nothing_is_given_up(start_steno, upstream, collector):
    size, piece = 256 << 20, b"x" * 65536
    big = [b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size, *[piece] * (size // len(piece))]
    source = upstream(lambda _: big)
    steno = start_steno(source.url, collector, {"client.timeout.body": "500ms", "capture.max_body": "1KiB"})
    with socket.create_connection(steno.address(), 20) as app:
        app.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert source.request().gone.wait(20)
        assert collector.wait_for(1)[0]["operation_metadata"]["steno.outcome"] == "timed_out"


def test_an_app_that_reads_slowly_gets_the_end(start_steno, upstream):
    """The answer's end lies in Steno's own buffers when the upstream has finished, and longer than idle connections may."""
    size = 12 << 20
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % size
    steno = start_steno(
        upstream(lambda _: [head, b"x" * size]).url, None, {"client.timeout.keep_alive": "300ms", "client.timeout.body": "2s"}
    )
    with socket.socket() as app:
        app.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        app.settimeout(20)
        app.connect(steno.address())
        app.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        got, pause = 0, threading.Event()
        while piece := app.recv(131_072):
            got += len(piece)
            pause.wait(0.03)
    assert got > size
