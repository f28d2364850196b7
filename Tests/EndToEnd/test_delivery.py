"""Nothing lost, nothing uncounted: sinks that are away, crashes, and records that no sink will take."""

import base64
import collections
import hashlib
import http.client
import json
import os
import threading
import time

from support.answers import completion_response, question, stream, text_events
from support.upstream import Wait
from support.waiting import eventually

PATH = "/v1/chat/completions"


def answer(request):
    """Says back who asked, so that every exchange can be told from the others."""
    if not request.body:
        return  # Steno was killed while it sent this one.
    yield completion_response("answer to " + json.loads(request.body)["messages"][0]["content"])


def is_balanced(steno) -> bool:
    """The sums add up: every exchange is recorded or dropped; every interaction is delivered, dead or pending."""
    now = steno.metrics()
    exchanges, recorded, dropped, delivered, dead, pending = (
        steno.total(name, at=now)
        for name in (
            "exchanges_total",
            "interactions_recorded_total",
            "interactions_dropped_total",
            "interactions_delivered_total",
            "interactions_dead_total",
            "sink_backlog",
        )
    )
    return exchanges == recorded + dropped and recorded == delivered + dead + pending


def test_a_sink_that_was_away_gets_everything_once(upstream, collector, start_steno):
    collector.down()
    steno = start_steno(upstream(answer).url, collector)
    asked = [f"question {n}" for n in range(50)]
    ids = {}
    for text in asked:
        status, headers, body = steno.post(PATH, question(text))
        assert status == 200 and json.loads(body)["choices"][0]["message"]["content"] == "answer to " + text
        ids[headers["x-steno-interaction-id"]] = text
    eventually("all are pending", lambda: steno.total("sink_backlog", sink="test") == 50)
    assert collector.interactions == []
    eventually("the sums balance", lambda: is_balanced(steno))

    collector.up()
    interactions = collector.wait_for(50, seconds=60)
    assert collections.Counter(collector.ids()) == collections.Counter(ids.keys())
    for each in interactions:
        text = ids[each["operation_metadata"]["steno.interaction_id"]]
        assert (each["input"]["query"], each["output"]["response"]) == (text, "answer to " + text)
    eventually("the sums balance", lambda: steno.total("sink_backlog") == 0 and is_balanced(steno))
    assert steno.total("interactions_delivered_total", sink="test") == 50
    assert steno.stop() == 0
    assert len(collector.interactions) == 50, "something came twice"


def test_a_crash_loses_nothing_older_than_100_ms(upstream, collector, start_steno):
    collector.down()
    steno = start_steno(upstream(answer).url, collector)
    lock, completed, numbers = threading.Lock(), {}, iter(range(200))
    enough = threading.Event()

    def client() -> None:
        connection = http.client.HTTPConnection(steno.host, timeout=10)
        while True:
            with lock:
                n = next(numbers, None)
            if n is None:
                return
            try:
                connection.request("POST", PATH, question(f"number {n}"), {"content-type": "application/json"})
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                return
            with lock:
                completed[response.headers["x-steno-interaction-id"]] = time.monotonic()
                if len(completed) >= 100:
                    enough.set()

    clients = [threading.Thread(target=client) for _ in range(4)]
    for each in clients:
        each.start()
    assert enough.wait(60), "100 exchanges did not come through"
    killed = time.monotonic()
    steno.kill()
    for each in clients:
        each.join()
    assert len(completed) >= 100

    steno.start()
    collector.up()
    old_enough = {i for i, at in completed.items() if at < killed - 0.1}
    eventually(
        f"all of {len(old_enough)} that were complete 100 ms before the crash",
        lambda: old_enough <= set(collector.ids()),
        60,
    )
    assert not collector.violations
    eventually("nothing is pending", lambda: steno.total("sink_backlog") == 0)
    assert len(set(collector.ids())) == len(collector.ids()), "something came twice"
    assert steno.stop() == 0


def test_a_crash_in_mid_stream_leaves_the_rest_whole(upstream, collector, start_steno):
    """The exchange that runs when Steno dies must not stand in the way of those before and after it."""
    gate = threading.Event()

    def script(request):
        if json.loads(request.body).get("stream"):
            steps = stream(text_events("never", "ending"))
            yield from steps[:3]
            yield Wait(gate)
        else:
            yield from answer(request)

    up = upstream(script)
    steno = start_steno(up.url, collector)
    steno.post(PATH, question("before"))
    running = http.client.HTTPConnection(steno.host, timeout=10)
    running.request("POST", PATH, question("in the middle", stream=True))
    running.getresponse().read1()
    collector.wait_for(1)
    steno.kill()
    running.close()
    gate.set()
    steno.start()
    steno.post(PATH, question("after"))
    eventually(
        "both whole ones came", lambda: {"before", "after"} <= {i["input"]["query"] for i in collector.interactions}
    )
    assert not collector.violations


def test_a_record_that_is_refused_blocks_none_behind_it(upstream, collector, start_steno):
    collector.status = lambda i: 422 if i["input"]["query"] == "poison" else 200
    steno = start_steno(upstream(answer).url, collector)
    for text in ["one", "poison", "two", "three"]:
        steno.post(PATH, question(text))
    interactions = collector.wait_for(3)
    assert sorted(i["input"]["query"] for i in interactions) == ["one", "three", "two"]
    eventually("the refused one is dead", lambda: steno.total("interactions_dead_total", sink="test") == 1)
    eventually("the sums balance", lambda: is_balanced(steno))
    reasons = {dict(labels)["reason"] for (name, labels) in steno.metrics() if name == "steno_interactions_dead_total"}
    assert any("422" in reason for reason in reasons), reasons


def test_a_sink_in_trouble_is_tried_again(upstream, collector, start_steno):
    troubles = iter([503, 500, 429])
    collector.status = lambda _: next(troubles, 200)
    steno = start_steno(upstream(answer).url, collector, {"sink.test.concurrency": 1})
    for n in range(5):
        steno.post(PATH, question(f"question {n}"))
    collector.wait_for(5, seconds=60)
    assert len(set(collector.ids())) == 5
    eventually("the sums balance", lambda: steno.total("sink_backlog") == 0 and is_balanced(steno))


def test_a_refused_key_pauses_the_sink_and_keeps_everything(upstream, collector, start_steno):
    collector.status = lambda _: 401
    steno = start_steno(upstream(answer).url, collector)
    for n in range(3):
        assert steno.post(PATH, question(f"question {n}"))[0] == 200
    eventually("the sink was asked", lambda: collector.requests > 0)
    eventually("all are pending", lambda: steno.total("sink_backlog", sink="test") == 3)
    assert steno.total("interactions_dead_total") == 0
    eventually("the log tells", lambda: b"401" in steno.log.read_bytes() or b"paused" in steno.log.read_bytes())


def test_sigterm_in_mid_stream_drains_and_loses_nothing(upstream, collector, start_steno):
    gate = threading.Event()

    def script(request):
        steps = stream(text_events("first ", "second"))
        yield from steps[:3]
        yield Wait(gate)
        yield from steps[3:]

    steno = start_steno(upstream(script).url, collector)
    connection = http.client.HTTPConnection(steno.host, timeout=30)
    connection.request("POST", PATH, question("drain me", stream=True))
    response = connection.getresponse()
    body = response.read1()
    stopped: list[int] = []
    stopper = threading.Thread(target=lambda: stopped.append(steno.stop()))
    stopper.start()

    def is_closed_to_new_clients() -> bool:
        try:
            probe = http.client.HTTPConnection(steno.host, timeout=2)
            probe.request("POST", PATH, question("too late"))
            return probe.getresponse().status == 503
        except OSError:
            return True

    eventually("new clients are turned away", is_closed_to_new_clients)
    assert not stopped, "Steno ended with an exchange running"
    gate.set()
    body += response.read()
    assert body == b"".join(text_events("first ", "second"))
    stopper.join(30)
    assert stopped == [0]

    if response.headers["x-steno-interaction-id"] not in collector.ids():
        steno.start()  # It is in the store, and goes out at the next start.
    interaction = collector.interaction(response.headers["x-steno-interaction-id"])
    assert interaction["operation_metadata"]["steno.outcome"] == "complete"
    assert interaction["output"]["response"] == "first second"


def test_a_full_store_gives_up_images_first(upstream, collector, start_steno):
    """Conversations about pictures, in a store too small for these: what was said stays."""
    collector.down()
    settings = {"capture.media": "keep", "store.max_size": "6MiB"}
    steno = start_steno(upstream(lambda _: [completion_response("a cat")]).url, collector, settings)
    images, ids = [], []
    for number in range(40):
        images.append(base64.b64encode(os.urandom(150_000)).decode())
        shown = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{images[-1]}"}}
        text = {"type": "text", "text": f"What is in picture {number}? " + "Look well. " * 40}
        messages = [{"role": "user", "content": [shown, text]}]
        for _ in range(2):
            body = json.dumps({"model": "scripted", "messages": messages}).encode()
            ids.append(steno.post(PATH, body)[1]["x-steno-interaction-id"])
            messages += [{"role": "assistant", "content": "a cat"}, {"role": "user", "content": "Are you sure?"}]

    def document(ident: str) -> dict:
        return json.loads(steno.command("show", ident, "--raw").stdout)

    def url(document: dict) -> dict | str:
        return document["input"]["request"]["body"]["messages"][0]["content"][0]["image_url"]["url"]

    eventually("all are recorded", lambda: steno.total("interactions_recorded_total") == 80)
    eventually("the first pictures went", lambda: isinstance(url(document(ids[0])), dict))
    assert sum(path.stat().st_size for path in steno.folder.glob("steno.db*")) <= 6 << 20
    first, last = document(ids[1]), document(ids[-1])
    assert first["operation_metadata"]["steno.shed"] == "media"
    assert url(first) == {
        "sha256": hashlib.sha256(base64.b64decode(images[0])).hexdigest(), "bytes": 150_000, "media_type": "image/png",
    }  # fmt: skip
    assert "picture 0?" in json.dumps(first) and first["input"]["query"] == "Are you sure?"
    assert url(last).endswith(images[-1]) and "steno.shed" not in last["operation_metadata"]
    assert is_balanced(steno)
    # What the sink's shipper had read before would be sent as it was.
    assert steno.stop() == 0
    steno.start()
    collector.up()
    sent = {i["operation_metadata"]["steno.interaction_id"]: i for i in collector.wait_for(80, seconds=60)}
    assert sent[ids[1]] == first and sent[ids[-1]] == last
    assert {i["operation_metadata"].get("steno.shed") for i in sent.values()} == {"media", None}
    eventually("nothing is pending", lambda: steno.total("sink_backlog") == 0)
    assert steno.stop() == 0
