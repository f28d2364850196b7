"""Conversations to look at: a scripted model, and an app that talks to it through Steno."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from .answers import DONE, REQUEST_HEADERS, completion, event
from .steno import Steno
from .upstream import LAST_CHUNK, STREAM_HEAD, Close, Request, Step, Wait, chunk, response

HOSTILE = [
    "<script>window.pwned=1</script>",
    '<img src=x onerror="window.pwned=2">',
    '"><svg onload=window.pwned=3>',
    "javascript:window.pwned=4",
    "</pre></details><iframe srcdoc='<script>parent.pwned=5</script>'></iframe>",
    "{{constructor.constructor('window.pwned=6')()}}${window.pwned=7}",
    "\u202egnp.exe \u0000\u0007 [REDACTED:<b>bold</b>] <!-- ",
    "</script><style>*{display:none!important}</style>",
]

ANSWERS = {
    "Plan a weekend in Lisbon": (
        "Two days are enough for the old town and the river.\n\nSaturday: Alfama early, before the trams fill up; the "
        "castle for the view; lunch at the Feira da Ladra. In the evening, fado in a small house.\n\nSunday: Belém by "
        "tram 15, the monastery when it opens, then along the water to MAAT."
    ),
    "Why is the sky blue?": "Air scatters short waves of light far more than long ones, so blue comes from everywhere.",
    "Summarise the incident report": (
        "The queue filled because one consumer was stuck on a poison message. It was skipped by hand at 03:12, and the "
        "backlog was gone by 03:40."
    ),
}


# Questions whose answers stop in their middle, until the test sets the event.
HELD: dict[str, threading.Event] = {}


def script(request: Request) -> Iterable[Step]:
    """The model: what it does follows from what it is asked."""
    body = json.loads(request.body)
    last = body["messages"][-1]
    text = last["content"] if isinstance(last["content"], str) else ""
    if text == "fail":
        return [response(b'{"error":{"message":"overloaded","type":"server_error"}}', status="503 Service Unavailable")]
    if text == "break off":
        return [STREAM_HEAD, chunk(_named(event({"role": "assistant", "content": "Half an ans"}), body["model"])), Close()]
    if text in HELD:
        return _held(body["model"], HELD[text])
    if body.get("tools") and last["role"] == "user":
        return [response(_tool_call(body))]
    answer = ANSWERS.get(text, f"You said: {text}")
    if last["role"] == "tool":
        answer = f"According to the tool: {last['content']}"
    # A model takes its time, the longer the more it has to read.
    time.sleep(min(0.05 + len(request.body) / 8000, 0.5))
    if body.get("stream"):
        return _stream(body["model"], answer, len(text) + 11)
    return [response(_named(completion(answer, (len(text) + 11, len(answer) // 4)), body["model"]))]


def _held(model: str, go_on: threading.Event) -> Iterable[Step]:
    yield STREAM_HEAD + chunk(_named(event({"role": "assistant", "content": "It takes "}), model))
    yield Wait(go_on)
    yield chunk(_named(event({"content": "its time."}, finish_reason="stop"), model)) + chunk(DONE) + LAST_CHUNK


def _named(answer: bytes, model: str) -> bytes:
    return answer.replace(b'"model": "scripted"', b'"model": ' + json.dumps(model).encode())


def _tool_call(body: dict[str, Any]) -> bytes:
    name = body["tools"][0]["function"]["name"]
    arguments = body["metadata"]["arguments"] if "metadata" in body else '{"city": "Lisbon"}'
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    if reasoning := body.get("metadata", {}).get("reasoning"):
        message["reasoning_content"] = reasoning
    return json.dumps({
        "id": "chatcmpl-2", "object": "chat.completion", "created": 1700000000, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 61, "completion_tokens": 18, "total_tokens": 79},
    }).encode()  # fmt: skip


def _stream(model: str, answer: str, prompt: int) -> Iterable[Step]:
    yield STREAM_HEAD
    words = answer.split(" ")
    yield chunk(_named(event({"role": "assistant", "content": ""}), model))
    time.sleep(0.08)
    for index, word in enumerate(words):
        time.sleep(0.004 if index % 9 else 0.03)
        yield chunk(_named(event({"content": word if index == 0 else " " + word}), model))
    yield chunk(_named(event(finish_reason="stop"), model))
    count = {"prompt_tokens": prompt, "completion_tokens": len(words), "total_tokens": prompt + len(words)}
    usage = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": model, "choices": []}
    yield chunk(b"data: " + json.dumps(usage | {"usage": count}).encode() + b"\n\n")
    yield chunk(DONE) + LAST_CHUNK


def ask(
    steno: Steno, messages: list[dict[str, Any]] | str, thread: str | None = None, model: str = "gpt-5-mini", **more: Any
) -> tuple[int, str]:
    """One request; the status, and the interaction's id."""
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    headers = {**REQUEST_HEADERS, **more.pop("headers", {})}
    if thread:
        headers["x-steno-thread-id"] = thread
    body = json.dumps({"model": model, "messages": messages, **more}).encode()
    try:
        status, answered, _ = steno.post("/v1/chat/completions", body, headers)
    except Exception:  # Broken off on purpose.
        return 0, ""
    return status, answered["x-steno-interaction-id"]


def hold(steno: Steno, question: str, thread: str) -> Callable[[], None]:
    """Asks, and has the answer stop in its middle; what this gives lets it end."""
    HELD[question] = threading.Event()
    asking = threading.Thread(target=ask, args=(steno, question, thread), kwargs={"stream": True})
    asking.start()

    def release() -> None:
        HELD.pop(question).set()
        asking.join()

    return release


def tool(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}


def use_tool(
    steno: Steno, thread: str, question: str, name: str, result: str, arguments: str = '{"city": "Lisbon"}', **more: Any
) -> None:
    """A turn of two exchanges: the model calls a tool, the app brings its result."""
    asked = {"role": "user", "content": question}
    metadata = {"arguments": arguments, "reasoning": f"The user wants: {question} I should call {name}."}
    ask(steno, [asked], thread, tools=[tool(name)], metadata=metadata, **more)
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    called = {"role": "assistant", "content": None, "tool_calls": [call]}
    ask(steno, [asked, called, {"role": "tool", "tool_call_id": "call_1", "content": result}], thread, tools=[tool(name)],
        **more)  # fmt: skip
