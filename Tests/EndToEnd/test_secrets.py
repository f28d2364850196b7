"""Nothing leaks: a planted key is in no file that Steno wrote, nothing that it sent to the sink, no log and no page."""

import base64
import http.client
import json
import threading
import time

import pytest

from support.answers import completion_response, event, question, stream, text_events, tool_events
from support.hunt import everywhere, key, leaks, shown
from support.upstream import STREAM_HEAD, Close, Reset, Wait, chunk, response
from support.waiting import eventually

PATH = "/v1/chat/completions"


SECRETS = {
    place: key(place)
    for place in (
        "authorization",
        "x-api-key",
        "header",
        "url",
        "prompt",
        "stream",
        "tool",
        "nested",
        "answer",
        "metadata",
    )
}


def test_planted_keys_are_nowhere_and_traffic_is_unchanged(upstream, collector, start_steno):
    s = SECRETS
    half = len(s["stream"]) // 2
    split_stream = stream(text_events("your key is ", s["stream"][:half], s["stream"][half:], ", keep it"))
    arguments = json.dumps({"url": "https://example.com", "api_token": s["tool"], "note": "use " + s["tool"]})
    split_call = stream(tool_events("fetch", arguments[:40], arguments[40:90], arguments[90:]))
    scripts = {"stream": split_stream, "tool": split_call, "plain": [completion_response("it is " + s["answer"])]}

    def script(request):
        yield from scripts[json.loads(request.body)["metadata"]["script"]]

    up = upstream(script)
    steno = start_steno(up.url, collector, {"log.level": "trace"})
    target = f"{PATH}?api_key={s['url']}&limit=3&next=https%3A%2F%2Fu%3A{s['url']}%40example.com"
    headers = {
        "authorization": f"Bearer {s['authorization']}",
        "x-api-key": s["x-api-key"],
        "x-unheard-of": s["header"],
        "x-steno-metadata": f"team=blue, credential={s['metadata']}",
    }
    nested = json.dumps({"deep": json.dumps({"value": s["nested"]})}).replace("-", "\\u002d")
    seen = {}
    for name in scripts:
        body = question(
            f"Please use {s['prompt']} for this", stream=name != "plain", metadata={"script": name}, user=nested
        )
        status, _, answer = steno.post(target, body, headers)
        seen[name] = (body, status, answer)

    # Traffic is unchanged, both ways.
    for request, (body, status, _) in zip(up.requests, seen.values(), strict=True):
        assert status == 200
        assert request.target == target
        assert request.body == body
        assert request.header("authorization") == headers["authorization"]
        assert request.header("x-unheard-of") == s["header"]
        assert request.header("x-steno-metadata") is None
    assert seen["stream"][2] == b"".join(
        text_events("your key is ", s["stream"][:half], s["stream"][half:], ", keep it")
    )
    assert seen["tool"][2] == b"".join(tool_events("fetch", arguments[:40], arguments[40:90], arguments[90:]))

    interactions = collector.wait_for(3)
    assert leaks(s, everywhere(steno, collector)) == []
    assert leaks(s, shown(steno, collector)) == []

    # What is left still makes sense.
    assert all("[REDACTED:" in i["input"]["query"] and i["input"]["query"].endswith("for this") for i in interactions)
    texts = [i["output"]["response"] for i in interactions]
    assert any(t.startswith("your key is [REDACTED:") and t.endswith(", keep it") for t in texts), texts
    call = next(c for i in interactions for c in i["output"].get("tool_calls", []))
    assert call["name"] == "fetch" and call["arguments"]["url"] == "https://example.com"
    assert all("limit=3" in i["input"]["request"]["path"] for i in interactions)
    assert all(i["operation_metadata"]["team"] == "blue" for i in interactions)
    assert all(i["operation_metadata"]["steno.redactions"] for i in interactions)

    assert steno.stop() == 0
    assert leaks(s, steno.files()) == []


def test_an_exchange_that_still_runs_leaks_nothing(upstream, collector, start_steno):
    """One that runs longer than a second has an open row; its half key is not yet recognisable as one."""
    secret = key("open")
    gate = threading.Event()

    def script(request):
        steps = stream(text_events(secret[:50], secret[50:]))
        yield from steps[:3]
        yield Wait(gate)
        yield from steps[3:]

    steno = start_steno(upstream(script).url, collector)
    connection = http.client.HTTPConnection(steno.host, timeout=30)
    connection.request("POST", f"{PATH}?key={secret}", question(f"my key: {secret}", stream=True))
    response = connection.getresponse()
    body = response.read1()
    # The row is written within this time; there is no outside sign of it, so all of the time is looked at.
    until = time.monotonic() + 2
    while time.monotonic() < until:
        assert leaks({"open": secret}, everywhere(steno, collector)) == []
    gate.set()
    body += response.read()
    assert body == b"".join(text_events(secret[:50], secret[50:]))
    collector.wait_for(1)
    assert leaks({"open": secret}, everywhere(steno, collector)) == []


def encoded(secret: str) -> str:
    """The key in the forms that a redactor must see through."""
    forms = [
        base64.b64encode(f"the key is {secret}, keep it".encode()).decode(),
        base64.b64encode(f"the key is {secret}, keep it".encode("utf-16-le")).decode(),
        f"the key is {secret}".encode().hex(),
        "".join(f"%{byte:02x}" for byte in f"key={secret}".encode()),
    ]
    return "decode " + " and ".join(forms) + " please"


WAYS = ("whole", "stream", "error", "refused", "reset", "cut", "gone")


def script_of(ways: dict[str, str], gate: threading.Event):
    """One way of answering for each key: a success, a failure, or something between."""

    def script(request):
        way = json.loads(request.body)["metadata"]["way"]
        secret = ways[way]
        half = len(secret) // 2
        events = text_events("your key is ", secret[:half], secret[half:], ", keep it")
        if way == "whole":
            yield completion_response("it is " + secret)
        elif way == "stream":
            yield from stream(events)
        elif way == "error":
            failure = json.dumps({"error": {"message": f"bad key {secret}", "param": secret}})
            yield response(failure.encode(), status="401 Unauthorized", more=f"x-echo: {secret}\r\n")
        elif way == "refused":
            yield response(f"<p>{secret} is unknown here</p>".encode(), "text/html", "502 Bad Gateway")
        elif way == "reset":
            yield STREAM_HEAD + b"".join(chunk(e) for e in events[:3])
            yield Reset()
        elif way == "cut":
            # In the middle of an event's JSON, and of the key.
            yield STREAM_HEAD + chunk(events[0]) + chunk(event({"content": secret})[:90])
            yield Close()
        else:
            yield STREAM_HEAD + b"".join(chunk(e) for e in events[:3])
            yield Wait(gate)

    return script


def send(steno, way: str, secret: str) -> None:
    headers = {"authorization": f"Bearer {secret}", "x-steno-metadata": f"credential={secret}", "content-type": "application/json"}
    body = question(encoded(secret), stream=way not in ("whole", "error"), metadata={"way": way, "note": secret})
    connection = http.client.HTTPConnection(steno.host, timeout=30)
    try:
        connection.request("POST", f"{PATH}?key={secret}", body, headers)
        answer = connection.getresponse()
        if way == "gone":
            answer.read1()
        else:
            answer.read()
    except (http.client.HTTPException, OSError):
        assert way in ("reset", "cut")
    finally:
        connection.close()


def test_keys_of_exchanges_of_all_ends_stay_out_through_reload_and_crash(upstream, collector, start_steno):
    """Success, failure, cut streams and clients that leave; other rules, a bad file, and a kill in the middle of it all."""
    before = {way: key(f"{way} before") for way in WAYS}
    after = {way: key(f"{way} after") for way in WAYS}
    running = key("running")
    secrets = {f"{way} {when}": k for when, ks in (("before", before), ("after", after)) for way, k in ks.items()}
    secrets["running"] = running
    gate = threading.Event()
    current = dict(before)

    def script(request):
        return script_of({**current, "running": running}, gate)(request)

    steno = start_steno(upstream(script).url, collector, {"log.level": "trace"})
    for way, secret in before.items():
        send(steno, way, secret)
    collector.wait_for(len(WAYS))
    assert leaks(secrets, everywhere(steno, collector)) == []
    assert leaks(secrets, shown(steno, collector)) == []

    # A stream runs on through new rules and through a file that can't be used.
    connection = http.client.HTTPConnection(steno.host, timeout=30)
    connection.request(
        "POST", f"{PATH}?key={running}", question(running, stream=True, metadata={"way": "running"}),
        {"authorization": f"Bearer {running}"},
    )  # fmt: skip
    connection.getresponse().read1()
    assert "reloaded" in steno.reload({"redact.detect.pii": "mask", "redact.field.note": "last4"})
    assert "can't be used" in steno.reload({"redact.pattern.bad": "("})
    assert "reloaded" in steno.reload({"redact.pattern.bad": None})
    current.update(after)
    for way, secret in after.items():
        send(steno, way, secret)
    # Some of these are not yet stored, one still runs and has an open row: killed as it is.
    steno.kill()
    assert leaks(secrets, steno.files()) == []
    gate.set()
    connection.close()

    steno.start()
    current["whole"] = key("last")
    send(steno, "whole", current["whole"])
    eventually("the last one is there", lambda: any(i["output"]["status"] == 200 for i in collector.interactions[len(WAYS):]))
    secrets["last"] = current["whole"]
    assert leaks(secrets, everywhere(steno, collector)) == []
    assert leaks(secrets, shown(steno, collector)) == []
    assert steno.stop() == 0
    assert leaks(secrets, steno.files()) == []


OTHER_KINDS = {
    "text": ("200 OK", "text/plain", b"Incorrect API key provided: %s."),
    "an error": ("401 Unauthorized", "application/json", b'{"error": {"message": "Incorrect API key provided: %s."}}'),
    "broken JSON": ("200 OK", "application/json", b'{"error": {"message": "Incorrect API key provided: %s.'),
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_keys_in_answers_of_other_kinds(name, upstream, collector, start_steno):
    secret = key(name)
    status, content_type, text = OTHER_KINDS[name]
    body = text % secret.encode()
    up = upstream(lambda _: [response(body, content_type, status)])
    steno = start_steno(up.url, collector)
    # A request that is not JSON either.
    _, _, answer = steno.post(PATH, b"key=" + secret.encode())
    assert answer == body and up.requests[0].body == b"key=" + secret.encode()
    collector.wait_for(1)
    assert leaks({name: secret}, everywhere(steno, collector)) == []


def test_what_a_sink_echoes_in_a_refusal_stays_out_of_store_and_log(upstream, collector, start_steno):
    """A 422 of the v4 API can hold the rejected value."""
    secret = key("echo")
    collector.status = lambda _: 422
    steno = start_steno(upstream(lambda _: [completion_response("fine")]).url, collector)
    original = collector._take
    collector._take = lambda *a: (
        lambda r: (r[0], {"detail": [{"loc": ["body"], "msg": secret, "type": secret[:20]}]})
    )(original(*a))
    steno.post(PATH, question("hello"))
    eventually("it is dead", lambda: steno.total("interactions_dead_total") == 1)
    assert leaks({"echo": secret}, everywhere(steno, collector)) == []
