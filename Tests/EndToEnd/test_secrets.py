"""Nothing leaks: a planted key is in no file that Steno wrote, nothing that it sent to the sink, no log and no page."""

import http.client
import json
import random
import string
import threading
import time

import pytest

from support.answers import completion_response, question, stream, text_events, tool_events
from support.upstream import Wait, response
from support.waiting import eventually

PATH = "/v1/chat/completions"
LETTERS = string.ascii_letters + string.digits


def random_text(count: int, seed: str) -> str:
    return "".join(random.Random(seed).choices(LETTERS, k=count))


def key(place: str) -> str:
    """A key of the shape that OpenAI gives out, another one for each place; made here, so that none lies in a file."""
    body = random_text(74, place)
    return f"sk-proj-{body}T3Blbk{'FJ'}{body[::-1]}"


def pieces(secret: str) -> list[bytes]:
    """Every run of twelve characters of the part that makes it secret."""
    body = secret.removeprefix("sk-proj-")
    return [body[i : i + 12].encode() for i in range(len(body) - 11)]


def leaks(secrets: dict[str, str], places: dict[str, bytes]) -> list[str]:
    return [
        f"key of the {name} in {place}"
        for name, secret in secrets.items()
        for place, data in places.items()
        if any(piece in data for piece in pieces(secret))
    ]


def everywhere(steno, collector) -> dict[str, bytes]:
    """All that Steno has let out so far but the traffic itself."""
    pages = {f"console {path}": steno.get_console(path)[1] for path in ("/metrics", "/healthz", "/readyz")}
    return {**steno.files(), **{f"v4 body {n}": b for n, b in enumerate(collector.bodies)}, **pages}


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
    assert leaks(s, {"threads": steno.command("threads").stdout.encode()}) == []
    for each in interactions:
        shown = steno.command("show", each["operation_metadata"]["steno.interaction_id"])
        assert shown.returncode == 0 and leaks(s, {"show": shown.stdout.encode()}) == []

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
