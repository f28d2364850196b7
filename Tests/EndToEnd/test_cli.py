"""The commands that read what was recorded, on data that was really recorded; in a pipe and on a terminal."""

import datetime
import json
import os
import pty
import re
import select
import subprocess
import time

import pytest

from support.answers import completion, completion_response, question, stream, text_events, tool_events
from support.ports import free_port
from support.steno import BINARY, ENVIRONMENT, Steno, command
from support.tls import Terminator
from support.upstream import Upstream, response
from support.waiting import eventually

PATH = "/v1/chat/completions"
HOSTILE = "\x1b]0;owned\x07\x9b31m‮evil\x7f"
THREAD = "5f3f1c9e-6a51-4a7e-9d2b-0f8b1d0c7a11"
IMAGE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def answer(request):
    body = json.loads(request.body) if request.body.startswith(b"{") else {"messages": [{"content": None}]}
    said = body["messages"][-1]["content"]
    if said == "limit":
        return [response(b'{"error":{"type":"rate_limit","message":"slow down"}}', status="429 Too Many Requests")]
    if said == "weather":
        return stream(tool_events("get_weather", '{"city":', '"Paris"}'))
    if said == "hostile":
        return [completion_response(HOSTILE)]
    if body.get("stream"):
        return stream(text_events("Paris ", "it is."))
    return [completion_response(f"You said {said if isinstance(said, str) else 'something'}.")]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A Steno that runs, with nine exchanges in its store."""
    upstream = Upstream(answer)
    settings = {"upstream": upstream.url, "presets": "off", "route.b.upstream": upstream.url}
    steno = Steno(tmp_path_factory.mktemp("steno"), settings)
    thread = {"x-thread-id": THREAD}
    steno.post(PATH, question("capital?", stream=True), thread)
    steno.post(PATH, question("weather", stream=True), thread)
    steno.post(PATH, question("limit"), thread)
    steno.post(PATH, question("hostile"))
    steno.post(PATH, question("my key is ghp_" + "aB3dE5gH7jK9" * 3))
    steno.post("/b" + PATH, question("elsewhere"))
    picture = [{"type": "text", "text": "what is it?"}, {"type": "image_url", "image_url": {"url": IMAGE}}]
    steno.post(PATH, json.dumps({"model": "scripted", "messages": [{"role": "user", "content": picture}]}).encode())
    steno.post(PATH, b"\xff\xfe", {"content-type": "application/octet-stream"})
    steno.post("/v1/other?key=sk-secret-1234&page=2", question("odd path"))
    eventually("all recorded", lambda: steno.total("interactions_recorded_total") == 9)
    yield steno, upstream
    steno.stop()
    upstream.close()


def run(steno, *arguments: str) -> str:
    result = steno.command(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def by_query(steno, query: str) -> dict:
    return next(i for i in lines(run(steno, "export")) if i["input"]["query"] == query)


def identifier(interaction: dict) -> str:
    return interaction["operation_metadata"]["steno.interaction_id"]


def on_terminal(steno, columns: int, *arguments: str, seconds: float = 20, environment: dict | None = None) -> str:
    """What the command writes to a terminal of so many columns."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [BINARY, *arguments, "--config", str(steno.config)], stdin=child, stdout=child, stderr=child,
        env={**ENVIRONMENT, "COLUMNS": str(columns), "TERM": "xterm-256color", **(environment or {})},
    )  # fmt: skip
    os.close(child)
    out = b""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if select.select([parent], [], [], 0.1)[0]:
            try:
                data = os.read(parent, 65536)
            except OSError:
                break
            if not data:
                break
            out += data
    process.wait(10)
    os.close(parent)
    return out.decode().replace("\r\n", "\n")


# ---- reading ----


@pytest.mark.parametrize(
    "options, count",
    [
        ([], 9),
        (["--route", "b"], 1),
        (["--model", "SCRIPT"], 9),
        (["--status", "429"], 1),
        (["--status", "4xx"], 1),
        (["--status", "ok"], 8),
        (["--status", "error"], 1),
        (["--status", "200", "--status", "429"], 9),
        (["--thread", THREAD[:13]], 3),
        (["--thread", THREAD.replace("-", ""), "--status", "ok"], 2),
        (["--slower-than", "1h"], 0),
        (["--slower-than", "0ms"], None),
        (["--route", "none"], 0),
    ],
)
def test_tail_and_export_filter_alike(recorded, options, count):
    steno, _ = recorded
    tailed = lines(run(steno, "tail", "--no-follow", "-n", "100", "--json", *options))
    exported = lines(run(steno, "export", *options))
    assert sorted(map(identifier, tailed)) == sorted(map(identifier, exported))
    if count is not None:
        assert len(exported) == count, [i["input"]["query"] for i in exported]


@pytest.mark.parametrize(
    "options", [["--status", "teapot"], ["--slower-than", "long"], ["--since", "yesterday"], ["--format", "xml"]]
)
def test_what_is_no_filter_is_a_mistake_of_usage(recorded, options):
    result = recorded[0].command("export", *options)
    assert result.returncode == 64
    assert options[0] in result.stderr


def test_tail_follows_with_a_filter(recorded):
    steno, _ = recorded
    process = subprocess.Popen(
        [BINARY, "tail", "-n", "1", "--route", "b", "--json", "--config", str(steno.config)],
        stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    try:
        assert json.loads(process.stdout.readline())["input"]["query"] == "elsewhere"
        before = steno.total("interactions_recorded_total")
        steno.post(PATH, question("not this one"))
        steno.post("/b" + PATH, question("this one"))
        line = process.stdout.readline()
        assert json.loads(line)["input"]["query"] == "this one"
        eventually("both are there", lambda: steno.total("interactions_recorded_total") == before + 2)
    finally:
        process.terminate()
        process.wait(10)


def test_a_range_of_time(recorded):
    steno, _ = recorded
    everything = lines(run(steno, "export"))
    middle = sorted(i["start_timestamp"] for i in everything)[4]
    later = lines(run(steno, "export", "--since", middle))
    earlier = lines(run(steno, "export", "--until", middle))
    assert {i["start_timestamp"] >= middle for i in later} == {True}
    assert len(earlier) + len(later) == len(everything)
    assert len(lines(run(steno, "export", "--since", "1h"))) == len(everything)
    tomorrow = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).strftime("%Y-%m-%d")
    assert run(steno, "export", "--since", tomorrow) == ""


def test_export_formats(recorded):
    steno, _ = recorded
    jsonl = lines(run(steno, "export"))
    assert json.loads(run(steno, "export", "--format", "v4")) == jsonl
    assert json.loads(run(steno, "export", "--format", "v4", "--route", "none")) == []

    traces = lines(run(steno, "export", "--format", "otlp"))
    assert len(traces) == len(jsonl)
    span = traces[0]["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert span["name"] == "chat scripted" and int(span["startTimeUnixNano"]) > 0

    log = json.loads(run(steno, "export", "--format", "har"))["log"]
    assert log["version"] == "1.2" and log["creator"]["name"] == "steno"
    assert len(log["entries"]) == len(jsonl)
    for entry, interaction in zip(log["entries"], jsonl, strict=True):
        assert entry["startedDateTime"] == interaction["start_timestamp"]
        assert entry["time"] == interaction["duration_ms"]
        assert entry["request"]["url"].startswith("http://127.0.0.1:")
        assert entry["response"]["status"] == interaction["output"]["status"]
        assert {"send", "wait", "receive"} <= entry["timings"].keys()
        assert {"headers", "queryString", "cookies", "headersSize", "bodySize"} <= entry["request"].keys()
    odd = next(e for e in log["entries"] if "/v1/other" in e["request"]["url"])
    assert {"name": "page", "value": "2"} in odd["request"]["queryString"]
    assert "sk-secret-1234" not in json.dumps(log)


def test_threads_and_show(recorded):
    steno, _ = recorded
    threads = json.loads(run(steno, "threads", "--json"))
    assert next(t for t in threads if t["id"] == THREAD)["interactions"] == 3
    page = run(steno, "show", THREAD[:13])
    assert page.index("capital?") < page.index("Paris it is.") < page.index("get_weather") < page.index("429")
    one = by_query(steno, "capital?")
    assert json.loads(run(steno, "show", identifier(one), "--raw")) == one
    assert steno.command("show", "ffffffff").returncode == 1
    assert steno.command("show").returncode == 64


def test_the_waterfall_of_a_stream(recorded):
    steno, _ = recorded
    page = run(steno, "show", identifier(by_query(steno, "capital?")), "--waterfall")
    names = [line.split("  ")[0].strip() for line in page.splitlines()]
    assert {"DNS", "connect", "waiting", "text"} <= set(names)
    assert re.search(r"\d chunks?", page)
    assert len(run(steno, "show", THREAD, "--waterfall").split("\n\n")) == 3


def test_stats(recorded):
    steno, _ = recorded
    stats = json.loads(run(steno, "stats", "--json", "--thread", THREAD))
    assert (stats["all"]["calls"], stats["all"]["errors"]) == (3, 1)
    assert stats["all"]["time_to_first_token_ms"]["count"] == 2
    assert stats["all"]["duration_ms"]["p50"] <= stats["all"]["duration_ms"]["p99"]
    assert stats["models"]["scripted"]["calls"] == 3
    assert sum(step["calls"]["calls"] for step in stats["steps"]) == 3
    page = run(steno, "stats")
    assert "scripted" in page and "first token" in page
    assert run(steno, "stats", "--route", "none") == "no interactions\n"


# ---- the terminal ----


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize(
    "arguments",
    [["threads"], ["show", THREAD], ["stats"], ["tail", "--no-follow", "-n", "100"], ["show", THREAD, "--waterfall"],
     ["doctor"]],
    ids=lambda a: " ".join(a[:1]),
)  # fmt: skip
def test_what_is_written_to_a_terminal_fits_it_and_does_not_steer_it(recorded, columns, arguments):
    text = on_terminal(recorded[0], columns, *arguments)
    assert "\x1b[" in text, "there are colours"
    plain = re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain)
    assert max(map(len, plain.splitlines())) <= columns, max(plain.splitlines(), key=len)


def test_colours_are_off_where_nobody_wants_them(recorded):
    steno, _ = recorded
    assert "\x1b" not in run(steno, "threads")
    assert "\x1b" not in on_terminal(steno, 80, "threads", environment={"NO_COLOR": "1"})
    assert "\x1b" not in on_terminal(steno, 80, "threads", environment={"TERM": "dumb"})


@pytest.mark.parametrize("arguments", [["export"], ["tail", "--no-follow", "--json"], ["export", "--format", "har"]])
def test_json_keeps_what_was_said_and_escapes_what_steers_terminals(recorded, arguments):
    steno, _ = recorded
    text = run(steno, *arguments)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert "\\u009b31m" in text
    assert any(i["output"]["response"] == HOSTILE for i in lines(run(steno, "export")))


# ---- replay ----


def test_replay_sends_the_same_and_finds_the_same(recorded):
    steno, upstream = recorded
    before = len(upstream.requests)
    one = by_query(steno, "capital?")
    report = json.loads(run(steno, "replay", identifier(one), "--json"))
    sent = upstream.requests[before]
    assert sent.target == PATH
    assert json.loads(sent.body) == one["input"]["request"]["body"]
    assert report["is_same"] is True
    assert report["now"]["response"] == report["recorded"]["response"] == "Paris it is."
    assert "the answers are the same" in run(steno, "replay", identifier(one))


def test_replay_to_another_server_shows_the_difference(recorded):
    steno, _ = recorded
    other = Upstream(lambda _: [response(completion("Lyon\nit is."))])
    try:
        one = identifier(by_query(steno, "capital?"))
        key = steno.folder / "headers"
        key.write_text("Authorization: Bearer from-the-file\n")
        page = run(steno, "replay", one, "--to", other.url + "/base", "--header-file", str(key))
        assert other.requests[0].target == "/base" + PATH
        assert other.requests[0].header("authorization") == "Bearer from-the-file"
        assert "the answers differ" in page and "- Paris it is." in page and "+ Lyon" in page
        weather = identifier(by_query(steno, "weather"))
        report = json.loads(run(steno, "replay", weather, "--to", other.url, "--json"))
        assert report["recorded"]["tool_calls"][0]["name"] == "get_weather" and report["now"]["tool_calls"] == []
    finally:
        other.close()


def test_replay_says_what_is_missing(recorded):
    steno, upstream = recorded
    secret = next(i for i in lines(run(steno, "export")) if i["input"]["query"].startswith("my key is"))
    result = steno.command("replay", identifier(secret))
    assert result.returncode == 0 and "1 place of the request is redacted" in result.stderr
    picture = next(i for i in lines(run(steno, "export")) if i["input"]["query"] == "what is it?")
    result = steno.command("replay", identifier(picture))
    assert result.returncode == 1 and "only digests are kept" in result.stderr
    binary = next(i for i in lines(run(steno, "export")) if "sha256" in json.dumps(i["input"]["request"].get("body")))
    assert steno.command("replay", identifier(binary)).returncode == 1
    odd = by_query(steno, "odd path")
    before = len(upstream.requests)
    steno.command("replay", identifier(odd))
    assert upstream.requests[before].target == "/v1/other?page=2"


def test_replay_that_reaches_nobody(recorded):
    steno, _ = recorded
    one = identifier(by_query(steno, "capital?"))
    result = steno.command("replay", one, "--to", f"http://127.0.0.1:{free_port()}")
    assert result.returncode == 1 and "can't be reached" in result.stderr
    assert steno.command("replay", one, "--to", "nowhere").returncode == 64
    assert steno.command("replay", "ffffffff").returncode == 1


# ---- doctor ----


def checks(result: subprocess.CompletedProcess[str]) -> dict[str, dict]:
    return {c["check"]: c for c in json.loads(result.stdout)["checks"]}


def test_doctor_of_a_steno_that_runs(recorded):
    steno, _ = recorded
    result = steno.command("doctor", "--json")
    found = checks(result)
    assert result.returncode == 0, result.stdout
    assert found["listen"]["finding"].startswith("Steno listens on")
    assert found["console.listen"]["finding"] == "Steno runs, and is ready"
    assert found["store"]["verdict"] == "ok"
    assert found["upstream default"]["verdict"] == found["upstream b"]["verdict"] == "ok"


def test_doctor_asks_for_readiness(recorded, tmp_path):
    steno, _ = recorded
    result = steno.command("doctor", "--ready")
    assert (result.returncode, result.stdout) == (0, "ready\n")
    nobody = command("doctor", "--ready", "--set", f"console.listen=127.0.0.1:{free_port()}")
    assert nobody.returncode == 1 and "nothing answers there" in nobody.stderr
    assert command("doctor", "--ready", "--set", "console.listen=off").returncode == 1


def test_doctor_of_what_is_wrong(tmp_path, collector, tls_terminator):
    collector.down()
    config = tmp_path / "steno.conf"
    config.write_text(
        f"listen = {address(tls_terminator)}\nconsole.listen = off\npresets = off\n"
        f"upstream = http://127.0.0.1:{free_port()}\nroute.tls.upstream = {tls_terminator.url}\n"
        f"sink.s.kind = v4\nsink.s.url = {collector.url}\nstore = sqlite:{tmp_path}/none/steno.db\n"
    )
    result = command("doctor", "--json", "--config", str(config))
    found = checks(result)
    assert result.returncode == 1
    assert "another process listens there" in found["listen"]["finding"]
    assert "stop it" in found["listen"]["advice"]
    assert found["store"]["verdict"] == "failure" and "folder" in found["store"]["advice"]
    assert found["upstream default"]["verdict"] == found["sink s"]["verdict"] == "failure"
    assert "route.tls.tls.ca_file" in found["upstream tls"]["advice"]
    page = command("doctor", "--config", str(config)).stdout
    assert page.count("✗") == 5 and "→" in page

    config.write_text("lisen = 1\nstore = nowhere\n")
    result = command("doctor", "--config", str(config))
    assert result.returncode == 1 and "steno.conf:1" in result.stdout and "steno.conf:2" in result.stdout


def address(server) -> str:
    return server.url.split("//")[1].split("/")[0]


@pytest.fixture
def tls_terminator(authority):
    with_nobody = Terminator(authority, ("127.0.0.1", free_port()))
    yield with_nobody
    with_nobody.close()


def test_completions_and_help():
    for shell in ("bash", "zsh", "fish"):
        result = command("--generate-completion-script", shell)
        assert result.returncode == 0 and "replay" in result.stdout
    help = command("help", "export").stdout
    assert "--since" in help and "har" in help
