"""Recordings of Gemini and Bedrock, read by Google's and Amazon's own SDKs through Steno."""

import base64
import dataclasses
import gzip
import http.client
import json
import struct
import urllib.parse
import zlib
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.exceptions
import pytest
from google import genai

from support.replay import Recording, Replayed, cases, needs_corpus, replaying

pytestmark = needs_corpus


def is_events(case: Any) -> bool:
    return any(k.lower() == "content-type" and "event" in v for k, v in case.values[0].headers)


GEMINI = [case for case in cases("gemini.generateContent", streamed=True, most=31) if is_events(case)]
GEMINI_WHOLE = cases("gemini.generateContent", streamed=False, most=6)
CONVERSE = cases("bedrock.converse-stream", streamed=True, most=17)
CONVERSE_WHOLE = cases("bedrock.converse", streamed=False, most=6)
INVOKE = cases("bedrock.invoke-stream", streamed=True, most=17)


def message(headers: dict[str, str], payload: bytes) -> bytes:
    """One of AWS's binary messages, as its eventstream specification has them."""
    head = b"".join(
        struct.pack(f">B{len(k)}sBH{len(v)}s", len(k), k.encode(), 7, len(v), v.encode()) for k, v in headers.items()
    )
    prelude = struct.pack(">II", len(head) + len(payload) + 16, len(head))
    whole = prelude + struct.pack(">I", zlib.crc32(prelude)) + head + payload
    return whole + struct.pack(">I", zlib.crc32(whole))


def broken(recording: Recording, name: str, tail: bytes) -> Recording:
    """The recording's first half, whole messages, and then `tail`."""
    at = 0
    while at < len(recording.body) / 2:
        at += struct.unpack(">I", recording.body[at : at + 4])[0]
    return dataclasses.replace(recording, id=f"{recording.id}.{name}", body=recording.body[:at] + tail)


EXCEPTION = message(
    {":message-type": "exception", ":exception-type": "throttlingException", ":content-type": "application/json"},
    b'{"message":"Too many tokens, please wait"}',
)
FAILING = [broken(case.values[0], "exception", EXCEPTION) for case in CONVERSE[:3]]
CORRUPTED = [broken(case.values[0], "corrupted", EXCEPTION[:-1] + b"\0") for case in CONVERSE[:2]]
ALL = [
    *(case.values[0] for cases in (GEMINI, GEMINI_WHOLE, CONVERSE, CONVERSE_WHOLE, INVOKE) for case in cases),
    *FAILING,
    *CORRUPTED,
]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    yield from replaying(ALL, tmp_path_factory.mktemp("steno"))


def gemini(url: str, recording: Recording) -> genai.Client:
    options = genai.types.HttpOptions(base_url=url, headers=recording.marks)
    return genai.Client(api_key="none-needed", http_options=options)


def parts(answer: Any) -> list[Any]:
    candidates = answer.candidates or []
    return [p for c in candidates[:1] if c.content for p in c.content.parts or []]


def check_gemini(interaction: dict[str, Any], answers: list[Any]) -> None:
    all_parts = [part for answer in answers for part in parts(answer)]
    texts = "".join(p.text for p in all_parts if p.text and not p.thought)
    thoughts = "".join(p.text for p in all_parts if p.text and p.thought)
    calls = [(p.function_call.name, p.function_call.args or {}) for p in all_parts if p.function_call]
    output, metadata = interaction["output"], interaction["operation_metadata"]
    # An empty line parts what code that ran, or the like, parts.
    assert "".join(output["response"].split()) == "".join(texts.split())
    assert "".join((output.get("reasoning") or "").split()) == "".join(thoughts.split())
    # Arguments in pieces are put together by nobody but Steno.
    made = [p.function_call for p in all_parts if p.function_call]
    if not any(call.partial_args or call.will_continue for call in made):
        assert [(c["name"], c["arguments"]) for c in output.get("tool_calls", [])] == calls
    last = answers[-1]
    assert metadata["gen_ai.response.model"] == last.model_version
    usage = last.usage_metadata
    if usage and usage.candidates_token_count:
        inputs = (usage.prompt_token_count or 0) + (usage.tool_use_prompt_token_count or 0)
        assert metadata["prompt_tokens"] == inputs
        assert metadata["response_tokens"] == usage.candidates_token_count + (usage.thoughts_token_count or 0)
        assert metadata["tokens_used"] == usage.total_token_count
    signatures = [base64.b64encode(p.thought_signature) for p in all_parts if p.thought_signature]
    told = [p["thoughtSignature"] for p in output["body"]["candidates"][0]["content"]["parts"] if "thoughtSignature" in p]
    assert [base64.b64encode(base64.b64decode(s)) for s in told] == signatures


@pytest.mark.parametrize("recording", GEMINI)
def test_gemini_stream(recording: Recording, replayed: Replayed):
    model = recording.path.partition("/models/")[2].partition(":")[0]
    client = gemini(replayed.url, recording)
    answers = list(client.models.generate_content_stream(model=model, contents="Hi there"))
    interaction = replayed.interaction(recording)
    assert interaction["input"]["query"] == "Hi there"
    assert interaction["operation_metadata"]["gen_ai.request.model"] == model
    check_gemini(interaction, answers)


@pytest.mark.parametrize("recording", GEMINI_WHOLE)
def test_gemini(recording: Recording, replayed: Replayed):
    model = recording.path.partition("/models/")[2].partition(":")[0]
    client = gemini(replayed.url, recording)
    answer = client.models.generate_content(model=model, contents="Hi there")
    interaction = replayed.interaction(recording)
    coded = any(k.lower() == "content-encoding" for k, _ in recording.headers)
    body = gzip.decompress(recording.body) if coded else recording.body
    assert interaction["output"]["body"] == json.loads(body)
    check_gemini(interaction, [answer])


def test_a_key_in_the_address_is_not_recorded(replayed: Replayed):
    recording = dataclasses.replace(GEMINI_WHOLE[0].values[0])
    marks = recording.marks | {"x-steno-metadata": "replay=keyed", "content-type": "application/json"}
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(replayed.url).netloc, timeout=30)
    key = "AIzaSyD-0123456789abcdefghijklmnopqrstu"
    connection.request("POST", f"/v1beta/models/g:generateContent?key={key}&alt=json", b'{"contents":[]}', marks)
    assert connection.getresponse().read() == recording.body
    connection.close()
    interaction = replayed.interaction(dataclasses.replace(recording, id="keyed"))
    assert key not in json.dumps(interaction)
    assert interaction["input"]["request"]["path"].startswith("/v1beta/models/g:generateContent?key=")


def bedrock(url: str, recording: Recording) -> Any:
    client = boto3.client(
        "bedrock-runtime", endpoint_url=url, region_name="us-east-1", aws_access_key_id="none",
        aws_secret_access_key="needed", config=botocore.config.Config(retries={"max_attempts": 0}),
    )  # fmt: skip

    def mark(request: Any, **_: Any) -> None:
        for name, value in recording.marks.items():
            request.headers[name] = value

    client.meta.events.register("before-sign.bedrock-runtime.*", mark)
    return client


HI = [{"role": "user", "content": [{"text": "Hi there"}]}]


class Merged:
    """What `converse_stream`'s events come to."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.thoughts: dict[int, str] = {}
        self.tools: dict[int, tuple[str, str]] = {}
        self.stop_reason: str | None = None
        self.usage: dict[str, Any] = {}

    def take(self, event: dict[str, Any]) -> None:
        if "contentBlockStart" in event:
            tool = event["contentBlockStart"]["start"].get("toolUse")
            if tool and not tool.get("type"):
                self.tools[event["contentBlockStart"]["contentBlockIndex"]] = (tool["name"], "")
        elif "contentBlockDelta" in event:
            index, delta = event["contentBlockDelta"]["contentBlockIndex"], event["contentBlockDelta"]["delta"]
            self.texts[index] = self.texts.get(index, "") + delta.get("text", "")
            thought = delta.get("reasoningContent", {}).get("text", "")
            self.thoughts[index] = self.thoughts.get(index, "") + thought
            if "toolUse" in delta and index in self.tools:
                name, so_far = self.tools[index]
                self.tools[index] = (name, so_far + delta["toolUse"]["input"])
        elif "messageStop" in event:
            self.stop_reason = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            self.usage = event["metadata"]["usage"]

    def check(self, interaction: dict[str, Any]) -> None:
        output, metadata = interaction["output"], interaction["operation_metadata"]
        assert "".join(output["response"].split()) == "".join("".join(self.texts.values()).split())
        assert (output.get("reasoning") or "") == "".join(self.thoughts.values())
        wanted = [(name, json.loads(text or "{}")) for name, text in self.tools.values()]
        assert [(c["name"], c["arguments"]) for c in output.get("tool_calls", [])] == wanted
        assert metadata.get("gen_ai.response.finish_reasons", [None]) == [self.stop_reason]
        assert metadata.get("response_tokens") == self.usage.get("outputTokens")


@pytest.mark.parametrize("recording", CONVERSE)
def test_converse_stream(recording: Recording, replayed: Replayed):
    merged = Merged()
    for event in bedrock(replayed.url, recording).converse_stream(modelId="us.some.model-v1:0", messages=HI)["stream"]:
        merged.take(event)
    interaction = replayed.interaction(recording)
    assert interaction["input"]["query"] == "Hi there"
    assert interaction["operation_metadata"]["gen_ai.request.model"] == "us.some.model-v1:0"
    assert interaction["operation_metadata"]["gen_ai.provider.name"] == "aws.bedrock"
    merged.check(interaction)


@pytest.mark.parametrize("recording", [pytest.param(r, id=r.id) for r in FAILING])
def test_converse_stream_that_fails(recording: Recording, replayed: Replayed):
    merged = Merged()
    with pytest.raises(botocore.exceptions.EventStreamError, match="Too many tokens"):
        for event in bedrock(replayed.url, recording).converse_stream(modelId="m", messages=HI)["stream"]:
            merged.take(event)
    interaction = replayed.interaction(recording, "error_in_stream")
    assert interaction["operation_metadata"]["error.type"] == "throttlingException"
    assert interaction["output"]["body"]["error"]["message"] == "Too many tokens, please wait"
    assert "".join(interaction["output"]["response"].split()) == "".join("".join(merged.texts.values()).split())


@pytest.mark.parametrize("recording", [pytest.param(r, id=r.id) for r in CORRUPTED])
def test_converse_stream_that_is_corrupted(recording: Recording, replayed: Replayed):
    merged = Merged()
    with pytest.raises(Exception, match="[Cc]hecksum"):
        for event in bedrock(replayed.url, recording).converse_stream(modelId="m", messages=HI)["stream"]:
            merged.take(event)
    interaction = replayed.interaction(recording, "error_in_stream")
    assert interaction["operation_metadata"]["error.type"] == "corrupted_message"
    assert "".join(interaction["output"]["response"].split()) == "".join("".join(merged.texts.values()).split())


@pytest.mark.parametrize("recording", CONVERSE_WHOLE)
def test_converse(recording: Recording, replayed: Replayed):
    answer = bedrock(replayed.url, recording).converse(modelId="m", messages=HI)
    interaction = replayed.interaction(recording)
    assert interaction["operation_metadata"]["gen_ai.response.finish_reasons"] == [answer["stopReason"]]
    assert interaction["operation_metadata"]["response_tokens"] == answer["usage"]["outputTokens"]
    texts = [block["text"] for block in answer["output"]["message"]["content"] if "text" in block]
    assert "".join(texts).split() == interaction["output"]["response"].split() or not texts


@pytest.mark.parametrize("recording", INVOKE)
def test_invoke_stream(recording: Recording, replayed: Replayed):
    client, pieces = bedrock(replayed.url, recording), []
    body = json.dumps(recording.request or {"inputText": "Hi"})
    for event in client.invoke_model_with_response_stream(modelId="m", body=body)["body"]:
        pieces.append(json.loads(event["chunk"]["bytes"]))
    interaction = replayed.interaction(recording)
    output, metadata = interaction["output"], interaction["operation_metadata"]
    texts = {0: ""}
    for piece in pieces:
        text = piece.get("outputText") or piece.get("generation") or piece.get("completion") or piece.get("text")
        text = text or piece.get("delta", {}).get("text")
        text = text or piece.get("contentBlockDelta", {}).get("delta", {}).get("text") or ""
        # Cohere's several generations come mixed.
        place = piece.get("index", 0) if "is_finished" in piece else 0
        texts[place] = texts.get(place, "") + text
    assert "".join(output["response"].split()) == "".join(texts[0].split())
    metrics = pieces[-1]["amazon-bedrock-invocationMetrics"]
    if pieces[0].get("type") != "message_start":
        # Claude counts for itself, and not always the same.
        assert metadata["response_tokens"] == metrics["outputTokenCount"]
    assert output["body"]["amazon-bedrock-invocationMetrics"] == metrics
