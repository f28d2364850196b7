"""The official clients, and what each accumulates from an answer, in one shape to compare interactions with."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import anthropic
import openai

MODEL = "gemma-3-270m"
# The same answer every time: the likeliest token, nothing left over from earlier prompts.
SAME = {"temperature": 0}
UNCACHED = {"seed": 1, "cache_prompt": False}
WEATHER = {
    "name": "get_weather",
    "description": "Current weather of a city",
    "schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
QUESTION, TOOL_QUESTION = "What is the capital of France?", "What is the weather in Paris?"


@dataclasses.dataclass
class Answer:
    """What the vendor's SDK made of one exchange."""

    interaction_id: str
    thread_id: str
    # The SDK's own object, as JSON.
    body: dict[str, Any]
    text: str
    tool_calls: list[tuple[str, dict[str, Any]]]
    finish_reason: str
    prompt_tokens: int
    response_tokens: int
    streamed: bool

    @property
    def content(self) -> tuple[Any, ...]:
        """What must be the same with Steno in the middle and without it."""
        return self.text, self.tool_calls, self.finish_reason, self.prompt_tokens, self.response_tokens


def openai_client(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url + "/v1", api_key="none-needed", max_retries=0, timeout=90)


def anthropic_client(url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=url, api_key="none-needed", max_retries=0, timeout=90)


def chat(url: str, stream: bool, tool: bool, headers: dict[str, str], messages: Any = None) -> Answer:
    request: dict[str, Any] = {
        "model": MODEL,
        "messages": messages or [{"role": "user", "content": TOOL_QUESTION if tool else QUESTION}],
        "max_tokens": 64,
        "extra_body": UNCACHED,
        "extra_headers": headers,
        **SAME,
    }
    if tool:
        function = {"name": WEATHER["name"], "description": WEATHER["description"], "parameters": WEATHER["schema"]}
        request |= {"tools": [{"type": "function", "function": function}], "tool_choice": "required"}
    client = openai_client(url).chat.completions
    if stream:
        with client.stream(**request, stream_options={"include_usage": True}) as events:
            for _ in events:
                pass
            final, head = events.get_final_completion(), events._response.headers
    else:
        raw = client.with_raw_response.create(**request)
        final, head = raw.parse(), raw.headers
    choice = final.choices[0]
    calls = [(c.function.name, json.loads(c.function.arguments)) for c in choice.message.tool_calls or []]
    return Answer(
        head.get("x-steno-interaction-id", ""), head.get("x-steno-thread-id", ""), final.to_dict(),
        choice.message.content or "", calls, choice.finish_reason,
        final.usage.prompt_tokens, final.usage.completion_tokens, stream,
    )  # fmt: skip


def responses(url: str, stream: bool, tool: bool, headers: dict[str, str], messages: Any = None) -> Answer:
    request: dict[str, Any] = {
        "model": MODEL,
        "input": messages or (TOOL_QUESTION if tool else QUESTION),
        "max_output_tokens": 64,
        "extra_body": UNCACHED,
        "extra_headers": headers,
        **SAME,
    }
    if tool:
        function = {"name": WEATHER["name"], "description": WEATHER["description"], "parameters": WEATHER["schema"]}
        request |= {"tools": [{"type": "function", **function}], "tool_choice": "required"}
    client = openai_client(url).responses
    if stream:
        with client.with_raw_response.create(**request, stream=True).parse() as events:
            head = events.response.headers
            final = next(e for e in events if e.type in ("response.completed", "response.incomplete")).response
            for _ in events:
                pass
    else:
        raw = client.with_raw_response.create(**request)
        final, head = raw.parse(), raw.headers
    calls = [(o.name, json.loads(o.arguments)) for o in final.output if o.type == "function_call"]
    return Answer(
        head.get("x-steno-interaction-id", ""), head.get("x-steno-thread-id", ""), final.to_dict(),
        final.output_text, calls, final.status,
        final.usage.input_tokens, final.usage.output_tokens, stream,
    )  # fmt: skip


def messages(url: str, stream: bool, tool: bool, headers: dict[str, str], messages: Any = None) -> Answer:
    request: dict[str, Any] = {
        "model": MODEL,
        "messages": messages or [{"role": "user", "content": TOOL_QUESTION if tool else QUESTION}],
        "max_tokens": 64,
        "extra_body": UNCACHED | SAME,
        "extra_headers": headers,
    }
    if tool:
        request["tools"] = [
            {"name": WEATHER["name"], "description": WEATHER["description"], "input_schema": WEATHER["schema"]}
        ]
        request["tool_choice"] = {"type": "any"}
    client = anthropic_client(url).messages
    if stream:
        with client.stream(**request) as events:
            head = events.response.headers
            final = events.get_final_message()
    else:
        raw = client.with_raw_response.create(**request)
        final, head = raw.parse(), raw.headers
    usage = final.usage
    # Anthropic counts cached prompt tokens apart.
    prompt_tokens = usage.input_tokens + (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
    return Answer(
        head.get("x-steno-interaction-id", ""), head.get("x-steno-thread-id", ""), final.to_dict(),
        "".join(b.text for b in final.content if b.type == "text"),
        [(b.name, b.input) for b in final.content if b.type == "tool_use"], final.stop_reason or "",
        prompt_tokens, usage.output_tokens, stream,
    )  # fmt: skip


APIS: dict[str, Callable[..., Answer]] = {"chat": chat, "responses": responses, "messages": messages}
