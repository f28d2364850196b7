"""The official SDKs through Steno to a real model: what they accumulate is what the interaction says."""

import datetime

import pytest

from support.sdks import APIS, MODEL, QUESTION, TOOL_QUESTION, WEATHER, Answer

CASES = [
    pytest.param(api, stream, tool, id=f"{api}-{'streamed' if stream else 'whole'}-{'tool' if tool else 'text'}")
    for api in APIS
    for stream in (False, True)
    for tool in (False, True)
]


def output_parts(api: str, body: dict) -> tuple:
    """Text, tool calls and reason to stop, read from `output.body` where the vendor's object has them."""
    if api == "chat":
        message = body["choices"][0]["message"]
        calls = [(c["function"]["name"], c["function"]["arguments"]) for c in message.get("tool_calls") or []]
        return message.get("content") or "", calls, body["choices"][0]["finish_reason"]
    if api == "responses":
        texts = [p["text"] for o in body["output"] if o["type"] == "message" for p in o["content"]]
        calls = [(o["name"], o["arguments"]) for o in body["output"] if o["type"] == "function_call"]
        return "".join(texts), calls, body["status"]
    texts = [b["text"] for b in body["content"] if b["type"] == "text"]
    return (
        "".join(texts),
        [(b["name"], b["input"]) for b in body["content"] if b["type"] == "tool_use"],
        body["stop_reason"],
    )


@pytest.mark.parametrize("api,stream,tool", CASES)
def test_interaction_says_what_the_sdk_accumulated(api, stream, tool, model, through):
    steno, collector = through
    direct = APIS[api](model, stream, tool, {})
    answer: Answer = APIS[api](steno.url, stream, tool, {})
    assert answer.content == direct.content, "the answer differs from the one without Steno"
    if tool:
        assert [name for name, _ in answer.tool_calls] == [WEATHER["name"]], "the model gave no tool call"
    else:
        assert "Paris" in answer.text

    interaction = collector.interaction(answer.interaction_id)
    metadata, output = interaction["operation_metadata"], interaction["output"]
    assert interaction["thread_id"] == answer.thread_id
    assert interaction["operation_status"] == "SUCCESS"
    assert interaction["input"]["query"] == (TOOL_QUESTION if tool else QUESTION)
    assert interaction["input"]["request"]["method"] == "POST"
    assert interaction["input"]["request"]["body"]["model"] == MODEL

    # The answer: as text, as tool calls, and in the vendor's own object.
    assert output["response"] == answer.text
    assert [(c["name"], c["arguments"]) for c in output.get("tool_calls", [])] == answer.tool_calls
    assert output["status"] == metadata["http.response.status_code"] == 200
    assert output_parts(api, output["body"]) == output_parts(api, answer.body)
    if not stream:
        assert output["body"] == answer.body

    # Usage, model and reason, under OpenTelemetry's names and v4's.
    assert metadata["prompt_tokens"] == metadata["gen_ai.usage.input_tokens"] == answer.prompt_tokens
    assert metadata["response_tokens"] == metadata["gen_ai.usage.output_tokens"] == answer.response_tokens
    assert metadata["tokens_used"] == answer.prompt_tokens + answer.response_tokens
    assert metadata["gen_ai.request.model"] == metadata["gen_ai.response.model"] == MODEL
    if api != "responses":
        assert metadata["gen_ai.response.finish_reasons"] == [answer.finish_reason]
    assert metadata["steno.outcome"] == "complete"
    assert metadata["steno.usage"] == "reported"
    assert metadata["steno.route"] == "default"

    # Timing: a stream's first token comes before its end.
    assert datetime.datetime.fromisoformat(interaction["start_timestamp"]).tzinfo is not None
    first_byte, duration = metadata["steno.time_to_first_byte_ms"], interaction["duration_ms"]
    assert 0 <= first_byte <= duration + 1
    if stream:
        assert first_byte <= metadata["steno.time_to_first_token_ms"] <= duration + 1
    assert "COMPLETION" in [s["operation_type"] for s in interaction["trace_spans"]]


def test_upstream_connections_are_verified_and_reused(through, tls_model):
    steno, collector = through
    for _ in range(3):
        answer = APIS["chat"](steno.url, False, False, {})
    before = tls_model.connections
    answer = APIS["chat"](steno.url, False, False, {})
    assert tls_model.connections == before, "a kept connection was not used again"
    assert collector.interaction(answer.interaction_id)["operation_metadata"]["steno.connection"]["state"] == "reused"


def test_an_unknown_authority_is_refused(tls_model, collector, start_steno):
    steno = start_steno(tls_model.url, collector)
    status, headers, body = steno.post("/v1/chat/completions", b'{"model":"m","messages":[]}')
    assert status == 502 and headers["x-steno-error"]
    assert b"steno_error" in body
    interaction = collector.wait_for(1)[0]
    assert interaction["operation_status"] == "ERROR"
    assert interaction["operation_metadata"]["steno.outcome"] == "upstream_failed"
