"""Conversations: what belongs together is one thread, and a turn is one user message and all that follows from it."""

import json
import uuid

import pytest

from support.sdks import APIS, MODEL, SAME, UNCACHED, WEATHER, anthropic_client, openai_client


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


TOOLS = {
    "chat": [
        {"type": "function", "function": {"name": "get_weather", "description": "W", "parameters": WEATHER["schema"]}}
    ],
    "messages": [{"name": "get_weather", "description": "W", "input_schema": WEATHER["schema"]}],
}


class Agent:
    """An app that says nothing of threads: it repeats its history, as the vendor's SDK has it."""

    def __init__(self, steno, api, system="You are helpful."):
        self.steno, self.api, self.system = steno, api, system
        self.history = []

    @property
    def instructions(self):
        """Agents tell the model the time, which changes from one request to the next."""
        return f"{self.system} It is {len(self.history)} o'clock."

    def ask(self, content, **more):
        self.history.append({"role": "user", "content": content} if isinstance(content, (str, list)) else content)
        if self.api == "chat":
            client = openai_client(self.steno.url).chat.completions.with_raw_response
            messages = [{"role": "system", "content": self.instructions}, *self.history]
            raw = client.create(
                model=MODEL, messages=messages, max_tokens=48, extra_body=UNCACHED, **SAME, **more
            )
            answer = raw.parse().choices[0].message
            self.history.append(answer.to_dict())
            self.calls = [c.id for c in answer.tool_calls or []]
        else:
            client = anthropic_client(self.steno.url).messages.with_raw_response
            raw = client.create(
                model=MODEL, system=self.instructions, messages=self.history, max_tokens=48,
                extra_body=UNCACHED | SAME, **more,
            )  # fmt: skip
            answer = raw.parse()
            self.history.append({"role": "assistant", "content": [b.to_dict() for b in answer.content]})
            self.calls = [b.id for b in answer.content if b.type == "tool_use"]
        # What says nothing can't be recognised.
        assert self.history[-1].get("content") or self.calls, self.history
        return raw.headers["x-steno-interaction-id"]

    def ask_with_tool(self, content):
        choice = "required" if self.api == "chat" else {"type": "any"}
        return self.ask(content, tools=TOOLS[self.api], tool_choice=choice)

    def bring(self, result):
        if self.api == "messages":
            return self.ask([{"type": "tool_result", "tool_use_id": c, "content": result} for c in self.calls])
        *before, last = ({"role": "tool", "tool_call_id": c, "content": result} for c in self.calls)
        self.history += before
        return self.ask(last)


@pytest.mark.parametrize("api", ["chat", "messages"])
def test_a_conversation_without_any_name_is_one_thread(through, api):
    steno, collector = through
    one, two = Agent(steno, api), Agent(steno, api, system="You are an agent that plans at length.")
    ids = [[agent.ask("Do what AGENTS.md says.")] for agent in (one, two)]
    for question in ["What is the capital of France?", "Which river flows through it?"]:
        for agent, mine in zip((one, two), ids):
            mine.append(agent.ask(question))
    threads = [[collector.interaction(i)["thread_id"] for i in mine] for mine in ids]
    assert [len(set(mine)) for mine in threads] == [1, 1]
    assert threads[0][0] != threads[1][0]
    sources = [collector.interaction(i)["operation_metadata"]["steno.thread_source"] for i in ids[0]]
    assert sources == ["new", "inferred", "inferred"]


@pytest.mark.parametrize("api", ["chat", "messages"])
def test_a_tool_that_the_app_runs_is_a_span_of_its_turn(through, api):
    steno, collector = through
    agent = Agent(steno, api)
    first = agent.ask_with_tool("What is the weather in Paris?")
    assert agent.calls
    second = agent.bring("sunny, 21 °C")
    third = agent.ask("Thanks. And in Rome?")
    interactions = [collector.interaction(i) for i in (first, second, third)]
    assert len({i["thread_id"] for i in interactions}) == 1
    turns = [i["operation_metadata"]["steno.turn_id"] for i in interactions]
    assert turns[0] == turns[1] != turns[2]
    spans = [s for s in interactions[1]["trace_spans"] if s["node_id"] == "get_weather"]
    assert len(spans) == len(interactions[0]["output"]["tool_calls"])
    assert spans[0]["operation_type"] == "CUSTOM"
    assert spans[0]["operation_input"] == interactions[0]["output"]["tool_calls"][0]["arguments"]
    assert "sunny" in json.dumps(spans[0]["operation_output"], ensure_ascii=False)
    assert spans[0]["end_timestamp"] <= interactions[1]["start_timestamp"]
    assert not [s for s in interactions[2]["trace_spans"] if s["node_id"] == "get_weather"]


def test_a_conversation_goes_on_after_a_restart(start_steno, model, collector):
    steno = start_steno(model, collector)
    agent = Agent(steno, "chat")
    first = collector.interaction(agent.ask("What is the capital of France?"))
    assert steno.stop() == 0
    steno.start()
    second = collector.interaction(agent.ask("And of Spain?"))
    assert second["thread_id"] == first["thread_id"]
    assert second["operation_metadata"]["steno.thread_source"] == "inferred"


def test_an_id_that_the_app_was_told_leads_to_its_thread(through):
    steno, collector = through
    agent = Agent(steno, "chat")
    first = agent.ask("What is the capital of France?")
    client = openai_client(steno.url).chat.completions.with_raw_response
    agent.history.append({"role": "user", "content": "And of Spain?"})
    system = {"role": "system", "content": "S"}
    second = client.create(model=MODEL, messages=[system, *agent.history], max_tokens=8)
    told = second.headers["x-steno-thread-id"]
    elsewhere = [{"role": "user", "content": "Something else."}]
    third = client.create(
        model=MODEL, messages=elsewhere, max_tokens=8, extra_headers={"x-steno-thread-id": told}
    )
    ids = [first, *(r.headers["x-steno-interaction-id"] for r in (second, third))]
    assert len({collector.interaction(i)["thread_id"] for i in ids}) == 1


def test_a_header_with_an_expression_names_a_thread(start_steno, model, collector):
    steno = start_steno(model, collector, {"thread.headers": "x-path:session=([a-z0-9-]+), x-thread-id"})
    thread = str(uuid.uuid4())
    headers = {"x-path": f"/a?session={thread};b", "x-thread-id": "other"}
    answer = APIS["chat"](steno.url, False, False, headers)
    interaction = collector.interaction(answer.interaction_id)
    assert interaction["thread_id"] == thread
    assert interaction["operation_metadata"]["steno.thread_source"] == "x-path"


def test_threads_are_not_inferred_where_that_is_off(start_steno, model, collector):
    steno = start_steno(model, collector, {"thread.infer": "off"})
    agent = Agent(steno, "chat")
    ids = [agent.ask("What is the capital of France?"), agent.ask("And of Spain?")]
    assert len({collector.interaction(i)["thread_id"] for i in ids}) == 2
