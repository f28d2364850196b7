"""The clickhouse sink with a real server: the table that `sink init` makes, rows, an outage, and a poisoned batch."""

import json
import re

import pytest

from support.answers import completion_response, question
from support.clickhouse import BINARY, ClickHouse
from support.waiting import eventually

pytestmark = pytest.mark.skipif(BINARY is None, reason="no ClickHouse server is installed")
PATH = "/v1/chat/completions"


@pytest.fixture
def server(tmp_path):
    server = ClickHouse(tmp_path / "clickhouse")
    yield server
    server.down()


def answer(request):
    yield completion_response("answer to " + json.loads(request.body)["messages"][0]["content"])


def start(start_steno, upstream, server, tmp_path, **more):
    key = tmp_path / "clickhouse-key"
    key.write_text(ClickHouse.PASSWORD + "\n")
    return start_steno(upstream(answer).url, settings={
        "application_variant_id": "shop", "sink.c.kind": "clickhouse", "sink.c.url": server.url,
        "sink.c.user": ClickHouse.USER, "sink.c.api_key_file": key, "sink.c.table": "logs.steno", **more,
    })  # fmt: skip


def test_rows_in_a_table_and_an_outage(upstream, start_steno, server, tmp_path):
    steno = start(start_steno, upstream, server, tmp_path)
    ids = {steno.post(PATH, question("first \u2603\n\"it\""))[1]["x-steno-interaction-id"]}
    eventually("the sink waits for its table", lambda: steno.total("sink_paused", sink="c") == 1)
    made = steno.command("sink", "init", "c")
    assert made.returncode == 0, made.stderr
    assert steno.command("sink", "init", "c").returncode == 0, "a second time it does nothing"
    # A reload begins anew, so that nobody waits for the next probe.
    steno.reload({"sink.c.concurrency": 3})
    eventually("the first row is there", lambda: server.ask("SELECT count() FROM logs.steno") == "1\n", 30)
    server.down()
    for n in range(50):
        ids.add(steno.post(PATH, question(f"question {n}"))[1]["x-steno-interaction-id"])
    eventually("all wait", lambda: steno.outbox("c")["pending"] == 50)
    server.up()
    eventually("all rows are there", lambda: steno.outbox("c")["delivered"] == 51, 60)
    rows = [json.loads(line) for line in server.ask("SELECT * FROM logs.steno FORMAT JSONEachRow").splitlines()]
    assert {r["id"] for r in rows} == ids and len(rows) == 51
    for row in rows:
        v4 = json.loads(row["v4"])
        shown = json.loads(steno.command("show", row["id"], "--json").stdout)
        assert v4 == shown and row["query"] == v4["input"]["query"] and row["thread_id"] == v4["thread_id"]
        assert row["start_time"] == re.sub(r"T(.{8}).*", r" \1", v4["start_timestamp"])
        assert int(row["prompt_tokens"]) == 7 and row["finish_reasons"] == ["stop"] and row["status"] == "SUCCESS"
    inserts = int(server.ask("SELECT count() FROM system.parts WHERE table = 'steno' AND level = 0"))
    assert inserts < 20, "rows came one by one"
    assert ClickHouse.PASSWORD.encode() not in b"".join(steno.files().values())


def test_a_repeated_row_is_one_after_a_merge(upstream, start_steno, server, tmp_path):
    steno = start(start_steno, upstream, server, tmp_path)
    steno.command("sink", "init", "c")
    for n in range(3):
        steno.post(PATH, question(f"question {n}"))
    eventually("all rows are there", lambda: steno.outbox("c")["delivered"] == 3, 40)
    assert "3 interactions pending" in steno.command("sink", "backfill", "c", "--since", "1h").stdout
    eventually("they were sent again", lambda: steno.outbox("c")["delivered"] == 6, 40)
    assert server.ask("SELECT count() FROM logs.steno FINAL") == "3\n"


def test_a_wrong_password_pauses_the_sink(upstream, start_steno, server, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("not it\n")
    steno = start(start_steno, upstream, server, tmp_path, **{"sink.c.api_key_file": wrong})
    steno.post(PATH, question("hello"))
    eventually("it is paused", lambda: steno.total("sink_paused", sink="c") == 1)
    failed = steno.command("sink", "init", "c")
    assert failed.returncode == 1 and "the server refuses" in failed.stderr and "not it" not in failed.stderr
    eventually("it waits", lambda: steno.outbox("c")["pending"] == 1)


def test_the_table_is_shown_before_it_is_made(upstream, start_steno, server, tmp_path):
    steno = start(start_steno, upstream, server, tmp_path)
    shown = steno.command("sink", "init", "c", "--print", "--days", "90").stdout
    assert "ReplacingMergeTree" in shown and "INTERVAL 90 DAY" in shown
    assert server.ask("EXISTS TABLE logs.steno") == "0\n" if "logs" in server.ask("SHOW DATABASES") else True
