"""Answers of OpenAI's chat completions, as bytes, for scripted upstreams."""

import json
from typing import Any

from .upstream import LAST_CHUNK, STREAM_HEAD, chunk, response

REQUEST_HEADERS = {"authorization": "Bearer none-needed"}


def question(text: str, stream: bool = False, **more: Any) -> bytes:
    body = {
        "model": "scripted",
        "messages": [{"role": "user", "content": text}],
        **({"stream": True} if stream else {}),
    }
    return json.dumps(body | more, ensure_ascii=False).encode()


def completion(text: str, usage: tuple[int, int] = (7, 3)) -> bytes:
    return json.dumps({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "scripted",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)},
    }, ensure_ascii=False).encode()  # fmt: skip


def completion_response(text: str) -> bytes:
    return response(completion(text))


def event(delta: dict[str, Any] | None = None, finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish_reason}
    data = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1700000000,
        "model": "scripted",
        "choices": [choice],
    }
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def text_events(*pieces: str) -> list[bytes]:
    return [
        event({"role": "assistant", "content": ""}),
        *(event({"content": p}) for p in pieces),
        event(finish_reason="stop"),
        DONE,
    ]


def tool_events(name: str, *arguments: str) -> list[bytes]:
    """A streamed tool call, its arguments in the given pieces."""
    opening = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
    return [
        event({"role": "assistant", "content": None, "tool_calls": [opening]}),
        *(event({"tool_calls": [{"index": 0, "function": {"arguments": a}}]}) for a in arguments),
        event(finish_reason="tool_calls"),
        DONE,
    ]


def stream(events: list[bytes]) -> list[bytes]:
    """The steps of a whole streamed response, one chunk an event."""
    return [STREAM_HEAD, *map(chunk, events), LAST_CHUNK]
