"""Sinks of every kind: what arrives, what survives a crash, what filters leave out, and what a reload changes."""

import json
import os
import signal
import time
import uuid
from functools import partial

import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service

from support.answers import completion_response, question
from support.receiver import Receiver, attributes
from support.upstream import response
from support.waiting import eventually

PATH = "/v1/chat/completions"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def answer(request):
    """Says back who asked; who asks for an error gets one."""
    if not request.body:
        return
    text = json.loads(request.body)["messages"][0]["content"]
    yield response(b"{}", status="500 No") if "fail" in text else completion_response("answer to " + text)


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def ask(steno, text: str, **headers: str) -> str:
    status, answered, _ = steno.post(PATH, question(text), headers)
    assert status in (200, 500)
    return answered["x-steno-interaction-id"]


def lines(path) -> list[dict]:
    """The whole ones."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]] if path.exists() else []


def ids(found) -> list[str]:
    return [f["operation_metadata"]["steno.interaction_id"] for f in found]


# jsonl


def test_lines_in_a_file_in_order_and_whole_after_a_crash(upstream, start_steno, tmp_path):
    path = tmp_path / "log.jsonl"
    # On two event loops, exchanges of different conversations may end in another order than they were asked in.
    settings = {"workers": 1, "sink.f.kind": "jsonl", "sink.f.path": path}
    steno = start_steno(upstream(answer).url, settings=settings)
    asked = [ask(steno, f"question {n}") for n in range(30)]
    eventually("all are written", lambda: len(lines(path)) == 30)
    assert ids(lines(path)) == asked
    assert path.stat().st_mode & 0o777 == 0o600
    eventually("all are settled", lambda: steno.outbox("f")["delivered"] == 30)
    steno.kill()
    with path.open("ab") as file:
        file.write(b'{"torn":')
    steno.start()
    asked.append(ask(steno, "after the crash"))
    eventually("the line is there", lambda: ids(lines(path))[-1:] == asked[-1:])
    assert ids(lines(path)) == asked


def test_a_file_gives_way_to_the_next(upstream, start_steno, tmp_path):
    settings = {"sink.f.kind": "jsonl", "sink.f.path": tmp_path / "log", "sink.f.rotate.size": "4KiB",
                "sink.f.rotate.keep": 2}  # fmt: skip
    steno = start_steno(upstream(answer).url, settings=settings)
    for n in range(12):
        ask(steno, f"question {n}")
        eventually("it is written", lambda n=n: steno.outbox("f")["delivered"] == n + 1)
    files = sorted(tmp_path.glob("log.*"))
    assert len(files) == 2 and all(lines(f) for f in files)


def test_lines_on_standard_output(upstream, start_steno):
    steno = start_steno(upstream(answer).url, settings={"sink.f.kind": "jsonl", "sink.f.path": "-"})
    asked = ask(steno, "hello")
    eventually("it is said", lambda: any(asked in line and line.startswith("{") for line in
                                         steno.log.read_text().splitlines()))  # fmt: skip


# otlp


def otlp(receiver, **more) -> dict:
    return {"sink.o.kind": "otlp", "sink.o.url": receiver.url, "application_variant_id": "shop"} | {
        f"sink.o.{k.replace('__', '.')}": v for k, v in more.items()
    }


@pytest.mark.parametrize("encoding", ["protobuf", "json"])
def test_traces_in_the_words_of_the_conventions(upstream, start_steno, receiver, encoding):
    settings = otlp(receiver, encoding=encoding) | {
        "sink.o.set_header.authorization": "Basic abc", "sink.o.resource.deployment.environment.name": "test",
    }  # fmt: skip
    steno = start_steno(upstream(answer).url, settings=settings)
    asked = ask(steno, "hello", traceparent=PARENT)
    call = next(s for s in receiver.wait_for(1) if s.kind == 3)
    assert call.name == "chat scripted" and call.status.code == 0
    assert call.trace_id.hex() == PARENT.split("-")[1] and call.parent_span_id.hex() == PARENT.split("-")[2]
    said = attributes(call)
    assert said["gen_ai.operation.name"] == "chat" and said["gen_ai.usage.input_tokens"] == 7
    assert said["gen_ai.response.finish_reasons"] == ["stop"] and said["steno.interaction_id"] == asked
    assert json.loads(said["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "hello"}]}
    ]
    assert json.loads(said["gen_ai.output.messages"]) == [{
        "role": "assistant", "parts": [{"type": "text", "content": "answer to hello"}], "finish_reason": "stop",
    }]  # fmt: skip
    children = [s for s in receiver.spans if s.kind == 1]
    assert [c.name for c in children] == ["connect"] and children[0].parent_span_id == call.span_id
    headers, message = receiver.requests[0]
    assert headers["authorization"] == "Basic abc" and headers["content-encoding"] == "gzip"
    resource = attributes(message.resource_spans[0].resource)
    assert resource["service.name"] == "shop" and resource["deployment.environment.name"] == "test"
    assert call.end_time_unix_nano >= call.start_time_unix_nano > 1_600_000_000 * 10**9


def test_both_encodings_say_the_same(upstream, start_steno, receiver):
    other = Receiver()
    settings = otlp(receiver) | {"sink.p.kind": "otlp", "sink.p.url": other.url, "sink.p.encoding": "json"}
    steno = start_steno(upstream(answer).url, settings=settings)
    ask(steno, "hällo \u2603 \"quoted\"")
    ask(steno, "fail")
    eventually("both have all", lambda: all(sum(s.kind == 3 for s in r.spans) == 2 for r in (receiver, other)))
    by_id = [{s.span_id: s for s in r.spans} for r in (receiver, other)]
    assert by_id[0] == by_id[1]
    failed = next(s for s in receiver.spans if s.status.code == 2)
    assert failed.status.message == attributes(failed)["error.type"] != ""
    other.close()


def test_nothing_of_what_was_said_where_content_is_off(upstream, start_steno, receiver):
    steno = start_steno(upstream(answer).url, settings=otlp(receiver, content="off"))
    ask(steno, "a private word")
    receiver.wait_for(1)
    assert b"private word" not in b"".join(m.SerializeToString() for _, m in receiver.requests)


def test_a_receiver_that_is_busy_gets_everything_later(upstream, start_steno, receiver):
    statuses = iter([503, 429, 502, 504])

    def busy(_):
        status = next(statuses, 200)
        return status, {"retry-after": "1"} if status in (503, 429) else {}, service.ExportTraceServiceResponse()

    receiver.answer = busy
    steno = start_steno(upstream(answer).url, settings=otlp(receiver))
    ask(steno, "hello")
    eventually("it is delivered", lambda: steno.outbox("o")["delivered"] == 1, 30)
    assert len(receiver.requests) == 5


def test_what_a_receiver_rejects_is_found_and_the_rest_delivered(upstream, start_steno, receiver):
    def picky(message):
        is_bad = b"poison" in message.SerializeToString()
        return (400 if is_bad else 200), {}, service.ExportTraceServiceResponse()

    receiver.answer = picky
    steno = start_steno(upstream(answer).url, settings=otlp(receiver))
    asked = {ask(steno, "poison" if n == 3 else f"question {n}") for n in range(8)}
    eventually("all are settled", lambda: steno.outbox("o")["pending"] == 0)
    found = steno.outbox("o")
    assert (found["delivered"], found["dead"]) == (7, {"http_400": 1})
    receiver.answer = lambda _: (200, {}, service.ExportTraceServiceResponse())
    assert "1 dead letter pending again" in steno.command("outbox", "retry", "--sink", "o").stdout
    eventually("it is delivered", lambda: steno.outbox("o")["delivered"] == 8)
    assert {attributes(s)["steno.interaction_id"] for s in receiver.spans if s.kind == 3} == asked


def test_partial_success_is_counted(upstream, start_steno, receiver):
    partial = service.ExportTraceServiceResponse()
    partial.partial_success.rejected_spans, partial.partial_success.error_message = 1, "too old"
    receiver.answer = lambda _: (200, {}, partial)
    steno = start_steno(upstream(answer).url, settings=otlp(receiver))
    ask(steno, "hello")
    eventually("it is counted", lambda: steno.total("sink_rejected_parts_total", sink="o") == 1)
    eventually("it is settled", lambda: steno.outbox("o")["delivered"] == 1)
    assert b"too old" not in steno.log.read_bytes()


# All kinds


def test_filters_leave_out_and_count(upstream, start_steno, tmp_path):
    server = upstream(answer)
    files = {name: tmp_path / name for name in ("errors", "some", "route")}
    settings = {f"sink.{name}.kind": "jsonl" for name in files}
    settings |= {f"sink.{name}.path": path for name, path in files.items()}
    settings |= {"sink.errors.filter.status": "error", "sink.some.filter.sample": "50%",
                 "sink.route.filter.route": "other", "route.other.upstream": server.url}  # fmt: skip
    steno = start_steno(server.url, settings=settings)
    threads = [str(uuid.uuid4()) for _ in range(20)]
    for thread in threads:
        ask(steno, "hello", **{"x-thread-id": thread})
        ask(steno, "fail", **{"x-thread-id": thread})
    steno.post("/other" + PATH, question("elsewhere"))
    for name in files:
        eventually(f"{name} is through", lambda name=name: steno.outbox(name)["pending"] == 0)
    assert {f["operation_status"] for f in lines(files["errors"])} == {"ERROR"} and len(lines(files["errors"])) == 20
    assert [f["operation_metadata"]["steno.route"] for f in lines(files["route"])] == ["other"]
    sampled = [f["thread_id"] for f in lines(files["some"])]
    assert 0 < len(set(sampled)) < 21 and all(sampled.count(t) in (0, 2) for t in threads)
    for name, path in files.items():
        found = steno.outbox(name)
        assert found["delivered"] == len(lines(path)) and found["delivered"] + found["filtered"] == 41
        counted = partial(steno.total, "interactions_filtered_total", sink=name)
        eventually("it is counted", lambda counted=counted, found=found: counted() == found["filtered"])


def test_a_backfill_sends_again_and_to_a_new_sink(upstream, start_steno, tmp_path):
    paths = [tmp_path / "first", tmp_path / "second"]
    steno = start_steno(upstream(answer).url, settings={"sink.a.kind": "jsonl", "sink.a.path": paths[0]})
    early = ask(steno, "early")
    eventually("it is written", lambda: steno.outbox("a")["delivered"] == 1)
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    eventually("a second has passed", lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()) >= moment)
    late = ask(steno, "late")
    eventually("it is written", lambda: steno.outbox("a")["delivered"] == 2)
    assert "1 interaction pending" in steno.command("sink", "backfill", "a", "--since", moment).stdout
    eventually("it came again", lambda: ids(lines(paths[0])) == [early, late, late])
    steno.configure({"sink.b.kind": "jsonl", "sink.b.path": paths[1]})
    assert "1 interaction pending" in steno.command("sink", "backfill", "b", "--since", moment).stdout
    steno.reload({})
    eventually("the new sink has it", lambda: ids(lines(paths[1])) == [late])
    assert steno.command("sink", "backfill", "b", "--since", "tomorrow").returncode == 64


def test_a_reload_changes_sinks_of_all_kinds(upstream, start_steno, receiver, tmp_path):
    path = tmp_path / "log"
    steno = start_steno(upstream(answer).url, settings=otlp(receiver))
    ask(steno, "one")
    # What is sent and not settled comes again.
    eventually("it is settled", lambda: steno.outbox("o")["delivered"] == 1)
    steno.reload({"sink.o.kind": "jsonl", "sink.o.url": None, "sink.o.path": path})
    second = ask(steno, "two")
    eventually("that is settled too", lambda: steno.outbox("o")["delivered"] == 2)
    assert ids(lines(path)) == [second]
    steno.reload({"sink.o.filter.status": "error"})
    ask(steno, "three")
    third = ask(steno, "fail")
    eventually("the filter is in force", lambda: ids(lines(path)) == [second, third])
    before = steno.log.read_bytes()
    steno.process.send_signal(signal.SIGTERM)
    assert steno.process.wait(20) == 0 and before


def test_a_sink_that_refuses_is_paused_with_an_alarm(upstream, start_steno, receiver):
    receiver.answer = lambda _: (401, {}, service.ExportTraceServiceResponse())
    steno = start_steno(upstream(answer).url, settings=otlp(receiver))
    ask(steno, "hello")
    eventually("it is paused", lambda: steno.total("sink_paused", sink="o") == 1)
    status, text = steno.get_console("/readyz")
    assert status == 200 and b"sink o" in text
    eventually("the alarm is raised", lambda: "the sink refuses us" in steno.log.read_text())
    assert steno.outbox("o")["pending"] == 1 and os.path.exists(steno.store)
