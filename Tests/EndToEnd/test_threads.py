"""Conversations: what belongs together is one thread, and a turn is one user message and all that follows from it."""

import json
import uuid

from support.sdks import APIS, MODEL, WEATHER, openai_client


def test_a_conversation_on_one_thread_header(through):
    steno, collector = through
    thread = str(uuid.uuid4())
    client = openai_client(steno.url)
    history, ids, texts = [], [], []
    for question in ["What is the capital of France?", "Which river flows through it?", "And how long is it?"]:
        history.append({"role": "user", "content": question})
        raw = client.chat.completions.with_raw_response.create(
            model=MODEL, messages=history, max_tokens=32, temperature=0, extra_headers={"x-thread-id": thread}
        )
        assert raw.headers["x-steno-thread-id"] == thread
        ids.append(raw.headers["x-steno-interaction-id"])
        texts.append(raw.parse().choices[0].message.content)
        history.append({"role": "assistant", "content": texts[-1]})

    interactions = [collector.interaction(i) for i in ids]
    assert [i["thread_id"] for i in interactions] == [thread] * 3
    assert [i["operation_metadata"]["steno.thread_source"] for i in interactions] == ["x-thread-id"] * 3
    assert [i["output"]["response"] for i in interactions] == texts
    assert len({i["operation_metadata"]["steno.turn_id"] for i in interactions}) == 3
    assert [i["start_timestamp"] for i in interactions] == sorted(i["start_timestamp"] for i in interactions)

    listed = steno.command("threads", "--json")
    assert listed.returncode == 0, listed.stderr
    assert thread in listed.stdout
    shown = steno.command("show", ids[1], "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["thread_id"] == thread
    for_people = steno.command("show", ids[1])
    assert for_people.returncode == 0 and "Which river flows through it?" in for_people.stdout


def test_a_tool_result_stays_in_the_turn_of_its_call(through):
    steno, collector = through
    thread = {"x-thread-id": str(uuid.uuid4())}
    client = openai_client(steno.url)
    function = {"name": WEATHER["name"], "description": WEATHER["description"], "parameters": WEATHER["schema"]}
    tools = [{"type": "function", "function": function}]
    history = [{"role": "user", "content": "What is the weather in Paris?"}]

    def ask(**more):
        raw = client.chat.completions.with_raw_response.create(
            model=MODEL, messages=history, tools=tools, max_tokens=64, temperature=0, extra_headers=thread, **more
        )
        return raw.headers["x-steno-interaction-id"], raw.parse().choices[0].message

    first, message = ask(tool_choice="required")
    assert message.tool_calls
    history += [
        message.to_dict(),
        {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "sunny, 21 °C"},
    ]
    second, message = ask(tool_choice="none")
    history += [message.to_dict(), {"role": "user", "content": "Thanks. And in Rome?"}]
    third, _ = ask(tool_choice="none")

    turns = [collector.interaction(i)["operation_metadata"]["steno.turn_id"] for i in (first, second, third)]
    assert turns[0] == turns[1] != turns[2]


def test_threads_are_kept_apart(through):
    steno, collector = through
    answers = [APIS["chat"](steno.url, False, False, {"x-thread-id": str(uuid.uuid4())}) for _ in range(2)]
    first, second = (collector.interaction(a.interaction_id)["thread_id"] for a in answers)
    assert first != second
