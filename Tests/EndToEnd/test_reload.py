"""SIGHUP: other routes, rules and sinks while connections are open; a bad file changes nothing. SIGTERM, twice."""

import http.client
import json
import signal
import threading

from support.answers import completion_response, question
from support.collector import Collector
from support.upstream import LAST_CHUNK, STREAM_HEAD, Wait, chunk
from support.waiting import eventually

PATH = "/v1/chat/completions"


def ask(connection: http.client.HTTPConnection, text: str) -> str:
    connection.request("POST", PATH, question(text), {"content-type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 200
    return json.loads(answer.read())["choices"][0]["message"]["content"]


def test_routes_change_without_a_connection_dropped(upstream, collector, start_steno):
    go_on = threading.Event()

    def slow(request):
        yield STREAM_HEAD + chunk(b"data: 1\n\n")
        yield Wait(go_on)
        yield chunk(b"data: 2\n\n") + LAST_CHUNK

    one = upstream(lambda _: [completion_response("one")])
    two = upstream(lambda _: [completion_response("two")])
    three = upstream(slow)
    steno = start_steno(one.url, collector, {"route.slow.upstream": three.url})
    kept = http.client.HTTPConnection(steno.host, timeout=20)
    assert ask(kept, "who?") == "one"
    open_socket = kept.sock

    running = http.client.HTTPConnection(steno.host, timeout=20)
    running.request("GET", "/slow/")
    answer = running.getresponse()
    assert answer.read(9) == b"data: 1\n\n"

    assert "reloaded" in steno.reload({"upstream": two.url, "route.slow.upstream": None})
    assert ask(kept, "who now?") == "two"
    assert kept.sock is open_socket, "the connection is the same"
    go_on.set()
    assert answer.read() == b"data: 2\n\n"
    steno.post("/slow/", b"")
    assert two.requests[-1].target == "/slow/", "the route is gone: its path is the default's"

    routes = [i["operation_metadata"]["steno.route"] for i in collector.wait_for(4)]
    assert sorted(routes) == ["default", "default", "default", "slow"]


def test_redaction_rules_change(upstream, collector, start_steno):
    steno = start_steno(upstream(lambda _: [completion_response("fine")]).url, collector)
    steno.post(PATH, question("the word is xyzzy"))
    steno.reload({"redact.pattern.magic": "xy[z]+y"})
    steno.post(PATH, question("the word is xyzzy"))
    queries = [i["input"]["query"] for i in collector.wait_for(2)]
    assert sorted(queries) == ["the word is [REDACTED:pattern:magic]", "the word is xyzzy"]


def test_sinks_come_and_go(upstream, collector, start_steno, tmp_path):
    second = Collector()
    key = tmp_path / "second-key"
    key.write_text(Collector.KEY)
    steno = start_steno(upstream(lambda _: [completion_response("fine")]).url, collector)
    steno.post(PATH, question("first"))
    collector.wait_for(1)
    steno.reload({"sink.second.kind": "v4", "sink.second.url": second.url, "sink.second.api_key_file": key})
    steno.post(PATH, question("second"))
    collector.wait_for(2)
    eventually("the new sink has it", lambda: "second" in [i["input"]["query"] for i in second.interactions])
    steno.reload({"sink.second.kind": None, "sink.second.url": None, "sink.second.api_key_file": None})
    steno.post(PATH, question("third"))
    collector.wait_for(3)
    assert "third" not in [i["input"]["query"] for i in second.interactions]
    second.down()


def test_a_bad_file_changes_nothing_and_says_so(upstream, collector, start_steno):
    steno = start_steno(upstream(lambda _: [completion_response("as before")]).url, collector)
    kept = http.client.HTTPConnection(steno.host, timeout=20)
    assert ask(kept, "who?") == "as before"
    said = steno.reload({"upstream": "nonsense", "redact.feild.x": "mask"})
    assert "the configuration can't be used; all goes on as before" in said
    assert "redact.feild.x" in said and "steno.conf:" in said
    assert ask(kept, "who?") == "as before"
    anew = upstream(lambda _: [completion_response("anew")])
    assert "reloaded" in steno.reload({"upstream": anew.url, "redact.feild.x": None})
    assert ask(kept, "who?") == "anew"


def test_what_only_a_restart_changes_is_said(upstream, collector, start_steno):
    steno = start_steno(upstream(lambda _: [completion_response("fine")]).url, collector)
    said = steno.reload({"workers": 3, "store": "sqlite:elsewhere.db"})
    assert "changes of these keys need a restart" in said and "workers, store" in said
    assert steno.post(PATH, question("still there?"))[0] == 200


def test_a_second_sigterm_ends_at_once(upstream, collector, start_steno):
    never = threading.Event()
    steno = start_steno(
        upstream(lambda _: [STREAM_HEAD + chunk(b"data: 1\n\n"), Wait(never)]).url, collector, {"drain.timeout": "10m"}
    )
    running = http.client.HTTPConnection(steno.host, timeout=20)
    running.request("GET", "/")
    assert running.getresponse().read(9) == b"data: 1\n\n"
    steno.process.send_signal(signal.SIGTERM)
    eventually("it drains", lambda: steno.get_console("/readyz")[0] == 503)
    process = steno.process
    assert steno.stop(seconds=5) == 1
    assert process.poll() == 1
    assert "stopped at once" in steno.log.read_text()
    never.set()
