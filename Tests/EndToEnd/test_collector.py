"""The v4 API of the console: the official client writes to it, another Steno ships to it, and what was written is read."""

import datetime
import http.client
import json
import uuid

import pytest
import scale_gp
from scale_gp import SGPClient

from support.answers import completion_response, question
from support.collector import violations
from support.waiting import eventually

SECRET = "sk-proj-" + "Ab3" * 24 + "T3BlbkFJ" + "Cd4" * 24
NOW = datetime.datetime.now(datetime.UTC)


def client_of(steno, key: str = "any") -> SGPClient:
    return SGPClient(api_key=key, base_url=f"http://{steno.console}", max_retries=0)


def post(steno, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, dict]:
    connection = http.client.HTTPConnection(steno.console, timeout=20)
    try:
        connection.request("POST", "/v4/interactions/", body, {"content-type": "application/json", **(headers or {})})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_the_official_client_writes_and_reads(start_steno):
    steno = start_steno("http://127.0.0.1:9")
    client = client_of(steno)
    thread = str(uuid.uuid4())
    written = client.interactions.create(
        application_variant_id="my-agent",
        input={"query": f"my key is {SECRET}", "language": "en"},
        output={"response": "noted", "context": [{"text": "a page", "score": 0.5}]},
        start_timestamp=NOW,
        duration_ms=12,
        operation_status="SUCCESS",
        operation_metadata={"tokens_used": 5, "team": {"name": "blue"}},
        thread_id=thread,
        trace_spans=[{"node_id": "search", "operation_type": "RETRIEVAL", "start_timestamp": NOW, "duration_ms": 3}],
    )
    assert uuid.UUID(written.id) and written.thread_id == thread and written.start_timestamp == NOW
    assert written.input.language == "en" and written.output.context[0].score == 0.5
    assert written.trace_spans[0].application_interaction_id == written.id
    assert "[REDACTED:" in written.input.query and SECRET not in written.input.query

    history = client.chat_threads.messages.retrieve(thread, fetch_spans=True) if hasattr(
        client.chat_threads.messages, "retrieve"
    ) else client.chat_threads.messages.list(thread)  # fmt: skip
    assert [m.entry.id for m in history.messages] == [written.id]
    assert history.messages[0].entry.chat_thread_id == thread
    assert [s.node_id for s in history.messages[0].spans] == ["search"]
    threads = list(client.applications.chat_threads.list("my-agent"))
    assert [t.id for t in threads] == [thread]
    with pytest.raises(scale_gp.NotFoundError):
        list(client.applications.chat_threads.list("another"))
    assert steno.total("interactions_received_total") == steno.total("interactions_recorded_total") == 1
    assert not any(SECRET.encode() in data for data in steno.files().values())


def test_mistakes_are_told_and_not_repeated(start_steno):
    steno = start_steno("http://127.0.0.1:9")
    with pytest.raises(scale_gp.UnprocessableEntityError) as caught:
        client_of(steno).interactions.create(
            application_variant_id="a", input={"query": "q"}, output={"response": "r"},
            start_timestamp="yesterday at noon", duration_ms=1.5,
        )  # fmt: skip
    detail = caught.value.body["detail"]
    assert [d["loc"] for d in detail] == [["body", "start_timestamp"], ["body", "duration_ms"]]
    assert all(set(d) == {"loc", "msg", "type"} for d in detail) and "yesterday" not in json.dumps(detail)
    assert steno.total("interactions_recorded_total") == 0


def test_the_key_is_the_consoles_token(start_steno, tmp_path):
    token = tmp_path / "token"
    token.write_text("sesame\n")
    steno = start_steno("http://127.0.0.1:9", settings={"console.token_file": token})
    body = {"application_variant_id": "a", "input": {"query": "q"}, "output": {"response": "r"}, "start_timestamp": NOW}
    with pytest.raises(scale_gp.AuthenticationError):
        client_of(steno, "other").interactions.create(**body)
    assert client_of(steno, "sesame").interactions.create(**body).id


def test_a_second_try_is_recorded_once(start_steno):
    steno = start_steno("http://127.0.0.1:9")
    body = json.dumps({
        "application_variant_id": "a", "input": {"query": "q"}, "output": {"response": "r"},
        "start_timestamp": "2026-01-01T00:00:00Z", "operation_metadata": {"steno.interaction_id": str(uuid.uuid4())},
    }).encode()  # fmt: skip
    first, second = post(steno, body), post(steno, body)
    assert first == second and first[0] == 200
    assert steno.total("interactions_recorded_total") == 1


def test_a_body_beyond_the_limit_is_refused_before_it_is_sent(start_steno):
    steno = start_steno("http://127.0.0.1:9")
    connection = http.client.HTTPConnection(steno.console, timeout=20)
    connection.putrequest("POST", "/v4/interactions/")
    connection.putheader("content-type", "application/json")
    connection.putheader("content-length", str(65 << 20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_steno_ships_to_steno(upstream, start_steno, tmp_path):
    token = tmp_path / "token"
    token.write_text("sesame\n")
    central = start_steno("http://127.0.0.1:9", settings={"console.token_file": token})

    def answer(request):
        yield completion_response("answer to " + json.loads(request.body)["messages"][0]["content"])

    sidecar = start_steno(upstream(answer).url, settings={
        "application_variant_id": "shop", "sink.central.kind": "v4", "sink.central.url": f"http://{central.console}",
        "sink.central.api_key_file": token,
    })  # fmt: skip
    ids = {}
    for n in range(20):
        status, headers, _ = sidecar.post("/v1/chat/completions", question(f"question {n}"))
        assert status == 200
        ids[headers["x-steno-interaction-id"]] = headers["x-steno-thread-id"]
    eventually("all are shipped", lambda: sidecar.total("interactions_delivered_total", sink="central") == 20)
    assert sidecar.total("sink_backlog") == 0 and sidecar.total("interactions_dead_total") == 0
    for id in ids:
        here, there = (json.loads(s.command("show", id, "--json").stdout) for s in (sidecar, central))
        assert here == there and not violations(there)
