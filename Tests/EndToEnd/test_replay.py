"""Recordings of many vendors, read by their own SDKs through Steno: what an SDK accumulated is what the interaction says."""

import json
from collections.abc import Iterator
from typing import Any

import cohere
import mistralai.client as mistralai
import ollama
import openai
import pytest
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types import Completion
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent

from support.replay import Recording, Replayed, cases, needs_corpus, replaying

pytestmark = needs_corpus

SDK_MERGED = "sdk:openai.ChatCompletionStreamState"
CHAT = cases("openai.chat", streamed=True, most=12, oracle=SDK_MERGED) + cases(
    "deepseek.chat", "groq.chat", "xai.chat", "together.chat", "huggingface.chat", "alibaba.chat", "vercel.chat",
    "cloudflare.chat", "openai-compatible.chat", streamed=True, most=16, oracle=SDK_MERGED,
)  # fmt: skip
RESPONSES = cases("openai.responses", "xai.responses", "deepseek.responses", streamed=True, most=16)
COMPLETIONS = cases("openai.completions", "openai-compatible.completions", streamed=True)
EMBEDDINGS = cases("openai.embeddings", streamed=False, most=2)
MISTRAL = cases("mistral.chat", streamed=True)
COHERE_V1 = cases("cohere.chat-v1", streamed=True)
# One of them tells an error in its last event.
COHERE_V2 = [case for case in cases("cohere.chat-v2", streamed=True) if case.id != "cohere.chat-v2_ad24777b"]
RERANK = cases("rerank", streamed=False)
OLLAMA_CHAT = cases("ollama.chat", streamed=True, oracle="merge:raw-ndjson")
OLLAMA_GENERATE = cases("ollama.generate", streamed=True)
TRANSCRIPTIONS = cases("openai.audio", streamed=True)
ALL = [
    *(case.values[0] for cases in (CHAT, RESPONSES, COMPLETIONS, EMBEDDINGS, MISTRAL, COHERE_V1, COHERE_V2, RERANK,
                                   OLLAMA_CHAT, OLLAMA_GENERATE, TRANSCRIPTIONS) for case in cases),
]  # fmt: skip


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    yield from replaying(ALL, tmp_path_factory.mktemp("steno"))


def openai_client(url: str, recording: Recording) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=url, api_key="none-needed", max_retries=0, timeout=60, default_headers=recording.marks
    )


def told(value: Any) -> Any:
    """Without what says nothing: `null`s, empty texts, lists and objects; whole floats are integers."""
    if isinstance(value, dict):
        return {k: t for k, v in value.items() if (t := told(v)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [told(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.mark.parametrize("recording", CHAT)
def test_openai_chat(recording: Recording, replayed: Replayed):
    state = ChatCompletionStreamState()
    client = openai_client(replayed.url, recording)
    with client.post(
        recording.path, body=recording.request, cast_to=ChatCompletion, stream=True,
        stream_cls=openai.Stream[ChatCompletionChunk],
    ) as chunks:  # fmt: skip
        for chunk in chunks:
            state.handle_chunk(chunk)
    final = state.get_final_completion()
    interaction = replayed.interaction(recording)
    body, output = interaction["output"]["body"], interaction["output"]
    assert (body["id"] or "") == final.id or final.id == ""
    assert len(body["choices"]) == len(final.choices)
    for choice, wanted in zip(body["choices"], final.choices, strict=True):
        message, merged = told(choice["message"]), told(wanted.message.to_dict())
        for name in ("content", "refusal", "reasoning", "reasoning_content"):
            assert message.get(name) == merged.get(name)
        assert [c["function"] for c in message.get("tool_calls", [])] == [
            {"name": c.function.name, "arguments": c.function.arguments} for c in wanted.message.tool_calls or []
        ]
        assert choice["finish_reason"] == wanted.finish_reason
    if final.usage:
        assert told(body["usage"]) == told(final.usage.to_dict())
        assert interaction["operation_metadata"]["prompt_tokens"] == final.usage.prompt_tokens
    if final.choices and final.choices[0].message.content:
        assert output["response"] == final.choices[0].message.content


@pytest.mark.parametrize("recording", RESPONSES)
def test_openai_responses(recording: Recording, replayed: Replayed):
    final = None
    client = openai_client(replayed.url, recording)
    with client.post(
        recording.path, body=recording.request, cast_to=Response, stream=True,
        stream_cls=openai.Stream[ResponseStreamEvent],
    ) as events:  # fmt: skip
        for event in events:
            if event.type in ("response.completed", "response.incomplete"):
                final = event.response
    assert final
    interaction = replayed.interaction(recording)
    wanted, body = told(final.to_dict()), told(interaction["output"]["body"])
    assert {k: body.get(k) for k in wanted} == wanted
    assert "".join(interaction["output"]["response"].split()) == "".join(final.output_text.split())


@pytest.mark.parametrize("recording", COMPLETIONS)
def test_openai_completions(recording: Recording, replayed: Replayed):
    texts: dict[int, str] = {}
    client = openai_client(replayed.url, recording)
    with client.post(
        recording.path, body=recording.request, cast_to=Completion, stream=True, stream_cls=openai.Stream[Completion]
    ) as chunks:
        for chunk in chunks:
            for choice in chunk.choices:
                texts[choice.index or 0] = texts.get(choice.index or 0, "") + (choice.text or "")
    output = replayed.interaction(recording)["output"]
    assert {c["index"]: c["text"] for c in output["body"]["choices"]} == texts
    assert output["response"] == texts[0]


@pytest.mark.parametrize("recording", EMBEDDINGS)
def test_openai_embeddings(recording: Recording, replayed: Replayed):
    client = openai_client(replayed.url, recording).with_options(max_retries=0)
    client.base_url = replayed.url + recording.path.removesuffix("/embeddings")
    answer = client.embeddings.create(model=recording.request["model"], input="Which words are near?")
    interaction = replayed.interaction(recording)
    assert interaction["input"]["query"] == "Which words are near?"
    assert interaction["output"]["response"] == ""
    assert interaction["output"]["body"]["model"] == answer.model
    metadata = interaction["operation_metadata"]
    assert metadata["prompt_tokens"] == answer.usage.prompt_tokens
    assert metadata["gen_ai.operation.name"] == "embeddings"


@pytest.mark.parametrize("recording", TRANSCRIPTIONS)
def test_openai_transcription(recording: Recording, replayed: Replayed):
    client = openai_client(replayed.url + "/v1", recording)
    text = ""
    with client.audio.transcriptions.create(
        model="gpt-4o-transcribe", file=("speech.wav", b"RIFF\0\0\0\0WAVE", "audio/wav"), stream=True
    ) as events:
        for event in events:
            if event.type == "transcript.text.done":
                text = event.text
    interaction = replayed.interaction(recording)
    assert text and interaction["output"]["response"] == interaction["output"]["body"]["text"] == text
    form = interaction["input"]["request"]["body"]
    assert form["model"] == "gpt-4o-transcribe"
    assert form["stream"] == "true"
    assert (form["file"]["filename"], form["file"]["media_type"], form["file"]["bytes"]) == ("speech.wav", "audio/wav", 12)


def plain(content: Any) -> str:
    """The text of a content that is a string or a list of parts."""
    if isinstance(content, str) or content is None:
        return content or ""
    return "".join(getattr(part, "text", None) or "" for part in content if getattr(part, "type", "") == "text")


def asked(recording: Recording) -> dict[str, Any]:
    """The recorded request as far as every SDK has parameters for it; some were not recorded whole."""
    asked = {k: v for k, v in recording.request.items() if k in ("model", "messages")}
    return {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **asked}


@pytest.mark.parametrize("recording", MISTRAL)
def test_mistral(recording: Recording, replayed: Replayed):
    client = mistralai.Mistral(api_key="none-needed", server_url=replayed.url)
    text, arguments, usage, reason = "", {}, None, None
    with client.chat.stream(**asked(recording), http_headers=recording.marks) as events:
        for event in events:
            usage = event.data.usage or usage
            for choice in event.data.choices:
                text += plain(choice.delta.content)
                reason = choice.finish_reason or reason
                for call in choice.delta.tool_calls or []:
                    piece = call.function.arguments
                    piece = piece if isinstance(piece, str) else json.dumps(piece)
                    name = call.function.name
                    arguments[call.index or 0] = (name, arguments.get(call.index or 0, (name, ""))[1] + piece)
    interaction = replayed.interaction(recording)
    output = interaction["output"]
    assert output["response"] == text
    assert [(c["name"], c["arguments"]) for c in output.get("tool_calls", [])] == [
        (name, json.loads(text)) for name, text in arguments.values()
    ]
    assert interaction["operation_metadata"]["prompt_tokens"] == usage.prompt_tokens
    assert interaction["operation_metadata"]["gen_ai.response.finish_reasons"] == [reason]


@pytest.mark.parametrize("recording", COHERE_V2)
def test_cohere(recording: Recording, replayed: Replayed):
    client = cohere.ClientV2(api_key="none-needed", base_url=replayed.url)
    text, plan, calls, end = "", "", [], None
    for event in client.v2.chat_stream(**asked(recording), request_options={"additional_headers": recording.marks}):
        match event.type:
            case "content-delta":
                text += event.delta.message.content.text or ""
            case "tool-plan-delta":
                plan += event.delta.message.tool_plan or ""
            case "tool-call-start":
                calls.append([event.delta.message.tool_calls.function.name, ""])
            case "tool-call-delta":
                calls[-1][1] += event.delta.message.tool_calls.function.arguments or ""
            case "message-end":
                end = event.delta
    interaction = replayed.interaction(recording)
    message = interaction["output"]["body"]["message"]
    assert interaction["output"]["response"] == text
    assert message.get("tool_plan", "") == plan
    assert [[c["function"]["name"], c["function"]["arguments"]] for c in message.get("tool_calls", [])] == calls
    assert interaction["operation_metadata"]["gen_ai.response.finish_reasons"] == [end.finish_reason]
    assert interaction["operation_metadata"]["prompt_tokens"] == end.usage.tokens.input_tokens


@pytest.mark.parametrize("recording", COHERE_V1)
def test_cohere_v1(recording: Recording, replayed: Replayed):
    client = cohere.Client(api_key="none-needed", base_url=replayed.url)
    text, final = "", None
    request = {k: v for k, v in recording.request.items() if k in ("model", "message")}
    for event in client.chat_stream(**request, request_options={"additional_headers": recording.marks}):
        if event.event_type == "text-generation":
            text += event.text
        elif event.event_type == "stream-end":
            final = event.response
    output = replayed.interaction(recording)["output"]
    assert output["response"] == text == final.text
    assert output["body"]["generation_id"] == final.generation_id
    assert len(output.get("context", [])) == len(final.documents or [])


@pytest.mark.parametrize("recording", RERANK)
def test_rerank(recording: Recording, replayed: Replayed):
    client = cohere.ClientV2(api_key="none-needed", base_url=replayed.url)
    documents = ["Paris", "London", "Rome", "Washington"]
    if recording.path.startswith("/v1/"):
        client = cohere.Client(api_key="none-needed", base_url=replayed.url)
    answer = client.rerank(
        model="rerank-v3.5", query="Which city?", documents=documents,
        request_options={"additional_headers": recording.marks},
    )  # fmt: skip
    interaction = replayed.interaction(recording)
    assert interaction["input"]["query"] == "Which city?"
    context = interaction["output"]["context"]
    assert [c["score"] for c in context] == [r.relevance_score for r in answer.results]
    own = [d.text if (d := getattr(r, "document", None)) else documents[r.index] for r in answer.results]
    assert [c["text"] for c in context] == own
    assert interaction["trace_spans"][0]["operation_type"] == "RERANKING"


@pytest.mark.parametrize("recording", OLLAMA_CHAT + OLLAMA_GENERATE)
def test_ollama(recording: Recording, replayed: Replayed):
    client = ollama.Client(host=replayed.url, headers=recording.marks)
    text, last = "", None
    if recording.path.endswith("/chat"):
        for last in client.chat(model="m", messages=recording.request["messages"], stream=True):
            text += last.message.content or ""
    else:
        for last in client.generate(model="m", prompt="Hello", stream=True):
            text += last.response or ""
    interaction = replayed.interaction(recording)
    assert interaction["output"]["response"] == text
    metadata = interaction["operation_metadata"]
    assert metadata["gen_ai.response.finish_reasons"] == [last.done_reason]
    assert (metadata["prompt_tokens"], metadata["response_tokens"]) == (last.prompt_eval_count, last.eval_count)
