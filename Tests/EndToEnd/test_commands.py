"""Bad configuration and the commands: a clear message, and the exit status that says whose fault it was."""

import json
import socket
import subprocess

import pytest

from support.answers import completion_response, question
from support.ports import free_port
from support.steno import BINARY, ENVIRONMENT, command
from support.waiting import eventually


def serve(tmp_path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Starts Steno on a configuration that must keep it from starting."""
    (tmp_path / "steno.conf").write_text(text)
    return subprocess.run(
        [BINARY, "serve", "--config", "steno.conf", *more],
        cwd=tmp_path, capture_output=True, text=True, timeout=20, env=ENVIRONMENT,
    )  # fmt: skip


def test_all_errors_of_a_configuration_are_told_at_once(tmp_path):
    text = "# a comment\nlisen = 127.0.0.1:0\nupstream = not a url\ndrain.timeout = soon\ncapture.max_body = 16MiB\n"
    for result in (serve(tmp_path, text), command("check", "--config", str(tmp_path / "steno.conf"))):
        assert result.returncode == 1
        said = result.stderr + result.stdout
        assert "steno.conf:2:" in said and "lisen" in said and "listen" in said.replace("lisen ", "")
        assert "steno.conf:3:" in said
        assert "steno.conf:4:" in said
        assert "steno.conf:5:" not in said
        assert "Fatal error" not in said


def test_a_setting_that_is_wrong_on_the_command_line(tmp_path):
    result = serve(tmp_path, "upstream = http://127.0.0.1:1\n", "--set", "capture.madness=on")
    assert result.returncode == 1
    assert "capture.madness" in result.stderr


def test_an_option_that_is_unknown(tmp_path):
    assert serve(tmp_path, "", "--no-such-option").returncode == 64


def test_a_configuration_file_that_is_not_there(tmp_path):
    result = command("serve", "--config", str(tmp_path / "none.conf"))
    assert result.returncode == 1
    assert "none.conf" in result.stderr


@pytest.mark.parametrize("name", ["listen", "console.listen"])
def test_a_port_in_use(name, tmp_path):
    settings = {"listen": f"127.0.0.1:{free_port()}", "console.listen": f"127.0.0.1:{free_port()}"}
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings[name] = f"127.0.0.1:{port}"
        result = serve(tmp_path, "".join(f"{k} = {v}\n" for k, v in settings.items()))
    assert result.returncode == 1
    assert f"127.0.0.1:{port}: another process listens there" in result.stderr
    assert f"`{name}`" in result.stderr


@pytest.mark.parametrize("where", ["/dev/null/steno.db", "missing-folder/steno.db", "/proc/steno.db"])
def test_a_store_that_can_not_be_written(where, tmp_path):
    text = f"listen = 127.0.0.1:{free_port()}\nconsole.listen = off\nstore = sqlite:{where}\n"
    result = serve(tmp_path, text)
    assert result.returncode == 1
    assert where.rsplit("/", 1)[0] in result.stderr


def test_a_store_that_is_no_database(tmp_path):
    (tmp_path / "steno.db").write_bytes(b"this is no database, and someone may want it back" * 100)
    result = serve(tmp_path, f"listen = 127.0.0.1:{free_port()}\nconsole.listen = off\nstore = sqlite:steno.db\n")
    assert result.returncode == 1
    assert "steno.db" in result.stderr
    assert (tmp_path / "steno.db").read_bytes().startswith(b"this is no database")


def test_without_proc_it_says_so():
    """Swift finds a program's arguments there."""
    with open(BINARY, "rb") as file:
        if file.read(4) != b"\x7fELF":
            pytest.skip("the script that starts it mounts /proc itself")
    hidden = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
    if subprocess.run([*hidden, "true"], capture_output=True).returncode:
        pytest.skip("SKIPPED: mounting over /proc needs root")
    result = subprocess.run([*hidden, BINARY, "version"], capture_output=True, text=True, timeout=20, env=ENVIRONMENT)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "steno: the command's arguments can't be read: /proc is not mounted\n"


def test_check_prints_the_effective_configuration_with_secrets_masked(tmp_path):
    config = tmp_path / "steno.conf"
    config.write_text(
        "upstream = https://llm.example.com/base\nroute.default.set_header.Authorization = Bearer wUjB0c9sYqPz\n"
    )
    result = command("check", "--config", str(config), "--set", "drain.timeout=7s")
    assert result.returncode == 0, result.stderr
    assert "7s" in result.stdout and "llm.example.com" in result.stdout
    assert "wUjB0c9sYqPz" not in result.stdout + result.stderr

    config.write_text("upstream = https://user:wUjB0c9sYqPz@llm.example.com/base\n")
    result = command("check", "--config", str(config))
    assert result.returncode == 1 and "steno.conf:1:" in result.stderr
    assert "wUjB0c9sYqPz" not in result.stdout + result.stderr


def test_redact_shows_what_would_be_logged():
    card, key = "ghp_" + "aB3dE5gH7jK9" * 3, "AKIA" + "Q3EGRJPTW5KZ" + "N7XM"
    result = command("redact", stdin=json.dumps({"token": card, "text": f"the key {key} is mine"}))
    assert result.returncode == 0, result.stderr
    assert card not in result.stdout and key not in result.stdout
    assert "the key [REDACTED:" in result.stdout
    lines = command("redact", "--lines", stdin=json.dumps({"id": "1", "text": f"use {key}!"}) + "\n")
    answer = json.loads(lines.stdout)
    assert answer["id"] == "1" and answer["text"].startswith("use [REDACTED:") and answer["text"].endswith("!")


def test_version():
    result = command("version")
    assert result.returncode == 0 and result.stdout.strip()


def test_health_readiness_and_metrics(upstream, collector, start_steno):
    steno = start_steno(upstream(lambda _: [completion_response("fine")]).url, collector)
    assert steno.get_console("/healthz")[0] == steno.get_console("/readyz")[0] == 200
    for n in range(3):
        steno.post("/v1/chat/completions", question(f"question {n}"))
    collector.wait_for(3)
    eventually("delivered", lambda: steno.total("interactions_delivered_total", sink="test") == 3)
    eventually("tokens are counted, last of all", lambda: steno.total("tokens_total", direction="output") == 9)
    assert steno.total("exchanges_total", route="default", outcome="complete") == 3
    assert steno.total("interactions_recorded_total") == 3
    assert steno.total("tokens_total", direction="input") == 21
    assert steno.total("upstream_duration_seconds_count") == 3
    text = steno.get_console("/metrics")[1].decode()
    assert "# TYPE steno_exchanges_total counter" in text


def test_no_route_and_connect(start_steno, upstream):
    steno = start_steno(settings={"route.only.upstream": upstream(lambda _: []).url})
    status, headers, body = steno.post("/elsewhere", b"{}")
    assert status == 404 and headers["x-steno-error"]
    assert json.loads(body)["error"]["type"] == "steno_error"
    with socket.create_connection(steno.address(), 10) as s:
        s.sendall(b"CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n")
        answer = s.recv(65536)
        assert answer.startswith(b"HTTP/1.1 501")
